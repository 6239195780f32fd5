/** A host may put machines of its own in the place of a step, and store and stop flows as it likes: there is always a screen. */

import fc from 'fast-check'
import { act, createMessages, type Machines, type Screen, type StepName, screenOf, stepsOf } from 'postlogin'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AnyActorLogic, createActor, fromPromise, fromTransition, type SnapshotFrom, setup } from 'xstate'
import { clientFailure } from '../../src/domain/failure.ts'
import { seed } from '../support/sampling.ts'
import { createSetting } from '../support/setting.ts'
import { only, visit, visitorOf } from './visitor.ts'

type Onboarding = Machines['onboarding']
type Root = SnapshotFrom<Onboarding>

const ended = { outcome: 'skipped', failure: null, aimHolds: false, otpEnabled: null }

/** A step of a host's that takes what every step takes, and shows nothing that we know. */
const own = setup({}).createMachine({
  initial: 'asking',
  context: { passkeys: 3 },
  states: {
    asking: { tags: 'resting', on: { 'step.skip': 'over', retry: { target: 'asking', reenter: true } } },
    over: { type: 'final' },
  },
  output: ended,
})

const untagged = setup({}).createMachine({
  initial: 'asking',
  context: { policy: 'offer', failure: null, methods: [], isRead: true, backupCodes: null },
  states: { asking: { tags: 'thinking' } },
})

const withContext = (context: object) =>
  setup({}).createMachine({ context, initial: 'on', states: { on: { tags: 'resting' } } })

const strangers: readonly [string, AnyActorLogic][] = [
  ['a context of its own', own],
  ['a tag of its own', untagged],
  ['no tag', setup({}).createMachine({ context: untagged.config.context as object })],
  [
    'no policy that there is',
    withContext({ policy: 'never', failure: null, methods: [], isRead: true, backupCodes: null }),
  ],
  [
    'a failure that is an error',
    withContext({ policy: 'offer', failure: new Error('no'), methods: [], isRead: true, backupCodes: null }),
  ],
  [
    'a list that is none',
    withContext({ policy: 'offer', failure: null, methods: {}, isRead: true, backupCodes: null }),
  ],
  [
    'a row that is none',
    withContext({ policy: 'offer', failure: null, methods: [null], isRead: true, backupCodes: null }),
  ],
  ['a field that is missing', withContext({ policy: 'offer', failure: null, methods: [], backupCodes: null })],
  ['a promise instead of a machine', fromPromise(() => new Promise(() => undefined))],
  ['a transition instead of a machine', fromTransition((state: object) => state, {})],
]

describe.each(strangers)('a step with %s', (_, logic) => {
  const stage = async (policy: 'show' | 'require') => {
    const setting = createSetting({ portal: { secureChannel: 'off' } })
    const machine = setting.machines.onboarding.provide({ actors: { mfa: logic as never } })
    const flow = createActor(machine, { input: only('mfa', policy) }).start()
    onTestFinished(() => void flow.stop())
    // A stranger may be busy for ever, so nothing waits for it to rest.
    await setting.whileTimePasses(
      new Promise<void>((resolve) => {
        const look = () => void (flow.getSnapshot().matches({ flow: { steps: 'mfa' } }) && resolve())
        flow.subscribe(look)
        look()
      }),
    )
    return { flow, ...visitorOf(flow, setting) }
  }

  test('is broken, by its name', async () => {
    const { on } = await stage('show')
    expect(on('broken')).toMatchObject({ step: 'mfa', failure: { code: 'client.stepUnreadable' } })
    expect([on('broken').retry.blocked, on('broken').skip.blocked]).toEqual([null, null])
  })

  test('cannot be skipped where it is required, only cancelled', async () => {
    const { on, flow } = await stage('require')
    expect(on('broken').skip.blocked).toBe('stepRequired')
    act(flow, on('broken').cancelFlow)
    expect(on('cancelled').output.outcome).toBe('cancelled')
  })
})

test('a step of a host’s that nobody can draw is skipped as every step is', async () => {
  const setting = createSetting({ portal: { secureChannel: 'off' } })
  const onboarding = setting.machines.onboarding.provide({ actors: { mfa: own as never } })
  const flow = createActor(onboarding, { input: only('mfa') }).start()
  onTestFinished(() => void flow.stop())
  await setting.rest(flow)
  const { on, click } = visitorOf(flow, setting)
  await click(on('broken').skip)
  expect(on('completed').output.skippedSteps).toEqual(['mfa'])
})

