/**
 * What turns the reading direction of the text round it (overrides, embeddings, isolates: Unicode UAX #9), and what no longer has a
 * meaning. The marks, which only say how their neighbours are read (U+200E, U+200F, U+061C), stay: names have them.
 */
const DIRECTION = /[\u202A-\u202E\u2066-\u206F]/gu

/** What begins a new line, or what a terminal obeys. */
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
