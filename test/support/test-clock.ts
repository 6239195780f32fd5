import type { Clock } from '../../src/domain/clock.ts'

interface Timer {
  readonly at: number
  readonly fn: () => void
}

/** A clock that stands still until it is moved, and then rings every timer in its turn, those set on the way included. */
export class TestClock implements Clock {
  #now: number
  /** What timers go by: nobody sets it, and it stands still in sleep. */
  #awake = 0
  #timers = new Map<number, Timer>()
  #lastId = 0

  constructor(now: number) {
    this.#now = now
  }

  now = () => this.#now
  monotonic = () => this.#awake

  setTimeout = (fn: () => void, ms: number) => {
    this.#lastId += 1
    this.#timers.set(this.#lastId, { at: this.#awake + ms, fn })
    return this.#lastId
  }

  clearTimeout = (id: unknown) => {
    this.#timers.delete(id as number)
  }

  /** How many timers are set: none may be left when everything is stopped. */
  get pending() {
    return this.#timers.size
  }

  /** Lets the waits pass that end within `ms`: those of quick retries, not those of people. */
  async passShortWaits(ms: number) {
    const soonest = Math.min(...[...this.#timers.values()].map(({ at }) => at))
    if (soonest - this.#awake <= ms) await this.advance(Math.max(0, soonest - this.#awake))
  }

  /** Moves on by `ms`; what a timer sets going asynchronously gets its turn before the next one rings. */
  async advance(ms: number) {
    const until = this.#awake + ms
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      const [id, timer] = next
      this.#timers.delete(id)
      this.#moveTo(Math.max(this.#awake, timer.at))
      timer.fn()
      await turn()
    }
    this.#moveTo(until)
  }

  /** The user, or a time server, sets the wall clock back by `ms`, or forward if negative. */
  setBack(ms: number) {
    this.#now -= ms
  }

  /** The machine sleeps for `ms`: the wall clock goes on, timers stand still and run their rest afterwards. */
  sleep(ms: number) {
    this.#now += ms
  }

  #moveTo(awake: number) {
    this.#now += awake - this.#awake
    this.#awake = awake
  }

  #next(until: number) {
    return [...this.#timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
  }
}

/** A whole turn of the event loop: promises that are resolved have been heard. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
