import { readHttpDate } from './http-date.ts'
import { LONGEST_WAIT_MS, RATE_WINDOW_IF_UNSTATED_MS, SHORTEST_WAIT_MS } from './inferred.ts'
import type { PortalTime } from './portal-time.ts'

/**
 * When to try again after a 429 (epoch ms, the host's clock): what `Retry-After` says, in seconds or as a date on the portal's
 * clock, else the documented window from now. Always some time off: a wait that is over at once would have the portal asked without
 * end.
 */
export function retryAt(retryAfter: string | null, rateWindowMs: number | null, time: PortalTime): number {
  const now = time.now()
  const wait = readRetryAfter(retryAfter?.trim() ?? '', now, time) ?? rateWindowMs ?? RATE_WINDOW_IF_UNSTATED_MS
  return now + Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS)
}

/** In ms; null where it says nothing. So does a date that has passed: the clocks do not agree, and how far off it is meant is not known. */
function readRetryAfter(text: string, now: number, time: PortalTime): number | null {
  if (/^[0-9]+$/.test(text)) return Number(text) * 1000
  const date = readHttpDate(text)
  const wait = date === null ? 0 : time.toHost(date) - now
  return wait > 0 ? wait : null
}
