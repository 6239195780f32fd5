import { type Failure, PortalError, type RequestOptions } from 'postlogin'

export interface CallOptions {
  /** The origin of the server, which has to be the page's own: the session is a cookie. */
  readonly origin: string
  /** Asks the user for the password, once more where the last one was wrong. Null where none is given. */
  readonly askPassword: (question: {
    readonly wasWrong: boolean
    readonly signal: AbortSignal | null
  }) => Promise<string | null>
  /** Default: the browser's. */
  readonly fetch?: typeof fetch
}

/** How to ask the server. A request with a body is a write. */
export function createCalls({ origin, askPassword, fetch = globalThis.fetch }: CallOptions) {
  async function call<Reply>(path: string, options: RequestOptions, body?: object): Promise<Reply> {
    const requestId = options.requestId ?? crypto.randomUUID()
    const effect = body === undefined ? 'none' : 'unknown'
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    try {
      const response = await fetch(`${origin}/api/auth${path}`, {
        headers: { 'Content-Type': 'application/json', 'X-Request-Id': requestId },
        signal: AbortSignal.any([timeout, ...(options.signal ? [options.signal] : [])]),
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
      if (response.ok) return await response.json()
      const { code }: Refusal = await response.json().catch(() => ({}))
      throw new PortalError({ ...refusalOf(response, code, effect), status: response.status, requestId })
    } catch (thrown) {
      if (thrown instanceof PortalError) throw thrown
      const kind = timeout.aborted ? 'timeout' : thrown instanceof SyntaxError ? 'protocol' : 'network'
      throw new PortalError({ kind, code: noReply[kind], retryable: true, effect, requestId })
    }
  }

  /** The password is asked for here, and goes nowhere but to the server. */
  async function callWithPassword<Reply>(path: string, options: RequestOptions): Promise<Reply> {
    for (let wasWrong = false; ; wasWrong = true) {
      options.onStepUp?.(true)
      const password = await askPassword({ wasWrong, signal: options.signal ?? null })
      options.onStepUp?.(false)
      if (password === null) throw new PortalError(noPassword)
      try {
        return await call(path, options, { password })
      } catch (thrown) {
        if (!(thrown instanceof PortalError) || thrown.failure.code !== 'INVALID_PASSWORD') throw thrown
      }
    }
  }

  return { call, callWithPassword }
}

/** How long a request may take, in ms. */
export const TIMEOUT_MS = 10_000

const noReply = { timeout: 'client.timeout', protocol: 'client.malformed', network: 'client.network' } as const

const noPassword = {
  kind: 'forbidden',
  code: 'client.stepUpDeclined',
  reason: 'proofMissing',
  retryable: true,
} as const

interface Refusal {
  readonly code?: string
}

/** Where the status alone would mislead. */
const refusals: Readonly<Record<string, Pick<Failure, 'kind'> & Partial<Failure>>> = {
  // A 401, and yet nobody is signed out.
  INVALID_CODE: { kind: 'invalid', reason: 'wrongCode' },
  TOTP_NOT_ENABLED: { kind: 'invalid', reason: 'setupGone' },
  // What a request gets that was sent twice, too: a read tells what came of it.
  TOTP_ALREADY_ENABLED: { kind: 'conflict', effect: 'unknown' },
  INVITATION_NOT_FOUND: { kind: 'conflict', reason: 'invitationClosed', effect: 'unknown' },
}

const kinds: Readonly<Record<number, Failure['kind']>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
}

/** What a refusal means; `effect` where the server may have been at it. */
function refusalOf({ status, headers }: Response, code: string | undefined, effect: Failure['effect']) {
  if (code !== undefined && Object.hasOwn(refusals, code)) return { kind: 'invalid', ...refusals[code], code } as const
  if (status >= 500) return { kind: 'server', code: code ?? 'client.server', retryable: true, effect } as const
  // Without a code, and the wait in a header of its own.
  const waitMs = Number(headers.get('X-Retry-After')) * 1000
  if (status === 429) {
    return { kind: 'rateLimited', code: 'client.rateLimited', retryable: true, retryAt: Date.now() + waitMs } as const
  }
  return { kind: kinds[status] ?? 'invalid', code: code ?? 'client.refused' } as const
}
