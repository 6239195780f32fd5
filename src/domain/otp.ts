import { clientFailure, PortalError } from './failure.ts'
import { MARKS } from './otp-code.ts'
import type { Sealed } from './sealed.ts'
import type { Algorithm } from './totp.ts'

/** An OTP setup that waits for its first code. Its secrets are sent once and cannot be read again. */
export interface OtpSetup {
  /** Base32 in capitals, for typing it in by hand. */
  readonly secret: Sealed
  /** `otpauth://totp/…`, for the QR code. */
  readonly qrCodeUri: Sealed
  /** The name under which an authenticator app files it. */
  readonly issuer: string
  /** The account, as an authenticator app shows it. */
  readonly accountName: string
  /** The backup codes that came with it, which work once OTP is on and cannot be read again; null where the portal gives none. */
  readonly backupCodes: readonly Sealed[] | null
}

/** What a code was found to be, judged by the portal's time before an attempt is spent on it. */
export type CodeVerdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong' }
  /** Right at another time, so the phone's clock is off: by `offsetMs`, to the step, positive when the phone is ahead. */
  | { readonly kind: 'skewed'; readonly offsetMs: number }
  /** Right for SHA1 or 30 s although the URI has others: several apps ignore `algorithm`, `period`, or both. */
  | { readonly kind: 'parametersIgnored' }

/** Why the portal is expected to refuse a code. */
export type CodeDoubt = Exclude<CodeVerdict, { readonly kind: 'right' }>

/** What to tell the user about the last code; null if there is nothing to tell. Has a text: `hintText`. */
export type CodeHint =
  | null
  | { readonly kind: 'malformed' }
  /** It was not sent; entered again, it is. */
  | CodeDoubt
  /** The portal has refused it, which was expected where there is a `doubt`. */
  | { readonly kind: 'refused'; readonly doubt: CodeDoubt | null }

/** How codes are computed from the secret. */
interface CodeParameters {
  readonly algorithm: Algorithm
  readonly periodMs: number
}

/** The parts of an `otpauth://totp/…` URI that an authenticator app computes codes from. */
interface OtpUri extends CodeParameters {
  /** Base32 in capitals, without marks and padding. */
  readonly secret: string
  /** The label after `issuer:`, which the app shows; empty where there is none. */
  readonly accountName: string
}

/** What apps use if the URI names nothing else; several apps use it always. */
const APP_DEFAULTS: CodeParameters = { algorithm: 'SHA1', periodMs: 30_000 }

/** The portal accepts no counter-based (`hotp`) codes. */
const URI_PATTERN = /^otpauth:\/\/totp(?:\/([^?#]*))?\?([^#]+)/i

/**
 * The URI, or null if no app could use it or two apps could compute different codes from it. It is read as the most lenient
 * apps do: names in any case, empty values as absent, unknown names ignored. It is parsed by hand, because browsers disagree on
 * the host and path of a URL with an unknown scheme, and `otpauth` refuses algorithms, keys, and empty parameters that apps
 * accept.
 */
function readOtpUri(uri: string): OtpUri | null {
  const [, label = '', query] = URI_PATTERN.exec(uri) ?? []
  if (query === undefined || !isWellEncoded(uri)) return null

  const pairs = query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name: name.toLowerCase(), value: decodeURIComponent(value.join('=').replaceAll('+', ' ')).trim() }
  })
  /** Two different values are joined into an invalid one: apps differ in which one they use. */
  const parameter = (name: string) =>
    [...new Set(pairs.filter((pair) => pair.name === name && pair.value !== '').map(({ value }) => value))].join('&')

  const secret = readBase32(parameter('secret'))
  const algorithm = readAlgorithm(parameter('algorithm') || APP_DEFAULTS.algorithm)
  const digits = parameter('digits') || '6'
  const period = parameter('period') || String(APP_DEFAULTS.periodMs / 1000)
  if (secret === null || algorithm === null) return null
  // [I] The portal takes six digits (docs/contract.md#otp-verify), so an app that shows eight could never be right.
  if (digits !== '6' || !/^[1-9][0-9]{0,5}$/.test(period)) return null
  const names = decodeURIComponent(label)
  const accountName = names.slice(names.indexOf(':') + 1).trim()
  return { secret, accountName, algorithm, periodMs: Number(period) * 1000 }
}

/** The account that the URI names to an authenticator app; empty where it names none, and where no app could use it. */
export const accountNameOf = (qrCodeUri: string): string => readOtpUri(qrCodeUri)?.accountName ?? ''

/** On several platforms, apps cannot read a URI with a broken escape. */
function isWellEncoded(uri: string): boolean {
  try {
    decodeURIComponent(uri)
    return true
  } catch {
    return false
  }
}

