/**
 * The time (epoch ms) of a header that is a date; null for anything else. Only the form that HTTP has dates sent in, which is also how
 * the platform writes one: `Date.parse` alone would take `foo 5` for a day in 2001, and a date without a zone for the host's own.
 */
export function readHttpDate(text: string): number | null {
  const at = Date.parse(text)
  return !Number.isNaN(at) && new Date(at).toUTCString() === text ? at : null
}
