import * as z from 'zod/mini'
import { type Clock, isClock, systemClock } from '../domain/clock.ts'
import type { FakeAccount } from './account/account.ts'
import { type AccountOverrides, createAccount, fillOtpSecret } from './account/account-overrides.ts'
import { accountSchema, overridesSchema } from './account/account-schema.ts'
import { type BehaviorChanges, behaviorFields, changeBehavior, changesSchema, defaultBehavior } from './behavior.ts'
import { openSession, rotateTokens } from './endpoints/authentication.ts'
import { Refusal } from './endpoints/refusal.ts'
import { type PortalOperation, portalRoutes } from './endpoints/routes.ts'
import { type Fault, type FaultMatch, type FaultOptions, Faults } from './faults/faults.ts'
import { type InterjectionOptions, Interjections } from './faults/interjections.ts'
import { deepFreeze, type Frozen } from './frozen.ts'
import { ChannelServer } from './http/channel.ts'
import { createPortalFetch } from './http/portal-fetch.ts'
import { type OpenRequest, type PortalRequest, snapshot } from './http/requests.ts'
import { type Authenticator, createAuthenticator } from './oracle/authenticator.ts'
import { check, finite, oneOf, partial, text, textOrNull } from './schema.ts'
import type { World } from './world.ts'

/** The options of `createFakePortal`: what the portal starts with, and any part of its `Behavior`. */
export type FakePortalOptions = BehaviorChanges & {
  /** What the account starts with, over the default account. */
  readonly account?: AccountOverrides
  /** One clock for portal, machines and authenticator. Default: the system's. */
  readonly clock?: Clock
  /** How far the portal's time is ahead of that clock, in ms. Default 0. */
  readonly portalOffsetMs?: number
  /** The envelope that the portal reads and writes, or no channel at all. Default `binary`. */
  readonly secureChannel?: 'binary' | 'json' | 'off'
}

/** The contract (docs/contract.md) as an in-memory server. */
export interface FakePortal {
  /** Give it to `createPortalApi({ fetch })`. Any host and context path will do. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** The account as it is now; a frozen copy. */
  readonly account: Frozen<FakeAccount>
  /**
   * Changes the account, as another tab or an administrator would.
   *
   * @throws TypeError where the result is no valid account; nothing changes then.
   */
  update(change: (draft: FakeAccount) => void): void
  /** All requests so far in the order in which they were sent, lost ones included; frozen copies. */
  readonly requests: readonly PortalRequest[]
  /** How often an operation was carried out, lost replies included. */
  processed(operation: PortalOperation): number
  /**
   * Makes matching requests go wrong. Returns a function that removes the fault.
   *
   * @throws TypeError where `match`, `fault` or an option cannot be used.
   */
  fault(match: FaultMatch, fault: Fault, options?: FaultOptions): () => void
  /**
   * Lets someone else change the account right before or right after matching requests are carried out. Returns a
   * function that removes the interjection.
   *
   * @throws TypeError where `match`, `change` or an option cannot be used.
   */
  interject(match: FaultMatch, change: (draft: FakeAccount) => void, options?: InterjectionOptions): () => void
  /** From now on the user comes from this address, and the portal lists the current session with it. */
  moveTo(address: string): void
  /** The authenticator app on the user's phone. */
  readonly authenticator: Authenticator
  /**
   * A whole login in one step, which tells whether the user is still let in. It follows the whitelist as the login
   * endpoints do, and adds a session. Default: from the account's address, with its client hash.
   *
   * @throws TypeError where `from` cannot be used.
   */
  login(from?: LoginOrigin): LoginResult
  /**
   * Gives the current session a new pair of tokens, as a host does when its token is stale. Returns the new access
   * token.
   *
   * @throws Error where there is no current session.
   */
  refreshAccessToken(): string
  /** Forgets all channel sessions, as a restarted gateway does. */
  dropChannelSessions(): void
  /**
   * Changes how the portal behaves from now on.
   *
   * @throws TypeError where a value cannot be used; nothing changes then.
   */
  configure(changes: BehaviorChanges): void
  /** The portal's time, epoch ms. */
  now(): number
}

