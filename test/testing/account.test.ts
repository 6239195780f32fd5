import { describe, expect, it } from 'vitest'
import { createFakePortal, fakeWorkspace } from '../../src/testing/index.ts'
import { setUp } from './raw-client.ts'

describe('the account', () => {
  it('cannot be changed from outside', () => {
    const { portal } = setUp()
    const { account } = portal
    expect(() => Object.assign(account, { email: 'x' })).toThrow(TypeError)
    expect(() => Object.assign(account.ipWhitelist, { enabled: true })).toThrow(TypeError)
    expect(() => (account.sessions as unknown[]).push({})).toThrow(TypeError)
  })

  it('is changed by update', () => {
    const { portal } = setUp()
    const before = portal.account
    portal.update((draft) => {
      draft.ipWhitelist.enabled = true
      draft.workspaces.push(fakeWorkspace({ workspaceBizId: 'WS_NEW' }))
    })
    expect(portal.account.ipWhitelist.enabled).toBe(true)
    expect(portal.account.workspaces.at(-1)?.workspaceBizId).toBe('WS_NEW')
    expect(before.ipWhitelist.enabled).toBe(false)
  })

  it('stays as it was when an update fails', () => {
    const { portal } = setUp()
    const before = portal.account
    expect(() =>
      portal.update((draft) => {
        draft.email = 'new@example.com'
        Object.assign(draft.ipWhitelist, { entries: 'all' })
      }),
    ).toThrow('account.ipWhitelist.entries must be an array')
    expect(portal.account).toEqual(before)
  })

  it.each([
    [{ ipWhiteList: {} }, 'account.ipWhiteList is not a part of the account'],
    [{ ipWhitelist: { enable: true } }, 'account.ipWhitelist.enable is not a part of the account'],
    [{ invitations: [{}, { state: 'x' }] }, 'account.invitations[1].state is not a part of the account'],
    [{ sessions: [{ isCurrent: 'yes' }] }, 'account.sessions[0].isCurrent must be a boolean'],
    [{ invitations: [{ expiresAt: '2026' }] }, 'account.invitations[0].expiresAt must be a number or null'],
    [{ invitations: [{ expiresAt: Number.NaN }] }, 'account.invitations[0].expiresAt must be a number or null'],
    [{ sessions: [{ isCurrent: true }, { isCurrent: true }] }, 'account.sessions has more than one current row'],
    [{ workspaces: [{ isDefault: true }, { isDefault: true }] }, 'account.workspaces has more than one default row'],
    [{ email: null }, 'account.email must be a string'],
  ])('refuses %j', (account, message) => {
    expect(() => createFakePortal({ account: account as object })).toThrow(message)
  })

  it('must keep EMAIL first', () => {
    const { portal } = setUp()
    expect(() => portal.update((draft) => draft.mfaMethods.reverse())).toThrow('account.mfaMethods[0] must be EMAIL')
  })

  it('fills in what an override leaves out', () => {
    const { portal } = setUp({
      account: {
        email: 'kai@example.com',
        invitations: [{}, { workspaceName: 'B' }],
        sessions: [{ isCurrent: true, clientIp: '192.0.2.1' }, {}],
        ipWhitelist: { entries: ['192.0.2.1'] },
      },
    })
    const { account } = portal
    expect(new Set(account.invitations.map(({ invitationBizId }) => invitationBizId)).size).toBe(2)
    expect(account.invitations.map(({ inviteeEmail }) => inviteeEmail)).toEqual(['kai@example.com', 'kai@example.com'])
    expect(new Set(account.sessions.map(({ sessionId }) => sessionId)).size).toBe(2)
    expect(account.address).toBe('192.0.2.1')
    expect(account.ipWhitelist).toEqual({ enabled: false, entries: ['192.0.2.1'] })
    expect(account.workspaces).toHaveLength(2)
  })

  it('addresses the default invitations to whom it belongs', async () => {
    const { get } = setUp({ account: { email: 'kai@example.com' } })
    expect((await get('/profile/invitations')).json.data).toHaveLength(2)
  })
})

describe('options', () => {
  it.each([
    [{ retryAfter: true }, 'The fake portal has no option retryAfter'],
    [{ dialect: { noContents: '204' } }, 'The fake portal has no option dialect.noContents'],
    [{ totp: { interval: 30 } }, 'The fake portal has no option totp.interval'],
  ])('that do not exist are refused: %j', (options, message) => {
    expect(() => createFakePortal(options as object)).toThrow(message)
    expect(() => createFakePortal().configure(options as object)).toThrow(message)
  })

  it('name a channel that exists', () => {
    expect(() => createFakePortal({ secureChannel: 'on' as 'off' })).toThrow('There is no channel on')
  })

  it('can be changed one at a time', async () => {
    const { get, portal } = setUp({ dialect: { enumText: 'name' } })
    portal.configure({ dialect: { envelopeExtras: false } })
    const { json } = await get('/security/mfa')
    expect(Object.keys(json)).toEqual(['code', 'message', 'data'])
    expect(json.data[0]).toMatchObject({ mfaMethod: { name: 'Email' } })
  })
})
