import { describe, expect, it } from 'vitest'
import { createFakePortal, fakeWorkspace } from '../../../src/testing/index.ts'
import { headersFor, setUp } from '../raw-client.ts'

describe('the account', () => {
  it('cannot be changed from outside', () => {
    const { portal } = setUp()
    const { account } = portal
    expect(() => Object.assign(account, { email: 'x' })).toThrow(TypeError)
    expect(() => Object.assign(account.ipWhitelist, { enabled: true })).toThrow(TypeError)
    expect(() => (account.sessions as unknown[]).push({})).toThrow(TypeError)
  })

  it('is changed by update', () => {
    const { portal } = setUp()
    const before = portal.account
    portal.update((draft) => {
      draft.ipWhitelist.enabled = true
      draft.workspaces.push(fakeWorkspace({ workspaceBizId: 'WS_NEW' }))
    })
    expect(portal.account.ipWhitelist.enabled).toBe(true)
    expect(portal.account.workspaces.at(-1)?.workspaceBizId).toBe('WS_NEW')
    expect(before.ipWhitelist.enabled).toBe(false)
  })

  it('stays as it was when an update fails', () => {
    const { portal } = setUp()
    const before = portal.account
    expect(() =>
      portal.update((draft) => {
        draft.email = 'new@example.com'
        Object.assign(draft.ipWhitelist, { entries: 'all' })
      }),
    ).toThrow('account.ipWhitelist.entries must be an array')
    expect(portal.account).toEqual(before)
  })

  it.each([
    [{ ipWhiteList: {} }, 'account.ipWhiteList is not known'],
    [{ ipWhitelist: { enable: true } }, 'account.ipWhitelist.enable is not known'],
    [{ invitations: [{}, { state: 'x' }] }, 'account.invitations[1].state is not known'],
    [{ sessions: [{ isCurrent: 'yes' }] }, 'account.sessions[0].isCurrent must be a boolean'],
    [{ invitations: [{ expiresAt: '2026' }] }, 'account.invitations[0].expiresAt must be a finite number or null'],
    [{ invitations: [{ expiresAt: Number.NaN }] }, 'account.invitations[0].expiresAt must be a finite number or null'],
    [{ sessions: [{ isCurrent: true }, { isCurrent: true }] }, 'account.sessions has more than one current row'],
    [{ workspaces: [{ isDefault: true }, { isDefault: true }] }, 'account.workspaces has more than one default row'],
    [
      { invitations: [{ expiresAt: Number.POSITIVE_INFINITY }] },
      'account.invitations[0].expiresAt must be a finite number',
    ],
    [
      { invitations: [{ refusedWith: 500 }] },
      'account.invitations[0].refusedWith must be a whole number from 400 to 499 or null',
    ],
    [{ otpSetup: { secret: 'JBSWY3DPEHPK3PXP' } }, 'account.otpSetup.expiresAt must be a finite number'],
    [{ attempts: { verifyOtp: ['now'] } }, 'account.attempts.verifyOtp[0] must be a finite number'],
    [{ email: null }, 'account.email must be a string'],
    [{ sessions: {} }, 'account.sessions must be an array'],
    [{ mfaMethods: null }, 'account.mfaMethods must be an array'],
    [[], 'account must be an object'],
  ])('refuses %j', (account, message) => {
    expect(() => createFakePortal({ account: account as object })).toThrow(message)
  })

  it('must keep EMAIL first', () => {
    const { portal } = setUp()
    expect(() => portal.update((draft) => draft.mfaMethods.reverse())).toThrow('account.mfaMethods[0] must be EMAIL')
  })

  it('fills in what an override leaves out', () => {
    const { portal } = setUp({
      account: {
        email: 'kai@example.com',
        invitations: [{}, { workspaceName: 'B' }],
        sessions: [{ isCurrent: true, clientIp: '192.0.2.1' }, {}],
        ipWhitelist: { entries: ['192.0.2.1'] },
      },
    })
    const { account } = portal
    expect(new Set(account.invitations.map(({ invitationBizId }) => invitationBizId)).size).toBe(2)
    expect(account.invitations.map(({ inviteeEmail }) => inviteeEmail)).toEqual(['kai@example.com', 'kai@example.com'])
    expect(new Set(account.sessions.map(({ sessionId }) => sessionId)).size).toBe(2)
    expect(account.address).toBe('192.0.2.1')
    expect(account.ipWhitelist).toEqual({ enabled: false, entries: ['192.0.2.1'] })
    expect(account.workspaces).toHaveLength(2)
  })

  it('addresses the default invitations to whom it belongs', async () => {
    const { get } = setUp({ account: { email: 'kai@example.com' } })
    expect((await get('/profile/invitations')).json.data).toHaveLength(2)
  })
})

