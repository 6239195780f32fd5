import { createPortalApi, type PortalApiOptions } from '../../src/api/index.ts'
import { type Failure, PortalError } from '../../src/domain/failure.ts'
import { TestClock } from '../support/test-clock.ts'

export const NOON = Date.UTC(2026, 10, 24, 12)

export interface SentRequest {
  readonly method: string
  readonly url: string
  /** From `/web/v1/` on. */
  readonly path: string
  readonly headers: Headers
  readonly bytes: Uint8Array
  /** The body as text; empty where there was none. */
  readonly body: string
  readonly request: Request
}

/** What comes back: a body with its status, a thrown error, or whatever a function makes of the request. */
export type StubReply =
  | {
      readonly status?: number
      readonly json?: unknown
      readonly text?: string
      readonly headers?: Record<string, string>
    }
  | Error
  | ((sent: SentRequest) => Promise<Response> | Response)

export const success = (data: unknown) => ({ json: { code: '2000', message: 'SUCCESS', data } })
export const refusal = (status: number, code: string, more: object = {}) => ({
  status,
  json: { success: false, code, message: 'The server’s own words', ...more },
})

/** Never answers; ends when the request is aborted. */
export const hang = ({ request }: SentRequest) =>
  new Promise<Response>((_, reject) => {
    request.signal.addEventListener('abort', () => reject(request.signal.reason))
  })

const toResponse = (reply: Exclude<StubReply, Error | ((...sent: never[]) => unknown)>) => {
  const { status = 200, json, text, headers = {} } = reply
  const body = text ?? (json === undefined ? null : JSON.stringify(json))
  return new Response(body, { status, headers })
}

/** A fetch with the replies in the order in which they are given; the last one stands for all that follow. */
function createStub(...replies: StubReply[]) {
  const sent: SentRequest[] = []
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    const bytes = new Uint8Array(await request.clone().arrayBuffer())
    const path = new URL(request.url).pathname.replace(/^.*?(?=\/web\/v1\/)/, '')
    const { method, url, headers } = request
    const entry = { method, url, path, headers, bytes, body: new TextDecoder().decode(bytes), request }
    sent.push(entry)
    const reply = replies.length > 1 ? replies.shift() : replies[0]
    if (reply === undefined) throw new Error('The stub has no reply')
    if (reply instanceof Error) throw reply
    return typeof reply === 'function' ? reply(entry) : toResponse(reply)
  }
  return { fetch, sent }
}

export const validOptions = {
  baseUrl: 'https://portal.example/prometheus',
  portalAccessCode: 'SYS-PORTAL',
  clientHash: 'client-hash-1',
  accessToken: () => 'token-1',
} satisfies PortalApiOptions

/** An api without channel on a scripted portal and a clock that stands still. */
export function createSetting(replies: StubReply | readonly StubReply[], options: Partial<PortalApiOptions> = {}) {
  const clock = new TestClock(NOON)
  const stub = createStub(...(Array.isArray(replies) ? replies : [replies]))
  const api = createPortalApi({ ...validOptions, secureChannel: 'off', fetch: stub.fetch, clock, ...options })
  return { clock, api, sent: stub.sent }
}

/** The failure that a call rejects with; throws where it does not, or with anything but a `PortalError`. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call
  } catch (thrown) {
    if (thrown instanceof PortalError) return thrown.failure
    throw thrown
  }
  throw new Error('It did not fail')
}
