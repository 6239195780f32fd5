import { type AnyActor, type AnyActorRef, type AnyStateMachine, assign, setup } from 'xstate'
import { clientFailure, type Failure, PortalError } from '../src/domain/failure.ts'
import type { AcceptedInvitation } from '../src/domain/invitations.ts'
import { routeWithoutWorkspaces } from '../src/domain/next-action.ts'
import {
  initialDataFor,
  isAllRead,
  isNeeded,
  isNeededAhead,
  isOtpOnBy,
  isPassedOver,
  isReadFor,
  needs,
  type OnboardingOutput,
  type OnboardingReads,
  readValue,
  resultOf,
  routeBy,
  type StepResult,
  type StepResults,
  withoutSpent,
} from '../src/domain/onboarding.ts'
import {
  defaultOrder,
  type OnboardingPolicy,
  readBizId,
  readDuration,
  readOnboardingPolicy,
  readOrder,
  type StepName,
} from '../src/domain/policy.ts'
import { optionalOperations } from '../src/domain/portal-api.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import type { UnconfirmedChange } from '../src/domain/whitelist-change.ts'
import type { Route } from '../src/domain/workspaces.ts'
import { charts } from './charts.ts'
import { failureOf, resultsOf } from './events.ts'
import { invitationsMachine } from './invitations.ts'
import { late, loadSteps } from './late.ts'
import {
  detectRestore,
  getIpWhitelist,
  lacks,
  listInvitations,
  listMfaMethods,
  listSessions,
  listWorkspaces,
} from './slots.ts'
import type { StatusTag } from './step.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `onboardingMachine` knows: its settings, what was read at the start, and what the steps have come to. */
export interface OnboardingContext {
  /** The policy of each step. */
  readonly policy: OnboardingPolicy
  /** The steps that are visited, in this order. */
  readonly order: readonly StepName[]
  /** How long a whitelist change may wait for its confirmation, in ms; undefined: the default of 60,000. */
  readonly confirmWithinMs: number | undefined
  /** The invitation that a link has named; null if there was none. */
  readonly linkedBizId: string | null
  /** What was read at the start. */
  readonly reads: OnboardingReads
  /** The steps whose machines are loaded. */
  readonly loadedSteps: readonly StepName[]
  /** Has a step been at work since the workspaces were asked for? Then they may have changed. */
  readonly areWorkspacesStale: boolean
  /** Was OTP turned on or off since the sessions were asked for? A portal may replace the session then. */
  readonly areSessionsStale: boolean
  /** How the steps so far were left. */
  readonly results: StepResults
  /** The accepted invitations, in the order of acceptance. */
  readonly acceptedInvitations: readonly AcceptedInvitation[]
  /** Is OTP on? Null until `mfa` was left, and where it is not known. */
  readonly otpEnabled: boolean | null
  /** Is the whitelist enforced? Null until `ipWhitelist` was left, and where it is not known. */
  readonly ipWhitelistEnabled: boolean | null
  /** How many sessions the flow has ended. */
  readonly sessionsTerminated: number
  /** Where to take the user; null until that is clear. */
  readonly route: Route | null
  /** A whitelist change that may be in force though nobody confirmed it; null if there is none. */
  readonly unconfirmedChange: UnconfirmedChange | null
  /** Why the flow stopped or ended; null if nothing failed. */
  readonly failure: Failure | null
}

/** What `onboardingMachine` takes itself; the events of a step go to the actor of that step (`activeStep`). */
export type OnboardingEvent =
  /** Ends the flow at once, even out of a required step. */
  | { type: 'onboarding.cancel' }
  /** For the root itself, where a step broke down: tries that step again. */
  | { type: 'retry' }
  /** For the root itself, where a step broke down: goes on without it, unless it is required. */
  | { type: 'step.skip' }
  | { type: 'step.finish' }
  | { type: 'restored' }

