import type { Invitation } from 'postlogin'
import { type FakeInvitation, type Fault, fakeWorkspace } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createActor, fromPromise } from 'xstate'
import { close, reopen } from '../support/reload.ts'
import { createSetting } from '../support/setting.ts'

const MINUTE = 60_000
const acme = { invitationBizId: 'a1b2c3d4-e5f6-4890-abcd-ef1234567890', workspaceBizId: 'WS_ACME_001' }
const globex = { invitationBizId: 'b2c3d4e5-f6a7-4901-bcde-f12345678901', workspaceBizId: 'WS_GLOBEX_002' }

async function openInbox(setting = createSetting(), input?: object) {
  const actor = await setting.start('invitations', input)
  setting.requestsSince()
  const row = (invitationBizId: string) =>
    actor.getSnapshot().context.invitations.find((invitation) => invitation.invitationBizId === invitationBizId)
  return { ...setting, actor, row }
}

describe('reading', () => {
  test('the inbox rests with the invitations as the portal lists them', async () => {
    const { actor } = await openInbox()
    expect(actor.getSnapshot().value).toBe('inbox')
    expect(actor.getSnapshot().hasTag('resting')).toBe(true)
    expect(actor.getSnapshot().context.invitations[0]).toEqual({
      ...acme,
      workspaceName: 'Acme Operations',
      inviterName: 'Ada Quist',
      status: 'PENDING',
      expiresAt: expect.any(Number),
      canAccept: true,
    })
  })

  test('what the root has read already is not read again', async () => {
    const setting = createSetting()
    const { actor } = await openInbox(setting, { initialData: { invitations: [] } })
    expect(actor.getSnapshot().value).toBe('inbox')
    expect(setting.portal.requests).toHaveLength(0)
  })

  test('a read that the root made in vain belongs to the step', async () => {
    const failure = { kind: 'server', code: '5000', status: 500, retryable: true, retryAt: null, effect: 'none' }
    const { actor, perform } = await openInbox(createSetting(), { initialData: { failure } })
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    expect((await perform(actor, { type: 'retry' })).value).toBe('inbox')
    expect(actor.getSnapshot().context.failure).toBeNull()
  })
})

