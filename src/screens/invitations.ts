import type { SnapshotFrom } from 'xstate'
import type { invitationsMachine } from '../../machines/index.ts'
import { canBeAccepted, canBeDeclined, type Invitation, isInboxClear } from '../domain/invitations.ts'
import { type Action, blockedOnScreen } from './action.ts'
import { type StepScreen, stepScreen } from './step-screen.ts'

/** The invitation inbox. */
export interface InvitationsScreen extends StepScreen<'invitations'> {
  /** Has the inbox been read at all? Else that it is empty says nothing. */
  readonly isRead: boolean
  readonly rows: readonly InvitationRow[]
  readonly refresh: Action
}

export interface InvitationRow extends Invitation {
  readonly standing: InvitationStanding
  /** Is the user's wish for it being carried out? */
  readonly isPending: boolean
  readonly accept: Action
  /** Ask first: it is final. The reason, if one is given, has at most 500 characters. */
  readonly decline: Action<{ readonly reason?: string }>
}

/** `handled`: accepted, declined or cancelled elsewhere, the portal does not say which. `unknown`: a status of the portal's that nobody knows yet. */
export type InvitationStanding = 'open' | 'accepted' | 'declined' | 'cancelled' | 'expired' | 'handled' | 'unknown'

const standings: Readonly<Record<string, InvitationStanding>> = {
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  PROCESSED: 'handled',
}

function standingOf(invitation: Invitation): InvitationStanding {
  if (canBeDeclined(invitation)) return 'open'
  return Object.hasOwn(standings, invitation.status) ? (standings[invitation.status] ?? 'unknown') : 'unknown'
}

export function invitationsScreen(snapshot: SnapshotFrom<typeof invitationsMachine>): InvitationsScreen {
  const { attempt, invitations, isRead } = snapshot.context
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
    refresh: { owner: 'invitations', event: { type: 'inbox.refresh' }, blocked },
  }
}
