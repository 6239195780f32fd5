import { clientFailure, type Failure } from './failure.ts'

/** A signed-in session of the account. */
export interface Session {
  /** The id as listed, which is masked (`SESS...C_001`): two sessions may share one. */
  readonly sessionId: string
  /** Where it was opened from; null where the portal names no address. */
  readonly clientIp: string | null
  /** Is it the session in use? */
  readonly isCurrent: boolean
  /** Device and browser, as the portal words it. */
  readonly deviceInfo?: string
  /** A place, as the portal words it. */
  readonly location?: string
  /** When it was last used, in epoch ms on the host's clock. */
  readonly lastActiveAt?: number
}

type SessionVerdict = 'terminable' | 'unknown' | 'current' | 'ambiguous' | 'unmarked'

/**
 * Asks of a session by its id whether it may be ended, and if not, why not. The current one ends by signing out, an ambiguous id could be
 * anyone's. Where none is marked as the current one (`unmarked`), any of them could be it.
 */
export function sessionsToEnd(sessions: readonly Session[]): (sessionId: string) => SessionVerdict {
  const verdicts = new Map<string, SessionVerdict>()
  const ofOther = isOneMarked(sessions) ? 'terminable' : 'unmarked'
  for (const { sessionId, isCurrent } of sessions) {
    verdicts.set(sessionId, verdicts.has(sessionId) ? 'ambiguous' : isCurrent ? 'current' : ofOther)
  }
  return (sessionId) => verdicts.get(sessionId) ?? 'unknown'
}

const isOneMarked = (sessions: readonly Session[]) => sessions.some(({ isCurrent }) => isCurrent)

/** The same of a single one. */
export const sessionVerdict = (sessions: readonly Session[], sessionId: string): SessionVerdict =>
  sessionsToEnd(sessions)(sessionId)

export const otherSessions = (sessions: readonly Session[]) => sessions.filter(({ isCurrent }) => !isCurrent)

/**
 * How many sessions there are beside the one in use, those in rows that nobody could read among them. The portal lists the one in use too
 * (docs/contract.md#session-list): where no row is marked as that, one of them is it all the same.
 */
export function countOtherSessions(sessions: readonly Session[], unreadableRows: number): number {
  const others = otherSessions(sessions).length + unreadableRows
  return isOneMarked(sessions) ? others : Math.max(0, others - 1)
}

interface SessionList {
  readonly isRead: boolean
  readonly sessions: readonly Session[]
  readonly unreadableRows: number
  readonly areOthersEnded: boolean
}

/**
 * Is no other session left? A row that nobody can read counts as one, so that nothing is claimed which is not known, until the user has
 * ended all others: what is listed after that cannot be ended by anybody here, and holds nobody.
 */
export const isOnlySession = ({ isRead, sessions, unreadableRows, areOthersEnded }: SessionList): boolean =>
  isRead && countOtherSessions(sessions, areOthersEnded ? 0 : unreadableRows) === 0

/** Which sessions the user asked to end, by their ids as listed at that time; two of them may share one. */
export type Termination =
  | { readonly scope: 'one'; readonly sessionId: string }
  | { readonly scope: 'others'; readonly sessionIds: readonly string[] }

/** The id of the one session to end; null where all others are. */
export const sessionToEnd = (termination: Termination | null): string | null =>
  termination?.scope === 'one' ? termination.sessionId : null

export const terminationOfOthers = (sessions: readonly Session[]): Termination => ({
  scope: 'others',
  sessionIds: otherSessions(sessions).map(({ sessionId }) => sessionId),
})

/**
 * The ids of those that were to end and are listed still, as far as they can be read. One that signed in meanwhile was not meant. Where
 * none is marked as the one in use, one of all others is it, and stays.
 */
export function notTerminated(termination: Termination, sessions: readonly Session[]): string[] {
  const requested = termination.scope === 'one' ? [termination.sessionId] : termination.sessionIds
  const listed = new Map<string, number>()
  for (const { sessionId } of otherSessions(sessions)) listed.set(sessionId, (listed.get(sessionId) ?? 0) + 1)
  const left = requested.filter((sessionId) => {
    const times = listed.get(sessionId) ?? 0
    listed.set(sessionId, times - 1)
    return times > 0
  })
  return termination.scope === 'others' && !isOneMarked(sessions) ? left.slice(1) : left
}

export const isTerminated = (termination: Termination, sessions: readonly Session[]) =>
  notTerminated(termination, sessions).length === 0

/** How many of those that were to end have gone from the list between two readings, whatever the portal says that it ended. */
export const countTerminated = (
  termination: Termination,
  before: readonly Session[],
  after: readonly Session[],
): number => Math.max(0, notTerminated(termination, before).length - notTerminated(termination, after).length)

/** What the user confirmed and is not over: what is being ended, and what waits for its turn. */
interface Wishes {
  readonly termination: Termination | null
  readonly queue: readonly Termination[]
}

/** Is the end of this session, or with null that of all others, confirmed already? */
export function isUnderWay(sessionId: string | null, { termination, queue }: Wishes): boolean {
  const all = termination === null ? queue : [termination, ...queue]
  return all.some((one) => one.scope === 'others' || one.sessionId === sessionId)
}

/** Can it be sent, by what the list shows? Ending all others is right where there are none left, too. */
export const isPossible = (termination: Termination, sessions: readonly Session[]): boolean =>
  termination.scope === 'others' || sessionVerdict(sessions, termination.sessionId) === 'terminable'

/** May the user be asked about it? Not once the user has left, nor about what is confirmed already. */
export const mayBeAsked = (
  context: Wishes & SessionList & { readonly question: Termination | null; readonly leaveAs: string | null },
  wish: Termination,
): boolean =>
  context.leaveAs === null &&
  context.question === null &&
  !isUnderWay(sessionToEnd(wish), context) &&
  (wish.scope === 'one'
    ? isPossible(wish, context.sessions)
    : countOtherSessions(context.sessions, context.unreadableRows) > 0)

/** Is no other session left once all that was confirmed has ended? */
export const willBeOnlySession = (context: Wishes & SessionList): boolean =>
  context.isRead &&
  (isUnderWay(null, context) ||
    countOtherSessions(
      context.sessions.filter(({ isCurrent, sessionId }) => isCurrent || !isUnderWay(sessionId, context)),
      context.areOthersEnded ? 0 : context.unreadableRows,
    ) === 0)

/** Why the session with this id cannot be ended here. */
export function refuseTermination(sessions: readonly Session[], sessionId: string): Failure {
  const reasons = {
    terminable: 'unexpected',
    unknown: 'sessionUnknown',
    current: 'sessionCurrent',
    ambiguous: 'sessionAmbiguous',
    unmarked: 'sessionUnmarked',
  } as const
  return clientFailure(reasons[sessionVerdict(sessions, sessionId)], 'invalid', { field: 'sessionId' })
}
