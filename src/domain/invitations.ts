import { clientFailure, type Failure, hasUnknownOutcome, lacksProof, wasRefused } from './failure.ts'
import type { Workspace } from './workspaces.ts'

/** An invitation in the inbox of the signed-in user. */
export interface Invitation {
  /** The id, for `invitation.accept` and `invitation.decline`. */
  readonly invitationBizId: string
  /** The workspace that it leads to; null where the portal names none, for instance because it was deleted. */
  readonly workspaceBizId: string | null
  readonly workspaceName: string
  readonly inviterName: string
  readonly status: InvitationStatus
  /** Epoch ms, the host's clock; null if the portal sets no readable limit. */
  readonly expiresAt: number | null
  /** Does the portal say that it can be accepted now? */
  readonly canAccept: boolean
}

/**
 * The portal's status of an invitation; one that is not listed here is kept as it is. Three are ours: `PROCESSED` (no
 * longer open, the portal does not say why), `REFUSED` (listed as open, but the portal refuses every action on it),
 * `UNKNOWN` (the status cannot be read).
 */
export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'DECLINED' | 'CANCELLED' | 'EXPIRED' | (string & {})

/** The portal's reply to an accept (docs/contract.md#accept). */
export interface InvitationAcceptance {
  /** The workspace that was joined; null where the portal does not say. */
  readonly workspaceBizId: string | null
  /** Is that workspace now the account's default? */
  readonly becameDefaultWorkspace: boolean
  /** Where the portal sends the user next. */
  readonly nextAction: NextAction
}

/** An invitation that was accepted in this flow, and what the portal replied. */
export interface AcceptedInvitation extends InvitationAcceptance {
  /** Its id. */
  readonly invitationBizId: string
}

/** Where the portal sends an invited user next (docs/contract.md#accept); an unknown code is kept as it is. */
export type NextAction = 'ENTER_DEFAULT_WORKSPACE' | 'CHOOSE_WORKSPACE' | 'ENTER_ACCEPTED_WORKSPACE' | (string & {})

/** The longest reason for a decline, in characters (docs/contract.md#decline). */
export const DECLINE_REASON_MAX = 500

const CLOSED_STATUSES: readonly string[] = ['ACCEPTED', 'DECLINED', 'CANCELLED', 'EXPIRED'] satisfies InvitationStatus[]

export const canBeAccepted = (invitation: Invitation) =>
  invitation.canAccept && !CLOSED_STATUSES.includes(invitation.status)

/** Declining needs no permission to accept, only an invitation that is still open. A status nobody knows yet is open if it can be accepted. */
export const canBeDeclined = (invitation: Invitation) => invitation.status === 'PENDING' || canBeAccepted(invitation)

/** Is there one that could still be accepted or declined? */
export const hasOpenInvitation = (invitations: readonly Invitation[]) => invitations.some(canBeDeclined)

interface Inbox {
  readonly isRead: boolean
  readonly invitations: readonly Invitation[]
  readonly attempt: InvitationAttempt | null
  readonly failure: Failure | null
}

/**
 * Is nothing left to act on, nor anything of which nobody knows yet what came of it? Not before the inbox was read. A row that nobody can
 * read is shown as that, and holds nobody: an invitation without its id cannot be acted on.
 */
export const isInboxClear = ({ isRead, invitations, attempt, failure }: Inbox): boolean =>
  isRead && !hasOpenInvitation(invitations) && !(attempt !== null && hasUnknownOutcome(failure))

/** Is it clear once all that was asked for has been carried out? */
export const willInboxBeClear = ({ isRead, invitations, ...wishes }: Inbox & Wishes): boolean =>
  isRead &&
  !invitations.some((invitation) => canBeDeclined(invitation) && !isUnderWay(invitation.invitationBizId, wishes))

export const findInvitation = (invitations: readonly Invitation[], invitationBizId: string) =>
  invitations.find((invitation) => invitation.invitationBizId === invitationBizId)

/** By id: the status of invitations that this flow knows to be closed, though the inbox may still show them as open. */
export type ClosedInvitations = Readonly<Record<string, InvitationStatus>>

