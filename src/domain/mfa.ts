import { type Failure, hasUnknownOutcome } from './failure.ts'
import { type Rows, unreadableRowsOf } from './rows.ts'

/** A factor of the account, as the security center lists it. */
export interface MfaMethod {
  /** The portal's code of the factor (`EMAIL`, `OTP`, `BACKUP_CODE`, or one that is not known yet). */
  readonly method: string
  /** Is it in use? */
  readonly isEnabled: boolean
  /** Is it the primary factor, by what the portal says? */
  readonly isPrimary: boolean
}

/** How many backup codes are left; the codes themselves can never be read. */
export interface BackupCodes {
  /** How many can still be used. */
  readonly remainingCount: number
  /** How many there were in all; null where the portal does not say. */
  readonly totalCount: number | null
}

/** An account without OTP may have no OTP row at all, so a missing one means off. */
export const isOtpEnabled = (methods: readonly MfaMethod[]) =>
  methods.some(({ method, isEnabled }) => method === 'OTP' && isEnabled)

/** What is known of the factors. */
export interface MfaState {
  readonly isRead: boolean
  readonly methods: readonly MfaMethod[]
  readonly unreadableRows: number
  readonly isRevoking: boolean
  readonly isEnrollmentOpen: boolean
  readonly failure: Failure | null
}

/** Does nobody know yet what came of a revocation, or of an enrollment that was left? A read that failed is neither. */
export const isChangeOpen = ({
  isRevoking,
  isEnrollmentOpen,
  failure,
}: Pick<MfaState, 'isRevoking' | 'isEnrollmentOpen' | 'failure'>): boolean =>
  (isRevoking || isEnrollmentOpen) && hasUnknownOutcome(failure)

/** Is OTP on, by a list of factors? Null where its row may be one of those that nobody could read. */
export const isOtpListedOn = (methods: readonly MfaMethod[], unreadableRows: number): boolean | null =>
  hasOtp(methods) || unreadableRows === 0 ? isOtpEnabled(methods) : null

const hasOtp = (methods: readonly MfaMethod[]) => methods.some(({ method }) => method === 'OTP')

/** Is OTP on? Null before the factors were read, while nobody knows what came of a change, and where its row cannot be read. */
export const isOtpOn = (state: MfaState): boolean | null =>
  !state.isRead || isChangeOpen(state) ? null : isOtpListedOn(state.methods, state.unreadableRows)

/** The factors as read; where the row of OTP may be one of those that nobody could read, what was known of it before stays. */
export const withKnownOtp = (methods: Rows<MfaMethod>, before: readonly MfaMethod[]): readonly MfaMethod[] =>
  hasOtp(methods) || unreadableRowsOf(methods) === 0
    ? [...methods]
    : [...methods, ...before.filter(({ method }) => method === 'OTP')]

/** The factors as they are after OTP was switched, before the portal is asked again. */
export const withOtp = (methods: readonly MfaMethod[], isEnabled: boolean): readonly MfaMethod[] => [
  ...methods.filter(({ method }) => method !== 'OTP'),
  { method: 'OTP', isEnabled, isPrimary: false },
]
