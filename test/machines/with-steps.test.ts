/** Steps of a host's own beside ours, or in their place: `examples/shared/terms.ts` is one. */

import { act, activeStep, type OnboardingInputWith, screenOf, stepsOf, withSteps } from 'postlogin'
import { inspectWith } from 'postlogin/inspect'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type AnyStateMachine, createActor, setup } from 'xstate'
import { acceptTerms, createTermsMachine, type Terms, type TermsService } from '../../examples/shared/terms.ts'
import { failure } from '../../src/domain/failure.ts'
import { close, reopen } from '../support/reload.ts'
import { createSetting } from '../support/setting.ts'

/** The host's own server: what it was asked to accept, and how it fails. */
function createTermsService(terms: Partial<Terms> = {}) {
  const accepted: number[] = []
  const service = {
    terms: { version: 3, text: 'Be kind.', isAccepted: false, ...terms },
    accepted,
    read: async (): Promise<Terms> => service.terms,
    async accept(version: number) {
      accepted.push(version)
      service.terms = { ...service.terms, isAccepted: true }
    },
  }
  return service satisfies TermsService
}

type Steps = { readonly terms: ReturnType<typeof createTermsMachine> }
type Input = OnboardingInputWith<Steps>

async function flowWithTerms(input: Input = { order: ['terms', 'sessions'] }, service = createTermsService()) {
  const setting = createSetting({ portal: { secureChannel: 'off' } })
  const machine = withSteps(setting.machines.onboarding, {
    terms: createTermsMachine(service, { clock: setting.clock }),
  })
  const flow = createActor(machine, { input }).start()
  onTestFinished(() => void flow.stop())
  await setting.rest(flow)
  const screen = () => screenOf(flow.getSnapshot())
  const onTerms = () => {
    const now = screen()
    if (now.name !== 'custom') throw new Error(`On screen is ${now.name}`)
    return now
  }
  const accept = async () => {
    onTerms().actor.send({ type: 'terms.accept' })
    await setting.rest(flow)
  }
  return { ...setting, service, machine, flow, screen, onTerms, accept }
}

describe('a step of a host’s own', () => {
  test('comes first, where no order is given', async () => {
    const { flow } = await flowWithTerms({})
    expect(stepsOf(flow.getSnapshot()).map(({ name }) => name)).toEqual([
      'terms',
      'invitations',
      'mfa',
      'ipWhitelist',
      'sessions',
      'workspace',
    ])
    expect(activeStep(flow.getSnapshot())?.name).toBe('terms')
  })

  test('is on screen as `custom`, with its actor and what all steps have', async () => {
    const { flow, onTerms } = await flowWithTerms()
    const { actor, ...shown } = onTerms()
    expect(actor).toBe(activeStep(flow.getSnapshot())?.actor)
    expect(shown).toMatchObject({
      name: 'custom',
      step: 'terms',
      status: 'resting',
      failure: null,
      policy: 'offer',
      finish: { owner: 'terms', blocked: null },
      skip: { owner: 'terms', blocked: null },
      retry: { owner: 'terms', blocked: null },
      cancelFlow: { blocked: null },
    })
    expect(stepsOf(flow.getSnapshot())).toEqual([
      { name: 'terms', status: 'current' },
      { name: 'sessions', status: 'upcoming' },
    ])
  })

  test('is done by its own event, and the flow goes on', async () => {
    const { flow, service, accept, screen } = await flowWithTerms()
    await accept()
    expect(service.accepted).toEqual([3])
    expect(screen().name).toBe('sessions')
    expect(stepsOf(flow.getSnapshot())[0]).toEqual({ name: 'terms', status: 'done' })
  })

  test('takes an action of the host’s own, once', async () => {
    const { flow, onTerms, service, rest } = await flowWithTerms()
    const accept = { owner: onTerms().step, event: { type: 'terms.accept' }, blocked: null }
    expect(act(flow, accept)).toBe(true)
    await rest(flow)
    expect(act(flow, accept)).toBe(false)
    expect(service.accepted).toEqual([3])
  })

  test('can stand between ours', async () => {
    const { flow, screen, onTerms, rest } = await flowWithTerms({ order: ['sessions', 'terms', 'workspace'] })
    const sessions = screen()
    if (sessions.name === 'sessions') act(flow, sessions.skip)
    await rest(flow)
    expect(onTerms().step).toBe('terms')
  })
})

