import * as z from 'zod/mini'
import { type PortalOperation, portalRoutes } from './endpoints/routes.ts'
import type { TotpParameters } from './oracle/totp.ts'
import {
  type Fields,
  flag,
  list,
  milliseconds,
  millisecondsOrNull,
  nullable,
  object,
  oneOf,
  optional,
  partial,
  positiveInteger,
  type Schema,
  text,
  wholeNumber,
} from './schema.ts'
import { withoutUndefined } from './without-undefined.ts'

/**
 * How the portal behaves where docs/contract.md leaves a choice, or where a test wants it otherwise. Give any of these to
 * `createFakePortal`, or change them later with `portal.configure`.
 */
export interface Behavior {
  /** Apply the whitelist to every request, not only at login. Default false: a lockout shows at the next login only. */
  enforceOnEveryRequest: boolean
  /** Which address a session is listed with: that of its login (default), or that of its last request. */
  sessionAddress: 'login' | 'request'
  /** Does a 429 carry `Retry-After`? Default false: not documented (docs/contract.md#rate-limits). */
  sendsRetryAfter: boolean
  /** How long a setup waits for its first code, in ms. Default 10 minutes. */
  otpSetupLifetimeMs: number
  /** The secrets that setup hands out. The QR code's URI names what differs from SHA1, 6 digits and 30 s. */
  totp: TotpParameters
  /** Does a setup bring ten backup codes, which work once OTP is on? Default false: not documented (docs/contract.md#otp-setup). */
  setupBringsBackupCodes: boolean
  /** How long a token lasts that a login or a refresh gives, in ms. Default null: for ever. */
  accessTokenLifetimeMs: number | null
  /** How long a channel session lasts, in ms. Default 24 hours. */
  channelLifetimeMs: number
  /** The status of `SECURE_CHANNEL.SESSION_NOT_FOUND`, which is not documented (docs/contract.md#channel-failures). Default 400. */
  channelLossStatus: 400 | 401 | 404
  /** The id of the RSA key; change it and handshakes that name the one before it are refused. Default `rsa-key-1`. */
  channelKeyId: string
  /** Which requests must carry the channel header: those with an encrypted body (default), or each POST under `/security`. */
  channelHeaderOn: 'encryptedBodies' | 'securityPosts'
  /** Encrypt the replies to encrypted requests (default), or send them plain (docs/contract.md#channel-use). */
  encryptsReplies: boolean
  /** Encrypt the reply of an OTP setup that carries the channel header. Default false. */
  encryptsSetupReply: boolean
  /** Encrypt refusals of encrypted requests too (default), or send them plain. */
  encryptsErrors: boolean
  /** What the portal keeps of a whitelist that it is sent. Default null: all of it. */
  storesEntries: ((entries: readonly string[]) => readonly string[]) | null
  /** What it shows in its reply to that: what it keeps (default), or what it was sent. */
  echoesEntries: 'stored' | 'sent'
  /** Does it end the sessions that it says it ends? Default true. */
  endsSessions: boolean
  /** For how long sessions that were ended are listed still, in ms. Default 0. */
  listsEndedForMs: number
  /** How many sessions `terminate-all` says that it ended: those that it did (default), or always this many. */
  terminatedCount: 'own' | number
  /** Which sessions are listed as the current one: the caller's own (default), none, or all. */
  marksCurrent: 'own' | 'none' | 'all'
  /** What it demands more proof for. Default null: nothing. */
  stepUp: StepUpDemand | null
  /** The forms of its replies. */
  dialect: Dialect
}

/** More proof of who the user is, as a header (docs/contract.md#step-up): requests without are refused with 403. */
export interface StepUpDemand {
  /** What is refused without it. */
  readonly operations: readonly PortalOperation[]
  /** The name of the header. */
  readonly header: string
  /** What it has to say; anything else gets `ACCESS.MFA_TOKEN_INVALID`. */
  readonly token: string
  /** The code where there is no such header. Default `ACCESS.MFA_REQUIRED`. */
  readonly code?: 'ACCESS.MFA_REQUIRED' | 'ACCESS.RISK_CHALLENGE_REQUIRED' | undefined
}

