import type { Clock } from '../../domain/clock.ts'
import { clientFailure, type Failure, isSignedOut, PortalError } from '../../domain/failure.ts'
import { untilAborted } from '../../domain/until-aborted.ts'
import { saysSignedOut } from './signed-out.ts'

/** The access token, and how to get another one. */
export interface Bearer {
  /** The token to send now. Rejects with `PortalError`. */
  token(signal: AbortSignal | undefined): Promise<string>
  /**
   * Gets a token in place of one that the portal refused. The host is asked once for each: who comes while it is under way waits
   * for the same answer, and aborting ends only one's own wait. Rejects with `PortalError` where it is not known whether there is
   * one, or with the host's own that says that the session is over.
   */
  refresh(stale: string, signal: AbortSignal | undefined): Promise<Renewal>
}

/** `unchanged`: the host has no other token, and knows of no reason. `signedOut`: the session is over, by its word. */
export type Renewal = 'renewed' | 'unchanged' | 'signedOut'

/** The host's part in it. */
export interface BearerOptions {
  readonly accessToken: () => string | Promise<string>
  readonly refreshAccessToken: (() => Promise<string>) | null
  /** How long the host may take for either, in ms. */
  readonly timeoutMs: number
  readonly clock: Clock
}

/** What can stand behind `Bearer `. */
const TOKEN = /^[\x21-\x7e]+$/
const isToken = (value: unknown): value is string => typeof value === 'string' && TOKEN.test(value)

/** What the host gave, or why it gave none. */
type Answer = { readonly token: string } | { readonly failure: Failure }

/** How many stale tokens are remembered, so that the host is asked once for each: it hands an old one out for a while only. */
const REMEMBERED = 8

/** Remembers the newest token that a refresh gave, and a few of those before. */
export function createBearer({ accessToken, refreshAccessToken, timeoutMs, clock }: BearerOptions): Bearer {
  /** The newest token that a refresh gave, and the tokens before it: a host may still hand one of those out for a while. */
  let newest: string | null = null
  const replaced = new Set<string>()
  /** By stale token: the refresh under way, or one that was refused for good. */
  const refreshes = new Map<string, Promise<Renewal | Failure>>()

  async function renew(stale: string, refreshToken: () => Promise<string>): Promise<Renewal | Failure> {
    const refreshed = await ask(refreshToken)
    if ('token' in refreshed && refreshed.token !== stale) return replace(stale, refreshed.token)
    // Another tab may have won the new token, and ours been refused for that. One that was replaced before is no news.
    const held = await ask(accessToken)
    if ('token' in held && held.token !== stale && !replaced.has(held.token)) return replace(stale, held.token)

    const failures = [refreshed, held].flatMap((answer) => ('failure' in answer ? [answer.failure] : []))
    const failure = failures.find(isSignedOut) ?? failures[0]
    if (failure === undefined) return 'unchanged'
    return failure === NO_TOKEN ? 'signedOut' : failure
  }

  function replace(stale: string, fresh: string): 'renewed' {
    remember(replaced, () => replaced.add(stale))
    replaced.delete(fresh)
    newest = fresh
    return 'renewed'
  }

  /** The host's promise, for as long as one is willing to wait; it goes on for others. */
  async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    let timer: unknown
    const tooLong = new Promise<never>((_, reject) => {
      timer = clock.setTimeout(() => reject(new PortalError(refreshFailure(null))), timeoutMs)
    })
    try {
      return await untilAborted(Promise.race([promise, tooLong]), signal)
    } finally {
      clock.clearTimeout(timer)
    }
  }

  return {
    async token(signal) {
      signal?.throwIfAborted()
      const given = ask(accessToken)
      // Most hosts have it at hand: nothing to wait for, and no timer.
      const answer = given instanceof Promise ? await unlessAborted(given, signal) : given
      if ('failure' in answer) throw new PortalError(answer.failure)
      const { token } = answer
      return newest !== null && replaced.has(token) ? newest : token
    },

    async refresh(stale, signal) {
      if (replaced.has(stale)) return 'renewed'
      if (refreshAccessToken === null) return 'unchanged'
      const mine = refreshes.get(stale) ?? renew(stale, refreshAccessToken)
      remember(refreshes, () => refreshes.set(stale, mine))
      const outcome = await unlessAborted(mine, signal)
      const failed = typeof outcome !== 'string'
      const isFinal = failed ? isSignedOut(outcome) : outcome !== 'renewed'
      if (!isFinal && refreshes.get(stale) === mine) refreshes.delete(stale)
      if (failed) throw new PortalError(outcome)
      return outcome
    },
  }
}

/** Asks the host, and never throws or rejects. */
function ask(host: () => string | Promise<string>): Answer | Promise<Answer> {
  try {
    const given: unknown = host()
    return isToken(given) ? { token: given } : Promise.resolve(given).then(answerOf, refusalOf)
  } catch (thrown) {
    return refusalOf(thrown)
  }
}

/** Nothing in place of a token says that the user is signed out. */
const answerOf = (given: unknown): Answer => (isToken(given) ? { token: given } : { failure: NO_TOKEN })

/** An error says so only by its sign. */
function refusalOf(thrown: unknown): Answer {
  if (!saysSignedOut(thrown)) return { failure: refreshFailure(thrown) }
  const isOwnWord = thrown instanceof PortalError && isSignedOut(thrown.failure)
  return { failure: isOwnWord ? thrown.failure : NO_TOKEN }
}

/** The oldest of them goes where there are too many. */
function remember(known: Set<string> | Map<string, unknown>, add: () => void): void {
  add()
  for (const oldest of known.keys()) {
    if (known.size <= REMEMBERED) return
    known.delete(oldest)
  }
}

const NO_TOKEN = clientFailure('accessToken', 'unauthorized')

/** Nothing was sent, so nothing was done. */
const refreshFailure = (thrown: unknown) =>
  clientFailure('refresh', 'network', {
    retryable: true,
    retryAt: thrown instanceof PortalError ? thrown.failure.retryAt : null,
  })
