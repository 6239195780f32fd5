import { createPortalApi, type Operation, type PortalApi, type PortalApiOptions, type RequestTrace } from 'postlogin'
import type { FakePortalOptions } from 'postlogin/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { channelEndpoints, endpoints } from '../../../src/api/endpoints.ts'
import { PortalError } from '../../../src/domain/failure.ts'
import { portalRoutes } from '../../../src/testing/endpoints/routes.ts'
import { createSetting as createPortalSetting, NOON, REQUEST_TIME_OUT_MS } from '../../support/setting.ts'
import { turn } from '../../support/test-clock.ts'

/** The fake portal, the real adapter, and what its hook heard. */
function createSetting(portal: FakePortalOptions = { secureChannel: 'off' }, api: Partial<PortalApiOptions> = {}) {
  const traces: RequestTrace[] = []
  const setting = createPortalSetting({ portal, api: { onRequest: (trace) => traces.push(trace), ...api } })
  /** The failure's kind, or null. */
  const outcome = async (call: Promise<unknown>) => {
    try {
      await setting.whileTimePasses(call)
      return null
    } catch (thrown) {
      if (thrown instanceof PortalError) return thrown.failure.kind
      throw thrown
    }
  }
  return { ...setting, traces, outcome }
}

const templates: ReadonlyMap<string | null, string> = new Map([
  ...portalRoutes.map(({ operation, path }) => [operation, path] as const),
  ['getChannelKey', '/web/v1/secure-channel/public-key'],
  ['openChannel', '/web/v1/secure-channel/session'],
  ['closeChannel', '/web/v1/secure-channel/session/close'],
])

const inShort = (traces: readonly RequestTrace[]) =>
  traces.map(({ operation, attempt, status, failureKind }) => [operation, attempt, status, failureKind])

/** Every method once, in an order in which nothing stands in the way of the next. */
const everything = (
  api: Required<PortalApi>,
  code: () => Promise<string>,
): { [Name in Operation]: () => Promise<unknown> } => ({
  listMfaMethods: () => api.listMfaMethods(),
  setupOtp: () => api.setupOtp(),
  verifyOtp: async () => api.verifyOtp({ code: await code() }),
  getBackupCodeStatus: () => api.getBackupCodeStatus(),
  revokeOtp: () => api.revokeOtp(),
  getIpWhitelist: () => api.getIpWhitelist(),
  replaceIpWhitelist: () => api.replaceIpWhitelist({ entries: ['198.51.100.0/24'] }),
  enableIpWhitelist: () => api.enableIpWhitelist(),
  disableIpWhitelist: () => api.disableIpWhitelist(),
  listSessions: () => api.listSessions(),
  terminateSession: async () => {
    const other = (await api.listSessions()).find(({ isCurrent }) => !isCurrent)
    await api.terminateSession({ sessionId: other?.sessionId ?? '' })
  },
  terminateOtherSessions: () => api.terminateOtherSessions(),
  listInvitations: () => api.listInvitations(),
  acceptInvitation: () => api.acceptInvitation({ invitationBizId: 'INV-ONE' }),
  declineInvitation: () => api.declineInvitation({ invitationBizId: 'INV-TWO', reason: 'No such interest' }),
  listWorkspaces: () => api.listWorkspaces(),
  setDefaultWorkspace: () => api.setDefaultWorkspace({ workspaceBizId: 'WS-PRIVATE' }),
})

const account = {
  invitations: [
    { invitationBizId: 'INV-ONE', workspaceBizId: 'WS-NEW' },
    { invitationBizId: 'INV-TWO', workspaceBizId: 'WS-OTHER' },
  ],
  workspaces: [{ workspaceBizId: 'WS-PRIVATE', defaultEligible: true }],
}