/** Where a login comes from. */
export interface LoginOrigin {
  readonly address?: string
  readonly clientHash?: string | null
}

/** What a login comes to: a session with its tokens, or the refusal with its HTTP status and the portal's code. */
export type LoginResult =
  | { readonly ok: true; readonly sessionId: string; readonly accessToken: string; readonly refreshToken: string }
  | { readonly ok: false; readonly status: number; readonly code: string }

const optionsSchema = partial<FakePortalOptions>({
  ...behaviorFields,
  account: overridesSchema,
  clock: z.custom<Clock>(isClock, 'must have now, setTimeout and clearTimeout'),
  portalOffsetMs: finite,
  secureChannel: oneOf('binary', 'json', 'off'),
})

const originSchema = partial<LoginOrigin>({ address: text, clientHash: textOrNull })

/**
 * A portal in memory, with real cryptography, rate limits, expiry and whitelist enforcement. It needs nothing outside
 * this process.
 *
 * @throws TypeError where an option is unknown or cannot be used; the message names it.
 *
 * @example
 * ```ts
 * const portal = createFakePortal({ account: { ipWhitelist: { enabled: true, entries: ['203.0.113.10'] } } })
 * portal.login().ok // => true
 * portal.moveTo('198.51.100.7')
 * portal.login().ok // => false
 * ```
 */
export function createFakePortal(options: FakePortalOptions = {}): FakePortal {
  check(options, optionsSchema, 'options')
  const {
    account: overrides = {},
    clock = systemClock,
    portalOffsetMs = 0,
    secureChannel = 'binary',
    ...changes
  } = options
  let lastId = 1
  const world: World = {
    account: createAccount(overrides, clock.now() + portalOffsetMs),
    behavior: changeBehavior(defaultBehavior, changes),
    now: () => clock.now() + portalOffsetMs,
    nextId: (prefix) => {
      lastId += 1
      return `${prefix}-${String(lastId).padStart(4, '0')}`
    },
    loginAttempts: new Map(),
    endedSessions: [],
    lastSecret: null,
  }
  const channel = secureChannel === 'off' ? null : new ChannelServer(secureChannel, world)
  const routes = [...portalRoutes, ...(channel?.routes ?? [])]
  const faults = new Faults(routes.map(({ operation }) => operation))
  const log: OpenRequest[] = []
  const interjections = new Interjections(
    routes.map(({ operation }) => operation),
    update,
  )

  function update(change: (draft: FakeAccount) => void) {
    const draft = structuredClone(world.account)
    change(draft)
    check(draft, accountSchema, 'account')
    fillOtpSecret(draft)
    world.account = draft
  }

  return {
    fetch: createPortalFetch({ world, clock, faults, channel, routes, log, interjections }),
    get account() {
      return deepFreeze(structuredClone(world.account))
    },
    update,
    interject: (match, change, interjectionOptions = {}) => interjections.add(match, change, interjectionOptions),
    moveTo(address) {
      update((draft) => {
        draft.address = address
        for (const session of draft.sessions) if (session.isCurrent) session.clientIp = address
      })
    },
    get requests() {
      return log.map(snapshot)
    },
    processed: (operation) => log.filter((request) => request.operation === operation && request.processed).length,
    fault: (match, fault, faultOptions = {}) => faults.add(match, fault, faultOptions),
    authenticator: createAuthenticator(world),
    login(from = {}) {
      check(from, originSchema, 'from')
      const { address = world.account.address, clientHash = world.account.clientHash } = from
      try {
        const { sessionId, credentials } = openSession(world, address, clientHash)
        return {
          ok: true,
          sessionId,
          accessToken: credentials.accessToken,
          refreshToken: credentials.refreshToken,
        }
      } catch (thrown) {
        if (thrown instanceof Refusal) return { ok: false, status: thrown.status, code: thrown.code }
        throw thrown
      }
    },
    refreshAccessToken: () => rotateTokens(world, world.account.refreshToken).accessToken,
    dropChannelSessions: () => channel?.dropSessions(),
    configure(changes) {
      check(changes, changesSchema, 'options')
      world.behavior = changeBehavior(world.behavior, changes)
    },
    now: world.now,
  }
}