/** What `onboardingMachine` starts with; every part has a default. */
export interface OnboardingInput {
  /** The policies that differ from the default, which is `offer` for each step. */
  readonly policy?: Partial<OnboardingPolicy> | undefined
  /** Default: invitations, mfa, ipWhitelist, sessions, workspace. A step that is left out is not visited. */
  readonly order?: readonly StepName[] | undefined
  /** How long a whitelist change waits for its confirmation before it is undone, in ms; default 60,000. */
  readonly confirmWithinMs?: number | undefined
  /**
   * The invitation that a link in an e-mail has named. Its step shows it first, and alone, or says why not. The place
   * of the step does not change, but with a link an empty inbox is shown, too.
   */
  readonly invitationBizId?: string | undefined
  /** What an earlier flow of the account has come to that cannot go on; see `DurableHost.beginAfresh`. */
  readonly carried?: CarriedOver | undefined
}

/** What a flow leaves to the next one of the account. */
export interface CarriedOver {
  /** The accepted invitations, in the order of acceptance: they decide the route. */
  readonly acceptedInvitations?: readonly AcceptedInvitation[] | undefined
  /** A whitelist change that may be in force though nobody confirmed it. */
  readonly unconfirmedChange?: UnconfirmedChange | null | undefined
}

const actors = {
  detectRestore,
  listInvitations,
  listMfaMethods,
  getIpWhitelist,
  listSessions,
  listWorkspaces,
  loadSteps,
  invitations: invitationsMachine,
  mfa: late(charts.mfa),
  ipWhitelist: late(charts.ipWhitelist),
  sessions: late(charts.sessions),
  workspace: late(charts.workspace),
}

/** What each invoke runs. */
type OnboardingInvokes = { [Step in StepName]: Step } & {
  'onboarding.detectRestore': 'detectRestore'
  'onboarding.readInvitations': 'listInvitations'
  'onboarding.readMethods': 'listMfaMethods'
  'onboarding.readWhitelist': 'getIpWhitelist'
  'onboarding.readSessions': 'listSessions'
  'onboarding.readWorkspaces': 'listWorkspaces'
  'onboarding.loadAhead': 'loadSteps'
  'onboarding.loadNext': 'loadSteps'
}

const { outputOf, snapshotOf } = resultsOf<typeof actors, OnboardingInvokes>()

/** The steps whose machines come with this one. */
const stepsAtHand = defaultOrder.filter((step) => !(step in charts))

/** A guard on the step that is next; behind the last one it does not hold. */
const ofNext =
  (rule: (step: StepName, context: OnboardingContext) => boolean) =>
  ({ context }: { context: OnboardingContext }) => {
    const step = nextStep(context)
    return step !== null && rule(step, context)
  }

