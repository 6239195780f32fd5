import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SimulatedClock } from 'xstate'
import { type Clock, isClock, systemClock, waitUntil } from '../../src/domain/clock.ts'
import { TestClock } from '../support/test-clock.ts'

const NOON = Date.UTC(2026, 10, 24, 12)

/** How long one timer waits at most, before the clocks are looked at again. */
const LOOK_AGAIN = 5_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

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

  test('lasts as long as asked, however long, and looks at the clock often', async () => {
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
    expect(Math.max(...asked)).toBe(LOOK_AGAIN)
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
      const wait = waitUntil(at, clock, { signal: controller.signal })
      expect(pending.size).toBe(at === null ? 0 : 1)
      controller.abort('left')
      expect(await outcome(wait)).toEqual({ rejected: 'left' })
      expect(pending.size).toBe(0)
    },
  )

  test('clears the timer that is set by then, not only the first', async () => {
    const { clock, pending, increment } = observedClock()
    const controller = new AbortController()
    const wait = waitUntil(60 * DAY, clock, { signal: controller.signal })
    increment(DAY)
    expect(pending.size).toBe(1)
    controller.abort('left')
    expect(await outcome(wait)).toEqual({ rejected: 'left' })
    expect(pending.size).toBe(0)
  })

  test('does not begin when it is abandoned already', async () => {
    const { clock, asked } = observedClock()
    expect(await outcome(waitUntil(1000, clock, { signal: AbortSignal.abort('left') }))).toEqual({ rejected: 'left' })
    expect(await outcome(waitUntil(0, clock, { signal: AbortSignal.abort('left') }))).toEqual({ rejected: 'left' })
    expect(asked).toEqual([])
  })

  test('lets go of the signal when it has ended', async () => {
    const { clock, increment } = observedClock()
    const clearTimeout = vi.spyOn(clock, 'clearTimeout')
    const controller = new AbortController()
    const wait = waitUntil(1000, clock, { signal: controller.signal })
    increment(1000)
    controller.abort('left')
    expect(await outcome(wait)).toBe('resolved')
    expect(clearTimeout).not.toHaveBeenCalled()
  })
})

describe('waiting with two clocks', () => {
  const waiting = (at: number | null, atMostMs?: number) => {
    const clock = new TestClock(NOON)
    return { clock, wait: waitUntil(at, clock, { atMostMs }) }
  }

  test('a wall clock that is set back makes it no longer', async () => {
    const { clock, wait } = waiting(NOON + 60_000)
    clock.setBack(3 * HOUR)
    await clock.advance(59_999)
    expect(await outcome(wait)).toBe('pending')
    await clock.advance(1)
    expect(await outcome(wait)).toBe('resolved')
  })

  test('one that is set forward ends it within five seconds', async () => {
    const { clock, wait } = waiting(NOON + 60_000)
    clock.setBack(-3 * HOUR)
    await clock.advance(LOOK_AGAIN)
    expect(await outcome(wait)).toBe('resolved')
  })

  test('a machine that sleeps through it notices within five seconds of waking', async () => {
    const { clock, wait } = waiting(NOON + 8 * HOUR)
    await clock.advance(2_000)
    clock.sleep(9 * HOUR)
    expect(await outcome(wait)).toBe('pending')
    await clock.advance(LOOK_AGAIN)
    expect(await outcome(wait)).toBe('resolved')
  })

  test('one that sleeps through a part of it does not wait for that again', async () => {
    const { clock, wait } = waiting(NOON + HOUR)
    clock.sleep(HOUR / 2)
    await clock.advance(HOUR / 2 - 1)
    expect(await outcome(wait)).toBe('pending')
    await clock.advance(LOOK_AGAIN)
    expect(await outcome(wait)).toBe('resolved')
  })

  test('no longer than so long, however far off the time is by a clock that was set back before', async () => {
    const { clock, wait } = waiting(NOON + 3 * HOUR, 60_000)
    await clock.advance(59_999)
    expect(await outcome(wait)).toBe('pending')
    await clock.advance(1)
    expect(await outcome(wait)).toBe('resolved')
  })

  test('at most so long ends nothing that has no time', async () => {
    const { clock, wait } = waiting(null, 60_000)
    await clock.advance(DAY)
    expect(await outcome(wait)).toBe('pending')
  })

  test('never before either of the clocks says so, and at most five seconds after', () => {
    const step = fc.record({
      advance: fc.nat(20_000),
      setBack: fc.integer({ min: -20_000, max: 20_000 }),
      sleep: fc.nat(20_000),
    })
    return fc.assert(
      fc.asyncProperty(fc.nat(60_000), fc.array(step, { maxLength: 8 }), async (span, steps) => {
        const { clock, wait } = waiting(NOON + span)
        let isDue = span === 0
        for (const { advance, setBack, sleep } of steps) {
          if ((await outcome(wait)) === 'resolved') break
          clock.setBack(setBack)
          clock.sleep(sleep)
          isDue = clock.now() >= NOON + span || clock.monotonic() >= span
          await clock.advance(isDue ? LOOK_AGAIN : advance)
          if (isDue) expect(await outcome(wait)).toBe('resolved')
        }
        if ((await outcome(wait)) === 'resolved') {
          expect(isDue || clock.now() >= NOON + span || clock.monotonic() >= span).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
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
    ['one that has a monotonic clock as well', { ...whole, monotonic: () => 0 }],
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
    ['one that shows a monotonic time, but is not asked for it', { ...whole, monotonic: 0 }],
  ])('not %s', (_, clock) => {
    expect(isClock(clock)).toBe(false)
  })
})
