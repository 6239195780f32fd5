import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createPortalApi, type PortalApiOptions } from '../../../src/api/index.ts'
import type { Fetch } from '../../../src/api/transport/transport.ts'
import type { PortalApi } from '../../../src/domain/portal-api.ts'
import { createSetting, failureOf, success, validOptions } from '../stub-portal.ts'

type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void

const MIB = 1024 * 1024
const read = (api: Required<PortalApi>, options?: object) => api.listSessions(undefined, options)
const write = (api: Required<PortalApi>, options?: object) => api.enableIpWhitelist(undefined, options)
const answerWith =
  (json: object): Answer =>
  (_, outgoing) => {
    outgoing.setHeader('Content-Type', 'application/json')
    outgoing.end(JSON.stringify(json))
  }
const listing = answerWith(success([]).json)
const halfAReply: Answer = (_, outgoing) => {
  outgoing.writeHead(200)
  outgoing.write('{')
}

function endlessBody() {
  let canceled = () => {}
  const whenCanceled = new Promise<void>((resolve) => {
    canceled = resolve
  })
  const body = new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => canceled() })
  return { body, whenCanceled }
}

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')

/** What nobody holds any more is gone; what becomes of it gets its turn in between. */
async function collectGarbage() {
  for (let times = 0; times < 5; times++) {
    gc()
    await new Promise((resolve) => setTimeout(resolve))
  }
}

/** A server on the loopback interface, and an api that talks to it over the platform's own fetch. */
async function serve(answer: Answer, options: Partial<PortalApiOptions> = {}) {
  const arrived: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  /** Settles when the peer of the first request is gone. */
  let gone = () => {}
  const whenGone = new Promise<void>((resolve) => {
    gone = resolve
  })
  const server = createServer((incoming, outgoing) => {
    arrived.push(incoming)
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone()
    })
    answer(incoming, outgoing)
  })
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const api = createPortalApi({
    ...validOptions,
    baseUrl: `http://127.0.0.1:${port}/prometheus`,
    secureChannel: 'off',
    ...options,
  })
  return { api, arrived, sockets, whenGone, port }
}

describe('over a real connection', () => {
  it('reads, writes, and keeps the connection alive', async () => {
    const { api, arrived, sockets } = await serve(listing)
    await read(api)
    await write(api)
    await read(api)
    expect(arrived.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /prometheus/web/v1/system/security/sessions',
      'POST /prometheus/web/v1/system/security/ip-whitelist/enable',
      'GET /prometheus/web/v1/system/security/sessions',
    ])
    for (let i = 0; i < 10; i++) await read(api)
    // The platform may open another one while it still tidies up the first.
    expect(sockets.size).toBeLessThanOrEqual(3)
  })

  it('sends the length of a body, and none of nothing', async () => {
    const { api, arrived } = await serve(answerWith(success(null).json))
    await api.verifyOtp({ code: '482916' })
    await write(api)
    expect(arrived.map(({ headers }) => headers['content-length'])).toEqual(['17', '0'])
  })

  it('sends no cookie and takes none', async () => {
    const { api, arrived } = await serve((incoming, outgoing) => {
      outgoing.setHeader('Set-Cookie', 'sid=1; Path=/')
      listing(incoming, outgoing)
    })
    await read(api)
    await read(api)
    expect(arrived.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined])
  })
})

describe('a connection that breaks', () => {
  const lost = { kind: 'network', code: 'client.network', status: null, retryable: true }

  it('before the reply', async () => {
    const { api, arrived } = await serve((incoming) => incoming.socket.destroy())
    expect(await failureOf(write(api))).toMatchObject({ ...lost, effect: 'unknown' })
    expect(arrived).toHaveLength(1)
  })

  it('after the headers', async () => {
    const { api } = await serve((incoming, outgoing) => {
      outgoing.writeHead(200, { 'Content-Length': 100 })
      outgoing.flushHeaders()
      setImmediate(() => incoming.socket.destroy())
    })
    expect(await failureOf(write(api))).toMatchObject({ ...lost, effect: 'unknown' })
  })

  it('in the middle of the body', async () => {
    const { api } = await serve((incoming, outgoing) => {
      outgoing.writeHead(200, { 'Content-Type': 'application/json' })
      outgoing.write('{"code":"2000","da')
      setImmediate(() => incoming.socket.destroy())
    })
    expect(await failureOf(write(api))).toMatchObject({ ...lost, effect: 'unknown' })
  })

  it('and a read that then succeeds', async () => {
    let requests = 0
    const { api } = await serve((incoming, outgoing) => {
      requests += 1
      if (requests < 3) incoming.socket.destroy()
      else listing(incoming, outgoing)
    })
    expect(await read(api)).toEqual([])
    expect(requests).toBe(3)
  })

  it('where nobody listens', async () => {
    const { api } = await serve(listing)
    const nobody = createPortalApi({ ...validOptions, baseUrl: 'http://127.0.0.1:1', secureChannel: 'off' })
    expect(await failureOf(write(nobody))).toMatchObject({ ...lost, effect: 'unknown' })
    expect(await read(api)).toEqual([])
  })
})