describe('accepting', () => {
  test('the portal’s answer is kept, and the inbox read again', async () => {
    const { actor, perform, row, requestsSince } = await openInbox()
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().context.acceptedInvitations).toEqual([
      { ...acme, becameDefaultWorkspace: false, nextAction: 'ENTER_ACCEPTED_WORKSPACE' },
    ])
    expect(row(acme.invitationBizId)).toMatchObject({ status: 'ACCEPTED', canAccept: false })
    expect(requestsSince()).toEqual(['acceptInvitation', 'listInvitations'])
  })

  test('several may be accepted, one at a time; the last comes last', async () => {
    const { actor, perform } = await openInbox()
    await perform(actor, { type: 'invitation.accept', invitationBizId: globex.invitationBizId })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().context.acceptedInvitations.map(({ workspaceBizId }) => workspaceBizId)).toEqual([
      globex.workspaceBizId,
      acme.workspaceBizId,
    ])
  })

  test('a second click is ignored', async () => {
    const { actor, rest, portal } = await openInbox()
    actor.send({ type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    actor.send({ type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    await rest(actor)
    expect(portal.requests.filter(({ operation }) => operation === 'acceptInvitation')).toHaveLength(1)
  })

  test.each([
    ['client.invitationUnknown', 'no-such-id'],
    ['client.invitationUnknown', undefined],
  ])('%s: an id that is not listed is never sent', async (code, invitationBizId) => {
    const { actor, perform, requestsSince } = await openInbox()
    await perform(actor, { type: 'invitation.accept', invitationBizId } as never)
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'invalid', code, effect: 'none' })
    expect(requestsSince()).toEqual([])
  })

  test.each([
    ['accepted', { status: 'ACCEPTED' }],
    ['declined', { status: 'DECLINED' }],
    ['cancelled', { status: 'CANCELLED' }],
    ['expired', { expiresAt: 1 }],
    ['not acceptable by the portal’s word', { acceptable: false }],
  ])('an invitation that is %s cannot be accepted', async (_, parts) => {
    const setting = createSetting({ portal: { account: { invitations: [{ ...acme, ...parts }] } } })
    const { actor, perform, requestsSince } = await openInbox(setting)
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().context.failure?.code).toBe('client.invitationUnavailable')
    expect(requestsSince()).toEqual([])
  })

  test('WORKSPACE.INVITATION_EXPIRED takes that row out of play, the others stay usable', async () => {
    const { actor, perform, row, portal } = await openInbox()
    portal.fault('acceptInvitation', { status: 409, code: 'WORKSPACE.INVITATION_EXPIRED' })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().value).toBe('inbox')
    expect(actor.getSnapshot().context.failure?.code).toBe('WORKSPACE.INVITATION_EXPIRED')
    expect(row(acme.invitationBizId)).toMatchObject({ status: 'EXPIRED', canAccept: false })
    await perform(actor, { type: 'invitation.accept', invitationBizId: globex.invitationBizId })
    expect(row(globex.invitationBizId)?.status).toBe('ACCEPTED')
  })

  test('WORKSPACE.INVITATION_ALREADY_PROCESSED, declined in another tab: out of play', async () => {
    const { actor, perform, row, portal } = await openInbox()
    portal.update((account) => {
      for (const invitation of account.invitations) invitation.status = 'DECLINED'
    })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().context.failure?.code).toBe('WORKSPACE.INVITATION_ALREADY_PROCESSED')
    expect(row(acme.invitationBizId)?.status).toBe('DECLINED')
    expect(actor.getSnapshot().context.acceptedInvitations).toEqual([])
  })

  test('WORKSPACE.INVITATION_ALREADY_PROCESSED, accepted in another tab: it counts as accepted', async () => {
    const { actor, perform, portal } = await openInbox()
    portal.update((account) => {
      for (const invitation of account.invitations) invitation.status = 'ACCEPTED'
    })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().context).toMatchObject({
      failure: null,
      acceptedInvitations: [{ ...acme, nextAction: 'ENTER_ACCEPTED_WORKSPACE' }],
    })
  })

  test('… also where it cannot be read back at once', async () => {
    const { actor, perform, portal } = await openInbox()
    portal.update((account) => {
      for (const invitation of account.invitations) invitation.status = 'ACCEPTED'
    })
    portal.fault('listInvitations', 'loseRequest', { times: 3 })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    await perform(actor, { type: 'retry' })
    expect(actor.getSnapshot().context).toMatchObject({
      acceptedInvitations: [{ ...acme, nextAction: 'ENTER_ACCEPTED_WORKSPACE' }],
      attempt: null,
    })
  })

  test('one that has expired does not count as accepted, although the user is in its workspace', async () => {
    const { actor, perform, portal } = await openInbox()
    portal.update((account) => {
      account.invitations = []
      account.workspaces = [fakeWorkspace({ workspaceBizId: acme.workspaceBizId })]
    })
    portal.fault('acceptInvitation', { status: 409, code: 'WORKSPACE.INVITATION_EXPIRED' })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().context).toMatchObject({
      acceptedInvitations: [],
      failure: { code: 'WORKSPACE.INVITATION_EXPIRED' },
    })
  })

  test('one of somebody else (403) is refused, and the inbox stays usable', async () => {
    const { actor, perform, portal } = await openInbox()
    portal.fault('acceptInvitation', { status: 403 })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().value).toBe('inbox')
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'forbidden', effect: 'none' })
  })

  test('one that is gone (404) is out of the inbox once that is read again', async () => {
    const { actor, perform, row, portal } = await openInbox()
    portal.update((account) => {
      account.invitations = account.invitations.slice(1)
    })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().value).toBe('inbox')
    expect(actor.getSnapshot().context.failure?.kind).toBe('notFound')
    expect(row(acme.invitationBizId)).toBeUndefined()
  })
})

