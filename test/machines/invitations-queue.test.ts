/** While one invitation is accepted or declined, the others can be acted on, and the step can be left. */
import { describe, expect, test } from 'vitest'
import { close, reopen } from '../support/reload.ts'
import { createSetting, type Setting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

const [acme, globex, initech] = ['acme', 'globex', 'initech'].map((name) => ({
  invitationBizId: `${name}-1`,
  workspaceBizId: `WS_${name}`,
})) as [Row, Row, Row]
type Row = { readonly invitationBizId: string; readonly workspaceBizId: string }

const accept = ({ invitationBizId }: Row) => ({ type: 'invitation.accept', invitationBizId }) as const
const decline = ({ invitationBizId }: Row) => ({ type: 'invitation.decline', invitationBizId }) as const
const takeBack = ({ invitationBizId }: Row) => ({ type: 'invitation.dequeue', invitationBizId }) as const
const finish = { type: 'step.finish' } as const

async function openInbox(input: object = {}, setting: Setting = threeInvitations()) {
  const actor = await setting.start('invitations', input)
  setting.requestsSince()
  const state = () => actor.getSnapshot().context
  const queued = () => state().queue.map(({ action, invitationBizId }) => [action, invitationBizId])
  const statuses = () => setting.portal.account.invitations.map(({ status }) => status)
  const writes = () => setting.requestsSince().filter((operation) => operation !== 'listInvitations')
  return { ...setting, actor, state, queued, statuses, writes }
}

const threeInvitations = () => createSetting({ portal: { account: { invitations: [acme, globex, initech] } } })

test('what is asked for while one is under way is sent afterwards, in the order of the clicks', async () => {
  const { actor, rest, state, queued, statuses, requestsSince } = await openInbox()
  actor.send(accept(globex))
  actor.send(decline(initech))
  actor.send(accept(acme))
  expect(actor.getSnapshot().hasTag('busy')).toBe(true)
  expect(state().attempt).toMatchObject(globex)
  expect(queued()).toEqual([
    ['decline', initech.invitationBizId],
    ['accept', acme.invitationBizId],
  ])
  await rest(actor)
  expect(requestsSince()).toEqual([
    'acceptInvitation',
    'listInvitations',
    'declineInvitation',
    'listInvitations',
    'acceptInvitation',
    'listInvitations',
  ])
  expect(statuses()).toEqual(['ACCEPTED', 'ACCEPTED', 'DECLINED'])
  expect(state()).toMatchObject({ acceptedInvitations: [globex, acme], failure: null, attempt: null, queue: [] })
})

test('two are never under way at once', async () => {
  const { actor, rest, portal } = await openInbox()
  const arrived: string[] = []
  for (const operation of ['acceptInvitation', 'declineInvitation'] as const) {
    portal.interject(operation, () => void arrived.push('begins'), { times: 9 })
    portal.interject(operation, () => void arrived.push('ends'), { times: 9, when: 'after' })
  }
  for (const event of [accept(acme), accept(globex), decline(initech)]) actor.send(event)
  await rest(actor)
  expect(arrived).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends'])
})

test.each([
  ['accept', accept],
  ['decline', decline],
] as const)('a second wish for a row that waits is not taken: %s', async (_, again) => {
  const { actor, rest, queued, statuses, writes } = await openInbox()
  actor.send(accept(acme))
  actor.send(accept(globex))
  actor.send(again(globex))
  expect(queued()).toEqual([['accept', globex.invitationBizId]])
  await rest(actor)
  expect(writes()).toEqual(['acceptInvitation', 'acceptInvitation'])
  expect(statuses()).toEqual(['ACCEPTED', 'ACCEPTED', 'PENDING'])
})

test('what waits can be taken back, and asked for in another way', async () => {
  const { actor, rest, statuses } = await openInbox()
  actor.send(accept(acme))
  actor.send(accept(globex))
  actor.send(takeBack(globex))
  actor.send(takeBack(acme))
  actor.send(decline(globex))
  await rest(actor)
  expect(statuses()).toEqual(['ACCEPTED', 'DECLINED', 'PENDING'])
})

test('one that is not in the inbox, or cannot be acted on, is not queued', async () => {
  const { actor, rest, queued, writes } = await openInbox()
  actor.send(accept(acme))
  await rest(actor)
  actor.send(accept(globex))
  actor.send(accept(acme))
  actor.send(accept({ invitationBizId: 'nobody', workspaceBizId: 'WS' }))
  actor.send({ ...decline(initech), reason: 'x'.repeat(501) })
  expect(queued()).toEqual([])
  await rest(actor)
  expect(writes()).toEqual(['acceptInvitation', 'acceptInvitation'])
})

describe('one of several fails', () => {
  test.each([{ status: 403 }, { status: 409, code: 'WORKSPACE.INVITATION_EXPIRED' }])(
    'refused with %o: the others go on, and it is told in the end',
    async (fault) => {
      const { actor, rest, portal, state, statuses } = await openInbox()
      portal.fault('acceptInvitation', fault)
      for (const row of [acme, globex, initech]) actor.send(accept(row))
      await rest(actor)
      expect(actor.getSnapshot().value).toBe('inbox')
      expect(statuses()).toEqual(['PENDING', 'ACCEPTED', 'ACCEPTED'])
      expect(state()).toMatchObject({
        failure: { status: fault.status, effect: 'none' },
        earlierFailure: null,
        acceptedInvitations: [globex, initech],
      })
      actor.send({ type: 'inbox.refresh' })
      expect(state().failure).toBeNull()
      await rest(actor)
    },
  )

  test.each([
    ['has gone', 'client.invitationUnknown', (invitations: object[]) => void invitations.splice(1, 1)],
    [
      'was handled elsewhere',
      'client.invitationUnavailable',
      (invitations: { status: string }[]) => void Object.assign(invitations[1] ?? {}, { status: 'DECLINED' }),
    ],
  ] as const)('a row that %s while it waited is not sent, and the others are', async (_, code, change) => {
    const { actor, rest, portal, state, writes } = await openInbox()
    portal.interject('acceptInvitation', ({ invitations }) => change(invitations))
    for (const row of [acme, globex, initech]) actor.send(accept(row))
    await rest(actor)
    expect(writes()).toEqual(['acceptInvitation', 'acceptInvitation'])
    expect(state()).toMatchObject({
      failure: { code, kind: 'invalid', effect: 'none' },
      acceptedInvitations: [acme, initech],
    })
  })

  test('its outcome is not known: it is read back first, then the others go on', async () => {
    const { actor, rest, portal, state, requestsSince } = await openInbox()
    portal.fault('acceptInvitation', 'loseReply')
    actor.send(accept(acme))
    actor.send(accept(globex))
    await rest(actor)
    expect(requestsSince()).toEqual(['acceptInvitation', 'listInvitations', 'acceptInvitation', 'listInvitations'])
    expect(state()).toMatchObject({ failure: null, acceptedInvitations: [acme, globex] })
  })

  test('its outcome stays open: nothing else is sent until that is settled', async () => {
    const { actor, rest, clock, portal, state, queued, writes, waitOut, statuses } = await openInbox()
    portal.fault('acceptInvitation', { landsAfterMs: 3_000, answer: 504 })
    actor.send(accept(acme))
    actor.send(accept(globex))
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    expect(queued()).toEqual([['accept', globex.invitationBizId]])
    expect(writes()).toEqual(['acceptInvitation', 'listWorkspaces'])
    await clock.advance(3_000)
    await waitOut(actor)
    expect(statuses()).toEqual(['ACCEPTED', 'ACCEPTED', 'PENDING'])
    expect(state()).toMatchObject({ failure: null, acceptedInvitations: [acme, globex] })
    expect(portal.processed('acceptInvitation')).toBe(2)
  })

  test('the portal asks for a pause: the queue waits as well, and what it refused is told', async () => {
    const { actor, rest, clock, portal, state, queued, writes } = await openInbox()
    portal.fault('acceptInvitation', { retryAfter: 30 })
    actor.send(accept(acme))
    actor.send(accept(globex))
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    expect(state().failure?.retryAt).toBe(clock.now() + 30_000)
    expect(queued()).toEqual([['accept', globex.invitationBizId]])
    actor.send(finish)
    expect(actor.getSnapshot().status).toBe('active')
    await clock.advance(30_000)
    await rest(actor)
    expect(writes()).toEqual(['acceptInvitation', 'acceptInvitation'])
    expect(state()).toMatchObject({
      failure: { kind: 'rateLimited', retryAt: null, effect: 'none' },
      acceptedInvitations: [globex],
    })
  })

  test('during a pause what waits can be taken back; then the step can be left', async () => {
    const { actor, rest, portal, perform } = await openInbox()
    portal.fault('acceptInvitation', { retryAfter: 30 })
    actor.send(accept(acme))
    actor.send(accept(globex))
    await rest(actor)
    actor.send(takeBack(globex))
    expect((await perform(actor, finish)).output).toMatchObject({ outcome: 'done', acceptedInvitations: [] })
  })

  test('it was not sent at all: the queue waits for retry', async () => {
    let isOutOfReach = true
    const setting = createSetting({
      portal: { account: { invitations: [acme, globex] } },
      api: {
        async refreshAccessToken() {
          if (isOutOfReach) throw new TypeError('offline')
          return setting.portal.refreshAccessToken()
        },
      },
    })
    const { actor, rest, portal, perform, state, statuses } = await openInbox({}, setting)
    portal.fault('acceptInvitation', { status: 401 })
    actor.send(accept(acme))
    actor.send(accept(globex))
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    isOutOfReach = false
    await perform(actor, { type: 'retry' })
    expect(statuses()).toEqual(['PENDING', 'ACCEPTED'])
    expect(state().failure).toMatchObject({ code: 'client.refresh', effect: 'none' })
  })

  test('the user is signed out: nothing more is sent, and that is said', async () => {
    const { actor, rest, portal, writes } = await openInbox()
    portal.fault('acceptInvitation', { status: 401 }, { times: 9 })
    actor.send(accept(acme))
    actor.send(accept(globex))
    await rest(actor)
    expect(actor.getSnapshot().output).toMatchObject({
      outcome: 'signedOut',
      failure: { kind: 'unauthorized', code: 'client.signedOutUnsent', status: 401 },
      acceptedInvitations: [],
    })
    expect(new Set(writes())).toEqual(new Set(['acceptInvitation']))
    expect(portal.requests.filter(({ path }) => path.includes(globex.invitationBizId))).toEqual([])
  })
})

describe('leaving while something is pending', () => {
  test.each([
    ['step.finish', 'done'],
    ['step.skip', 'skipped'],
  ] as const)('%s waits until all is done', async (type, outcome) => {
    const { actor, rest, statuses } = await openInbox()
    actor.send(accept(acme))
    actor.send(accept(globex))
    actor.send({ type })
    actor.send({ type: 'step.skip' })
    actor.send(accept(initech))
    expect(actor.getSnapshot().status).toBe('active')
    await rest(actor)
    expect(statuses()).toEqual(['ACCEPTED', 'ACCEPTED', 'PENDING'])
    expect(actor.getSnapshot().output).toMatchObject({ outcome, acceptedInvitations: [acme, globex] })
  })

  test.each([
    ['a refusal', { status: 403 }],
    ['an unknown outcome', { landsAfterMs: 60_000, answer: 504 }],
    ['a pause', { retryAfter: 30 }],
  ] as const)('%s keeps the user, who sees it and leaves later', async (_, fault) => {
    const { actor, rest, waitOut, portal, state, perform } = await openInbox()
    portal.fault('acceptInvitation', fault)
    actor.send(accept(acme))
    actor.send(accept(globex))
    actor.send(finish)
    await rest(actor)
    await waitOut(actor)
    expect(actor.getSnapshot().value).toBe('inbox')
    expect(state()).toMatchObject({ failure: { effect: 'none' }, leaveAs: null, acceptedInvitations: [globex] })
    expect((await perform(actor, finish)).output).toMatchObject({ outcome: 'done', acceptedInvitations: [globex] })
  })

  test('what took place although its reply was lost keeps nobody', async () => {
    const { actor, rest, portal } = await openInbox()
    portal.fault('acceptInvitation', 'loseReply')
    actor.send(accept(acme))
    actor.send(finish)
    await rest(actor)
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'done', acceptedInvitations: [acme] })
  })

  test('where the step is required, only with all that is open under way; and not if one more has come', async () => {
    const { actor, rest, portal, state, statuses } = await openInbox({ policy: 'require' })
    actor.send(accept(acme))
    actor.send(accept(globex))
    actor.send(finish)
    expect(state().leaveAs).toBeNull()
    actor.send(decline(initech))
    actor.send(finish)
    expect(state().leaveAs).toBe('done')
    portal.interject('declineInvitation', ({ invitations }) => {
      const [first] = invitations
      if (first !== undefined) invitations.push({ ...first, invitationBizId: 'new-1', status: 'PENDING' })
    })
    await rest(actor)
    expect(statuses()).toEqual(['ACCEPTED', 'ACCEPTED', 'DECLINED', 'PENDING'])
    expect(state()).toMatchObject({ failure: { code: 'client.stepRequired' }, leaveAs: null })
    actor.send(decline({ ...acme, invitationBizId: 'new-1' }))
    actor.send(finish)
    await rest(actor)
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'done', aimHolds: true })
  })
})

