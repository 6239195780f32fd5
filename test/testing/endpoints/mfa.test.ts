import * as OTPAuth from 'otpauth'
import { describe, expect, it } from 'vitest'
import { setUp, T0, verdict } from '../raw-client.ts'

const SETUP = '/security/mfa/otp/setup'
const VERIFY = '/security/mfa/otp/verify'
const REVOKE = '/security/mfa/otp/revoke'

describe('the list of factors', () => {
  it('has EMAIL first and OTP off', async () => {
    const { get } = setUp()
    const { status, json } = await get('/security/mfa')
    expect(status).toBe(200)
    expect(json).toEqual({
      version: '2.0.0',
      timestamp: T0,
      success: true,
      code: '2000',
      message: 'SUCCESS',
      data: [
        {
          mfaMethod: { code: 'EMAIL', value: 10011001, label: 'Email' },
          isEnabled: true,
          isPrimary: true,
          verifiedAt: null,
        },
        {
          mfaMethod: { code: 'OTP', value: 10011002, label: 'OTP' },
          isEnabled: false,
          isPrimary: false,
          verifiedAt: null,
        },
      ],
    })
  })

  it('has OTP on, with a secret, once another tab has turned it on', async () => {
    const { post, portal } = setUp()
    portal.update((account) => {
      for (const method of account.mfaMethods) method.isEnabled = true
    })
    expect(portal.account.otpSecret).not.toBeNull()
    expect((await post(REVOKE)).status).toBe(204)
  })

  it('needs no OTP row', async () => {
    const { get, post, portal } = setUp({ account: { mfaMethods: [] } })
    expect((await get('/security/mfa')).json.data).toHaveLength(1)
    await post(SETUP)
    await post(VERIFY, { code: await portal.authenticator.code() })
    expect((await get('/security/mfa')).json.data).toMatchObject([{}, { mfaMethod: { code: 'OTP' }, isEnabled: true }])
  })
})

describe('OTP setup', () => {
  it('gives a secret, a URI that any authenticator reads, the issuer and the account', async () => {
    const { post } = setUp()
    const { status, json } = await post(SETUP)
    expect(status).toBe(200)
    const data: { secret: string; qrCodeUri: string } = json.data
    expect(data).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      qrCodeUri: `otpauth://totp/SlaunchX:maya@example.com?secret=${data.secret}&issuer=SlaunchX`,
      issuer: 'SlaunchX',
      accountName: 'maya@example.com',
    })
    const totp = OTPAuth.URI.parse(data.qrCodeUri)
    expect(totp).toMatchObject({ issuer: 'SlaunchX', label: 'maya@example.com', digits: 6, period: 30 })
    expect(totp.secret.base32).toBe(data.secret)
  })

  it('names other parameters in the URI and goes by them', async () => {
    const { post } = setUp({ totp: { algorithm: 'SHA256', period: 60 } })
    const { json } = await post(SETUP)
    const data: { qrCodeUri: string } = json.data
    const totp = OTPAuth.URI.parse(data.qrCodeUri) as OTPAuth.TOTP
    expect(totp).toMatchObject({ algorithm: 'SHA256', period: 60 })
    expect((await post(VERIFY, { code: totp.generate({ timestamp: T0 }) })).status).toBe(204)
  })

  it('replaces the secret of the setup before it', async () => {
    const { post, portal } = setUp()
    await post(SETUP)
    portal.authenticator.scan()
    const scanned = await portal.authenticator.code()
    await post(SETUP)
    const old = await portal.authenticator.code()
    expect(old).toBe(scanned)
    expect(verdict(await post(VERIFY, { code: old }))).toEqual([400, 'AUTH.MFA_CODE_INVALID'])
    portal.authenticator.scan(null)
    expect((await post(VERIFY, { code: await portal.authenticator.code() })).status).toBe(204)
  })

  it('takes no body', async () => {
    const { post } = setUp()
    const reply = await post(SETUP, {})
    expect(verdict(reply)).toEqual([400, 'VALIDATION.INVALID_PARAMETER'])
  })
})

