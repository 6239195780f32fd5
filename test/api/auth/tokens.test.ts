import { describe, expect, it } from 'vitest'
import type { PortalApiOptions } from '../../../src/api/index.ts'
import { clientFailure, failure, PortalError } from '../../../src/domain/failure.ts'
import { TestClock, turn } from '../../support/test-clock.ts'
import { createSetting, failureOf, NOON, refusal, type SentRequest, success } from '../stub-portal.ts'

const tokenOf = ({ headers }: SentRequest) => headers.get('Authorization')?.replace('Bearer ', '')

/** A portal that takes these tokens, and a host that keeps one. */
function createSession(
  { valid = ['fresh'], token = 'stale' }: { valid?: string[]; token?: string } = {},
  options: Partial<PortalApiOptions> = {},
) {
  const host = { token, refreshes: 0 }
  const setting = createSetting(
    (sent) => {
      const isValid = valid.includes(tokenOf(sent) ?? '')
      return isValid ? Response.json(success([]).json) : Response.json(refusal(401, '4010').json, { status: 401 })
    },
    {
      accessToken: () => host.token,
      refreshAccessToken: async () => {
        host.refreshes += 1
        host.token = 'fresh'
        return 'fresh'
      },
      ...options,
    },
  )
  return { ...setting, host, valid }
}

describe('a stale token', () => {
  it('is renewed, and the request repeated under the same id', async () => {
    const { api, sent, host } = createSession()
    expect(await api.listSessions(undefined, { requestId: '00000001-0000-4000-8000-000000000000' })).toEqual([])
    expect(sent.map(tokenOf)).toEqual(['stale', 'fresh'])
    expect(sent.map(({ headers }) => headers.get('X-Request-Id'))).toEqual([
      '00000001-0000-4000-8000-000000000000',
      '00000001-0000-4000-8000-000000000000',
    ])
    expect(host.refreshes).toBe(1)
  })

  it('is renewed once, also where the host hands out another stale one meanwhile', async () => {
    const asked: string[] = []
    const tokens = ['a', 'b', 'a']
    const answers: ((token: string) => void)[] = []
    let now = ''
    const { api } = createSession(
      {},
      {
        accessToken: () => now,
        refreshAccessToken: () => {
          asked.push(now)
          return new Promise((resolve) => answers.push(resolve))
        },
      },
    )
    const calls: Promise<unknown>[] = []
    for (const token of tokens) {
      now = token
      calls.push(api.listSessions())
      await turn()
    }
    expect(asked).toEqual(['a', 'b'])
    for (const answer of answers) answer('fresh')
    expect(await Promise.all(calls)).toEqual([[], [], []])
  })

  it('is renewed for a write too: it was refused', async () => {
    const { api, sent } = createSession()
    await api.enableIpWhitelist()
    expect(sent.map(tokenOf)).toEqual(['stale', 'fresh'])
  })

  it('is renewed once for all who find it stale', async () => {
    let give = (_: string) => {}
    let refreshes = 0
    const { api, sent } = createSession(
      {},
      {
        accessToken: () => 'stale',
        refreshAccessToken: () => {
          refreshes += 1
          return new Promise((resolve) => {
            give = resolve
          })
        },
      },
    )
    const calls = [api.listSessions(), api.listMfaMethods(), api.listWorkspaces()]
    await turn()
    await turn()
    give('fresh')
    await Promise.all(calls)
    expect(refreshes).toBe(1)
    expect(sent).toHaveLength(6)
  })

  it('is not renewed for one who finds out late', async () => {
    const { api, host, sent } = createSession()
    let release = () => {}
    const late = createSetting(
      async (request) => {
        if (tokenOf(request) === 'fresh') return Response.json(success([]).json)
        await new Promise<void>((resolve) => {
          release = resolve
        })
        return Response.json(refusal(401, '4010').json, { status: 401 })
      },
      { accessToken: () => host.token, refreshAccessToken: () => Promise.reject(new Error('must not be asked')) },
    )
    const waiting = late.api.listSessions()
    await turn()
    await api.listSessions()
    release()
    expect(await waiting).toEqual([])
    expect(late.sent.map(tokenOf)).toEqual(['stale', 'fresh'])
    expect(sent).toHaveLength(2)
  })

  it('is not sent again where the host keeps handing it out', async () => {
    const { api, sent, host } = createSession({}, { accessToken: () => 'stale' })
    await api.listSessions()
    await api.listSessions()
    expect(sent.map(tokenOf)).toEqual(['stale', 'fresh', 'fresh'])
    expect(host.refreshes).toBe(1)
  })

  it('may have been replaced by one that is stale too', async () => {
    const tokens = ['stale']
    const { api, sent } = createSession({}, { accessToken: () => tokens.shift() ?? 'stale-too' })
    await api.listSessions()
    expect(sent.map(tokenOf)).toEqual(['stale', 'stale-too', 'fresh'])
  })
})