test.each([
  ['accept', {}],
  ['decline', { reason: 'Wrong team' }],
] as const)('while %s is under way, the wish is on screen', async (action, parts) => {
  const { actor, rest } = await openInbox()
  actor.send({ type: `invitation.${action}`, invitationBizId: acme.invitationBizId, ...parts })
  expect(actor.getSnapshot().hasTag('busy')).toBe(true)
  expect(actor.getSnapshot().context.attempt).toEqual({ action, ...acme, ...parts })
  await rest(actor)
  expect(actor.getSnapshot().context.attempt).toBeNull()
})

describe('an accept whose outcome is not known', () => {
  test.each(['loseReply', 'malformed', 'wrongShape'] as const)('%s: accepted, for the inbox says so', async (fault) => {
    const { actor, perform, portal, requestsSince } = await openInbox()
    portal.fault('acceptInvitation', fault)
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().value).toBe('inbox')
    expect(actor.getSnapshot().context.failure).toBeNull()
    expect(actor.getSnapshot().context.acceptedInvitations).toEqual([
      { ...acme, becameDefaultWorkspace: false, nextAction: 'ENTER_ACCEPTED_WORKSPACE' },
    ])
    expect(requestsSince()).toEqual(['acceptInvitation', 'listInvitations'])
    expect(portal.processed('acceptInvitation')).toBe(1)
  })

  test('where the inbox does not list it any more, membership of its workspace tells', async () => {
    const { actor, perform, portal, requestsSince } = await openInbox()
    portal.fault('acceptInvitation', 'loseReply')
    portal.fault('listInvitations', {
      status: 200,
      body: JSON.stringify({ code: '2000', message: 'SUCCESS', data: [] }),
    })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().context.acceptedInvitations).toMatchObject([acme])
    expect(requestsSince()).toEqual(['acceptInvitation', 'listInvitations', 'listWorkspaces'])
  })

  test.each(['loseRequest', { status: 500 }, { status: 503 }] as const)(
    '%o: not accepted, so it is offered again and says so',
    async (fault) => {
      const { actor, perform, waitOut, row, portal } = await openInbox()
      portal.fault('acceptInvitation', fault)
      await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
      await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
      expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
      await waitOut(actor)
      expect(actor.getSnapshot().value).toBe('inbox')
      expect(actor.getSnapshot().context).toMatchObject({ acceptedInvitations: [], failure: { effect: 'none' } })
      await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
      expect(row(acme.invitationBizId)?.status).toBe('ACCEPTED')
      expect(portal.processed('acceptInvitation')).toBe(1)
    },
  )

  test('while the inbox cannot be read either, it stays unknown; retry reads, and never accepts again', async () => {
    const { actor, perform, portal } = await openInbox()
    portal.fault('acceptInvitation', 'loseReply')
    portal.fault('listInvitations', { status: 500 }, { times: 3 })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    expect(actor.getSnapshot().context.failure?.effect).toBe('unknown')
    await perform(actor, { type: 'retry' })
    expect(actor.getSnapshot().context).toMatchObject({ failure: null, acceptedInvitations: [acme] })
    expect(portal.processed('acceptInvitation')).toBe(1)
  })
})

