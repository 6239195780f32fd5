import { describe, expect, it } from 'vitest'
import { setUp } from '../raw-client.ts'

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
