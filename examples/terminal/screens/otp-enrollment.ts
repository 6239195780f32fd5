import { act, type OtpEnrollmentScreen } from 'postlogin'
import * as words from '../../shared/words.ts'
import { texts } from '../words.ts'
import { askingWay, type Content, type Scene, way } from './screen.ts'

export function otpEnrollmentContent(screen: OtpEnrollmentScreen, scene: Scene): Content {
  const { otpSetup, codeHint, failure, notice, refusedCodes, submit, restart, cancel } = screen
  const { hintText, noticeText } = words.messages
  const { backupCodes } = screen
  if (backupCodes !== null) {
    return {
      lines: [words.leadText(screen), words.saveCodesText, ...backupCodes.codes.map((code) => code.reveal())],
      ways: [way(scene, 'codesSaved', words.labels.codesSaved, backupCodes.confirm)],
    }
  }
  const drawn = () => (otpSetup === null ? [] : scene.look.qrCode(otpSetup.qrCodeUri.reveal()))
  // Drawn once per setup: after a wrong code it is still on screen.
  const isNew = otpSetup !== null && codeHint === null && failure === null
  return {
    picture: isNew ? drawn() : [],
    lines: [
      notice && noticeText(notice),
      isNew && words.leads.otpEnrollment,
      codeHint && hintText(codeHint),
      refusedCodes > 0 && words.refusedCodesText(refusedCodes),
    ],
    ways: [
      codeWay('code', words.labels.code, false),
      codeHint !== null && codeHint.kind !== 'malformed' && codeWay('force', texts.force, true),
      // Only on request: others may see the screen.
      otpSetup !== null && {
        key: 'key',
        label: texts.showKey,
        take: (ask) => ask.show([words.setupText(otpSetup), words.inFours(otpSetup.secret.reveal())]),
      },
      otpSetup !== null && { key: 'qrCode', label: texts.showQrCode, take: (ask) => ask.draw(drawn()) },
      way(scene, 'restart', words.labels.restart, restart),
      way(scene, 'cancel', texts.backFromSetup, cancel),
    ],
  }

  function codeWay(key: string, label: string, force: boolean) {
    return askingWay(key, label, submit, async (ask) => {
      const code = await ask.text({ name: 'otpEnrollment.code', message: texts.sixDigits })
      act(scene.flow, submit, { code, force })
    })
  }
}