describe('every request is heard of', () => {
  it('as the portal sees it, and with nothing in it that could tell on anybody', async () => {
    const { portal, api, traces, outcome } = createSetting({ account })
    for (const call of Object.values(everything(api, () => portal.authenticator.code()))) {
      expect(await outcome(call())).toBeNull()
    }
    await api.close()

    expect(new Set(traces.map(({ operation }) => operation))).toEqual(
      new Set([...Object.keys(endpoints), ...Object.keys(channelEndpoints)]),
    )
    expect(traces).toHaveLength(portal.requests.length)
    for (const { operation, method, status, headers, at } of portal.requests) {
      expect(traces).toContainEqual({
        operation,
        method,
        pathTemplate: templates.get(operation),
        status,
        startedAt: at,
        durationMs: 0,
        attempt: 1,
        requestId: headers['x-request-id'],
        failureKind: null,
      })
    }

    const told = JSON.stringify(traces)
    const { accessToken, clientHash, portalAccessCode, email } = portal.account
    const channelSession = portal.requests.flatMap(({ headers }) => headers['x-secure-channel-session-id'] ?? [])
    expect(channelSession).not.toEqual([])
    const secrets = [
      accessToken,
      clientHash,
      portalAccessCode,
      email,
      ...channelSession,
      'portal.example',
      'prometheus',
    ]
    const ids = ['INV-', 'WS-', 'SESSION_', '198.51.100', 'No such interest']
    expect([...secrets, ...ids].filter((text) => text === null || told.includes(text))).toEqual([])
  })

  it('by the name that it has in the table', () => {
    const table = { ...endpoints, ...channelEndpoints }
    expect(Object.values(table).map(({ operation }) => operation)).toEqual(Object.keys(table))
  })
})

describe('a request that is repeated is heard of each time, under one id', () => {
  const oneId = (traces: readonly RequestTrace[]) => new Set(traces.map(({ requestId }) => requestId)).size

  it('after the portal faltered and the connection broke', async () => {
    const requestId = crypto.randomUUID()
    const { portal, api, clock, traces, outcome } = createSetting()
    portal.fault('listSessions', { status: 503 })
    portal.fault('listSessions', 'loseRequest')
    expect(await outcome(api.listSessions(undefined, { requestId }))).toBeNull()
    expect(inShort(traces)).toEqual([
      ['listSessions', 1, 503, 'server'],
      ['listSessions', 2, null, 'network'],
      ['listSessions', 3, 200, null],
    ])
    expect(traces.map((trace) => trace.requestId)).toEqual([requestId, requestId, requestId])
    expect(traces.map(({ startedAt }) => startedAt)).toEqual(portal.requests.map(({ at }) => at))
    expect(traces[2]?.startedAt).toBe(clock.now())
    expect(clock.now()).toBeGreaterThan(NOON)
  })

  it('with a new token', async () => {
    let token = 'stale'
    const { portal, api, traces, outcome } = createSetting(undefined, {
      accessToken: () => token,
      refreshAccessToken: async () => {
        token = portal.account.accessToken
        return token
      },
    })
    expect(await outcome(api.enableIpWhitelist())).toBeNull()
    expect(await outcome(api.listSessions())).toBeNull()
    expect(inShort(traces)).toEqual([
      ['enableIpWhitelist', 1, 401, 'unauthorized'],
      ['enableIpWhitelist', 2, 204, null],
      ['listSessions', 1, 200, null],
    ])
    expect(oneId(traces.slice(0, 2))).toBe(1)
    expect(oneId(traces)).toBe(2)
  })

  it('in a new channel session, whose handshake is heard of too', async () => {
    const { portal, api, traces, outcome } = createSetting({ channelLossStatus: 401 })
    const save = () => api.replaceIpWhitelist({ entries: ['198.51.100.1'] })
    expect(await outcome(save())).toBeNull()
    portal.dropChannelSessions()
    expect(await outcome(save())).toBeNull()
    await api.close()
    expect(inShort(traces)).toEqual([
      ['getChannelKey', 1, 200, null],
      ['openChannel', 1, 200, null],
      ['replaceIpWhitelist', 1, 200, null],
      ['replaceIpWhitelist', 1, 401, 'secureChannel'],
      ['getChannelKey', 1, 200, null],
      ['openChannel', 1, 200, null],
      ['replaceIpWhitelist', 2, 200, null],
      ['closeChannel', 1, 200, null],
    ])
    expect(oneId([3, 6].flatMap((index) => traces[index] ?? []))).toBe(1)
    expect(oneId(traces)).toBe(7)
  })
})

