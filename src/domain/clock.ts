/** One clock for the machines, the fake portal and TOTP. A `SimulatedClock` of XState is one too. */
export interface Clock {
  /** The time, in epoch ms. */
  now(): number
  /**
   * Milliseconds since any fixed moment, by a clock that nobody can set. If it is left out, only `now()` counts. It may
   * stand still while the computer sleeps: a wait ends as soon as either of the two says so.
   */
  monotonic?(): number
  /** Calls `fn` once after `ms` milliseconds, like the global function. */
  setTimeout(fn: () => void, ms: number): unknown
  /** Cancels a call that `setTimeout` has planned. */
  clearTimeout(id: unknown): void
}

export const isClock = (value: unknown): value is Clock =>
  typeof value === 'object' &&
  value !== null &&
  ['now', 'setTimeout', 'clearTimeout'].every((name) => typeof Reflect.get(value, name) === 'function') &&
  ['undefined', 'function'].includes(typeof Reflect.get(value, 'monotonic'))

/** Can a `Date` hold it, so that it can be shown? */
export const isTime = (at: number): boolean => Math.abs(at) <= 8.64e15

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
}

/** A timer that slept with the computer runs on for its remaining time. So a deadline is checked this often, in ms. */
const LOOK_AGAIN_MS = 5_000

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined
  /** The wait ends after this many ms at the latest, however far off the time is. */
  readonly atMostMs?: number | undefined
}

/**
 * Resolves when the clock shows `at` (epoch ms), or when as much time has passed as was left when the wait began: a clock that is set back
 * makes it no longer. Never for null or NaN. Rejects with the signal's reason on abort.
 */
export function waitUntil(
  at: number | null,
  clock: Clock,
  { signal, atMostMs = Number.POSITIVE_INFINITY }: WaitOptions = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (at === null || Number.isNaN(at)) {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      if (signal?.aborted) reject(signal.reason)
      return
    }
    const passed = stopwatch(clock)
    const span = Math.min(at - clock.now(), atMostMs)
    let timer: unknown
    const stop = () => {
      clock.clearTimeout(timer)
      reject(signal?.reason)
    }
    const wait = () => {
      const left = Math.min(at - clock.now(), span - passed())
      if (left <= 0) {
        signal?.removeEventListener('abort', stop)
        resolve()
        return
      }
      timer = clock.setTimeout(wait, Math.min(left, LOOK_AGAIN_MS))
    }
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    signal?.addEventListener('abort', stop, { once: true })
    wait()
  })
}

/** Returns how many ms have passed since this call, by the monotonic clock if there is one. */
function stopwatch(clock: Clock): () => number {
  const read = () => clock.monotonic?.() ?? clock.now()
  const start = read()
  return () => read() - start
}
