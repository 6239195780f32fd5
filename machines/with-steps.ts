import {
  type ActorRefFromLogic,
  type AnyActorRef,
  type AnyStateMachine,
  type AnyStateNode,
  assign,
  type EventObject,
  type MetaObject,
  type ParameterizedObject,
  type ProvidedActor,
  type SnapshotFrom,
  StateMachine,
  type StateSchema,
} from 'xstate'
import { clientFailure, isFailure, PortalError } from '../src/domain/failure.ts'
import { type OnboardingOutput, resultOf, type StepResult } from '../src/domain/onboarding.ts'
import { defaultOrder, mayLeaveStep, type Policy, type StepName } from '../src/domain/policy.ts'
import { isRecord } from '../src/domain/record.ts'
import {
  type OnboardingContext,
  type OnboardingEvent,
  type OnboardingInput,
  type OnboardingMachine,
  onboardingMachine,
  readPlan,
  withResult,
} from './onboarding.ts'
import type { StatusTag, StepMachine, StepOutput } from './step.ts'
import { isMachine, withCheckedSlots, withSlots } from './with-slots.ts'

/** Steps of a host's own, by name. */
export type StepMachines = Readonly<Record<string, StepMachine>>

/** The name of a step, of ours or of a host's own. */
export type StepNameWith<Steps> = StepName | (keyof Steps & string)

/** What the root knows that has steps of a host's own. */
export interface OnboardingContextWith<Steps>
  extends Omit<OnboardingContext, 'policy' | 'order' | 'loadedSteps' | 'results'> {
  /** The policy of each step. */
  readonly policy: Readonly<Record<StepNameWith<Steps>, Policy>>
  /** The steps that are visited, in this order. */
  readonly order: readonly StepNameWith<Steps>[]
  /** The steps whose machines are loaded. */
  readonly loadedSteps: readonly StepNameWith<Steps>[]
  /** How the steps so far were left. */
  readonly results: { readonly [Name in StepNameWith<Steps>]?: StepResult }
  /** For the compiler only: the machines of these steps. No context has a value here. */
  readonly steps?: Steps
}

/** What it starts with. */
export interface OnboardingInputWith<Steps> extends Omit<OnboardingInput, 'policy' | 'order'> {
  /** The policies that differ from the default, which is `offer` for each step. */
  readonly policy?: { readonly [Name in StepNameWith<Steps>]?: Policy } | undefined
  /** Default: the added steps, then ours. A step that is left out is not visited. */
  readonly order?: readonly StepNameWith<Steps>[] | undefined
}

type Completed = Extract<OnboardingOutput, { outcome: 'completed' }>

/** What it ends with. */
export type OnboardingOutputWith<Steps> =
  | (Omit<Completed, 'skippedSteps'> & { readonly skippedSteps: readonly StepNameWith<Steps>[] })
  | Exclude<OnboardingOutput, Completed>

type Root = SnapshotFrom<OnboardingMachine>

/** The root with steps of a host's own, as `withSteps` makes it. */
export interface OnboardingMachineWith<Steps extends StepMachines>
  extends StateMachine<
    OnboardingContextWith<Steps>,
    OnboardingEvent,
    Omit<Root['children'], keyof Steps> & { [Name in keyof Steps & string]?: ActorRefFromLogic<Steps[Name]> },
    ProvidedActor,
    ParameterizedObject,
    ParameterizedObject,
    string,
    Root['value'],
    StatusTag,
    OnboardingInputWith<Steps> | undefined,
    OnboardingOutputWith<Steps>,
    EventObject,
    MetaObject,
    StateSchema
  > {}

/**
 * The whole flow with steps of your own: `steps` names the machines that are added, or put in the place of one of ours.
 * `order` and `policy` of the input then know their names. Without an `order`, the added ones come first.
 *
 * A step of your own is treated as ours are. Under `offer` it is shown, unless its machine ends at once: nobody else
 * knows whether it has something to do. Under `require` it is `broken` if it ends before its aim holds.
 *
 * @throws PortalError `client.option`, its `field` the step, where a name is taken or is none, or where a machine takes
 * not the events of a step, has a state that says by no `StatusTag` how it stands, or has no output.
 *
 * @example
 * ```ts
 * const terms = setup({ types: { output: {} as StepOutput, tags: {} as StatusTag } }).createMachine({
 *   initial: 'asking',
 *   states: {
 *     asking: { tags: 'resting', on: { 'step.skip': 'over', 'step.finish': 'over' } },
 *     over: { type: 'final' },
 *   },
 *   output: { outcome: 'done', failure: null, aimHolds: true },
 * })
 * const onboarding = withSteps(machines.onboarding, { terms })
 * const flow = createActor(onboarding, { input: { order: ['terms', 'mfa'], policy: { terms: 'require' } } }).start()
 * flow.getSnapshot().context.policy.terms // => 'require'
 * ```
 */
