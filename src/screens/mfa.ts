import type { SnapshotFrom } from 'xstate'
import type { mfaMachine } from '../../machines/index.ts'
import { lacks } from '../../machines/slots.ts'
import { type BackupCodes, isOtpEnabled, isOtpOn, type MfaMethod } from '../domain/mfa.ts'
import { type Action, blockedOnScreen } from './action.ts'
import { type Question, type StepScreen, stepScreen } from './step-screen.ts'

/** The security center: the factors of the account. */
export interface MfaScreen extends StepScreen<'mfa'> {
  /** Were the factors read? If not, that OTP is off means nothing. */
  readonly isRead: boolean
  readonly methods: readonly MfaMethod[]
  /** How many more rows cannot be read; `unreadableRowsText` says it. */
  readonly unreadableRows: number
  readonly isOtpEnabled: boolean
  /** How many backup codes are left; null until `checkBackupCodes`. */
  readonly backupCodes: BackupCodes | null
  /** `backupCodesUnsaved`: those that came with the setup cannot be shown again. */
  readonly notice: 'backupCodesUnsaved' | null
  /** Should OTP be revoked? Null if the user is not asked. */
  readonly question: Question<'revoke'> | null
  /** Starts the setup of an authenticator app. */
  readonly enroll: Action
  /** Asks whether to turn OTP off. */
  readonly revoke: Action
  /** Reads how many backup codes are left; null where the portal does not tell. */
  readonly checkBackupCodes: Action | null
}

export function mfaScreen(snapshot: SnapshotFrom<typeof mfaMachine>): MfaScreen {
  const { backupCodes, isRead, methods, notice, unreadableRows } = snapshot.context
  const isOn = isOtpEnabled(methods)
  const screen = stepScreen('mfa', snapshot, { aimHolds: isOtpOn(snapshot.context) === true })
  const isAsked = snapshot.matches({ atRest: 'confirmingRevoke' })
  const blocked = blockedOnScreen(screen, isAsked)
  return {
    isRead,
    methods,
    unreadableRows,
    isOtpEnabled: isOn,
    backupCodes,
    notice,
    question: isAsked
      ? {
          kind: 'revoke',
          confirm: { owner: 'mfa', event: { type: 'revoke.confirm' }, blocked: null },
          cancel: { owner: 'mfa', event: { type: 'revoke.cancel' }, blocked: null },
        }
      : null,
    enroll: { owner: 'mfa', event: { type: 'otp.enrol' }, blocked: blocked ?? (isOn ? 'alreadyOn' : null) },
    revoke: { owner: 'mfa', event: { type: 'otp.revoke' }, blocked: blocked ?? (isOn ? null : 'alreadyOff') },
    checkBackupCodes: lacks(snapshot.machine, 'getBackupCodeStatus')
      ? null
      : { owner: 'mfa', event: { type: 'backupCodes.check' }, blocked: blocked ?? (isOn ? null : 'alreadyOff') },
    ...screen,
  }
}
