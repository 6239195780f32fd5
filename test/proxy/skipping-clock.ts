import type { Clock } from '../../src/domain/clock.ts'

interface Timer {
  readonly at: number
  readonly fn: () => void
  handle: ReturnType<typeof setTimeout>
}

/** The system's clock, of which a piece can be skipped: waits meant for people need not be sat out. */
export class SkippingClock implements Clock {
  #skipped = 0
  readonly #timers = new Set<Timer>()

  now = () => Date.now() + this.#skipped
  monotonic = () => performance.now() + this.#skipped

  setTimeout = (fn: () => void, ms: number) => {
    const ring = () => {
      this.#timers.delete(timer)
      fn()
    }
    const timer: Timer = { at: this.monotonic() + ms, fn: ring, handle: setTimeout(ring, ms) }
    this.#timers.add(timer)
    return timer
  }

  clearTimeout = (timer: unknown) => {
    if (timer === undefined) return
    clearTimeout((timer as Timer).handle)
    this.#timers.delete(timer as Timer)
  }

  /** Moves on by `ms` at once; what was to ring meanwhile rings as soon as it can. */
  skip(ms: number) {
    this.#skipped += ms
    for (const timer of this.#timers) {
      clearTimeout(timer.handle)
      timer.handle = setTimeout(timer.fn, Math.max(0, timer.at - this.monotonic()))
    }
  }
}
