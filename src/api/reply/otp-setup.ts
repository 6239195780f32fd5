import { clientFailure, PortalError } from '../../domain/failure.ts'
import { accountNameOf, type OtpSetup, otpSetupMismatch, readBase32 } from '../../domain/otp.ts'
import { seal } from '../../domain/sealed.ts'

/**
 * A setup as the portal sent it, the key as every app takes it when it is typed in. The secrets are sealed before anything else sees them.
 * @throws PortalError `client.otpSetupMismatch`
 */
export function readOtpSetup({
  secret,
  qrCodeUri,
  issuer,
  accountName,
  backupCodes,
}: Readonly<Record<'secret' | 'qrCodeUri' | 'issuer' | 'accountName', string>> & {
  readonly backupCodes: readonly string[] | null
}): OtpSetup {
  const setup: OtpSetup = {
    secret: seal(readBase32(secret) ?? secret),
    qrCodeUri: seal(qrCodeUri),
    issuer,
    accountName: accountName || accountNameOf(qrCodeUri),
    backupCodes: backupCodes?.map((code) => seal(code)) ?? null,
  }
  const field = otpSetupMismatch(setup)
  if (field === null) return setup
  throw new PortalError(clientFailure('otpSetupMismatch', 'protocol', { field: `data.${field}`, retryable: true }))
}
