import { describe, expect, test } from 'vitest'
import { createSetting } from '../support/setting.ts'

const two = { portal: { account: { workspaces: [{ workspaceBizId: 'WS_A' }, { workspaceBizId: 'WS_B' }] } } }
const acceptance = {
  invitationBizId: 'i',
  workspaceBizId: 'WS_B',
  becameDefaultWorkspace: false,
  nextAction: 'ENTER_ACCEPTED_WORKSPACE',
}

async function openChooser(setting = createSetting(), input?: object) {
  const actor = await setting.start('workspace', input)
  return { ...setting, actor }
}

test('a route that is clear is shown, for a machine that runs alone never ends by itself', async () => {
  const { actor, perform } = await openChooser()
  expect(actor.getSnapshot().value).toEqual({ atRest: 'routed' })
  expect((await perform(actor, { type: 'step.finish' })).output).toEqual({
    outcome: 'done',
    failure: null,
    aimHolds: true,
    route: { to: 'workspace', workspaceBizId: 'WS_HOME_001', reason: 'default' },
  })
})

test('an accepted invitation decides, on a fresh list', async () => {
  const { actor, requestsSince } = await openChooser(createSetting(two), {
    initialData: { acceptedInvitations: [acceptance] },
  })
  expect(requestsSince()).toEqual(['listWorkspaces'])
  expect(actor.getSnapshot().context.route).toEqual({ to: 'workspace', workspaceBizId: 'WS_B', reason: 'accepted' })
})

test('without a workspace there is a clear end, not a dead one', async () => {
  const { actor, perform } = await openChooser(createSetting({ portal: { account: { workspaces: [] } } }))
  expect(actor.getSnapshot().value).toEqual({ atRest: 'routed' })
  expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({ route: { to: 'noWorkspace' } })
})

test('a chooser that is skipped leaves the route to the host, although an acceptance named a workspace that is closed', async () => {
  const closed = [{ workspaceBizId: 'WS_A' }, { workspaceBizId: 'WS_B', enterable: false }, { workspaceBizId: 'WS_C' }]
  const { actor, perform } = await openChooser(createSetting({ portal: { account: { workspaces: closed } } }), {
    initialData: { acceptedInvitations: [acceptance] },
  })
  expect(actor.getSnapshot().value).toEqual({ atRest: 'choosing' })
  expect((await perform(actor, { type: 'step.skip' })).output).toMatchObject({ route: { to: 'unresolved' } })
})

describe('choosing', () => {
  test('what was chosen stands, although it could not be made the default, also once the list is read again', async () => {
    const { actor, perform, portal } = await openChooser()
    portal.fault('setDefaultWorkspace', { status: 403 })
    const choice = { workspaceBizId: 'WS_LAB_001', makeDefault: true }
    await perform(actor, { type: 'workspace.choose', ...choice })
    expect(actor.getSnapshot().value).toEqual({ atRest: 'routed' })
    await perform(actor, { type: 'retry' })
    expect(actor.getSnapshot().context.route).toMatchObject({ workspaceBizId: 'WS_LAB_001', reason: 'chosen' })
    portal.update((account) => {
      for (const workspace of account.workspaces)
        if (workspace.workspaceBizId === 'WS_LAB_001') workspace.enterable = false
    })
    await perform(actor, { type: 'retry' })
    expect(actor.getSnapshot().context.route).toMatchObject({ workspaceBizId: 'WS_HOME_001', reason: 'default' })
  })

  test('several and no default: the user chooses', async () => {
    const { actor, perform } = await openChooser(createSetting(two))
    expect(actor.getSnapshot().value).toEqual({ atRest: 'choosing' })
    expect((await perform(actor, { type: 'workspace.choose', workspaceBizId: 'WS_B' })).output).toMatchObject({
      outcome: 'done',
      route: { to: 'workspace', workspaceBizId: 'WS_B', reason: 'chosen' },
    })
  })

  test('and may make it the default', async () => {
    const { actor, perform, portal } = await openChooser(createSetting(two))
    await perform(actor, { type: 'workspace.choose', workspaceBizId: 'WS_B', makeDefault: true })
    expect(actor.getSnapshot().output).toMatchObject({ route: { workspaceBizId: 'WS_B' } })
    expect(portal.account.workspaces.find(({ isDefault }) => isDefault)?.workspaceBizId).toBe('WS_B')
  })

  test.each([
    ['client.workspaceUnknown', { workspaceBizId: 'WS_Z' }, {}],
    ['client.workspaceClosed', { workspaceBizId: 'WS_B' }, { enterable: false }],
    ['client.workspaceNotEligible', { workspaceBizId: 'WS_B', makeDefault: true }, { defaultEligible: false }],
  ])('%s is refused and never sent', async (code, choice, parts) => {
    const workspaces = [{ workspaceBizId: 'WS_A' }, { workspaceBizId: 'WS_B', ...parts }, { workspaceBizId: 'WS_C' }]
    const { actor, perform, requestsSince } = await openChooser(createSetting({ portal: { account: { workspaces } } }))
    const { value, context } = await perform(actor, { type: 'workspace.choose', ...choice })
    expect(value).toEqual({ atRest: 'choosing' })
    expect(context.failure).toMatchObject({ kind: 'invalid', code })
    expect(requestsSince()).toEqual(['listWorkspaces'])
  })

  test('a default that is refused leaves the choice as it is', async () => {
    const { actor, perform, portal } = await openChooser(createSetting(two))
    portal.fault('setDefaultWorkspace', { status: 403 })
    const { value, context } = await perform(actor, {
      type: 'workspace.choose',
      workspaceBizId: 'WS_B',
      makeDefault: true,
    })
    expect(value).toEqual({ atRest: 'routed' })
    expect(context.failure?.kind).toBe('forbidden')
    expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({ route: { workspaceBizId: 'WS_B' } })
  })

  test.each([
    ['loseReply', 'done'],
    ['loseRequest', { atRest: 'routed' }],
  ] as const)('a default with %s: the list tells', async (fault, value) => {
    const { actor, perform, waitOut, portal } = await openChooser(createSetting(two))
    portal.fault('setDefaultWorkspace', fault)
    await perform(actor, { type: 'workspace.choose', workspaceBizId: 'WS_B', makeDefault: true })
    await waitOut(actor)
    expect(actor.getSnapshot().value).toEqual(value)
  })
})

