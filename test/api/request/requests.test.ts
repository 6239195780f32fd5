import { describe, expect, it } from 'vitest'
import type { RequestTrace } from '../../../src/api/index.ts'
import type { PortalApi } from '../../../src/domain/portal-api.ts'
import { seal } from '../../../src/domain/sealed.ts'
import { createSetting, success, validOptions } from '../stub-portal.ts'

const SECURITY = '/web/v1/system/security'
const INVITATION = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890'

const acceptance = { workspaceBizId: 'WS_1', becameDefaultWorkspace: false, nextAction: { code: 'CHOOSE_WORKSPACE' } }
const setup = {
  secret: 'JBSWY3DPEHPK3PXP',
  qrCodeUri: 'otpauth://totp/SlaunchX:me@example.com?secret=JBSWY3DPEHPK3PXP&issuer=SlaunchX',
  issuer: 'SlaunchX',
}
const whitelist = { enabled: true, entries: [] }

type Row = readonly [
  string,
  (api: Required<PortalApi>) => Promise<unknown>,
  method: string,
  path: string,
  body: unknown,
  data: unknown,
]

/** The table in docs/contract.md. */
const operations: readonly Row[] = [
  ['listMfaMethods', (api) => api.listMfaMethods(), 'GET', `${SECURITY}/mfa`, null, []],
  ['setupOtp', (api) => api.setupOtp(), 'POST', `${SECURITY}/mfa/otp/setup`, null, setup],
  [
    'verifyOtp',
    (api) => api.verifyOtp({ code: '482916' }),
    'POST',
    `${SECURITY}/mfa/otp/verify`,
    { code: '482916' },
    null,
  ],
  ['revokeOtp', (api) => api.revokeOtp(), 'POST', `${SECURITY}/mfa/otp/revoke`, null, null],
  [
    'getBackupCodeStatus',
    (api) => api.getBackupCodeStatus(),
    'GET',
    `${SECURITY}/mfa/backup-codes`,
    null,
    { remainingCount: 8, totalCount: 10 },
  ],
  ['getIpWhitelist', (api) => api.getIpWhitelist(), 'GET', `${SECURITY}/ip-whitelist`, null, whitelist],
  [
    'replaceIpWhitelist',
    (api) => api.replaceIpWhitelist({ entries: ['203.0.113.10', '198.51.100.0/24'] }),
    'POST',
    `${SECURITY}/ip-whitelist`,
    { entries: ['203.0.113.10', '198.51.100.0/24'] },
    whitelist,
  ],
  ['enableIpWhitelist', (api) => api.enableIpWhitelist(), 'POST', `${SECURITY}/ip-whitelist/enable`, null, null],
  ['disableIpWhitelist', (api) => api.disableIpWhitelist(), 'POST', `${SECURITY}/ip-whitelist/disable`, null, null],
  ['listSessions', (api) => api.listSessions(), 'GET', `${SECURITY}/sessions`, null, []],
  [
    'terminateSession',
    (api) => api.terminateSession({ sessionId: 'SESS...R_001' }),
    'POST',
    `${SECURITY}/sessions/terminate`,
    { sessionId: 'SESS...R_001' },
    null,
  ],
  [
    'terminateOtherSessions',
    (api) => api.terminateOtherSessions(),
    'POST',
    `${SECURITY}/sessions/terminate-all`,
    null,
    2,
  ],
  ['listInvitations', (api) => api.listInvitations(), 'GET', '/web/v1/system/profile/invitations', null, []],
  [
    'acceptInvitation',
    (api) => api.acceptInvitation({ invitationBizId: INVITATION }),
    'POST',
    `/web/v1/system/profile/invitations/${INVITATION}/accept`,
    null,
    acceptance,
  ],
  [
    'declineInvitation',
    (api) => api.declineInvitation({ invitationBizId: INVITATION }),
    'POST',
    `/web/v1/system/profile/invitations/${INVITATION}/decline`,
    null,
    null,
  ],
  [
    'declineInvitation with a reason',
    (api) => api.declineInvitation({ invitationBizId: INVITATION, reason: 'Not mine' }),
    'POST',
    `/web/v1/system/profile/invitations/${INVITATION}/decline`,
    { reason: 'Not mine' },
    null,
  ],
  ['listWorkspaces', (api) => api.listWorkspaces(), 'GET', '/web/v1/system/workspaces/mine', null, []],
  [
    'setDefaultWorkspace',
    (api) => api.setDefaultWorkspace({ workspaceBizId: 'WS_ACME_001' }),
    'POST',
    '/web/v1/system/workspaces/WS_ACME_001/default',
    null,
    {},
  ],
]

