/**
 * One clock for the machines, the fake portal and TOTP. `now()` is in epoch ms; `setTimeout` and `clearTimeout` as the host has them.
 * `SimulatedClock` of xstate fits.
 */
export interface Clock {
  now(): number
  setTimeout(fn: () => void, ms: number): unknown
  clearTimeout(id: unknown): void
}

export const isClock = (value: unknown): value is Clock =>
  typeof value === 'object' &&
  value !== null &&
  ['now', 'setTimeout', 'clearTimeout'].every((name) => typeof Reflect.get(value, name) === 'function')

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
}

/** Timers of the platforms fire at once when asked to wait longer than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Resolves when the clock shows `at` (epoch ms), however far off; never for null or NaN. Rejects with the signal's reason on abort. */
export function waitUntil(at: number | null, clock: Clock, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: unknown
    const stop = () => {
      clock.clearTimeout(timer)
      reject(signal?.reason)
    }
    const wait = () => {
      if (at === null || Number.isNaN(at)) return
      const left = at - clock.now()
      if (left <= 0) {
        signal?.removeEventListener('abort', stop)
        resolve()
        return
      }
      timer = clock.setTimeout(wait, Math.min(left, LONGEST_TIMER_MS))
    }
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    signal?.addEventListener('abort', stop, { once: true })
    wait()
  })
}
