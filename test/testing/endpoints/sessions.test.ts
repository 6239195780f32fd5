import { describe, expect, it } from 'vitest'
import { setUp, T0, verdict } from '../raw-client.ts'

const LIST = '/security/sessions'

describe('the sessions', () => {
  it('are listed masked, the caller’s own marked', async () => {
    const { get } = setUp()
    const { json } = await get(LIST)
    expect(json.data).toMatchObject([
      {
        sessionId: 'SESS...C_001',
        clientIp: '203.0.113.10',
        isCurrent: true,
        lastActiveAt: new Date(T0).toISOString(),
      },
      { sessionId: 'SESS...R_001', clientIp: '198.51.100.24', isCurrent: false },
      { sessionId: 'SESS...S_002', clientIp: '192.0.2.77', isCurrent: false, location: null },
    ])
  })

  it('are seen by each caller from its own place', async () => {
    const { get, portal } = setUp()
    const login = portal.login({ address: '198.51.100.5' })
    if (!login.ok) throw new Error('refused')
    const { json } = await get(LIST, { headers: { Authorization: `Bearer ${login.accessToken}` } })
    const rows: { isCurrent: boolean; clientIp: string }[] = json.data
    expect(rows.filter(({ isCurrent }) => isCurrent).map(({ clientIp }) => clientIp)).toEqual(['198.51.100.5'])
    expect(rows).toHaveLength(4)
  })

  it('keep the address of the login, or follow the requests', async () => {
    const { get, portal } = setUp()
    const moved = { headers: { 'CF-Connecting-IP': '198.51.100.200' } }
    expect((await get(LIST, moved)).json.data[0]).toMatchObject({ clientIp: '203.0.113.10' })
    portal.configure({ sessionAddress: 'request' })
    expect((await get(LIST, moved)).json.data[0]).toMatchObject({ clientIp: '198.51.100.200' })
  })

  it('are listed for a while after they ended, or never end at all', async () => {
    const { get, post, portal, clock } = setUp({ listsEndedForMs: 10_000 })
    const listed = async () => ((await get(LIST)).json.data as object[]).length
    await post(`${LIST}/terminate-all`)
    expect([portal.account.sessions.length, await listed()]).toEqual([1, 3])
    clock.increment(10_000)
    expect(await listed()).toBe(1)
    const another = setUp({ endsSessions: false, terminatedCount: 7 })
    expect((await another.post(`${LIST}/terminate-all`)).json.data).toBe(7)
    expect(another.portal.account.sessions).toHaveLength(3)
  })

  it('end one by one', async () => {
    const { post, portal } = setUp()
    expect((await post(`${LIST}/terminate`, { sessionId: 'SESS...R_001' })).status).toBe(204)
    expect(portal.account.sessions.map(({ sessionId }) => sessionId)).toEqual([
      'SESSION_CURRENT_C_001',
      'SESSION_STALE_S_002',
    ])
    expect(verdict(await post(`${LIST}/terminate`, { sessionId: 'SESS...R_001' }))).toEqual([
      404,
      'AUTH.SESSION_NOT_FOUND',
    ])
  })

  it('end by their masked id only', async () => {
    const { post } = setUp()
    expect((await post(`${LIST}/terminate`, { sessionId: 'SESSION_REMOTE_R_001' })).status).toBe(404)
  })

  it('end the first of two that look alike', async () => {
    const { post, portal } = setUp({
      account: { sessions: [{ sessionId: 'SESSION_1_X_001' }, { sessionId: 'SESSION_2_X_001' }] },
    })
    portal.update((draft) => {
      draft.sessions.push({ ...(draft.sessions[0] ?? never()), sessionId: 'SESSION_C_001', isCurrent: true })
    })
    await post(`${LIST}/terminate`, { sessionId: 'SESS...X_001' })
    expect(portal.account.sessions.map(({ sessionId }) => sessionId)).toEqual(['SESSION_2_X_001', 'SESSION_C_001'])
  })

  it('end even when it is the caller’s own', async () => {
    const { post, get } = setUp()
    await post(`${LIST}/terminate`, { sessionId: 'SESS...C_001' })
    expect(verdict(await get(LIST))).toEqual([401, '4010'])
  })

  it.each([
    [{}, 'sessionId'],
    [{ sessionId: null }, 'sessionId'],
    [{ sessionId: 'SESS...R_001', all: true }, 'all'],
  ])('are not ended by %j', async (body, field) => {
    const { post, portal } = setUp()
    const reply = await post(`${LIST}/terminate`, body)
    expect(verdict(reply)).toEqual([400, 'VALIDATION.INVALID_PARAMETER'])
    expect(Object.keys(reply.json.data)).toEqual([field])
    expect(portal.account.sessions).toHaveLength(3)
  })

  it('all end but one, which is counted', async () => {
    const { post, get } = setUp()
    expect((await post(`${LIST}/terminate-all`)).json).toMatchObject({ code: '2000', data: 2 })
    expect((await get(LIST)).json.data).toHaveLength(1)
    expect((await post(`${LIST}/terminate-all`)).json.data).toBe(0)
  })

  it('that are ended elsewhere have no more say', async () => {
    const { get, portal, post } = setUp()
    const login = portal.login()
    if (!login.ok) throw new Error('refused')
    const asOther = { headers: { Authorization: `Bearer ${login.accessToken}` } }
    expect((await get(LIST, asOther)).status).toBe(200)
    await post(`${LIST}/terminate-all`)
    expect((await get(LIST, asOther)).status).toBe(401)
  })
})

function never(): never {
  throw new Error('unreachable')
}
