import { defaultBehavior } from '../behavior.ts'
import { finite, oneOf } from '../checks.ts'
import { checkParts } from '../shape.ts'
import type { World } from '../world.ts'
import { stepAt, type TotpParameters, totpCode } from './totp.ts'

/** The authenticator app on the user's phone. */
export interface Authenticator {
  /**
   * The code that the phone shows now. It holds the secret of the last set-up, until `scan` pins one, and its clock agrees with
   * the portal's but for `skewMs` (ms; negative: the phone is slow). `ignores` is what its app ignores of what the QR code says:
   * then it goes by SHA1, 6 digits or 30 s, as several apps do.
   */
  code(options?: { readonly skewMs?: number; readonly ignores?: readonly (keyof TotpParameters)[] }): Promise<string>
  /**
   * From here on the phone keeps to one secret, whatever is set up after: the given base32 one, or the last set-up's.
   * `null` makes it follow the last set-up again.
   */
  scan(secret?: string | null): void
}

const parameterName = oneOf(...Object.keys(defaultBehavior.totp))

export function createAuthenticator(world: World): Authenticator {
  let scanned: string | null = null
  const latest = () => {
    const secret = world.account.otpSetup?.secret ?? world.lastSecret ?? world.account.otpSecret
    if (secret === null) throw new Error('The phone holds no secret: no OTP set-up was made yet')
    return secret
  }
  return {
    async code(options = {}) {
      checkParts(options, { object: { skewMs: finite, ignores: { list: parameterName } } }, 'options')
      const { skewMs = 0, ignores = [] } = options
      const totp: TotpParameters = {
        ...world.behavior.totp,
        ...Object.fromEntries(ignores.map((name) => [name, defaultBehavior.totp[name]])),
      }
      return totpCode(scanned ?? latest(), stepAt(world.now() + skewMs, totp), totp)
    },
    scan(secret) {
      scanned = secret === undefined ? latest() : secret
    },
  }
}