/**
 * The inbox with the invitations taken out of play that are known to be closed. An inbox that lags behind, or one that keeps
 * showing a row the portal refuses, must not offer it again.
 */
export const withClosed = (invitations: readonly Invitation[], closed: ClosedInvitations): Invitation[] =>
  invitations.map((invitation) => {
    const { invitationBizId } = invitation
    const status = Object.hasOwn(closed, invitationBizId) ? closed[invitationBizId] : undefined
    if (status === undefined || !canBeDeclined(invitation)) return invitation
    return { ...invitation, status, canAccept: false }
  })

/** The status that a refusal of accept or decline proves (docs/contract.md#accept); null where it proves none. */
export function statusByRefusal({ reason }: Failure): InvitationStatus | null {
  if (reason === 'invitationExpired') return 'EXPIRED'
  return reason === 'invitationClosed' ? 'PROCESSED' : null
}

/** By the ids of invitations that are listed as open all the same: how the portal refused to accept it, and to decline it. */
export type InvitationRefusals = Readonly<
  Record<string, { readonly accept: Failure | null; readonly decline: Failure | null }>
>

/** With a refusal of this wish more. One that is about the reason given, or for want of proof, says nothing about the invitation. */
export function withRefusal(
  refusals: InvitationRefusals,
  { action, invitationBizId }: InvitationAttempt,
  failure: Failure | null,
): InvitationRefusals {
  if (!wasRefused(failure) || lacksProof(failure) || failure?.field === 'reason') return refusals
  const { accept, decline } = refusalsOf(refusals, invitationBizId)
  return { ...refusals, [invitationBizId]: { accept, decline, [action]: failure } }
}

const refusalsOf = (refusals: InvitationRefusals, invitationBizId: string) =>
  (Object.hasOwn(refusals, invitationBizId) ? refusals[invitationBizId] : undefined) ?? { accept: null, decline: null }

/**
 * A ghost is listed as open although the portal refuses whatever could be done with it: nobody can act on it. This is the refusal that
 * says why; null where it is none.
 */
export function ghostRefusal(invitation: Invitation, refusals: InvitationRefusals): Failure | null {
  const { accept, decline } = refusalsOf(refusals, invitation.invitationBizId)
  return canBeAccepted(invitation) && accept === null ? null : decline
}

/** Does the inbox show it as closed, beyond doubt? A status nobody knows yet says nothing. */
export function isListedAsClosed(invitations: readonly Invitation[], invitationBizId: string): boolean {
  const listed = findInvitation(invitations, invitationBizId)
  return listed !== undefined && CLOSED_STATUSES.includes(listed.status)
}

/** The accepted ones with one more, as the last; one that was there already is not listed twice. */
export const withAcceptance = (
  accepted: readonly AcceptedInvitation[],
  acceptance: AcceptedInvitation,
): readonly AcceptedInvitation[] => [
  ...accepted.filter(({ invitationBizId }) => invitationBizId !== acceptance.invitationBizId),
  acceptance,
]

/**
 * After an accept whose reply was lost: was it accepted? The inbox knows best; where it does not list the invitation, or not
 * as closed, membership of its workspace tells.
 */
export function wasAccepted(
  invitations: readonly Invitation[],
  workspaces: readonly Workspace[],
  attempt: { readonly invitationBizId: string; readonly workspaceBizId: string | null },
): boolean {
  if (findInvitation(invitations, attempt.invitationBizId)?.status === 'ACCEPTED') return true
  if (isListedAsClosed(invitations, attempt.invitationBizId)) return false
  return workspaces.some(({ workspaceBizId }) => workspaceBizId === attempt.workspaceBizId)
}

/** After a decline whose reply was lost: was it declined? A row that is gone from the inbox was. */
export function wasDeclined(invitations: readonly Invitation[], invitationBizId: string): boolean {
  const row = findInvitation(invitations, invitationBizId)
  return row === undefined || row.status === 'DECLINED'
}