describe('a token that is another one each time', () => {
  it('is not tried for ever', async () => {
    let asked = 0
    const { api, sent } = createSetting(refusal(401, '4010'), {
      accessToken: () => {
        asked += 1
        return `token-${asked}`
      },
      refreshAccessToken: async () => 'refreshed',
    })
    expect(await failureOf(api.listSessions())).toMatchObject({ kind: 'unauthorized' })
    expect(sent).toHaveLength(3)
  })
})

describe('a 401 that stays', () => {
  const unauthorized = {
    kind: 'unauthorized',
    code: '4010',
    status: 401,
    retryable: false,
    effect: 'none',
    requestId: '00000001-0000-4000-8000-000000000000',
  }

  it('without a way to renew', async () => {
    const { api, sent } = createSetting(refusal(401, '4010'))
    expect(
      await failureOf(api.enableIpWhitelist(undefined, { requestId: '00000001-0000-4000-8000-000000000000' })),
    ).toMatchObject(unauthorized)
    expect(sent).toHaveLength(1)
  })

  it('with a new token that is refused as well', async () => {
    const { api, sent, host } = createSession({ valid: [] })
    expect(
      await failureOf(api.listSessions(undefined, { requestId: '00000001-0000-4000-8000-000000000000' })),
    ).toMatchObject(unauthorized)
    expect(sent.map(tokenOf)).toEqual(['stale', 'fresh'])
    expect(host.refreshes).toBe(1)
  })

  it.each<[string, () => Promise<string>]>([
    ['the same token', async () => 'stale'],
    ['no token', async () => ''],
    ['null', async () => null as unknown as string],
    ['undefined', async () => undefined as unknown as string],
    ['a token that cannot be sent', async () => 'a\nb'],
  ])('with a renewal that gives %s', async (_, refreshAccessToken) => {
    const { api, sent } = createSession({}, { refreshAccessToken })
    expect(
      await failureOf(api.listSessions(undefined, { requestId: '00000001-0000-4000-8000-000000000000' })),
    ).toMatchObject(unauthorized)
    expect(sent).toHaveLength(1)
  })

  /** What clients were seen to throw for a refresh token that is refused, and others in their shape. */
  const refused: readonly [string, unknown][] = [
    ['axios', { name: 'AxiosError', code: 'ERR_BAD_REQUEST', status: 400, response: { status: 400 } }],
    ['an older axios, whose error has no status', { name: 'AxiosError', response: { status: 401, data: {} } }],
    ['ky', Object.assign(new Error('x'), { name: 'HTTPError', response: new Response(null, { status: 401 }) })],
    ['ofetch', { name: 'FetchError', status: 403, statusCode: 403, data: { error: 'invalid_grant' } }],
    ['got', { name: 'HTTPError', code: 'ERR_NON_2XX_3XX_RESPONSE', response: { statusCode: 400 } }],
    ['Angular', { name: 'HttpErrorResponse', status: 400, error: { error: 'invalid_grant' } }],
    ['oidc-client-ts', { name: 'ErrorResponse', error: 'invalid_grant', error_description: 'x' }],
    ['oidc-client-ts, silently', { name: 'ErrorResponse', error: 'login_required' }],
    [
      'openid-client',
      { name: 'ResponseBodyError', code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'invalid_grant', status: 400 },
    ],
    ['openid-client, challenged', { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401, cause: [{}] }],
    ['an Auth.js callback, which throws the body', { error: 'invalid_grant', error_description: 'x' }],
    ['an Auth.js session', { error: 'RefreshTokenError' }],
    ['Supabase', { name: 'AuthApiError', status: 400, code: 'refresh_token_already_used' }],
    ['Supabase without a session', { name: 'AuthSessionMissingError', status: 400 }],
    ['MSAL', { name: 'InteractionRequiredAuthError', errorCode: 'interaction_required' }],
    ['MSAL with an empty cache', { name: 'InteractionRequiredAuthError', errorCode: 'no_tokens_found' }],
    ['Amplify', { name: 'NotAuthorizedException', message: 'Refresh Token has expired' }],
    ['the AWS SDK', { name: 'X', $metadata: { httpStatusCode: 400 } }],
    ['Auth0', { error: 'missing_refresh_token', error_description: 'x' }],
    ['Firebase', { name: 'FirebaseError', code: 'auth/user-token-expired' }],
    ['keycloak-js', Object.assign(new Error('x'), { response: { status: 400 } })],
    ['an error of the host’s around one', new Error('refresh', { cause: { response: { status: 401 } } })],
    ['a body inside a response', { response: { data: { error: 'invalid_grant' } } }],
    ['a reply that is thrown', new Response(null, { status: 401 })],
    ['the code alone', 'invalid_grant'],
    ['a PortalError of this portal’s', new PortalError(failure({ kind: 'invalid', code: '4000', status: 400 }))],
    ['… that forbids', new PortalError(failure({ kind: 'forbidden', code: 'X', status: 403 }))],
  ]

  it.each(refused)('with a renewal that is refused, as %s says', async (_, thrown) => {
    let refreshes = 0
    const { api, sent } = createSession(
      {},
      {
        refreshAccessToken: () => {
          refreshes += 1
          return Promise.reject(thrown)
        },
      },
    )
    const call = () => failureOf(api.listSessions(undefined, { requestId: '00000001-0000-4000-8000-000000000000' }))
    expect(await call()).toMatchObject(unauthorized)
    // The host is not asked again with the same token.
    expect(await call()).toMatchObject(unauthorized)
    expect(refreshes).toBe(1)
    expect(sent).toHaveLength(2)
  })

  it('is the host’s own word where it has one', async () => {
    const word = failure({ kind: 'unauthorized', code: 'HOST.SIGNED_OUT', effect: 'unknown' })
    const { api } = createSession({}, { refreshAccessToken: () => Promise.reject(new PortalError(word)) })
    expect(await failureOf(api.listSessions(undefined, { requestId: '00000001-0000-4000-8000-000000000000' }))).toEqual(
      {
        ...word,
        effect: 'none',
        requestId: '00000001-0000-4000-8000-000000000000',
      },
    )
  })
})

