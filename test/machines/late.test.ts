import { activeStep, type OnboardingInput, screenOf, settled, stepsOf } from 'postlogin'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type AnyActorLogic, type AnyStateMachine, createActor, fromPromise, waitFor } from 'xstate'
import { type LateChart, late, lateChart } from '../../machines/late.ts'
import { visitorOf } from '../screens/visitor.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

/** A chart that comes when the test says so, and each time in the way that it says. */
function held<Machine extends AnyStateMachine>(machine: Machine) {
  let calls = 0
  let settle: { come(): void; fail(): void } | null = null
  const chart: LateChart<Machine> = lateChart(machine.id, () => {
    calls++
    return new Promise((resolve, reject) => {
      settle = { come: () => resolve(machine), fail: () => reject(new TypeError('Failed to fetch')) }
    })
  })
  return {
    machine: late(chart),
    calls: () => calls,
    come: () => settle?.come(),
    fail: () => settle?.fail(),
  }
}

/** A flow whose `mfa` comes late. */
async function flowWithLateMfa(input: OnboardingInput = {}) {
  const setting = createSetting({ portal: { secureChannel: 'off' } })
  const mfa = held(setting.machines.mfa)
  const onboarding = setting.machines.onboarding.provide({ actors: { mfa: mfa.machine } })
  const flow = createActor(onboarding, { input }).start()
  onTestFinished(() => void flow.stop())
  const at = (state: object) => waitFor(flow, (snapshot) => snapshot.matches({ flow: state } as never))
  return { ...setting, flow, mfa, at, ...visitorOf(flow, setting) }
}

const afterInvitations = { policy: { invitations: 'show' } } as const

describe('a step whose machine comes late', () => {
  test('is loaded while the user is at the first one', async () => {
    const { flow, mfa, at, on, press, rest } = await flowWithLateMfa(afterInvitations)
    await rest(flow)
    await at({ machines: 'loading' })
    expect(on('invitations').status).toBe('resting')
    mfa.come()
    await at({ machines: 'ready' })
    press(on('invitations').skip)
    expect(on('mfa').status).toBe('resting')
    expect(mfa.calls()).toBe(1)
  })

  test('is waited for by a user who is faster', async () => {
    const { flow, mfa, at, on, screen, press } = await flowWithLateMfa(afterInvitations)
    await at({ machines: 'loading' })
    press(on('invitations').skip)
    expect(flow.getSnapshot().matches({ flow: { steps: 'loading' } })).toBe(true)
    expect(flow.getSnapshot().hasTag('busy')).toBe(true)
    expect(screen().name).toBe('loading')
    mfa.come()
    await at({ steps: 'mfa', machines: 'ready' })
    expect(on('mfa').status).toBe('resting')
    expect(flow.getSnapshot().context.loadedSteps.filter((step) => step === 'mfa')).toEqual(['mfa'])
  })

  test('is tried again by `retry` where it could not be loaded', async () => {
    const { mfa, at, on, click, press } = await flowWithLateMfa(afterInvitations)
    await at({ machines: 'loading' })
    mfa.fail()
    await at({ machines: 'ready' })
    press(on('invitations').skip)
    mfa.fail()
    await at({ steps: 'failed' })
    expect(on('broken')).toMatchObject({
      step: 'mfa',
      failure: { kind: 'network', code: 'client.loadFailed', retryable: true, effect: 'none' },
    })
    press(on('broken').retry)
    mfa.come()
    await at({ steps: 'mfa' })
    await click(on('mfa').skip)
    expect(on('ipWhitelist').status).toBe('resting')
  })

  test('can be skipped where it could not be loaded', async () => {
    const { flow, mfa, at, on, press } = await flowWithLateMfa({ order: ['mfa', 'sessions'] })
    await at({ steps: 'loading' })
    mfa.fail()
    await at({ steps: 'failed' })
    press(on('broken').skip)
    await at({ steps: 'sessions' })
    expect(stepsOf(flow.getSnapshot())[0]).toEqual({ name: 'mfa', status: 'skipped' })
  })

  test('holds the user where it is required', async () => {
    const { mfa, at, on } = await flowWithLateMfa({ order: ['mfa'], policy: { mfa: 'require' } })
    await at({ steps: 'loading' })
    mfa.fail()
    await at({ steps: 'failed' })
    expect(on('broken').skip.blocked).toBe('stepRequired')
  })

  test.each([
    ['is skipped', { policy: { mfa: 'skip' } }],
    ['is left out', { order: ['invitations', 'sessions'] }],
  ] as const)('is not loaded where it %s', async (_, input) => {
    const { flow, mfa, at, rest } = await flowWithLateMfa(input)
    await at({ machines: 'ready' })
    await rest(flow)
    expect(mfa.calls()).toBe(0)
  })

  test('is not loaded where there is nothing to do in it', async () => {
    const { machines, rest } = createSetting({
      portal: { account: { mfaMethods: [{ method: 'OTP', isEnabled: true }] } },
    })
    const mfa = held(machines.mfa)
    const flow = createActor(machines.onboarding.provide({ actors: { mfa: mfa.machine } })).start()
    onTestFinished(() => void flow.stop())
    await rest(flow)
    await waitFor(flow, (snapshot) => snapshot.matches({ flow: { machines: 'ready' } }))
    expect(mfa.calls()).toBe(0)
  })

  test('is loaded again after a restore', async () => {
    const { flow, mfa, at, on, rest } = await flowWithLateMfa(afterInvitations)
    await at({ machines: 'loading' })
    mfa.come()
    await at({ machines: 'ready' })
    flow.send({ type: 'restored' })
    expect(flow.getSnapshot().context.loadedSteps).toEqual(['invitations'])
    await rest(flow)
    await at({ machines: 'ready' })
    expect(on('invitations').status).toBe('resting')
    expect(flow.getSnapshot().context.loadedSteps).toContain('mfa')
  })

  test('that is a host’s own needs no loading', async () => {
    const { machines, rest } = createSetting()
    const own: AnyActorLogic = fromPromise(async () => ({ outcome: 'done', failure: null, aimHolds: true }))
    const onboarding = machines.onboarding.provide({ actors: { mfa: own as never } })
    const flow = createActor(onboarding, { input: { order: ['mfa'] } }).start()
    onTestFinished(() => void flow.stop())
    await rest(flow)
    expect(flow.getSnapshot().output?.outcome).toBe('completed')
  })
})