export function withSteps<const Steps extends StepMachines>(
  onboarding: OnboardingMachine,
  steps: Steps,
): OnboardingMachineWith<Steps> {
  const names = Object.keys(steps)
  for (const name of names) checkStep(name, steps[name])
  const { actions, actors, guards } = onboarding.implementations
  const slots = { actions, guards, actors: { ...actors, ...steps } } as Parameters<OnboardingMachine['provide']>[0]
  return withSlots(chartWith(names), slots) as unknown as OnboardingMachineWith<Steps>
}

const isOurs = (name: string): name is StepName => defaultOrder.includes(name as StepName)

/** Machines that a step could be confused with: an action has the name of its machine. */
const MACHINES = ['onboarding', 'otpEnrollment', 'whitelistChange', 'securityCenter']

function checkStep(name: string, machine: unknown): void {
  if (!/^[a-z]\w*$/i.test(name)) refuse(name, 'a step is named by letters and digits')
  const isTaken = MACHINES.includes(name) || name in onboardingMachine.implementations.actors || name in region().states
  if (!isOurs(name) && isTaken) refuse(name, 'this name is taken; choose another one')
  if (!isMachine(machine)) refuse(name, 'expected a machine of XState')
  for (const type of ['step.finish', 'step.skip']) {
    if (!takes(machine, type)) refuse(name, `the machine takes no ${type}`)
  }
  if (!isTagged(machine.root)) refuse(name, `a state of the machine has none of the tags ${STATUS_TAGS.join(', ')}`)
  if (machine.root.output === undefined) refuse(name, 'the machine has no output')
}

function refuse(step: string, problem: string): never {
  const field = `steps.${step}`
  throw new PortalError(clientFailure('option', 'config', { field }), `withSteps: ${field}: ${problem}`)
}

const takes = ({ events }: AnyStateMachine, type: string) =>
  events.some((known: string) => known === type || (known.endsWith('*') && type.startsWith(known.slice(0, -1))))

const STATUS_TAGS: readonly string[] = [
  'busy',
  'resting',
  'failed',
  'coolingDown',
  'steppingUp',
  'delegating',
] satisfies StatusTag[]

/** Has it a tag wherever it can stay? Of regions side by side, one is enough. */
function isTagged({ always, states, tags, type }: AnyStateNode): boolean {
  if (type === 'final' || type === 'history' || always?.some(({ guard }) => guard === undefined)) return true
  if (tags.some((tag) => STATUS_TAGS.includes(tag))) return true
  const inner = Object.values<AnyStateNode>(states)
  return type === 'parallel' ? inner.some(isTagged) : inner.length > 0 && inner.every(isTagged)
}

interface StateConfig {
  readonly states: Readonly<Record<string, StateConfig>> & {
    readonly choosingStep: StateConfig
    readonly sessions: StateConfig
  }
  readonly always: readonly object[]
  readonly invoke: object
}

const region = () => onboardingMachine.config.states?.flow?.states?.steps as unknown as StateConfig

/** The state that runs a step: as the one that there is, but it relies on nothing that only our machine tells. */
const stateOf = (step: string, { invoke, ...state }: StateConfig) => ({
  ...state,
  invoke: {
    ...(isOurs(step) ? invoke : { input: ({ context }: Given) => ({ policy: context.policy[step as StepName] }) }),
    id: step,
    src: step,
    onSnapshot: { actions: { type: 'watchStep', params: { step } } },
    onDone: [
      { guard: 'isEndUnreadable', target: 'failed', actions: 'keepUnreadable' },
      {
        guard: 'isStepSignedOut',
        target: '#onboarding.signedOut',
        actions: [{ type: 'closeStep', params: { step } }, 'keepEndFailure'],
      },
      { guard: { type: 'isLeftTooSoon', params: { step } }, target: 'failed', actions: 'refuseLeaving' },
      { target: 'choosingStep', actions: { type: 'closeStep', params: { step } } },
    ],
    onError: { target: 'failed', actions: 'keepBreakdown' },
  },
})

