import { describe, expect, it } from 'vitest'
import type { PortalApiOptions } from '../../src/api/index.ts'
import { clientFailure, failure, PortalError } from '../../src/domain/failure.ts'
import { TestClock, turn } from '../support/test-clock.ts'
import { createSetting, failureOf, NOON, refusal, type SentRequest, success } from './stub-portal.ts'

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
    ['something else', async () => undefined as unknown as string],
    ['a token that cannot be sent', async () => 'a\nb'],
    ['an error', async () => Promise.reject(new Error('refresh token expired'))],
    [
      'a thrown error',
      () => {
        throw new Error('refresh token expired')
      },
    ],
    ['nothing as an error', async () => Promise.reject(undefined)],
    [
      'an error whose code only looks like a connection’s',
      async () => Promise.reject(Object.assign(new Error('x'), { code: 'EXPIRED_TOKEN' })),
    ],
    [
      'the error of a JWT library',
      async () => Promise.reject(Object.assign(new Error('x'), { code: 'ERR_JWT_EXPIRED' })),
    ],
    ['a refusal', async () => Promise.reject(Object.assign(new Error('401'), { response: { status: 401 } }))],
  ])('with a renewal that gives %s', async (_, refreshAccessToken) => {
    const { api, sent } = createSession({}, { refreshAccessToken })
    expect(
      await failureOf(api.listSessions(undefined, { requestId: '00000001-0000-4000-8000-000000000000' })),
    ).toMatchObject(unauthorized)
    expect(sent).toHaveLength(1)
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

  it('does not ask the host again with the same token', async () => {
    let refreshes = 0
    const { api } = createSession(
      {},
      {
        refreshAccessToken: () => {
          refreshes += 1
          return Promise.reject(new Error('refresh token expired'))
        },
      },
    )
    await failureOf(api.listSessions())
    await failureOf(api.listSessions())
    expect(refreshes).toBe(1)
  })
})

describe('a renewal that fails on the way', () => {
  class AxiosError extends Error {
    constructor(readonly code: string) {
      super(code)
    }
  }
  const trouble = [
    new TypeError('fetch failed'),
    new DOMException('x', 'TimeoutError'),
    new DOMException('x', 'AbortError'),
    Object.assign(new Error('x'), { name: 'NetworkError' }),
    new AxiosError('ERR_NETWORK'),
    new AxiosError('ECONNABORTED'),
    Object.assign(new Error('x'), { code: 'ECONNRESET' }),
    Object.assign(new Error('x'), { response: { status: 503 } }),
    Object.assign(new Error('x'), { response: { status: 429 } }),
    new PortalError(clientFailure('timeout', 'timeout')),
    new PortalError(failure({ kind: 'server', code: '5000' })),
  ]

  it.each(trouble)('%s', async (error) => {
    let refreshes = 0
    const { api } = createSession(
      {},
      {
        refreshAccessToken: async () => {
          refreshes += 1
          if (refreshes === 1) throw error
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
    ['refused', () => Promise.reject(new Error('not signed in'))],
    [
      'thrown',
      () => {
        throw new Error('not signed in')
      },
    ],
    ['of a user who has signed out', () => (null as unknown as { access: string }).access],
  ])('%s: nothing is sent', async (_, accessToken) => {
    const { api, sent } = createSession({}, { accessToken })
    expect(await failureOf(api.enableIpWhitelist())).toEqual(clientFailure('accessToken', 'unauthorized'))
    expect(sent).toEqual([])
  })

  it('that cannot be fetched now is worth another try', async () => {
    const { api } = createSession({}, { accessToken: () => Promise.reject(new TypeError('fetch failed')) })
    expect(await failureOf(api.listSessions())).toEqual(clientFailure('refresh', 'network', { retryable: true }))
  })

  it('that never comes is given up on', async () => {
    const { api, clock } = createSession({}, { accessToken: () => new Promise(() => {}) })
    const call = failureOf(api.listSessions())
    await turn()
    await clock.advance(10_000)
    expect(await call).toMatchObject({ code: 'client.refresh' })
  })
})
