/** What the compiler holds a host to; `npm run typecheck` is what fails here. */
import {
  type ActiveStep,
  act,
  activeStep,
  createPortalApi,
  type Failure,
  type Machines,
  type MfaOutput,
  type OnboardingMachine,
  type OnboardingMachineWith,
  type OnboardingOutput,
  type OwnStepEvent,
  type onboardingMachine,
  type PortalApi,
  type Route,
  type Screen,
  type ScreenAlone,
  type ScreenFrom,
  type Sealed,
  type SessionsContext,
  type SessionsInput,
  type SessionsMachine,
  type SessionsOutput,
  type SessionsScreen,
  type StatusTag,
  type StepName,
  type StepOutput,
  screenOf,
  sessionsMachine,
  stepsOf,
  type WriteOperation,
  withSteps,
} from 'postlogin'
import { describe, expectTypeOf, test } from 'vitest'
import {
  type ActorRefFrom,
  type AnyActorRef,
  createActor,
  fromPromise,
  type InputFrom,
  type OutputFrom,
  type SnapshotFrom,
  setup,
} from 'xstate'
import type { createTermsMachine } from '../examples/shared/terms.ts'

describe('a step', () => {
  test('takes what all take without being told apart, and its own events once it is', () => {
    const act = (step: ActiveStep) => {
      step.actor.send({ type: 'step.finish' })
      if (step.name === 'otpEnrollment') step.actor.send({ type: 'code.submit', code: '482916' })
      // @ts-expect-error an event of another step
      if (step.name === 'sessions') step.actor.send({ type: 'code.submit', code: '482916' })
      // @ts-expect-error an event that the machines send themselves
      step.actor.send({ type: 'restored' })
    }
    expectTypeOf(act).toBeFunction()
  })

  test('has a context that its name tells', () => {
    const secretOf = (step: ActiveStep) =>
      step.name === 'otpEnrollment' ? step.actor.getSnapshot().context.otpSetup?.secret : undefined
    expectTypeOf(secretOf).returns.toEqualTypeOf<Sealed | undefined>()
  })
})

describe('the flow', () => {
  test('ends with an output that its outcome tells apart', () => {
    expectTypeOf<OutputFrom<typeof onboardingMachine>>().toEqualTypeOf<OnboardingOutput>()
    const routeOf = (output: OnboardingOutput) => (output.outcome === 'completed' ? output.route : output.failure)
    expectTypeOf(routeOf).returns.toEqualTypeOf<Route | Failure | null>()
  })

  test('tells the step and the stepper from a snapshot', () => {
    const stepIn = (snapshot: SnapshotFrom<typeof onboardingMachine>) => activeStep(snapshot)
    expectTypeOf(stepIn).returns.toEqualTypeOf<ActiveStep | null>()
    expectTypeOf(stepsOf).returns.items.toHaveProperty('status')
  })
})

describe('a screen', () => {
  type Flow = ActorRefFrom<typeof onboardingMachine>

  test('is told from a snapshot, and its name tells what is on it', () => {
    const screenIn = (snapshot: SnapshotFrom<typeof onboardingMachine>) => screenOf(snapshot)
    expectTypeOf(screenIn).returns.toEqualTypeOf<Screen>()
    const secretOf = (screen: Screen) => (screen.name === 'otpEnrollment' ? screen.otpSetup?.secret : undefined)
    expectTypeOf(secretOf).returns.toEqualTypeOf<Sealed | undefined>()
    const routeOf = (screen: Screen) => (screen.name === 'completed' ? screen.output.route : null)
    expectTypeOf(routeOf).returns.toEqualTypeOf<Route | null>()
    const outcomeOf = (screen: Screen) => (screen.name === 'signedOut' ? screen.output.outcome : null)
    expectTypeOf(outcomeOf).returns.toEqualTypeOf<'signedOut' | null>()
    // @ts-expect-error a field of another screen
    const rowsOf = (screen: Screen) => (screen.name === 'mfa' ? screen.rows : [])
    expectTypeOf(rowsOf).toBeFunction()
  })

  test('has actions that want just what only the user knows', () => {
    const click = (flow: Flow, screen: Screen) => {
      if (screen.name === 'otpEnrollment') {
        act(flow, screen.submit, { code: '482916' })
        act(flow, screen.submit, { code: '482916', force: true })
        act(flow, screen.finish)
        // @ts-expect-error the code is missing
        act(flow, screen.submit)
        // @ts-expect-error the code is missing here, too
        act(flow, screen.submit, {})
        // @ts-expect-error what another action wants
        act(flow, screen.submit, { value: '482916' })
        // @ts-expect-error there is nothing to say about leaving
        act(flow, screen.finish, { code: '482916' })
      }
      if (screen.name === 'ipWhitelist') {
        act(flow, screen.add, { value: '203.0.113.10' })
        act(flow, screen.addCurrentAddress)
        if (screen.addCurrentNetwork !== null) act(flow, screen.addCurrentNetwork)
        // @ts-expect-error only a user who comes over IPv6 has one
        act(flow, screen.addCurrentNetwork)
        // @ts-expect-error one entry, where all are wanted
        act(flow, screen.replace, { value: '203.0.113.10' })
      }
      // @ts-expect-error an event is no action
      act(flow, { type: 'step.finish' })
    }
    expectTypeOf(click).toBeFunction()
  })
})

