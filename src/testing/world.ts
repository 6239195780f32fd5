import type { FakeAccount, FakeSession } from './account/account.ts'
import type { Behavior } from './behavior.ts'

/** All that the endpoints see and change. */
export interface World {
  account: FakeAccount
  behavior: Behavior
  /** The portal's time, epoch ms. */
  now(): number
  /** An id or token that was not given out before. */
  nextId(prefix: string): string
  /** Login attempts under way: between initiate and complete. */
  readonly loginAttempts: Map<string, { readonly expiresAt: number }>
  /** Those that were ended, which a portal may list for a while. */
  readonly endedSessions: { readonly session: FakeSession; readonly endedAt: number }[]
  /** The last secret that a setup showed; what a phone that follows along has scanned. */
  lastSecret: string | null
}

/** A request that passed the gateway. */
export interface Call {
  /** From the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** The decrypted JSON; undefined where there was no body. */
  readonly body: unknown
  /** Where the request came from. */
  readonly address: string
  /** A request header; null where it was not sent. */
  header(name: string): string | null
}

/** A call with a valid token. */
export interface SignedInCall extends Call {
  readonly session: FakeSession
}

export type Result =
  | { readonly data: unknown }
  /** In the form that is documented for this endpoint; see `dialect.noContent`. */
  | { readonly noContent: '204' | '2040' }
