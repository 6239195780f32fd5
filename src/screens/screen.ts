import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { ipWhitelistMachine, onboardingMachine } from '../../machines/index.ts'
import { clientFailure, type Failure, toFailure } from '../domain/failure.ts'
import type { OnboardingOutput } from '../domain/onboarding.ts'
import type { StepName } from '../domain/policy.ts'
import { type Action, type ActionOwner, cancelFlow } from './action.ts'
import { type InvitationsScreen, invitationsScreen } from './invitations.ts'
import { type IpWhitelistScreen, ipWhitelistScreen } from './ip-whitelist.ts'
import { type MfaScreen, mfaScreen } from './mfa.ts'
import { type OtpEnrollmentScreen, otpEnrollmentScreen } from './otp-enrollment.ts'
import { type SessionsScreen, sessionsScreen } from './sessions.ts'
import { activeStep, stepIn } from './steps.ts'
import { type WorkspaceScreen, workspaceScreen } from './workspace.ts'

/** Everything that can be on screen: switch on `name`. */
export type Screen =
  /** The data for the next step is being read, or its machine is being loaded. */
  | { readonly name: 'loading'; readonly cancelFlow: Action }
  | InvitationsScreen
  | MfaScreen
  | OtpEnrollmentScreen
  | IpWhitelistScreen
  | SessionsScreen
  | WorkspaceScreen
  | BrokenScreen
  /** The flow cannot run at all: its input is wrong, a machine of the host's threw, or it was stopped. */
  | { readonly name: 'crashed'; readonly failure: Failure }
  | { readonly name: 'completed'; readonly output: Extract<OnboardingOutput, { outcome: 'completed' }> }
  | { readonly name: 'signedOut'; readonly output: Exclude<OnboardingOutput, { outcome: 'completed' }> }
  | { readonly name: 'cancelled'; readonly output: Exclude<OnboardingOutput, { outcome: 'completed' }> }

/**
 * A step that cannot be shown: its machine could not be loaded (`client.loadFailed`) or failed, which none of ours does
 * by itself, or it is a machine of yours that shows nothing known here.
 */
export interface BrokenScreen {
  readonly name: 'broken'
  /** The step in question; null if there is none. */
  readonly step: StepName | null
  /** Why; null where that is not known. */
  readonly failure: Failure | null
  /** Tries the step again. */
  readonly retry: Action
  /** Continues without the step. Blocked if the step is required. */
  readonly skip: Action
  /** Ends the whole flow. */
  readonly cancelFlow: Action
}

type OnboardingSnapshot = SnapshotFrom<typeof onboardingMachine>

/**
 * What the flow shows now, what the user can do, and why something is not possible: plain data, made from the root's
 * snapshot alone. It never throws.
 *
 * @example
 * ```ts
 * flow.start()
 * await waitFor(flow, (snapshot) => screenOf(snapshot).name !== 'loading')
 * const screen = screenOf(flow.getSnapshot())
 * if (screen.name === 'invitations') {
 *   screen.rows.map(({ standing }) => standing) // => ['open', 'open']
 * }
 * ```
 */
export function screenOf(snapshot: OnboardingSnapshot): Screen {
  try {
    if (snapshot.status === 'active') return activeScreen(snapshot)
    if (snapshot.status === 'done') return endScreen(snapshot.output)
    if (snapshot.status === 'stopped') return { name: 'crashed', failure: clientFailure('stopped', 'config') }
    return { name: 'crashed', failure: toFailure(snapshot.error) }
  } catch {
    return { name: 'crashed', failure: clientFailure('unexpected', 'config') }
  }
}

function activeScreen(snapshot: OnboardingSnapshot): Screen {
  const step = stepIn(snapshot)
  if (step === null) {
    return snapshot.matches({ flow: { steps: 'failed' } }) ? brokenScreen(snapshot) : { name: 'loading', cancelFlow }
  }
  try {
    const screen = screenOfStep(snapshot)
    return screen === null || hasGap(screen) ? unreadableScreen(snapshot, step) : screen
  } catch {
    return unreadableScreen(snapshot, step)
  }
}