/** Base32 in capitals, without marks and padding; null where it holds no key or a character that base32 does not know. */
export function readBase32(text: string): string | null {
  const digits = text.replace(MARKS, '').replace(/=+$/, '')
  // One digit has five bits: less than a byte.
  return /^[A-Z2-7]{2,}$/i.test(digits) ? digits.toUpperCase() : null
}

/** `SHA1`, `SHA256`, or `SHA512`, also from spellings such as `sha-256`, `HmacSHA1`, or `HMAC_SHA512`; null for anything else. */
function readAlgorithm(text: string): Algorithm | null {
  const [, size] = /^(?:HMAC_?)?SHA_?(1|256|512)$/i.exec(text.replace(MARKS, '')) ?? []
  return size === undefined ? null : (`SHA${size}` as Algorithm)
}

/**
 * Is it all one whether the user scans the code or types the key? Null where it is, else the part to blame. SEED shows both in one
 * reply (docs/contract.md#otp-setup). Nothing else needs to agree: issuer and account are names for people, and a tenant may have its own.
 */
export function otpSetupMismatch(setup: OtpSetup): 'secret' | 'qrCodeUri' | null {
  const secret = readBase32(setup.secret.reveal())
  if (secret === null) return 'secret'
  const uri = readOtpUri(setup.qrCodeUri.reveal())
  if (uri === null) return 'qrCodeUri'
  return uri.secret === secret ? null : 'secret'
}

/** `[I]` A code that is one step early or late counts as right: servers commonly accept it, and the portal decides. */
const STEPS_ACCEPTED = 1

/**
 * How far off a phone's clock may be to be recognized: enough for a clock set by hand that missed a change to summer time and
 * also drifts. A wrong code matches any one step by chance once in a million. At 30 s there are 180 steps on either side, so
 * one wrong code in 2,800 is called skewed.
 */
const SKEW_SEARCH_MS = 90 * 60_000

/** The numbers from 0 on, by their distance from it: 0, -1, 1, -2, 2 … */
const outwards = (furthest: number): number[] => [
  0,
  ...Array.from({ length: furthest }, (_, index) => [-index - 1, index + 1]).flat(),
]

/**
 * Judges a normalized code at a time (epoch ms, the portal's clock). Null where the platform computes no HMAC: a browser does so on
 * https pages and on this computer's own only. Then the portal is the first to judge.
 * @throws PortalError `client.otpSetupMismatch` for a URI that `otpSetupMismatch` would have refused.
 */
export async function judgeCode(input: {
  readonly qrCodeUri: string
  readonly code: string
  readonly at: number
}): Promise<CodeVerdict | null> {
  const uri = readOtpUri(input.qrCodeUri)
  if (uri === null) throw new PortalError(clientFailure('otpSetupMismatch', 'protocol', { field: 'qrCodeUri' }))
  if (crypto.subtle === undefined) return null
  // Loaded only now: most visits enroll nothing.
  const { codesOf } = await import('./totp.ts')

  /** How many steps from now the code fits: the nearest, at most `furthest` away; null if there is none. */
  const stepsOff = async ({ algorithm, periodMs }: CodeParameters, furthest: number): Promise<number | null> => {
    const now = Math.floor(input.at / periodMs)
    const steps = outwards(furthest).filter((offset) => now + offset >= 0)
    const counters = steps.map((offset) => now + offset)
    const codes = await codesOf({ secret: uri.secret, algorithm }, counters)
    return steps[codes.indexOf(input.code)] ?? null
  }

  if ((await stepsOff(uri, STEPS_ACCEPTED)) !== null) return { kind: 'right' }
  // Checked before the skew, whose many steps match a code by chance far more often.
  for (const misread of misreadings(uri)) {
    if ((await stepsOff(misread, STEPS_ACCEPTED)) !== null) return { kind: 'parametersIgnored' }
  }
  const steps = await stepsOff(uri, Math.floor(SKEW_SEARCH_MS / uri.periodMs))
  return steps === null ? { kind: 'wrong' } : { kind: 'skewed', offsetMs: steps * uri.periodMs }
}

/**
 * How apps read a URI if they ignore parts of it. Microsoft Authenticator and Authy have ignored the algorithm; Google
 * Authenticator ignored both on Android and neither on iOS (google/google-authenticator#521, google/google-authenticator-android#29).
 */
const misreadings = ({ algorithm, periodMs }: CodeParameters): readonly CodeParameters[] => [
  { ...APP_DEFAULTS, periodMs },
  { ...APP_DEFAULTS, algorithm },
  APP_DEFAULTS,
]
