import { type Clock, isClock, systemClock } from '../../domain/clock.ts'
import { clientFailure, PortalError } from '../../domain/failure.ts'
import { matchLocale, readLocale } from '../../domain/match-locale.ts'
import { isRecord } from '../../domain/record.ts'
import type { StepUpHook } from '../auth/step-up.ts'
import { DEFAULT_LOCALE } from '../inferred.ts'
import type { TraceHook } from '../transport/trace.ts'
import type { Fetch } from '../transport/transport.ts'
import { readBaseUrl } from './base-url.ts'
import { type ChannelChoice, isChannelChoice } from './channel-choice.ts'
import { isHeaderValue, wrongHeader } from './headers.ts'
import { type PathChoice, problemOfPaths } from './paths.ts'

/** The options of `createPortalApi`. */
export interface PortalApiOptions {
  /** Where the portal is, a context path included: `https://api.example.com/prometheus`. https only, except toward this computer. */
  readonly baseUrl: string
  /** `X-PORTAL-ACCESS-CODE`: the code of the SYSTEM portal (docs/contract.md#headers). */
  readonly portalAccessCode: string
  /**
   * `X-Client-Hash`: the fingerprint that the login used. It must not change in a session: the portal answers with 403
   * `AUTH.FINGERPRINT_MISMATCH`. Null, said on purpose, where something else sends it or none is wanted (docs/contract.md#headers).
   */
  readonly clientHash: string | null
  /**
   * The bearer token, asked for with every request, and once more where `refreshAccessToken` brought nothing new: another tab may have
   * renewed it. Nothing in its place (`''`, null, undefined) says that the user is signed out: `unauthorized`, `client.accessToken`.
   * What it rejects with means the same as for `refreshAccessToken`.
   */
  readonly accessToken: () => string | Promise<string>
  /**
   * Gets a new token after a 401, or after a redirect (302, 307, or one that the browser hides), which is what a proxy for single
   * sign-on answers; asked once per stale token, whoever else waits for it. Left out: a 401 is final.
   *
   * The session is over where this gives no token, or where what it rejects with says so, be it inside `response`, `error`, `data` or
   * `cause`: HTTP status 400, 401 or 403, a code of OAuth or OpenID Connect (`invalid_grant`, `login_required` …), or a `PortalError`
   * of kind `unauthorized`. Any other error is `network`, `client.refresh`, worth another try.
   */
  readonly refreshAccessToken?: () => Promise<string>
  /**
   * Gets more proof of who the user is where the portal demands it for one request (docs/contract.md#step-up), as with a dialog of your
   * own. Resolves with the headers that carry it, which are secret and go with this request only, beside `headers` and never in place of
   * one of ours; `{}` where the portal knows by itself; null where the user does not want to. Asked once for a request, which is then
   * repeated once; requests that are refused meanwhile wait for the same answer. It may take as long as it takes: `signal` says when
   * nobody waits any more. Left out: such a refusal is final.
   */
  readonly stepUp?: StepUpHook
  /**
   * How bodies are encrypted (docs/contract.md#secure-channel). `binary` (default) and `json` are the two documented envelopes. `off`: not at all.
   * `{ sessionId }`: a gateway or SDK encrypts, only the session's header is sent. Or a channel of your own.
   */
  readonly secureChannel?: ChannelChoice
  /**
   * Is the secure channel opened after the first read of the security center, so that the first change need not wait for it? True by
   * default. False where each api makes few requests, as on a server: the first change that goes through the channel opens it.
   */
  readonly warmUp?: boolean
  /**
   * The user's language, such as `navigator.language`; also as a system writes it (`zh_HK`). The portal is asked for the nearest of its
   * own (see `matchLocale`), English where it has none. No text of the portal's is shown, so a user who changes the language later
   * needs no other api (docs/contract.md#headers).
   */
  readonly locale?: string
  /** Sent with every request beside ours; they never replace one of ours. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Paths that differ at your portal, by operation: `{ acceptInvitation: '/web/v2/invitations/{invitationBizId}/accept' }`. Behind
   * `baseUrl`, with the placeholders of the documented path (docs/contract.md#requests).
   */
  readonly paths?: PathChoice
  /** For each attempt, the reply's body included, in ms; 10,000 by default. */
  readonly timeoutMs?: number
  /** Used instead of the platform's `fetch`. It must honor the signal of the request. */
  readonly fetch?: Fetch
  /** For timeouts, waits and the portal's clock offset; the system's by default. */
  readonly clock?: Clock
  /**
   * Hears of each request that was sent, repeats and the secure channel's own included, when it ends: for tracing and metrics. It
   * gets no secret, no body and no id but the request's. Called at once, so it should be quick; what it throws is dropped and
   * changes nothing.
   */
  readonly onRequest?: TraceHook
}