describe('a renewal that fails, and says nothing about the session', () => {
  const error = (message: string, parts: object = {}) => Object.assign(new Error(message), parts)
  const trouble: readonly [string, unknown][] = [
    ['fetch', new TypeError('fetch failed')],
    ['a timeout', new DOMException('x', 'TimeoutError')],
    ['an abort', new DOMException('x', 'AbortError')],
    ['any DOMException', new DOMException('x', 'InvalidStateError')],
    ['a connection that is reset', error('x', { code: 'ECONNRESET' })],
    ['axios without a reply', error('x', { name: 'AxiosError', code: 'ERR_NETWORK' })],
    [
      'axios at a broken server',
      error('x', {
        code: 'ERR_BAD_RESPONSE',
        status: 503,
        response: { status: 503, data: { error: 'invalid_grant' } },
      }),
    ],
    ['ofetch with only a cause', error('x', { name: 'FetchError', cause: new TypeError('fetch failed') })],
    ['oidc-client-ts', error('IFrame timed out without a response', { name: 'ErrorTimeout' })],
    [
      'openid-client at a broken server',
      error('x', { code: 'OAUTH_RESPONSE_IS_NOT_CONFORM', cause: new Response(null, { status: 503 }) }),
    ],
    ['Supabase without a reply', error('x', { name: 'AuthRetryableFetchError', status: 0 })],
    ['MSAL', error('x', { name: 'BrowserAuthError', errorCode: 'monitor_window_timeout' })],
    ['Auth0', error('x', { error: 'timeout' })],
    ['workerd', error('Network connection lost.')],
    ['workerd, too', error('internal error; reference = 0a1b2c3d')],
    ['a JWT library', error('x', { code: 'ERR_JWT_EXPIRED' })],
    ['a rate limit', error('x', { response: { status: 429 } })],
    ['a missing page', error('x', { status: 404 })],
    ['an unknown error', error('refresh failed')],
    ['a string', 'refresh failed'],
    ['nothing', undefined],
    ['null', null],
    [
      'an error that holds itself',
      (() => {
        const e = error('x')
        return Object.assign(e, { cause: e })
      })(),
    ],
    ['a PortalError that timed out', new PortalError(clientFailure('timeout', 'timeout'))],
    ['… of a portal that failed', new PortalError(failure({ kind: 'server', code: '5000' }))],
    ['… of a lost channel', new PortalError(failure({ kind: 'secureChannel', code: 'X', status: 400 }))],
    ['… of a wrong option', new PortalError(clientFailure('option', 'config'))],
  ]

  it.each(trouble)('as %s says, is worth another try', async (_, thrown) => {
    let refreshes = 0
    const { api } = createSession(
      {},
      {
        refreshAccessToken: async () => {
          refreshes += 1
          if (refreshes === 1) throw thrown
          return 'fresh'
        },
      },
    )
    expect(
      await failureOf(api.enableIpWhitelist(undefined, { requestId: '00000001-0000-4000-8000-000000000000' })),
    ).toEqual(
      clientFailure('refresh', 'network', {
        retryable: true,
        effect: 'none',
        requestId: '00000001-0000-4000-8000-000000000000',
      }),
    )
    // Trouble is not remembered.
    await api.enableIpWhitelist()
    expect(refreshes).toBe(2)
  })

  it('is not cached even where the host throws at once', async () => {
    let refreshes = 0
    const { api } = createSession(
      {},
      {
        refreshAccessToken: () => {
          refreshes += 1
          if (refreshes === 1) throw new TypeError('fetch failed')
          return Promise.resolve('fresh')
        },
      },
    )
    expect(await failureOf(api.listSessions())).toMatchObject({ code: 'client.refresh' })
    expect(await api.listSessions()).toEqual([])
  })

  it('keeps the wait that it was told', async () => {
    const limit = failure({ kind: 'rateLimited', code: 'X', retryAt: NOON + 5 })
    const { api } = createSession({}, { refreshAccessToken: () => Promise.reject(new PortalError(limit)) })
    expect(await failureOf(api.listSessions())).toMatchObject({ code: 'client.refresh', retryAt: NOON + 5 })
  })

  it('never ends, and is given up on by each who waits, but not asked twice', async () => {
    let refreshes = 0
    const clock = new TestClock(NOON)
    const { api } = createSession(
      {},
      {
        clock,
        timeoutMs: 5_000,
        refreshAccessToken: () => {
          refreshes += 1
          return new Promise(() => {})
        },
      },
    )
    for (let i = 0; i < 2; i++) {
      const call = failureOf(api.listSessions())
      await turn()
      await clock.advance(5_000)
      expect(await call).toMatchObject({ kind: 'network', code: 'client.refresh', retryable: true })
    }
    expect(refreshes).toBe(1)
    expect(clock.pending).toBe(0)
  })
})

