import type { SnapshotFrom } from 'xstate'
import type { WhitelistChangeContext, WhitelistChangeMachine } from '../../machines/index.ts'
import type { IpWhitelist } from '../domain/ip-whitelist.ts'
import { isEnforced, type UnconfirmedChange, unconfirmedChange } from '../domain/whitelist-change.ts'
import { leaveBlockedBy, questionOf, type WhitelistQuestion } from './ip-whitelist.ts'
import { type StepScreen, stepScreen } from './step-screen.ts'

/** One change of the whitelist, without the editor around it. */
export interface WhitelistChangeScreen extends StepScreen<'whitelistChange'> {
  /** The list in force, as the portal showed it last. */
  readonly whitelist: IpWhitelist
  /** The list that the change asks for. */
  readonly wish: IpWhitelist
  /** What became of the change, for `noticeText`; null if there is nothing to tell. */
  readonly notice: WhitelistChangeContext['notice']
  /** What the user is asked; null if nothing is. */
  readonly question: WhitelistQuestion | null
  /** The change, if it may be in force though nobody confirmed it; otherwise null. */
  readonly unconfirmedChange: UnconfirmedChange | null
}

export function whitelistChangeScreen(snapshot: SnapshotFrom<WhitelistChangeMachine>): WhitelistChangeScreen {
  const { change, failure, notice, policy, whitelist } = snapshot.context
  const question = questionOf(snapshot)
  return {
    whitelist,
    wish: change.after,
    notice,
    question,
    unconfirmedChange: unconfirmedChange(snapshot.context),
    ...stepScreen('whitelistChange', snapshot, {
      aimHolds: isEnforced({ isRead: true, whitelist, failure }) === true,
      leaveBlocked: leaveBlockedBy(question, policy),
    }),
  }
}
