import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readHttpDate } from '../../../src/api/time/http-date.ts'
import { NOON } from '../stub-portal.ts'

const AT = Date.UTC(1994, 10, 6, 8, 49, 37)
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** A time in the three forms of RFC 9110. */
function forms(at: number) {
  const date = new Date(at)
  const [, day = '', month, year = '', time] = date.toUTCString().split(' ')
  const name = DAYS[date.getUTCDay()] ?? ''
  return {
    fixed: date.toUTCString(),
    rfc850: `${name}, ${day}-${month}-${year.slice(2)} ${time} GMT`,
    asctime: `${name.slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`,
  }
}

describe('a date of HTTP', () => {
  it.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    // Seen, though not by the book.
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06-Nov-94 08:49:37 GMT',
  ])('%s', (text) => {
    expect(readHttpDate(text, NOON)).toBe(AT)
  })

  it.each([
    '',
    'today',
    'foo 5',
    '2026',
    '2026-11-24T12:05:00Z',
    'Tue, 24 Nov 2026 12:05:00',
    'Tue, 24 Nov 2026 12:05:00 +0100',
    'Tue, 24 Nov 2026 25:05:00 GMT',
    'Tue, 31 Nov 2026 12:05:00 GMT',
    'Tue, 24 Foo 2026 12:05:00 GMT',
    'Tue, 24 Nov 26 12:05:00 GMT',
    'Tuesday, 24-Nov-2026 12:05:00 GMT',
  ])('is not: %s', (text) => {
    expect(readHttpDate(text, NOON)).toBeNull()
  })

  it('is the same time in each of its forms', () => {
    const seconds = fc.integer({ min: Date.UTC(1980, 0) / 1000, max: Date.UTC(2075, 0) / 1000 })
    fc.assert(
      fc.property(seconds, (second) => {
        const at = second * 1000
        for (const form of Object.values(forms(at))) expect(readHttpDate(form, NOON), form).toBe(at)
      }),
    )
  })

  it('has the year of two digits that is next, but not more than 50 years ahead', () => {
    const years = fc.integer({ min: 1990, max: 2150 })
    fc.assert(
      fc.property(years, fc.integer({ min: -49, max: 49 }), (year, away) => {
        const at = Date.UTC(year + away, 5, 15, 12)
        expect(readHttpDate(forms(at).rfc850, Date.UTC(year, 5, 15))).toBe(at)
      }),
    )
    const ahead = forms(Date.UTC(2076, 11, 1)).rfc850
    expect(readHttpDate(ahead, Date.UTC(2026, 11, 1))).toBe(Date.UTC(2076, 11, 1))
    expect(readHttpDate(ahead, Date.UTC(2026, 10, 30))).toBe(Date.UTC(1976, 11, 1))
  })
})
