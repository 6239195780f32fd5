import type { AnyActorRef, SnapshotFrom } from 'xstate'
import type {
  InvitationsContext,
  InvitationsOutput,
  IpWhitelistContext,
  IpWhitelistOutput,
  MfaContext,
  MfaOutput,
  OnboardingContext,
  OnboardingMachine,
  OtpEnrollmentContext,
  OtpEnrollmentMachine,
  OtpEnrollmentOutput,
  SecurityCenterContext,
  SecurityCenterMachine,
  SessionsContext,
  SessionsOutput,
  WhitelistChangeContext,
  WhitelistChangeOutput,
  WorkspaceContext,
  WorkspaceOutput,
} from '../../machines/index.ts'
import { isStandIn } from '../../machines/late.ts'
import type { StepContext } from '../../machines/step.ts'
import type { OnboardingOutputWith, StepMachines, StepNameWith } from '../../machines/with-steps.ts'
import { clientFailure, type Failure, toFailure } from '../domain/failure.ts'
import type { OnboardingOutput, UnfinishedOutput } from '../domain/onboarding.ts'
import type { Policy, StepName } from '../domain/policy.ts'
import type { SecurityCenterOutput } from '../domain/security-center.ts'
import { type Action, type ActionOwner, cancelFlow, noFlow } from './action.ts'
import { type CustomScreen, type CustomScreens, customScreen } from './custom.ts'
import { type InvitationsScreen, invitationsScreen } from './invitations.ts'
import { type IpWhitelistScreen, ipWhitelistScreen } from './ip-whitelist.ts'
import { type MfaScreen, mfaScreen } from './mfa.ts'
import { type OtpEnrollmentScreen, otpEnrollmentScreen } from './otp-enrollment.ts'
import { cardIn, type SecurityCenterScreen, securityCenterScreen } from './security-center.ts'
import { type SessionsScreen, sessionsScreen } from './sessions.ts'
import {
  type ActiveStep,
  innerStep,
  isOnboarding,
  type MachineSnapshot,
  machineIn,
  type OwnStepsIn,
  type SnapshotAlone,
  type SnapshotWithSteps,
  type Standing,
  stepIn,
  stepOf,
} from './steps.ts'
import { type WhitelistChangeScreen, whitelistChangeScreen } from './whitelist-change.ts'
import { type WorkspaceScreen, workspaceScreen } from './workspace.ts'

/** Everything that can be on screen: switch on `name`. */
export type Screen =
  | LoadingScreen
  | InvitationsScreen
  | MfaScreen
  | OtpEnrollmentScreen
  | IpWhitelistScreen
  | SessionsScreen
  | WorkspaceScreen
  | BrokenScreen
  | CrashedScreen
  | { readonly name: 'completed'; readonly output: Extract<OnboardingOutput, { outcome: 'completed' }> }
  | { readonly name: 'signedOut'; readonly output: UnfinishedOutput<'signedOut'> }
  | { readonly name: 'cancelled'; readonly output: UnfinishedOutput<'cancelled'> }

/** The data for the next step is being read, or its machine is being loaded. */
export interface LoadingScreen {
  readonly name: 'loading'
  /** Ends the whole flow. Blocked where the machine runs alone. */
  readonly cancelFlow: Action
}

/** The machine cannot run at all: its input is wrong, a machine of the host's threw, or it was stopped. */
export interface CrashedScreen {
  readonly name: 'crashed'
  readonly failure: Failure
}

/** A machine that ran alone is done. */
export interface FinishedScreen<Output> {
  readonly name: 'finished'
  readonly output: Output
}

/**
 * A step that cannot be shown: its machine could not be loaded (`client.loadFailed`) or failed, which none of ours does
 * by itself, or it is a machine of yours that shows nothing known here.
 */
export interface BrokenScreen<Name extends string = StepName> {
  readonly name: 'broken'
  /** The step in question; null if there is none. */
  readonly step: Name | null
  /** Why; null where that is not known. */
  readonly failure: Failure | null
  /** Tries the step again. */
  readonly retry: Action
  /** Continues without the step. Blocked if the step is required. */
  readonly skip: Action
  /** Ends the whole flow. Blocked where the machine runs alone. */
  readonly cancelFlow: Action
}

/** Everything that a machine can have on screen that runs alone. */
export type ScreenAlone<Shown, Output> = Shown | LoadingScreen | BrokenScreen | CrashedScreen | FinishedScreen<Output>

/** What can be on screen of a machine, by its snapshot: `ScreenFrom<SnapshotFrom<Machines['sessions']>>`. */
export type ScreenFrom<Snapshot extends AnySnapshot> = ScreenIn<Snapshot['context']>

/** Everything that can be on screen of the whole flow with steps of a host's own. */
export type ScreenWith<Steps extends StepMachines> =
  | Exclude<Screen, { readonly name: 'broken' | 'completed' }>
  | BrokenScreen<StepNameWith<Steps>>
  | CustomScreens<Steps>
  | { readonly name: 'completed'; readonly output: Extract<OnboardingOutputWith<Steps>, { outcome: 'completed' }> }