describe('a timeout', () => {
  const timedOut = { kind: 'timeout', code: 'client.timeout', status: null, retryable: true }

  it('ends a request that is not answered', async () => {
    const { api, whenGone } = await serve(() => {}, { timeoutMs: 500 })
    expect(await failureOf(write(api))).toMatchObject({ ...timedOut, effect: 'unknown' })
    await whenGone
  })

  it('ends a reply whose body does not come', async () => {
    const { api, whenGone } = await serve(
      (_, outgoing) => {
        outgoing.writeHead(200)
        outgoing.write('{"code":')
      },
      { timeoutMs: 500 },
    )
    expect(await failureOf(read(api))).toMatchObject({ ...timedOut, effect: 'none' })
    await whenGone
  })

  it('ends a reply that drips without end', async () => {
    const { api, whenGone } = await serve(
      (_, outgoing) => {
        outgoing.writeHead(200)
        const drip = setInterval(() => outgoing.write(' '), 5)
        outgoing.once('close', () => clearInterval(drip))
      },
      { timeoutMs: 500 },
    )
    expect(await failureOf(read(api))).toMatchObject(timedOut)
    await whenGone
  })

  it('ends a fetch that does not listen to its signal', async () => {
    const { api, clock } = createSetting([], { fetch: () => new Promise(() => {}) })
    const call = failureOf(read(api))
    await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(10_000)
    expect(await call).toMatchObject(timedOut)
  })

  it('ends a body that does not listen to it either', async () => {
    const { body, whenCanceled } = endlessBody()
    const { api, clock } = createSetting(() => new Response(body))
    const call = failureOf(read(api))
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(10_000)
    expect(await call).toMatchObject(timedOut)
    await whenCanceled
  })

  it('ends a body that comes once nobody waits for it any more', async () => {
    const { body, whenCanceled } = endlessBody()
    let answer = (_: Response) => {}
    const fetch = () =>
      new Promise<Response>((resolve) => {
        answer = resolve
      })
    const { api, clock } = createSetting([], { fetch })
    const call = failureOf(read(api))
    await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(10_000)
    expect(await call).toMatchObject(timedOut)
    answer(new Response(body))
    await whenCanceled
  })
})