describe('the page is closed in the middle', () => {
  test.each([
    ['hang', 'PENDING', { code: 'client.notDone', effect: 'none' }],
    ['hangReply', 'ACCEPTED', null],
  ] as const)(
    'the one under way is read back; what waited is not sent, and that is said (%s)',
    async (fault, status, failure) => {
      const { actor, portal, waitOut, requestsSince, statuses } = await openInbox()
      portal.fault('acceptInvitation', fault)
      actor.send(accept(acme))
      actor.send(accept(globex))
      actor.send(finish)
      while (portal.requests.at(-1)?.operation !== 'acceptInvitation') await turn()
      await turn()
      const restored = reopen(actor, close(actor))
      requestsSince()
      await waitOut(restored)
      expect(restored.getSnapshot().value).toBe('inbox')
      expect(requestsSince().filter((operation) => !operation?.startsWith('list'))).toEqual([])
      expect(statuses()).toEqual([status, 'PENDING', 'PENDING'])
      const { context } = restored.getSnapshot()
      expect(context).toMatchObject({ notice: 'notSent', queue: [], leaveAs: null, attempt: null })
      expect(context.failure && { code: context.failure.code, effect: context.failure.effect }).toEqual(failure)
      restored.send({ type: 'inbox.refresh' })
      expect(restored.getSnapshot().context.notice).toBeNull()
    },
  )

  test('during a pause: it goes on, and what waited is not sent afterwards either', async () => {
    const { actor, rest, portal, waitOut, statuses } = await openInbox()
    portal.fault('acceptInvitation', { retryAfter: 30 })
    actor.send(accept(acme))
    actor.send(accept(globex))
    await rest(actor)
    const restored = reopen(actor, close(actor))
    await rest(restored)
    expect(restored.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    await waitOut(restored)
    expect(statuses()).toEqual(['PENDING', 'PENDING', 'PENDING'])
    expect(restored.getSnapshot().context).toMatchObject({ notice: 'notSent', failure: null })
  })

  test('after a failure: the same', async () => {
    const { actor, rest, portal, waitOut, statuses } = await openInbox()
    portal.fault('listInvitations', { status: 403 })
    actor.send(accept(acme))
    actor.send(accept(globex))
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    const restored = reopen(actor, close(actor))
    await waitOut(restored)
    expect(statuses()).toEqual(['ACCEPTED', 'PENDING', 'PENDING'])
    expect(restored.getSnapshot().context).toMatchObject({
      notice: 'notSent',
      failure: null,
      acceptedInvitations: [acme],
    })
  })
})
