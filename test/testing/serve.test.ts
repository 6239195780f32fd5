import { request } from 'node:http'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { SimulatedClock } from 'xstate'
import { createFakePortal, type FakePortalOptions, type PortalServer, servePortal } from '../../src/testing/index.ts'
import { headersFor } from './raw-client.ts'

const open: PortalServer[] = []

async function setUp(options: FakePortalOptions = {}, serving?: Parameters<typeof servePortal>[1]) {
  const portal = createFakePortal({ secureChannel: 'off', ...options })
  const server = await servePortal(portal, serving)
  open.push(server)
  const system = `${server.url}/prometheus/web/v1/system`
  return { portal, server, system }
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

it('cannot be served where there is no Node, and says so', async () => {
  onTestFinished(() => void vi.unstubAllGlobals())
  vi.stubGlobal('process', { env: {} }) // what bundlers leave of it in a browser
  await expect(servePortal(createFakePortal())).rejects.toThrow('needs Node')
})

describe('a served portal', () => {
  it('answers like the portal’s own fetch', async () => {
    const { portal, system } = await setUp({ portalOffsetMs: -86_400_000 })
    const served = await fetch(`${system}/security/mfa`, { headers: headersFor(portal) })
    const direct = await portal.fetch(`${system}/security/mfa`, { headers: headersFor(portal) })
    expect(served.status).toBe(200)
    const { timestamp: _, ...body } = await served.json()
    const { timestamp: __, ...expected } = await direct.json()
    expect(body).toEqual(expected)
    expect(served.headers.get('Content-Type')).toBe(direct.headers.get('Content-Type'))
    expect(Date.now() - Date.parse(String(served.headers.get('Date')))).toBeGreaterThan(86_000_000)
  })

  it('passes bodies, statuses and empty replies on', async () => {
    const { portal, system } = await setUp()
    const init = { method: 'POST', headers: headersFor(portal) }
    const replaced = await fetch(`${system}/security/ip-whitelist`, { ...init, body: '{"entries":["127.0.0.1"]}' })
    expect(replaced.status).toBe(200)
    const enabled = await fetch(`${system}/security/ip-whitelist/enable`, init)
    expect([enabled.status, await enabled.text()]).toEqual([204, ''])
    const refused = await fetch(`${system}/security/ip-whitelist`, { ...init, body: '{}' })
    expect(refused.status).toBe(400)
    expect(portal.account.ipWhitelist).toEqual({ enabled: true, entries: ['127.0.0.1'] })
  })

  it('takes the caller’s address from the proxy’s header', async () => {
    const { portal, system } = await setUp({
      enforceOnEveryRequest: true,
      account: { ipWhitelist: { enabled: true, entries: ['192.0.2.1'] } },
    })
    const from = (headers: Record<string, string>) =>
      fetch(`${system}/security/mfa`, { headers: { ...headersFor(portal), ...headers } })
    expect((await from({})).status).toBe(403)
    expect((await from({ 'CF-Connecting-IP': '192.0.2.1' })).status).toBe(200)
  })

  it.each([
    ['loseRequest', 0],
    ['loseReply', 1],
  ] as const)('cuts the connection: %s', async (fault, processed) => {
    const { portal, server } = await setUp()
    portal.fault('enableIpWhitelist', fault)
    const { hostname, port } = new URL(server.url)
    const error = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
      const sent = request({
        hostname,
        port,
        method: 'POST',
        path: '/web/v1/system/security/ip-whitelist/enable',
        headers: headersFor(portal),
      })
      sent.on('error', resolve)
      sent.on('response', () => reject(new Error('answered')))
      sent.end()
    })
    expect(error.code).toBe('ECONNRESET')
    expect(portal.processed('enableIpWhitelist')).toBe(processed)
  })

  it('lets go of a request when its caller does', async () => {
    const caller = new AbortController()
    const letGo = new Promise<void>((resolve) => {
      const held = (input: RequestInfo | URL) =>
        new Promise<Response>(() => {
          ;(input as Request).signal.addEventListener('abort', () => resolve())
          caller.abort()
        })
      servePortal({ fetch: held }).then((server) => {
        open.push(server)
        fetch(server.url, { signal: caller.signal }).catch(() => {})
      })
    })
    await letGo
  })

  it('goes on with what lands late, although its caller let go', async () => {
    const clock = new SimulatedClock()
    const { portal, system } = await setUp({ clock })
    const caller = new AbortController()
    portal.fault(
      ({ operation }) => {
        setImmediate(() => caller.abort())
        return operation === 'enableIpWhitelist'
      },
      { landsAfterMs: 700, answer: 'never' },
    )
    const reply = fetch(`${system}/security/ip-whitelist/enable`, {
      method: 'POST',
      headers: headersFor(portal),
      signal: caller.signal,
    })
    await expect(reply).rejects.toMatchObject({ name: 'AbortError' })
    const landed = new Promise<void>((resolve) => {
      portal.interject('enableIpWhitelist', () => resolve(), { when: 'after' })
    })
    clock.increment(700)
    await landed
    expect(portal.account.ipWhitelist.enabled).toBe(true)
    expect(portal.requests).toMatchObject([{ status: null, processed: true }])
  })

  it('stalls a body and cuts it off', async () => {
    const { portal, system } = await setUp()
    portal.fault('listMfaMethods', 'stallBody')
    const caller = new AbortController()
    const response = await fetch(`${system}/security/mfa`, { headers: headersFor(portal), signal: caller.signal })
    expect(response.status).toBe(200)
    const text = response.text()
    caller.abort()
    await expect(text).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('closes at once, with requests under way', async () => {
    const { portal, server, system } = await setUp()
    let arrive = () => {}
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve
    })
    portal.fault(() => {
      arrive()
      return true
    }, 'hang')
    const hanging = fetch(`${system}/security/mfa`, { headers: headersFor(portal) })
    const refused = expect(hanging).rejects.toThrow(TypeError)
    await arrived
    await server.close()
    await refused
    await expect(fetch(server.url)).rejects.toThrow(TypeError)
    await server.close()
  })

  it('takes the port that it is told to', async () => {
    const { server } = await setUp()
    await server.close()
    const port = Number(new URL(server.url).port)
    const again = await setUp({}, { port })
    expect(again.server.url).toBe(server.url)
    await expect(setUp({}, { port })).rejects.toThrow('EADDRINUSE')
  })

  it.each([
    [{ latencyMs: Number.NaN }, 'options.latencyMs must be a number of milliseconds from 0 to 2147483647'],
    [{ latencyMs: -1 }, 'options.latencyMs must be a number of milliseconds from 0 to 2147483647'],
    [{ port: 65_536 }, 'options.port must be a whole number from 0 to 65535'],
    [{ host: 'localhost' }, 'options.host is not known'],
  ])('does not open with %o', async (options, message) => {
    await expect(setUp({}, options as object)).rejects.toThrow(new TypeError(message))
  })

  it('is late by its latency', async () => {
    const { portal, system } = await setUp({}, { latencyMs: 30 })
    const start = performance.now()
    await fetch(`${system}/security/mfa`, { headers: headersFor(portal) })
    expect(performance.now() - start).toBeGreaterThanOrEqual(29)
  })

  it('may be called by pages of other origins', async () => {
    const { portal, system } = await setUp()
    const origin = 'http://localhost:5173'
    const preflight = await fetch(`${system}/security/mfa`, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Headers': 'authorization,x-request-id' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe('authorization,x-request-id')
    const reply = await fetch(`${system}/security/mfa`, { headers: { ...headersFor(portal), Origin: origin } })
    expect(reply.headers.get('Access-Control-Allow-Origin')).toBe(origin)
    expect(portal.requests).toHaveLength(1)
  })
})
