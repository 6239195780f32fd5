import type { Dialect } from '../behavior.ts'

const SECOND_MS = 1000
const HOUR_MS = 3600 * SECOND_MS
const DAY_MS = 24 * HOUR_MS

/** The `timestamp` around a reply that is written `now` (epoch ms). */
export const wireTimestamp: Readonly<Record<Dialect['timestamp'], (now: number) => number | string>> = {
  milliseconds: (now) => now,
  seconds: (now) => Math.floor(now / SECOND_MS),
  microseconds: (now) => now * 1e3,
  nanoseconds: (now) => now * 1e6,
  digits: String,
  stale: (now) => now - 3 * DAY_MS,
  frozen: (now) => now - (now % DAY_MS),
  zone: (now) => now + 8 * HOUR_MS,
  absurd: () => -62_135_596_800_000,
}

/** `Retry-After` for a wait of so many seconds that begins `now` (epoch ms); the forms of a date are those of RFC 9110 5.6.7. */
export const wireRetryAfter: Readonly<Record<Dialect['retryAfter'], (seconds: number, now: number) => string>> = {
  seconds: String,
  fraction: (seconds) => (seconds - 0.5).toFixed(1),
  list: (seconds) => `1, ${seconds}`,
  date: (seconds, now) => endOf(seconds, now).toUTCString(),
  rfc850: (seconds, now) => {
    const end = endOf(seconds, now)
    const weekday = end.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })
    return end.toUTCString().replace(/^\w+, (\d\d) (\w+) \d\d(\d\d)/, `${weekday}, $1-$2-$3`)
  },
  asctime: (seconds, now) =>
    endOf(seconds, now)
      .toUTCString()
      .replace(/^(\w+), (\d\d) (\w+) (\d+) (\S+) GMT$/, '$1 $3 $2 $5 $4')
      .replace(/ 0(\d) /, '  $1 '),
  epoch: (seconds, now) => String(endOf(seconds, now).getTime() / SECOND_MS),
}

/** On a whole second, which is all that these forms can say. */
const endOf = (seconds: number, now: number) => new Date((Math.ceil(now / SECOND_MS) + seconds) * SECOND_MS)