describe('a flow that was stopped', () => {
  test('says so, and does nothing any more', async () => {
    const { flow, on, press } = await visit()
    const { finish } = on('invitations')
    flow.stop()
    expect(on('crashed').failure).toMatchObject({ code: 'client.stopped' })
    expect(press(finish)).toBe(false)
  })

  test('says so where it was started again, instead of loading for ever', async () => {
    const { flow, on, rest } = await visit()
    flow.stop()
    flow.start()
    await expect(rest(flow)).rejects.toThrow('stopped')
    expect(on('crashed').failure).toMatchObject({ code: 'client.stopped' })
    expect(createMessages().failureText(on('crashed').failure)).toContain('Restore it')
  })
})

describe('whatever there is in the place of a step', () => {
  const names = ['invitations', 'mfa', 'ipWhitelist', 'sessions', 'workspace'] as const
  const screenNames: readonly Screen['name'][] = [
    ...names,
    'otpEnrollment',
    'broken',
    'loading',
    'crashed',
    'completed',
    'signedOut',
    'cancelled',
  ]

  const throwing = (value: object) =>
    new Proxy(value, {
      get: () => {
        throw new Error('out of order')
      },
    })
  const anyValue = fc.oneof(
    fc.anything(),
    fc.constantFrom(null, undefined, Number.NaN, 9e99, '', [], {}),
    fc.anything().map((value) => throwing({ value })),
    fc.constant(clientFailure('network', 'network')),
  )
  /** What is real, with some of its fields replaced or gone. */
  const damaged = (real: object) =>
    fc.array(fc.tuple(fc.constantFrom(...Object.keys(real)), fc.option(anyValue)), { maxLength: 3 }).map((changes) => {
      const copy: Record<string, unknown> = { ...real }
      for (const [key, value] of changes) {
        if (value === null) delete copy[key]
        else copy[key] = value
      }
      return copy
    })

  const realOf = async (name: StepName) => {
    const { flow } = await visit({ input: only(name), setting: createSetting({ portal: { secureChannel: 'off' } }) })
    return flow.getSnapshot()
  }

  const isWhole = (screen: Screen) =>
    screenNames.includes(screen.name) &&
    !('status' in screen && !['busy', 'resting', 'failed', 'coolingDown', 'steppingUp'].includes(screen.status)) &&
    !('rows' in screen && !Array.isArray(screen.rows))

  test.each(names)('%s: there is a screen', async (name) => {
    const root = await realOf(name)
    const actor = root.children[name] as unknown as { getSnapshot(): { context: object } }
    const step = actor.getSnapshot()
    const anySnapshot = fc.oneof(
      anyValue,
      damaged(step),
      damaged(step.context).map((context) => ({ ...step, context })),
      fc.tuple(damaged(step), damaged(step.context)).map(([snapshot, context]) => ({ ...snapshot, context })),
    )
    const anyActor = fc.oneof(
      anyValue,
      anySnapshot.map((snapshot) => ({ getSnapshot: () => snapshot })),
      fc.constant({ getSnapshot: () => throwing({}) }),
    )
    fc.assert(
      fc.property(anyActor, (stranger) => {
        const snapshot = { ...root, children: { ...root.children, [name]: stranger } } as unknown as Root
        const screen = screenOf(snapshot)
        expect(isWhole(screen)).toBe(true)
      }),
      { seed, numRuns: 400 },
    )
  })

  test('nor does a root that is out of order leave the user without one', async () => {
    const root = await realOf('sessions')
    const anyRoot = fc.oneof(
      anyValue,
      damaged(root),
      damaged(root.context).map((context) => ({ ...root, context })),
    )
    fc.assert(
      fc.property(anyRoot, (snapshot) => {
        expect(isWhole(screenOf(snapshot as Root))).toBe(true)
      }),
      { seed, numRuns: 400 },
    )
  })

  test('the stepper goes on showing the way', async () => {
    const root = await realOf('sessions')
    expect(stepsOf({ ...root, children: {} } as unknown as Root)).toEqual([{ name: 'sessions', status: 'current' }])
  })
})