describe('a token that another tab has renewed meanwhile', () => {
  /** Tokens in a storage that two tabs share. The first renewal of this tab comes too late, or to nothing. */
  function inTwoTabs(refreshed: () => Promise<string>, stored: string | null = 'fresh') {
    const store: { token: string | null } = { token: 'stale' }
    return createSession(
      {},
      {
        accessToken: () => store.token as string,
        refreshAccessToken: () => {
          store.token = stored
          return refreshed()
        },
      },
    )
  }

  it.each<[string, () => Promise<string>]>([
    ['refused', () => Promise.reject(Object.assign(new Error('x'), { error: 'invalid_grant' }))],
    ['lost', () => Promise.reject(new TypeError('fetch failed'))],
    ['of no use', async () => 'stale'],
    ['empty', async () => ''],
  ])('is taken where our own renewal was %s', async (_, refreshed) => {
    const { api, sent } = inTwoTabs(refreshed)
    await api.enableIpWhitelist()
    expect(sent.map(tokenOf)).toEqual(['stale', 'fresh'])
  })

  it('is gone where the other tab signed out, whatever became of ours', async () => {
    const { api } = inTwoTabs(() => Promise.reject(new Error('x')), null)
    expect(await failureOf(api.listSessions())).toMatchObject({ kind: 'unauthorized', code: '4010', status: 401 })
  })

  it('may be stale as well: after a fresh token a 401 is final', async () => {
    const { api, sent } = inTwoTabs(() => Promise.reject(new Error('x')), 'stale-too')
    expect(await failureOf(api.listSessions())).toMatchObject({ kind: 'unauthorized', code: '4010' })
    expect(sent.map(tokenOf)).toEqual(['stale', 'stale-too'])
  })

  it('is not one that was replaced before', async () => {
    const valid = ['second']
    let isOffline = false
    const { api, sent } = createSession(
      { valid },
      {
        accessToken: () => 'first',
        refreshAccessToken: async () => {
          if (isOffline) throw new TypeError('fetch failed')
          return 'second'
        },
      },
    )
    await api.listSessions()
    isOffline = true
    valid.length = 0
    expect(await failureOf(api.listSessions())).toMatchObject({ code: 'client.refresh', retryable: true })
    expect(sent.map(tokenOf)).toEqual(['first', 'second', 'second'])
  })
})

