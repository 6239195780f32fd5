import type { SnapshotFrom } from 'xstate'
import type { invitationsMachine } from '../../machines/index.ts'
import type { Failure } from '../domain/failure.ts'
import { canBeAccepted, canBeDeclined, ghostRefusal, type Invitation, isInboxClear } from '../domain/invitations.ts'
import { type Action, blockedOnScreen } from './action.ts'
import { type StepScreen, stepScreen } from './step-screen.ts'

/** The invitation inbox. */
export interface InvitationsScreen extends StepScreen<'invitations'> {
  /** Has the inbox been read? If not, an empty one means nothing. */
  readonly isRead: boolean
  readonly rows: readonly InvitationRow[]
  /** How many rows could not be read; see `unreadableRowsText`. */
  readonly unreadableRows: number
  readonly refresh: Action
}

export interface InvitationRow extends Invitation {
  readonly standing: InvitationStanding
  /** For `refused`, why nothing can be done with it (see `failureText`); otherwise null. */
  readonly refusal: Failure | null
  /** Is it being accepted or declined? */
  readonly isPending: boolean
  readonly accept: Action
  /** Final, so ask for confirmation first. A reason has at most 500 characters. */
  readonly decline: Action<{ readonly reason?: string }>
}

/**
 * `handled`: accepted, declined or cancelled elsewhere, the portal does not say which. `refused`: the portal lists it as open, and refuses
 * whatever can be done with it. `unknown`: a status of the portal's that nobody knows yet.
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
  const { attempt, invitations, isRead, refusals, unreadableRows } = snapshot.context
  const screen = stepScreen('invitations', snapshot, { aimHolds: isInboxClear(snapshot.context) })
  const blocked = blockedOnScreen(screen, false)
  return {
    ...screen,
    isRead,
    rows: invitations.map((invitation): InvitationRow => {
      const { invitationBizId } = invitation
      return {
        ...invitation,
        standing: standingOf(invitation),
        refusal: invitation.status === 'REFUSED' ? ghostRefusal(invitation, refusals) : null,
        isPending: screen.status === 'busy' && attempt?.invitationBizId === invitationBizId,
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
      }
    }),
    unreadableRows,
    refresh: { owner: 'invitations', event: { type: 'inbox.refresh' }, blocked },
  }
}
