import { type FailureKind, PortalError } from '../domain/failure.ts'

/** Kinds of failure that say nothing about the session: another try may succeed. */
const TROUBLE: readonly FailureKind[] = ['network', 'timeout', 'server', 'rateLimited', 'secureChannel', 'protocol']
const ERROR_NAMES: readonly string[] = ['NetworkError', 'TimeoutError', 'AbortError', 'ConnectTimeoutError']
const ERROR_CODES =
  /^(ECONN[A-Z]+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTDOWN|EHOSTUNREACH|ENETDOWN|ENETUNREACH|ENETRESET|ERR_NETWORK|ERR_CANCELED|UND_ERR_[A-Z_]+)$/
const BUSY_STATUSES: readonly unknown[] = [408, 429]

/**
 * Did getting a token fail for want of a connection, rather than because the session is over? So it is for the `TypeError` of
 * `fetch`, for time-outs and broken connections as the platforms and common clients name them, and for an error with the
 * `response` of a busy or broken server (408, 429, 5xx). Any other error means that the session is over.
 */
export function isConnectionTrouble(thrown: unknown): boolean {
  if (thrown instanceof PortalError) return TROUBLE.includes(thrown.failure.kind)
  if (thrown instanceof TypeError) return true
  if (typeof thrown !== 'object' || thrown === null) return false
  const { name, code, response }: { name?: unknown; code?: unknown; response?: { status?: unknown } | null } = thrown
  const status = response?.status
  if (typeof status === 'number') return status >= 500 || BUSY_STATUSES.includes(status)
  return ERROR_NAMES.includes(String(name)) || (typeof code === 'string' && ERROR_CODES.test(code))
}
