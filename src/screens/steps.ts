import type { ActorRefFromLogic, AnyStateMachine, SnapshotFrom } from 'xstate'
import type {
  InvitationsMachine,
  IpWhitelistContext,
  IpWhitelistMachine,
  MfaContext,
  MfaMachine,
  OnboardingContext,
  OnboardingMachine,
  OtpEnrollmentMachine,
  SessionsMachine,
  WhitelistChangeMachine,
  WhitelistChangeOutput,
  WorkspaceMachine,
} from '../../machines/index.ts'
import { nameOf } from '../../machines/late.ts'
import type { OwnStepEvent, StepOutput } from '../../machines/step.ts'
import type { OnboardingContextWith, StepMachines } from '../../machines/with-steps.ts'
import { resultOf, type StepResult } from '../domain/onboarding.ts'
import type { StepName } from '../domain/policy.ts'
import type { ActionOwner } from './action.ts'

/**
 * The actor of a step. It takes the events that all steps share; its own events too, once its step's `name` is known.
 */
export type StepActor<Machine extends AnyStateMachine> = ActorRefFromLogic<Machine> & {
  send(event: OwnStepEvent | { type: 'stepUp.cancel' }): void
}

/** The machine at work and its name. Send the events of the step to its `actor`. */
export type ActiveStep =
  | { readonly name: 'invitations'; readonly actor: StepActor<InvitationsMachine> }
  | { readonly name: 'mfa'; readonly actor: StepActor<MfaMachine> }
  | { readonly name: 'otpEnrollment'; readonly actor: StepActor<OtpEnrollmentMachine> }
  | { readonly name: 'ipWhitelist'; readonly actor: StepActor<IpWhitelistMachine> }
  | { readonly name: 'whitelistChange'; readonly actor: StepActor<WhitelistChangeMachine> }
  | { readonly name: 'sessions'; readonly actor: StepActor<SessionsMachine> }
  | { readonly name: 'workspace'; readonly actor: StepActor<WorkspaceMachine> }

type OnboardingSnapshot = SnapshotFrom<OnboardingMachine>

/** A machine other than the root, and where it stands. */
export type Standing = {
  readonly [Name in ActiveStep['name']]: {
    readonly name: Name
    readonly snapshot: ReturnType<Extract<ActiveStep, { readonly name: Name }>['actor']['getSnapshot']>
  }
}[ActiveStep['name']]

/** The snapshot of a machine of this package that runs alone. */
export type SnapshotAlone = Standing['snapshot']

/** The snapshot of a machine of this package, whether it runs the whole flow or alone. */
export type MachineSnapshot = OnboardingSnapshot | SnapshotAlone

/** The snapshot of the whole flow with steps of a host's own, as far as it is looked at here. */
export interface SnapshotWithSteps {
  readonly machine: AnyStateMachine
  readonly status: MachineSnapshot['status']
  readonly context: OnboardingContextWith<StepMachines>
  readonly children: object
  readonly output: unknown
}

/** The same, also with steps of a host's own. */
export type FlowSnapshot = MachineSnapshot | SnapshotWithSteps

/** The machines that a host gave the root as steps of its own; `never` for any other machine. */
export type OwnStepsIn<Context> = 'steps' extends keyof Context
  ? Context extends { readonly steps?: infer Steps extends StepMachines }
    ? Steps
    : never
  : never

/** The machine that a snapshot is of, also while its chart is being loaded. */
export const machineIn = ({ machine }: { readonly machine: AnyStateMachine }) => nameOf(machine) as ActionOwner

export const isOnboarding = <Snapshot extends { readonly machine: AnyStateMachine }>(
  snapshot: Snapshot,
): snapshot is Extract<Snapshot, OnboardingSnapshot> => machineIn(snapshot) === 'onboarding'

/** The machines that take over from a step for a while; each has the name of its actor. */
const innerMachines = { mfa: 'otpEnrollment', ipWhitelist: 'whitelistChange' } as const

/** The step that a machine does the work of; null for one that runs several. */
export function stepOf(name: ActionOwner): StepName | null {
  if (name === 'onboarding' || name === 'securityCenter') return null
  if (name === 'otpEnrollment') return 'mfa'
  return name === 'whitelistChange' ? 'ipWhitelist' : name
}

/** The step at work; null while the root itself is, and at the end. */
export const stepIn = (snapshot: OnboardingSnapshot): StepName | null =>
  (Object.keys(snapshot.context.policy) as StepName[]).find((step) => snapshot.matches({ flow: { steps: step } })) ??
  null

