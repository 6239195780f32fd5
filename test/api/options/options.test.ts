import { describe, expect, it } from 'vitest'
import { createPortalApi, type PortalApiOptions } from '../../../src/api/index.ts'
import { PortalError } from '../../../src/domain/failure.ts'
import { validOptions } from '../stub-portal.ts'

const create = (options: object) => createPortalApi({ ...validOptions, ...options } as PortalApiOptions)

const refusalOf = (options: unknown): PortalError => {
  try {
    createPortalApi(options as PortalApiOptions)
  } catch (thrown) {
    if (thrown instanceof PortalError) return thrown
    throw thrown
  }
  throw new Error('It was accepted')
}

describe('refused at once, with the name of the option', () => {
  it.each<[string, unknown]>([
    ['baseUrl', undefined],
    ['baseUrl', ''],
    ['baseUrl', '/prometheus'],
    ['baseUrl', 'portal.example'],
    ['baseUrl', new URL('https://portal.example')],
    ['baseUrl', 'ftp://portal.example'],
    ['baseUrl', 'javascript:alert(1)'],
    ['baseUrl', 'http://portal.example'],
    ['baseUrl', 'http://localhost.example'],
    ['baseUrl', 'http://127.0.0.1.example'],
    ['baseUrl', 'http://10.0.0.1'],
    ['baseUrl', 'http://192.168.1.4'],
    ['baseUrl', 'http://[::2]'],
    ['baseUrl', 'http://[::ffff:10.0.0.1]'],
    ['baseUrl', 'https://me:secret@portal.example'],
    ['baseUrl', 'https://portal.example/?a=1'],
    ['baseUrl', 'https://portal.example/#a'],
    ['portalAccessCode', undefined],
    ['portalAccessCode', ''],
    ['portalAccessCode', 'a\nb'],
    ['portalAccessCode', 'é'],
    ['portalAccessCode', 7],
    ['clientHash', undefined],
    ['clientHash', ''],
    ['clientHash', ' '],
    ['clientHash', 'a\r\nX-Other: b'],
    ['accessToken', undefined],
    ['accessToken', 'token'],
    ['refreshAccessToken', 'token'],
    ['refreshAccessToken', null],
    ['secureChannel', 'on'],
    ['secureChannel', null],
    ['secureChannel', true],
    ['secureChannel', {}],
    ['secureChannel', { sessionId: 'sess_1' }],
    ['warmUp', 'no'],
    ['secureChannel', { session: () => {}, forget: () => {} }],
    // Half a channel: sent on as one that only names a session, it would let bodies out that it means to encrypt.
    ['secureChannel', { sessionId: () => 'sess_1', session: () => {}, forget: () => {} }],
    ['secureChannel', { sessionId: () => 'sess_1', encrypt: () => {} }],
    ['locale', ''],
    ['locale', 'en GB'],
    ['locale', 7],
    ['locale', 'en\n'],
    ['headers', 'X-A: b'],
    ['headers', null],
    ['headers', new Headers({ 'X-A': 'b' })],
    ['headers', new Map([['X-A', 'b']])],
    ['headers', [['X-A', 'b']]],
    ['headers', { 'X-A': 'b\nX-C: d' }],
    ['headers', { 'X-A': 'b\r' }],
    ['headers', { 'X A': 'b' }],
    ['headers', { 'X-A\n': 'b' }],
    ['headers', { 'X-A': 7 }],
    ['headers', { '': 'b' }],
    ['timeoutMs', 0],
    ['timeoutMs', -1],
    ['timeoutMs', Number.NaN],
    ['timeoutMs', Number.POSITIVE_INFINITY],
    ['timeoutMs', 2 ** 31],
    ['timeoutMs', '1000'],
    ['fetch', 'fetch'],
    ['fetch', null],
    ['clock', {}],
    ['clock', { now: () => 0, setTimeout: () => 0 }],
  ])('%s: %j', (option, value) => {
    const { failure, message } = refusalOf({ ...validOptions, [option]: value })
    expect(failure).toMatchObject({ kind: 'config', code: 'client.option', field: option, requestId: null })
    expect(message).toMatch(new RegExp(`^createPortalApi: ${option}: .`))
  })

  const PATH = /begins with \/ and has no query, no fragment and no dot segment/
  it.each<[string, unknown, RegExp]>([
    ['listSessions', 'web/v1/sessions', PATH],
    ['listSessions', '', PATH],
    ['listSessions', '//portal.example/sessions', PATH],
    ['listSessions', 'https://portal.example/sessions', PATH],
    ['listSessions', '/sessions?page=1', PATH],
    ['listSessions', '/sessions#top', PATH],
    ['listSessions', '/web/../sessions', PATH],
    ['listSessions', '/web/.', PATH],
    ['listSessions', '/web/%2E./sessions', PATH],
    ['listSessions', '/web\\sessions', PATH],
    ['listSessions', '/my sessions', PATH],
    ['listSessions', '/100%', PATH],
    ['listSessions', 7, PATH],
    ['listSessions', null, PATH],
    ['listSessions', '/sessions/{sessionId}', /must have no placeholder/],
    ['acceptInvitation', '/invitations/accept', /must have \{invitationBizId\} once/],
    ['acceptInvitation', '/invitations/{id}/accept', /must have \{invitationBizId\} once/],
    ['acceptInvitation', '/{invitationBizId}/{invitationBizId}', /must have \{invitationBizId\} once/],
    // An id of a dot would make it a dot segment.
    ['acceptInvitation', '/invitations/.{invitationBizId}/accept', PATH],
    ['acceptInvitations', '/invitations/{invitationBizId}/accept', /is not an operation/],
    ['toString', '/a', /is not an operation/],
    ['close', '/a', /is not an operation/],
  ])('paths.%s: %j', (operation, path, problem) => {
    const { failure, message } = refusalOf({ ...validOptions, paths: { [operation]: path } })
    expect(failure).toMatchObject({ kind: 'config', code: 'client.option', field: `paths.${operation}` })
    expect(message).toMatch(new RegExp(`^createPortalApi: paths.${operation}: `))
    expect(message).toMatch(problem)
  })

  it.each([null, 'listSessions', ['/a'], new Map([['listSessions', '/a']])])('paths: %j', (paths) => {
    expect(refusalOf({ ...validOptions, paths }).failure).toMatchObject({ code: 'client.option', field: 'paths' })
  })

  it.each([undefined, null, 'https://portal.example'])('no options: %j', (options) => {
    expect(refusalOf(options).failure).toMatchObject({ kind: 'config', code: 'client.option', field: 'options' })
  })

  it('does not repeat a password that was in the URL', () => {
    expect(refusalOf({ ...validOptions, baseUrl: 'https://me:hunter2@portal.example' }).message).not.toContain(
      'hunter2',
    )
  })
})

