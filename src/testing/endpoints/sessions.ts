import type { FakeSession } from '../account/account.ts'
import { text } from '../schema.ts'
import type { Result, SignedInCall, World } from '../world.ts'
import { Refusal } from './refusal.ts'
import { noBody, readBody } from './request-body.ts'
import { optional, wireRows, wireTime } from './wire.ts'

/** A session's id as the portal shows it, such as `SESS...C_001`. Two sessions may look alike. */
const maskSessionId = (sessionId: string) => `${sessionId.slice(0, 4)}...${sessionId.slice(-5)}`

/** Those that are signed in, and those that the portal has not taken off its list yet. */
const listed = ({ account, behavior, endedSessions, now }: World) => [
  ...account.sessions,
  ...endedSessions.filter(({ endedAt }) => now() < endedAt + behavior.listsEndedForMs).map(({ session }) => session),
]

export function listSessions(world: World, { session: own }: SignedInCall): Result {
  const rows = listed(world).map((session) => ({
    sessionId: maskSessionId(session.sessionId),
    [world.behavior.dialect.sessionAddress]: session.clientIp,
    isCurrent: world.behavior.marksCurrent === 'own' ? session === own : world.behavior.marksCurrent === 'all',
    ...optional(world, {
      deviceInfo: session.deviceInfo,
      location: session.location,
      userAgent: session.userAgent,
      createdAt: wireTime(world, session.createdAt),
      lastActiveAt: wireTime(world, session.lastActiveAt),
    }),
  }))
  return {
    data: wireRows(world, rows, ({ sessionId, isCurrent }) => ({
      sessionId,
      clientIp: null,
      deviceInfo: null,
      lastActiveAt: null,
      ...(isCurrent ? { isCurrent } : {}),
    })),
  }
}

/**
 * Ends the first session that looks like this, the caller's own one not excepted: no protection is documented (docs/contract.md#session-terminate), so a
 * client that relies on one finds out.
 */
export function terminateSession(world: World, { body }: SignedInCall): Result {
  const { sessionId } = readBody(body, { sessionId: text })
  const session = world.account.sessions.find((candidate) => maskSessionId(candidate.sessionId) === sessionId)
  if (session === undefined) throw new Refusal(404, 'AUTH.SESSION_NOT_FOUND')
  end(world, [session])
  return { noContent: '204' }
}

/** Ends all sessions but the caller's and says how many those were (docs/contract.md#session-terminate-all). */
export function terminateOtherSessions(world: World, { body, session: own }: SignedInCall): Result {
  noBody(body)
  const others = world.account.sessions.filter((session) => session !== own)
  end(world, others)
  const { terminatedCount } = world.behavior
  return { data: terminatedCount === 'own' ? others.length : terminatedCount }
}

function end({ account, behavior, endedSessions, now }: World, sessions: readonly FakeSession[]): void {
  if (!behavior.endsSessions) return
  account.sessions = account.sessions.filter((session) => !sessions.includes(session))
  endedSessions.push(...sessions.map((session) => ({ session, endedAt: now() })))
}
