import {
  type AcceptedInvitation,
  type ClosedInvitations,
  canBeDeclined,
  findInvitation,
  type Invitation,
} from './invitations.ts'

/** Why the invitation that a link names cannot be acted on: not in the inbox, expired, or not open for another reason. */
export type LinkNotice = 'linkUnknown' | 'linkExpired' | 'linkHandled'

/** What is to be said of a linked invitation; null while it is open. Ids are compared exactly. */
export function linkNotice(invitationBizId: string, invitations: readonly Invitation[]): LinkNotice | null {
  const invitation = findInvitation(invitations, invitationBizId)
  if (invitation === undefined) return 'linkUnknown'
  if (canBeDeclined(invitation)) return null
  return invitation.status === 'EXPIRED' ? 'linkExpired' : 'linkHandled'
}

/**
 * The link once nothing is under way. It holds as long as its invitation is open; then it is over, and what ended it is said, unless
 * the user was told as the outcome of an accept or a decline.
 */
export function followLink<Notice>({
  linkedBizId,
  invitations,
  closed,
  acceptedInvitations,
  notice,
}: {
  readonly linkedBizId: string | null
  readonly invitations: readonly Invitation[]
  readonly closed: ClosedInvitations
  readonly acceptedInvitations: readonly AcceptedInvitation[]
  readonly notice: Notice
}): { readonly linkedBizId: string | null; readonly notice: Notice | LinkNotice } {
  const ended = linkedBizId === null ? null : linkNotice(linkedBizId, invitations)
  if (linkedBizId === null || ended === null) return { linkedBizId, notice }
  const isTold =
    Object.hasOwn(closed, linkedBizId) ||
    acceptedInvitations.some(({ invitationBizId }) => invitationBizId === linkedBizId)
  return { linkedBizId: null, notice: isTold ? notice : ended }
}