describe('making it the default', () => {
  const choice = { type: 'workspace.choose', workspaceBizId: 'WS_B', makeDefault: true } as const
  const route = { to: 'workspace', workspaceBizId: 'WS_B', reason: 'chosen' }

  test('asked to wait, the choice stands, and the default is not set unasked afterwards', async () => {
    const { actor, perform, portal, clock, rest } = await openChooser(createSetting(two))
    portal.fault('setDefaultWorkspace', { retryAfter: 20 })
    expect((await perform(actor, choice)).value).toEqual({ halted: 'coolingDown' })
    await clock.advance(20_000)
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ atRest: 'routed' })
    expect(actor.getSnapshot().context).toMatchObject({ route, failure: null, newDefault: null })
    expect(portal.processed('setDefaultWorkspace')).toBe(0)
  })

  test('not done: said, and offered again', async () => {
    const { actor, perform, waitOut, portal } = await openChooser(createSetting(two))
    portal.fault('setDefaultWorkspace', 'loseRequest')
    await perform(actor, choice)
    await waitOut(actor)
    const { context } = actor.getSnapshot()
    expect(context).toMatchObject({ route, failure: { effect: 'none' }, newDefault: null })
    expect((await perform(actor, choice)).output).toMatchObject({ outcome: 'done', route })
    expect(portal.processed('setDefaultWorkspace')).toBe(1)
  })

  test('with an outcome that cannot be told: a required step has its route and may be left', async () => {
    const { actor, perform, portal } = await openChooser(createSetting(two), { policy: 'require' })
    portal.fault('setDefaultWorkspace', 'loseReply')
    portal.fault('listWorkspaces', { status: 403 })
    expect((await perform(actor, choice)).value).toEqual({ halted: 'coolingDown' })
    expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({ aimHolds: true, route })
  })
})

describe('leaving without a choice', () => {
  test('skipped: the host decides', async () => {
    const { actor, perform } = await openChooser(createSetting(two))
    expect((await perform(actor, { type: 'step.skip' })).output).toMatchObject({
      outcome: 'skipped',
      aimHolds: false,
      route: { to: 'unresolved' },
    })
  })

  test('unreadable workspaces: what the acceptance named is still known', async () => {
    const setting = createSetting()
    setting.portal.fault('listWorkspaces', { status: 500 }, { times: 3 })
    const { actor, perform } = await openChooser(setting, { initialData: { acceptedInvitations: [acceptance] } })
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({
      route: { to: 'workspace', workspaceBizId: 'WS_B', reason: 'accepted' },
    })
  })

  test('unreadable workspaces and nothing accepted: the host decides', async () => {
    const setting = createSetting()
    setting.portal.fault('listWorkspaces', { status: 403 })
    const { actor, perform } = await openChooser(setting)
    expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({ route: { to: 'unresolved' } })
  })

  test('required: only with a route', async () => {
    const { actor, perform } = await openChooser(createSetting(two), { policy: 'require' })
    expect((await perform(actor, { type: 'step.skip' })).context.failure?.code).toBe('client.stepRequired')
  })
})
