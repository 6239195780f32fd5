import { act, type OtpEnrollmentScreen } from 'postlogin'
import * as words from '../../shared/words.ts'
import { askingWay, type Content, type Scene, way } from './screen.ts'

export function otpEnrollmentContent(screen: OtpEnrollmentScreen, scene: Scene): Content {
  const { otpSetup, codeHint, failure, notice, refusedCodes, submit, restart, cancel } = screen
  const { hintText, noticeText } = words.messages
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
      codeWay('code', 'Enter the code from the app', false),
      codeHint !== null &&
        codeHint.kind !== 'malformed' &&
        codeWay('force', 'Type a code and have the portal judge it', true),
      // Only on request: others may see the screen.
      otpSetup !== null && {
        key: 'key',
        label: 'Show the key, to type it into the app by hand',
        take: (ask) => ask.show([words.setupText(otpSetup), words.inFours(otpSetup.secret.reveal())]),
      },
      otpSetup !== null && { key: 'qrCode', label: 'Show the QR code again', take: (ask) => ask.draw(drawn()) },
      way(scene, 'restart', 'Start again with a new QR code', restart),
      way(scene, 'cancel', 'Back, without setting it up', cancel),
    ],
  }

  function codeWay(key: string, label: string, force: boolean) {
    return askingWay(key, label, submit, async (ask) => {
      const code = await ask.text({ name: 'otpEnrollment.code', message: 'Six digits:' })
      act(scene.flow, submit, { code, force })
    })
  }
}
