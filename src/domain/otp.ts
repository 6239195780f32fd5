import { clientFailure, PortalError } from './failure.ts'
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

/** What a code turned out to be, judged by the portal's time before an attempt is spent on it. */
export type CodeVerdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong' }
  /** Right at another time, so the phone's clock is off: by `offsetMs`, to the step, positive when the phone is ahead. */
  | { readonly kind: 'skewed'; readonly offsetMs: number }

/** What a screen can say about the last code; null before there was one. */
export type CodeHint =
  | null
  | { readonly kind: 'malformed' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'skewed'; readonly offsetMs: number }

/** The portal takes six digits and nothing else (contract 4.3). */
const CODE_PATTERN = /^[0-9]{6}$/

/**
 * The six digits that were meant, or null. People type `123 456`, paste a non-breaking space, or have a keyboard that writes
 * full-width digits: the spaces are dropped and digits that Unicode calls compatible become plain ones. Nothing else is guessed.
 */
export function normaliseCode(typed: unknown): string | null {
  if (typeof typed !== 'string') return null
  const code = typed.normalize('NFKC').replace(/\s/g, '')
  return CODE_PATTERN.test(code) ? code : null
}

/** What an authenticator app reads out of an `otpauth://totp/…` URI. */
interface OtpUri {
  /** As the label has it: `issuer:account`, still percent-encoded. */
  readonly label: string
  /** The issuer parameter, still percent-encoded; null where there is none. */
  readonly issuer: string | null
  /** Base32 in capitals, without spaces and padding. */
  readonly secret: string
  readonly algorithm: string
  readonly periodMs: number
}

const URI_PATTERN = /^otpauth:\/\/totp\/([^?#]+)\?([^#]+)(?:#.*)?$/i

/**
 * The URI, or null where an app could not use it or two apps could read it differently. Taken apart by hand, because browsers
 * disagree on the host and path of a URL whose scheme they do not know.
 */
function readOtpUri(uri: string): OtpUri | null {
  const [, label, query] = URI_PATTERN.exec(uri) ?? []
  if (label === undefined || query === undefined || readings(label).length === 0) return null

  const parameters = new Map<string, string>()
  for (const pair of query.split('&')) {
    const [name = '', ...value] = pair.split('=')
    if (parameters.has(name)) return null
    parameters.set(name, value.join('='))
  }
  const issuer = parameters.get('issuer') ?? null
  if (issuer !== null && readings(issuer).length === 0) return null

  const [, secretText = ''] = readings(parameters.get('secret') ?? '')
  const secret = readBase32(secretText)
  // The defaults are those of the apps.
  const algorithm = parameters.get('algorithm') ?? 'SHA1'
  const digits = parameters.get('digits') ?? '6'
  const period = parameters.get('period') ?? '30'
  if (secret === null || !/^SHA(1|256|512)$/i.test(algorithm)) return null
  // [I] The portal takes six digits (contract 4.3), so an app that shows eight could never be right.
  if (digits !== '6' || !/^[1-9][0-9]{0,5}$/.test(period)) return null
  return { label, issuer, secret, algorithm: algorithm.toUpperCase(), periodMs: Number(period) * 1000 }
}

/** Base32 in capitals, without spaces and padding; null where it holds no key or a character that base32 does not know. */
function readBase32(text: string): string | null {
  const digits = text.replace(/\s/g, '').replace(/=+$/, '')
  // A single digit is five bits: not even one byte.
  return /^[A-Z2-7]{2,}$/i.test(digits) ? digits.toUpperCase() : null
}

/**
 * How a part of the URI can be read. A `+` is a plus in a URI, but servers that encode as forms do mean a space by it, and apps
 * differ. None where its percent-encoding is broken.
 */
function readings(encoded: string): string[] {
  try {
    return [decodeURIComponent(encoded), decodeURIComponent(encoded.replaceAll('+', ' '))]
  } catch {
    return []
  }
}

/**
 * Do the three parts of a set-up agree, so that it does not matter whether the user scans the code or types the secret? Null
 * where they do, else the part to blame. SEED shows all three in one reply (contract 4.2).
 */
export function otpSetupMismatch(setup: OtpSetup): 'secret' | 'issuer' | 'qrCodeUri' | null {
  const secret = readBase32(setup.secret.reveal())
  if (secret === null) return 'secret'
  if (setup.issuer === '') return 'issuer'
  const uri = readOtpUri(setup.qrCodeUri.reveal())
  if (uri === null) return 'qrCodeUri'
  if (uri.secret !== secret) return 'secret'
  return namesIssuer(uri, setup.issuer) ? null : 'issuer'
}

/** The parameter and the label's prefix may each be missing, but not both, and what is there must be the issuer. */
function namesIssuer({ label, issuer }: OtpUri, expected: string): boolean {
  const hasPrefix = readings(label).some((text) => text.includes(':'))
  if (issuer === null && !hasPrefix) return false
  const parameterAgrees = issuer === null || readings(issuer).includes(expected)
  const prefixAgrees = !hasPrefix || readings(label).some((text) => text.startsWith(`${expected}:`))
  return parameterAgrees && prefixAgrees
}

/** `[I]` A code one step old or early is taken as right: servers commonly accept it, and the portal has the last word. */
const STEPS_ACCEPTED = 1

/**
 * How far off a phone's clock is looked for: enough for a clock set by hand that missed a change of summer time and drifts as
 * well. Each step looked at may fit a wrong code by chance, one in a million: at 30 s these 180 steps on either side call one
 * wrong code in 2,800 skewed.
 */
const SKEW_SEARCH_MS = 90 * 60_000

/**
 * Judges a normalised code at a time (epoch ms, the portal's clock).
 * @throws PortalError `client.otpSetupMismatch` for a URI that `otpSetupMismatch` would have refused.
 */
export async function judgeCode(input: {
  readonly qrCodeUri: string
  readonly code: string
  readonly at: number
}): Promise<CodeVerdict> {
  const uri = readOtpUri(input.qrCodeUri)
  if (uri === null) throw new PortalError(clientFailure('otpSetupMismatch', 'protocol', { field: 'qrCodeUri' }))
  // Loaded only now: most visits enrol nothing.
  const { HOTP, Secret } = await import('otpauth')

  const { algorithm, periodMs } = uri
  const secret = Secret.fromBase32(uri.secret)
  const now = Math.floor(input.at / periodMs)
  const fits = (steps: number) =>
    now + steps >= 0 && HOTP.generate({ secret, algorithm, digits: 6, counter: now + steps }) === input.code

  // From now outwards, so that the nearest time is found first.
  const furthest = Math.max(STEPS_ACCEPTED, Math.floor(SKEW_SEARCH_MS / periodMs))
  for (let distance = 0; distance <= furthest; distance++) {
    const steps = [-distance, distance].find(fits)
    if (steps === undefined) continue
    return distance <= STEPS_ACCEPTED ? { kind: 'right' } : { kind: 'skewed', offsetMs: steps * periodMs }
  }
  return { kind: 'wrong' }
}