/** The options, checked, with the defaults filled in. */
export interface Settings {
  readonly baseUrl: string
  readonly portalAccessCode: string
  readonly clientHash: string | null
  readonly accessToken: () => string | Promise<string>
  readonly refreshAccessToken: (() => Promise<string>) | null
  readonly stepUp: StepUpHook | null
  readonly secureChannel: ChannelChoice
  readonly warmUp: boolean
  /** What the host names, as a tag of BCP 47. */
  readonly locale: string | null
  /** The nearest language of the portal. */
  readonly portalLocale: string
  readonly headers: Readonly<Record<string, string>>
  readonly paths: PathChoice
  readonly timeoutMs: number
  readonly fetch: Fetch
  readonly clock: Clock
  readonly onRequest: TraceHook | null
}

const TIMEOUT_MS = 10_000
/** The longest that a platform's timer waits; beyond, it fires at once. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1

/** The languages of the portal's texts (docs/contract.md#headers). */
const PORTAL_LOCALES = [DEFAULT_LOCALE, 'zh', 'zh-Hant', 'ja', 'vi'] as const

/** Throws `PortalError` `config`, `client.option` for the first option that cannot be used, with its name as `field`. */
export function readOptions(options: PortalApiOptions): Settings {
  const given: { readonly [Name in keyof PortalApiOptions]?: unknown } = isObject(options)
    ? options
    : refuse('options', 'must be an object')

  const baseUrl = readBaseUrl(given.baseUrl)
  if ('problem' in baseUrl) refuse('baseUrl', baseUrl.problem)
  if (!isHeaderValue(given.portalAccessCode)) refuse('portalAccessCode', 'must be a text that can stand in a header')
  if (given.clientHash !== null && !isHeaderValue(given.clientHash)) {
    refuse('clientHash', 'must be a text that can stand in a header, or null, said on purpose')
  }
  if (!isFunction(given.accessToken)) refuse('accessToken', 'must be a function')
  if (!isMissingOr(isFunction, given.refreshAccessToken)) refuse('refreshAccessToken', 'must be a function')
  if (!isMissingOr(isFunction, given.stepUp)) refuse('stepUp', 'must be a function')
  if (!isMissingOr(isChannelChoice, given.secureChannel)) {
    refuse(
      'secureChannel',
      "must be 'binary', 'json', 'off', { sessionId } or a channel with session, forget and close",
    )
  }
  if (!isMissingOr(isBoolean, given.warmUp)) refuse('warmUp', 'must be true or false')
  if (!isMissingOr(isLocale, given.locale)) refuse('locale', 'must be a language tag such as en or zh-Hant')
  if (!isMissingOr(isRecord, given.headers)) refuse('headers', 'must be a record of names and values')
  const name = wrongHeader(options.headers ?? {})
  if (name !== null) refuse('headers', `${JSON.stringify(name)} cannot be a header`)
  const wrongPath = problemOfPaths(given.paths)
  if (wrongPath !== null) refuse(wrongPath.field, wrongPath.problem)
  if (!isMissingOr(isTimeout, given.timeoutMs)) {
    refuse('timeoutMs', `must be a number of milliseconds above 0, at most ${TIMEOUT_MS_MAX}`)
  }
  if (!isMissingOr(isFunction, given.fetch)) refuse('fetch', 'must be a function')
  if (!isMissingOr(isClock, given.clock)) refuse('clock', 'must have now, setTimeout and clearTimeout')
  if (!isMissingOr(isFunction, given.onRequest)) refuse('onRequest', 'must be a function')

  return {
    baseUrl: baseUrl.url,
    portalAccessCode: options.portalAccessCode,
    clientHash: options.clientHash,
    accessToken: options.accessToken,
    refreshAccessToken: options.refreshAccessToken ?? null,
    stepUp: options.stepUp ?? null,
    secureChannel: options.secureChannel ?? 'binary',
    warmUp: options.warmUp ?? true,
    locale: options.locale === undefined ? null : String(readLocale(options.locale)),
    portalLocale: matchLocale(options.locale ?? DEFAULT_LOCALE, PORTAL_LOCALES),
    headers: { ...options.headers },
    paths: { ...options.paths },
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    // Looked up with each request: tools that watch or replace the platform's fetch do so at any time.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    clock: options.clock ?? systemClock,
    onRequest: options.onRequest ?? null,
  }
}

function refuse(option: string, problem: string): never {
  throw new PortalError(clientFailure('option', 'config', { field: option }), `createPortalApi: ${option}: ${problem}`)
}

const isMissingOr = (is: (value: unknown) => boolean, value: unknown) => value === undefined || is(value)
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isBoolean = (value: unknown) => typeof value === 'boolean'
const isFunction = (value: unknown) => typeof value === 'function'
const isLocale = (value: unknown) => typeof value === 'string' && readLocale(value) !== null
const isTimeout = (value: unknown) => typeof value === 'number' && value > 0 && value <= TIMEOUT_MS_MAX
