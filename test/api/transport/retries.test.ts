import { createFakePortal } from 'postlogin/testing'
import { describe, expect, it } from 'vitest'
import { createPortalApi } from '../../../src/api/index.ts'
import { clientFailure } from '../../../src/domain/failure.ts'
import type { PortalApi } from '../../../src/domain/portal-api.ts'
import { dialectValues } from '../../../src/testing/behavior.ts'
import { TestClock, turn } from '../../support/test-clock.ts'
import { createSetting, failureOf, hang, NOON, refusal, type StubReply, success } from '../stub-portal.ts'

const LOST = new TypeError('fetch failed')
const read = (api: Required<PortalApi>, options?: object) => api.listSessions(undefined, options)
const write = (api: Required<PortalApi>, options?: object) => api.enableIpWhitelist(undefined, options)

async function quiet() {
  for (let i = 0; i < 10; i++) await turn()
}

describe('quick retries of a read', () => {
  it.each<[string, StubReply]>([
    ['a lost connection', LOST],
    ['408', refusal(408, 'X')],
    ['500', refusal(500, '5000')],
    ['502 by a gateway', { status: 502, text: '<html>' }],
    ['503', refusal(503, 'X')],
  ])('after %s: two, 300 ms and then twice as long, less some chance', async (_, reply) => {
    const { api, sent, clock } = createSetting([reply, reply, success([])])
    const call = read(api, { requestId: '00000001-0000-4000-8000-000000000000' })
    await quiet()
    expect(sent).toHaveLength(1)
    await clock.advance(149)
    expect(sent).toHaveLength(1)
    await clock.advance(151)
    await quiet()
    expect(sent).toHaveLength(2)
    // The first came after 150 ms at the earliest, so the second does after 450.
    await clock.advance(149)
    expect(sent).toHaveLength(2)
    await clock.advance(451)
    expect(await call).toEqual([])
    expect(sent).toHaveLength(3)
    expect(new Set(sent.map(({ headers }) => headers.get('X-Request-Id')))).toEqual(
      new Set(['00000001-0000-4000-8000-000000000000']),
    )
    expect(clock.pending).toBe(0)
  })

  it('end with the last failure', async () => {
    const { api, sent, clock } = createSetting([LOST, LOST, refusal(503, 'LAST')])
    const call = failureOf(read(api))
    await quiet()
    await clock.advance(300)
    await quiet()
    await clock.advance(600)
    expect(await call).toMatchObject({ code: 'LAST', effect: 'none' })
    expect(sent).toHaveLength(3)
  })

  it('differ in their waits', async () => {
    const waits = new Set<number>()
    for (let i = 0; i < 20; i++) {
      const { api, clock, sent } = createSetting([LOST, success([])])
      const call = read(api)
      await quiet()
      let waited = 0
      while (sent.length < 2) {
        await clock.advance(10)
        await turn()
        waited += 10
      }
      waits.add(waited)
      await call
    }
    expect(waits.size).toBeGreaterThan(3)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(150)
    expect(Math.max(...waits)).toBeLessThanOrEqual(300)
  })

  it.each<[string, StubReply, string]>([
    ['400', refusal(400, '4000'), '4000'],
    ['403', refusal(403, 'ACCESS.PERMISSION_DENIED'), 'ACCESS.PERMISSION_DENIED'],
    ['404', refusal(404, 'X'), 'X'],
    ['409', refusal(409, 'X'), 'X'],
    ['429', refusal(429, 'X'), 'X'],
    ['a page', { text: '<html>' }, 'client.malformed'],
    ['the wrong shape', success(null), 'client.shape'],
    ['a redirect', { status: 302, headers: { Location: 'https://portal.example/x' } }, 'client.redirect'],
  ])('are not made after %s', async (_, reply, code) => {
    const { api, sent, clock } = createSetting(reply)
    expect((await failureOf(read(api))).code).toBe(code)
    expect(sent).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('are not made after a timeout, which was waited for already', async () => {
    const { api, sent, clock } = createSetting(hang)
    const call = failureOf(read(api))
    await quiet()
    await clock.advance(10_000)
    expect(await call).toMatchObject({ kind: 'timeout', code: 'client.timeout', retryable: true, effect: 'none' })
    expect(sent).toHaveLength(1)
  })

  it('end when aborted', async () => {
    const { api, sent, clock } = createSetting(LOST)
    const controller = new AbortController()
    const call = failureOf(read(api, { signal: controller.signal, requestId: '00000001-0000-4000-8000-000000000000' }))
    await quiet()
    controller.abort()
    expect(await call).toEqual(
      clientFailure('aborted', 'network', { retryable: true, requestId: '00000001-0000-4000-8000-000000000000' }),
    )
    expect(sent).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })
})

describe('a write is sent once', () => {
  it.each<[string, StubReply, object]>([
    ['a lost connection', LOST, { kind: 'network', code: 'client.network', status: null, effect: 'unknown' }],
    ['500', refusal(500, '5000'), { kind: 'server', code: '5000', effect: 'unknown' }],
    ['408', refusal(408, 'X'), { kind: 'server', effect: 'unknown' }],
    ['a redirect', { status: 303 }, { kind: 'protocol', code: 'client.redirect', status: 303, effect: 'unknown' }],
    ['429', refusal(429, 'X'), { kind: 'rateLimited', effect: 'none' }],
  ])('after %s', async (_, reply, expected) => {
    const { api, sent, clock } = createSetting(reply)
    expect(await failureOf(write(api, { requestId: '00000001-0000-4000-8000-000000000000' }))).toMatchObject({
      ...expected,
      requestId: '00000001-0000-4000-8000-000000000000',
    })
    expect(sent).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('after a timeout', async () => {
    const { api, sent, clock } = createSetting(hang)
    const call = failureOf(write(api))
    await quiet()
    await clock.advance(10_000)
    expect(await call).toMatchObject({ kind: 'timeout', effect: 'unknown' })
    expect(sent).toHaveLength(1)
  })
})

describe('aborting', () => {
  it('before anything is sent: nothing was done', async () => {
    let asked = 0
    const accessToken = () => {
      asked += 1
      return 'token-1'
    }
    const { api, sent } = createSetting(success([]), { accessToken })
    const signal = AbortSignal.abort()
    expect(await failureOf(write(api, { signal }))).toEqual(clientFailure('aborted', 'network', { retryable: true }))
    expect(sent).toEqual([])
    expect(asked).toBe(0)
  })

  it('a write under way: whether it was done is not known', async () => {
    const { api, sent, clock } = createSetting(hang)
    const controller = new AbortController()
    const call = failureOf(write(api, { signal: controller.signal }))
    await quiet()
    controller.abort()
    expect(await call).toMatchObject({ code: 'client.aborted', effect: 'unknown' })
    expect(sent[0]?.request.signal.aborted).toBe(true)
    expect(clock.pending).toBe(0)
  })
})

describe('a rate limit', () => {
  const retryAt = async (headers: Record<string, string>, call = write) => {
    const { api } = createSetting({ ...refusal(429, 'X'), headers })
    return (await failureOf(call(api))).retryAt
  }
  const verify = (api: Required<PortalApi>) => api.verifyOtp({ code: '482916' })

  it.each<[string, number]>([
    ['120', NOON + 120_000],
    [' 7 ', NOON + 7_000],
    ['0', NOON + 5_000],
    ['1', NOON + 5_000],
    ['Tue, 24 Nov 2026 12:05:00 GMT', NOON + 300_000],
    ['Tue, 24 Nov 2026 12:00:01 GMT', NOON + 5_000],
    // Not in the future: the clocks do not agree, so it says nothing.
    ['Tue, 24 Nov 2026 12:00:00 GMT', NOON + 60_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', NOON + 60_000],
    ['999999', NOON + 3_600_000],
    ['9'.repeat(400), NOON + 3_600_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', NOON + 3_600_000],
    ['soon', NOON + 60_000],
    ['foo 5', NOON + 60_000],
    ['Tue, 24 Nov 2026 12:05:00', NOON + 60_000],
    ['Nov 24, 2026 12:05', NOON + 60_000],
    ['2026-11-24T12:05:00Z', NOON + 60_000],
    ['-5', NOON + 60_000],
    ['7.5', NOON + 7_500],
    ['7s', NOON + 7_000],
    ['1m30s', NOON + 60_000],
    // The other two forms of RFC 9110.
    ['Tuesday, 24-Nov-26 12:05:00 GMT', NOON + 300_000],
    ['Tue Nov 24 12:05:00 2026', NOON + 300_000],
    // Of two proxies that each add theirs, the longest that can be read.
    ['7, 7', NOON + 7_000],
    ['7,120', NOON + 120_000],
    ['90, soon', NOON + 90_000],
    ['soon, later', NOON + 60_000],
    ['7, Tue, 24 Nov 2026 12:05:00 GMT', NOON + 300_000],
    ['Tuesday, 24-Nov-26 12:05:00 GMT, Tue, 24 Nov 2026 12:04:00 GMT', NOON + 300_000],
    // Too many seconds for a wait: a time.
    [String((NOON + 120_000) / 1000), NOON + 120_000],
    [String(NOON + 120_000), NOON + 120_000],
    [String((NOON - 120_000) / 1000), NOON + 60_000],
    ['', NOON + 60_000],
  ])('Retry-After: %s', async (value, expected) => {
    expect(await retryAt({ 'Retry-After': value })).toBe(expected)
  })

  it.each(dialectValues.retryAfter)('as the fake portal writes it: %s', async (retryAfter) => {
    const clock = new TestClock(NOON)
    const portal = createFakePortal({ clock, secureChannel: 'off', sendsRetryAfter: true, dialect: { retryAfter } })
    const { portalAccessCode, clientHash, accessToken } = portal.account
    const baseUrl = 'https://portal.example'
    const options = { portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch, clock }
    const api = createPortalApi({ baseUrl, secureChannel: 'off', ...options })
    for (let i = 0; i < 5; i++) await api.setupOtp()
    await clock.advance(100_000)
    const { retryAt } = await failureOf(api.setupOtp())
    expect(Math.abs(Number(retryAt) - (NOON + 300_000))).toBeLessThanOrEqual(1_000)
  })

  it('without a word of the portal’s: the documented window', async () => {
    expect(await retryAt({}, verify)).toBe(NOON + 300_000)
    expect(await retryAt({}, (api) => api.setupOtp() as Promise<never>)).toBe(NOON + 300_000)
    expect(await retryAt({}, (api) => api.revokeOtp())).toBe(NOON + 300_000)
    expect(await retryAt({}, (api) => api.listSessions() as Promise<never>)).toBe(NOON + 60_000)
  })

  it('with the portal’s word: that', async () => {
    expect(await retryAt({ 'Retry-After': '10' }, verify)).toBe(NOON + 10_000)
  })

  it('of a gateway whose clock is behind, and which says nothing else: the documented window', async () => {
    const fiveMinutesAgo = new Date(NOON - 300_000 + 30_000).toUTCString()
    const { api } = createSetting({ status: 429, text: '<html>', headers: { 'Retry-After': fiveMinutesAgo } })
    expect(await failureOf(verify(api))).toMatchObject({ kind: 'rateLimited', retryAt: NOON + 300_000 })
  })

  it('with a date of a portal whose clock is an hour ahead', async () => {
    const date = (at: number) => new Date(at).toUTCString()
    const headers = { Date: date(NOON + 3_600_000), 'Retry-After': date(NOON + 3_600_000 + 60_000) }
    // The Date header has a resolution of a second: its middle is assumed.
    expect(await retryAt(headers)).toBe(NOON + 60_000 - 500)
  })
})