type ScreenIn<Context> = 'steps' extends keyof Context ? ScreenWith<OwnStepsIn<Context>> : ScreenBy<Context>

type ScreenBy<Context> = Context extends OnboardingContext
  ? Screen
  : Context extends InvitationsContext
    ? ScreenAlone<InvitationsScreen, InvitationsOutput>
    : Context extends MfaContext
      ? ScreenAlone<MfaScreen | OtpEnrollmentScreen, MfaOutput>
      : Context extends OtpEnrollmentContext
        ? ScreenAlone<OtpEnrollmentScreen, OtpEnrollmentOutput>
        : Context extends IpWhitelistContext
          ? ScreenAlone<IpWhitelistScreen, IpWhitelistOutput>
          : Context extends WhitelistChangeContext
            ? ScreenAlone<WhitelistChangeScreen, WhitelistChangeOutput>
            : Context extends SessionsContext
              ? ScreenAlone<SessionsScreen, SessionsOutput>
              : Context extends WorkspaceContext
                ? ScreenAlone<WorkspaceScreen, WorkspaceOutput>
                : Context extends SecurityCenterContext
                  ? ScreenAlone<SecurityCenterScreen, SecurityCenterOutput>
                  : never

type OnboardingSnapshot = SnapshotFrom<OnboardingMachine>
type CenterSnapshot = SnapshotFrom<SecurityCenterMachine>

/** The snapshot of any machine of this package, also with steps of a host's own. */
export type AnySnapshot = OurSnapshot | SnapshotWithSteps
/** As seen here: a step of a host's own has a name like any other. */
type OurSnapshot = MachineSnapshot | CenterSnapshot
type StepScreens = Extract<Screen, { readonly finish: Action }> | WhitelistChangeScreen
type AnyScreen = Screen | CustomScreen | ScreenAlone<StepScreens | SecurityCenterScreen, unknown>

/**
 * What a flow shows now, or a machine that runs alone, what the user can do, and why something is not possible: plain
 * data, made from its snapshot. It never throws.
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
export function screenOf<Snapshot extends AnySnapshot>(snapshot: Snapshot): ScreenFrom<Snapshot>
export function screenOf(snapshot: AnySnapshot): unknown {
  return screenNow(snapshot as OurSnapshot)
}

function screenNow(snapshot: OurSnapshot): AnyScreen {
  try {
    if (snapshot.status === 'stopped') return crashed(clientFailure('stopped', 'config'))
    if (snapshot.status === 'error') return crashed(toFailure(snapshot.error))
    if (isOnboarding(snapshot)) {
      return snapshot.status === 'active' ? activeScreen(snapshot) : endScreen(snapshot.output)
    }
    if (snapshot.status === 'done') return finishedScreen(snapshot.output)
    if (isStandIn(snapshot.machine)) return loadingScreen(snapshot)
    if (isCenter(snapshot)) return securityCenterScreen(snapshot, screenAlone)
    return screenAlone(machineIn(snapshot) as ActiveStep['name'], snapshot)
  } catch {
    return crashed(unexpected)
  }
}

const isCenter = (snapshot: OurSnapshot): snapshot is CenterSnapshot => machineIn(snapshot) === 'securityCenter'

const unexpected = clientFailure('unexpected', 'config')
const crashed = (failure: Failure): CrashedScreen => ({ name: 'crashed', failure })

function activeScreen(snapshot: OnboardingSnapshot): Screen | CustomScreen {
  const step = stepIn(snapshot)
  if (step === null) {
    return snapshot.matches({ flow: { steps: 'failed' } }) ? brokenScreen(snapshot) : { name: 'loading', cancelFlow }
  }
  const actor = snapshot.children[step] as ActiveStep['actor']
  const policy = snapshot.context.policy[step]
  const look = () => ({ name: step, snapshot: actor.getSnapshot() })
  const screen = screenOfStep(look as () => Standing) ?? screenOfOwn(step, snapshot) ?? unreadableScreen(step, policy)
  return screen as Screen | CustomScreen
}

/** Null where it is no step of a host's own, or where it says by no tag how it stands. */
function screenOfOwn(step: string, { children, context, machine }: OnboardingSnapshot): CustomScreen | null {
  try {
    const isOwn = (machine.schemas as { readonly steps?: readonly string[] }).steps?.includes(step)
    return isOwn
      ? customScreen(step, children[step as StepName] as AnyActorRef, context.policy[step as StepName])
      : null
  } catch {
    return null
  }
}

function screenAlone(name: ActiveStep['name'], snapshot: SnapshotAlone): ScreenAlone<StepScreens, never> {
  const screen = screenOfStep(() => ({ name, snapshot }) as Standing) ?? unreadableScreen(name, policyIn(snapshot))
  return { ...screen, cancelFlow: noFlow }
}

/** A machine of the host's may know none. */
const policyIn = ({ context }: { readonly context?: Partial<StepContext> }) => context?.policy

/** Null where there is none, as it may be of a machine of the host's. */
function screenOfStep(look: () => Standing): StepScreens | null {
  try {
    const step = look()
    const { status } = step.snapshot
    const screen = status === 'active' || status === 'done' ? screenBy(step) : null
    return screen === null || hasGap(screen) ? null : screen
  } catch {
    return null
  }
}