describe('a user who moves', () => {
  it('comes from another address, and is listed with it', async () => {
    const { get, portal } = setUp()
    portal.moveTo('192.0.2.77')
    expect(portal.account.address).toBe('192.0.2.77')
    expect((await get('/security/sessions')).json.data).toContainEqual(
      expect.objectContaining({ isCurrent: true, clientIp: '192.0.2.77' }),
    )
  })

  it('is let in from there, and only there', async () => {
    const { portal } = setUp({ account: { ipWhitelist: { enabled: true, entries: ['192.0.2.77'] } } })
    expect(portal.login().ok).toBe(false)
    portal.moveTo('192.0.2.77')
    expect(portal.login().ok).toBe(true)
    expect(() => portal.moveTo(7 as never)).toThrow(new TypeError('account.address must be a string'))
  })
})

describe('options', () => {
  const positive = 'must be a whole number of 1 or more'
  const duration = 'must be a number of milliseconds, 0 or more'

  it.each([
    [{ retryAfter: true }, 'options.retryAfter is not known'],
    [{ dialect: { noContents: '204' } }, 'options.dialect.noContents is not known'],
    [{ totp: { interval: 30 } }, 'options.totp.interval is not known'],
    [{ enforceOnEveryRequest: 'no' }, 'options.enforceOnEveryRequest must be a boolean'],
    [{ sessionAddress: 'foo' }, 'options.sessionAddress must be one of login, request'],
    [{ otpSetupLifetimeMs: Number.NaN }, `options.otpSetupLifetimeMs ${duration}`],
    [{ otpSetupLifetimeMs: -1 }, `options.otpSetupLifetimeMs ${duration}`],
    [{ accessTokenLifetimeMs: Number.NaN }, `options.accessTokenLifetimeMs ${duration} or null`],
    [{ accessTokenLifetimeMs: -5 }, `options.accessTokenLifetimeMs ${duration} or null`],
    [{ channelLifetimeMs: Number.NaN }, `options.channelLifetimeMs ${duration}`],
    [{ channelLifetimeMs: Number.POSITIVE_INFINITY }, `options.channelLifetimeMs ${duration}`],
    [{ channelLossStatus: 700 }, 'options.channelLossStatus must be one of 400, 401, 404'],
    [{ channelKeyId: 7 }, 'options.channelKeyId must be a string'],
    [{ totp: { period: 0 } }, `options.totp.period ${positive}`],
    [{ totp: { digits: Number.NaN } }, `options.totp.digits ${positive}`],
    [{ totp: { algorithm: 'MD5' } }, 'options.totp.algorithm must be one of SHA1, SHA256, SHA512'],
    [
      { dialect: { noContent: 'none' } },
      'options.dialect.noContent must be one of documented, 204, 2040, 2000, literal',
    ],
    [{ dialect: null }, 'options.dialect must be an object'],
  ])('that change how it behaves: %o is an error at once', (options, message) => {
    const refused = new TypeError(message)
    expect(() => createFakePortal(options as object)).toThrow(refused)
    expect(() => createFakePortal().configure(options as object)).toThrow(refused)
  })

  it.each([
    [{ acount: {} }, 'options.acount is not known'],
    [{ portalOffsetMs: Number.NaN }, 'options.portalOffsetMs must be a finite number'],
    [{ portalOffsetMs: Number.POSITIVE_INFINITY }, 'options.portalOffsetMs must be a finite number'],
    [{ clock: {} }, 'options.clock must have now, setTimeout and clearTimeout'],
    [{ secureChannel: 'on' }, 'options.secureChannel must be one of binary, json, off'],
    [null, 'options must be an object'],
  ])('that it starts with: %o is an error at once', (options, message) => {
    expect(() => createFakePortal(options as object)).toThrow(new TypeError(message))
  })

  it('of the start cannot be changed later', () => {
    const { portal } = setUp()
    expect(() => portal.configure({ portalOffsetMs: 1 } as object)).toThrow('options.portalOffsetMs is not known')
  })

  it('may be named and left undefined', async () => {
    const options = { clock: undefined, secureChannel: undefined, dialect: { enumText: undefined } }
    const { fetch, account, configure } = createFakePortal({ ...options, account: { email: undefined } } as object)
    configure({ totp: { period: undefined }, encryptsReplies: undefined } as object)
    const response = await fetch('https://portal.test/web/v1/system/security/mfa', { headers: headersFor({ account }) })
    expect(await response.json()).toMatchObject({ data: [{ mfaMethod: { label: 'Email' } }, {}] })
    expect(account.email).toBe('maya@example.com')
  })

  it('can be changed one at a time', async () => {
    const { get, portal } = setUp({ dialect: { enumText: 'name' } })
    portal.configure({ dialect: { envelopeExtras: false } })
    const { json } = await get('/security/mfa')
    expect(Object.keys(json)).toEqual(['code', 'message', 'data'])
    expect(json.data[0]).toMatchObject({ mfaMethod: { name: 'Email' } })
  })
})