describe('a late machine alone', () => {
  const alone = (input: object = {}) => {
    const setting = createSetting({ portal: { secureChannel: 'off' } })
    const sessions = held(setting.machines.sessions)
    const actor = createActor(sessions.machine, { input }).start()
    onTestFinished(() => void actor.stop())
    return { ...setting, sessions, actor }
  }

  test('is loading, and then itself, with its input', async () => {
    const { actor, sessions, rest } = alone({ policy: 'require' })
    expect(actor.getSnapshot().value).toBe('loading')
    expect(actor.getSnapshot().hasTag('busy')).toBe(true)
    sessions.come()
    await waitFor(actor, (snapshot) => snapshot.matches({ working: 'reading' }))
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
    expect(actor.getSnapshot().context).toMatchObject({ policy: 'require', isRead: true })
    actor.send({ type: 'step.finish' })
    expect(actor.getSnapshot().context.failure?.code).toBe('client.stepRequired')
  })

  test('starts as itself once it is loaded', async () => {
    const { actor, sessions } = alone()
    sessions.come()
    await waitFor(actor, (snapshot) => snapshot.matches({ working: 'reading' }))
    const another = createActor(sessions.machine).start()
    onTestFinished(() => void another.stop())
    expect(another.getSnapshot().value).toEqual({ working: 'reading' })
    expect(sessions.calls()).toBe(1)
  })

  test('fails where it cannot be loaded, until `retry`', async () => {
    const { actor, sessions } = alone()
    sessions.fail()
    await waitFor(actor, (snapshot) => snapshot.hasTag('failed'))
    expect(actor.getSnapshot().context.failure?.code).toBe('client.loadFailed')
    actor.send({ type: 'retry' })
    sessions.come()
    await waitFor(actor, (snapshot) => snapshot.matches({ working: 'reading' }))
  })

  const left = (outcome: string) => ({ status: 'done', output: { outcome, failure: null, aimHolds: false } })
  const refused = { status: 'active', context: { failure: { code: 'client.stepRequired' } } }

  test.each([
    ['offer', 'step.skip', left('skipped')],
    ['offer', 'step.finish', left('done')],
    ['require', 'step.skip', refused],
    ['require', 'step.finish', refused],
  ] as const)('that cannot be loaded, under `%s`: %s', async (policy, type, expected) => {
    const { actor, sessions } = alone({ policy })
    sessions.fail()
    await waitFor(actor, (snapshot) => snapshot.hasTag('failed'))
    actor.send({ type })
    expect(actor.getSnapshot()).toMatchObject(expected)
  })

  test('that is stopped while it loads does not begin', async () => {
    const { actor, sessions, requestsSince } = alone()
    actor.stop()
    sessions.come()
    await turn()
    expect(requestsSince()).toEqual([])
  })

  test('takes services of the host’s own before it is loaded', async () => {
    const { sessions } = alone()
    const listSessions = fromPromise(async () => [{ sessionId: 'a', clientIp: '192.0.2.1', isCurrent: true }])
    const machine = sessions.machine.provide({ actors: { listSessions: listSessions as never } })
    const actor = createActor(machine).start()
    onTestFinished(() => void actor.stop())
    sessions.come()
    await settled(actor)
    expect(actor.getSnapshot().context.sessions).toHaveLength(1)
  })
})

