import { clientFailure, PortalError } from '../../domain/failure.ts'
import { accountNameOf, type OtpSetup, otpSetupMismatch, readBase32 } from '../../domain/otp.ts'
import { seal } from '../../domain/sealed.ts'
import { checked, type ReplyReader } from './replies.ts'
import { otpSetupReply } from './schemas.ts'

/** docs/contract.md#otp-setup; the secrets are sealed before anything else sees them, the key as every app takes it when it is typed in. */
export const otpSetup: ReplyReader<OtpSetup> = (data) => {
  const { secret, qrCodeUri, issuer, accountName } = checked(otpSetupReply, data)
  const setup: OtpSetup = {
    secret: seal(readBase32(secret) ?? secret),
    qrCodeUri: seal(qrCodeUri),
    issuer,
    accountName: accountName || accountNameOf(qrCodeUri),
  }
  const field = otpSetupMismatch(setup)
  if (field === null) return setup
  throw new PortalError(clientFailure('otpSetupMismatch', 'protocol', { field: `data.${field}`, retryable: true }))
}