describe('accepted', () => {
  it.each([
    ['http://localhost:18020/prometheus', 'http://localhost:18020/prometheus'],
    ['http://app.localhost', 'http://app.localhost'],
    ['http://127.0.0.1:18020/prometheus', 'http://127.0.0.1:18020/prometheus'],
    ['http://127.8.9.10', 'http://127.8.9.10'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['https://api.example.com/prometheus//', 'https://api.example.com/prometheus'],
    ['HTTPS://API.example.com/a/b', 'https://api.example.com/a/b'],
  ])('the base URL %s', async (baseUrl, start) => {
    const urls: string[] = []
    const fetch: PortalApiOptions['fetch'] = async (input) => {
      urls.push(String(input instanceof Request ? input.url : input))
      return Response.json({ code: '2000', data: [] })
    }
    await create({ baseUrl, fetch }).listSessions()
    expect(urls[0]).toBe(`${start}/web/v1/system/security/sessions`)
  })

  it.each([
    { clientHash: null },
    { secureChannel: 'binary' },
    { secureChannel: 'json' },
    { warmUp: false },
    { secureChannel: 'off' },
    { secureChannel: { sessionId: () => 'sess_1' } },
    { secureChannel: { session: async () => {}, forget() {}, close: async () => {} } },
    { locale: 'zh-Hant' },
    { locale: 'pt_BR.UTF-8' },
    { headers: { 'X-Trace': 'a b' } },
    { headers: {} },
    { paths: {} },
    { paths: { listSessions: undefined } },
    { paths: { listSessions: '/v2/sessions;scope=own/%41~b/' } },
    { paths: { setDefaultWorkspace: '/{workspaceBizId}' } },
    { paths: { openChannel: '/channel' } },
    { timeoutMs: 0.5 },
    { timeoutMs: 2 ** 31 - 1 },
  ])('%j', (options) => {
    expect(create(options).clockOffset()).toBe(0)
  })
})

it('keeps what was given, whatever happens to the object later', async () => {
  const headers: Record<string, string> = { 'X-Trace': 'before' }
  const seen: (string | null)[] = []
  const api = create({
    headers,
    fetch: async (input: Request) => {
      seen.push(input.headers.get('X-Trace'))
      return Response.json({ code: '2000', data: [] })
    },
  })
  headers['X-Trace'] = 'after\n'
  await api.listSessions()
  expect(seen).toContain('before')
  expect(seen).not.toContain('after\n')
})
