/** Whenever the api is closed: no channel session stays open at the portal, and `close()` ends. */

import fc from 'fast-check'
import type { PortalApi } from 'postlogin'
import { expect, test } from 'vitest'
import { createSetting, REQUEST_TIME_OUT_MS, type Setting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { failureOf } from './stub-portal.ts'

const replace = (api: Required<PortalApi>, options?: object) =>
  api.replaceIpWhitelist({ entries: ['203.0.113.10'] }, options)
const unavailable = { kind: 'secureChannel', code: 'client.secureChannel', effect: 'none' }

/** How many channel sessions were opened, and which were closed; those the portal has forgotten by itself do not count. */
function sessionsOf({ portal }: Pick<Setting, 'portal'>) {
  const closed = portal.requests.filter(({ operation, processed }) => operation === 'closeChannel' && processed)
  return {
    opened: portal.processed('openChannel'),
    closed: closed.map(({ headers }) => headers['x-secure-channel-session-id']),
  }
}

function expectNoneOpen(setting: Setting) {
  const { opened, closed } = sessionsOf(setting)
  expect(new Set(closed).size).toBe(opened)
  expect(closed).toHaveLength(opened)
}

/** Until so many requests of this operation were sent. */
async function untilSent({ portal }: Setting, operation: string, count = 1) {
  const sent = () => portal.requests.filter((request) => request.operation === operation).length
  while (sent() < count) await turn()
}

test('while the key is asked for: no session is, and who waits for it hears at once', async () => {
  const setting = createSetting()
  setting.portal.fault('getChannelKey', 'hang')
  const waiting = failureOf(replace(setting.api))
  await untilSent(setting, 'getChannelKey')
  await setting.api.close()
  expect(await waiting).toMatchObject(unavailable)
  expect(setting.portal.requests).toHaveLength(1)
  expect(setting.clock.pending).toBe(0)
})

test('while the keys are encrypted: no session is asked for', async () => {
  const setting = createSetting()
  const { encrypt } = crypto.subtle
  let closing: Promise<void> | null = null
  crypto.subtle.encrypt = (...parameters) => {
    closing ??= setting.api.close()
    return encrypt.apply(crypto.subtle, parameters)
  }
  try {
    expect(await failureOf(replace(setting.api))).toMatchObject(unavailable)
  } finally {
    crypto.subtle.encrypt = encrypt
  }
  await closing
  expect(sessionsOf(setting)).toEqual({ opened: 0, closed: [] })
})

test.each(['processing', 'reply'] as const)(
  'while the session is asked for, late %s: it is closed when it comes, and nobody gets it',
  async (before) => {
    const setting = createSetting()
    const { portal, api, whileTimePasses } = setting
    portal.fault('openChannel', { delayMs: 1_500, before })
    const waiting = failureOf(replace(api))
    await untilSent(setting, 'openChannel')
    const closing = api.close()
    expect(await waiting).toMatchObject(unavailable)
    await whileTimePasses(closing)
    expectNoneOpen(setting)
    expect(sessionsOf(setting).opened).toBe(1)
    expect(portal.requests.at(-1)?.operation).toBe('closeChannel')
    expect(portal.processed('replaceIpWhitelist')).toBe(0)
  },
)

test('twice, while the session is asked for: both wait, and it is closed once', async () => {
  const setting = createSetting()
  const { portal, api, whileTimePasses } = setting
  portal.fault('openChannel', { delayMs: 1_500 })
  const waiting = failureOf(replace(api))
  await untilSent(setting, 'openChannel')
  const closing = [api.close(), api.close()]
  await waiting
  await whileTimePasses(Promise.all(closing))
  expect(sessionsOf(setting).opened).toBe(1)
  expectNoneOpen(setting)
})

test('and used again, while the session is asked for: the new call gets another, which the next close ends', async () => {
  const setting = createSetting()
  const { portal, api, whileTimePasses } = setting
  portal.fault('openChannel', { delayMs: 1_500 })
  const waiting = failureOf(replace(api))
  await untilSent(setting, 'openChannel')
  const closing = api.close()
  await whileTimePasses(replace(api))
  await Promise.all([waiting, whileTimePasses(closing)])
  expect(sessionsOf(setting)).toMatchObject({ opened: 2, closed: [expect.any(String)] })
  await replace(api)
  expect(sessionsOf(setting).opened).toBe(2)
  await whileTimePasses(api.close())
  expectNoneOpen(setting)
})

test('after the request that wanted it was given up', async () => {
  const setting = createSetting()
  const { portal, api, whileTimePasses } = setting
  portal.fault('openChannel', { delayMs: 1_500 })
  const controller = new AbortController()
  const leaving = failureOf(replace(api, { signal: controller.signal }))
  await untilSent(setting, 'openChannel')
  controller.abort()
  expect(await leaving).toMatchObject({ code: 'client.aborted', effect: 'none' })
  const closing = api.close()
  await whileTimePasses(closing)
  expect(sessionsOf(setting).opened).toBe(1)
  expectNoneOpen(setting)
})

test('while it is made for a user who only reads', async () => {
  const setting = createSetting()
  const { portal, api, whileTimePasses } = setting
  portal.fault('openChannel', { delayMs: 1_500 })
  await api.listSessions()
  await untilSent(setting, 'openChannel')
  const closing = api.close()
  await whileTimePasses(closing)
  expect(sessionsOf(setting).opened).toBe(1)
  expectNoneOpen(setting)
})

test('while a write whose session was lost goes without one: no other is made for it', async () => {
  const setting = createSetting()
  const { portal, api, whileTimePasses } = setting
  await replace(api)
  portal.dropChannelSessions()
  portal.fault('replaceIpWhitelist', { delayMs: 1_000 })
  const waiting = failureOf(replace(api))
  await untilSent(setting, 'replaceIpWhitelist', 2)
  await api.close()
  expect(await whileTimePasses(waiting)).toMatchObject(unavailable)
  expect(sessionsOf(setting).opened).toBe(1)
})

test('while a write waits for another token: no session is made for its repeat', async () => {
  let renew = (_token: string) => {}
  const renewed = new Promise<string>((resolve) => {
    renew = resolve
  })
  const setting = createSetting({ api: { refreshAccessToken: () => renewed } })
  const { portal, api, whileTimePasses } = setting
  portal.fault('replaceIpWhitelist', { status: 401 })
  const waiting = failureOf(replace(api))
  while (portal.requests.at(-1)?.status !== 401) await turn()
  await turn()
  await whileTimePasses(api.close())
  renew(portal.refreshAccessToken())
  expect(await waiting).toMatchObject(unavailable)
  expectNoneOpen(setting)
})

test.each([
  ['the request for a session is never answered', 'openChannel', 'hang'],
  ['the request for a session is lost', 'openChannel', 'loseRequest'],
  ['the request for a session is refused', 'openChannel', { status: 400 }],
  ['the reply with the session is of another shape', 'openChannel', { status: 200, body: '{"code":"2000","data":{}}' }],
  ['the close is never answered', 'closeChannel', 'hang'],
  ['the close is lost', 'closeChannel', 'loseRequest'],
  ['the close is refused', 'closeChannel', { status: 500 }],
] as const)('it ends, by the timeout at the latest, where %s', async (_, operation, fault) => {
  const setting = createSetting()
  const { portal, api, clock } = setting
  portal.fault(operation, fault)
  const waiting = replace(api).catch(() => {})
  if (operation === 'openChannel') await untilSent(setting, 'openChannel')
  else await waiting
  let isOver = false
  const closing = api.close().then(() => {
    isOver = true
  })
  if (operation === 'closeChannel') await untilSent(setting, 'closeChannel')
  await clock.advance(REQUEST_TIME_OUT_MS)
  for (let turns = 0; turns < 20 && !isOver; turns++) await turn()
  expect(isOver).toBe(true)
  await Promise.all([closing, waiting])
  expect(clock.pending).toBe(0)
})

test('at any turn of the handshake', async () => {
  for (let turns = 0; turns < 40; turns++) {
    const setting = createSetting()
    const { api, whileTimePasses } = setting
    const waiting = [replace(api), api.enableIpWhitelist()].map((call) => call.catch(() => {}))
    for (let count = 0; count < turns; count++) await turn()
    await whileTimePasses(api.close())
    await Promise.all(waiting.map(whileTimePasses))
    await turn()
    expectNoneOpen(setting)
  }
})

test('at any time, however slow the portal, whatever is under way and comes after', async () => {
  const time = fc.nat(900)
  const slowness = fc.record({
    delayMs: fc.nat(900),
    before: fc.constantFrom('processing' as const, 'reply' as const),
  })
  const calls: readonly ((api: Required<PortalApi>, options: object) => Promise<unknown>)[] = [
    replace,
    (api, options) => api.enableIpWhitelist(undefined, options),
    (api, options) => api.listSessions(undefined, options),
  ]
  const begin = fc.record({ call: fc.constantFrom(...calls), at: time, givenUpAfter: fc.option(time) })
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        getChannelKey: slowness,
        openChannel: slowness,
        closeChannel: slowness,
        replaceIpWhitelist: slowness,
      }),
      fc.array(begin, { minLength: 1, maxLength: 5 }),
      fc.array(time, { minLength: 1, maxLength: 3 }),
      async (slow, begins, closes) => {
        const setting = createSetting()
        const { portal, api, clock, whileTimePasses } = setting
        for (const [operation, fault] of Object.entries(slow)) {
          portal.fault(({ operation: sent }) => sent === operation, fault, { times: Number.POSITIVE_INFINITY })
        }
        const lastBegin = Math.max(...begins.map(({ at }) => at))
        const after = (ms: number, act: () => Promise<unknown>) =>
          new Promise<unknown>((resolve) => clock.setTimeout(() => resolve(act()), ms))
        const everything = [
          ...begins.map(({ call, at, givenUpAfter }) =>
            after(at, () => {
              const controller = new AbortController()
              if (givenUpAfter !== null) clock.setTimeout(() => controller.abort(), givenUpAfter)
              return call(api, { signal: controller.signal }).catch(() => {})
            }),
          ),
          ...closes.map((at) => after(at, api.close)),
          // Whoever leaves comes last; all that is under way then has begun before.
          after(lastBegin + 1 + (closes[0] ?? 0), api.close),
        ]
        await whileTimePasses(Promise.all(everything))
        expectNoneOpen(setting)
      },
    ),
    { numRuns: 100 },
  )
})
