import { type Failure, outcomeIsOpen } from './failure.ts'

/** A factor of the account, as the security centre lists it. */
export interface MfaMethod {
  /** The portal's code of the factor (`EMAIL`, `OTP`, `BACKUP_CODE`, or one that is not known yet). */
  readonly method: string
  readonly isEnabled: boolean
  readonly isPrimary: boolean
}

/** How many backup codes are left; the codes themselves can never be read. */
export interface BackupCodes {
  readonly remainingCount: number
  readonly totalCount: number
}

/** An account without OTP may have no OTP row at all, so a missing one means off. */
export const isOtpEnabled = (methods: readonly MfaMethod[]) =>
  methods.some(({ method, isEnabled }) => method === 'OTP' && isEnabled)

interface MfaState {
  readonly isRead: boolean
  readonly methods: readonly MfaMethod[]
  readonly isRevoking: boolean
  readonly isEnrolmentOpen: boolean
  readonly failure: Failure | null
}

/** Does nobody know yet what came of a revocation, or of an enrolment that was left? A read that failed is neither. */
export const isChangeOpen = ({
  isRevoking,
  isEnrolmentOpen,
  failure,
}: Pick<MfaState, 'isRevoking' | 'isEnrolmentOpen' | 'failure'>): boolean =>
  (isRevoking || isEnrolmentOpen) && outcomeIsOpen(failure)

/** Is OTP on? Null before the factors were read, and while nobody knows what came of a change. */
export const isOtpOn = (state: MfaState): boolean | null =>
  !state.isRead || isChangeOpen(state) ? null : isOtpEnabled(state.methods)

/** The factors as they are after OTP was switched, before the portal is asked again. */
export const withOtp = (methods: readonly MfaMethod[], isEnabled: boolean): readonly MfaMethod[] => [
  ...methods.filter(({ method }) => method !== 'OTP'),
  { method: 'OTP', isEnabled, isPrimary: false },
]