describe('a ghost: the inbox keeps it as pending, and the portal refuses whatever is done with it', () => {
  const accept = { type: 'invitation.accept', invitationBizId: acme.invitationBizId } as const
  const decline = { type: 'invitation.decline', invitationBizId: acme.invitationBizId } as const
  const haunted = (parts: Partial<FakeInvitation> = {}) =>
    openInbox(createSetting({ portal: { account: { invitations: [{ ...acme, refusedWith: 404, ...parts }] } } }), {
      policy: 'require',
    })

  test.each([400, 403, 404, 409, 410])(
    'refused both ways with %i, it holds nobody, and says why',
    async (refusedWith) => {
      const { actor, perform, row } = await haunted({ refusedWith })
      await perform(actor, accept)
      expect(row(acme.invitationBizId)).toMatchObject({ status: 'PENDING', canAccept: true })
      expect((await perform(actor, { type: 'step.finish' })).context.failure?.code).toBe('client.stepRequired')
      await perform(actor, decline)
      expect(actor.getSnapshot().value).toBe('inbox')
      expect(row(acme.invitationBizId)).toMatchObject({ status: 'REFUSED', canAccept: false })
      expect(actor.getSnapshot().context).toMatchObject({
        failure: { status: refusedWith, effect: 'none' },
        refusals: { [acme.invitationBizId]: { accept: { status: refusedWith }, decline: { status: refusedWith } } },
      })
      expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({ outcome: 'done', aimHolds: true })
    },
  )

  test('declined first, then accepted, it is one all the same', async () => {
    const { actor, perform, row } = await haunted()
    await perform(actor, decline)
    expect(row(acme.invitationBizId)?.status).toBe('PENDING')
    await perform(actor, accept)
    expect(row(acme.invitationBizId)?.status).toBe('REFUSED')
  })

  test('where the portal’s word is that it cannot be accepted, a refused decline is enough', async () => {
    const { actor, perform, row } = await haunted({ acceptable: false })
    await perform(actor, decline)
    expect(row(acme.invitationBizId)?.status).toBe('REFUSED')
  })

  test('it stays out of play when the inbox is read again, and after a reload', async () => {
    const { actor, perform, row, rest } = await haunted()
    await perform(actor, accept)
    await perform(actor, decline)
    await perform(actor, { type: 'inbox.refresh' })
    expect(row(acme.invitationBizId)?.status).toBe('REFUSED')
    const restored = reopen(actor, close(actor))
    await rest(restored)
    expect(restored.getSnapshot().context.invitations[0]?.status).toBe('REFUSED')
  })

  test.each<[string, Fault]>([
    ['a lost connection', 'loseRequest'],
    ['a portal in trouble', { status: 503 }],
    ['a wait', { retryAfter: 5 }],
    [
      'a reason that the portal does not like',
      {
        status: 400,
        code: 'VALIDATION.INVALID_PARAMETER',
        body: '{"code":"VALIDATION.INVALID_PARAMETER","data":{"reason":["too rude"]}}',
      },
    ],
  ])('%s is no refusal of the invitation', async (_, fault) => {
    const { actor, perform, row, portal, waitOut } = await haunted()
    await perform(actor, accept)
    portal.fault('declineInvitation', fault)
    await perform(actor, { ...decline, reason: 'No' })
    await waitOut(actor)
    expect(row(acme.invitationBizId)?.status).toBe('PENDING')
  })

  test('an accept that is refused because the user is a member already counts as accepted', async () => {
    const { actor, perform, portal } = await haunted({ refusedWith: 409 })
    portal.update((account) => {
      account.workspaces = [fakeWorkspace({ workspaceBizId: acme.workspaceBizId })]
    })
    await perform(actor, accept)
    expect(actor.getSnapshot().context).toMatchObject({ failure: null, acceptedInvitations: [acme] })
  })
})

