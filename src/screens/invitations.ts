import type { SnapshotFrom } from 'xstate'
import type { invitationsMachine } from '../../machines/index.ts'
import type { Failure } from '../domain/failure.ts'
import type { LinkNotice } from '../domain/invitation-link.ts'
import {
  canBeAccepted,
  canBeDeclined,
  ghostRefusal,
  type Invitation,
  isInboxClear,
  isUnderWay,
  isWanted,
} from '../domain/invitations.ts'
import { type Action, blockedOnScreen, isAtWork } from './action.ts'
import { blockedBesideQueue, type QueueScreen, queueScreen } from './queue-screen.ts'

/** The inbox of invitations. */
export interface InvitationsScreen extends QueueScreen<'invitations'> {
  /** Was the inbox read? If not, that it is empty means nothing. */
  readonly isRead: boolean
  readonly rows: readonly InvitationRow[]
  /** The one of the rows that a link has led to: show it alone. Null if there is none; then show all of them. */
  readonly linked: InvitationRow | null
  /** Shows the others, too. Null where all are shown. */
  readonly showAll: Action | null
  /** What has to be told though nothing failed, for `noticeText`; null if there is nothing. */
  readonly notice: 'notSent' | LinkNotice | null
  /** How many more rows cannot be read; `unreadableRowsText` says it. */
  readonly unreadableRows: number
  /** Reads the inbox again. */
  readonly refresh: Action
}

/** A row of the inbox, with its actions. */
export interface InvitationRow extends Invitation {
  /** Where it stands, as a word to show. */
  readonly standing: InvitationStanding
  /** For `refused`: how the portal refused, for `failureText`. Otherwise null. */
  readonly refusal: Failure | null
  /** Is it being accepted or declined? */
  readonly isPending: boolean
  /** Is it to be accepted or declined once what was asked for before is done? */
  readonly isQueued: boolean
  /** Takes back what is queued; null where nothing is. */
  readonly dequeue: Action | null
  /** Joins its workspace. */
  readonly accept: Action
  /** Declines for good, so ask first. A reason has at most 500 characters. */
  readonly decline: Action<{ readonly reason?: string }>
}

/**
 * Where an invitation stands. `handled`: accepted, declined or cancelled elsewhere, the portal does not say which.
 * `refused`: the portal lists it as open, but refuses every action on it. `unknown`: the portal has a status for it
 * that is not known here.
 */
export type InvitationStanding =
  | 'open'
  | 'accepted'
  | 'declined'
  | 'cancelled'
  | 'expired'
  | 'handled'
  | 'refused'
  | 'unknown'

const standings: Readonly<Record<string, InvitationStanding>> = {
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  PROCESSED: 'handled',
  REFUSED: 'refused',
}

function standingOf(invitation: Invitation): InvitationStanding {
  if (canBeDeclined(invitation)) return 'open'
  return Object.hasOwn(standings, invitation.status) ? (standings[invitation.status] ?? 'unknown') : 'unknown'
}

export function invitationsScreen(snapshot: SnapshotFrom<typeof invitationsMachine>): InvitationsScreen {
  const { attempt, invitations, isRead, linkedBizId, notice, queue, refusals, unreadableRows } = snapshot.context
  const screen = queueScreen('invitations', snapshot, { aimHolds: isInboxClear(snapshot.context) })
  const rows = invitations.map((invitation): InvitationRow => {
    const { invitationBizId } = invitation
    const isQueued = isWanted(queue, invitationBizId)
    const blocked = blockedBesideQueue(screen, isUnderWay(invitationBizId, snapshot.context))
    return {
      standing: standingOf(invitation),
      refusal: invitation.status === 'REFUSED' ? ghostRefusal(invitation, refusals) : null,
      isPending: isAtWork(screen.status) && attempt?.invitationBizId === invitationBizId,
      isQueued,
      dequeue: isQueued
        ? { owner: 'invitations', event: { type: 'invitation.dequeue', invitationBizId }, blocked: null }
        : null,
      accept: {
        owner: 'invitations',
        event: { type: 'invitation.accept', invitationBizId },
        blocked: blocked ?? (canBeAccepted(invitation) ? null : 'invitationUnavailable'),
      },
      decline: {
        owner: 'invitations',
        event: { type: 'invitation.decline', invitationBizId },
        blocked: blocked ?? (canBeDeclined(invitation) ? null : 'invitationUnavailable'),
      },
      ...invitation,
    }
  })
  const linked = rows.find(({ invitationBizId }) => invitationBizId === linkedBizId) ?? null
  return {
    isRead,
    rows,
    linked,
    showAll: linked && { owner: 'invitations', event: { type: 'inbox.showAll' }, blocked: null },
    notice,
    unreadableRows,
    refresh: { owner: 'invitations', event: { type: 'inbox.refresh' }, blocked: blockedOnScreen(screen, false) },
    ...screen,
  }
}
