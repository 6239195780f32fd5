import { describe, expect, it } from 'vitest'
import { headersFor, setUp, verdict } from '../raw-client.ts'

const MFA = '/security/mfa'

describe('headers', () => {
  it.each([
    ['no portal code', { without: ['X-PORTAL-ACCESS-CODE'] }, 403, 'ACCESS.PERMISSION_DENIED'],
    ['another portal code', { headers: { 'X-PORTAL-ACCESS-CODE': 'TENANT' } }, 403, 'ACCESS.PERMISSION_DENIED'],
    ['no token', { without: ['Authorization'] }, 401, 'ACCESS.TOKEN_MISSING'],
    ['a stale token', { headers: { Authorization: 'Bearer old' } }, 401, '4010'],
    ['a bare token', { headers: { Authorization: 'access-token-0001' } }, 401, '4010'],
    ['no fingerprint', { without: ['X-Client-Hash'] }, 403, 'AUTH.FINGERPRINT_MISMATCH'],
    ['another fingerprint', { headers: { 'X-Client-Hash': 'x' } }, 403, 'AUTH.FINGERPRINT_MISMATCH'],
    ['no request id', { without: ['X-Request-Id'] }, 400, 'VALIDATION.INVALID_PARAMETER'],
    ['a request id of its own', { headers: { 'X-Request-Id': 'req-1' } }, 400, 'VALIDATION.INVALID_PARAMETER'],
    [
      'a UUID of no version',
      { headers: { 'X-Request-Id': '00000000-0000-0000-8000-000000000000' } },
      400,
      'VALIDATION.INVALID_PARAMETER',
    ],
    ['a form', { headers: { 'Content-Type': 'text/plain' } }, 400, 'VALIDATION.INVALID_PARAMETER'],
    [
      'another charset',
      { headers: { 'Content-Type': 'application/json; charset=latin1' } },
      400,
      'VALIDATION.INVALID_PARAMETER',
    ],
    ['the charset', { headers: { 'Content-Type': 'application/json;charset=UTF-8' } }, 200, '2000'],
    ['no content type', { without: ['Content-Type'] }, 200, '2000'],
    ['more headers', { headers: { 'X-LOCALE': 'vi', 'X-Trace': '1' } }, 200, '2000'],
  ])('with %s: %#', async (_, options, status, code) => {
    const { get } = setUp()
    expect(verdict(await get(MFA, options))).toEqual([status, code])
  })

  it('need no fingerprint where the login had none, and must not have one then', async () => {
    const { get } = setUp({ account: { clientHash: null } })
    expect((await get(MFA)).status).toBe(200)
    expect((await get(MFA, { headers: { 'X-Client-Hash': 'x' } })).status).toBe(403)
  })

  it('name the type of a body, or the body is refused', async () => {
    const { portal } = setUp()
    const { 'Content-Type': _, ...headers } = headersFor(portal)
    const response = await portal.fetch('https://portal.test/web/v1/system/security/ip-whitelist', {
      method: 'POST',
      headers,
      body: new TextEncoder().encode('{"entries":[]}'),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ data: { 'Content-Type': [expect.any(String)] } })
  })

  it('of the reply tell the portal’s time', async () => {
    const { get } = setUp({ portalOffsetMs: -3_600_000 })
    const { headers, json } = await get(MFA)
    expect(headers.get('Date')).toBe('Thu, 15 Jan 2026 11:00:00 GMT')
    expect(headers.get('Content-Type')).toBe('application/json;charset=UTF-8')
    expect(json.timestamp).toBe(Date.UTC(2026, 0, 15, 11))
  })
})