describe('a request that comes to nothing', () => {
  it('for time: after all of it', async () => {
    const { portal, api, traces, outcome } = createSetting()
    portal.fault('listSessions', 'hang')
    expect(await outcome(api.listSessions())).toBe('timeout')
    expect(traces).toMatchObject([
      { attempt: 1, status: null, failureKind: 'timeout', startedAt: NOON, durationMs: REQUEST_TIME_OUT_MS },
    ])
  })

  it('as the caller gave it up: no fault of the portal', async () => {
    const { portal, api, clock, traces } = createSetting()
    portal.fault('enableIpWhitelist', 'hang')
    const caller = new AbortController()
    const call = api.enableIpWhitelist(undefined, { signal: caller.signal })
    call.catch(() => {})
    while (portal.requests.length === 0) await turn()
    await clock.advance(1_234)
    caller.abort()
    await expect(call).rejects.toMatchObject({ failure: { code: 'client.aborted', kind: 'network' } })
    expect(traces).toMatchObject([{ status: null, failureKind: 'aborted', startedAt: NOON, durationMs: 1_234 }])
  })

  it.each<[string, Parameters<ReturnType<typeof createSetting>['portal']['fault']>[1], number | null, string]>([
    ['a lost reply', 'loseReply', null, 'network'],
    ['half a reply', 'stallBody', null, 'timeout'],
    ['a reply that is none', 'malformed', 200, 'protocol'],
    ['another status', { status: 403 }, 403, 'forbidden'],
    ['a redirect', { status: 302, headers: { Location: 'https://elsewhere.example/' } }, 302, 'protocol'],
    ['a limit', { retryAfter: 30 }, 429, 'rateLimited'],
  ])('with %s', async (_, fault, status, failureKind) => {
    const { portal, api, traces, outcome } = createSetting()
    portal.fault('setupOtp', fault)
    expect(await outcome(api.setupOtp())).toBe(failureKind)
    expect(inShort(traces)).toEqual([['setupOtp', 1, status, failureKind]])
  })

  it('however the clock of the host was set meanwhile', async () => {
    const { portal, api, clock, traces, outcome } = createSetting()
    let isSetBack = false
    vi.spyOn(clock, 'now').mockImplementation(() => (isSetBack ? NOON - 60_000 : NOON))
    portal.fault(() => {
      isSetBack = true
      return false
    }, 'hang')
    expect(await outcome(api.listSessions())).toBeNull()
    expect(traces).toMatchObject([{ startedAt: NOON, durationMs: 0 }])
  })
})

describe('nothing is heard', () => {
  it('of what was never sent', async () => {
    const { api, traces, outcome } = createSetting(undefined, { accessToken: () => '' })
    expect(await outcome(api.listSessions())).toBe('unauthorized')
    expect(await outcome(api.verifyOtp({ code: '12' }))).toBe('invalid')
    expect(await outcome(api.listSessions(undefined, { signal: AbortSignal.abort() }))).toBe('network')
    expect(traces).toEqual([])
  })
})

describe('the hook', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('The exporter is down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('The exporter is down'))],
  ])('that %s does not harm the request', async (_, onRequest) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    const { api, portal, outcome } = createSetting(undefined, { onRequest: onRequest as () => void })
    portal.fault('listSessions', { status: 503 })
    expect(await outcome(api.listSessions())).toBeNull()
    expect(portal.requests).toHaveLength(2)
    await turn()
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('hears of a request before its caller does', async () => {
    const order: string[] = []
    const { api, whileTimePasses } = createSetting(undefined, { onRequest: () => order.push('hook') })
    await whileTimePasses(api.listSessions().then(() => order.push('caller')))
    expect(order).toEqual(['hook', 'caller'])
  })

  it.each([null, 7, {}, 'console.log'])('is a function: %j is refused', (onRequest) => {
    const options = {
      baseUrl: 'https://portal.example',
      portalAccessCode: 'P',
      clientHash: null,
      accessToken: () => 't',
    }
    expect(() => createPortalApi({ ...options, onRequest } as unknown as PortalApiOptions)).toThrow(
      expect.objectContaining({
        message: 'createPortalApi: onRequest: must be a function',
        failure: expect.objectContaining({ kind: 'config', code: 'client.option', field: 'onRequest' }),
      }),
    )
  })
})
