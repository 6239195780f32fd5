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

  it('demands more proof for what it is told to, until the right header comes', async () => {
    const header = 'X-Proof'
    const { post, get, portal } = setUp({ stepUp: { operations: ['disableIpWhitelist'], header, token: 'good' } })
    const off = `${save}/disable`
    expect(await post(off)).toMatchObject({ status: 403, json: { code: 'ACCESS.MFA_REQUIRED' } })
    const wrong = await post(off, undefined, { headers: { [header]: 'old' } })
    expect(wrong).toMatchObject({ status: 403, json: { code: 'ACCESS.MFA_TOKEN_INVALID' } })
    expect(portal.processed('disableIpWhitelist')).toBe(0)
    expect((await post(off, undefined, { headers: { [header]: 'good' } })).status).toBe(204)
    expect((await get(save)).status).toBe(200)
    portal.configure({
      stepUp: { operations: ['getIpWhitelist'], header, token: 'a', code: 'ACCESS.RISK_CHALLENGE_REQUIRED' },
    })
    expect(await get(save)).toMatchObject({ status: 403, json: { code: 'ACCESS.RISK_CHALLENGE_REQUIRED' } })
    portal.configure({ stepUp: null })
    expect((await get(save)).status).toBe(200)
  })

  it.each([
    [
      { operations: ['listThings'], header: 'X-Proof', token: 'a' },
      /^options.stepUp.operations\[0\] must be one of listMfaMethods, /,
    ],
    [{ operations: [], header: 'X Proof', token: 'a' }, /^options.stepUp.header must be the name of a header$/],
    [
      { operations: [], header: 'X-Proof', token: 'a b' },
      /^options.stepUp.token must be a text that can stand in a header$/,
    ],
    [
      { operations: [], header: 'X-Proof', token: 'a', code: 'ACCESS.MFA_TOKEN_EXPIRED' },
      /^options.stepUp.code must be one of /,
    ],
    [{ operations: [], token: 'a' }, /^options.stepUp.header must be /],
    [{ operations: [], header: 'X-Proof', token: 'a', once: true }, /^options.stepUp.once is not known$/],
  ])('refuses a demand for proof that cannot be: %o', (stepUp, message) => {
    expect(() => setUp({ stepUp } as object)).toThrow(message)
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
