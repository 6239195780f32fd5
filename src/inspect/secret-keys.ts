/**
 * Redaction by path: the keys that hold a secret, in any spelling (`accessToken`, `ACCESS_TOKEN`, `X-Access-Token`). Their
 * whole value is masked.
 */

const ANYWHERE =
  /token|secret|password|passcode|passphrase|authorization|cookie|credential|qrcodeuri|otpauth|accesscode|clienthash|(backup|recovery|verification|login|email|mfa|otp)codes?$|(private|channel|session|shared|encryption|aes|api|request|response)key$/

const ALONE: ReadonlySet<string> = new Set(['code', 'codes', 'otp', 'totp', 'jwt', 'bearer', 'pin', 'otpseed'])

const normalize = (key: string) => key.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Is the value under this key of `owner` a secret? */
export function isSecretKey(key: string, owner: object): boolean {
  const name = normalize(key)
  if (name === 'code') return !isFailure(owner)
  return ALONE.has(name) || ANYWHERE.test(name)
}

/** A session of the portal, or of the secure channel. */
export const isSessionIdKey = (key: string) => /sessionids?$/.test(normalize(key))

/** What xstate calls its own actors: `x:0`. It says nothing about anybody's session, and an inspector needs it. */
export const isActorId = (value: unknown) => typeof value === 'string' && /^x:[0-9a-z]+$/.test(value)

/** The code of a failure (`AUTH.MFA_CODE_INVALID`) is no secret. */
const isFailure = (owner: object) => 'kind' in owner && 'effect' in owner && 'retryable' in owner