const chart = setup({
  types: {
    context: {} as OnboardingContext,
    events: {} as OnboardingEvent,
    input: {} as OnboardingInput | undefined,
    output: {} as OnboardingOutput,
    tags: {} as StatusTag,
    children: {} as OnboardingInvokes,
  },
  schemas: { context: 'onboarding' },
  actors,
  guards: {
    isNext: ({ context }, params: { step: StepName }) => nextStep(context) === params.step,
    isNoneLeft: ({ context }) => nextStep(context) === null && isAllRead(context),
    isAllRead: ({ context }) => isAllRead(context),
    isNeeded: ({ context }, params: { part: keyof OnboardingReads }) => isNeeded(params.part, context),
    isNextUnloaded: ofNext((step, { loadedSteps }) => !loadedSteps.includes(step)),
    isNextUnwanted: ofNext((step, { policy }) => policy[step] === 'skip'),
    isNextUnread: ({ context }) => !isNextRead(context),
    isNextRead: ({ context }) => isNextRead(context),
    needWorkspacesAnew: ofNext(
      (step, { policy, areWorkspacesStale }) => step === 'workspace' && policy[step] !== 'skip' && areWorkspacesStale,
    ),
    needSessionsAnew: ({ context }) => context.areSessionsStale && isNeededAhead('sessions', context),
    hasNextNothingToDo: ofNext((step, { policy, reads, acceptedInvitations, linkedBizId }) =>
      isPassedOver(step, policy[step], reads, acceptedInvitations, linkedBizId),
    ),
    isNextOptional: ofNext((step, { policy }) => policy[step] !== 'require'),
    isSignedOut: ({ event }) => outputOf(event, ...defaultOrder).outcome === 'signedOut',
  },
  actions: {
    keepInvitations: assign(({ context, event }) => ({
      reads: { ...context.reads, invitations: { value: outputOf(event, 'onboarding.readInvitations') } },
    })),
    keepMethods: assign(({ context, event }) => ({
      reads: { ...context.reads, methods: { value: outputOf(event, 'onboarding.readMethods') } },
    })),
    keepWhitelist: assign(({ context, event }) => ({
      reads: { ...context.reads, whitelist: { value: outputOf(event, 'onboarding.readWhitelist') } },
    })),
    keepSessions: assign(({ context, event }) => ({
      reads: { ...context.reads, sessions: { value: outputOf(event, 'onboarding.readSessions') } },
    })),
    keepWorkspaces: assign(({ context, event }) => ({
      reads: { ...context.reads, workspaces: { value: outputOf(event, 'onboarding.readWorkspaces') } },
    })),
    keepReadFailure: assign(({ context, event }, params: { part: keyof OnboardingReads }) => ({
      reads: { ...context.reads, [params.part]: { failure: failureOf(event) } },
    })),
    forgetReads: assign({ reads: {} }),
    forgetLoaded: assign({ loadedSteps: stepsAtHand }),
    // Who waits for a step that is being loaded ahead hears of it twice.
    keepLoaded: assign(({ context, event }) => ({
      loadedSteps: [
        ...new Set([...context.loadedSteps, ...outputOf(event, 'onboarding.loadAhead', 'onboarding.loadNext')]),
      ],
    })),
    forgetWorkspaces: assign(({ context }) => {
      const { workspaces: _former, ...reads } = context.reads
      return { reads, areWorkspacesStale: false }
    }),
    markWorkspacesStale: assign({ areWorkspacesStale: true }),
    forgetSessions: assign(({ context }) => {
      const { sessions: _former, ...reads } = context.reads
      return { reads, areSessionsStale: false }
    }),
    passOver: assign(({ context }) => withResult(context, 'done')),
    skip: assign(({ context }) => withResult(context, 'skipped')),
    clearFailure: assign({ failure: null }),
    watchInvitations: assign(({ event }) => ({
      acceptedInvitations: snapshotOf(event, 'invitations').context.acceptedInvitations,
    })),
    watchWhitelist: assign(({ event }) => ({
      unconfirmedChange: snapshotOf(event, 'ipWhitelist').context.unconfirmedChange,
    })),
    // XState emits a snapshot only when something is assigned; a host that watches the root alone must hear of every change below it.
    republish: assign({}),
    keepStepFailure: assign(({ event }) => ({ failure: outputOf(event, ...defaultOrder).failure })),
    keepBreakdown: assign(({ event }) => ({ failure: failureOf(event) })),
    closeInvitations: assign(({ context, event }) => {
      const { acceptedInvitations, ...end } = outputOf(event, 'invitations')
      return { ...withResult(context, resultOf(end)), acceptedInvitations }
    }),
    closeMfa: assign(({ context, event }) => {
      const { otpEnabled, ...end } = outputOf(event, 'mfa')
      const areSessionsStale = context.areSessionsStale || otpEnabled !== isOtpOnBy(context.reads)
      return { ...withResult(context, resultOf(end)), otpEnabled, areSessionsStale }
    }),
    closeIpWhitelist: assign(({ context, event }) => {
      const { ipWhitelistEnabled, unconfirmedChange, ...end } = outputOf(event, 'ipWhitelist')
      return { ...withResult(context, resultOf(end)), ipWhitelistEnabled, unconfirmedChange }
    }),
    closeSessions: assign(({ context, event }) => {
      const { sessionsTerminated, ...end } = outputOf(event, 'sessions')
      return { ...withResult(context, resultOf(end)), sessionsTerminated }
    }),
    closeWorkspace: assign(({ context, event }) => {
      const { route, ...end } = outputOf(event, 'workspace')
      return { ...withResult(context, resultOf(end)), route }
    }),
  },
}).createMachine({
  id: 'onboarding',
  description: 'From a successful login to the right workspace: runs the steps in order, each in its own machine.',
  context: ({ input, self }) => ({
    ...readPlan(self, input),
    confirmWithinMs:
      input?.confirmWithinMs === undefined
        ? undefined
        : readDuration(input.confirmWithinMs, 'confirmWithinMs', input.confirmWithinMs),
    linkedBizId: readBizId(input?.invitationBizId, 'invitationBizId'),
    reads: {},
    loadedSteps: stepsAtHand,
    areWorkspacesStale: false,
    areSessionsStale: false,
    results: {},
    acceptedInvitations: input?.carried?.acceptedInvitations ?? [],
    otpEnabled: null,
    ipWhitelistEnabled: null,
    sessionsTerminated: 0,
    route: null,
    unconfirmedChange: input?.carried?.unconfirmedChange ?? null,
    failure: null,
  }),
  invoke: {
    id: 'onboarding.detectRestore',
    src: 'detectRestore',
    input: () => ({ ticket: issueTicket() }),
    onError: {},
  },
  on: { 'onboarding.cancel': { target: '.cancelled' } },
  initial: 'flow',
  states: {
    flow: {
      type: 'parallel',
      states: {
        reads: {
          description: 'Reads the initial data of the steps that may be shown, in parallel, and again after a restore.',
          type: 'parallel',
          states: {
            invitations: {
              initial: 'unneeded',
              states: {
                unneeded: {
                  always: { guard: { type: 'isNeeded', params: { part: 'invitations' } }, target: 'reading' },
                },
                reading: {
                  invoke: {
                    id: 'onboarding.readInvitations',
                    src: 'listInvitations',
                    onDone: { target: 'read', actions: 'keepInvitations' },
                    onError: { target: 'read', actions: { type: 'keepReadFailure', params: { part: 'invitations' } } },
                  },
                },
                read: {},
              },
            },
            methods: {
              initial: 'unneeded',
              states: {
                unneeded: { always: { guard: { type: 'isNeeded', params: { part: 'methods' } }, target: 'reading' } },
                reading: {
                  invoke: {
                    id: 'onboarding.readMethods',
                    src: 'listMfaMethods',
                    onDone: { target: 'read', actions: 'keepMethods' },
                    onError: { target: 'read', actions: { type: 'keepReadFailure', params: { part: 'methods' } } },
                  },
                },
                read: {},
              },
            },
            whitelist: {
              initial: 'unneeded',
              states: {
                unneeded: { always: { guard: { type: 'isNeeded', params: { part: 'whitelist' } }, target: 'reading' } },
                reading: {
                  invoke: {
                    id: 'onboarding.readWhitelist',
                    src: 'getIpWhitelist',
                    onDone: { target: 'read', actions: 'keepWhitelist' },
                    onError: { target: 'read', actions: { type: 'keepReadFailure', params: { part: 'whitelist' } } },
                  },
                },
                read: {},
              },
            },
            sessions: {
              description: 'A step may change the one in use.',
              initial: 'unneeded',
              states: {
                unneeded: { always: { guard: { type: 'isNeeded', params: { part: 'sessions' } }, target: 'reading' } },
                reading: {
                  entry: 'forgetSessions',
                  invoke: {
                    id: 'onboarding.readSessions',
                    src: 'listSessions',
                    onDone: { target: 'read', actions: 'keepSessions' },
                    onError: { target: 'read', actions: { type: 'keepReadFailure', params: { part: 'sessions' } } },
                  },
                },
                read: { always: { guard: 'needSessionsAnew', target: 'reading' } },
              },
            },
            workspaces: {
              description: 'Steps may change them, and the route needs a fresh list.',
              initial: 'unneeded',
              states: {
                unneeded: {
                  always: { guard: { type: 'isNeeded', params: { part: 'workspaces' } }, target: 'reading' },
                },
                reading: {
                  entry: 'forgetWorkspaces',
                  invoke: {
                    id: 'onboarding.readWorkspaces',
                    src: 'listWorkspaces',
                    onDone: { target: 'read', actions: 'keepWorkspaces' },
                    onError: { target: 'read', actions: { type: 'keepReadFailure', params: { part: 'workspaces' } } },
                  },
                },
                read: { always: { guard: 'needWorkspacesAnew', target: 'reading' } },
              },
            },
          },
          on: {
            restored: {
              target: ['.invitations', '.methods', '.whitelist', '.sessions', '.workspaces'],
              actions: 'forgetReads',
            },
          },
        },

        machines: {
          description: 'Loads the machines of the steps ahead while the user is at the first one.',
          initial: 'waiting',
          states: {
            waiting: { entry: 'forgetLoaded', always: { guard: 'isAllRead', target: 'loading' } },
            loading: {
              invoke: {
                id: 'onboarding.loadAhead',
                src: 'loadSteps',
                input: ({ context }) => ({ steps: stepsAhead(context) }),
                onDone: { target: 'ready', actions: 'keepLoaded' },
                onError: { target: 'ready', description: 'Each is loaded when its turn comes.' },
              },
            },
            ready: {},
          },
          on: { restored: { target: '.waiting' } },
        },

        steps: {
          initial: 'choosingStep',
          states: {
            choosingStep: {
              description: 'Chooses the next step that has something to do.',
              always: [
                { guard: 'isNoneLeft', target: '#onboarding.completed' },
                { guard: 'isNextUnwanted', target: 'choosingStep', reenter: true, actions: 'skip' },
                { guard: 'isNextUnread', target: 'reading' },
                { guard: 'hasNextNothingToDo', target: 'choosingStep', reenter: true, actions: 'passOver' },
                { guard: 'isNextUnloaded', target: 'loading' },
                { guard: { type: 'isNext', params: { step: 'invitations' } }, target: 'invitations' },
                { guard: { type: 'isNext', params: { step: 'mfa' } }, target: 'mfa' },
                { guard: { type: 'isNext', params: { step: 'ipWhitelist' } }, target: 'ipWhitelist' },
                { guard: { type: 'isNext', params: { step: 'sessions' } }, target: 'sessions' },
                { target: 'workspace' },
              ],
            },

            reading: {
              tags: 'busy',
              description: 'Waits for the data of the next step; the data of later ones may take longer.',
              always: { guard: 'isNextRead', target: 'choosingStep' },
            },

            loading: {
              tags: 'busy',
              description:
                'Loads the machine of the next step, where the user was faster or it could not be loaded before.',
              invoke: {
                id: 'onboarding.loadNext',
                src: 'loadSteps',
                input: ({ context }) => ({ steps: stepsToLoad(context) }),
                onDone: { target: 'choosingStep', actions: 'keepLoaded' },
                onError: { target: 'failed', actions: 'keepBreakdown' },
              },
            },

            invitations: {
              tags: 'delegating',
              entry: 'clearFailure',
              exit: 'markWorkspacesStale',
              invoke: {
                id: 'invitations',
                src: 'invitations',
                input: ({ context }) => ({
                  policy: context.policy.invitations,
                  invitationBizId: context.linkedBizId ?? undefined,
                  initialData: {
                    ...initialDataFor(context.reads, 'invitations'),
                    acceptedInvitations: context.acceptedInvitations,
                  },
                }),
                onSnapshot: { actions: 'watchInvitations' },
                onDone: [
                  {
                    guard: 'isSignedOut',
                    target: '#onboarding.signedOut',
                    actions: ['closeInvitations', 'keepStepFailure'],
                  },
                  { target: 'choosingStep', actions: 'closeInvitations' },
                ],
                onError: { target: 'failed', actions: 'keepBreakdown' },
              },
            },

            mfa: {
              tags: 'delegating',
              entry: 'clearFailure',
              exit: 'markWorkspacesStale',
              invoke: {
                id: 'mfa',
                src: 'mfa',
                input: ({ context }) => ({
                  policy: context.policy.mfa,
                  initialData: initialDataFor(context.reads, 'methods'),
                }),
                onSnapshot: { actions: 'republish' },
                onDone: [
                  { guard: 'isSignedOut', target: '#onboarding.signedOut', actions: ['closeMfa', 'keepStepFailure'] },
                  { target: 'choosingStep', actions: 'closeMfa' },
                ],
                onError: { target: 'failed', actions: 'keepBreakdown' },
              },
            },

            ipWhitelist: {
              tags: 'delegating',
              entry: 'clearFailure',
              exit: 'markWorkspacesStale',
              invoke: {
                id: 'ipWhitelist',
                src: 'ipWhitelist',
                input: ({ context }) => ({
                  policy: context.policy.ipWhitelist,
                  confirmWithinMs: context.confirmWithinMs,
                  initialData: {
                    ...initialDataFor(context.reads, 'whitelist'),
                    sessions: readValue(context.reads, 'sessions'),
                    unconfirmedChange: context.unconfirmedChange,
                  },
                }),
                onSnapshot: { actions: 'watchWhitelist' },
                onDone: [
                  {
                    guard: 'isSignedOut',
                    target: '#onboarding.signedOut',
                    actions: ['closeIpWhitelist', 'keepStepFailure'],
                  },
                  { target: 'choosingStep', actions: 'closeIpWhitelist' },
                ],
                onError: { target: 'failed', actions: 'keepBreakdown' },
              },
            },

            sessions: {
              tags: 'delegating',
              entry: 'clearFailure',
              exit: 'markWorkspacesStale',
              invoke: {
                id: 'sessions',
                src: 'sessions',
                input: ({ context }) => ({
                  policy: context.policy.sessions,
                  initialData: initialDataFor(context.reads, 'sessions'),
                }),
                onSnapshot: { actions: 'republish' },
                onDone: [
                  {
                    guard: 'isSignedOut',
                    target: '#onboarding.signedOut',
                    actions: ['closeSessions', 'keepStepFailure'],
                  },
                  { target: 'choosingStep', actions: 'closeSessions' },
                ],
                onError: { target: 'failed', actions: 'keepBreakdown' },
              },
            },

            workspace: {
              tags: 'delegating',
              entry: 'clearFailure',
              exit: 'markWorkspacesStale',
              invoke: {
                id: 'workspace',
                src: 'workspace',
                input: ({ context }) => ({
                  policy: context.policy.workspace,
                  initialData: {
                    ...initialDataFor(context.reads, 'workspaces'),
                    acceptedInvitations: context.acceptedInvitations,
                  },
                }),
                onSnapshot: { actions: 'republish' },
                onDone: [
                  { guard: 'isSignedOut', target: '#onboarding.signedOut', actions: 'keepStepFailure' },
                  { target: 'choosingStep', actions: 'closeWorkspace' },
                ],
                onError: { target: 'failed', actions: 'keepBreakdown' },
              },
            },

            failed: {
              tags: 'failed',
              description:
                'The machine of a step could not be loaded, or has crashed. Ours do not crash, but a host may have replaced one.',
              on: {
                retry: { target: 'choosingStep' },
                'step.finish': { guard: 'isNextOptional', target: 'choosingStep', actions: 'skip' },
                'step.skip': { guard: 'isNextOptional', target: 'choosingStep', actions: 'skip' },
              },
            },
          },
        },
      },
    },

    completed: { type: 'final', output: { outcome: 'completed' } },
    signedOut: { type: 'final', output: { outcome: 'signedOut' } },
    cancelled: { type: 'final', output: { outcome: 'cancelled' } },
  },
  output: ({ context, event }) => outputFor(context, (event.output as Pick<OnboardingOutput, 'outcome'>).outcome),
})