describe('a redirect in place of a 401, as a proxy for single sign-on answers', () => {
  const hidden = () =>
    Object.defineProperties(new Response(), { type: { value: 'opaqueredirect' }, status: { value: 0 } })
  const found = (status: number) => new Response(null, { status, headers: { Location: 'https://sso.example/login' } })

  /** A proxy that leads away who has none of these tokens. */
  function behindProxy(redirect: () => Response, options: Partial<PortalApiOptions> = {}, valid = ['fresh']) {
    const host = { token: 'stale', refreshes: 0 }
    const refreshAccessToken = async () => {
      host.refreshes += 1
      host.token = 'fresh'
      return 'fresh'
    }
    const setting = createSetting(
      (sent) => (valid.includes(tokenOf(sent) ?? '') ? Response.json(success([]).json) : redirect()),
      { accessToken: () => host.token, refreshAccessToken, ...options },
    )
    return { ...setting, host }
  }
  const refused = {
    refreshAccessToken: () => Promise.reject(Object.assign(new Error('x'), { error: 'invalid_grant' })),
  }

  it.each<[string, () => Response]>([
    ['302', () => found(302)],
    ['307', () => found(307)],
    ['one that the browser hides', hidden],
  ])('%s: the token is renewed, once', async (_, redirect) => {
    const { api, sent, host } = behindProxy(redirect)
    await api.listSessions()
    await api.enableIpWhitelist()
    expect(sent.map(tokenOf)).toEqual(['stale', 'fresh', 'fresh'])
    expect(host.refreshes).toBe(1)
  })

  it('that stays with a fresh token says nothing about the session: it is a redirect', async () => {
    const { api, sent } = behindProxy(() => found(302), {}, [])
    const redirect = { kind: 'protocol', code: 'client.redirect', status: 302 }
    expect(await failureOf(api.listSessions())).toMatchObject({ ...redirect, effect: 'none' })
    expect(sent.map(tokenOf)).toEqual(['stale', 'fresh'])
    expect(await failureOf(api.enableIpWhitelist())).toMatchObject({ ...redirect, effect: 'unknown' })
  })

  it.each<[string, () => Response, number | null]>([
    ['302', () => found(302), 302],
    ['one that the browser hides', hidden, null],
  ])('and no token to be had, by the host’s word: the session is over (%s)', async (_, redirect, status) => {
    const { api, sent } = behindProxy(redirect, refused)
    expect(await failureOf(api.enableIpWhitelist())).toMatchObject({
      kind: 'unauthorized',
      code: 'client.unauthorized',
      status,
      effect: 'none',
    })
    expect(sent).toHaveLength(1)
  })

  it('and a renewal that fails is worth another try', async () => {
    const refreshAccessToken = () => Promise.reject(new TypeError('fetch failed'))
    const { api } = behindProxy(() => found(302), { refreshAccessToken })
    expect(await failureOf(api.listSessions())).toMatchObject({ kind: 'network', code: 'client.refresh' })
  })

  it('and nothing to renew with: it is a redirect', async () => {
    const { api, sent } = createSetting(() => found(302))
    expect(await failureOf(api.listSessions())).toMatchObject({ kind: 'protocol', code: 'client.redirect' })
    expect(sent).toHaveLength(1)
  })

  it.each([301, 303, 308])('is not what %i is: the portal is elsewhere, or the deed is done', async (status) => {
    const { api, sent, host } = behindProxy(() => found(status))
    expect(await failureOf(api.enableIpWhitelist())).toMatchObject({ code: 'client.redirect', status })
    expect({ sent: sent.length, refreshes: host.refreshes }).toEqual({ sent: 1, refreshes: 0 })
  })
})

