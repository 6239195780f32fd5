import type { Failure } from './failure.ts'
import type { IpWhitelist } from './ip-whitelist.ts'
import { isOtpOn, type MfaState } from './mfa.ts'
import { addressesOf, type SessionAddresses } from './session-addresses.ts'
import type { Session } from './sessions.ts'
import type { UnconfirmedChange } from './whitelist-change.ts'

/** A card of the security center. */
export type CardName = 'mfa' | 'ipWhitelist' | 'sessions' | 'invitations'

/** What the open cards have found that bears on another one. What is not known is missing. */
export interface CardFacts {
  /** By `mfa`: is OTP on? */
  readonly otpEnabled?: boolean
  /** By `ipWhitelist`: the list in force, no change of it under way. */
  readonly whitelist?: IpWhitelist
  /** By `sessions`: where the account is signed in from. */
  readonly addresses?: SessionAddresses
}

/** What the factors tell. Nothing while nobody knows whether OTP is on. */
export function factsOfMfa(factors: MfaState): CardFacts {
  const otpEnabled = isOtpOn(factors)
  return otpEnabled === null ? {} : { otpEnabled }
}

/** What the editor of the whitelist tells. Nothing while a change is under way: what was listed last may not be in force. */
export const factsOfWhitelist = ({
  isRead,
  whitelist,
  wish,
}: {
  readonly isRead: boolean
  readonly whitelist: IpWhitelist
  readonly wish: IpWhitelist | null
}): CardFacts => (isRead && wish === null ? { whitelist } : {})

/** What the sessions tell. Nothing while some are being ended: they would be told of one by one. */
export const factsOfSessions = ({
  isRead,
  sessions,
  termination,
}: {
  readonly isRead: boolean
  readonly sessions: readonly Session[]
  readonly termination: object | null
}): CardFacts => (isRead && termination === null ? { addresses: addressesOf(sessions) } : {})

/** The card that finds a fact. */
const finders: Readonly<Record<keyof CardFacts, CardName>> = {
  otpEnabled: 'mfa',
  whitelist: 'ipWhitelist',
  addresses: 'sessions',
}

/**
 * The card that shows something else once a fact has changed. The whitelist is judged by the addresses (docs/contract.md#session-list).
 * Nobody documents whether the portal ends sessions when a factor or the whitelist changes, so they are listed again. An acceptance
 * adds a workspace, which no card shows.
 */
const concerned: Readonly<Record<keyof CardFacts, CardName>> = {
  otpEnabled: 'sessions',
  whitelist: 'sessions',
  addresses: 'ipWhitelist',
}

interface Knowledge {
  readonly facts: CardFacts
  readonly stale: readonly CardName[]
}

const factNames = Object.keys(finders) as readonly (keyof CardFacts)[]

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** What is known with these facts, and which cards are out of date by them. What is found for the first time changes nothing. */
export function withFacts({ facts, stale }: Knowledge, found: CardFacts): Knowledge {
  const changed = factNames.filter(
    (name) => facts[name] !== undefined && found[name] !== undefined && !isSame(facts[name], found[name]),
  )
  return {
    facts: { ...facts, ...found },
    stale: [...new Set([...stale, ...changed.map((name) => concerned[name])])],
  }
}

/** The same without a card that has been closed: opened again, it reads everything. */
export function withoutCard({ facts, stale }: Knowledge, card: CardName): Knowledge {
  const kept = factNames.filter((name) => finders[name] !== card)
  return {
    facts: Object.fromEntries(kept.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]]))),
    stale: stale.filter((name) => name !== card),
  }
}

/** What the security center ends with. */
export interface SecurityCenterOutput {
  readonly outcome: 'signedOut'
  /** Why the session ended. */
  readonly failure: Failure | null
  /** A whitelist change that may be in force though nobody confirmed it; null if there is none. */
  readonly unconfirmedChange: UnconfirmedChange | null
}