/** @throws PortalError `client.input` for steps or policies that there are not, `client.methodMissing` for a step that cannot be shown. */
export function readPlan(
  self: AnyActorRef,
  input: OnboardingInput | undefined,
  { steps = defaultOrder, own = [] }: { readonly steps?: readonly StepName[]; readonly own?: readonly string[] } = {},
): Pick<OnboardingContext, 'policy' | 'order'> {
  const policy = readOnboardingPolicy(input?.policy, steps)
  const order = readOrder(input?.order, steps)
  const { logic } = self as AnyActor
  for (const step of order) {
    if (policy[step] === 'skip' || own.includes(step) || !(step in optionalOperations)) continue
    checkMethods(logic as AnyStateMachine, step as keyof typeof optionalOperations)
  }
  return { policy, order }
}

function checkMethods(machine: AnyStateMachine, step: keyof typeof optionalOperations): void {
  const names = optionalOperations[step].filter((name) => lacks(machine, name))
  if (names.length === 0) return
  throw new PortalError(
    clientFailure('methodMissing', 'config', { field: `order.${step}` }),
    `order: the step ${step} needs ${names.join(', ')}, which this PortalApi lacks; add the methods, or leave the step out of the order`,
  )
}

const nextStep = ({ order, results }: OnboardingContext): StepName | null =>
  order.find((step) => results[step] === undefined) ?? null

