import type { Clock } from '../domain/clock.ts'

/** The work's outcome, or the signal's reason as soon as it is aborted. The work itself goes on, as a server's does. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** Never resolves; rejects with the signal's reason on abort. */
export const untilAborted = (signal: AbortSignal) => abortable(new Promise<never>(() => {}), signal)

/** Resolves after `ms` on the clock. */
export function delay(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  let timer: unknown
  const elapsed = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, ms)
  })
  return abortable(elapsed, signal).finally(() => clock.clearTimeout(timer))
}