describe('the policy of a step of a host’s own', () => {
  test('`offer`: skipped, it stands in the output', async () => {
    const { flow, onTerms, rest } = await flowWithTerms({ order: ['terms'] })
    act(flow, onTerms().skip)
    await rest(flow)
    expect(flow.getSnapshot().output).toMatchObject({ outcome: 'completed', skippedSteps: ['terms'] })
  })

  test.each(['offer', 'require', 'show'] as const)(
    '`%s`: its machine ends at once, and nobody sees it',
    async (policy) => {
      const service = createTermsService({ isAccepted: true })
      const { flow } = await flowWithTerms({ order: ['terms'], policy: { terms: policy } }, service)
      expect(flow.getSnapshot().output).toMatchObject({ outcome: 'completed', skippedSteps: [] })
    },
  )

  test('`require`: it is left by its aim or with the whole flow', async () => {
    const { flow, onTerms, accept, screen } = await flowWithTerms({ order: ['terms'], policy: { terms: 'require' } })
    expect([onTerms().finish.blocked, onTerms().skip.blocked]).toEqual(['stepRequired', 'stepRequired'])
    expect(act(flow, onTerms().skip)).toBe(false)
    await accept()
    expect(screen().name).toBe('completed')
  })

  test('`require`: a machine that ends without its aim is broken, until it reaches it', async () => {
    const { flow, screen } = await flowOf(left('skipped'), 'require')
    expect(screen()).toMatchObject({
      name: 'broken',
      step: 'own',
      failure: { code: 'client.stepRequired' },
      skip: { blocked: 'stepRequired' },
    })
    expect(flow.getSnapshot().status).toBe('active')
  })

  test('`skip`: its machine does not start', async () => {
    const service = createTermsService()
    const { flow } = await flowWithTerms({ order: ['terms'], policy: { terms: 'skip' } }, { ...service, read: never })
    expect(flow.getSnapshot().output).toMatchObject({ outcome: 'completed', skippedSteps: ['terms'] })
  })
})

const never = () => {
  throw new Error('must not be asked')
}

/** A machine that is left at once, with this. */
const left = (outcome: string, more: object = {}) =>
  setup({}).createMachine({
    initial: 'over',
    states: { over: { type: 'final' } },
    on: { 'step.finish': '.over', 'step.skip': '.over' },
    output: { outcome, failure: null, aimHolds: false, ...more },
  })

async function flowOf(own: AnyStateMachine, policy: 'offer' | 'require' = 'offer') {
  const setting = createSetting({ portal: { secureChannel: 'off' } })
  const machine = withSteps(setting.machines.onboarding, { own: own as Steps['terms'] })
  const flow = createActor(machine, { input: { order: ['own'], policy: { own: policy } } }).start()
  onTestFinished(() => void flow.stop())
  await setting.rest(flow)
  return { ...setting, flow, screen: () => screenOf(flow.getSnapshot()) }
}

describe('a step of a host’s own that goes wrong', () => {
  test('shows its failure, and tries again', async () => {
    const service = createTermsService()
    const failing = { ...service, read: (): Promise<Terms> => Promise.reject(new Error('Bearer abc123')) }
    const { flow, onTerms, rest, screen } = await flowWithTerms({ order: ['terms'] }, failing)
    expect(onTerms()).toMatchObject({
      status: 'failed',
      failure: { code: 'client.unexpected' },
      retry: { blocked: null },
    })
    failing.read = async () => ({ ...service.terms, isAccepted: true })
    act(flow, onTerms().retry)
    await rest(flow)
    expect(screen().name).toBe('completed')
  })

  test('that waits for more proof lets the user give it up', async () => {
    const own = setup({}).createMachine({
      initial: 'proving',
      states: {
        proving: { tags: 'steppingUp', on: { 'stepUp.cancel': 'asking' } },
        asking: { tags: 'resting' },
        over: { type: 'final' },
      },
      on: { 'step.finish': '.over', 'step.skip': '.over' },
      output: {},
    })
    const { flow, screen } = await flowOf(own)
    const waiting = screen()
    if (waiting.name !== 'custom' || waiting.cancelStepUp === null) throw new Error('Nothing can be given up')
    expect(waiting.status).toBe('steppingUp')
    expect(act(flow, waiting.cancelStepUp)).toBe(true)
    expect(screen()).toMatchObject({ name: 'custom', status: 'resting', cancelStepUp: null })
  })

  test('is broken where it throws, and starts again', async () => {
    let isOutOfOrder = true
    const own = setup({}).createMachine({
      initial: 'asking',
      context: () => {
        if (isOutOfOrder) throw new Error('out of order')
        return {}
      },
      states: { asking: { tags: 'resting' }, over: { type: 'final' } },
      on: { 'step.finish': '.over', 'step.skip': '.over' },
      output: {},
    })
    const { flow, screen, rest } = await flowOf(own)
    const broken = screen()
    expect(broken).toMatchObject({ name: 'broken', step: 'own', failure: { code: 'client.unexpected' } })
    isOutOfOrder = false
    if (broken.name === 'broken') act(flow, broken.retry)
    await rest(flow)
    expect(screen()).toMatchObject({ name: 'custom', step: 'own', status: 'resting' })
  })

  test('is broken where it ends with nothing that an end is', async () => {
    const { screen } = await flowOf(left('perhaps'))
    expect(screen()).toMatchObject({ name: 'broken', step: 'own', failure: { code: 'client.stepUnreadable' } })
  })

  test('ends the flow where the user is signed out', async () => {
    const why = failure({ kind: 'unauthorized', code: 'AUTH.TOKEN_EXPIRED' })
    const { screen } = await flowOf(left('signedOut', { failure: why }))
    expect(screen()).toMatchObject({ name: 'signedOut', output: { failure: { code: 'AUTH.TOKEN_EXPIRED' } } })
  })
})

