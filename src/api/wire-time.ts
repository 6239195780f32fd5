import { isTime } from '../domain/clock.ts'
import { EARLIEST_TIME, LATEST_TIME_AS_NUMBER, ZONE_IF_UNSTATED } from './inferred.ts'

/** RFC 3339, with a space for the `T`, and with the zone in brackets that Java and RFC 9557 put behind what is exact without it. */
const ISO_TIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:(?:(Z)|([+-]\d{2}):?(\d{2})?)(?:\[[^\]]*\])*)?$/

/**
 * A time as the portal writes one, in epoch ms on its own clock; null for what is none, or none that a `Date` can hold. ISO 8601 is
 * documented (contract 2), and epoch ms for some. A local time with a zone's name alone is not read: nobody here knows its offset.
 */
export function readTime(value: unknown): number | null {
  const at = typeof value === 'number' ? readNumber(value) : typeof value === 'string' ? readText(value) : null
  return at !== null && isTime(at) && at >= EARLIEST_TIME ? at : null
}

function readText(text: string): number | null {
  const match = ISO_TIME.exec(text.trim())
  if (match === null) return null
  const [, day, time, utc, hours, minutes = '00'] = match
  return Date.parse(`${day}T${time}${hours === undefined ? (utc ?? ZONE_IF_UNSTATED) : `${hours}:${minutes}`}`)
}

/** Seconds, ms and microseconds lie so far apart that only one of them names a time of this century. */
function readNumber(value: number): number | null {
  const times = [value * 1000, value, value / 1000].map(Math.round)
  return times.find((at) => at >= EARLIEST_TIME && at < LATEST_TIME_AS_NUMBER) ?? null
}