function screenOfStep(snapshot: OnboardingSnapshot): Screen | null {
  const step = activeStep(snapshot)
  const status = step?.actor.getSnapshot().status
  if (status !== 'active' && status !== 'done') return null
  switch (step?.name) {
    case 'invitations':
      return invitationsScreen(step.actor.getSnapshot())
    case 'mfa':
      return mfaScreen(step.actor.getSnapshot())
    case 'otpEnrollment':
      return otpEnrollmentScreen(step.actor.getSnapshot())
    case 'ipWhitelist':
    case 'whitelistChange':
      return ipWhitelistScreen((snapshot.children.ipWhitelist as ActorRefFrom<typeof ipWhitelistMachine>).getSnapshot())
    case 'sessions':
      return sessionsScreen(step.actor.getSnapshot())
    case 'workspace':
      return workspaceScreen(step.actor.getSnapshot())
    case undefined:
      return null
  }
}

/** Is something missing that was copied from the context? */
const hasGap = (screen: Screen) => Object.values(screen).includes(undefined)

function endScreen(output: OnboardingOutput | undefined): Screen {
  switch (output?.outcome) {
    case 'completed':
      return { name: 'completed', output }
    case 'signedOut':
    case 'cancelled':
      return { name: output.outcome, output }
    default:
      return { name: 'crashed', failure: clientFailure('unexpected', 'config') }
  }
}

/** A host's own machine has unknown events, but as a step it takes the ones that every step takes. */
function unreadableScreen({ context }: OnboardingSnapshot, step: StepName): BrokenScreen {
  return {
    name: 'broken',
    step,
    failure: clientFailure('stepUnreadable', 'config'),
    retry: { owner: step, event: { type: 'retry' }, blocked: null },
    skip: {
      owner: step,
      event: { type: 'step.skip' },
      blocked: context.policy[step] === 'require' ? 'stepRequired' : null,
    },
    cancelFlow,
  }
}

function brokenScreen(snapshot: OnboardingSnapshot): BrokenScreen {
  const { failure, order, results } = snapshot.context
  return {
    name: 'broken',
    step: order.find((name) => results[name] === undefined) ?? null,
    failure,
    retry: { owner: 'onboarding', event: { type: 'retry' }, blocked: null },
    skip: {
      owner: 'onboarding',
      event: { type: 'step.skip' },
      blocked: snapshot.can({ type: 'step.skip' }) ? null : 'stepRequired',
    },
    cancelFlow,
  }
}

/**
 * Carries out an action: sends its event to the machine that owns it. Returns false, and sends nothing, if the action
 * is blocked, if the flow has ended, or if another machine is at work by now: a second click on “Continue” does not act
 * on the next screen.
 *
 * @example
 * ```ts
 * flow.start()
 * await waitFor(flow, (snapshot) => screenOf(snapshot).name === 'invitations')
 * const screen = screenOf(flow.getSnapshot())
 * if (screen.name === 'invitations') {
 *   act(flow, screen.skip) // => true
 *   act(flow, screen.skip) // => false
 * }
 * ```
 */
export function act<More extends object | undefined = undefined>(
  flow: ActorRefFrom<typeof onboardingMachine>,
  { owner, event, blocked }: Action<More>,
  ...more: More extends undefined ? [] : [NoInfer<More>]
): boolean {
  const snapshot = flow.getSnapshot()
  if (blocked !== null || snapshot.status !== 'active') return false
  const receiver = event.type === cancelFlow.event.type ? flow : receiverOf(flow, owner)
  receiver?.send({ ...more[0], ...event } as never)
  return receiver !== undefined
}

/** The active machine, if it is the owner's; undefined if the user has moved on. */
function receiverOf(
  flow: ActorRefFrom<typeof onboardingMachine>,
  owner: ActionOwner,
): { send(event: never): void } | undefined {
  const snapshot = flow.getSnapshot()
  const step = activeStep(snapshot)
  if (owner === (step?.name ?? 'onboarding')) return step?.actor ?? flow
  // The list can still be edited while a change waits to be kept.
  return owner === 'ipWhitelist' && step?.name === 'whitelistChange' ? snapshot.children.ipWhitelist : undefined
}