const stepsToLoad = (context: OnboardingContext) => {
  const step = nextStep(context)
  return step === null ? [] : [step]
}

/** The steps to come that have something to do, as far as is known. */
const stepsAhead = ({ order, results, policy, reads, acceptedInvitations, linkedBizId }: OnboardingContext) =>
  order.filter(
    (step) =>
      results[step] === undefined &&
      policy[step] !== 'skip' &&
      !isPassedOver(step, policy[step], reads, acceptedInvitations, linkedBizId),
  )

/** What the next step needs; at the end, what the output tells. */
const isNextRead = (context: OnboardingContext) => {
  const step = nextStep(context)
  if (step === null) return isAllRead(context)
  const isStale =
    step === 'workspace' ? context.areWorkspacesStale : context.areSessionsStale && needs(step, 'sessions')
  return isReadFor(step, context.reads) && !isStale
}

/** The context once its next step was left like this. */
export const withResult = (context: OnboardingContext, result: StepResult) => {
  const step = nextStep(context)
  if (step === null) return {}
  const results = { ...context.results, [step]: result }
  return { results, reads: withoutSpent({ ...context, results }) }
}

function outputFor(context: OnboardingContext, outcome: OnboardingOutput['outcome']): OnboardingOutput {
  const { acceptedInvitations, failure, results, sessionsTerminated, unconfirmedChange } = context
  if (outcome !== 'completed') return { outcome, failure, acceptedInvitations, unconfirmedChange }
  return {
    outcome,
    route: context.route ?? routeOf(context),
    acceptedInvitations,
    otpEnabled: context.otpEnabled ?? isOtpOnBy(context.reads),
    ipWhitelistEnabled: context.ipWhitelistEnabled ?? readValue(context.reads, 'whitelist')?.enabled ?? null,
    sessionsTerminated,
    skippedSteps: context.order.filter((step) => results[step] === 'skipped'),
    unconfirmedChange,
  }
}

/** The route where the workspace step was passed over, because it was clear, or left out, so that only an acceptance can name one. */
const routeOf = ({ acceptedInvitations, reads, results }: OnboardingContext): Route => {
  const route = results.workspace === 'done' ? routeBy(reads, acceptedInvitations) : null
  return route ?? routeWithoutWorkspaces(acceptedInvitations)
}

type Chart = typeof chart

/** The type of `onboardingMachine`, named so that the declarations of a host stay short. */
export interface OnboardingMachine extends Chart {}

/**
 * The whole flow: reads the account, then runs the steps in their order, each by its own machine. It ends with an
 * `OnboardingOutput`. Its actor slots are empty: take it from `createMachines`, or fill them by `fromRead` and `fromWrite`.
 *
 * @example
 * ```ts
 * const flow = createActor(machines.onboarding, { input: { policy: { mfa: 'require' }, confirmWithinMs: 30_000 } })
 * flow.start()
 * flow.send({ type: 'onboarding.cancel' })
 * flow.getSnapshot().output?.outcome // => 'cancelled'
 * ```
 */
export const onboardingMachine: OnboardingMachine = withCheckedSlots(chart)