describe('declining', () => {
  test('with a reason, as the portal takes it', async () => {
    const { actor, perform, row, portal } = await openInbox()
    await perform(actor, { type: 'invitation.decline', invitationBizId: acme.invitationBizId, reason: 'Wrong team' })
    expect(row(acme.invitationBizId)?.status).toBe('DECLINED')
    expect(portal.requests.find(({ operation }) => operation === 'declineInvitation')?.body).toEqual({
      reason: 'Wrong team',
    })
  })

  test.each(['documented', '204', '2040', '2000', 'literal'] as const)('answered by %s', async (noContent) => {
    const { actor, perform, row } = await openInbox(createSetting({ portal: { dialect: { noContent } } }))
    await perform(actor, { type: 'invitation.decline', invitationBizId: acme.invitationBizId })
    expect(row(acme.invitationBizId)?.status).toBe('DECLINED')
  })

  test('a reason over 500 characters is refused and never sent', async () => {
    const { actor, perform, requestsSince } = await openInbox()
    const reason = 'x'.repeat(501)
    await perform(actor, { type: 'invitation.decline', invitationBizId: acme.invitationBizId, reason })
    expect(actor.getSnapshot().context.failure).toMatchObject({ code: 'client.reasonTooLong', field: 'reason' })
    expect(requestsSince()).toEqual([])
  })

  test.each([
    ['client.invitationUnknown', 'no-such-id', 'PENDING'],
    ['client.invitationUnknown', undefined, 'PENDING'],
    ['client.invitationUnavailable', acme.invitationBizId, 'ACCEPTED'],
    ['client.invitationUnavailable', acme.invitationBizId, 'DECLINED'],
  ] as const)('%s: %s, which is %s, is never declined', async (code, invitationBizId, status) => {
    const setting = createSetting({ portal: { account: { invitations: [{ ...acme, status }] } } })
    const { actor, perform, requestsSince } = await openInbox(setting)
    await perform(actor, { type: 'invitation.decline', invitationBizId } as never)
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'invalid', code, effect: 'none' })
    expect(requestsSince()).toEqual([])
  })

  test('a reason is for declining: with an accept it is not looked at', async () => {
    const setting = createSetting({ portal: { account: { invitations: [{ ...acme, status: 'DECLINED' }] } } })
    const { actor, perform } = await openInbox(setting)
    const reason = 'x'.repeat(501)
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId, reason } as never)
    expect(actor.getSnapshot().context.failure?.code).toBe('client.invitationUnavailable')
  })

  test('handled before: the refusal is told, and the row is out of play', async () => {
    const { actor, perform, row, portal } = await openInbox()
    portal.update((account) => {
      for (const invitation of account.invitations) invitation.status = 'CANCELLED'
    })
    await perform(actor, { type: 'invitation.decline', invitationBizId: acme.invitationBizId })
    expect(actor.getSnapshot().context.failure?.code).toBe('WORKSPACE.INVITATION_ALREADY_PROCESSED')
    expect(row(acme.invitationBizId)?.status).toBe('CANCELLED')
  })

  test.each([
    ['loseReply', 'DECLINED', null],
    ['loseRequest', 'PENDING', { effect: 'none' }],
  ] as const)('%s: the inbox tells that it is %s', async (fault, status, failure) => {
    const { actor, perform, waitOut, row, portal } = await openInbox()
    portal.fault('declineInvitation', fault)
    await perform(actor, { type: 'invitation.decline', invitationBizId: acme.invitationBizId })
    await waitOut(actor)
    expect(row(acme.invitationBizId)?.status).toBe(status)
    if (failure === null) expect(actor.getSnapshot().context.failure).toBeNull()
    else expect(actor.getSnapshot().context.failure).toMatchObject(failure)
  })
})

test('a decline that did not get through is no acceptance, member of its workspace or not', async () => {
  const setting = createSetting({ portal: { account: { workspaces: [{ workspaceBizId: acme.workspaceBizId }] } } })
  const { actor, perform, waitOut, portal, requestsSince } = await openInbox(setting)
  portal.fault('declineInvitation', 'loseRequest')
  await perform(actor, { type: 'invitation.decline', invitationBizId: acme.invitationBizId })
  await waitOut(actor)
  expect(actor.getSnapshot().context).toMatchObject({ acceptedInvitations: [], failure: { effect: 'none' } })
  expect(requestsSince()).toEqual(['declineInvitation', 'listInvitations', 'listInvitations'])
})

test.each([
  ['accept', 'ACCEPTED'],
  ['decline', 'DECLINED'],
] as const)('after %s, an inbox that lags behind offers it no more: %s', async (action, status) => {
  const { actor, perform, row, portal } = await openInbox()
  await perform(actor, { type: `invitation.${action}`, invitationBizId: acme.invitationBizId })
  portal.update((account) => {
    for (const invitation of account.invitations) invitation.status = 'PENDING'
  })
  await perform(actor, { type: 'inbox.refresh' })
  expect(row(acme.invitationBizId)).toMatchObject({ status, canAccept: false })
  expect(row(globex.invitationBizId)).toMatchObject({ status: 'PENDING', canAccept: true })
})

