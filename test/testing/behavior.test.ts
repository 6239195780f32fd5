import { describe, expect, it } from 'vitest'
import { setUp } from './raw-client.ts'

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
    [{ terminatedCount: 'none' }, 'options.terminatedCount must be own or a whole number from 0 to 1000'],
    [{ terminatedCount: 1001 }, 'options.terminatedCount must be own or a whole number from 0 to 1000'],
  ])('refuses what cannot be: %o', (options, message) => {
    expect(() => setUp(options as object)).toThrow(new TypeError(message))
  })
})
