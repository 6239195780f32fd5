import { describe, expect, it } from 'vitest'
import { fakeInvitation } from '../../../src/testing/index.ts'
import { setUp, T0, verdict } from '../raw-client.ts'

const INBOX = '/profile/invitations'
const ID = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'

describe('the inbox', () => {
  it('lists what is addressed to the user', async () => {
    const { get, portal } = setUp()
    portal.update((draft) => {
      draft.invitations.push(fakeInvitation({ invitationBizId: 'other', inviteeEmail: 'someone@example.com' }))
    })
    const { json } = await get(INBOX)
    expect(json.data).toHaveLength(2)
    expect(json.data[0]).toEqual({
      bizId: ID,
      workspaceBizId: 'WS_ACME_001',
      workspaceName: 'Acme Operations',
      inviterBizId: 'USER_INVITER_001',
      inviterName: 'Ada Quist',
      inviteeEmail: 'maya@example.com',
      inviteeAccountBizId: null,
      inviteeAccountName: null,
      invitationStatus: { code: 'PENDING', value: 10050301, label: 'pending' },
      message: 'Welcome aboard.',
      expiresAt: '2026-01-22T12:00:00.000Z',
      acceptedAt: null,
      createdAt: '2026-01-14T12:00:00.000Z',
      canAccept: true,
    })
  })

  it('shows an invitation as expired from its last moment on', async () => {
    const { get, clock } = setUp({ account: { invitations: [{ expiresAt: T0 + 1000 }] } })
    clock.increment(999)
    expect((await get(INBOX)).json.data).toMatchObject([{ invitationStatus: { code: 'PENDING' }, canAccept: true }])
    clock.increment(1)
    expect((await get(INBOX)).json.data).toMatchObject([{ invitationStatus: { code: 'EXPIRED' }, canAccept: false }])
  })
})

describe('accepting', () => {
  it('adds the workspace and names the next step', async () => {
    const { get, post, portal } = setUp()
    const { status, json } = await post(`${INBOX}/${ID}/accept`)
    expect(status).toBe(200)
    expect(json.data).toEqual({
      invitationBizId: ID,
      workspaceBizId: 'WS_ACME_001',
      becameDefaultWorkspace: false,
      nextAction: { code: 'ENTER_ACCEPTED_WORKSPACE', value: 10050403, label: 'Enter accepted workspace' },
    })
    expect((await get(INBOX)).json.data[0]).toMatchObject({
      invitationStatus: { code: 'ACCEPTED' },
      acceptedAt: new Date(T0).toISOString(),
      canAccept: false,
    })
    expect(portal.account.workspaces.map(({ workspaceBizId, isDefault }) => [workspaceBizId, isDefault])).toEqual([
      ['WS_HOME_001', true],
      ['WS_LAB_001', false],
      ['WS_ACME_001', false],
    ])
  })

  it('may move the default', async () => {
    const { post, portal } = setUp({
      account: { invitations: [{ becomesDefault: true, nextAction: 'ENTER_DEFAULT_WORKSPACE' }] },
    })
    const [invitation] = portal.account.invitations
    const { json } = await post(`${INBOX}/${invitation?.invitationBizId}/accept`)
    expect(json.data).toMatchObject({
      becameDefaultWorkspace: true,
      nextAction: { code: 'ENTER_DEFAULT_WORKSPACE', value: 10050401 },
    })
    const defaults = portal.account.workspaces.filter(({ isDefault }) => isDefault)
    expect(defaults.map(({ workspaceBizId }) => workspaceBizId)).toEqual([invitation?.workspaceBizId])
  })

  it('adds no workspace twice', async () => {
    const { post, portal } = setUp({
      account: { invitations: [{ invitationBizId: 'x', workspaceBizId: 'WS_LAB_001' }] },
    })
    await post(`${INBOX}/x/accept`)
    expect(portal.account.workspaces).toHaveLength(2)
  })

  it('may name a step that nobody knows yet', async () => {
    const { post } = setUp({ account: { invitations: [{ invitationBizId: 'x', nextAction: 'TAKE_A_TOUR' }] } })
    expect((await post(`${INBOX}/x/accept`)).json.data).toMatchObject({ nextAction: { code: 'TAKE_A_TOUR' } })
  })

  it.each([
    ['expired', { expiresAt: T0 }, 409, 'WORKSPACE.INVITATION_EXPIRED'],
    ['marked as expired', { status: 'EXPIRED' }, 409, 'WORKSPACE.INVITATION_EXPIRED'],
    ['accepted', { status: 'ACCEPTED' }, 409, 'WORKSPACE.INVITATION_ALREADY_PROCESSED'],
    ['declined', { status: 'DECLINED' }, 409, 'WORKSPACE.INVITATION_ALREADY_PROCESSED'],
    ['cancelled', { status: 'CANCELLED' }, 409, 'WORKSPACE.INVITATION_ALREADY_PROCESSED'],
    ['held back', { acceptable: false }, 403, 'ACCESS.PERMISSION_DENIED'],
    ['somebody else’s', { inviteeEmail: 'someone@example.com' }, 403, 'ACCESS.PERMISSION_DENIED'],
  ])('is refused when it is %s', async (_, parts, status, code) => {
    const { post, portal } = setUp({ account: { invitations: [{ invitationBizId: 'x', ...parts }] } })
    const before = portal.account
    expect(verdict(await post(`${INBOX}/x/accept`))).toEqual([status, code])
    expect(portal.account).toEqual(before)
    expect(portal.processed('acceptInvitation')).toBe(0)
  })

  it('is refused for one that is not there, and with a body', async () => {
    const { post } = setUp()
    expect((await post(`${INBOX}/nope/accept`)).status).toBe(404)
    expect(verdict(await post(`${INBOX}/${ID}/accept`, {}))).toEqual([400, 'VALIDATION.INVALID_PARAMETER'])
  })
})