describe('expiry on screen', () => {
  test('triggers a re-read, not a verdict', async () => {
    const setting = createSetting()
    const expiresAt = setting.clock.now() + 5 * MINUTE
    setting.portal.update((account) => {
      account.invitations = account.invitations.slice(0, 1)
      for (const invitation of account.invitations) invitation.expiresAt = expiresAt
    })
    const { actor, clock, rest, row, requestsSince } = await openInbox(setting)
    await clock.advance(5 * MINUTE)
    await rest(actor)
    expect(requestsSince()).toEqual(['listInvitations'])
    expect(row(acme.invitationBizId)).toMatchObject({ status: 'EXPIRED', canAccept: false })
  })

  test('the portal’s clock may be a little slow: it is asked once that has come to it as well', async () => {
    const setting = createSetting({ portal: { portalOffsetMs: -600 } })
    const expiresAt = setting.clock.now() + MINUTE
    setting.portal.update((account) => {
      account.invitations = account.invitations.slice(0, 1)
      for (const invitation of account.invitations) invitation.expiresAt = expiresAt
    })
    const { actor, clock, rest, row, requestsSince } = await openInbox(setting)
    await clock.advance(MINUTE + 2_000)
    await rest(actor)
    expect(requestsSince()).toEqual(['listInvitations'])
    expect(row(acme.invitationBizId)?.status).toBe('EXPIRED')
  })

  test('an inbox that keeps showing them as open is asked once for all, not again and again', async () => {
    const setting = createSetting()
    const start = setting.clock.now()
    const invitations = Array.from({ length: 40 }, (_, index) => ({
      invitationBizId: `invitation-${index}`,
      workspaceBizId: `WS_${index}`,
      workspaceName: 'Ops',
      inviterName: 'Ada',
      status: 'PENDING',
      expiresAt: start - index * MINUTE,
      canAccept: true,
    }))
    const machine = setting.machines.invitations.provide({
      actors: {
        listInvitations: fromPromise<Invitation[], undefined>(async () => {
          reads++
          return invitations
        }),
      },
    })
    let reads = 0
    const actor = createActor(machine).start()
    onTestFinished(() => void actor.stop())
    await setting.clock.advance(10 * MINUTE)
    await setting.rest(actor)
    await setting.clock.advance(10 * MINUTE)
    await setting.rest(actor)
    expect(reads).toBe(2)
  })
})

describe('leaving', () => {
  test('an offered inbox can be left as it is', async () => {
    const { actor, perform } = await openInbox()
    const { status, output } = await perform(actor, { type: 'step.skip' })
    expect(status).toBe('done')
    expect(output).toEqual({ outcome: 'skipped', failure: null, aimHolds: false, acceptedInvitations: [] })
  })

  test('a required one cannot, until no invitation is left that could be acted on', async () => {
    const { actor, perform } = await openInbox(createSetting(), { policy: 'require' })
    await perform(actor, { type: 'step.finish' })
    expect(actor.getSnapshot().context.failure?.code).toBe('client.stepRequired')
    await perform(actor, { type: 'step.skip' })
    expect(actor.getSnapshot().status).toBe('active')
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    await perform(actor, { type: 'invitation.decline', invitationBizId: globex.invitationBizId })
    expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({ outcome: 'done', aimHolds: true })
  })

  test('a required one whose inbox was never read cannot be left either', async () => {
    const setting = createSetting()
    setting.portal.fault('listInvitations', { status: 500 }, { times: 9 })
    const { actor, perform } = await openInbox(setting, { policy: 'require' })
    expect((await perform(actor, { type: 'step.finish' })).value).toEqual({ halted: 'failed' })
  })
})

test('a lasting 401 ends the step', async () => {
  const { actor, perform, portal } = await openInbox()
  portal.fault('acceptInvitation', { status: 401 }, { times: 9 })
  const { output } = await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
  expect(output).toMatchObject({ outcome: 'signedOut', failure: { kind: 'unauthorized' } })
})

test('a rate limit is waited for, and ends by itself', async () => {
  const { actor, perform, portal, clock, rest } = await openInbox()
  portal.fault('acceptInvitation', { retryAfter: 30 })
  await perform(actor, { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
  expect(actor.getSnapshot().hasTag('coolingDown')).toBe(true)
  expect(actor.getSnapshot().context.failure?.retryAt).toBeGreaterThan(clock.now())
  await clock.advance(31_000)
  await rest(actor)
  expect(actor.getSnapshot().value).toBe('inbox')
  expect(actor.getSnapshot().context.failure).toBeNull()
})
