import type { Sealed } from './sealed.ts'

/** A set-up in progress. Both secrets come once and cannot be read again. */
export interface OtpSetup {
  /** Base32, for typing it in by hand. */
  readonly secret: Sealed
  /** `otpauth://totp/…`, for the QR code. */
  readonly qrCodeUri: Sealed
  readonly issuer: string
  readonly accountName: string
}