describe('OTP verification', () => {
  it('switches OTP on with the code of the phone, once', async () => {
    const { post, portal } = setUp()
    await post(SETUP)
    const code = await portal.authenticator.code()
    const reply = await post(VERIFY, { code })
    expect([reply.status, reply.text]).toEqual([204, ''])
    expect(portal.account.mfaMethods[1]).toEqual({ method: 'OTP', isEnabled: true, isPrimary: false, verifiedAt: T0 })
    expect(verdict(await post(VERIFY, { code }))).toEqual([400, 'AUTH.OTP_SETUP_SESSION_INVALID'])
  })

  it('accepts what otpauth computes for the secret', async () => {
    const { post, portal } = setUp()
    const data: { secret: string } = (await post(SETUP)).json.data
    const totp = new OTPAuth.TOTP({ secret: data.secret })
    expect(await portal.authenticator.code()).toBe(totp.generate({ timestamp: T0 }))
    expect((await post(VERIFY, { code: totp.generate({ timestamp: T0 }) })).status).toBe(204)
  })

  it.each([
    [-60_000, 400],
    [-30_000, 204],
    [30_000, 204],
    [60_000, 400],
  ])('with a phone that is %i ms off: %i', async (skewMs, status) => {
    const { post, portal } = setUp()
    await post(SETUP)
    expect((await post(VERIFY, { code: await portal.authenticator.code({ skewMs }) })).status).toBe(status)
  })

  it('goes by the time of the portal, not of the host', async () => {
    const { post, portal } = setUp({ portalOffsetMs: 600_000 })
    const data: { secret: string } = (await post(SETUP)).json.data
    const totp = new OTPAuth.TOTP({ secret: data.secret })
    expect(verdict(await post(VERIFY, { code: totp.generate({ timestamp: T0 }) }))[0]).toBe(400)
    const code = await portal.authenticator.code()
    expect(code).toBe(totp.generate({ timestamp: T0 + 600_000 }))
    expect((await post(VERIFY, { code })).status).toBe(204)
  })

  it('keeps the setup after a wrong code', async () => {
    const { post, portal } = setUp()
    await post(SETUP)
    const right = await portal.authenticator.code()
    const wrong = right === '000000' ? '000001' : '000000'
    expect(verdict(await post(VERIFY, { code: wrong }))).toEqual([400, 'AUTH.MFA_CODE_INVALID'])
    expect((await post(VERIFY, { code: right })).status).toBe(204)
  })

  it('needs a setup', async () => {
    const { post } = setUp()
    expect(verdict(await post(VERIFY, { code: '123456' }))).toEqual([400, 'AUTH.OTP_SETUP_SESSION_INVALID'])
  })

  it.each([
    [119_999, 204, null],
    [120_000, 400, 'AUTH.OTP_SETUP_SESSION_INVALID'],
  ])('needs a setup that has not expired: after %i ms %i', async (elapsed, status, code) => {
    const { post, portal, clock } = setUp({ otpSetupLifetimeMs: 120_000 })
    await post(SETUP)
    clock.increment(elapsed)
    expect(verdict(await post(VERIFY, { code: await portal.authenticator.code() }))).toEqual([status, code])
  })

  it('lets only one of two simultaneous requests use the setup', async () => {
    const { post, portal } = setUp()
    await post(SETUP)
    const code = await portal.authenticator.code()
    const replies = await Promise.all([post(VERIFY, { code }), post(VERIFY, { code })])
    expect(replies.map(({ status }) => status).sort()).toEqual([204, 400])
    expect(portal.processed('verifyOtp')).toBe(1)
  })

  it.each([
    [{ code: '12345' }, 'code'],
    [{ code: '１２３４５６' }, 'code'],
    [{ code: 123456 }, 'code'],
    [{}, 'code'],
    [{ code: '123456', force: true }, 'force'],
    [['123456'], 'body'],
    [undefined, 'body'],
  ])('refuses %j for %s, at no cost', async (body, field) => {
    const { post, portal } = setUp()
    await post(SETUP)
    const reply = await post(VERIFY, body)
    expect(verdict(reply)).toEqual([400, 'VALIDATION.INVALID_PARAMETER'])
    expect(Object.keys(reply.json.data)).toEqual([field])
    expect(portal.account.attempts.verifyOtp).toEqual([])
  })
})