describe('aborting while others wait for the same renewal', () => {
  it('ends only one’s own call', async () => {
    let give = (_: string) => {}
    const { api, sent } = createSession(
      {},
      {
        refreshAccessToken: () =>
          new Promise((resolve) => {
            give = resolve
          }),
      },
    )
    const controller = new AbortController()
    const leaving = failureOf(
      api.enableIpWhitelist(undefined, {
        signal: controller.signal,
        requestId: '00000001-0000-4000-8000-000000000000',
      }),
    )
    const staying = api.listSessions()
    await turn()
    await turn()
    controller.abort()
    // Both attempts were refused, so nothing was done.
    expect(await leaving).toEqual(
      clientFailure('aborted', 'network', { retryable: true, requestId: '00000001-0000-4000-8000-000000000000' }),
    )
    give('fresh')
    expect(await staying).toEqual([])
    expect(sent.map(tokenOf).sort()).toEqual(['fresh', 'stale', 'stale'])
  })
})

describe('the host’s token', () => {
  it.each<[string, () => string | Promise<string>]>([
    ['empty', () => ''],
    ['missing', () => undefined as unknown as string],
    ['with a line break', () => 'a\r\nX-Other: b'],
    ['with a space', () => 'a b'],
    ['null', () => null as unknown as string],
    ['refused', () => Promise.reject(Object.assign(new Error('x'), { status: 401 }))],
    ['of a user who has to sign in', () => Promise.reject({ error: 'login_required' })],
  ])('%s: nothing is sent', async (_, accessToken) => {
    const { api, sent } = createSession({}, { accessToken })
    expect(await failureOf(api.enableIpWhitelist())).toEqual(clientFailure('accessToken', 'unauthorized'))
    expect(sent).toEqual([])
  })

  it.each<[string, () => string | Promise<string>]>([
    ['for want of a connection', () => Promise.reject(new TypeError('fetch failed'))],
    ['for a reason that is not told', () => Promise.reject(new Error('no token'))],
    ['because of a slip in the host', () => (null as unknown as { access: string }).access],
  ])('that cannot be had now, %s, is worth another try', async (_, accessToken) => {
    const { api, sent } = createSession({}, { accessToken })
    expect(await failureOf(api.listSessions())).toEqual(clientFailure('refresh', 'network', { retryable: true }))
    expect(sent).toEqual([])
  })

  it('that never comes is given up on', async () => {
    const { api, clock } = createSession({}, { accessToken: () => new Promise(() => {}) })
    const call = failureOf(api.listSessions())
    await turn()
    await clock.advance(10_000)
    expect(await call).toMatchObject({ code: 'client.refresh' })
  })
})
