import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SimulatedClock } from 'xstate'
import { type Clock, isClock, systemClock, waitUntil } from '../../src/domain/clock.ts'

/** The longest that the platforms' timers can wait; beyond it they fire at once. */
const LONGEST = 2 ** 31 - 1
const DAY = 86_400_000

/** A simulated clock that tells which timers are set and how long each was asked to wait. */
function observedClock() {
  const simulated = new SimulatedClock()
  const pending = new Set<unknown>()
  const asked: number[] = []
  const clock: Clock = {
    now: () => simulated.now(),
    setTimeout: (fn, ms) => {
      asked.push(ms)
      const id = simulated.setTimeout(() => {
        pending.delete(id)
        fn()
      }, ms)
      pending.add(id)
      return id
    },
    clearTimeout: (id) => {
      pending.delete(id)
      simulated.clearTimeout(id as number)
    },
  }
  return { clock, pending, asked, increment: (ms: number) => simulated.increment(ms) }
}

/** What has become of the wait by now. */
async function outcome(wait: Promise<void>) {
  let result: unknown = 'pending'
  wait.then(
    () => {
      result = 'resolved'
    },
    (reason: unknown) => {
      result = { rejected: reason }
    },
  )
  await Promise.resolve()
  return result
}

describe('waiting for a time', () => {
  test('ends when the clock shows it, not before', async () => {
    const { clock, increment } = observedClock()
    increment(1000)
    const wait = waitUntil(1500, clock)
    increment(499)
    expect(await outcome(wait)).toBe('pending')
    increment(1)
    expect(await outcome(wait)).toBe('resolved')
  })

  test.each([
    ['now', 1000],
    ['past', 999],
    ['long past', 0],
  ])('ends at once when that is %s', async (_, at) => {
    const { clock, increment, asked } = observedClock()
    increment(1000)
    expect(await outcome(waitUntil(at, clock))).toBe('resolved')
    expect(asked).toEqual([])
  })

  test('lasts as long as asked beyond what one timer can wait', async () => {
    const { clock, increment, asked } = observedClock()
    const wait = waitUntil(60 * DAY, clock)
    for (let day = 1; day < 60; day++) {
      increment(DAY)
      expect(await outcome(wait)).toBe('pending')
    }
    increment(DAY - 1)
    expect(await outcome(wait)).toBe('pending')
    increment(1)
    expect(await outcome(wait)).toBe('resolved')
    expect(Math.max(...asked)).toBe(LONGEST)
    expect(asked.length).toBe(3)
  })

  test('goes on when the timer rings early', async () => {
    const early: (() => void)[] = []
    let now = 0
    const clock: Clock = { now: () => now, setTimeout: (fn) => early.push(fn), clearTimeout: () => undefined }
    const wait = waitUntil(1000, clock)
    now = 999
    early.pop()?.()
    expect(await outcome(wait)).toBe('pending')
    now = 1000
    early.pop()?.()
    expect(await outcome(wait)).toBe('resolved')
  })

  test('never ends without a time, and sets no timer', async () => {
    const { clock, increment, asked } = observedClock()
    const wait = waitUntil(null, clock)
    increment(1000 * DAY)
    expect(await outcome(wait)).toBe('pending')
    expect(asked).toEqual([])
  })

  test.each([[null], [5000], [100 * DAY]])(
    'until %j ends when it is abandoned, and its timer is cleared',
    async (at) => {
      const { clock, pending } = observedClock()
      const controller = new AbortController()
      const wait = waitUntil(at, clock, controller.signal)
      expect(pending.size).toBe(at === null ? 0 : 1)
      controller.abort('left')
      expect(await outcome(wait)).toEqual({ rejected: 'left' })
      expect(pending.size).toBe(0)
    },
  )

  test('clears the timer that is set by then, not only the first', async () => {
    const { clock, pending, increment } = observedClock()
    const controller = new AbortController()
    const wait = waitUntil(60 * DAY, clock, controller.signal)
    increment(LONGEST)
    expect(pending.size).toBe(1)
    controller.abort('left')
    expect(await outcome(wait)).toEqual({ rejected: 'left' })
    expect(pending.size).toBe(0)
  })

  test('does not begin when it is abandoned already', async () => {
    const { clock, asked } = observedClock()
    expect(await outcome(waitUntil(1000, clock, AbortSignal.abort('left')))).toEqual({ rejected: 'left' })
    expect(await outcome(waitUntil(0, clock, AbortSignal.abort('left')))).toEqual({ rejected: 'left' })
    expect(asked).toEqual([])
  })

  test('lets go of the signal when it has ended', async () => {
    const { clock, increment } = observedClock()
    const clearTimeout = vi.spyOn(clock, 'clearTimeout')
    const controller = new AbortController()
    const wait = waitUntil(1000, clock, controller.signal)
    increment(1000)
    controller.abort('left')
    expect(await outcome(wait)).toBe('resolved')
    expect(clearTimeout).not.toHaveBeenCalled()
  })
})

describe("the system's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('shows epoch ms, rings once and can be told not to', () => {
    vi.setSystemTime(1_700_000_000_000)
    expect(systemClock.now()).toBe(1_700_000_000_000)
    const [rung, cleared] = [vi.fn(), vi.fn()]
    systemClock.setTimeout(rung, 1000)
    systemClock.clearTimeout(systemClock.setTimeout(cleared, 1000))
    vi.advanceTimersByTime(999)
    expect(rung).not.toHaveBeenCalled()
    vi.advanceTimersByTime(5000)
    expect(rung).toHaveBeenCalledOnce()
    expect(cleared).not.toHaveBeenCalled()
  })
})

describe('what is a clock', () => {
  const whole = { now: () => 0, setTimeout: () => 0, clearTimeout: () => {} }

  test.each([
    ['the system’s', systemClock],
    ['a simulated one', new SimulatedClock()],
    ['anything with its three methods', whole],
  ])('%s', (_, clock) => {
    expect(isClock(clock)).toBe(true)
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['a function, whatever it carries', Object.assign(() => 0, whole)],
    ['an empty object', {}],
    ['one that does not tell the time', { ...whole, now: undefined }],
    ['one that shows a time, but is not asked for it', { ...whole, now: 0 }],
    ['one that sets no timers', { ...whole, setTimeout: undefined }],
    ['one that stops none', { ...whole, clearTimeout: undefined }],
  ])('not %s', (_, clock) => {
    expect(isClock(clock)).toBe(false)
  })
})
