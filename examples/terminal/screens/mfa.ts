import type { MfaMethod, MfaScreen } from 'postlogin'
import * as words from '../../shared/words.ts'
import { column } from '../wording.ts'
import { texts } from '../words.ts'
import { type Content, type Scene, way } from './screen.ts'

export const mfaContent = ({ methods, backupCodes, notice, ...actions }: MfaScreen, scene: Scene): Content => ({
  lines: [
    notice && words.messages.noticeText(notice),
    ...methods.map(lineOf),
    backupCodes && words.backupCodesText(backupCodes),
  ],
  ways: [
    way(scene, 'enroll', words.labels.setUpApp, actions.enroll),
    actions.checkBackupCodes && way(scene, 'backupCodes', words.labels.countCodes, actions.checkBackupCodes),
    way(scene, 'revoke', words.labels.turnAppOff, actions.revoke),
  ],
})

function lineOf(method: MfaMethod): string {
  const [state] = words.onOff(method.isEnabled)
  return `${column(words.methodText(method), 20)}  ${state}${method.isPrimary ? words.comma + texts.firstChoice : ''}`
}
