import type { Clock } from '../domain/clock.ts'
import { untilAborted } from '../domain/until-aborted.ts'

/** Never resolves; rejects with the signal's reason on abort. */
export const untilGivenUp = (signal: AbortSignal) => untilAborted(new Promise<never>(() => {}), signal)

/** Resolves after `ms` on the clock. */
export function delay(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  let timer: unknown
  const elapsed = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, ms)
  })
  return untilAborted(elapsed, signal).finally(() => clock.clearTimeout(timer))
}
