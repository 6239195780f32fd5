import { describe, expect, it } from 'vitest'
import { headersFor, setUp, T0 } from '../raw-client.ts'

describe('nothing to return', () => {
  const extras = { version: '2.0.0', timestamp: T0, success: true }
  it.each([
    ['204', 204, undefined],
    ['2040', 200, { ...extras, code: '2040', message: 'NO_CONTENT', data: null }],
    ['2000', 200, { ...extras, code: '2000', message: 'SUCCESS', data: null }],
    ['literal', 200, { status: 204, body: null }],
  ] as const)('as %s', async (noContent, status, json) => {
    const { post } = setUp({ dialect: { noContent } })
    for (const path of [
      '/security/ip-whitelist/enable',
      '/profile/invitations/a1b2c3d4-e5f6-4890-abcd-ef1234567890/decline',
    ]) {
      const reply = await post(path)
      expect([reply.status, reply.json]).toEqual([status, json])
    }
  })
})

describe('other forms', () => {
  it('without the optional parts of the envelope', async () => {
    const { get, post } = setUp({ dialect: { envelopeExtras: false } })
    expect((await get('/security/ip-whitelist')).json).toEqual({
      code: '2000',
      message: 'SUCCESS',
      data: { enabled: false, entries: [] },
    })
    const refused = await post('/profile/invitations/nope/accept')
    expect(refused.json).toEqual({ code: '4040', message: 'Server text for 4040' })
    const invalid = await post('/security/ip-whitelist', {})
    expect(Object.keys(invalid.json)).toEqual(['code', 'message', 'data'])
  })

  it('with a refusal that has all parts', async () => {
    const { post } = setUp()
    expect((await post('/profile/invitations/nope/accept')).json).toEqual({
      version: '2.0.0',
      timestamp: T0,
      success: false,
      code: '4040',
      message: 'Server text for 4040',
      data: null,
    })
  })

  it('with ipAddress', async () => {
    const { get } = setUp({ dialect: { sessionAddress: 'ipAddress' } })
    const [row] = (await get('/security/sessions')).json.data as object[]
    expect(row).toMatchObject({ ipAddress: '203.0.113.10' })
    expect(row).not.toHaveProperty('clientIp')
  })

  it('with invitationBizId', async () => {
    const { get } = setUp({ dialect: { invitationId: 'invitationBizId' } })
    const [row] = (await get('/profile/invitations')).json.data as object[]
    expect(row).toHaveProperty('invitationBizId')
    expect(row).not.toHaveProperty('bizId')
  })

  it('with nothing that is optional', async () => {
    const { get, post } = setUp({ dialect: { optionalFields: false } })
    expect((await get('/security/mfa')).json.data[0]).toEqual({
      mfaMethod: { code: 'EMAIL', value: 10011001, label: 'Email' },
      isEnabled: true,
    })
    expect((await get('/security/sessions')).json.data[0]).toEqual({
      sessionId: 'SESS...C_001',
      clientIp: '203.0.113.10',
      isCurrent: true,
    })
    expect((await get('/profile/invitations')).json.data[0]).not.toHaveProperty('canAccept')
    expect((await post('/security/mfa/otp/setup')).json.data).not.toHaveProperty('accountName')
    const accepted = await post('/profile/invitations/a1b2c3d4-e5f6-4890-abcd-ef1234567890/accept')
    expect(Object.keys(accepted.json.data)).toEqual(['workspaceBizId', 'becameDefaultWorkspace', 'nextAction'])
  })

  it('with the list as the reply of its switch', async () => {
    const { post } = setUp({ dialect: { whitelistSwitch: 'whitelist' } })
    expect((await post('/security/ip-whitelist/enable')).json.data).toEqual({ enabled: true, entries: [] })
  })

  it.each([
    ['documented', 'totp/SlaunchX:maya@example.com?secret=KEY&issuer=SlaunchX&algorithm=SHA256&period=60'],
    ['tenantLabel', 'totp/Acme%20GmbH%3A%20maya@example.com?secret=KEY&issuer=SlaunchX&algorithm=SHA256&period=60'],
    ['noIssuer', 'totp/maya@example.com?secret=KEY&algorithm=SHA256&period=60'],
    [
      'looseNames',
      'TOTP/slaunchx:maya@example.com?Secret=KEY&ISSUER=SlaunchX&ALGORITHM=HmacSHA-256&Digits=&Period=60&image=',
    ],
  ] as const)('with the URI of a setup as %s', async (otpUri, uri) => {
    const { post } = setUp({ dialect: { otpUri }, totp: { algorithm: 'SHA256', period: 60 } })
    const { secret, qrCodeUri } = (await post('/security/mfa/otp/setup')).json.data as Record<string, string>
    expect(qrCodeUri).toBe(`otpauth://${uri.replace('KEY', String(secret))}`)
  })

  it('with the key of a setup in groups', async () => {
    const { post, portal } = setUp({ dialect: { otpUri: 'groupedKey' } })
    const { secret, qrCodeUri } = (await post('/security/mfa/otp/setup')).json.data as Record<string, string>
    expect(secret).toMatch(/^([a-z2-7]{4} ){7}[a-z2-7]{4}$/)
    expect(qrCodeUri).toContain(`?secret=${secret?.replaceAll(' ', '-')}%3D%3D&issuer=SlaunchX`)
    expect(secret?.replaceAll(' ', '').toUpperCase()).toBe(portal.account.otpSetup?.secret)
  })

  it.each([
    ['milliseconds', T0],
    ['seconds', T0 / 1000],
    ['microseconds', T0 * 1e3],
    ['nanoseconds', T0 * 1e6],
    ['digits', String(T0)],
    ['stale', T0 - 3 * 86_400_000],
    ['frozen', T0 - 43_200_000],
    ['zone', T0 + 8 * 3_600_000],
    ['absurd', -62_135_596_800_000],
  ] as const)('with a timestamp of the kind %s', async (timestamp, expected) => {
    const { get, clock } = setUp({ dialect: { timestamp } })
    expect((await get('/security/sessions')).json.timestamp).toBe(expected)
    clock.increment(1_000)
    const goesOn = !['frozen', 'absurd'].includes(timestamp)
    expect((await get('/security/sessions')).json.timestamp !== expected).toBe(goesOn)
  })

  it('without a Date', async () => {
    const { get, portal } = setUp()
    expect((await get('/security/sessions')).headers.get('Date')).toBe(new Date(T0).toUTCString())
    portal.configure({ dialect: { dateHeader: false } })
    expect((await get('/security/sessions')).headers.get('Date')).toBeNull()
  })

  it.each([
    ['seconds', '300'],
    ['fraction', '299.5'],
    ['list', '1, 300'],
    ['date', 'Thu, 15 Jan 2026 12:05:00 GMT'],
    ['rfc850', 'Thursday, 15-Jan-26 12:05:00 GMT'],
    ['asctime', 'Thu Jan 15 12:05:00 2026'],
    ['epoch', String(T0 / 1000 + 300)],
  ] as const)('with Retry-After as %s', async (retryAfter, expected) => {
    const { post } = setUp({ sendsRetryAfter: true, dialect: { retryAfter } })
    for (let i = 0; i < 5; i++) await post('/security/mfa/otp/setup')
    expect((await post('/security/mfa/otp/setup')).headers.get('Retry-After')).toBe(expected)
  })

  it('with a page to sign in at, for a stale token', async () => {
    const { portal } = setUp({ dialect: { staleToken: '302' } })
    const headers = { ...headersFor(portal), Authorization: 'Bearer stale' }
    const reply = await portal.fetch('https://portal.test/web/v1/system/security/sessions', {
      headers,
      redirect: 'manual',
    })
    expect([reply.status, reply.headers.get('Location')]).toEqual([302, 'https://sso.example/sign-in'])
    expect(portal.requests.map(({ processed }) => processed)).toEqual([false])
  })

  it.each([
    ['zoned', '2026-01-02T03:04:05.250Z[UTC]'],
    ['list', [2026, 1, 2, 3, 4]],
    ['seconds', 1767323045.25],
    ['empty', ''],
    ['outOfRange', 9e15],
  ] as const)('with dates as %s', async (dates, written) => {
    const lastActiveAt = Date.UTC(2026, 0, 2, 3, 4, 5, 250)
    const { get } = setUp({ dialect: { dates }, account: { sessions: [{ isCurrent: true, lastActiveAt }] } })
    expect((await get('/security/sessions')).json.data).toMatchObject([{ lastActiveAt: written }])
  })

  const lists = ['/security/sessions', '/security/mfa', '/profile/invitations', '/workspaces/mine']

  it.each(lists)('with strays among the rows of %s', async (path) => {
    const whole = (await setUp().get(path)).json.data as object[]
    const rows = (await setUp({ dialect: { rows: 'besideStrays' } }).get(path)).json.data as (object | null)[]
    expect(rows.slice(0, -1)).toEqual([null, ...whole])
    expect(new Set(Object.values(rows.at(-1) ?? {}))).toEqual(new Set([null]))
  })

  it('with rows that say little more than which ones they are', async () => {
    const { get, post } = setUp({ dialect: { rows: 'bare' } })
    const firstOf = async (path: string) => ((await get(path)).json.data as object[])[0]
    expect(await firstOf('/security/sessions')).toMatchObject({ isCurrent: true, clientIp: null })
    expect(Object.keys((await firstOf('/security/mfa')) ?? {})).toEqual(['mfaMethod', 'isEnabled'])
    expect(await firstOf('/profile/invitations')).toMatchObject({ workspaceBizId: null, expiresAt: null })
    expect(await firstOf('/workspaces/mine')).toEqual({
      workspaceBizId: 'WS_HOME_001',
      workspaceName: null,
      enterable: null,
      isDefault: true,
    })
    const accepted = await post('/profile/invitations/a1b2c3d4-e5f6-4890-abcd-ef1234567890/accept')
    expect(accepted.json.data).toEqual({ workspaceBizId: null, nextAction: null })
  })

  it('with the older codes, all of them 400', async () => {
    const { post } = setUp({
      dialect: { errorCodes: 'numeric' },
      account: { invitations: [{ invitationBizId: 'x', status: 'ACCEPTED' }] },
    })
    const accepted = await post('/profile/invitations/x/accept')
    expect([accepted.status, accepted.json.code]).toEqual([400, 'U1042'])
    const unmapped = await post('/profile/invitations/nope/accept')
    expect([unmapped.status, unmapped.json.code]).toEqual([404, '4040'])
  })
})
