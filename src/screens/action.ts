import type { StatusTag } from '../../machines/step.ts'
import { type ClientKey, type Failure, hasUnknownOutcome } from '../domain/failure.ts'
import type { BlockedKey } from '../domain/messages.ts'

/** Why an action is not possible now. `blockedText` has a text for each. */
export type Blocked =
  | BlockedKey
  /** The code of the `Failure` that the machine would show. */
  | Extract<
      ClientKey,
      | 'rateLimited'
      | 'stepRequired'
      | 'unconfirmed'
      | 'invitationUnavailable'
      | 'sessionCurrent'
      | 'sessionAmbiguous'
      | 'sessionUnmarked'
      | 'workspaceClosed'
      | 'workspaceNotEligible'
      | 'entriesInvalid'
      | 'entriesMissing'
      | 'emptyEnforced'
      | 'lockout'
    >

/** The machine that an action is sent to. */
export type ActionOwner =
  | 'onboarding'
  | 'invitations'
  | 'mfa'
  | 'otpEnrollment'
  | 'ipWhitelist'
  | 'whitelistChange'
  | 'sessions'
  | 'workspace'
  | 'securityCenter'

/**
 * Something that the user can do, as plain data; `act` does it. `More` is what only the user knows, such as the code.
 */
export interface Action<More extends object | undefined = undefined> {
  /** The machine that takes the event: an `ActionOwner`, or a step of a host's own. */
  readonly owner: ActionOwner | (string & Record<never, never>)
  /** What is sent to it, without `More`. */
  readonly event: { readonly type: string; readonly [field: string]: unknown }
  /** Why it is not possible now; null if it is. */
  readonly blocked: Blocked | null
  /** For the compiler only: what `act` takes beside the action. No action has a value here. */
  readonly more?: More
}

/** Ends the whole flow, at any time: the only way out of a step that is required. */
export const cancelFlow: Action = { owner: 'onboarding', event: { type: 'onboarding.cancel' }, blocked: null }

/** The same of a machine that runs alone. */
export const noFlow: Action = { ...cancelFlow, blocked: 'noFlow' }

/**
 * What the screen waits for: for nothing, work is under way (`busy`); for the user (`resting`); for `retry` (`failed`);
 * until `failure.retryAt` (`coolingDown`); for more proof, which the host asks the user for (`steppingUp`).
 */
export type ScreenStatus = Exclude<StatusTag, 'delegating'>

const statuses: readonly ScreenStatus[] = ['busy', 'resting', 'failed', 'coolingDown', 'steppingUp']

interface Tagged {
  readonly status: string
  hasTag(tag: StatusTag): boolean
}

/**
 * The one tag that a machine which is not done carries.
 *
 * @throws Error where it carries none, as only a machine of the host's can.
 */
export function statusOf(snapshot: Tagged): ScreenStatus {
  const status = statuses.find((tag) => snapshot.hasTag(tag) === true)
  if (status !== undefined) return status
  if (snapshot.status === 'done') return 'busy'
  throw new Error('The machine says by no tag how it stands.')
}

/** What keeps everything from being done that needs the screen as it is at rest, without a question on it. */
export function blockedOnScreen(
  { status, failure }: { readonly status: ScreenStatus; readonly failure: Failure | null },
  isAsked: boolean,
): Blocked | null {
  if (status === 'resting') return isAsked ? 'questionOpen' : null
  if (status !== 'coolingDown') return status
  return hasUnknownOutcome(failure) ? 'unsettled' : 'rateLimited'
}

/** Is something being sent or read, be it held up for more proof? */
export const isAtWork = (status: ScreenStatus): status is 'busy' | 'steppingUp' =>
  status === 'busy' || status === 'steppingUp'