describe('the phone', () => {
  it('has nothing to show before a setup', async () => {
    const { portal } = setUp()
    await expect(portal.authenticator.code()).rejects.toThrow('no secret')
    expect(() => portal.authenticator.scan()).toThrow('no secret')
  })

  it('knows the setup that an account begins with', async () => {
    const { post, portal } = setUp({ account: { otpSetup: { secret: 'JBSWY3DPEHPK3PXP', expiresAt: T0 + 1 } } })
    expect((await post(VERIFY, { code: await portal.authenticator.code() })).status).toBe(204)
  })

  it('keeps the secret that the portal has forgotten', async () => {
    const { post, portal } = setUp()
    await post(SETUP)
    const code = await portal.authenticator.code()
    portal.update((draft) => {
      draft.otpSetup = null
    })
    expect(await portal.authenticator.code()).toBe(code)
    expect(verdict(await post(VERIFY, { code }))).toEqual([400, 'AUTH.OTP_SETUP_SESSION_INVALID'])
  })

  it.each([
    [{ skewMs: Number.NaN }, 'options.skewMs must be a finite number'],
    [{ skewMS: 5 }, 'options.skewMS is not known'],
    [{ ignores: 'period' }, 'options.ignores must be an array'],
    [{ ignores: ['secret'] }, 'options.ignores[0] must be one of algorithm, digits, period'],
  ])('takes %o for a mistake', async (options, message) => {
    const { post, portal } = setUp()
    await post(SETUP)
    await expect(portal.authenticator.code(options as object)).rejects.toThrow(new TypeError(message))
  })

  it.each([
    [[], { algorithm: 'SHA256', digits: 8, period: 60 }],
    [['algorithm'], { algorithm: 'SHA1', digits: 8, period: 60 }],
    [['digits', 'period'], { algorithm: 'SHA256', digits: 6, period: 30 }],
    [['algorithm', 'digits', 'period'], {}],
  ] as const)('whose app ignores %j goes by what is usual there', async (ignores, parameters) => {
    const { post, portal } = setUp({ totp: { algorithm: 'SHA256', digits: 8, period: 60 } })
    const data: { secret: string } = (await post(SETUP)).json.data
    const totp = new OTPAuth.TOTP({ secret: data.secret, ...parameters })
    expect(await portal.authenticator.code({ ignores })).toBe(totp.generate({ timestamp: T0 }))
  })

  it('may hold a secret of the test’s choice', async () => {
    const { portal } = setUp()
    portal.authenticator.scan('JBSWY3DPEHPK3PXP')
    const theirs = new OTPAuth.TOTP({ secret: 'JBSWY3DPEHPK3PXP' })
    expect(await portal.authenticator.code()).toBe(theirs.generate({ timestamp: T0 }))
  })
})

describe('OTP revocation', () => {
  it('removes OTP for good', async () => {
    const { post, portal } = setUp({ account: { mfaMethods: [{ method: 'OTP', isEnabled: true }] } })
    expect(portal.account.otpSecret).toBe('JBSWY3DPEHPK3PXP')
    expect((await post(REVOKE)).status).toBe(204)
    expect(portal.account).toMatchObject({ otpSecret: null, mfaMethods: [{}, { method: 'OTP', isEnabled: false }] })
  })

  it('needs OTP to be on', async () => {
    const { post } = setUp()
    expect((await post(REVOKE)).status).toBe(404)
  })
})

describe('the limit of 5 in 300 s', () => {
  it.each([
    ['setupOtp', SETUP, undefined],
    ['verifyOtp', VERIFY, { code: '000000' }],
    ['revokeOtp', REVOKE, undefined],
  ] as const)('holds for %s, and slides', async (operation, path, body) => {
    const { post, portal, clock } = setUp()
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await post(path, body)).status).not.toBe(429)
      clock.increment(10_000)
    }
    const refused = await post(path, body)
    expect(verdict(refused)).toEqual([429, 'AUTH.TOO_MANY_ATTEMPTS'])
    expect(refused.headers.has('Retry-After')).toBe(false)
    clock.increment(249_999)
    expect((await post(path, body)).status).toBe(429)
    clock.increment(1)
    expect((await post(path, body)).status).not.toBe(429)
    expect((await post(path, body)).status).toBe(429)
    expect(portal.account.attempts[operation]).toHaveLength(5)
  })

  it('is told in Retry-After where the portal does that', async () => {
    const { post, clock } = setUp({ sendsRetryAfter: true })
    for (let attempt = 0; attempt < 5; attempt += 1) await post(SETUP)
    clock.increment(500)
    expect((await post(SETUP)).headers.get('Retry-After')).toBe('300')
    clock.increment(500)
    expect((await post(SETUP)).headers.get('Retry-After')).toBe('299')
  })

  it('is counted for each operation apart', async () => {
    const { post } = setUp()
    for (let attempt = 0; attempt < 6; attempt += 1) await post(SETUP)
    expect(verdict(await post(VERIFY, { code: '000000' }))[0]).toBe(400)
  })
})

describe('other factors', () => {
  it.each(['enable', 'disable'])('EMAIL: %s is refused', async (action) => {
    const { post } = setUp()
    expect(verdict(await post(`/security/mfa/EMAIL/${action}`))).toEqual([409, 'AUTH.MFA_EMAIL_IMMUTABLE'])
  })

  it('OTP can be switched off and on again', async () => {
    const { post, portal } = setUp({ account: { mfaMethods: [{ method: 'OTP', isEnabled: true }] } })
    expect((await post('/security/mfa/OTP/disable')).status).toBe(204)
    expect(portal.account.mfaMethods[1]?.isEnabled).toBe(false)
    expect((await post('/security/mfa/OTP/enable')).status).toBe(204)
    expect(portal.account.mfaMethods[1]?.isEnabled).toBe(true)
  })

  it('OTP that was never verified cannot be switched on', async () => {
    const { post } = setUp()
    expect((await post('/security/mfa/OTP/enable')).status).toBe(404)
  })

  it('backup codes are counted', async () => {
    const { get } = setUp()
    expect((await get('/security/mfa/backup-codes')).json.data).toEqual({ remainingCount: 8, totalCount: 10 })
  })
})
