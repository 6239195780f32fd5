import { describe, expect, it } from 'vitest'
import { isEntry, isListed } from '../../../src/testing/oracle/ip-range.ts'
import { setUp, verdict } from '../raw-client.ts'

const LIST = '/security/ip-whitelist'

describe('the whitelist', () => {
  it('begins empty and off', async () => {
    const { get } = setUp()
    expect((await get(LIST)).json.data).toEqual({ enabled: false, entries: [] })
  })

  it('is replaced as a whole; the switch stays', async () => {
    const { post, portal } = setUp({ account: { ipWhitelist: { enabled: true, entries: ['192.0.2.1'] } } })
    const reply = await post(LIST, { entries: ['203.0.113.10', '198.51.100.0/24'] })
    expect(reply.status).toBe(200)
    expect(reply.json.data).toEqual({ enabled: true, entries: ['203.0.113.10', '198.51.100.0/24'] })
    expect(portal.account.ipWhitelist).toEqual(reply.json.data)
  })

  it.each([
    [{}, 'entries'],
    [{ entries: null }, 'entries'],
    [{ entries: '203.0.113.10' }, 'entries'],
    [{ entries: [1] }, 'entries'],
    [{ entries: ['203.0.113.10', 'home'] }, 'entries'],
    [{ entries: [], enabled: true }, 'enabled'],
  ])('refuses %j for %s and changes nothing', async (body, field) => {
    const { post, portal } = setUp({ account: { ipWhitelist: { entries: ['192.0.2.1'] } } })
    const reply = await post(LIST, body)
    expect(verdict(reply)).toEqual([400, 'VALIDATION.INVALID_PARAMETER'])
    expect(reply.json.data).toEqual({ [field]: [expect.any(String)] })
    expect(portal.account.ipWhitelist).toEqual({ enabled: false, entries: ['192.0.2.1'] })
  })

  it('may hold what is no address, which it lists and which lets nobody in', async () => {
    const entries = ['198.51.100.1-198.51.100.9', 'vpn.example.com', '', null, '192.0.2.1']
    const { get, post, portal } = setUp({ account: { ipWhitelist: { enabled: true, entries } } })
    expect((await get(LIST)).json.data).toEqual({ enabled: true, entries })
    expect(portal.login().ok).toBe(false)
    expect(portal.login({ address: '198.51.100.1' }).ok).toBe(false)
    expect(portal.login({ address: '192.0.2.1' }).ok).toBe(true)
    const kept = entries.filter((entry) => entry !== null)
    expect((await post(LIST, { entries: kept })).json.data).toEqual({ enabled: true, entries: kept })
    expect(verdict(await post(LIST, { entries }))).toEqual([400, 'VALIDATION.INVALID_PARAMETER'])
  })

  it('is switched on and off without its entries being touched', async () => {
    const { post, portal } = setUp({ account: { ipWhitelist: { entries: ['192.0.2.1'] } } })
    expect((await post(`${LIST}/enable`)).status).toBe(204)
    expect(portal.account.ipWhitelist).toEqual({ enabled: true, entries: ['192.0.2.1'] })
    expect((await post(`${LIST}/disable`)).status).toBe(204)
    expect(portal.account.ipWhitelist).toEqual({ enabled: false, entries: ['192.0.2.1'] })
  })
})

describe('enforcement', () => {
  const elsewhere = { account: { ipWhitelist: { entries: ['192.0.2.0/24'] } } }

  it('locks the user out at the next login, not before', async () => {
    const { post, get, portal } = setUp(elsewhere)
    expect(portal.login()).toMatchObject({ ok: true })
    await post(`${LIST}/enable`)
    expect((await get(LIST)).status).toBe(200)
    expect(portal.login()).toEqual({ ok: false, status: 403, code: 'ACCESS.PERMISSION_DENIED' })
    expect(portal.login({ address: '192.0.2.9' })).toMatchObject({ ok: true })
    await post(`${LIST}/disable`)
    expect(portal.login()).toMatchObject({ ok: true })
  })

  it('lets nobody in by an empty list', async () => {
    const { post, portal } = setUp()
    await post(`${LIST}/enable`)
    expect(portal.login().ok).toBe(false)
  })

  it('holds at the login endpoints too', async () => {
    const { post, portal } = setUp(elsewhere)
    const { email, password } = portal.account
    const from = (address: string) => ({ headers: { 'CF-Connecting-IP': address }, without: ['Authorization'] })
    const initiated = await post('/auth/login/initiate', { email, password }, from('203.0.113.10'))
    await post(`${LIST}/enable`)
    const { sessionId }: { sessionId: string } = initiated.json.data
    const complete = (address: string) =>
      post('/auth/login/complete', { sessionId, method: 10011001, code: portal.account.emailCode }, from(address))
    expect((await post('/auth/login/initiate', { email, password }, from('203.0.113.10'))).status).toBe(403)
    expect((await complete('203.0.113.10')).status).toBe(403)
    expect((await complete('192.0.2.9')).status).toBe(200)
  })

  it('can be applied to every request', async () => {
    const { post, get, portal } = setUp({ ...elsewhere, enforceOnEveryRequest: true })
    expect((await post(`${LIST}/enable`)).status).toBe(204)
    expect(verdict(await post(`${LIST}/disable`))).toEqual([403, 'ACCESS.PERMISSION_DENIED'])
    const { refreshToken } = portal.account
    expect((await post('/auth/token/refresh', { refreshToken })).status).toBe(403)
    expect((await get(LIST, { headers: { 'CF-Connecting-IP': '192.0.2.1' } })).status).toBe(200)
    expect((await get(LIST, { headers: { 'X-Real-IP': '192.0.2.1' } })).status).toBe(200)
    portal.update((draft) => {
      draft.address = '192.0.2.7'
    })
    expect((await get(LIST)).status).toBe(200)
  })
})

describe('entries', () => {
  it.each([
    ['203.0.113.10', true],
    ['0.0.0.0/0', true],
    ['10.0.0.7/24', true],
    ['10.0.0.0/33', false],
    ['10.0.0.0/', false],
    ['10.0.0.0/8/8', false],
    ['10.0.0', false],
    ['256.0.0.1', false],
    ['010.0.0.1', false],
    ['2001:db8::/32', true],
    ['::', true],
    ['1:2:3:4:5:6:7:8', true],
    ['1:2:3:4:5:6:7', false],
    ['1:2:3:4:5:6:7::8', false],
    ['1::2::3', false],
    ['64:ff9b::192.0.2.1', true],
    ['192.0.2.1::', false],
    ['12345::', false],
    ['', false],
    ['localhost', false],
  ])('%j: %s', (text, valid) => {
    expect(isEntry(text)).toBe(valid)
  })

  it.each([
    ['203.0.113.10', '203.0.113.10', true],
    ['203.0.113.10', '203.0.113.11', false],
    ['198.51.100.0/24', '198.51.100.255', true],
    ['198.51.100.0/24', '198.51.101.0', false],
    ['198.51.100.128/25', '198.51.100.127', false],
    ['10.0.0.7/24', '10.0.0.200', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '203.0.113.1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
    ['203.0.113.0/24', '::ffff:203.0.113.9', true],
    ['203.0.113.0/24', 'unknown', false],
  ])('%s lets %s in: %s', (entry, address, listed) => {
    expect(isListed([entry], address)).toBe(listed)
  })
})