describe.each(operations)('%s', (_, run, method, path, body, data) => {
  it(`is ${method} ${path}`, async () => {
    const { api, sent } = createSetting(success(data))
    await run(api)
    expect(sent).toHaveLength(1)
    expect(sent[0]?.method).toBe(method)
    expect(sent[0]?.url).toBe(`https://portal.example/prometheus${path}`)
    expect(sent[0]?.body).toBe(body === null ? '' : JSON.stringify(body))
  })

  it('sends the shared headers and nothing else', async () => {
    const { api, sent } = createSetting(success(data))
    await run(api)
    const headers = Object.fromEntries(sent[0]?.headers ?? [])
    expect(headers).toEqual({
      accept: 'application/json',
      authorization: 'Bearer token-1',
      'content-type': 'application/json',
      'x-client-hash': 'client-hash-1',
      'x-locale': 'en',
      'x-portal-access-code': 'SYS-PORTAL',
      'x-request-id': expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
    })
  })

  it('sends no cookies, uses no cache and follows no redirect', async () => {
    const { api, sent } = createSetting(success(data))
    await run(api)
    const { credentials, cache, redirect } = sent[0]?.request ?? {}
    expect({ credentials, cache, redirect }).toEqual({ credentials: 'omit', cache: 'no-store', redirect: 'manual' })
  })
})