/** An acceptance by the portal's reply; what that does not say of the workspace, the inbox has said. */
export const acceptanceOf = (
  { invitationBizId, workspaceBizId }: Pick<InvitationAttempt, 'invitationBizId' | 'workspaceBizId'>,
  reply: InvitationAcceptance,
): AcceptedInvitation => ({
  ...reply,
  invitationBizId,
  workspaceBizId: reply.workspaceBizId ?? workspaceBizId,
})

/** An acceptance that was read back: the portal's `nextAction` is lost, so the workspace itself is where to go. */
export const acceptanceReadBack = (attempt: {
  readonly invitationBizId: string
  readonly workspaceBizId: string | null
}): AcceptedInvitation => ({
  invitationBizId: attempt.invitationBizId,
  workspaceBizId: attempt.workspaceBizId,
  becameDefaultWorkspace: false,
  nextAction: 'ENTER_ACCEPTED_WORKSPACE',
})

/** The two clocks may differ by a second or two. A read that comes too early would still show the invitation as open. */
const EXPIRY_GRACE_MS = 2_000

/** When (epoch ms) to ask whether an invitation on screen has expired, of those that were not asked about by `seen`; null for none. */
export function nextExpiry(invitations: readonly Invitation[], seen: number): number | null {
  const times = invitations
    .filter(canBeDeclined)
    .flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt + EXPIRY_GRACE_MS]))
    .filter((time) => time > seen)
  return times.length === 0 ? null : Math.min(...times)
}

/** What the user asked for: accept or decline this invitation. */
export type InvitationAttempt = {
  readonly action: 'accept' | 'decline'
  readonly invitationBizId: string
  readonly workspaceBizId: string | null
  readonly reason?: string | undefined
}

/** What the user asked for and is not over: the wish under way, and those that wait for their turn. */
interface Wishes {
  readonly attempt: InvitationAttempt | null
  readonly queue: readonly InvitationAttempt[]
}

/** Is one of these wishes about this invitation? */
export const isWanted = (wishes: readonly InvitationAttempt[], invitationBizId: string): boolean =>
  wishes.some((wish) => wish.invitationBizId === invitationBizId)

/** Is something asked for with this invitation already? Then nothing else is, until that is over or taken back. */
export const isUnderWay = (invitationBizId: string, { attempt, queue }: Wishes): boolean =>
  attempt?.invitationBizId === invitationBizId || isWanted(queue, invitationBizId)

/** Can it be sent, by what the inbox shows? */
export function isPossible(
  { action, invitationBizId, reason }: InvitationAttempt,
  invitations: readonly Invitation[],
): boolean {
  const invitation = findInvitation(invitations, invitationBizId)
  if (invitation === undefined) return false
  return action === 'accept' ? canBeAccepted(invitation) : canBeDeclined(invitation) && isDeclineReason(reason)
}

/** May it be sent, or queued? Not once the user has left: what is under way then is waited for, and nothing is added to it. */
export const mayBeAsked = (
  context: Wishes & { readonly invitations: readonly Invitation[]; readonly leaveAs: string | null },
  wish: InvitationAttempt,
): boolean =>
  context.leaveAs === null && !isUnderWay(wish.invitationBizId, context) && isPossible(wish, context.invitations)

/** Why the invitation cannot be acted on, or the reason not sent. */
export function refuseInvitation(
  invitations: readonly Invitation[],
  invitationBizId: string,
  reason?: unknown,
): Failure {
  if (findInvitation(invitations, invitationBizId) === undefined) {
    return clientFailure('invitationUnknown', 'invalid', { field: 'invitationBizId' })
  }
  if (isDeclineReason(reason)) return clientFailure('invitationUnavailable', 'invalid', { field: 'invitationBizId' })
  return clientFailure(typeof reason === 'string' ? 'reasonTooLong' : 'input', 'invalid', { field: 'reason' })
}

/** May this be sent as the reason for a decline? None at all may. */
export const isDeclineReason = (reason: unknown): reason is string | undefined =>
  reason === undefined || (typeof reason === 'string' && reason.length <= DECLINE_REASON_MAX)
