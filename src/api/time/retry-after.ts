import { LONGEST_WAIT_MS, RATE_WINDOW_IF_UNSTATED_MS, SHORTEST_WAIT_MS } from '../inferred.ts'
import { readHttpDate } from './http-date.ts'
import type { PortalTime } from './portal-time.ts'
import { readEpoch } from './wire-time.ts'

/**
 * When to try again after a 429 (epoch ms, the host's clock): what `Retry-After` says, in seconds or as a time on the portal's
 * clock, else the documented window from now. Always some time off: a wait that is over at once would have the portal asked without
 * end.
 */
export function retryAt(retryAfter: string | null, rateWindowMs: number | null, time: PortalTime): number {
  const now = time.now()
  const waits = (retryAfter ?? '').split(BETWEEN).flatMap((item) => readWait(item.trim(), now, time) ?? [])
  // Two proxies may each have sent theirs: both are content after the longest.
  const wait = waits.length > 0 ? Math.max(...waits) : (rateWindowMs ?? RATE_WINDOW_IF_UNSTATED_MS)
  return now + Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS)
}

/** Not the comma inside of a date. */
const BETWEEN = /,(?! *\d{1,2}[ -][A-Z])/

const SECONDS = /^(\d+(?:\.\d+)?) ?s?$/

/**
 * In ms; null where it says nothing. So does a time that has passed: the clocks do not agree, and how far off it is meant is not known.
 * Seconds that would be a wait of decades are a time, counted from 1970 on.
 */
function readWait(text: string, now: number, time: PortalTime): number | null {
  const seconds = SECONDS.exec(text)?.[1]
  const at = seconds === undefined ? readHttpDate(text, now) : (readEpoch(Number(seconds))?.at ?? null)
  if (at === null) return seconds === undefined ? null : Number(seconds) * 1000
  const wait = time.toHost(at) - now
  return wait > 0 ? wait : null
}
