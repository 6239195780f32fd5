import { clientFailure, type Failure } from './failure.ts'
import { readClientAddress } from './ip-address.ts'

/** A signed-in session of the account. */
export interface Session {
  /** As listed: masked (`SESS...C_001`), so two sessions may share one. */
  readonly sessionId: string
  readonly clientIp: string
  /** Exactly the caller's own session is true. */
  readonly isCurrent: boolean
  readonly deviceInfo?: string
  readonly location?: string
  /** Epoch ms, the host's clock. */
  readonly lastActiveAt?: number
}

/** May the session with this id be ended, and if not, why not? The current one ends by signing out, an ambiguous id could be anyone's. */
export function sessionVerdict(
  sessions: readonly Session[],
  sessionId: string,
): 'terminable' | 'unknown' | 'current' | 'ambiguous' {
  const matches = sessions.filter((session) => session.sessionId === sessionId)
  if (matches.length === 0) return 'unknown'
  if (matches.length > 1) return 'ambiguous'
  return matches[0]?.isCurrent ? 'current' : 'terminable'
}

export const otherSessions = (sessions: readonly Session[]) => sessions.filter(({ isCurrent }) => !isCurrent)

/**
 * The address that the portal sees the session in use come from, in its normal form; null unless exactly one is marked as that and its
 * address can be read.
 */
export function currentAddress(sessions: readonly Session[]): string | null {
  const [current, another] = sessions.filter(({ isCurrent }) => isCurrent)
  return current === undefined || another !== undefined ? null : readClientAddress(current.clientIp)
}

/** The addresses of these sessions, as far as they can be read, each once. */
export const sessionAddresses = (sessions: readonly Session[]): string[] => [
  ...new Set(sessions.flatMap(({ clientIp }) => readClientAddress(clientIp) ?? [])),
]

/** Which sessions the user asked to end. */
export type Termination = { readonly scope: 'one'; readonly sessionId: string } | { readonly scope: 'others' }

const concernedBy = (termination: Termination, sessions: readonly Session[]) =>
  termination.scope === 'others'
    ? otherSessions(sessions)
    : sessions.filter(({ sessionId }) => sessionId === termination.sessionId)

/** Is none of the sessions left that were to end? */
export const isTerminated = (termination: Termination, sessions: readonly Session[]) =>
  concernedBy(termination, sessions).length === 0

/** How many of the sessions that were to end are gone from the list since; one that signed in meanwhile is not set off against them. */
export function countTerminated(
  termination: Termination,
  before: readonly Session[],
  after: readonly Session[],
): number {
  const left = concernedBy(termination, after).map(({ sessionId }) => sessionId)
  const gone = concernedBy(termination, before).filter(({ sessionId }) => {
    const place = left.indexOf(sessionId)
    if (place >= 0) left.splice(place, 1)
    return place < 0
  })
  return gone.length
}

/** Why the session with this id cannot be ended here. */
export function refuseTermination(sessions: readonly Session[], sessionId: string): Failure {
  const reasons = {
    terminable: 'unexpected',
    unknown: 'sessionUnknown',
    current: 'sessionCurrent',
    ambiguous: 'sessionAmbiguous',
  } as const
  return clientFailure(reasons[sessionVerdict(sessions, sessionId)], 'invalid', { field: 'sessionId' })
}
