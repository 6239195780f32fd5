import { type FailureKind, PortalError } from '../../domain/failure.ts'

/**
 * Does what the host rejected with say that the session is over, so that only a new sign-in helps? It does by an HTTP status that
 * refuses (400, 401, 403), by a code of OAuth or OpenID Connect, or as a `PortalError` of that kind. Everything else (no connection, a
 * timeout, a broken server, an error that nobody knows) says nothing about the session: the next try may succeed.
 */
export function saysSignedOut(thrown: unknown): boolean {
  if (!(thrown instanceof PortalError)) return verdictOf(thrown, LEVELS) ?? false
  const { kind, status } = thrown.failure
  return kind === 'unauthorized' || (REFUSALS.includes(kind) && isRefusal(status))
}

const REFUSALS: readonly FailureKind[] = ['forbidden', 'invalid']
const isRefusal = (status: unknown) => status === 400 || status === 401 || status === 403

/** Nobody gets a token by asking again, whatever the status. */
const SIGNED_OUT: ReadonlySet<unknown> = new Set([
  // RFC 6749 5.2, RFC 6750 3.1
  'invalid_grant',
  'invalid_token',
  // OpenID Connect Core 3.1.2.6: the answers to a renewal without a user
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
  // What clients say where they have nothing left to renew with, or were told so: Auth0, MSAL, GitHub, Auth.js, Cognito, Firebase
  'missing_refresh_token',
  'no_tokens_found',
  'refresh_token_expired',
  'bad_refresh_token',
  'RefreshTokenError',
  'RefreshAccessTokenError',
  'NotAuthorizedException',
  'auth/user-token-expired',
])

/** Where clients put a code, a status, and what they wrap: axios, ky, ofetch, got, Angular, oidc-client-ts, openid-client, MSAL, the AWS SDK … */
const CODE_FIELDS = ['error', 'code', 'errorCode', 'error_code', 'name'] as const
const STATUS_FIELDS = ['status', 'statusCode', 'httpStatusCode', 'code'] as const
const INSIDE = ['response', 'error', 'data', 'body', '$metadata', 'cause'] as const
/** How deep that goes: `cause.response.data.error`. */
const LEVELS = 4

type Parts = { readonly [Name in (typeof CODE_FIELDS | typeof STATUS_FIELDS | typeof INSIDE)[number]]?: unknown }

/** The outermost word counts, a code before a status; null where there is none. */
function verdictOf(value: unknown, levels: number): boolean | null {
  if (SIGNED_OUT.has(value)) return true
  if (typeof value !== 'object' || value === null || levels === 0) return null
  const parts: Parts = value
  if (CODE_FIELDS.some((name) => SIGNED_OUT.has(parts[name]))) return true
  const status = STATUS_FIELDS.map((name) => parts[name]).find(isStatus)
  if (status !== undefined) return isRefusal(status)
  for (const name of INSIDE) {
    const verdict = verdictOf(parts[name], levels - 1)
    if (verdict !== null) return verdict
  }
  return null
}

/** Not the 0 of a request that got no reply, nor the number of a `DOMException`. */
const isStatus = (value: unknown): value is number => typeof value === 'number' && value >= 100 && value <= 599
