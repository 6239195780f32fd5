import { SimulatedClock } from 'xstate'
import { createFakePortal, type FakePortal, type FakePortalOptions } from '../../src/testing/index.ts'

export const T0 = Date.UTC(2026, 0, 15, 12)
const SYSTEM = 'https://portal.test/prometheus/web/v1/system'

export interface RawReply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; undefined where there was none. */
  readonly json: { code: string; data: never; [field: string]: unknown }
}

/** A portal with the channel off on a simulated clock, and a client without any adapter in between. */
export function setUp(options: FakePortalOptions = {}) {
  const clock = new SimulatedClock()
  clock.set(T0)
  const portal = createFakePortal({ clock, secureChannel: 'off', ...options })
  return { clock, portal, ...rawClient(portal) }
}

export function headersFor(portal: Pick<FakePortal, 'account'>): Record<string, string> {
  const { portalAccessCode, accessToken, clientHash } = portal.account
  return {
    'X-PORTAL-ACCESS-CODE': portalAccessCode,
    Authorization: `Bearer ${accessToken}`,
    ...(clientHash === null ? {} : { 'X-Client-Hash': clientHash }),
    'X-Request-Id': crypto.randomUUID(),
    'Content-Type': 'application/json',
  }
}

function rawClient(portal: FakePortal) {
  async function send(
    method: string,
    path: string,
    { body, headers = {}, without = [] }: { body?: unknown; headers?: Record<string, string>; without?: string[] } = {},
  ): Promise<RawReply> {
    const all = new Headers({ ...headersFor(portal), ...headers })
    for (const name of without) all.delete(name)
    const response = await portal.fetch(path.startsWith('/') ? `${SYSTEM}${path}` : path, {
      method,
      headers: all,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === '' ? undefined : JSON.parse(text),
    }
  }
  return {
    send,
    get: (path: string, options?: Parameters<typeof send>[2]) => send('GET', path, options),
    post: (path: string, body?: unknown, options?: Parameters<typeof send>[2]) =>
      send('POST', path, { ...options, body }),
  }
}

/** Status and code, for short assertions. */
export const verdict = ({ status, json }: RawReply) => [status, json?.code ?? null]
