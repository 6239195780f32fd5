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
  if (matches.some(({ isCurrent }) => isCurrent)) return 'current'
  return matches.length === 1 ? 'terminable' : 'ambiguous'
}

export const otherSessions = (sessions: readonly Session[]) => sessions.filter(({ isCurrent }) => !isCurrent)

/** The address that the portal sees this session come from; null where it does not say. */
export const currentAddress = (sessions: readonly Session[]) =>
  sessions.find(({ isCurrent }) => isCurrent)?.clientIp ?? null
