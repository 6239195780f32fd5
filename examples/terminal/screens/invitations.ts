import type { Invitation, InvitationsEvent, invitationsMachine } from 'postlogin'
import type { SnapshotFrom } from 'xstate'
import { column, plain, timeText } from '../wording.ts'
import { failureLines, type Look, type Screen, stoppedScreen, type Way, waysOut } from './screen.ts'

export function invitationsScreen(
  snapshot: SnapshotFrom<typeof invitationsMachine>,
  send: (event: InvitationsEvent) => void,
  look: Look,
): Screen {
  const view = { name: 'invitations', snapshot, send }
  const stopped = stoppedScreen(view, look)
  if (stopped !== null) return stopped

  const { invitations } = snapshot.context
  const isAimReached = !invitations.some(isOpen)
  const rows = invitations.map((invitation) => rowOf(invitation, look))
  return {
    name: 'invitations.inbox',
    lines: [...(rows.length === 0 ? ['No invitations.'] : rows), ...failureLines(snapshot.context)],
    ways: [
      ...invitations.flatMap((invitation) => waysWith(invitation, send)),
      { key: 'refresh', label: 'Read the inbox again', take: () => send({ type: 'inbox.refresh' }) },
      ...waysOut(view, { isAimReached, finish: isAimReached ? 'Go on' : 'Go on and leave the rest open' }),
    ],
  }
}

const closedStatuses: readonly string[] = ['ACCEPTED', 'DECLINED', 'CANCELLED', 'EXPIRED']

const isAcceptable = ({ canAccept, status }: Invitation) => canAccept && !closedStatuses.includes(status)
const isOpen = (invitation: Invitation) => invitation.status === 'PENDING' || isAcceptable(invitation)

function rowOf(invitation: Invitation, look: Look): string {
  const { workspaceName, inviterName, status, expiresAt } = invitation
  const until = expiresAt === null ? '' : ` until ${timeText(expiresAt, look.now())}`
  const standing = isOpen(invitation) ? `open${until}` : (statusTexts[status] ?? plain(status).toLowerCase())
  return `${column(workspaceName, 18)}  ${column(`by ${inviterName}`, 16)}  ${standing}`.trimEnd()
}

const statusTexts: Readonly<Record<string, string>> = {
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  PROCESSED: 'already answered',
  GONE: 'gone',
}

function waysWith(invitation: Invitation, send: (event: InvitationsEvent) => void): readonly Way[] {
  const { invitationBizId } = invitation
  const name = plain(invitation.workspaceName)
  const ways: Way[] = []
  if (isAcceptable(invitation)) {
    ways.push({
      key: `accept ${invitationBizId}`,
      label: `Accept ${name}`,
      take: () => send({ type: 'invitation.accept', invitationBizId }),
    })
  }
  if (isOpen(invitation)) {
    ways.push({
      key: `decline ${invitationBizId}`,
      label: `Decline ${name}`,
      async take(ask) {
        const reason = await ask.text({
          name: 'invitations.reason',
          message: 'Reason, if you want to give one:',
          problemWith: (text) => (text.trim().length > 500 ? 'No more than 500 characters.' : null),
        })
        const given = reason.trim()
        send({ type: 'invitation.decline', invitationBizId, ...(given === '' ? {} : { reason: given }) })
      },
    })
  }
  return ways
}
