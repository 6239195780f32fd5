import { act, type InvitationRow, type InvitationsScreen } from 'postlogin'
import * as words from '../../shared/words.ts'
import { column } from '../wording.ts'
import { askingWay, type Content, isMeant, type Scene, way, whyNot } from './screen.ts'

export const invitationsContent = ({ isRead, rows }: InvitationsScreen, scene: Scene): Content => ({
  lines: [
    isRead && rows.length === 0 && 'There are no invitations.',
    ...rows.flatMap((row) => [
      lineOf(row, scene),
      row.standing === 'open' && whyNot(`Accept ${row.workspaceName}`, row.accept),
      row.refusal !== null && `  ${words.messages.failureText(row.refusal)}`,
    ]),
  ],
  ways: rows.flatMap((row) => [
    way(scene, `accept ${row.invitationBizId}`, `Accept ${row.workspaceName}`, row.accept),
    declineWay(row, scene),
  ]),
})

function lineOf({ workspaceName, inviterName, standing, expiresAt }: InvitationRow, { look }: Scene): string {
  const isLimited = standing === 'open' && expiresAt !== null
  const left = isLimited ? `, ${words.timeLeft(expiresAt, look.now())} left` : ''
  return `${column(workspaceName, 18)}  ${column(`by ${inviterName}`, 16)}  ${words.standings[standing]}${left}`
}

function declineWay(row: InvitationRow, { flow }: Scene) {
  const { title, confirm, cancel, label } = words.declineText
  return askingWay(`decline ${row.invitationBizId}`, `Decline ${row.workspaceName}`, row.decline, async (ask) => {
    const question = { name: 'invitations.decline', message: title(row), yes: confirm, no: cancel }
    if (!(await isMeant(ask, question))) return
    const reason = await ask.text({
      name: 'invitations.reason',
      message: label,
      problemWith: (text) => (text.trim().length > 500 ? words.messages.blockedText('reasonTooLong') : null),
    })
    act(flow, row.decline, reason.trim() === '' ? {} : { reason: reason.trim() })
  })
}
