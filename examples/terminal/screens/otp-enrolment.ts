import type { CodeHint, OtpEnrolmentEvent, otpEnrolmentMachine } from 'postlogin'
import type { SnapshotFrom } from 'xstate'
import { durationText, plain } from '../wording.ts'
import { failureLines, type Look, type Screen, stoppedScreen, type Way, waysOut } from './screen.ts'

export function otpEnrolmentScreen(
  snapshot: SnapshotFrom<typeof otpEnrolmentMachine>,
  send: (event: OtpEnrolmentEvent) => void,
  look: Look,
): Screen {
  const view = { name: 'otpEnrolment', snapshot, send }
  const back: Way = {
    key: 'cancel',
    label: 'Back, without setting it up',
    take: () => send({ type: 'enrolment.cancel' }),
  }
  const stopped = stoppedScreen(view, look, [back])
  if (stopped !== null) return stopped

  const { otpSetup, codeHint, notice, failure } = snapshot.context
  const ways: Way[] = [
    { key: 'code', label: 'Type the code that the app shows', take: (ask) => submitCode(ask, false) },
  ]
  if (codeHint !== null && codeHint.kind !== 'malformed') {
    ways.push({ key: 'force', label: 'Type a code and have the portal judge it', take: (ask) => submitCode(ask, true) })
  }
  const qrLines = otpSetup === null ? [] : look.qrCode(otpSetup.qrCodeUri.reveal())
  if (otpSetup !== null) {
    const { secret } = otpSetup
    ways.push(
      {
        key: 'key',
        label: 'Show the key, to type it into the app by hand',
        take: (ask) => ask.tell([`Key: ${secret.reveal().replace(/(.{4})(?=.)/g, '$1 ')}`]),
      },
      { key: 'qrCode', label: 'Show the QR code again', take: (ask) => ask.tell(qrLines) },
    )
  }
  ways.push(
    { key: 'restart', label: 'Start again with a new QR code', take: () => send({ type: 'setup.restart' }) },
    // The read of the factors, where the set-up may have been completed elsewhere.
    { key: 'retry', label: 'See whether it is on already', take: () => send({ type: 'retry' }) },
    back,
    ...waysOut(view, { isAimReached: false, finish: 'Go on without it' }),
  )
  // Drawn once for each set-up: after a wrong code it is still on screen.
  const isNew = codeHint === null && failure === null
  return {
    name: 'otpEnrolment.awaitingCode',
    lines: [
      ...(notice === 'setupReplaced' ? ['There is a new QR code; the one before it does not work any more.'] : []),
      ...(isNew ? qrLines : []),
      ...(otpSetup !== null && isNew
        ? [`Scan it with an authenticator app: ${plain(otpSetup.issuer)}, ${plain(otpSetup.accountName)}.`]
        : []),
      ...hintLines(codeHint),
      ...failureLines(snapshot.context),
    ],
    ways,
  }

  async function submitCode(ask: Parameters<Way['take']>[0], force: boolean) {
    const code = await ask.text({ name: 'otpEnrolment.code', message: 'Six digits:' })
    send({ type: 'code.submit', code, ...(force ? { force } : {}) })
  }
}

function hintLines(hint: CodeHint): readonly string[] {
  switch (hint?.kind) {
    case undefined:
      return []
    case 'malformed':
      return ['That is not a code: it has six digits.']
    case 'wrong':
      return ['That code is not right. Wait for the next one; or type the same one again, and the portal judges it.']
    case 'skewed': {
      const ahead = hint.offsetMs > 0 ? 'ahead' : 'behind'
      return [
        `The clock of your phone is about ${durationText(Math.abs(hint.offsetMs))} ${ahead}. Set its time to automatic and type the next code; or type the same one again, and the portal judges it.`,
      ]
    }
  }
}
