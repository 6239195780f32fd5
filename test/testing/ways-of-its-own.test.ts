import { describe, expect, it } from 'vitest'
import { setUp } from './raw-client.ts'

describe('someone else at the account', () => {
  it('changes it right before a request is carried out', async () => {
    const { get, portal } = setUp()
    portal.interject('getIpWhitelist', (draft) => {
      draft.ipWhitelist.entries = ['192.0.2.1']
    })
    expect((await get('/security/ip-whitelist')).json.data).toMatchObject({ entries: ['192.0.2.1'] })
  })

  it('or right after, so often as asked, or until that is taken away', async () => {
    const { get, portal } = setUp()
    let count = 0
    const stop = portal.interject({ method: 'GET' }, () => void count++, { when: 'after', times: 3 })
    await get('/security/ip-whitelist')
    await get('/security/mfa')
    expect(count).toBe(2)
    stop()
    await get('/security/mfa')
    expect(count).toBe(2)
  })

  it('not where the request is refused', async () => {
    const { get, portal } = setUp()
    let count = 0
    portal.interject('listMfaMethods', () => void count++, { when: 'after' })
    portal.fault('listMfaMethods', { status: 403 })
    await get('/security/mfa')
    expect(count).toBe(0)
    await get('/security/mfa')
    expect(count).toBe(1)
  })

  it('wants a request that there is', () => {
    const { portal } = setUp()
    expect(() => portal.interject('listSession' as 'listSessions', () => {})).toThrow(
      'This portal has no operation listSession',
    )
  })

  const times = 'options.times must be a whole number of 1 or more, or Infinity'

  it.each([
    ['listSessions', 'a change', {}, 'change must be a function'],
    ['listSessions', () => {}, { when: 'during' }, 'options.when must be one of before, after'],
    ['listSessions', () => {}, { times: 0 }, times],
    ['listSessions', () => {}, { time: 2 }, 'options.time is not known'],
    ['listSessions', () => {}, null, 'options must be an object'],
  ])('does nothing that cannot be: %s, %s, %o', async (match, change, options, message) => {
    const { get, portal } = setUp()
    expect(() => portal.interject(match as 'listSessions', change as () => void, options as object)).toThrow(
      new TypeError(message),
    )
    expect((await get('/security/sessions')).status).toBe(200)
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

describe('a portal with ways of its own', () => {
  const save = '/security/ip-whitelist'
  const entries = ['192.0.2.1', '192.0.2.2']

  it.each([
    ['stored', ['192.0.2.2']],
    ['sent', entries],
  ] as const)('keeps less than it is sent, and shows what is %s', async (echoesEntries, shown) => {
    const { post, portal } = setUp({ storesEntries: (sent) => sent.slice(1), echoesEntries })
    expect((await post(save, { entries })).json.data).toMatchObject({ entries: shown })
    expect(portal.account.ipWhitelist.entries).toEqual(['192.0.2.2'])
  })

  it.each([
    ['none', [false, false]],
    ['all', [true, true]],
    ['own', [true, false]],
  ] as const)('marks %s of the sessions as the current one', async (marksCurrent, expected) => {
    const { get } = setUp({ marksCurrent, account: { sessions: [{ isCurrent: true }, {}] } })
    const { data } = (await get('/security/sessions')).json as { data: readonly { isCurrent: boolean }[] }
    expect(data.map(({ isCurrent }) => isCurrent)).toEqual(expected)
  })

  it('takes back what it has listed itself, whatever that is, and nothing else of the kind', async () => {
    const odd = '198.51.100.1-198.51.100.9'
    const { post } = setUp({ account: { ipWhitelist: { entries: [odd] } } })
    expect((await post(save, { entries: [odd, '192.0.2.1'] })).status).toBe(200)
    expect((await post(save, { entries: ['198.51.100.1-198.51.100.8'] })).status).toBe(400)
  })

  it.each([
    [{ storesEntries: 'all' }, 'options.storesEntries must be a function or null'],
    [{ echoesEntries: 'none' }, 'options.echoesEntries must be one of stored, sent'],
    [{ marksCurrent: 'some' }, 'options.marksCurrent must be one of own, none, all'],
  ])('refuses what cannot be: %o', (options, message) => {
    expect(() => setUp(options as object)).toThrow(new TypeError(message))
  })
})
