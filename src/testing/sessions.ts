import { text } from './checks.ts'
import { Refusal } from './refusal.ts'
import { noBody, strictBody } from './strict-body.ts'
import { optional, wireTime } from './wire.ts'
import type { Result, SignedInCall, World } from './world.ts'

/** A session's id as the portal shows it, such as `SESS...C_001`. Two sessions may look alike. */
const maskSessionId = (sessionId: string) => `${sessionId.slice(0, 4)}...${sessionId.slice(-5)}`

export function listSessions(world: World, { session: own }: SignedInCall): Result {
  return {
    data: world.account.sessions.map((session) => ({
      sessionId: maskSessionId(session.sessionId),
      [world.behaviour.dialect.sessionAddress]: session.clientIp,
      isCurrent: world.behaviour.marksCurrent === 'own' ? session === own : world.behaviour.marksCurrent === 'all',
      ...optional(world, {
        deviceInfo: session.deviceInfo,
        location: session.location,
        userAgent: session.userAgent,
        createdAt: wireTime(session.createdAt),
        lastActiveAt: wireTime(session.lastActiveAt),
      }),
    })),
  }
}

/**
 * Ends the first session that looks like this, the caller's own one not excepted: the contract promises no protection, so a
 * client that relies on one finds out.
 */
export function terminateSession({ account }: World, { body }: SignedInCall): Result {
  const { sessionId } = strictBody(body, { sessionId: text })
  const index = account.sessions.findIndex((session) => maskSessionId(session.sessionId) === sessionId)
  if (index < 0) throw new Refusal(404, 'AUTH.SESSION_NOT_FOUND')
  account.sessions.splice(index, 1)
  return { noContent: '204' }
}

/** Ends all sessions but the caller's and says how many those were (contract 6.3). */
export function terminateOtherSessions({ account }: World, { body, session: own }: SignedInCall): Result {
  noBody(body)
  const others = account.sessions.filter((session) => session !== own)
  account.sessions = [own]
  return { data: others.length }
}
