import { act, type InvitationRow, type InvitationsScreen } from 'postlogin'
import * as words from '../../shared/words.ts'
import { column } from '../wording.ts'
import { texts } from '../words.ts'
import { askingWay, type Content, isMeant, type Scene, way, whyNot } from './screen.ts'

export function invitationsContent(screen: InvitationsScreen, scene: Scene): Content {
  const rows = screen.linked === null ? screen.rows : [screen.linked]
  return {
    lines: [
      words.isInboxEmpty(screen) && words.labels.noInvitations,
      screen.notice && words.messages.noticeText(screen.notice),
      ...rows.flatMap((row) => [
        lineOf(row, scene),
        row.standing === 'open' && whyNot(words.named.accept(words.quoted(words.workspaceText(row))), row.accept),
        row.refusal !== null && `  ${words.messages.failureText(row.refusal)}`,
      ]),
    ],
    ways: [
      ...rows.flatMap((row) => [
        way(
          scene,
          `accept ${row.invitationBizId}`,
          words.named.accept(words.quoted(words.workspaceText(row))),
          row.accept,
        ),
        declineWay(row, scene),
        row.dequeue &&
          way(
            scene,
            `dequeue ${row.invitationBizId}`,
            words.named.takeBack(words.quoted(words.workspaceText(row))),
            row.dequeue,
          ),
      ]),
      screen.showAll && way(scene, 'showAll', words.labels.showAllInvitations, screen.showAll),
    ],
  }
}

function lineOf(row: InvitationRow, { look }: Scene): string {
  const { inviterName, standing, expiresAt } = row
  const isLimited = standing === 'open' && expiresAt !== null
  const left = isLimited ? words.comma + words.leftText(expiresAt, look.now()) : ''
  return `${column(words.workspaceText(row), 18)}  ${column(texts.invitedBy(inviterName || null), 16)}  ${words.standings[standing]}${left}`
}

function declineWay(row: InvitationRow, { flow }: Scene) {
  const { title, confirm, cancel, label } = words.declineText
  return askingWay(
    `decline ${row.invitationBizId}`,
    words.named.decline(words.quoted(words.workspaceText(row))),
    row.decline,
    async (ask) => {
      const question = { name: 'invitations.decline', message: title(row), yes: confirm, no: cancel }
      if (!(await isMeant(ask, question))) return
      const reason = await ask.text({
        name: 'invitations.reason',
        message: label,
        problemWith: (text) => (text.trim().length > 500 ? words.messages.blockedText('reasonTooLong') : null),
      })
      act(flow, row.decline, reason.trim() === '' ? {} : { reason: reason.trim() })
    },
  )
}
