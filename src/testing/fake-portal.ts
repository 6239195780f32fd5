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

/** What the portal starts with, and any part of its `Behavior`. */
export type FakePortalOptions = BehaviorChanges & {
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
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /** The account as it is now; a frozen copy. */
  readonly account: Frozen<FakeAccount>
  /**
   * Changes the account, as another tab or an admin would. Throws a `TypeError`, and changes nothing, when what comes out is no
   * account.
   */
  update(change: (draft: FakeAccount) => void): void
  /** All requests so far in the order in which they were sent, lost ones included; frozen copies. */
  readonly requests: readonly PortalRequest[]
  /** How often an operation was carried out, lost replies included. */
  processed(operation: PortalOperation): number
  /** Lets matching requests go wrong. Returns what takes the fault away again. Throws a `TypeError` on what is no fault. */
  fault(match: FaultMatch, fault: Fault, options?: FaultOptions): () => void
  /**
   * Someone else changes the account right before, or right after, matching requests are carried out. Returns what takes that away
   * again. Throws a `TypeError` that names what cannot be.
   */
  interject(match: FaultMatch, change: (draft: FakeAccount) => void, options?: InterjectionOptions): () => void
  /** From now on the user comes from this address, as the portal lists it too. */
  moveTo(address: string): void
  readonly authenticator: Authenticator
  /**
   * A whole login in one step, under the rule that the login endpoints apply to the address: is the user still let in? If so
   * there is one more session. Default: from the account's address with its client hash.
   */
  login(from?: LoginOrigin): LoginResult
  /**
   * What a host does when its token is stale: a new pair for the current session. Returns the new access token. Throws when
   * there is no current session.
   */
  refreshAccessToken(): string
  /** Forgets all channel sessions, as a gateway does that was started anew. */
  dropChannelSessions(): void
  /** Changes how the portal behaves from now on. Throws a `TypeError`, and changes nothing, on what cannot be. */
  configure(changes: BehaviorChanges): void
  /** The portal's time, epoch ms. */
  now(): number
}

/** Where a login comes from. */
export interface LoginOrigin {
  readonly address?: string
  readonly clientHash?: string | null
}

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
 * The portal with real cryptography, rate limits, expiry and whitelist enforcement, and nothing outside this process. Throws a
 * `TypeError` that names the option which is not known or cannot be.
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