describe('the adapter', () => {
  test('wants the client hash, or null on purpose', () => {
    const create = () =>
      // @ts-expect-error clientHash is missing
      createPortalApi({ baseUrl: 'https://portal.example', portalAccessCode: 'P', accessToken: () => 't' })
    expectTypeOf(create).returns.toMatchTypeOf<PortalApi>()
  })

  test('has a method for each slot that writes', () => {
    expectTypeOf<WriteOperation>().toMatchTypeOf<keyof PortalApi>()
  })
})

describe('a machine that runs alone', () => {
  test('has the screens that it can show, and no other machine’s', () => {
    const screenIn = (snapshot: SnapshotFrom<Machines['sessions']>) => screenOf(snapshot)
    expectTypeOf(screenIn).returns.toEqualTypeOf<ScreenAlone<SessionsScreen, SessionsOutput>>()
    type Names<Name extends keyof Machines> = ScreenFrom<SnapshotFrom<Machines[Name]>>['name']
    type Always = 'loading' | 'broken' | 'crashed' | 'finished'
    expectTypeOf<Names<'invitations'>>().toEqualTypeOf<'invitations' | Always>()
    expectTypeOf<Names<'mfa'>>().toEqualTypeOf<'mfa' | 'otpEnrollment' | Always>()
    expectTypeOf<Names<'otpEnrollment'>>().toEqualTypeOf<'otpEnrollment' | Always>()
    expectTypeOf<Names<'ipWhitelist'>>().toEqualTypeOf<'ipWhitelist' | Always>()
    expectTypeOf<Names<'whitelistChange'>>().toEqualTypeOf<'whitelistChange' | Always>()
    expectTypeOf<Names<'sessions'>>().toEqualTypeOf<'sessions' | Always>()
    expectTypeOf<Names<'workspace'>>().toEqualTypeOf<'workspace' | Always>()
  })

  test('as the security center has cards that their names tell apart', () => {
    const cardsIn = (screen: ScreenFrom<SnapshotFrom<Machines['securityCenter']>>) =>
      screen.name === 'securityCenter' ? screen.cards.sessions.screen : null
    expectTypeOf(cardsIn).returns.extract<{ readonly name: 'sessions' }>().toEqualTypeOf<SessionsScreen>()
    // @ts-expect-error several of its machines are at work at once
    const stepIn = (snapshot: SnapshotFrom<Machines['securityCenter']>) => activeStep(snapshot)
    expectTypeOf(stepIn).toBeFunction()
  })

  test('ends with an output of its own', () => {
    const outputIn = (screen: ScreenFrom<SnapshotFrom<Machines['mfa']>>) =>
      screen.name === 'finished' ? screen.output : null
    expectTypeOf(outputIn).returns.toEqualTypeOf<MfaOutput | null>()
  })

  test('has at work inside it what it invokes', () => {
    const insideMfa = (snapshot: SnapshotFrom<Machines['mfa']>) => activeStep(snapshot)
    const insideSessions = (snapshot: SnapshotFrom<Machines['sessions']>) => activeStep(snapshot)
    expectTypeOf(insideMfa).returns.toEqualTypeOf<Extract<ActiveStep, { name: 'otpEnrollment' }> | null>()
    expectTypeOf(insideSessions).returns.toEqualTypeOf<null>()
  })

  test('takes its actions, and a machine that is none of ours does not', () => {
    const click = (sessions: ActorRefFrom<Machines['sessions']>, actor: AnyActorRef) => {
      const screen = screenOf(sessions.getSnapshot())
      if (screen.name !== 'sessions') return
      act(sessions, screen.terminateOthers)
      // @ts-expect-error there is no snapshot of ours in it
      act({ getSnapshot: () => ({ status: 'active' }), send: actor.send }, screen.terminateOthers)
    }
    expectTypeOf(click).toBeFunction()
  })
})

test('an input that no machine knows is an error', () => {
  // @ts-expect-error there is no such policy
  const create = () => createActor(sessionsMachine, { input: { policy: 'always' } })
  expectTypeOf(create).toBeFunction()
})

