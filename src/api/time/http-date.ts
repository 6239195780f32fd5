const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const TIME = '(?<time>\\d\\d:\\d\\d:\\d\\d)'
const MONTH = '(?<month>[A-Z][a-z]{2})'
/** RFC 9110 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`. */
const FORMS = [
  `[A-Z][a-z]{2}, (?<day>\\d{1,2}) ${MONTH} (?<year>\\d{4}) ${TIME} (?:GMT|UTC)`,
  `[A-Z][a-z]+, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT`,
  `[A-Z][a-z]{2} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`))

/** How far ahead a year of two digits may be, in years (RFC 9110 5.6.7). */
const AHEAD = 50

/**
 * The time (epoch ms) of a header that is a date, in any of the three forms of HTTP; null for anything else. `Date.parse` alone would
 * take `foo 5` for a day in 2001, and a date without a zone for the host's own. `now` (epoch ms) tells the century of a year of two
 * digits: the latest that is not more than 50 years ahead.
 */
export function readHttpDate(text: string, now: number): number | null {
  const parts = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined)
  if (parts === undefined) return null
  const { year = '', month = '', day = '', time = '' } = parts
  const inYear = (full: string): number | null => {
    const monthNumber = MONTHS.indexOf(month) + 1
    const iso = `${full}-${twoDigits(monthNumber)}-${twoDigits(day.trim())}T${time}.000Z`
    const at = Date.parse(iso)
    // Some platforms take the 30th of February for a day in March.
    return !Number.isNaN(at) && new Date(at).toISOString() === iso ? at : null
  }
  if (year.length === 4) return inYear(year)

  const limit = new Date(now)
  limit.setUTCFullYear(limit.getUTCFullYear() + AHEAD)
  const century = Math.floor(limit.getUTCFullYear() / 100)
  const likely = [century, century - 1].map((hundreds) => inYear(`${hundreds}${year}`))
  return likely.find((at) => at !== null && at <= limit.getTime()) ?? null
}

const twoDigits = (value: number | string) => String(value).padStart(2, '0')
