import { type Clock, waitUntil } from '../../domain/clock.ts'
import type { Failure } from '../../domain/failure.ts'

/** How often a read is repeated at once. */
export const QUICK_RETRIES = 2

const FIRST_WAIT_MS = 300
/** Up to this share is taken off a wait by chance, so that clients which failed together do not come back together. */
const JITTER = 0.5

/** Did the connection break, or the portal falter (408, 5xx)? A timeout has been waited for already, and a 429 is never waited out. */
export const isTransient = ({ kind }: Failure) => kind === 'network' || kind === 'server'

/** Waits before the repeat number `retry` (0 for the first), twice as long each time. Rejects with the signal's reason on abort. */
export function waitBeforeRetry(retry: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  const wait = Math.round(FIRST_WAIT_MS * 2 ** retry * (1 - JITTER * Math.random()))
  return waitUntil(clock.now() + wait, clock, { signal })
}
