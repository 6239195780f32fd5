import type { SnapshotFrom } from 'xstate'
import type { otpEnrollmentMachine } from '../../machines/index.ts'
import type { CodeHint, OtpSetup } from '../domain/otp.ts'
import { type Action, blockedOnScreen } from './action.ts'
import { type StepScreen, stepScreen } from './step-screen.ts'

/** The setup of an authenticator app. */
export interface OtpEnrollmentScreen extends StepScreen<'otpEnrollment'> {
  /** What to show as a QR code and as a key; `reveal()` it where it is drawn. Null until it is there, and after a reload. */
  readonly otpSetup: OtpSetup | null
  /** Does the portal wait for a code? It may although `otpSetup` is not known here any more. */
  readonly isSetUp: boolean
  readonly codeHint: CodeHint
  readonly notice: 'setupReplaced' | null
  /** How many codes the portal has judged wrong so far. It makes the user wait after five within five minutes (docs/contract.md#otp-verify). */
  readonly refusedCodes: number
  /**
   * Digits of any script are understood; spaces, hyphens, dots and invisible marks are dropped. A code that looks wrong here is held
   * back once, unless `force` is true.
   */
  readonly submit: Action<{ readonly code: string; readonly force?: boolean }>
  /** A new secret; the QR code scanned before is dead then. */
  readonly restart: Action
  /** Back to the factors. */
  readonly cancel: Action
}

export function otpEnrollmentScreen(snapshot: SnapshotFrom<typeof otpEnrollmentMachine>): OtpEnrollmentScreen {
  const { codeHint, isSetUp, notice, otpSetup, refusedCodes } = snapshot.context
  const screen = stepScreen('otpEnrollment', snapshot, { aimHolds: false })
  const blocked = blockedOnScreen(screen, false)
  return {
    ...screen,
    otpSetup,
    isSetUp,
    codeHint,
    notice,
    refusedCodes,
    submit: { owner: 'otpEnrollment', event: { type: 'code.submit' }, blocked },
    restart: { owner: 'otpEnrollment', event: { type: 'setup.restart' }, blocked },
    cancel: {
      owner: 'otpEnrollment',
      event: { type: 'enrollment.cancel' },
      blocked: snapshot.can({ type: 'enrollment.cancel' }) ? null : 'busy',
    },
  }
}