describe('headers', () => {
  const read = async (options: Parameters<typeof createSetting>[1]) => {
    const { api, sent } = createSetting(success([]), options)
    await api.listSessions()
    return sent[0]?.headers ?? new Headers()
  }

  it.each([
    ['zh-Hant', 'zh-Hant', 'zh-Hant'],
    ['zh-TW', 'zh-Hant', 'zh-TW'],
    ['zh_HK.UTF-8', 'zh-Hant', 'zh-HK'],
    ['zh-SG', 'zh', 'zh-SG'],
    ['JA_jp', 'ja', 'ja-JP'],
    ['de-AT', 'en', 'de-AT'],
  ])('asks in %s for %s, the nearest language of the portal, and names the user’s', async (locale, nearest, users) => {
    const headers = await read({ locale })
    expect(headers.get('X-LOCALE')).toBe(nearest)
    expect(headers.get('Accept-Language')).toBe(users)
  })

  it('leaves the client hash out where the host said so', async () => {
    expect((await read({ clientHash: null })).has('X-Client-Hash')).toBe(false)
  })

  it('adds the host’s headers', async () => {
    expect((await read({ headers: { 'CF-Connecting-IP': '203.0.113.10' } })).get('CF-Connecting-IP')).toBe(
      '203.0.113.10',
    )
  })

  it.each([
    'Accept',
    'Authorization',
    'content-type',
    'X-PORTAL-ACCESS-CODE',
    'x-portal-access-code',
    'X-Client-Hash',
    'X-Request-Id',
    'X-LOCALE',
  ])('never lets %s of the host replace ours', async (name) => {
    const [ours, theirs] = [await read({}), await read({ headers: { [name]: 'theirs' } })]
    expect(theirs.get(name)).not.toContain('theirs')
    if (name !== 'X-Request-Id') expect(theirs.get(name)).toBe(ours.get(name))
  })

  it('asks for the token each time', async () => {
    const tokens = ['token-1', 'token-2']
    const { api, sent } = createSetting(success([]), { accessToken: async () => tokens.shift() ?? '' })
    await api.listSessions()
    await api.listSessions()
    expect(sent.map(({ headers }) => headers.get('Authorization'))).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  it('sends the request id that it is given, and a new one each time where it is not', async () => {
    const { api, sent } = createSetting(success([]))
    await api.listSessions(undefined, { requestId: '0000000a-0000-4000-8000-000000000000' })
    await api.listSessions()
    await api.listSessions()
    const ids = sent.map(({ headers }) => headers.get('X-Request-Id'))
    expect(ids[0]).toBe('0000000a-0000-4000-8000-000000000000')
    expect(new Set(ids).size).toBe(3)
  })
})

describe('what goes into paths and bodies', () => {
  it('encodes ids', async () => {
    const { api, sent } = createSetting(success({}))
    await api.setDefaultWorkspace({ workspaceBizId: 'a/b?c#d%e…' })
    expect(sent[0]?.path).toBe('/web/v1/system/workspaces/a%2Fb%3Fc%23d%25e%E2%80%A6/default')
  })

  it('goes where the host says that the operation is, and traces that path', async () => {
    const templates: string[] = []
    const paths = { setDefaultWorkspace: '/v2/default/{workspaceBizId}' }
    const onRequest = ({ pathTemplate }: RequestTrace) => templates.push(pathTemplate)
    const { api, sent } = createSetting(success([]), { paths, onRequest })
    await api.setDefaultWorkspace({ workspaceBizId: 'a/b' })
    await api.listWorkspaces()
    expect(sent.map(({ url }) => url)).toEqual([
      'https://portal.example/prometheus/v2/default/a%2Fb',
      'https://portal.example/prometheus/web/v1/system/workspaces/mine',
    ])
    expect(templates).toEqual(['/v2/default/{workspaceBizId}', '/web/v1/system/workspaces/mine'])
  })

  it('opens the channel where the host says', async () => {
    const { api, sent } = createSetting(success([]), { paths: { getChannelKey: '/key' }, secureChannel: 'binary' })
    await api.verifyOtp({ code: '482916' }).catch(() => {})
    expect(sent[0]?.url).toBe('https://portal.example/prometheus/key')
  })

  it('takes a sealed code', async () => {
    const { api, sent } = createSetting(success(null))
    await api.verifyOtp({ code: seal('482916') })
    expect(sent[0]?.body).toBe('{"code":"482916"}')
  })

  it.each([' 482 916', '482-916', '\u200f٤٨٢٩١٦', '۴۸۲·۹۱۶', '４８２\u00ad９１６.'])(
    'sends a code typed as %j in plain digits, sealed or not',
    async (code) => {
      const { api, sent } = createSetting(success(null))
      await api.verifyOtp({ code })
      await api.verifyOtp({ code: seal(code) })
      expect(sent.map(({ body }) => body)).toEqual(['{"code":"482916"}', '{"code":"482916"}'])
    },
  )

  it('sends no field that was not asked for', async () => {
    const { api, sent } = createSetting(success(null))
    await api.verifyOtp({ code: '482916', ticket: 'x' } as { code: string })
    await api.terminateSession({ sessionId: 'S', extra: 1 } as { sessionId: string })
    expect(sent.map(({ body }) => body)).toEqual(['{"code":"482916"}', '{"sessionId":"S"}'])
  })

  it('sends no body for an empty reason', async () => {
    const { api, sent } = createSetting(success(null))
    await api.declineInvitation({ invitationBizId: INVITATION, reason: '' })
    expect(sent[0]?.body).toBe('')
  })

  it('uses the platform’s fetch of the moment where none is given', async () => {
    const original = globalThis.fetch
    const { api } = createSetting(success([]), { fetch: (input, init) => globalThis.fetch(input, init) })
    globalThis.fetch = async () => Response.json({ code: '2000', data: [] })
    try {
      const { createPortalApi } = await import('../../../src/api/index.ts')
      expect(await createPortalApi({ ...validOptions, secureChannel: 'off' }).listSessions()).toEqual([])
      expect(await api.listSessions()).toEqual([])
    } finally {
      globalThis.fetch = original
    }
  })
})