describe('a machine', () => {
  type Flow = SnapshotFrom<Machines['onboarding']>

  test('has a name, and is typed as before', () => {
    expectTypeOf<Machines['sessions']>().toEqualTypeOf<SessionsMachine>()
    expectTypeOf<typeof sessionsMachine>().toEqualTypeOf<SessionsMachine>()
    expectTypeOf<InputFrom<SessionsMachine>>().toEqualTypeOf<SessionsInput | undefined>()
    expectTypeOf<OutputFrom<SessionsMachine>>().toEqualTypeOf<SessionsOutput>()
    expectTypeOf<SnapshotFrom<SessionsMachine>['context']>().toEqualTypeOf<SessionsContext>()
  })

  test('knows its states and its children', () => {
    const look = (snapshot: Flow) => {
      // @ts-expect-error there is no such state
      snapshot.matches('sleeping')
      // @ts-expect-error nor is there such a tag
      snapshot.hasTag('asleep')
      return snapshot.matches('completed')
    }
    expectTypeOf(look).returns.toBeBoolean()
    const enrollmentIn = (snapshot: SnapshotFrom<Machines['mfa']>) => snapshot.children.otpEnrollment
    expectTypeOf(enrollmentIn).returns.toExtend<AnyActorRef | undefined>()
  })

  test('takes only its own slots', () => {
    const provide = (machines: Machines) => {
      machines.onboarding.provide({ actors: { sessions: sessionsMachine } })
      // @ts-expect-error there is no such slot
      machines.onboarding.provide({ actors: { sleep: sessionsMachine } })
      // @ts-expect-error another machine's
      machines.onboarding.provide({ actors: { mfa: sessionsMachine } })
    }
    expectTypeOf(provide).toBeFunction()
  })
})

describe('steps of a host’s own', () => {
  type Terms = ReturnType<typeof createTermsMachine>
  type Flow = OnboardingMachineWith<{ terms: Terms }>
  type Own = SnapshotFrom<Flow>

  test('are named in `order` and `policy`, and no other is', () => {
    expectTypeOf<{ order: ['terms', 'mfa']; policy: { terms: 'require' } }>().toExtend<InputFrom<Flow>>()
    expectTypeOf<{ order: ['term'] }>().not.toExtend<InputFrom<Flow>>()
    // @ts-expect-error there is no such step
    const create = (flow: Flow) => createActor(flow, { input: { policy: { term: 'require' } } })
    expectTypeOf(create).toBeFunction()
  })

  test('are on screen with an actor that takes the step’s own events', () => {
    const accept = (snapshot: Own) => {
      const screen = screenOf(snapshot)
      if (screen.name !== 'custom') return null
      screen.actor.send({ type: 'terms.accept' })
      // @ts-expect-error no event of this step
      screen.actor.send({ type: 'terms.decline' })
      return screen.step
    }
    expectTypeOf(accept).returns.toEqualTypeOf<'terms' | null>()
    const step = (snapshot: Own) => activeStep(snapshot)?.name
    expectTypeOf<'terms'>().toExtend<ReturnType<typeof step>>()
    const name = (snapshot: Own) => stepsOf(snapshot)[0]?.name
    expectTypeOf(name).returns.toEqualTypeOf<StepName | 'terms' | undefined>()
  })

  test('are told in the output', () => {
    type Completed = Extract<OutputFrom<Flow>, { outcome: 'completed' }>
    expectTypeOf<Completed['skippedSteps'][number]>().toEqualTypeOf<StepName | 'terms'>()
  })

  test('leave a flow without any as it is', () => {
    expectTypeOf<Extract<ScreenFrom<SnapshotFrom<OnboardingMachine>>, { name: 'custom' }>>().toBeNever()
  })

  test('are machines with the input, events, tags, and output of a step', () => {
    type Types = { output: StepOutput; events: OwnStepEvent; tags: StatusTag }
    const of = <Own>() => ({}) as Own
    const add = (onboarding: OnboardingMachine) => {
      const good = setup({ types: of<Types>() }).createMachine({})
      const noOutput = setup({ types: of<Omit<Types, 'output'> & { output: number }>() }).createMachine({})
      const noSkip = setup({ types: of<Omit<Types, 'events'> & { events: { type: 'step.finish' } }>() }).createMachine(
        {},
      )
      const noTag = setup({ types: of<Omit<Types, 'tags'> & { tags: 'thinking' }>() }).createMachine({})
      const greedy = setup({ types: of<Types & { input: { version: number } }>() }).createMachine({})
      withSteps(onboarding, { good })
      // @ts-expect-error an output that is none of a step
      withSteps(onboarding, { noOutput })
      // @ts-expect-error it cannot be skipped
      withSteps(onboarding, { noSkip })
      // @ts-expect-error it says by no tag of ours how it stands
      withSteps(onboarding, { noTag })
      // @ts-expect-error it wants what the flow has not
      withSteps(onboarding, { greedy })
      // @ts-expect-error no machine
      withSteps(onboarding, { own: fromPromise(async () => {}) })
    }
    expectTypeOf(add).toBeFunction()
  })
})