describe('declining', () => {
  it.each([undefined, {}, { reason: 'No, thank you.' }, { reason: 'x'.repeat(500) }])('is final (%j)', async (body) => {
    const { get, post } = setUp()
    const { status, json } = await post(`${INBOX}/${ID}/decline`, body)
    expect([status, json.code, json.data]).toEqual([200, '2040', null])
    expect((await get(INBOX)).json.data[0]).toMatchObject({ invitationStatus: { code: 'DECLINED' }, canAccept: false })
    expect(verdict(await post(`${INBOX}/${ID}/decline`))).toEqual([409, 'WORKSPACE.INVITATION_ALREADY_PROCESSED'])
    expect(verdict(await post(`${INBOX}/${ID}/accept`))).toEqual([409, 'WORKSPACE.INVITATION_ALREADY_PROCESSED'])
  })

  it.each([
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ reason: null }, 'reason'],
    [{ reason: 'no', why: 'because' }, 'why'],
    ['"no"', 'body'],
  ])('is refused with a body that is not right: %j', async (body, field) => {
    const { post, portal } = setUp()
    const reply = await post(`${INBOX}/${ID}/decline`, body)
    expect(verdict(reply)).toEqual([400, 'VALIDATION.INVALID_PARAMETER'])
    expect(Object.keys(reply.json.data)).toEqual([field])
    expect(portal.account.invitations[0]?.status).toBe('PENDING')
  })

  it('is possible past the time limit', async () => {
    const { post } = setUp({ account: { invitations: [{ invitationBizId: 'x', expiresAt: T0 - 1 }] } })
    expect((await post(`${INBOX}/x/decline`)).status).toBe(200)
  })

  it('is refused for somebody else’s and for one that is not there', async () => {
    const { post } = setUp({
      account: { invitations: [{ invitationBizId: 'x', inviteeEmail: 'someone@example.com' }] },
    })
    expect((await post(`${INBOX}/x/decline`)).status).toBe(403)
    expect((await post(`${INBOX}/nope/decline`)).status).toBe(404)
  })
})
