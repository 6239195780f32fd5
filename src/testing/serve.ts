import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FakePortal } from './fake-portal.ts'
import { check, flag, partial, timerMilliseconds, wholeNumber } from './schema.ts'

/** A fake portal that listens on the loopback interface. */
export interface PortalServer {
  /** Such as `http://127.0.0.1:54321`; any context path may follow. */
  readonly url: string
  /** Stops listening and cuts every connection. */
  close(): Promise<void>
}

/** The options of `servePortal`. */
export interface ServeOptions {
  /** Default 0: a free one. */
  readonly port?: number
  /** Real time that is added to each reply, in ms. Default 0. */
  readonly latencyMs?: number
  /**
   * Keep connections, as servers do. A browser then sends a request again by itself where one breaks under it, so that nothing looks
   * lost. Default false.
   */
  readonly keepAlive?: boolean
}

const optionsSchema = partial<ServeOptions>({
  port: wholeNumber(0, 65_535),
  latencyMs: timerMilliseconds,
  keepAlive: flag,
})

/**
 * Serves a fake portal over HTTP on 127.0.0.1; Node only. A lost request or reply cuts the connection. Pages of any
 * origin may call it, so it can serve a development server.
 *
 * @throws TypeError where an option is unknown or cannot be used.
 * @throws Error where the port is taken, as Node reports it, and where there is no Node.
 *
 * @example
 * ```ts
 * const server = await servePortal(portal)
 * const api = createPortalApi({ baseUrl: server.url, portalAccessCode, clientHash, accessToken: () => accessToken })
 * await api.listSessions()
 * await api.close()
 * await server.close()
 * ```
 */
export async function servePortal(
  portal: Pick<FakePortal, 'fetch'>,
  options: ServeOptions = {},
): Promise<PortalServer> {
  check(options, optionsSchema, 'options')
  const { port = 0, latencyMs = 0, keepAlive = false } = options
  const server = httpOfNode().createServer((incoming, outgoing) => {
    if (!keepAlive) outgoing.shouldKeepAlive = false
    // Whatever keeps the portal from answering is, to the caller, a connection that broke.
    relay(portal, incoming, outgoing, latencyMs).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Asked for, not imported: to bundle for a browser, a bundler would have to find the module. */
function httpOfNode() {
  const process: Partial<typeof globalThis.process> | undefined = globalThis.process
  const http = process?.getBuiltinModule?.('node:http')
  if (http === undefined) throw new Error('servePortal needs Node. Elsewhere, give portal.fetch to createPortalApi.')
  return http
}

async function relay(
  portal: Pick<FakePortal, 'fetch'>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  latencyMs: number,
): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort()
  })
  const origin = incoming.headers.origin
  if (origin !== undefined) {
    outgoing.setHeader('Access-Control-Allow-Origin', origin)
    outgoing.setHeader('Access-Control-Expose-Headers', 'Date, Retry-After')
    if (incoming.method === 'OPTIONS') {
      outgoing.setHeader('Access-Control-Allow-Methods', 'GET, POST')
      outgoing.setHeader('Access-Control-Allow-Headers', incoming.headers['access-control-request-headers'] ?? '')
      outgoing.writeHead(204).end()
      return
    }
  }
  const response = await portal.fetch(await toRequest(incoming, gone.signal))
  if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs))
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body !== null) {
    for await (const chunk of response.body) outgoing.write(chunk)
  }
  outgoing.end()
}

async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const { method = 'GET' } = incoming
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value)
  }
  // No Buffer: bundlers would bring one along to the browser.
  const bytes: number[] = []
  for await (const chunk of incoming) bytes.push(...chunk)
  return new Request(new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`), {
    method,
    headers,
    // A redirect is the caller's to follow or to refuse.
    redirect: 'manual',
    signal,
    ...(bytes.length > 0 ? { body: new Uint8Array(bytes) } : {}),
  })
}