describe('aborting', () => {
  it.each<[string, Answer]>([
    ['before the reply', () => {}],
    ['in the middle of the body', halfAReply],
  ])('%s: the portal sees it', async (_, answer) => {
    const { api, arrived, whenGone } = await serve(answer)
    const controller = new AbortController()
    const call = failureOf(write(api, { signal: controller.signal }))
    while (arrived.length === 0) await new Promise((resolve) => setImmediate(resolve))
    controller.abort(new Error('a reason of the host’s'))
    expect(await call).toMatchObject({ code: 'client.aborted', effect: 'unknown' })
    await whenGone
  })

  // Node's fetch no longer hears the signal of a Request that was collected (findings/a-collected-request-forgets-its-signal.sh).
  it.each<[string, Answer, Fetch]>([
    ['before the reply', () => {}, (input, init) => fetch(input, init)],
    ['in the middle of the body', halfAReply, (input, init) => fetch(input, init)],
    [
      'in the middle of the body of a fetch that makes a request of its own',
      halfAReply,
      (input, init) => fetch(new Request(input, init)),
    ],
  ])('%s, after the garbage was collected: the portal sees it', async (_, answer, fetch) => {
    const { api, arrived, whenGone } = await serve(answer, { fetch })
    const controller = new AbortController()
    const call = failureOf(write(api, { signal: controller.signal }))
    while (arrived.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await collectGarbage()
    controller.abort()
    expect(await call).toMatchObject({ code: 'client.aborted', effect: 'unknown' })
    await whenGone
  })

  it('leaves no listener on a signal that lives on', async () => {
    const { api } = await serve(listing)
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1
      remove(...args)
    }
    await read(api, { signal })
    await write(api, { signal })
    expect(listeners).toBe(0)
  })
})

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
    const { api, arrived } = await serve((_, outgoing) => {
      outgoing.writeHead(status, { Location: '/elsewhere' })
      outgoing.end()
    })
    const redirect = { kind: 'protocol', code: 'client.redirect', status, retryable: false }
    expect(await failureOf(read(api))).toMatchObject({ ...redirect, effect: 'none' })
    expect(await failureOf(write(api))).toMatchObject({ ...redirect, effect: 'unknown' })
    expect(arrived.map(({ url }) => url)).not.toContain('/elsewhere')
  })

  it('that a browser hides is one', async () => {
    const opaque = Object.defineProperties(new Response(), {
      type: { value: 'opaqueredirect' },
      status: { value: 0 },
      ok: { value: false },
    })
    const { api } = createSetting(() => opaque)
    expect(await failureOf(read(api))).toMatchObject({ code: 'client.redirect', status: null })
  })

  it('that a fetch followed against our word is one', async () => {
    const followed = Object.defineProperty(Response.json(success([]).json), 'redirected', { value: true })
    const { api } = createSetting(() => followed)
    expect(await failureOf(read(api))).toMatchObject({ code: 'client.redirect' })
  })
})

describe('a reply that is too large', () => {
  const tooLarge = { kind: 'protocol', code: 'client.tooLarge', status: 200, retryable: false }
  const start = '{"code":"2000","data":[],"x":"'
  const filled = (size: number) => `${start}${'x'.repeat(size - start.length - 2)}"}`

  it('by its own word is not read', async () => {
    const { api, whenGone } = await serve((_, outgoing) => {
      outgoing.writeHead(200, { 'Content-Length': MIB + 1 })
      outgoing.write(start)
    })
    expect(await failureOf(write(api))).toMatchObject({ ...tooLarge, effect: 'unknown' })
    await whenGone
  })

  it('without a word is dropped as soon as that shows', async () => {
    let written = 0
    const { api, whenGone } = await serve((_, outgoing) => {
      outgoing.writeHead(200)
      const more = () => {
        while (!outgoing.destroyed && outgoing.write('x'.repeat(16 * 1024))) written += 16 * 1024
      }
      outgoing.on('drain', more)
      more()
    })
    expect(await failureOf(read(api))).toMatchObject(tooLarge)
    await whenGone
    expect(written).toBeLessThan(32 * MIB)
  })

  it('by a byte', async () => {
    let body = filled(MIB)
    const { api } = await serve((_, outgoing) => outgoing.end(body))
    expect(await read(api)).toEqual([])
    body = filled(MIB + 1)
    expect(await failureOf(read(api))).toMatchObject(tooLarge)
  })

  it('once it is unpacked', async () => {
    const { gzipSync } = await import('node:zlib')
    const { api } = await serve((_, outgoing) => {
      outgoing.writeHead(200, { 'Content-Encoding': 'gzip' })
      outgoing.end(gzipSync(filled(8 * MIB)))
    })
    expect(await failureOf(read(api))).toMatchObject(tooLarge)
  })
})

describe('a fetch of the host’s', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('broken: Bearer token-1')
      },
    ],
    ['rejects with a string', () => Promise.reject('broken')],
    ['gives nothing', () => undefined],
  ])('that %s is a lost connection', async (_, fetch) => {
    const { api } = createSetting([], { fetch: fetch as NonNullable<PortalApiOptions['fetch']> })
    expect(await failureOf(write(api))).toMatchObject({ code: 'client.network', effect: 'unknown' })
  })

  it('may be one that minds what it is called on, as a browser’s does', async () => {
    function fetch(this: unknown) {
      if (this !== undefined && this !== globalThis) throw new TypeError('Illegal invocation')
      return Promise.resolve(Response.json(success([]).json))
    }
    await expect(write(createSetting([], { fetch }).api)).resolves.toBeUndefined()
  })

  it('may answer synchronously', async () => {
    const fetch = (() => Response.json(success([]).json)) as unknown as NonNullable<PortalApiOptions['fetch']>
    expect(await read(createSetting([], { fetch }).api)).toEqual([])
  })
})
