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
 * Text of the portal's (a name, a place, a device) for the middle of text of yours, on screen or in a label: whatever is in it, what
 * stands around it is read as it was written. `<bdi>` alone does not do: a U+2069 in the text ends it.
 */
export const isolated = (text: string): string =>
  FIRST_STRONG_ISOLATE + text.replace(CONTROL, ' ').replace(DIRECTION, '') + POP_ISOLATE
