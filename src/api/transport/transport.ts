import ky from 'ky'
import type { Clock } from '../../domain/clock.ts'
import { clientFailure, type Failure, PortalError } from '../../domain/failure.ts'
import { untilAborted } from '../../domain/until-aborted.ts'

/** A request as it goes out: everything is decided. */
interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer> | null
  readonly signal: AbortSignal | undefined
}

/** A reply that came whole. */
export interface HttpReply {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array<ArrayBuffer>
  /** When the request was handed over and when the reply's headers came (epoch ms, the host's clock). */
  readonly sentAt: number
  readonly receivedAt: number
}

/** Sends once. Rejects with `PortalError`, its `effect` and `requestId` left for the caller to say. */
export type Transport = (request: HttpRequest) => Promise<HttpReply>

/** The signature of `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** The documented replies are far smaller; nothing bigger is kept in memory. */
const REPLY_BYTES_MAX = 1024 * 1024

/** How requests are sent, the same for all. */
export interface TransportOptions {
  readonly fetch: Fetch
  /** For the whole exchange, the reply's body included. */
  readonly timeoutMs: number
  readonly clock: Clock
}

/** Sends with ky over the host's fetch; the timeout, the size limit and the refusal of redirects are ours. */
export function createTransport({ fetch, timeoutMs, clock }: TransportOptions): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const exchange = new AbortController()
    let ended: 'timeout' | 'aborted' | null = null
    const end = (why: 'timeout' | 'aborted') => {
      ended ??= why
      exchange.abort()
    }
    const abort = () => end('aborted')
    if (signal?.aborted) throw aborted()
    signal?.addEventListener('abort', abort, { once: true })
    const timer = clock.setTimeout(() => end('timeout'), timeoutMs)
    const sentAt = clock.now()
    const exchanged = async (): Promise<HttpReply> => {
      const response = await ky(url, {
        method,
        headers,
        ...(body === null ? {} : { body }),
        signal: exchange.signal,
        // ky calls it on its own options, which `fetch` of a browser does not bear.
        fetch: (input, init) => fetch(input, init),
        ...POLICY,
      })
      const receivedAt = clock.now()
      const reader = readerOf(response)
      // Not every fetch hears its signal to the end of the body: Node's forgets it with the Request, which ky lets go.
      untilAborted(new Promise<never>(() => {}), exchange.signal)
        .catch(() => reader?.cancel())
        .catch(() => {})
      if (isRedirect(response)) throw new PortalError({ ...REDIRECT, status: statusOf(response) })
      const bytes = await readLimited(response, reader)
      return { status: response.status, headers: response.headers, bytes, sentAt, receivedAt }
    }
    try {
      return await untilAborted(exchanged(), exchange.signal)
    } catch (thrown) {
      // Whatever is left of the reply is not wanted any more.
      exchange.abort()
      if (ended === 'aborted') throw aborted()
      if (ended === 'timeout') throw new PortalError(clientFailure('timeout', 'timeout', { retryable: true }))
      if (thrown instanceof PortalError) throw thrown
      // The error of the platform may hold the request, and with it the token: nothing of it is passed on.
      throw new PortalError(clientFailure('network', 'network', { retryable: true }))
    } finally {
      clock.clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }
}

/**
 * How every request is made. No cookies: the bearer token is the only credential, so a page of another origin has nothing to
 * abuse. No cache: what a user decides on must be what the portal says now. No redirects: a token follows none. No retry and no
 * timeout of ky's: both are decided here.
 */
const POLICY = {
  credentials: 'omit',
  cache: 'no-store',
  redirect: 'manual',
  retry: 0,
  timeout: false,
  throwHttpErrors: false,
} as const

/** The caller gave the request up. */
export const aborted = () => new PortalError(clientFailure('aborted', 'network', { retryable: true }))

/** A browser hides the redirect that it did not follow; a fetch of the host's may have followed it against our word. */
const isRedirect = ({ type, status, redirected }: Response) =>
  type === 'opaqueredirect' || redirected || (status >= 300 && status < 400)

/**
 * Is this the redirect of a proxy for single sign-on, which leads who is not signed in to its page rather than say 401? Those answer
 * with 302 or 307. A browser hides which it was. 301 and 308 tell of another address, 303 of a deed that is done.
 */
export const mayLeadToSignIn = ({ code, status }: Failure) =>
  code === REDIRECT.code && (status === null || status === 302 || status === 307)

const REDIRECT = clientFailure('redirect', 'protocol')

const statusOf = ({ status }: Response) => (status === 0 ? null : status)

/** Not everywhere is a body a stream: in React Native there is none, and some hosts' fetch has another kind. */
const readerOf = ({ body }: Response) => (typeof body?.getReader === 'function' ? body.getReader() : null)

/** The body, given up on as soon as it is known to be too large. */
async function readLimited(response: Response, reader: ReturnType<typeof readerOf>): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new PortalError(clientFailure('tooLarge', 'protocol', { status: response.status }))
  if (Number(response.headers.get('Content-Length')) > REPLY_BYTES_MAX) throw tooLarge()
  if (reader === null) {
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (bytes.length > REPLY_BYTES_MAX) throw tooLarge()
    return bytes
  }

  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > REPLY_BYTES_MAX) throw tooLarge()
    chunks.push(value)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}