describe('a reload in a step of a host’s own', () => {
  test('goes on where the user was', async () => {
    const { flow, rest } = await flowWithTerms()
    const restored = reopen(flow, close(flow))
    await rest(restored)
    const screen = screenOf(restored.getSnapshot())
    expect(screen).toMatchObject({ name: 'custom', step: 'terms', status: 'resting' })
    expect(stepsOf(restored.getSnapshot())[0]).toEqual({ name: 'terms', status: 'current' })
  })

  /** Reloaded in the middle of the write, of which the server knows nothing yet. */
  async function reloadedWhileAccepting() {
    const service = createTermsService()
    const accepted: number[] = []
    const accepting: typeof service = {
      ...service,
      accepted,
      read: async () => service.terms,
      accept: (version) => {
        accepted.push(version)
        return new Promise(() => {})
      },
    }
    const { flow, rest, onTerms, whileTimePasses, clock } = await flowWithTerms(undefined, accepting)
    onTerms().actor.send({ type: 'terms.accept' })
    await whileTimePasses(Promise.resolve())
    expect(accepted).toEqual([3])
    const restored = reopen(flow, close(flow))
    await rest(restored)
    const screen = () => screenOf(restored.getSnapshot())
    const onTermsAgain = () => {
      const now = screen()
      if (now.name !== 'custom') throw new Error(`On screen is ${now.name}`)
      return now
    }
    return { service, accepted, restored, rest, clock, screen, onTermsAgain }
  }

  test('does not send its write again, nor lets the user while it may still land', async () => {
    const { accepted, restored, rest, clock, onTermsAgain } = await reloadedWhileAccepting()
    const waiting = onTermsAgain()
    expect(waiting).toMatchObject({ status: 'coolingDown', failure: { code: 'client.ticketSpent', effect: 'unknown' } })
    expect(acceptTerms(waiting).blocked).toBe('unsettled')
    waiting.actor.send({ type: 'terms.accept' })
    act(restored, waiting.retry)
    await rest(restored)
    expect(onTermsAgain().status).toBe('coolingDown')
    await clock.advance((waiting.failure?.retryAt ?? 0) - clock.now())
    await rest(restored)
    expect(onTermsAgain()).toMatchObject({ status: 'resting', failure: { code: 'client.notDone', effect: 'none' } })
    expect(accepted).toEqual([3])
  })

  test('sees in the end that its write has landed', async () => {
    const { service, accepted, restored, rest, clock, screen, onTermsAgain } = await reloadedWhileAccepting()
    service.terms = { ...service.terms, isAccepted: true }
    await clock.advance((onTermsAgain().failure?.retryAt ?? 0) - clock.now())
    await rest(restored)
    expect(screen().name).toBe('sessions')
    expect(accepted).toEqual([3])
  })

  test('is refused by a flow that has no such step', async () => {
    const { flow, machines } = await flowWithTerms()
    const text = close(flow)
    const strange = createActor(machines.onboarding)
    expect(() => reopen(strange, text)).toThrow(expect.objectContaining({ name: 'PortalError' }))
  })
})

