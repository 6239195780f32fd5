import { isTime } from '../../domain/clock.ts'
import { EARLIEST_TIME, LATEST_TIME_AS_NUMBER, ZONE_IF_UNSTATED } from '../inferred.ts'

/** RFC 3339, with a space for the `T`, and with the zone in brackets that Java and RFC 9557 put behind what is exact without it. */
export const ISO_TIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:(?:(Z)|([+-]\d{2}):?(\d{2})?)(?:\[[^\]]*\])*)?$/

/** A number as text, as servers write what JavaScript's numbers might not hold. */
export const NUMBER = /^\d+(?:\.\d+)?$/

/** A time of the portal's (epoch ms), and how much later it may have been, in ms: one in whole seconds lacks their fraction. */
export interface Stamp {
  readonly at: number
  readonly resolutionMs: 0 | 1000
}

/**
 * A time as the portal writes one, on its own clock; null for what is none, or none that a `Date` can hold. ISO 8601 is documented
 * (docs/contract.md#times), and epoch ms for some. A local time with a zone's name alone is not read: nobody here knows its offset.
 */
export function readStamp(value: unknown): Stamp | null {
  const stamp = typeof value === 'number' ? readEpoch(value) : typeof value === 'string' ? readText(value.trim()) : null
  return stamp !== null && isTime(stamp.at) && stamp.at >= EARLIEST_TIME ? stamp : null
}

/** The same in epoch ms. */
export const readTime = (value: unknown): number | null => readStamp(value)?.at ?? null

function readText(text: string): Stamp | null {
  if (NUMBER.test(text)) return readEpoch(Number(text))
  const match = ISO_TIME.exec(text)
  if (match === null) return null
  const [, day, time = '', utc, hours, minutes = '00'] = match
  const at = Date.parse(`${day}T${time}${hours === undefined ? (utc ?? ZONE_IF_UNSTATED) : `${hours}:${minutes}`}`)
  return { at, resolutionMs: time.includes('.') ? 0 : 1000 }
}

/** In which systems count from 1970 on: seconds, ms, µs and ns, as so many to the second. */
const UNITS = [1, 1e3, 1e6, 1e9] as const

/** A number that counts from 1970 on; null for any other. The units lie so far apart that only one makes a time of this century of it. */
export function readEpoch(value: number): Stamp | null {
  for (const perSecond of UNITS) {
    const at = Math.round((value / perSecond) * 1000)
    if (isOfOurDays(at)) return { at, resolutionMs: perSecond === 1 && Number.isInteger(value) ? 1000 : 0 }
  }
  return null
}

/** Could a clock show this time (epoch ms)? */
export const isOfOurDays = (at: number) => at >= EARLIEST_TIME && at < LATEST_TIME_AS_NUMBER
