import type { Clock } from '../domain/clock.ts'
import { clientFailure, type Failure, PortalError } from '../domain/failure.ts'
import { untilAborted } from '../domain/until-aborted.ts'
import { isConnectionTrouble } from './connection-trouble.ts'

/** The access token, and how to get another one. */
export interface Bearer {
  /** The token to send now. Rejects with `PortalError`. */
  token(signal: AbortSignal | undefined): Promise<string>
  /**
   * Gets a token in place of one that the portal refused. The host is asked once for each: who comes while it is under way waits
   * for the same answer, and aborting ends only one's own wait. False where there is no other token to be had.
   */
  refresh(stale: string, signal: AbortSignal | undefined): Promise<boolean>
}

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

/** `failure` null: the 401 that led here stands. `isFinal`: the host is not asked again with the same token. */
type Outcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: Failure | null; readonly isFinal: boolean }

/** How many stale tokens are remembered, so that the host is asked once for each: it hands an old one out for a while only. */
const REMEMBERED = 8

/** Remembers the newest token that a refresh gave, and a few of those before. */
export function createBearer({ accessToken, refreshAccessToken, timeoutMs, clock }: BearerOptions): Bearer {
  /** The newest token that a refresh gave, and the tokens before it: a host may still hand one of those out for a while. */
  let newest: string | null = null
  const replaced = new Set<string>()
  /** By stale token: the refresh under way, or one that was refused for good. */
  const refreshes = new Map<string, Promise<Outcome>>()

  async function ask(stale: string): Promise<Outcome> {
    try {
      const fresh = await refreshAccessToken?.()
      if (!isToken(fresh) || fresh === stale) return { ok: false, failure: null, isFinal: true }
      remember(replaced, () => replaced.add(stale))
      replaced.delete(fresh)
      newest = fresh
      return { ok: true }
    } catch (thrown) {
      if (isConnectionTrouble(thrown)) return { ok: false, failure: refreshFailure(thrown), isFinal: false }
      return { ok: false, failure: thrown instanceof PortalError ? sessionOver(thrown.failure) : null, isFinal: true }
    }
  }

  /** The host's promise, for as long as one is willing to wait; it goes on for others. */
  async function patiently<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
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
      const token = await patiently(
        asked(accessToken).catch((thrown: unknown) => {
          if (isConnectionTrouble(thrown)) throw new PortalError(refreshFailure(thrown))
          throw new PortalError(thrown instanceof PortalError ? sessionOver(thrown.failure) : NO_TOKEN)
        }),
        signal,
      )
      if (!isToken(token)) throw new PortalError(NO_TOKEN)
      return newest !== null && replaced.has(token) ? newest : token
    },

    async refresh(stale, signal) {
      if (replaced.has(stale)) return true
      if (refreshAccessToken === null) return false
      const mine = refreshes.get(stale) ?? ask(stale)
      remember(refreshes, () => refreshes.set(stale, mine))
      const outcome = await patiently(mine, signal)
      if ((outcome.ok || !outcome.isFinal) && refreshes.get(stale) === mine) refreshes.delete(stale)
      if (outcome.ok) return true
      if (outcome.failure !== null) throw new PortalError(outcome.failure)
      return false
    },
  }
}

/** What the host throws before it has asked anyone says that it has none to give: no connection can have failed. */
async function asked(host: () => string | Promise<string>): Promise<string> {
  let answer: string | Promise<string>
  try {
    answer = host()
  } catch (thrown) {
    throw thrown instanceof PortalError ? thrown : new PortalError(NO_TOKEN)
  }
  return answer
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

/** The host's own word, where it says that the session is over. */
const sessionOver = (failure: Failure) => (failure.kind === 'unauthorized' ? failure : NO_TOKEN)
