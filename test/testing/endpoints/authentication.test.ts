import { describe, expect, it } from 'vitest'
import { setUp, verdict } from '../raw-client.ts'

const anonymous = { without: ['Authorization'] }

describe('signing in', () => {
  it('leads through a second factor to tokens that work', async () => {
    const { post, get, portal } = setUp()
    const { email, password, emailCode } = portal.account
    const initiated = await post('/auth/login/initiate', { email, password }, anonymous)
    expect(initiated.json.data).toMatchObject({
      mfaMethods: [{ code: 'EMAIL', value: 10011001, label: 'Email' }],
      expiresIn: 300,
      accountStatus: null,
      pendingApproval: false,
    })
    const { sessionId }: { sessionId: string } = initiated.json.data
    const body = { sessionId, method: 10011001, code: emailCode }
    const { json } = await post('/auth/login/complete', body, anonymous)
    expect(json.data).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 3600,
      accountStatus: null,
      pendingApproval: false,
    })
    const tokens: { accessToken: string } = json.data
    const asNew = { headers: { Authorization: `Bearer ${tokens.accessToken}` } }
    expect((await get('/security/sessions', asNew)).json.data).toHaveLength(4)
    expect(verdict(await post('/auth/login/complete', body, anonymous))).toEqual([404, 'AUTH.SESSION_NOT_FOUND'])
  })

  it('takes an OTP code once', async () => {
    const { post, portal } = setUp({ account: { mfaMethods: [{ method: 'OTP', isEnabled: true }] } })
    const { email, password } = portal.account
    const code = await portal.authenticator.code()
    const attempt = async () => {
      const initiated = await post('/auth/login/initiate', { email, password }, anonymous)
      const { sessionId, mfaMethods }: { sessionId: string; mfaMethods: unknown[] } = initiated.json.data
      expect(mfaMethods).toHaveLength(2)
      return verdict(await post('/auth/login/complete', { sessionId, method: 10011002, code }, anonymous))
    }
    expect(await attempt()).toEqual([200, '2000'])
    expect(await attempt()).toEqual([400, 'AUTH.MFA_CODE_INVALID'])
  })

  it('does not take the code that verified the setup', async () => {
    const { post, portal } = setUp()
    await post('/security/mfa/otp/setup')
    const code = await portal.authenticator.code()
    await post('/security/mfa/otp/verify', { code })
    const { email, password } = portal.account
    const initiated = await post('/auth/login/initiate', { email, password }, anonymous)
    const { sessionId }: { sessionId: string } = initiated.json.data
    const reply = await post('/auth/login/complete', { sessionId, method: 10011002, code }, anonymous)
    expect(verdict(reply)).toEqual([400, 'AUTH.MFA_CODE_INVALID'])
  })

  it('is refused with the wrong password, the wrong code, too late, and with fields too many', async () => {
    const { post, portal, clock } = setUp()
    const { email, password, emailCode } = portal.account
    expect(verdict(await post('/auth/login/initiate', { email, password: 'not the one' }, anonymous))).toEqual([
      401,
      'AUTH.INVALID_CREDENTIALS',
    ])
    expect((await post('/auth/login/initiate', { email, password, remember: true }, anonymous)).status).toBe(400)
    const initiated = await post('/auth/login/initiate', { email, password }, anonymous)
    const { sessionId }: { sessionId: string } = initiated.json.data
    const complete = (code: string, method = 10011001) =>
      post('/auth/login/complete', { sessionId, method, code }, anonymous)
    expect(verdict(await complete('WRONG1'))).toEqual([400, 'AUTH.MFA_CODE_INVALID'])
    expect(verdict(await complete(emailCode, 10011002))).toEqual([400, 'AUTH.MFA_CODE_INVALID'])
    clock.increment(300_000)
    expect(verdict(await complete(emailCode))).toEqual([404, 'AUTH.SESSION_NOT_FOUND'])
  })

  it('in one step opens a session with the fingerprint given', async () => {
    const { get, portal } = setUp()
    const login = portal.login({ clientHash: 'another' })
    if (!login.ok) throw new Error('refused')
    const authorization = { Authorization: `Bearer ${login.accessToken}` }
    expect(verdict(await get('/security/sessions', { headers: authorization }))).toEqual([
      403,
      'AUTH.FINGERPRINT_MISMATCH',
    ])
    expect(
      (await get('/security/sessions', { headers: { ...authorization, 'X-Client-Hash': 'another' } })).status,
    ).toBe(200)
  })

  it.each([
    [{ adress: '192.0.2.1' }, 'from.adress is not known'],
    [{ address: 7 }, 'from.address must be a string'],
    [{ clientHash: 7 }, 'from.clientHash must be a string or null'],
  ])('in one step from nowhere is an error: %o', (from, message) => {
    const { portal } = setUp()
    expect(() => portal.login(from as object)).toThrow(new TypeError(message))
  })
})

describe('the token', () => {
  it('is stale after a refresh, as is the refresh token', async () => {
    const { post, get, portal } = setUp()
    const { accessToken, refreshToken } = portal.account
    const { json } = await post('/auth/token/refresh', { refreshToken }, anonymous)
    expect(json.data).toEqual({
      accessToken: portal.account.accessToken,
      refreshToken: portal.account.refreshToken,
      expiresIn: 3600,
    })
    expect(portal.account.accessToken).not.toBe(accessToken)
    expect(portal.account.refreshToken).not.toBe(refreshToken)
    expect((await get('/security/mfa')).status).toBe(200)
    expect(verdict(await get('/security/mfa', { headers: { Authorization: `Bearer ${accessToken}` } }))).toEqual([
      401,
      '4010',
    ])
    expect(verdict(await post('/auth/token/refresh', { refreshToken }, anonymous))).toEqual([401, '4010'])
  })

  it('is not refreshed for another fingerprint', async () => {
    const { post, portal } = setUp()
    const { refreshToken } = portal.account
    const reply = await post(
      '/auth/token/refresh',
      { refreshToken },
      { ...anonymous, headers: { 'X-Client-Hash': 'x' } },
    )
    expect(verdict(reply)).toEqual([403, 'AUTH.FINGERPRINT_MISMATCH'])
    expect(portal.account.refreshToken).toBe(refreshToken)
  })

  it('can be refreshed in one step', async () => {
    const { get, portal } = setUp()
    const token = portal.refreshAccessToken()
    expect(portal.account.accessToken).toBe(token)
    expect((await get('/security/mfa')).status).toBe(200)
  })

  it('is stale when it is changed on the account', async () => {
    const { get, portal } = setUp()
    const old = { headers: { Authorization: `Bearer ${portal.account.accessToken}` } }
    portal.update((draft) => {
      draft.accessToken = 'other'
    })
    expect(verdict(await get('/security/mfa', old))).toEqual([401, '4010'])
    expect((await get('/security/mfa')).status).toBe(200)
  })

  it('expires on the clock where it has a lifetime', async () => {
    const { get, portal, clock } = setUp({ accessTokenLifetimeMs: 60_000 })
    portal.refreshAccessToken()
    clock.increment(59_999)
    expect((await get('/security/mfa')).status).toBe(200)
    clock.increment(1)
    expect((await get('/security/mfa')).status).toBe(401)
    portal.refreshAccessToken()
    expect((await get('/security/mfa')).status).toBe(200)
  })

  it('ends with the logout', async () => {
    const { get, post } = setUp()
    const { json } = await post('/auth/logout')
    expect(json.data).toEqual({ success: true, terminatedSessions: 1 })
    expect((await get('/security/mfa')).status).toBe(401)
  })
})