/** Forms of a reply: documented side by side (docs/contract.md#variants), or not documented and yet sent. */
export interface Dialect {
  /** What stands for "nothing to return": as documented for each endpoint (default), or one form for all. */
  noContent: 'documented' | '204' | '2040' | '2000' | 'literal'
  /** `version`, `timestamp` and `success` around each reply. Default true. */
  envelopeExtras: boolean
  /** The text field of an enum. Default `label`. */
  enumText: 'label' | 'name'
  /** The address field of a session. Default `clientIp`. */
  sessionAddress: 'clientIp' | 'ipAddress'
  /** The id field of an invitation in the inbox. Default `bizId`. */
  invitationId: 'bizId' | 'invitationBizId'
  /** Dotted codes (default), or the older `U…` ones, all of which come with HTTP 400. */
  errorCodes: 'dotted' | 'numeric'
  /** Fields that only some pages have (`isPrimary`, `verifiedAt`, `accountName`, `canAccept`, `deviceInfo` …). Default true. */
  optionalFields: boolean
  /** What enable and disable of the whitelist answer: nothing (default), or the list. */
  whitelistSwitch: 'noContent' | 'whitelist'
  /**
   * The text of the channel's public key: base64 of its DER (default), the same without padding in the alphabet for URLs or in lines,
   * or PEM; PEM of a PKCS#1 key; PEM on one line, as it comes out of an environment variable; or base64 of a PEM file.
   */
  publicKey: 'base64' | 'base64url' | 'wrapped' | 'pem' | 'pkcs1' | 'escaped' | 'file'
  /**
   * How an OTP setup writes its URI: as documented (default); with a tenant's name in the label; without any issuer; with names and
   * values as other systems write them, empty parameters and one that no app knows; or with the key in groups, there and beside it.
   */
  otpUri: 'documented' | 'tenantLabel' | 'noIssuer' | 'looseNames' | 'groupedKey'
  /**
   * The rows of a list: whole (default); `bare`, with their id and what nobody could do without, the rest null or missing, and so is the
   * reply to an accept; `besideStrays`, among others that do not say which ones they are. Neither is documented, and yet sent.
   */
  rows: 'whole' | 'bare' | 'besideStrays'
  /**
   * How a date is written: ISO 8601 as documented (default), with Java's zone in brackets, as Jackson's list of numbers, in seconds with
   * decimals, as an empty text, or as a number that no `Date` can hold.
   */
  dates: 'iso' | 'zoned' | 'list' | 'seconds' | 'empty' | 'outOfRange'
  /** What answers a stale token: the portal, with 401 (default), or a proxy for single sign-on, which leads to its page with 302. */
  staleToken: '401' | '302'
  /**
   * The `timestamp` around each reply: in ms as documented (default), in another unit, or in ms as digits of a string; three days `stale`,
   * by a clock that goes; `frozen` at the start of the day; in the `zone` eight hours ahead; or `absurd`, the first day of .NET.
   */
  timestamp:
    | 'milliseconds'
    | 'seconds'
    | 'microseconds'
    | 'nanoseconds'
    | 'digits'
    | 'stale'
    | 'frozen'
    | 'zone'
    | 'absurd'
  /** `Date` with each reply (default), or none, as for a page of another origin that the portal does not expose it to. */
  dateHeader: boolean
  /** `Retry-After`, where there is one: whole seconds (default), a fraction, one for each of two proxies, or the time when it is over. */
  retryAfter: 'seconds' | 'fraction' | 'list' | 'date' | 'rfc850' | 'asctime' | 'epoch'
}

export const defaultBehavior: Behavior = {
  enforceOnEveryRequest: false,
  sessionAddress: 'login',
  sendsRetryAfter: false,
  otpSetupLifetimeMs: 10 * 60_000,
  totp: { algorithm: 'SHA1', digits: 6, period: 30 },
  setupBringsBackupCodes: false,
  accessTokenLifetimeMs: null,
  channelLifetimeMs: 24 * 60 * 60_000,
  channelLossStatus: 400,
  channelKeyId: 'rsa-key-1',
  channelHeaderOn: 'encryptedBodies',
  encryptsReplies: true,
  encryptsSetupReply: false,
  encryptsErrors: true,
  storesEntries: null,
  echoesEntries: 'stored',
  endsSessions: true,
  listsEndedForMs: 0,
  terminatedCount: 'own',
  marksCurrent: 'own',
  stepUp: null,
  dialect: {
    noContent: 'documented',
    envelopeExtras: true,
    enumText: 'label',
    sessionAddress: 'clientIp',
    invitationId: 'bizId',
    errorCodes: 'dotted',
    optionalFields: true,
    whitelistSwitch: 'noContent',
    publicKey: 'base64',
    otpUri: 'documented',
    rows: 'whole',
    dates: 'iso',
    staleToken: '401',
    timestamp: 'milliseconds',
    dateHeader: true,
    retryAfter: 'seconds',
  },
}

/** Any part of a `Behavior`. */
export type BehaviorChanges = Partial<Omit<Behavior, 'dialect' | 'totp'>> & {
  readonly dialect?: Partial<Dialect>
  readonly totp?: Partial<TotpParameters>
}

