import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import { PortalError, settled } from 'postlogin'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type AnyActorRef,
  assign,
  createActor,
  createMachine,
  fromPromise,
  SimulatedClock,
  setup,
  waitFor,
} from 'xstate'

/** A promise with its handles outside. */
function deferred<T = void>() {
  let resolve: (value: T) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

/** How many timers the work makes, and how many of them are left when it is done; the runner's own do not count. */
async function timersIn(work: () => Promise<unknown>) {
  const inWork = new AsyncLocalStorage<true>()
  const open = new Set<number>()
  let made = 0
  const hook = createHook({
    init(id, type) {
      if (type !== 'Timeout' || !inWork.getStore()) return
      made += 1
      open.add(id)
    },
    destroy: (id) => void open.delete(id),
  }).enable()
  try {
    await inWork.run(true, work)
    // That a timer is gone is told a turn later.
    await turn()
    return { made, left: open.size }
  } finally {
    hook.disable()
  }
}

/** Whether it is settled by now, a few turns of the event loop later. */
async function outcome(promise: Promise<unknown>) {
  let result = 'waiting'
  promise.then(
    () => {
      result = 'settled'
    },
    () => {
      result = 'rejected'
    },
  )
  for (let round = 0; round < 3; round += 1) await turn()
  return result
}

const worker = (work: () => Promise<unknown>) =>
  setup({ actors: { work: fromPromise(work) } }).createMachine({
    id: 'worker',
    initial: 'idle',
    states: {
      idle: { tags: 'resting', on: { start: 'working' } },
      working: { tags: 'busy', invoke: { src: 'work', onDone: 'idle', onError: 'broken' } },
      broken: { tags: 'failed', on: { start: 'working', end: 'over' } },
      over: { type: 'final' },
    },
  })

afterEach(() => {
  vi.useRealTimers()
})

describe('settled', () => {
  it('is at once where nothing is busy', async () => {
    expect(await settled(createActor(worker(async () => {})).start())).toBe('rests')
  })

  it('waits for what is busy', async () => {
    const work = deferred()
    const actor = createActor(worker(() => work.promise)).start()
    actor.send({ type: 'start' })
    const result = settled(actor)
    expect(await outcome(result)).toBe('waiting')
    work.resolve()
    await result
    expect(actor.getSnapshot().value).toBe('idle')
  })

  it('takes a failed state for settled', async () => {
    const actor = createActor(worker(() => Promise.reject(new Error('no')))).start()
    actor.send({ type: 'start' })
    await settled(actor)
    expect(actor.getSnapshot().value).toBe('broken')
  })

  it('waits through short rests between two busy states', async () => {
    const second = deferred()
    const machine = setup({
      actors: {
        brief: fromPromise(async () => {}),
        background: fromPromise(async () => {
          for (let round = 0; round < 20; round += 1) await null
        }),
        second: fromPromise(() => second.promise),
      },
    }).createMachine({
      id: 'relay',
      initial: 'first',
      states: {
        first: { tags: 'busy', invoke: { src: 'brief', onDone: 'between' } },
        between: { tags: 'delegating', invoke: { src: 'background', onDone: 'second' } },
        second: { tags: 'busy', invoke: { src: 'second', onDone: 'rest' } },
        rest: { tags: 'resting' },
      },
    })
    const actor = createActor(machine).start()
    const result = settled(actor)
    expect(await outcome(result)).toBe('waiting')
    second.resolve()
    await result
    expect(actor.getSnapshot().value).toBe('rest')
  })

  it('does not wait for what works in the background', async () => {
    const machine = setup({ actors: { deadline: fromPromise(() => new Promise(() => {})) } }).createMachine({
      initial: 'rest',
      states: { rest: { tags: 'resting', invoke: { src: 'deadline' } } },
    })
    await settled(createActor(machine).start())
  })

  it('is when the actor is done, or was', async () => {
    const work = deferred()
    const machine = setup({ actors: { work: fromPromise(() => work.promise) } }).createMachine({
      initial: 'working',
      states: { working: { tags: 'busy', invoke: { src: 'work', onDone: 'over' } }, over: { type: 'final' } },
    })
    const actor = createActor(machine).start()
    const result = settled(actor)
    work.resolve()
    await result
    await settled(actor)
  })

  it('rejects with the error of the actor', async () => {
    const work = deferred()
    const machine = setup({ actors: { work: fromPromise(() => work.promise) } }).createMachine({
      initial: 'working',
      states: { working: { tags: 'busy', invoke: { src: 'work' } } },
    })
    const actor = createActor(machine).start()
    const result = settled(actor)
    const error = new Error('unhandled')
    work.reject(error)
    await expect(result).rejects.toBe(error)
    await expect(settled(actor)).rejects.toBe(error)
  })

  it('rejects when the actor is stopped, or was', async () => {
    const actor = createActor(
      worker(() => new Promise(() => {})),
      { id: 'flow' },
    ).start()
    actor.send({ type: 'start' })
    const result = settled(actor)
    actor.stop()
    await expect(result).rejects.toThrow('flow was stopped before it settled')
    await expect(settled(actor)).rejects.toThrow('stopped')
  })

  it('rejects in time, and says what was busy', async () => {
    const inner = worker(() => new Promise(() => {}))
    const outer = setup({ actors: { inner } }).createMachine({
      id: 'outer',
      initial: 'delegating',
      states: { delegating: { tags: 'delegating', invoke: { id: 'step', src: 'inner' } } },
    })
    const actor = createActor(outer, { id: 'flow' }).start()
    actor.getSnapshot().children.step?.send({ type: 'start' })
    await expect(settled(actor, { timeoutMs: 20 })).rejects.toThrow('Not settled after 20 ms: flow > step: working')
  })

  it.each([
    [{ timeoutMs: Number.NaN }, 'timeoutMs', 'must be a number of milliseconds from 0 to 2147483647'],
    [{ timeoutMs: -1 }, 'timeoutMs', 'must be a number of milliseconds from 0 to 2147483647'],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, 'timeoutMs', 'must be a number of milliseconds from 0 to 2147483647'],
    [{ timeoutMs: '5' }, 'timeoutMs', 'must be a number of milliseconds from 0 to 2147483647'],
    [{ timeout: 5 }, 'timeout', 'is no option'],
    [5, 'options', 'must be an object'],
  ])('rejects at once what is no option of its: %o', async (options, field, problem) => {
    const actor = createActor(worker(async () => {})).start()
    const failing = settled(actor, options as object)
    await expect(failing).rejects.toThrow(`settled: ${field}: ${problem}`)
    await expect(failing).rejects.toBeInstanceOf(PortalError)
    await expect(failing).rejects.toMatchObject({ failure: { code: 'client.option', kind: 'config', field } })
  })

  it('ends with the reason of its signal, and leaves nothing behind', async () => {
    const actor = createActor(worker(() => new Promise(() => {}))).start()
    actor.send({ type: 'start' })
    const leaving = new AbortController()
    const reason = new Error('gone')
    const { left } = await timersIn(async () => {
      const result = settled(actor, { signal: leaving.signal })
      leaving.abort(reason)
      await expect(result).rejects.toBe(reason)
      await expect(settled(actor, { signal: leaving.signal })).rejects.toBe(reason)
    })
    expect(left).toBe(0)
  })

  it('waits in real time, whatever the test does to its clocks', async () => {
    vi.useFakeTimers()
    const actor = createActor(
      worker(() => new Promise(() => {})),
      { clock: new SimulatedClock() },
    ).start()
    await settled(actor)
    actor.send({ type: 'start' })
    await expect(settled(actor, { timeoutMs: 5 })).rejects.toThrow('Not settled after 5 ms')
  })
})

