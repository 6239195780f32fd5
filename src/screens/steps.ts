import type { ActorRefFrom, AnyStateMachine, SnapshotFrom } from 'xstate'
import type {
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrollmentMachine,
  sessionsMachine,
  whitelistChangeMachine,
  workspaceMachine,
} from '../../machines/index.ts'
import type { StepEvent } from '../../machines/step.ts'
import type { StepResult } from '../domain/onboarding.ts'
import { defaultOrder, type StepName } from '../domain/policy.ts'

/** What every step takes from a host; see `StepEvent`. */
type CommonStepEvent = Exclude<StepEvent, { type: 'restored' }>

/**
 * The actor of a step. It takes the events that all steps share; its own events too, once its step's `name` is known.
 */
export type StepActor<Machine extends AnyStateMachine> = ActorRefFrom<Machine> & {
  send(event: CommonStepEvent): void
}

/** The machine at work and its name. Send the events of the step to its `actor`. */
export type ActiveStep =
  | { readonly name: 'invitations'; readonly actor: StepActor<typeof invitationsMachine> }
  | { readonly name: 'mfa'; readonly actor: StepActor<typeof mfaMachine> }
  | { readonly name: 'otpEnrollment'; readonly actor: StepActor<typeof otpEnrollmentMachine> }
  | { readonly name: 'ipWhitelist'; readonly actor: StepActor<typeof ipWhitelistMachine> }
  | { readonly name: 'whitelistChange'; readonly actor: StepActor<typeof whitelistChangeMachine> }
  | { readonly name: 'sessions'; readonly actor: StepActor<typeof sessionsMachine> }
  | { readonly name: 'workspace'; readonly actor: StepActor<typeof workspaceMachine> }

type OnboardingSnapshot = SnapshotFrom<typeof onboardingMachine>

/** The machines that take over from a step for a while; each has the name of its actor. */
const innerMachines = { mfa: 'otpEnrollment', ipWhitelist: 'whitelistChange' } as const

/** The step at work; null while the root itself is, and at the end. */
export const stepIn = (snapshot: OnboardingSnapshot): StepName | null =>
  defaultOrder.find((step) => snapshot.matches({ flow: { steps: step } })) ?? null

/**
 * The innermost machine at work: `otpEnrollment` while it runs inside `mfa`, `whitelistChange` while it runs inside
 * `ipWhitelist`. Null while the root itself is at work, and at the end.
 *
 * @example
 * ```ts
 * flow.start()
 * await waitFor(flow, (snapshot) => activeStep(snapshot)?.name === 'invitations')
 * activeStep(flow.getSnapshot())?.actor.send({ type: 'step.skip' })
 * ```
 */
export function activeStep(snapshot: OnboardingSnapshot): ActiveStep | null {
  const name = stepIn(snapshot)
  const actor = name && (snapshot.children[name] as ActiveStep['actor'] | undefined)
  if (!actor) return null
  const inner = name === 'mfa' || name === 'ipWhitelist' ? innerMachines[name] : null
  // A host may replace a step with an actor that is no machine and so has no children.
  const children = actor.getSnapshot()?.children as Partial<Record<string, unknown>> | undefined
  const innerActor = inner && children?.[inner]
  return (innerActor ? { name: inner, actor: innerActor } : { name, actor }) as ActiveStep
}

/** How a step stands: at work, left (`open` is left without its aim), or still to come. */
export type StepStatus = 'current' | StepResult | 'upcoming'

/**
 * All steps in their order, each with its status, for a stepper.
 *
 * @example
 * ```ts
 * flow.start()
 * stepsOf(flow.getSnapshot())[0] // => { name: 'invitations', status: 'current' }
 * stepsOf(flow.getSnapshot())[1] // => { name: 'mfa', status: 'upcoming' }
 * ```
 */
export function stepsOf(
  snapshot: OnboardingSnapshot,
): readonly { readonly name: StepName; readonly status: StepStatus }[] {
  const { order, results } = snapshot.context
  const current = snapshot.status === 'active' ? order.find((name) => results[name] === undefined) : undefined
  return order.map((name) => ({ name, status: results[name] ?? (name === current ? 'current' : 'upcoming') }))
}
