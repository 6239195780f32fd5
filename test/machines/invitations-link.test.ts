/** A link in an e-mail has named one invitation: it is shown first, alone. */
import { type InvitationsInput, type InvitationsScreen, type Machines, type OnboardingInput, screenOf } from 'postlogin'
import { describe, expect, test } from 'vitest'
import { type ActorRefFrom, createActor } from 'xstate'
import { close, reopen } from '../support/reload.ts'
import { createSetting, NOON, type Setting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

const [acme, globex] = [
  { invitationBizId: 'acme-1', workspaceBizId: 'WS_acme' },
  { invitationBizId: 'globex-1', workspaceBizId: 'WS_globex' },
] as const

const linked = { invitationBizId: globex.invitationBizId }
const accept = ({ invitationBizId }: { readonly invitationBizId: string }) =>
  ({ type: 'invitation.accept', invitationBizId }) as const
const decline = ({ invitationBizId }: { readonly invitationBizId: string }) =>
  ({ type: 'invitation.decline', invitationBizId }) as const

const twoInvitations = (parts: object = {}) =>
  createSetting({ portal: { account: { invitations: [acme, { ...globex, ...parts }] } } })

const shown = (actor: ActorRefFrom<Machines['invitations']>): InvitationsScreen => {
  const screen = screenOf(actor.getSnapshot())
  if (screen.name !== 'invitations') throw new Error(`This is ${screen.name}.`)
  return screen
}

/** The id of the one that is shown alone, or null; and what is said. */
const seen = (actor: ActorRefFrom<Machines['invitations']>) => {
  const { linked, notice, showAll } = shown(actor)
  expect(showAll === null).toBe(linked === null)
  return [linked?.invitationBizId ?? null, notice]
}
const alone = [globex.invitationBizId, null]
const all = [null, null]

async function openLink(setting: Setting = twoInvitations(), input: InvitationsInput = {}) {
  const actor = await setting.start('invitations', { ...linked, ...input })
  return { ...setting, actor }
}

describe('a link to an open invitation', () => {
  test('shows it alone, though the inbox has others; all of them on demand', async () => {
    const { actor } = await openLink()
    expect(seen(actor)).toEqual(alone)
    const { rows, linked, showAll } = shown(actor)
    expect(rows.map(({ invitationBizId }) => invitationBizId)).toEqual(['acme-1', 'globex-1'])
    expect(rows).toContain(linked)
    expect(showAll).toEqual({ owner: 'invitations', event: { type: 'inbox.showAll' }, blocked: null })
    actor.send({ type: 'inbox.showAll' })
    expect(seen(actor)).toEqual(all)
    expect(actor.getSnapshot().value).toBe('inbox')
  })

  test.each([
    ['accept', accept, 'ACCEPTED'],
    ['decline', decline, 'DECLINED'],
  ] as const)('%s: alone until that is done, then the rest', async (_, event, status) => {
    const { actor, portal, rest } = await openLink()
    actor.send(event(globex))
    expect(seen(actor)).toEqual(alone)
    expect(shown(actor).linked).toMatchObject({ isPending: true })
    await rest(actor)
    expect(portal.account.invitations.map(({ status }) => status)).toEqual(['PENDING', status])
    expect(seen(actor)).toEqual(all)
  })

  test('the rest is on demand while it is being accepted, too', async () => {
    const { actor, rest } = await openLink()
    actor.send(accept(globex))
    actor.send({ type: 'inbox.showAll' })
    expect(seen(actor)).toEqual(all)
    await rest(actor)
    expect(actor.getSnapshot().context.acceptedInvitations).toMatchObject([globex])
  })

  test('an accept that is refused: it stays alone, and can be declined', async () => {
    const { actor, portal, rest } = await openLink()
    portal.fault('acceptInvitation', { status: 403 })
    actor.send(accept(globex))
    await rest(actor)
    expect(seen(actor)).toEqual(alone)
    expect(shown(actor).failure).toMatchObject({ status: 403 })
    actor.send(decline(globex))
    await rest(actor)
    expect(seen(actor)).toEqual(all)
  })

  test('an accept that comes too late: the failure says so, and no notice beside it', async () => {
    const { actor, portal, rest } = await openLink()
    portal.fault('acceptInvitation', { status: 409, code: 'WORKSPACE.INVITATION_EXPIRED' })
    actor.send(accept(globex))
    await rest(actor)
    expect(seen(actor)).toEqual(all)
    expect(shown(actor).failure).toMatchObject({ code: 'WORKSPACE.INVITATION_EXPIRED' })
  })

  test('an accept whose reply is lost: alone until the outcome is known', async () => {
    const { actor, portal, rest } = await openLink()
    portal.fault('acceptInvitation', 'loseReply')
    actor.send(accept(globex))
    await rest(actor)
    expect(shown(actor).failure).toBeNull()
    expect(seen(actor)).toEqual(all)
  })

  test('it expires on screen: that is said, with the rest', async () => {
    const { actor, clock, rest } = await openLink(twoInvitations({ expiresAt: NOON + 60_000 }))
    expect(seen(actor)).toEqual(alone)
    await clock.advance(63_000)
    await rest(actor)
    expect(seen(actor)).toEqual([null, 'linkExpired'])
  })

  test('it is gone at the next reading: that is said until the next deed', async () => {
    const { actor, portal, rest } = await openLink()
    portal.update((account) => {
      account.invitations = account.invitations.filter(({ invitationBizId }) => invitationBizId !== 'globex-1')
    })
    actor.send({ type: 'inbox.refresh' })
    await rest(actor)
    expect(seen(actor)).toEqual([null, 'linkUnknown'])
    actor.send({ type: 'inbox.refresh' })
    await rest(actor)
    expect(seen(actor)).toEqual(all)
  })

  test('a required step counts the others, too', async () => {
    const { actor, rest } = await openLink(twoInvitations(), { policy: 'require' })
    expect(shown(actor)).toMatchObject({
      finish: { blocked: 'stepRequired' },
      skip: { blocked: 'stepRequired' },
    })
    actor.send(accept(globex))
    await rest(actor)
    expect(shown(actor)).toMatchObject({ aimHolds: false, finish: { blocked: 'stepRequired' } })
    actor.send(decline(acme))
    await rest(actor)
    expect(shown(actor)).toMatchObject({ aimHolds: true, finish: { blocked: null } })
  })
})

test.each([
  ['EXPIRED', 'linkExpired'],
  ['ACCEPTED', 'linkHandled'],
  ['DECLINED', 'linkHandled'],
  ['CANCELLED', 'linkHandled'],
] as const)('a link to one that is %s: the whole inbox, and %s', async (status, notice) => {
  const { actor } = await openLink(twoInvitations({ status }))
  expect(seen(actor)).toEqual([null, notice])
})

test('ids are compared letter by letter', async () => {
  const { actor } = await openLink(twoInvitations(), { invitationBizId: 'GLOBEX-1' })
  expect(seen(actor)).toEqual([null, 'linkUnknown'])
})

test('an inbox that cannot be read: the link waits for the one that can', async () => {
  const setting = twoInvitations()
  setting.portal.fault('listInvitations', { status: 403 })
  const { actor, rest } = await openLink(setting)
  expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
  expect(shown(actor)).toMatchObject({ linked: null, notice: null })
  actor.send({ type: 'retry' })
  await rest(actor)
  expect(seen(actor)).toEqual(alone)
})

test.each<[string, unknown]>([
  ['an empty one', ''],
  ['a number', 7],
  ['null', null],
])('an id that is none is an error at once, naming it: %s', (_, invitationBizId) => {
  const { machines } = createSetting()
  const input = { invitationBizId } as InvitationsInput
  const snapshot = createActor(machines.invitations, { input }).getSnapshot()
  expect(snapshot.error).toMatchObject({ failure: { code: 'client.input', field: 'invitationBizId' } })
})

describe('after a reload', () => {
  test('it is alone again', async () => {
    const { actor, waitOut } = await openLink()
    const restored = reopen(actor, close(actor))
    await waitOut(restored)
    expect(seen(restored)).toEqual(alone)
  })

  test('all of them are still shown where the user wanted that', async () => {
    const { actor, waitOut } = await openLink()
    actor.send({ type: 'inbox.showAll' })
    const restored = reopen(actor, close(actor))
    await waitOut(restored)
    expect(seen(restored)).toEqual(all)
  })

  test('an accept that was under way is read back, and then the rest is shown', async () => {
    const { actor, portal, waitOut } = await openLink()
    portal.fault('acceptInvitation', 'hangReply')
    actor.send(accept(globex))
    while (portal.requests.at(-1)?.operation !== 'acceptInvitation') await turn()
    await turn()
    const restored = reopen(actor, close(actor))
    expect(seen(restored)).toEqual(alone)
    await waitOut(restored)
    expect(seen(restored)).toEqual(all)
    expect(restored.getSnapshot().context.acceptedInvitations).toMatchObject([globex])
  })
})

describe('in the whole flow', () => {
  const nothingToDo = {
    invitations: [],
    mfaMethods: [{ method: 'OTP', isEnabled: true }],
    ipWhitelist: { enabled: true, entries: ['203.0.113.10'] },
    sessions: [{ isCurrent: true, clientIp: '203.0.113.10' }],
  }
  async function onboard(input: OnboardingInput, setting = twoInvitations()) {
    const flow = await setting.start('onboarding', { ...linked, ...input })
    return { ...setting, flow, screen: () => screenOf(flow.getSnapshot()) }
  }

  test('it is alone in the step of the invitations', async () => {
    const { screen } = await onboard({})
    expect(screen()).toMatchObject({ name: 'invitations', linked: globex, notice: null })
  })

  test('the order is the host’s', async () => {
    const { screen, flow, rest } = await onboard({ order: ['sessions', 'invitations'], policy: { sessions: 'show' } })
    expect(screen()).toMatchObject({ name: 'sessions' })
    flow.getSnapshot().children.sessions?.send({ type: 'step.finish' })
    await rest(flow)
    expect(screen()).toMatchObject({ name: 'invitations', linked: globex })
  })

  test.each(['offer', 'require'] as const)(
    'under `%s`, an empty inbox is shown to say what became of it',
    async (policy) => {
      const setting = createSetting({ portal: { account: nothingToDo } })
      const { flow, screen, rest } = await onboard({ policy: { invitations: policy } }, setting)
      expect(screen()).toMatchObject({
        name: 'invitations',
        notice: 'linkUnknown',
        rows: [],
        finish: { blocked: null },
      })
      flow.getSnapshot().children.invitations?.send({ type: 'step.finish' })
      await rest(flow)
      expect(flow.getSnapshot().output).toMatchObject({ outcome: 'completed', skippedSteps: [] })
    },
  )

  test.each<[string, OnboardingInput]>([
    ['skips the step', { policy: { invitations: 'skip' } }],
    ['leaves the step out', { order: ['mfa', 'workspace'] }],
  ])('a host that %s hears nothing of it', async (_, input) => {
    const { flow } = await onboard(input, createSetting({ portal: { account: nothingToDo } }))
    expect(flow.getSnapshot().output).toMatchObject({ outcome: 'completed' })
  })

  test('a reload before the step is reached keeps it', async () => {
    const { flow, waitOut } = await onboard({ order: ['sessions', 'invitations'], policy: { sessions: 'show' } })
    const restored = reopen(flow, close(flow))
    await waitOut(restored)
    restored.getSnapshot().children.sessions?.send({ type: 'step.finish' })
    await waitOut(restored)
    expect(screenOf(restored.getSnapshot())).toMatchObject({ name: 'invitations', linked: globex })
  })
})
