import type { Clock } from '../domain/clock.ts'

/** A clock whose timers ring only when it is told to, so that a flow at rest stays as it was stored. */
export interface HopClock extends Clock {
  /** Rings the timers whose time has come by the clock below. */
  ring(): void
}

interface Timer {
  readonly at: number
  readonly fn: () => void
}

export function createHopClock(clock: Clock): HopClock {
  const timers = new Set<Timer>()
  return {
    now: () => clock.now(),
    setTimeout(fn, ms) {
      const timer = { at: clock.now() + ms, fn }
      timers.add(timer)
      return timer
    },
    clearTimeout: (timer) => void timers.delete(timer as Timer),
    ring() {
      for (const timer of [...timers]) {
        if (timer.at > clock.now()) continue
        timers.delete(timer)
        timer.fn()
      }
    },
  }
}
