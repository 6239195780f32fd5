/**
 * Characters that change the reading direction of the text around them (overrides, embeddings, isolates: Unicode UAX #9), and
 * deprecated ones. Direction marks (U+200E, U+200F, U+061C) only affect their neighbors and occur in names, so they stay.
 */
const DIRECTION = /[\u202A-\u202E\u2066-\u206F]/gu

/** Line breaks, and what a terminal would obey. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'

/**
 * Makes text from the portal (a name, a place, a device) safe to put into your own text: control and direction
 * characters go, and Unicode isolates keep it from changing how the text around it is read. `<bdi>` alone is not
 * enough: a U+2069 in the text ends it.
 *
 * @example
 * ```ts
 * isolated('Acme\u202E Ltd') // => '\u2068Acme Ltd\u2069'
 * ```
 */
export const isolated = (text: string): string =>
  FIRST_STRONG_ISOLATE + text.replace(CONTROL, ' ').replace(DIRECTION, '') + POP_ISOLATE
