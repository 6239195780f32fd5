import { defaultBehavior } from '../behavior.ts'
import { check, finite, list, oneOf, partial } from '../schema.ts'
import type { World } from '../world.ts'
import { stepAt, type TotpParameters, totpCode } from './totp.ts'

/** The authenticator app on the user's phone. */
export interface Authenticator {
  /** The code that the phone shows now. It holds the secret of the last setup, until `scan` pins one. */
  code(options?: CodeOptions): Promise<string>
  /**
   * From here on the phone keeps to one secret, whatever is set up after: the given base32 one, or the last setup's.
   * `null` makes it follow the last setup again.
   */
  scan(secret?: string | null): void
}

/** What is odd about the phone. */
export interface CodeOptions {
  /** How far its clock is ahead of the portal's, in ms; negative: it is slow. Default 0. */
  readonly skewMs?: number
  /** What its app ignores of what the QR code says: then it goes by SHA1, 6 digits or 30 s, as several apps do. Default none. */
  readonly ignores?: readonly (keyof TotpParameters)[]
}

const optionsSchema = partial<CodeOptions>({
  skewMs: finite,
  ignores: list(oneOf('algorithm', 'digits', 'period')),
})

export function createAuthenticator(world: World): Authenticator {
  let scanned: string | null = null
  const latest = () => {
    const secret = world.account.otpSetup?.secret ?? world.lastSecret ?? world.account.otpSecret
    if (secret === null) throw new Error('The phone holds no secret: no OTP setup was made yet')
    return secret
  }
  return {
    async code(options = {}) {
      check(options, optionsSchema, 'options')
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