describe('a machine in the place of one of ours', () => {
  const mfaOf = async (mfa: (ours: ReturnType<typeof createSetting>) => unknown) => {
    const setting = createSetting({ portal: { secureChannel: 'off' } })
    const machine = withSteps(setting.machines.onboarding, { mfa: mfa(setting) as Steps['terms'] })
    const flow = createActor(machine, { input: { order: ['mfa'], policy: { mfa: 'show' } } }).start()
    onTestFinished(() => void flow.stop())
    await setting.rest(flow)
    return { ...setting, flow, screen: () => screenOf(flow.getSnapshot()) }
  }

  test('is on our screen where that can draw it, and tells what ours tells', async () => {
    const { flow, screen, rest } = await mfaOf(({ machines }) => machines.mfa)
    const mfa = screen()
    expect(mfa).toMatchObject({ name: 'mfa', status: 'resting' })
    if (mfa.name === 'mfa') act(flow, mfa.finish)
    await rest(flow)
    expect(flow.getSnapshot().output).toMatchObject({ outcome: 'completed', otpEnabled: false })
  })

  test('is `custom` otherwise', async () => {
    const { screen } = await mfaOf(() => createTermsMachine(createTermsService()))
    expect(screen()).toMatchObject({ name: 'custom', step: 'mfa', status: 'resting' })
  })
})

test('the inspector shows a step of a host’s own', async () => {
  const { flow } = await flowWithTerms()
  const seen: unknown[] = []
  const inspection = inspectWith(flow, (event) => void seen.push(event))
  onTestFinished(() => inspection.stop())
  await vi.waitFor(() => expect(seen).toContainEqual(expect.objectContaining({ type: '@xstate.actor', name: 'terms' })))
})

describe('`withSteps` refuses', () => {
  const { machines } = createSetting()
  const taken = { reenter: true }
  const step = { on: { 'step.finish': taken, 'step.skip': taken }, output: {}, tags: 'resting' } as const
  const good = setup({}).createMachine(step)
  const refusalOf = (steps: object) => {
    try {
      withSteps(machines.onboarding, steps as Steps)
    } catch (thrown) {
      return thrown
    }
    return 'not refused'
  }

  test.each([
    ['a state of the root', { failed: good }, /taken/],
    ['a machine of ours', { otpEnrollment: good }, /taken/],
    ['a slot of the root', { listSessions: good }, /taken/],
    ['no word', { 'accept.terms': good }, /letters/],
    ['no machine', { terms: { start: true } }, /machine/],
    [
      'an event that is missing',
      { terms: setup({}).createMachine({ ...step, on: { 'step.skip': taken } }) },
      /step\.finish/,
    ],
    ['a state without a tag', { terms: setup({}).createMachine({ ...step, tags: [] }) }, /tags/],
    ['no output', { terms: setup({}).createMachine({ on: step.on, tags: 'resting' }) }, /output/],
  ])('%s', (_, steps, problem) => {
    const refusal = refusalOf(steps)
    expect(refusal).toMatchObject({
      name: 'PortalError',
      failure: { kind: 'config', code: 'client.option', field: `steps.${Object.keys(steps)[0]}` },
    })
    expect(String(refusal)).toMatch(problem)
  })

  test.each(Object.entries(machines).filter(([name]) => name in machines.onboarding.implementations.actors))(
    'not our own `%s`',
    (name, machine) => {
      expect(refusalOf({ [name]: machine, terms: good })).toBe('not refused')
    },
  )

  test('a name that no step has, in the input', () => {
    const machine = withSteps(machines.onboarding, { terms: createTermsMachine(createTermsService()) })
    const statusOf = (input: object) => {
      const flow = createActor(machine, { input })
      flow.subscribe({ error: () => {} })
      return (flow.start().getSnapshot() as { error?: unknown }).error
    }
    expect(statusOf({ order: ['term'] })).toMatchObject({ failure: { code: 'client.input', field: 'order[0]' } })
    expect(String(statusOf({ policy: { term: 'skip' } }))).toContain('the steps are terms, invitations')
  })
})

test('the states of a chart are built once for the same names', () => {
  const { machines } = createSetting()
  const steps = { terms: createTermsMachine(createTermsService()) }
  expect(withSteps(machines.onboarding, steps).root).toBe(withSteps(createSetting().machines.onboarding, steps).root)
})
