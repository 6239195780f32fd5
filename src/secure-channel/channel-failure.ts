import { clientFailure, clientKey, PortalError, toFailure } from '../domain/failure.ts'

/** Handshake statuses that a retry will not change: the portal has no channel, or none for this client. */
const FINAL_STATUSES: readonly (number | null)[] = [403, 404]

/**
 * There is no channel, for whatever reason, so the request that needed it is not sent: no effect. A rate limit keeps its own kind,
 * since it says how long to wait; so does what has to be put right here, and what the channel itself has found out.
 */
export function channelFailure(thrown: unknown): PortalError {
  const failure = toFailure(thrown)
  const { kind, code, status, field, requestId } = failure
  const isOwn = kind === 'secureChannel' && clientKey(code) !== null
  if (isOwn || kind === 'rateLimited' || kind === 'config') return new PortalError({ ...failure, effect: 'none' })
  const retryable = !FINAL_STATUSES.includes(status)
  return new PortalError(clientFailure('secureChannel', 'secureChannel', { status, field, requestId, retryable }))
}
