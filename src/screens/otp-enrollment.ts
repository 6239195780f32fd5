import type { SnapshotFrom } from 'xstate'
import type { otpEnrollmentMachine } from '../../machines/index.ts'
import type { CodeHint, OtpSetup } from '../domain/otp.ts'
import type { Sealed } from '../domain/sealed.ts'
import { type Action, blockedOnScreen } from './action.ts'
import { type StepScreen, stepScreen } from './step-screen.ts'

/** The setup of an authenticator app. */
export interface OtpEnrollmentScreen extends StepScreen<'otpEnrollment'> {
  /**
   * What to show as a QR code and as a key: `reveal()` it where it is drawn. Null until it is there, and after a
   * reload.
   */
  readonly otpSetup: OtpSetup | null
  /** Does the portal wait for a code? It may, even if `otpSetup` is no longer known here. */
  readonly isSetUp: boolean
  /** What is wrong with the last code, for `hintText`; null if nothing is. */
  readonly codeHint: CodeHint
  /** `setupReplaced`: there is a new secret, and a QR code scanned earlier no longer works. */
  readonly notice: 'setupReplaced' | null
  /**
   * How many codes the portal has refused so far. After five in five minutes the user has to wait
   * (docs/contract.md#otp-verify).
   */
  readonly refusedCodes: number
  /** The backup codes that came with the setup, shown once OTP is on and never again; null at any other time. */
  readonly backupCodes: ShownBackupCodes | null
  /**
   * Sends a code. Digits of any script are understood; spaces, hyphens, dots and invisible marks are dropped. A code
   * that looks wrong here is held back once, unless `force` is true.
   */
  readonly submit: Action<{ readonly code: string; readonly force?: boolean }>
  /** Makes a new secret. The QR code scanned earlier stops working. */
  readonly restart: Action
  /** Returns to the factors. */
  readonly cancel: Action
}

/** Backup codes that are on screen. */
export interface ShownBackupCodes {
  /** `reveal()` each where it is drawn. */
  readonly codes: readonly Sealed[]
  /** The user has saved them: leads back to the factors, and nothing else does. */
  readonly confirm: Action
}

export function otpEnrollmentScreen(snapshot: SnapshotFrom<typeof otpEnrollmentMachine>): OtpEnrollmentScreen {
  const { backupCodes, codeHint, isSetUp, notice, otpEnabled, otpSetup, refusedCodes } = snapshot.context
  const areCodesShown = snapshot.matches('showingBackupCodes')
  const leaveBlocked = areCodesShown ? 'questionOpen' : null
  const screen = stepScreen('otpEnrollment', snapshot, { aimHolds: otpEnabled, leaveBlocked })
  const blocked = blockedOnScreen(screen, areCodesShown)
  return {
    otpSetup,
    isSetUp,
    codeHint,
    notice,
    refusedCodes,
    backupCodes: areCodesShown
      ? {
          codes: backupCodes ?? [],
          confirm: { owner: 'otpEnrollment', event: { type: 'backupCodes.confirm' }, blocked: null },
        }
      : null,
    submit: { owner: 'otpEnrollment', event: { type: 'code.submit' }, blocked },
    restart: { owner: 'otpEnrollment', event: { type: 'setup.restart' }, blocked },
    cancel: {
      owner: 'otpEnrollment',
      event: { type: 'enrollment.cancel' },
      blocked: snapshot.can({ type: 'enrollment.cancel' }) ? null : blocked,
    },
    ...screen,
  }
}