describe('paths', () => {
  it.each(['https://portal.test', 'https://portal.test/prometheus', 'http://localhost:8080/a/b'])(
    'are found under %s',
    async (base) => {
      const { get, portal } = setUp()
      expect((await get(`${base}/web/v1/system/security/mfa`)).status).toBe(200)
      expect(portal.requests[0]).toMatchObject({ operation: 'listMfaMethods', path: '/web/v1/system/security/mfa' })
    },
  )

  it.each([
    ['GET', '/security/nothing', 404],
    ['GET', '/security/mfa/', 404],
    ['DELETE', '/security/mfa', 405],
    ['GET', '/security/ip-whitelist/enable', 405],
    ['POST', '/profile/invitations//accept', 404],
    ['POST', '/profile/invitations/%E0%A4%A/accept', 404],
    ['GET', '/security/mfa?page=0', 400],
  ])('%s %s: %i', async (method, path, status) => {
    const { send, portal } = setUp()
    expect((await send(method, path)).status).toBe(status)
    expect(portal.requests[0]?.operation).toBe(status === 400 ? 'listMfaMethods' : null)
  })

  it('have their parameters decoded', async () => {
    const { post } = setUp({ account: { invitations: [{ invitationBizId: 'a/b c' }] } })
    expect((await post('/profile/invitations/a%2Fb%20c/accept')).status).toBe(200)
  })
})

describe('bodies', () => {
  it.each(['{"entries":', 'entries'])('that are not JSON are refused: %s', async (body) => {
    const { post } = setUp()
    expect(verdict(await post('/security/ip-whitelist', body))).toEqual([400, '4000'])
  })

  it('are refused where none is taken', async () => {
    const { post } = setUp()
    for (const path of ['/security/ip-whitelist/enable', '/security/sessions/terminate-all', '/auth/logout']) {
      expect(verdict(await post(path, {}))).toEqual([400, 'VALIDATION.INVALID_PARAMETER'])
    }
  })

  it.each([
    [
      '/security/sessions/terminate',
      { sessionId: 7, reason: 'x' },
      { sessionId: 'must be a string', reason: 'is not known' },
    ],
    ['/security/ip-whitelist', { entries: null }, { entries: 'must be a list' }],
    ['/security/mfa/otp/verify', { code: '12345' }, { code: 'must be six digits' }],
    ['/security/mfa/otp/verify', [], { body: 'must be an object' }],
  ])('are refused with what each field must be: %s %j', async (path, body, problems) => {
    const { post } = setUp()
    const texts = Object.entries(problems).map(([field, text]) => [field, [text]])
    expect((await post(path, body)).json.data).toEqual(Object.fromEntries(texts))
  })

  it('do not smuggle in what every object has', async () => {
    const { post } = setUp()
    expect((await post('/security/ip-whitelist', '{"entries":[],"constructor":1}')).status).toBe(400)
    expect((await post('/security/ip-whitelist', '{"__proto__":{"entries":[]}}')).status).toBe(400)
  })
})

describe('the record of requests', () => {
  it('tells what arrived, what was answered and whether it was done', async () => {
    const { get, post, portal, clock } = setUp()
    await get(MFA)
    clock.increment(5)
    await post('/security/ip-whitelist', { entries: ['1.2.3.4'] })
    await post('/security/ip-whitelist', { entries: null })
    await get('/nothing')
    expect(portal.requests).toMatchObject([
      { operation: 'listMfaMethods', method: 'GET', body: null, status: 200, processed: true },
      { operation: 'replaceIpWhitelist', method: 'POST', body: { entries: ['1.2.3.4'] }, status: 200, processed: true },
      { operation: 'replaceIpWhitelist', body: { entries: null }, status: 400, processed: false },
      { operation: null, path: '/web/v1/system/nothing', status: 404, processed: false },
    ])
    expect(portal.requests.map(({ at }) => at - (portal.requests[0]?.at ?? 0))).toEqual([0, 5, 5, 5])
    expect(portal.requests[0]?.headers).toMatchObject({ authorization: 'Bearer access-token-0001' })
    expect(portal.processed('replaceIpWhitelist')).toBe(1)
    for (const { headers, body } of portal.requests) expect([headers, body].every(Object.isFrozen)).toBe(true)
    expect(Object.isFrozen(portal.requests[0])).toBe(true)
  })
})
