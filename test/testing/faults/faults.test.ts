import { describe, expect, it } from 'vitest'
import { headersFor, setUp, verdict } from '../raw-client.ts'

const INVITATION = '/profile/invitations/a1b2c3d4-e5f6-4890-abcd-ef1234567890'

/** Did the promise settle by now, all microtasks and a turn of the event loop included? */
async function pending(promise: Promise<unknown>) {
  const waiting = Symbol()
  const turn = new Promise((resolve) => setImmediate(() => setImmediate(resolve, waiting)))
  return (await Promise.race([promise, turn])) === waiting
}

describe('faults', () => {
  it('lose a request: nothing happens', async () => {
    const { post, portal } = setUp()
    portal.fault('acceptInvitation', 'loseRequest')
    await expect(post(`${INVITATION}/accept`)).rejects.toThrow(TypeError)
    expect(portal.account.invitations[0]?.status).toBe('PENDING')
    expect(portal.requests).toMatchObject([{ operation: 'acceptInvitation', status: null, processed: false }])
    expect((await post(`${INVITATION}/accept`)).status).toBe(200)
  })

  it('lose a reply: it happened', async () => {
    const { post, portal } = setUp()
    portal.fault('acceptInvitation', 'loseReply')
    await expect(post(`${INVITATION}/accept`)).rejects.toThrow(TypeError)
    expect(portal.account.invitations[0]?.status).toBe('ACCEPTED')
    expect(portal.requests).toMatchObject([{ status: null, processed: true }])
    expect(portal.processed('acceptInvitation')).toBe(1)
  })

  it('answer with a status, and process nothing', async () => {
    const { post, portal } = setUp()
    portal.fault('acceptInvitation', { status: 503 })
    expect(verdict(await post(`${INVITATION}/accept`))).toEqual([503, '5000'])
    portal.fault('acceptInvitation', { status: 409, code: 'WORKSPACE.INVITATION_EXPIRED', headers: { 'X-A': 'b' } })
    const reply = await post(`${INVITATION}/accept`)
    expect(verdict(reply)).toEqual([409, 'WORKSPACE.INVITATION_EXPIRED'])
    expect(reply.headers.get('X-A')).toBe('b')
    expect(portal.processed('acceptInvitation')).toBe(0)
    expect(portal.requests.map(({ status }) => status)).toEqual([503, 409])
  })

  it('answer with a status after processing', async () => {
    const { post, portal } = setUp()
    portal.fault('acceptInvitation', { status: 500, process: true })
    expect((await post(`${INVITATION}/accept`)).status).toBe(500)
    expect(portal.account.invitations[0]?.status).toBe('ACCEPTED')
  })

  it.each([
    [200, '2000'],
    [400, '4000'],
    [401, '4010'],
    [403, 'ACCESS.PERMISSION_DENIED'],
    [429, 'AUTH.TOO_MANY_ATTEMPTS'],
    [502, '5000'],
  ])('give status %i its usual code %s', async (status, code) => {
    const { get, portal } = setUp()
    portal.fault('listMfaMethods', { status })
    expect(verdict(await get('/security/mfa'))).toEqual([status, code])
  })

  it('answer with a body of the test’s choice, or with none at all', async () => {
    const { portal, get } = setUp()
    portal.fault('listMfaMethods', { status: 200, body: '[]' })
    expect((await get('/security/mfa')).text).toBe('[]')
    portal.fault('listMfaMethods', { status: 200, code: 'AUTH.ACCOUNT_LOCKED' })
    expect((await get('/security/mfa')).json).toMatchObject({ success: false, code: 'AUTH.ACCOUNT_LOCKED' })
    portal.fault('listMfaMethods', { status: 204 })
    expect((await get('/security/mfa')).text).toBe('')
  })

  it('carry it out twice, and answer as the second time', async () => {
    const { post, portal } = setUp()
    portal.fault('acceptInvitation', 'resent')
    expect(verdict(await post(`${INVITATION}/accept`))).toEqual([409, 'WORKSPACE.INVITATION_ALREADY_PROCESSED'])
    expect(portal.account.invitations[0]?.status).toBe('ACCEPTED')
    expect(portal.processed('acceptInvitation')).toBe(1)
    portal.fault('terminateOtherSessions', 'resent')
    expect((await post('/security/sessions/terminate-all')).json.data).toBe(0)
  })

  it('spoil a reply', async () => {
    const { portal } = setUp()
    portal.fault('acceptInvitation', 'malformed')
    const response = await portal.fetch(`https://portal.test/web/v1/system${INVITATION}/accept`, {
      method: 'POST',
      headers: headersFor(portal),
    })
    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toThrow(SyntaxError)
    expect(portal.processed('acceptInvitation')).toBe(1)
  })

  it('give a reply another shape', async () => {
    const { get, post, portal } = setUp()
    portal.fault(() => true, 'wrongShape', { times: 4 })
    expect((await get('/security/mfa')).json).toMatchObject({ code: '2000', data: { nonsense: true } })
    expect((await get('/security/ip-whitelist')).json).toMatchObject({ code: '2000', data: { nonsense: true } })
    expect((await post('/security/sessions/terminate-all')).json).toMatchObject({ code: '2000', data: 'many' })
    expect((await post('/security/ip-whitelist/enable')).json).toEqual({ nonsense: true })
    expect(portal.account.ipWhitelist.enabled).toBe(true)
  })

  it('limit the rate', async () => {
    const { get, portal } = setUp()
    portal.fault('listMfaMethods', { retryAfter: 17 })
    const reply = await get('/security/mfa')
    expect(verdict(reply)).toEqual([429, 'AUTH.TOO_MANY_ATTEMPTS'])
    expect(reply.headers.get('Retry-After')).toBe('17')
    portal.fault('listMfaMethods', { retryAfter: 'Thu, 15 Jan 2026 12:00:30 GMT' })
    expect((await get('/security/mfa')).headers.get('Retry-After')).toBe('Thu, 15 Jan 2026 12:00:30 GMT')
  })

  it.each([
    ['reply', true],
    ['processing', false],
  ] as const)('delay the %s on the clock', async (before, processedAtOnce) => {
    const { post, portal, clock } = setUp()
    portal.fault('acceptInvitation', { delayMs: 3000, before })
    const reply = post(`${INVITATION}/accept`)
    expect(await pending(reply)).toBe(true)
    expect(portal.processed('acceptInvitation')).toBe(processedAtOnce ? 1 : 0)
    clock.increment(2999)
    expect(await pending(reply)).toBe(true)
    clock.increment(1)
    expect((await reply).status).toBe(200)
    expect(portal.processed('acceptInvitation')).toBe(1)
  })

  it.each([
    ['hang', 0],
    ['hangReply', 1],
    [{ delayMs: 3000, before: 'processing' }, 0],
    [{ delayMs: 3000 }, 1],
  ] as const)('keep the caller waiting until it gives up: %j', async (fault, processed) => {
    const { portal, clock } = setUp()
    portal.fault('acceptInvitation', fault)
    const caller = new AbortController()
    const reply = portal.fetch(`https://portal.test/web/v1/system${INVITATION}/accept`, {
      method: 'POST',
      headers: headersFor(portal),
      signal: caller.signal,
    })
    expect(await pending(reply)).toBe(true)
    const reason = new Error('enough')
    caller.abort(reason)
    await expect(reply).rejects.toBe(reason)
    clock.increment(10_000)
    expect(portal.processed('acceptInvitation')).toBe(processed)
    expect(portal.requests).toMatchObject([{ status: null }])
  })

  it('stall in the middle of a body', async () => {
    const { portal } = setUp()
    portal.fault('listMfaMethods', 'stallBody')
    const caller = new AbortController()
    const response = await portal.fetch('https://portal.test/web/v1/system/security/mfa', {
      headers: headersFor(portal),
      signal: caller.signal,
    })
    expect(response.status).toBe(200)
    const text = response.text()
    expect(await pending(text)).toBe(true)
    caller.abort()
    await expect(text).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('stall where there is no body to stall in: nothing is answered', async () => {
    const { portal } = setUp()
    portal.fault('enableIpWhitelist', 'stallBody')
    const caller = new AbortController()
    const reply = portal.fetch('https://portal.test/web/v1/system/security/ip-whitelist/enable', {
      method: 'POST',
      headers: headersFor(portal),
      signal: caller.signal,
    })
    expect(await pending(reply)).toBe(true)
    expect(portal.processed('enableIpWhitelist')).toBe(1)
    caller.abort()
    await expect(reply).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('strike as often as they should, the oldest first, until they are removed', async () => {
    const { get, portal } = setUp()
    portal.fault('listMfaMethods', { status: 500 }, { times: 2 })
    const remove = portal.fault('listMfaMethods', { status: 502 }, { times: Number.POSITIVE_INFINITY })
    const statuses: number[] = []
    for (let round = 0; round < 4; round += 1) statuses.push((await get('/security/mfa')).status)
    remove()
    remove()
    statuses.push((await get('/security/mfa')).status)
    expect(statuses).toEqual([500, 500, 502, 502, 200])
  })

  it.each([
    ['an operation', 'listSessions'],
    ['a path', { path: '/web/v1/system/security/sessions' }],
    ['a pattern', { method: 'GET', path: /sessions$/ }],
    ['a function', ({ operation }: { operation: string | null }) => operation === 'listSessions'],
  ] as const)('strike what they match: %s', async (_, match) => {
    const { get, post, portal } = setUp()
    portal.fault(match, { status: 500 })
    expect((await get('/security/mfa')).status).toBe(200)
    expect((await post('/security/sessions/terminate-all')).status).toBe(200)
    expect((await get('/security/sessions')).status).toBe(500)
  })

  it('strike one method of a path only', async () => {
    const { get, post, portal } = setUp()
    portal.fault({ method: 'POST', path: '/web/v1/system/security/ip-whitelist' }, { status: 500 })
    expect((await get('/security/ip-whitelist')).status).toBe(200)
    expect((await post('/security/ip-whitelist', { entries: [] })).status).toBe(500)
  })

  it('can look at the body', async () => {
    const { post, portal } = setUp()
    portal.fault(({ body }) => JSON.stringify(body) === '{"entries":["1.1.1.1"]}', { status: 500 })
    expect((await post('/security/ip-whitelist', { entries: ['1.1.1.2'] })).status).toBe(200)
    expect((await post('/security/ip-whitelist', { entries: ['1.1.1.1'] })).status).toBe(500)
  })

  it.each([[{ times: 0 }], [{ times: 1.5 }], [{ times: Number.NaN }], [{ times: '2' }]])(
    'strike at least once: %o is an error at once',
    (options) => {
      const { portal } = setUp()
      const refused = new TypeError('options.times must be a whole number of 1 or more, or Infinity')
      expect(() => portal.fault('listSessions', 'hang', options as object)).toThrow(refused)
    },
  )

  it('know no other option', () => {
    const { portal } = setUp()
    expect(() => portal.fault('listSessions', 'hang', { time: 2 } as object)).toThrow('options.time is not known')
  })

  const kinds =
    'must be one of loseRequest, loseReply, resent, malformed, wrongShape, unencrypted, hang, hangReply, stallBody, or have a status, a delayMs, a landsAfterMs or a retryAfter'
  const duration = 'must be a number of milliseconds, 0 or more'

  it.each([
    ['lose', `fault ${kinds}`],
    [{ statsu: 500 }, `fault ${kinds}`],
    [{}, `fault ${kinds}`],
    [null, `fault ${kinds}`],
    [undefined, `fault ${kinds}`],
    [{ status: 700 }, 'fault.status must be a whole number from 200 to 599'],
    [{ status: '500' }, 'fault.status must be a whole number from 200 to 599'],
    [{ status: 500, codes: 'x' }, 'fault.codes is not known'],
    [{ status: 500, code: 4000 }, 'fault.code must be a string'],
    [{ status: 500, headers: { 'X-A': 1 } }, 'fault.headers.X-A must be a string'],
    [{ status: 500, headers: new Headers({ 'X-A': '1' }) }, 'fault.headers must be a plain object of strings'],
    [{ status: 500, body: {} }, 'fault.body must be a string'],
    [{ status: 500, process: 'yes' }, 'fault.process must be a boolean'],
    [{ status: 500, retryAfter: 3 }, 'fault.retryAfter is not known'],
    [{ delayMs: Number.NaN }, `fault.delayMs ${duration}`],
    [{ delayMs: -1 }, `fault.delayMs ${duration}`],
    [{ delayMs: 5, before: 'request' }, 'fault.before must be one of processing, reply'],
    [{ landsAfterMs: -1, answer: 504 }, `fault.landsAfterMs ${duration}`],
    [{ landsAfterMs: 5, answer: 99 }, 'fault.answer must be a status, lost or never'],
    [{ landsAfterMs: 5 }, 'fault.answer must be a status, lost or never'],
    [{ retryAfter: Number.NaN }, 'fault.retryAfter must be a number of seconds, 0 or more, or a string'],
    [{ retryAfter: -1 }, 'fault.retryAfter must be a number of seconds, 0 or more, or a string'],
  ])('are one of those that there are: %o is an error at once', (fault, message) => {
    const { portal } = setUp()
    expect(() => portal.fault('listSessions', fault as 'hang')).toThrow(new TypeError(message))
  })

  it.each([
    ['listSession', 'This portal has no operation listSession'],
    ['openChannel', 'This portal has no operation openChannel'],
    [{ operation: 'verifyOtp' }, 'match.operation is not known'],
    [{}, 'match must name a method or a path'],
    [/sessions$/, 'match must name a method or a path'],
    [null, 'match must be an object'],
    [{ method: 'get' }, 'match.method must be in capitals'],
    [{ path: 3 }, 'match.path must be a string or a pattern'],
  ])('strike what can be matched: %o is an error at once', (match, message) => {
    const { portal } = setUp()
    expect(() => portal.fault(match as 'listSessions', 'hang')).toThrow(new TypeError(message))
  })

  it('leave nothing armed when they are refused', async () => {
    const { get, portal } = setUp()
    expect(() => portal.fault('listSessions', { status: 99 })).toThrow()
    expect((await get('/security/sessions')).status).toBe(200)
  })

  it.each([/sessions$/g, /\/web\/v1\/system\/security\/sessions$/y])(
    'strike each time that %s matches',
    async (path) => {
      const { get, portal } = setUp()
      portal.fault({ path }, { status: 500 }, { times: Number.POSITIVE_INFINITY })
      const statuses: number[] = []
      for (let round = 0; round < 4; round += 1) statuses.push((await get('/security/sessions')).status)
      expect(statuses).toEqual([500, 500, 500, 500])
    },
  )
})

describe('the fetch', () => {
  it('takes a Request, a URL and a text', async () => {
    const { portal } = setUp()
    const url = 'https://portal.test/web/v1/system/security/mfa'
    const init = { headers: headersFor(portal) }
    for (const input of [url, new URL(url), new Request(url)]) {
      expect((await portal.fetch(input, init)).status).toBe(200)
    }
  })

  it('does nothing for a signal that is aborted already', async () => {
    const { portal } = setUp()
    const signal = AbortSignal.abort()
    await expect(portal.fetch('https://portal.test/web/v1/x', { signal })).rejects.toBe(signal.reason)
    expect(portal.requests).toEqual([])
  })

  it('does not process what is given up at once', async () => {
    const { portal } = setUp()
    const caller = new AbortController()
    const reply = portal.fetch(`https://portal.test/web/v1/system${INVITATION}/accept`, {
      method: 'POST',
      headers: headersFor(portal),
      signal: caller.signal,
    })
    caller.abort()
    await expect(reply).rejects.toMatchObject({ name: 'AbortError' })
    expect(await pending(new Promise(() => {}))).toBe(true)
    expect(portal.processed('acceptInvitation')).toBe(0)
  })

  it('follows a redirect for those who do not refuse it, with all their headers', async () => {
    const { get, portal } = setUp()
    portal.fault('listMfaMethods', { status: 302, headers: { Location: 'https://elsewhere.test/web/v1/login' } })
    expect((await get('/security/mfa')).status).toBe(404)
    expect(portal.requests[1]).toMatchObject({
      url: 'https://elsewhere.test/web/v1/login',
      headers: { authorization: 'Bearer access-token-0001' },
    })
  })

  it('refuses a redirect for those who ask it to', async () => {
    const { portal } = setUp()
    portal.fault('listMfaMethods', { status: 302, headers: { Location: 'https://elsewhere.test/' } }, { times: 2 })
    const url = 'https://portal.test/web/v1/system/security/mfa'
    await expect(portal.fetch(url, { headers: headersFor(portal), redirect: 'error' })).rejects.toThrow(TypeError)
    expect((await portal.fetch(url, { headers: headersFor(portal), redirect: 'manual' })).status).toBe(302)
  })
})
