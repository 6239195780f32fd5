import type { Clock } from '../../domain/clock.ts'
import { untilAborted } from '../../domain/until-aborted.ts'

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

/** Starts it after `ms` on the clock, whoever waits for it. A process that has nothing else to do may end before. */
export function startIdly(ms: number, clock: Clock, start: () => void): void {
  const timer = clock.setTimeout(start, ms)
  // Only a timer of Node's keeps a process alive.
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref()
}