describe('in a page that has loaded none', () => {
  /** The package as a page has it that was just opened. */
  async function opened() {
    vi.resetModules()
    const postlogin: typeof import('postlogin') = await import('postlogin')
    const { portal, api } = createSetting({ portal: { secureChannel: 'off' } })
    return { ...postlogin, portal, machines: postlogin.createMachines(api) }
  }

  test('every machine but those of the first screen is late', async () => {
    const { machines } = await opened()
    const valueAtStart = (machine: AnyStateMachine) => {
      const actor = createActor(machine).start()
      onTestFinished(() => void actor.stop())
      return actor.getSnapshot().value
    }
    const { onboarding, invitations, ...others } = machines
    expect(valueAtStart(invitations)).toEqual({ working: 'reading' })
    expect(valueAtStart(onboarding)).toMatchObject({ flow: { steps: 'reading' } })
    expect(Object.values(others).map(valueAtStart)).toEqual(Object.values(others).map(() => 'loading'))
  })

  test('`loadMachines` loads them all', async () => {
    const { machines, loadMachines } = await opened()
    await loadMachines()
    const actor = createActor(machines.sessions).start()
    onTestFinished(() => void actor.stop())
    expect(actor.getSnapshot().value).toEqual({ working: 'reading' })
  })

  test('a stored flow is restored once they are loaded', async () => {
    const { machines, toStorage } = await opened()
    const input = { order: ['mfa'], policy: { mfa: 'show' } } as const
    const flow = createActor(machines.onboarding, { input }).start()
    await settled(flow)
    const text = toStorage(flow, { subject: 'maya' })
    const reopened = await opened()
    const restored = () => reopened.fromStorage(reopened.machines.onboarding, text, { subject: 'maya' })
    expect(restored).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'client.notLoaded' }) }),
    )
    await reopened.loadMachines()
    const again = createActor(reopened.machines.onboarding, { snapshot: restored() }).start()
    onTestFinished(() => void again.stop())
    await settled(again)
    expect(screenOf(again.getSnapshot())).toMatchObject({ name: 'mfa', status: 'resting' })
  })

  test('a flow at its first screen is restored without them', async () => {
    const { machines, toStorage } = await opened()
    const flow = createActor(machines.onboarding).start()
    await settled(flow)
    const text = toStorage(flow, { subject: 'maya' })
    const reopened = await opened()
    const snapshot = reopened.fromStorage(reopened.machines.onboarding, text, { subject: 'maya' })
    const again = createActor(reopened.machines.onboarding, { snapshot }).start()
    onTestFinished(() => void again.stop())
    await settled(again)
    expect(screenOf(again.getSnapshot())).toMatchObject({ name: 'invitations', status: 'resting' })
  })

  test('a flow goes through all its steps', async () => {
    const { machines } = await opened()
    const flow = createActor(machines.onboarding, { input: { policy: { workspace: 'show' } } }).start()
    onTestFinished(() => void flow.stop())
    for (const name of ['invitations', 'mfa', 'ipWhitelist', 'sessions', 'workspace']) {
      await settled(flow)
      const step = activeStep(flow.getSnapshot())
      expect(step?.name).toBe(name)
      step?.actor.send({ type: 'step.skip' })
    }
    expect(flow.getSnapshot().output?.outcome).toBe('completed')
  })
})