interface Given {
  readonly context: OnboardingContext
  readonly event: EventObject & { readonly output?: unknown; readonly snapshot?: { readonly context?: unknown } }
}

interface OfStep {
  readonly step: string
}

const endIn = ({ event }: Given) => event.output as StepOutput

const outcomes: readonly unknown[] = ['done', 'skipped', 'signedOut', 'cancelled'] satisfies StepOutput['outcome'][]

const guards = {
  isEndUnreadable: ({ event }: Given) => !isRecord(event.output) || !outcomes.includes(event.output.outcome),
  isStepSignedOut: (end: Given) => endIn(end).outcome === 'signedOut',
  isLeftTooSoon: (end: Given, { step }: OfStep) =>
    !mayLeaveStep(end.context.policy[step as StepName], endIn(end).aimHolds === true),
}

/** What a step of ours tells the root beside its end; a machine in its place may, too. */
const tells: Readonly<Record<StepName, readonly string[]>> = {
  invitations: ['acceptedInvitations'],
  mfa: ['otpEnabled'],
  ipWhitelist: ['ipWhitelistEnabled', 'unconfirmedChange'],
  sessions: ['sessionsTerminated'],
  workspace: ['route'],
}

const toldBy = (source: unknown, { step }: OfStep): Partial<OnboardingContext> => {
  const fields = isOurs(step) && isRecord(source) ? tells[step].map((name) => [name, source[name]] as const) : []
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined))
}

type Assigned = Partial<OnboardingContext>

const assigned = (change: (given: Given, params: OfStep) => Assigned) =>
  assign<OnboardingContext, EventObject, OfStep, EventObject, ProvidedActor>(change)

const actions = {
  watchStep: assigned(({ event }, params) => toldBy(event.snapshot?.context, params)),
  closeStep: assigned((end, params) => ({
    ...withResult(end.context, resultOf(endIn(end))),
    ...toldBy(endIn(end), params),
  })),
  keepEndFailure: assigned((end) => ({ failure: isFailure(endIn(end).failure) ? endIn(end).failure : null })),
  keepUnreadable: assigned(() => ({ failure: clientFailure('stepUnreadable', 'config') })),
  refuseLeaving: assigned(() => ({ failure: clientFailure('stepRequired', 'invalid') })),
}

/** By the names of the steps: the states of a chart are built once. */
const charts = new Map<string, OnboardingMachine>()

function chartWith(names: readonly string[]): OnboardingMachine {
  const key = names.join()
  const chart = charts.get(key) ?? buildChart(names)
  charts.set(key, chart)
  return chart
}

/** The chart of the root, with a state for each of these steps, as its own steps have one. */
function buildChart(names: readonly string[]): OnboardingMachine {
  const { config, implementations } = onboardingMachine
  const added = names.filter((name) => !isOurs(name))
  const all = [...added, ...defaultOrder] as StepName[]
  const { flow } = config.states as unknown as StateConfig['states']
  const steps = region()
  const { choosingStep, sessions } = steps.states
  const branches = added.map((step) => ({ guard: { type: 'isNext', params: { step } }, target: step }))
  const states = {
    ...steps.states,
    // Before the last branch, which has no guard.
    choosingStep: { ...choosingStep, always: choosingStep.always.toSpliced(-1, 0, ...branches) },
    ...Object.fromEntries(names.map((name) => [name, stateOf(name, steps.states[name] ?? sessions)])),
  }
  const initialContext = config.context as (scope: Scope) => OnboardingContext
  const machine = new StateMachine(
    {
      ...config,
      schemas: { context: 'onboarding', steps: names },
      context: (scope: Scope) => ({
        ...initialContext({ ...scope, input: { ...scope.input, policy: undefined, order: [] } }),
        ...readPlan(scope.self, scope.input, { steps: all, own: names }),
      }),
      states: { ...config.states, flow: { ...flow, states: { ...flow?.states, steps: { ...steps, states } } } },
    } as unknown as AnyStateMachine['config'],
    {
      ...implementations,
      actions: { ...implementations.actions, ...actions },
      guards: { ...implementations.guards, ...guards },
    } as AnyStateMachine['implementations'],
  )
  return withCheckedSlots(machine as unknown as OnboardingMachine)
}

interface Scope {
  readonly self: AnyActorRef
  readonly input?: OnboardingInput | undefined
}