describe('settled, with machines below', () => {
  const first = deferred()
  const nested = () => {
    const work = deferred()
    const inner = worker(() => work.promise)
    const middle = setup({ actors: { inner } }).createMachine({
      id: 'middle',
      initial: 'before',
      states: {
        before: { tags: 'resting', on: { enter: 'inside' } },
        inside: { tags: 'delegating', invoke: { id: 'inner', src: 'inner' }, on: { leave: 'before' } },
      },
    })
    const outer = setup({ actors: { middle, begin: fromPromise(() => first.promise) } }).createMachine({
      id: 'outer',
      initial: 'beginning',
      states: {
        beginning: { tags: 'busy', invoke: { src: 'begin', onDone: 'running' } },
        running: { tags: 'delegating', invoke: { id: 'middle', src: 'middle' } },
      },
    })
    return { work, actor: createActor(outer).start() }
  }
  const child = (actor: AnyActorRef, id: string): AnyActorRef => actor.getSnapshot().children[id]

  it('waits for those that appear later, two levels down', async () => {
    const { work, actor } = nested()
    const beginning = settled(actor)
    expect(await outcome(beginning)).toBe('waiting')
    first.resolve()
    await beginning
    const middle = child(actor, 'middle')
    middle.send({ type: 'enter' })
    await settled(actor)
    child(middle, 'inner').send({ type: 'start' })
    const working = settled(actor)
    expect(await outcome(working)).toBe('waiting')
    work.resolve()
    await working
  })

  it('no longer waits for those that are gone', async () => {
    const { actor } = nested()
    await settled(actor)
    const middle = child(actor, 'middle')
    middle.send({ type: 'enter' })
    child(middle, 'inner').send({ type: 'start' })
    const working = settled(actor)
    expect(await outcome(working)).toBe('waiting')
    middle.send({ type: 'leave' })
    await working
  })

  it('leaves the failure of a child to its parent', async () => {
    const inner = createMachine({
      id: 'inner',
      initial: 'working',
      states: {
        working: { tags: 'busy', on: { fail: { actions: 'fail' } } },
      },
    }).provide({
      actions: {
        fail: () => {
          throw new Error('inside')
        },
      },
    })
    const outer = setup({ actors: { inner } }).createMachine({
      id: 'outer',
      context: { failures: 0 },
      initial: 'running',
      states: {
        running: {
          tags: 'delegating',
          invoke: {
            id: 'inner',
            src: 'inner',
            onError: { target: 'caught', actions: assign({ failures: ({ context }) => context.failures + 1 }) },
          },
        },
        caught: { tags: 'failed' },
      },
    })
    const actor = createActor(outer).start()
    const result = settled(actor)
    expect(await outcome(result)).toBe('waiting')
    child(actor, 'inner').send({ type: 'fail' })
    await result
    expect(actor.getSnapshot().value).toBe('caught')
    // An error that nobody took would reach the process a turn later and fail the run.
    await turn()
  })

  it('does not wait for one that failed and is still listed', async () => {
    const inner = setup({ actors: { work: fromPromise(() => Promise.reject(new Error('inside'))) } }).createMachine({
      initial: 'working',
      states: { working: { tags: 'busy', invoke: { src: 'work' } } },
    })
    const outer = setup({ actors: { inner }, actions: { note: () => {} } }).createMachine({
      initial: 'running',
      states: { running: { tags: 'resting', invoke: { id: 'inner', src: 'inner', onError: { actions: 'note' } } } },
    })
    const actor = createActor(outer).start()
    await settled(actor)
    expect(child(actor, 'inner').getSnapshot().status).toBe('error')
  })

  it('leaves no timer behind', async () => {
    const { made, left } = await timersIn(() => settled(createActor(worker(async () => {})).start()))
    expect(made).toBeGreaterThan(0)
    expect(left).toBe(0)
  })

  it('leaves nothing subscribed behind', async () => {
    const actor = createActor(worker(async () => {})).start()
    const observers = (actor as unknown as { observers: Set<unknown> }).observers
    actor.send({ type: 'start' })
    await settled(actor)
    expect(observers.size).toBe(0)
    await waitFor(actor, ({ value }) => value === 'idle')
  })
})