/** The screen of a machine, or of the one that is at work inside it. */
function screenBy({ name, snapshot }: Standing): StepScreens | null {
  switch (name) {
    case 'invitations':
      return invitationsScreen(snapshot)
    case 'mfa': {
      const { otpEnrollment } = snapshot.children
      return otpEnrollment === undefined
        ? mfaScreen(snapshot)
        : otpEnrollmentScreen(otpEnrollment.getSnapshot() as SnapshotFrom<OtpEnrollmentMachine>)
    }
    case 'otpEnrollment':
      return otpEnrollmentScreen(snapshot)
    case 'ipWhitelist':
      return ipWhitelistScreen(snapshot)
    case 'whitelistChange':
      return whitelistChangeScreen(snapshot)
    case 'sessions':
      return sessionsScreen(snapshot)
    case 'workspace':
      return workspaceScreen(snapshot)
    default:
      return null
  }
}

/** Is something missing that was copied from the context? */
const hasGap = (screen: StepScreens) => Object.values(screen).includes(undefined)

function endScreen(output: OnboardingOutput | undefined): Screen {
  switch (output?.outcome) {
    case 'completed':
      return { name: 'completed', output }
    case 'signedOut':
      return { name: 'signedOut', output }
    case 'cancelled':
      return { name: 'cancelled', output }
    default:
      return crashed(unexpected)
  }
}

const finishedScreen = <Output>(output: Output | undefined): CrashedScreen | FinishedScreen<Output> =>
  output === undefined ? crashed(unexpected) : { name: 'finished', output }

/** A host's own machine has unknown events, but as a step it takes the ones that every step takes. */
const unreadableScreen = (owner: ActiveStep['name'], policy: Policy | undefined): BrokenScreen =>
  brokenStep(owner, policy, clientFailure('stepUnreadable', 'config'))

const brokenStep = (owner: ActionOwner, policy: Policy | undefined, failure: Failure | null): BrokenScreen => ({
  name: 'broken',
  step: stepOf(owner),
  failure,
  retry: { owner, event: { type: 'retry' }, blocked: null },
  skip: { owner, event: { type: 'step.skip' }, blocked: policy === 'require' ? 'stepRequired' : null },
  cancelFlow,
})

/** Of a machine whose chart is being loaded, or did not come. */
function loadingScreen(snapshot: SnapshotAlone | CenterSnapshot): LoadingScreen | BrokenScreen {
  const { policy, failure } = snapshot.context as StepContext
  if (!snapshot.tags.has('failed')) return { name: 'loading', cancelFlow: noFlow }
  return { ...brokenStep(machineIn(snapshot), policy, failure), cancelFlow: noFlow }
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

/** An actor that runs a machine of this package. */
export interface MachineActor {
  getSnapshot(): AnySnapshot
  send(event: never): void
}

/**
 * Carries out an action: sends its event to the machine that owns it, of a flow or of one that runs alone. Returns
 * false, and sends nothing, if the action is blocked, if the flow has ended, or if another machine is at work by now: a
 * second click on “Continue” does not act on the next screen.
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
  actor: MachineActor,
  { owner, event, blocked }: Action<More>,
  ...more: More extends undefined ? [] : [NoInfer<More>]
): boolean {
  const snapshot = actor.getSnapshot() as OurSnapshot
  if (blocked !== null || snapshot.status !== 'active') return false
  const isForRoot = event.type === cancelFlow.event.type && isOnboarding(snapshot)
  const receiver = isForRoot ? actor : receiverOf(actor, owner as ActionOwner)
  receiver?.send({ ...more[0], ...event } as never)
  return receiver !== undefined
}

interface Receiver {
  getSnapshot(): unknown
  send(event: never): void
}

/** The machine at work, if it is the owner; undefined if the user has moved on. */
function receiverOf(actor: MachineActor, owner: ActionOwner): Receiver | undefined {
  const snapshot = actor.getSnapshot() as OurSnapshot
  const name = machineIn(snapshot)
  if (isOnboarding(snapshot)) {
    const step = stepIn(snapshot)
    const inStep: Receiver | undefined = step === null ? undefined : snapshot.children[step]
    return step !== null && inStep ? receiverIn(inStep, step, owner) : owner === name ? actor : undefined
  }
  if (!isCenter(snapshot) || owner === name) return receiverIn(actor, name, owner)
  const card = stepOf(owner)
  const inCard = card === null || card === 'workspace' ? undefined : cardIn(snapshot, card)
  return card !== null && inCard ? receiverIn(inCard, card, owner) : undefined
}

/** The same of a machine with this name. */
function receiverIn(actor: Receiver, name: ActionOwner, owner: ActionOwner): Receiver | undefined {
  const inner = innerStep(name, actor.getSnapshot())
  if (owner === (inner?.name ?? name)) return inner?.actor ?? actor
  // The list can still be edited while a change waits to be kept.
  return owner === 'ipWhitelist' && inner?.name === 'whitelistChange' ? actor : undefined
}