/** Every value that each dialect has: the sweep walks through all of them. */
export const dialectValues = {
  noContent: ['documented', '204', '2040', '2000', 'literal'],
  envelopeExtras: [true, false],
  enumText: ['label', 'name'],
  sessionAddress: ['clientIp', 'ipAddress'],
  invitationId: ['bizId', 'invitationBizId'],
  errorCodes: ['dotted', 'numeric'],
  optionalFields: [true, false],
  whitelistSwitch: ['noContent', 'whitelist'],
  publicKey: ['base64', 'base64url', 'wrapped', 'pem', 'pkcs1', 'escaped', 'file'],
  otpUri: ['documented', 'tenantLabel', 'noIssuer', 'looseNames', 'groupedKey'],
  rows: ['whole', 'bare', 'besideStrays'],
  dates: ['iso', 'zoned', 'list', 'seconds', 'empty', 'outOfRange'],
  staleToken: ['401', '302'],
  timestamp: ['milliseconds', 'seconds', 'microseconds', 'nanoseconds', 'digits', 'stale', 'frozen', 'zone', 'absurd'],
  dateHeader: [true, false],
  retryAfter: ['seconds', 'fraction', 'list', 'date', 'rfc850', 'asctime', 'epoch'],
} as const

const dialect: Fields<Dialect> = {
  noContent: oneOf(...dialectValues.noContent),
  envelopeExtras: oneOf(...dialectValues.envelopeExtras),
  enumText: oneOf(...dialectValues.enumText),
  sessionAddress: oneOf(...dialectValues.sessionAddress),
  invitationId: oneOf(...dialectValues.invitationId),
  errorCodes: oneOf(...dialectValues.errorCodes),
  optionalFields: oneOf(...dialectValues.optionalFields),
  whitelistSwitch: oneOf(...dialectValues.whitelistSwitch),
  publicKey: oneOf(...dialectValues.publicKey),
  otpUri: oneOf(...dialectValues.otpUri),
  rows: oneOf(...dialectValues.rows),
  dates: oneOf(...dialectValues.dates),
  staleToken: oneOf(...dialectValues.staleToken),
  timestamp: oneOf(...dialectValues.timestamp),
  dateHeader: oneOf(...dialectValues.dateHeader),
  retryAfter: oneOf(...dialectValues.retryAfter),
}

const totp: Fields<TotpParameters> = {
  algorithm: oneOf('SHA1', 'SHA256', 'SHA512'),
  digits: positiveInteger,
  period: positiveInteger,
}

const HEADER = 'must be the name of a header'
const TOKEN = 'must be a text that can stand in a header'

const stepUp = object<StepUpDemand>({
  operations: list(oneOf(...portalRoutes.map(({ operation }) => operation))),
  header: z.string(HEADER).check(z.regex(/^[\w-]+$/, HEADER)),
  token: z.string(TOKEN).check(z.regex(/^[\x21-\x7e]+$/, TOKEN)),
  code: optional(oneOf('ACCESS.MFA_REQUIRED', 'ACCESS.RISK_CHALLENGE_REQUIRED')),
})

const COUNT = 'must be own or a whole number from 0 to 1000'

export const behaviorFields: Fields<Required<BehaviorChanges>> = {
  enforceOnEveryRequest: flag,
  sessionAddress: oneOf('login', 'request'),
  sendsRetryAfter: flag,
  otpSetupLifetimeMs: milliseconds,
  totp: partial(totp),
  setupBringsBackupCodes: flag,
  accessTokenLifetimeMs: millisecondsOrNull,
  channelLifetimeMs: milliseconds,
  channelLossStatus: oneOf(400, 401, 404),
  channelKeyId: text,
  channelHeaderOn: oneOf('encryptedBodies', 'securityPosts'),
  encryptsReplies: flag,
  encryptsSetupReply: flag,
  encryptsErrors: flag,
  storesEntries: z.custom<Behavior['storesEntries']>(
    (value) => value === null || typeof value === 'function',
    'must be a function or null',
  ),
  echoesEntries: oneOf('stored', 'sent'),
  endsSessions: flag,
  listsEndedForMs: milliseconds,
  terminatedCount: z.union([z.literal('own'), wholeNumber(0, 1_000, COUNT)], COUNT),
  marksCurrent: oneOf('own', 'none', 'all'),
  stepUp: nullable(stepUp),
  dialect: partial(dialect),
}

export const changesSchema: Schema<BehaviorChanges> = partial<BehaviorChanges>(behaviorFields)

/** `behavior` with `changes` made, which are of its shape. */
export function changeBehavior(behavior: Behavior, changes: BehaviorChanges): Behavior {
  const { dialect, totp, ...others } = withoutUndefined(changes)
  return {
    ...behavior,
    ...others,
    dialect: { ...behavior.dialect, ...dialect },
    totp: { ...behavior.totp, ...totp },
  }
}
