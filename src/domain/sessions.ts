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

type SessionVerdict = 'terminable' | 'unknown' | 'current' | 'ambiguous'

/**
 * Asks of a session by its id whether it may be ended, and if not, why not. The current one ends by signing out, an ambiguous id could be
 * anyone's.
 */
export function sessionsToEnd(sessions: readonly Session[]): (sessionId: string) => SessionVerdict {
  const verdicts = new Map<string, SessionVerdict>()
  for (const { sessionId, isCurrent } of sessions) {
    verdicts.set(sessionId, verdicts.has(sessionId) ? 'ambiguous' : isCurrent ? 'current' : 'terminable')
  }
  return (sessionId) => verdicts.get(sessionId) ?? 'unknown'
}

/** The same of a single one. */
export const sessionVerdict = (sessions: readonly Session[], sessionId: string): SessionVerdict =>
  sessionsToEnd(sessions)(sessionId)

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

/** Which sessions the user asked to end, by their ids as listed then; two of the others may share one. */
export type Termination =
  | { readonly scope: 'one'; readonly sessionId: string }
  | { readonly scope: 'others'; readonly sessionIds: readonly string[] }

export const terminationOfOthers = (sessions: readonly Session[]): Termination => ({
  scope: 'others',
  sessionIds: otherSessions(sessions).map(({ sessionId }) => sessionId),
})

/** The ids of those that were to end and are listed still. One that signed in meanwhile was not meant. */
export function notTerminated(termination: Termination, sessions: readonly Session[]): string[] {
  const asked = termination.scope === 'one' ? [termination.sessionId] : termination.sessionIds
  const listed = new Map<string, number>()
  for (const { sessionId } of otherSessions(sessions)) listed.set(sessionId, (listed.get(sessionId) ?? 0) + 1)
  return asked.filter((sessionId) => {
    const left = listed.get(sessionId) ?? 0
    listed.set(sessionId, left - 1)
    return left > 0
  })
}

export const isTerminated = (termination: Termination, sessions: readonly Session[]) =>
  notTerminated(termination, sessions).length === 0

/** How many of those that were to end have gone from the list between two readings, whatever the portal says that it ended. */
export const countTerminated = (
  termination: Termination,
  before: readonly Session[],
  after: readonly Session[],
): number => Math.max(0, notTerminated(termination, before).length - notTerminated(termination, after).length)

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
