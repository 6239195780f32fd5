import { readClientAddress } from './ip-address.ts'
import { isRecord } from './record.ts'
import { otherSessions, type Session } from './sessions.ts'

/**
 * The address that the portal sees the session in use come from, in its normal form; null unless exactly one is marked as that and its
 * address can be read.
 */
function currentAddress(sessions: readonly Session[]): string | null {
  const [current, another] = sessions.filter(({ isCurrent }) => isCurrent)
  return current === undefined || another !== undefined ? null : readClientAddress(current.clientIp)
}

/** Where the account is signed in from, as far as the list of sessions tells it. Addresses stand in their normal form. */
export interface SessionAddresses {
  /** The address of the session in use; null where it is not known. */
  readonly current: string | null
  /** The addresses of the other sessions, each once. */
  readonly others: readonly string[]
}

export const isAddresses = (value: unknown): value is SessionAddresses =>
  isRecord(value) &&
  (value.current === null || typeof value.current === 'string') &&
  Array.isArray(value.others) &&
  value.others.every((address) => typeof address === 'string')

export const noAddresses: SessionAddresses = { current: null, others: [] }

export const addressesOf = (sessions: readonly Session[]): SessionAddresses => ({
  current: currentAddress(sessions),
  others: [...new Set(otherSessions(sessions).flatMap(({ clientIp }) => readClientAddress(clientIp) ?? []))],
})