/** What can be at work below a machine, by its snapshot. */
export type ActiveStepIn<Snapshot extends FlowSnapshot> = StepBelow<Snapshot['context']>

type StepBelow<Context> = 'steps' extends keyof Context ? StepWith<OwnStepsIn<Context>> : StepBy<Context>

/** The steps of the whole flow, with those of a host's own. */
type StepWith<Steps extends StepMachines> = string extends keyof Steps
  ? ActiveStep
  : Exclude<ActiveStep, { readonly name: keyof Steps }> | OwnStep<Steps>

type StepBy<Context> = Context extends OnboardingContext
  ? ActiveStep
  : Context extends MfaContext
    ? Extract<ActiveStep, { readonly name: 'otpEnrollment' }>
    : Context extends IpWhitelistContext
      ? Extract<ActiveStep, { readonly name: 'whitelistChange' }>
      : never

/** A step of a host's own, at work. */
export type OwnStep<Steps extends StepMachines> = {
  readonly [Name in keyof Steps & string]: { readonly name: Name; readonly actor: ActorRefFromLogic<Steps[Name]> }
}[keyof Steps & string]

/**
 * The innermost machine at work: `otpEnrollment` while it runs inside `mfa`, `whitelistChange` while it runs inside
 * `ipWhitelist`. Null while the machine itself is at work whose snapshot it is, and at the end.
 *
 * @example
 * ```ts
 * flow.start()
 * await waitFor(flow, (snapshot) => activeStep(snapshot)?.name === 'invitations')
 * activeStep(flow.getSnapshot())?.actor.send({ type: 'step.skip' })
 * ```
 */
export function activeStep<Snapshot extends FlowSnapshot>(snapshot: Snapshot): ActiveStepIn<Snapshot> | null
export function activeStep(snapshot: MachineSnapshot): ActiveStep | null {
  if (!isOnboarding(snapshot)) return innerStep(machineIn(snapshot), snapshot)
  const name = stepIn(snapshot)
  const actor = name && (snapshot.children[name] as ActiveStep['actor'] | undefined)
  if (!actor) return null
  return innerStep(name, actor.getSnapshot()) ?? ({ name, actor } as ActiveStep)
}

/** The machine that has taken over from a step; null while the step itself is at work. */
export function innerStep(name: ActionOwner, snapshot: unknown): ActiveStep | null {
  if (name !== 'mfa' && name !== 'ipWhitelist') return null
  const inner = innerMachines[name]
  // A host may replace a step with an actor that is no machine and so has no children.
  const { children } = (snapshot ?? {}) as { readonly children?: Partial<Record<string, unknown>> }
  const actor = children?.[inner]
  return actor ? ({ name: inner, actor } as ActiveStep) : null
}

/** The names of the steps of a machine, by its context. */
export type StepNameIn<Context> = Context extends { readonly order: readonly (infer Name extends string)[] }
  ? Name
  : StepName

/** How a step stands: at work, left (`open` is left without its aim), or still to come. */
export type StepStatus = 'current' | StepResult | 'upcoming'

/**
 * All steps in their order, each with its status, for a stepper. A machine that runs alone is one step.
 *
 * @example
 * ```ts
 * flow.start()
 * stepsOf(flow.getSnapshot())[0] // => { name: 'invitations', status: 'current' }
 * stepsOf(flow.getSnapshot())[1] // => { name: 'mfa', status: 'upcoming' }
 * ```
 */
export function stepsOf<Snapshot extends FlowSnapshot>(
  snapshot: Snapshot,
): readonly { readonly name: StepNameIn<Snapshot['context']>; readonly status: StepStatus }[]
export function stepsOf(
  snapshot: MachineSnapshot,
): readonly { readonly name: StepName; readonly status: StepStatus }[] {
  if (!isOnboarding(snapshot)) return [stepAlone(snapshot)]
  const { order, results } = snapshot.context
  const current = snapshot.status === 'active' ? order.find((name) => results[name] === undefined) : undefined
  return order.map((name) => ({ name, status: results[name] ?? (name === current ? 'current' : 'upcoming') }))
}

function stepAlone(snapshot: SnapshotAlone): { readonly name: StepName; readonly status: StepStatus } {
  const name = stepOf(machineIn(snapshot)) as StepName
  if (snapshot.output !== undefined) return { name, status: resultOf(endOf(snapshot.output)) }
  return { name, status: snapshot.status === 'active' ? 'current' : 'upcoming' }
}

const endOf = (output: StepOutput | WhitelistChangeOutput) =>
  'leaveAs' in output ? { outcome: output.leaveAs, aimHolds: output.whitelist.enabled } : output
