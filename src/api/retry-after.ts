import { LONGEST_WAIT_MS, RATE_WINDOW_IF_UNSTATED_MS } from './inferred.ts'
import type { PortalTime } from './portal-time.ts'

/**
 * When to try again after a 429 (epoch ms, the host's clock): what `Retry-After` says, in seconds or as a date on the portal's
 * clock, else the documented window from now.
 */
export function retryAt(retryAfter: string | null, rateWindowMs: number | null, time: PortalTime): number {
  const now = time.now()
  const asked = readRetryAfter(retryAfter?.trim() ?? '', now, time)
  const at = asked ?? now + (rateWindowMs ?? RATE_WINDOW_IF_UNSTATED_MS)
  return Math.min(Math.max(at, now), now + LONGEST_WAIT_MS)
}

function readRetryAfter(text: string, now: number, time: PortalTime): number | null {
  if (/^[0-9]+$/.test(text)) return now + Number(text) * 1000
  // A date has letters in it; without this, Date.parse would take a lone number for a year.
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? null : time.toHost(date)
}
