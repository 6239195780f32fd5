import { activeStep, gatedPolicy, type OnboardingInput, stepsOf } from 'postlogin'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AnyActorRef, createActor, type EventObject } from 'xstate'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

const here = '203.0.113.10'
const acme = { invitationBizId: 'a1b2c3d4-e5f6-4890-abcd-ef1234567890', workspaceBizId: 'WS_ACME_001' }

/** Nothing to do in any step. */
const settled = {
  invitations: [],
  mfaMethods: [{ method: 'OTP', isEnabled: true }],
  ipWhitelist: { enabled: true, entries: [here] },
  sessions: [{ isCurrent: true, clientIp: here }],
}

async function onboard(setting = createSetting(), input?: OnboardingInput) {
  const actor = await setting.start('onboarding', input)
  const step = () => activeStep(actor.getSnapshot())
  /** Sends an event to the machine that has the user, and waits for the whole flow to rest. */
  async function perform(name: string, event: object) {
    expect(step()?.name).toBe(name)
    const actorOfStep: AnyActorRef | undefined = step()?.actor
    actorOfStep?.send(event as EventObject)
    await setting.rest(actor)
  }
  const statuses = () => stepsOf(actor.getSnapshot()).map(({ status }) => status)
  return { ...setting, actor, step, perform, statuses }
}

describe('the whole flow', () => {
  test('an invited user gets from login into the right workspace', async () => {
    const { actor, perform, statuses, portal } = await onboard(createSetting(), { policy: gatedPolicy })
    expect(statuses()).toEqual(['current', 'upcoming', 'upcoming', 'upcoming', 'upcoming'])
    await perform('invitations', {
      type: 'invitation.decline',
      invitationBizId: 'b2c3d4e5-f6a7-4901-bcde-f12345678901',
    })
    await perform('invitations', { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    await perform('invitations', { type: 'step.finish' })
    await perform('mfa', { type: 'otp.enrol' })
    await perform('otpEnrollment', { type: 'code.submit', code: await portal.authenticator.code() })
    await perform('mfa', { type: 'step.finish' })
    await perform('ipWhitelist', { type: 'entry.add', value: here })
    await perform('ipWhitelist', { type: 'whitelist.enable' })
    await perform('whitelistChange', { type: 'change.keep' })
    await perform('ipWhitelist', { type: 'step.finish' })
    await perform('sessions', { type: 'sessions.terminateOthers' })
    await perform('sessions', { type: 'termination.confirm' })
    await perform('sessions', { type: 'step.finish' })
    expect(actor.getSnapshot().output).toEqual({
      outcome: 'completed',
      route: { to: 'workspace', workspaceBizId: acme.workspaceBizId, reason: 'accepted' },
      acceptedInvitations: [{ ...acme, becameDefaultWorkspace: false, nextAction: 'ENTER_ACCEPTED_WORKSPACE' }],
      otpEnabled: true,
      ipWhitelistEnabled: true,
      sessionsTerminated: 2,
      skippedSteps: [],
      unconfirmedChange: null,
    })
    expect(statuses()).toEqual(['done', 'done', 'done', 'done', 'done'])
    expect(portal.login()).toMatchObject({ ok: true })
  })

  test('with nothing to do it ends by itself, one round trip deep', async () => {
    const { actor, requestsSince } = await onboard(createSetting({ portal: { account: settled } }))
    expect(actor.getSnapshot().output).toMatchObject({
      outcome: 'completed',
      route: { to: 'workspace', workspaceBizId: 'WS_HOME_001', reason: 'default' },
      otpEnabled: true,
      ipWhitelistEnabled: true,
      skippedSteps: [],
    })
    expect(requestsSince().sort()).toEqual([
      'getIpWhitelist',
      'listInvitations',
      'listMfaMethods',
      'listSessions',
      'listWorkspaces',
    ])
  })

  test('all that the first screen needs is one read: the others may take longer', async () => {
    const setting = createSetting()
    for (const operation of ['listMfaMethods', 'getIpWhitelist', 'listSessions', 'listWorkspaces'] as const) {
      setting.portal.fault(operation, { delayMs: 9_000 })
    }
    const { actor, step, clock, rest } = await onboard(setting)
    expect(step()?.name).toBe('invitations')
    step()?.actor.send({ type: 'step.skip' })
    expect(actor.getSnapshot().hasTag('busy')).toBe(true)
    await clock.advance(9_000)
    await rest(actor)
    expect(step()?.name).toBe('mfa')
  })
})

describe('what the root hands on', () => {
  test('each step starts from what was read already: only the workspaces are read twice, before the route', async () => {
    const { actor, step, perform, requestsSince } = await onboard()
    requestsSince()
    for (const name of ['invitations', 'mfa', 'ipWhitelist', 'sessions']) {
      expect(step()?.actor.getSnapshot().context.failure).toBeNull()
      await perform(name, { type: 'step.finish' })
    }
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'completed' })
    expect(requestsSince()).toEqual(['listWorkspaces'])
  })

  test('the whitelist step knows the address that its draft is judged by', async () => {
    const { step, requestsSince } = await onboard(createSetting(), { order: ['ipWhitelist'] })
    expect(step()?.actor.getSnapshot().context).toMatchObject({ assessment: { currentAddress: here } })
    expect(requestsSince().filter((operation) => operation === 'listSessions')).toHaveLength(1)
  })

  test.each(['invitations', 'mfa', 'ipWhitelist', 'sessions', 'workspace'] as const)(
    'the policy: %s cannot be left while it is required',
    async (name) => {
      const workspaces = [{ workspaceBizId: 'WS_A' }, { workspaceBizId: 'WS_B' }]
      const setting = createSetting({ portal: { account: { workspaces } } })
      const { step, perform } = await onboard(setting, { order: [name], policy: { [name]: 'require' } })
      await perform(name, { type: 'step.skip' })
      expect(step()?.actor.getSnapshot().context.failure).toMatchObject({ code: 'client.stepRequired' })
    },
  )

  test('how long a whitelist change has to be kept', async () => {
    const { step, perform, clock, rest, actor } = await onboard(createSetting(), {
      order: ['ipWhitelist'],
      confirmWithinMs: 5_000,
    })
    await perform('ipWhitelist', { type: 'entry.add', value: here })
    await perform('ipWhitelist', { type: 'whitelist.enable' })
    await clock.advance(5_000)
    await rest(actor)
    expect(step()?.actor.getSnapshot().context).toMatchObject({ notice: 'changeUndone' })
  })
})

describe('policy', () => {
  test('`show` shows a step although there is nothing to do', async () => {
    const { step } = await onboard(createSetting({ portal: { account: settled } }), { policy: { sessions: 'show' } })
    expect(step()?.name).toBe('sessions')
  })

  test('`skip` never shows it, and asks nothing about it', async () => {
    const policy = { invitations: 'skip', mfa: 'skip', ipWhitelist: 'skip', sessions: 'skip' } as const
    const { actor, statuses, requestsSince } = await onboard(createSetting(), { policy })
    expect(actor.getSnapshot().output).toMatchObject({
      outcome: 'completed',
      otpEnabled: null,
      ipWhitelistEnabled: null,
      skippedSteps: ['invitations', 'mfa', 'ipWhitelist', 'sessions'],
      route: { to: 'workspace', workspaceBizId: 'WS_HOME_001' },
    })
    expect(statuses()).toEqual(['skipped', 'skipped', 'skipped', 'skipped', 'done'])
    expect(requestsSince()).toEqual(['listWorkspaces'])
  })

  test('a step that is left out is neither asked about nor waited for', async () => {
    const setting = createSetting({ portal: { account: settled } })
    for (const operation of ['listMfaMethods', 'getIpWhitelist', 'listSessions', 'listWorkspaces'] as const) {
      setting.portal.fault(operation, 'hang')
    }
    const { actor, requestsSince } = await onboard(setting, { order: ['invitations'] })
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'completed', route: { to: 'unresolved' } })
    expect(requestsSince()).toEqual(['listInvitations'])
  })

  test('the sessions are read for the whitelist also where their own step is skipped', async () => {
    const { step, requestsSince } = await onboard(createSetting(), {
      order: ['ipWhitelist', 'sessions'],
      policy: { sessions: 'skip' },
    })
    expect(step()?.actor.getSnapshot().context).toMatchObject({ assessment: { currentAddress: here } })
    expect(requestsSince().sort()).toEqual(['getIpWhitelist', 'listSessions'])
  })

  test('without a step there is nothing to ask', async () => {
    const { actor, requestsSince } = await onboard(createSetting(), { order: [] })
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'completed', route: { to: 'unresolved' } })
    expect(requestsSince()).toEqual([])
  })

  test('`skip` for the workspace leaves the route to the host', async () => {
    const { actor } = await onboard(createSetting({ portal: { account: settled } }), { policy: { workspace: 'skip' } })
    expect(actor.getSnapshot().output).toMatchObject({ route: { to: 'unresolved' }, skippedSteps: ['workspace'] })
  })

  test('`require` holds the user until the aim holds; only cancelling leads out', async () => {
    const setting = createSetting({ portal: { account: { ...settled, mfaMethods: [{ method: 'OTP' }] } } })
    const { actor, perform, step } = await onboard(setting, { policy: gatedPolicy })
    await perform('mfa', { type: 'step.skip' })
    expect(step()?.name).toBe('mfa')
    actor.send({ type: 'onboarding.cancel' })
    expect(actor.getSnapshot().output).toEqual({
      outcome: 'cancelled',
      failure: null,
      acceptedInvitations: [],
      unconfirmedChange: null,
    })
  })

  test('a step that is left with its aim open says so', async () => {
    const { perform, statuses } = await onboard()
    await perform('invitations', { type: 'step.finish' })
    await perform('mfa', { type: 'step.skip' })
    expect(statuses()).toEqual(['open', 'skipped', 'current', 'upcoming', 'upcoming'])
  })

  test('the order can be chosen', async () => {
    const { step, perform, actor } = await onboard(createSetting(), { order: ['sessions', 'invitations'] })
    await perform('sessions', { type: 'step.finish' })
    expect(step()?.name).toBe('invitations')
    await perform('invitations', { type: 'step.finish' })
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'completed', route: { to: 'unresolved' } })
  })
})

describe('routing', () => {
  const route = async (parts: object, workspaces?: object[]) => {
    const account = { ...settled, invitations: [{ ...acme, ...parts }], ...(workspaces ? { workspaces } : {}) }
    const flow = await onboard(createSetting({ portal: { account } }))
    await flow.perform('invitations', { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    await flow.perform('invitations', { type: 'step.finish' })
    return flow
  }

  test('ENTER_ACCEPTED_WORKSPACE', async () => {
    const { actor } = await route({ nextAction: 'ENTER_ACCEPTED_WORKSPACE' })
    expect(actor.getSnapshot().output).toMatchObject({ route: { workspaceBizId: acme.workspaceBizId } })
  })

  test('ENTER_DEFAULT_WORKSPACE', async () => {
    const { actor } = await route({ nextAction: 'ENTER_DEFAULT_WORKSPACE' })
    expect(actor.getSnapshot().output).toMatchObject({ route: { workspaceBizId: 'WS_HOME_001', reason: 'default' } })
  })

  test('ENTER_DEFAULT_WORKSPACE where the accepted one became the default', async () => {
    const { actor } = await route({ nextAction: 'ENTER_DEFAULT_WORKSPACE', becomesDefault: true })
    expect(actor.getSnapshot().output).toMatchObject({
      route: { workspaceBizId: acme.workspaceBizId, reason: 'default' },
    })
  })

  test('CHOOSE_WORKSPACE opens the chooser', async () => {
    const { actor, perform } = await route({ nextAction: 'CHOOSE_WORKSPACE' })
    await perform('workspace', { type: 'workspace.choose', workspaceBizId: 'WS_LAB_001' })
    expect(actor.getSnapshot().output).toMatchObject({ route: { workspaceBizId: 'WS_LAB_001', reason: 'chosen' } })
  })

  test('a next action that nobody knows yet is no dead end', async () => {
    const { actor } = await route({ nextAction: 'VISIT_THE_MOON' })
    expect(actor.getSnapshot().output).toMatchObject({ route: { workspaceBizId: 'WS_HOME_001' } })
  })

  test('the workspaces are read afresh after a step was at work', async () => {
    const { portal } = await route({ nextAction: 'ENTER_DEFAULT_WORKSPACE' })
    expect(portal.requests.filter(({ operation }) => operation === 'listWorkspaces')).toHaveLength(2)
  })

  test('unreadable workspaces are the step’s failure, not the root’s', async () => {
    const setting = createSetting({ portal: { account: settled } })
    setting.portal.fault('listWorkspaces', { status: 500 }, { times: 3 })
    const { actor, step, perform } = await onboard(setting)
    expect(step()?.actor.getSnapshot().value).toEqual({ halted: 'failed' })
    await perform('workspace', { type: 'retry' })
    await perform('workspace', { type: 'step.finish' })
    expect(actor.getSnapshot().output).toMatchObject({ route: { workspaceBizId: 'WS_HOME_001' } })
  })
})

describe('what goes wrong', () => {
  test('a read that failed belongs to its step', async () => {
    const setting = createSetting()
    setting.portal.fault('listInvitations', { status: 500 }, { times: 3 })
    const { step, perform } = await onboard(setting)
    expect(step()?.actor.getSnapshot()).toMatchObject({
      value: { halted: 'failed' },
      context: { failure: { kind: 'server' } },
    })
    await perform('invitations', { type: 'retry' })
    expect(step()?.actor.getSnapshot().value).toBe('inbox')
  })

  test('a lasting 401 ends the step and the root', async () => {
    const setting = createSetting()
    setting.portal.fault(() => true, { status: 401 }, { times: 99 })
    const { actor } = await onboard(setting)
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'signedOut', failure: { kind: 'unauthorized' } })
  })

  test('a sign-out keeps what was accepted', async () => {
    const { actor, perform, portal } = await onboard()
    await perform('invitations', { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    portal.fault(() => true, { status: 401 }, { times: 99 })
    await perform('invitations', { type: 'inbox.refresh' })
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'signedOut', acceptedInvitations: [acme] })
  })

  test('cancelled in the inbox: what was accepted is reported', async () => {
    const { actor, perform } = await onboard()
    await perform('invitations', { type: 'invitation.accept', invitationBizId: acme.invitationBizId })
    actor.send({ type: 'onboarding.cancel' })
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'cancelled', acceptedInvitations: [acme] })
  })

  test('cancelled in the confirmation window: the change is reported', async () => {
    const setting = createSetting({ portal: { account: { ...settled, ipWhitelist: { enabled: false } } } })
    const { actor, perform } = await onboard(setting)
    await perform('ipWhitelist', { type: 'entry.add', value: here })
    await perform('ipWhitelist', { type: 'whitelist.enable' })
    actor.send({ type: 'onboarding.cancel' })
    expect(actor.getSnapshot().output).toMatchObject({
      outcome: 'cancelled',
      unconfirmedChange: { before: { enabled: false }, after: { enabled: true, entries: [here] } },
    })
  })

  test('cancelling aborts the requests in flight, and leaves no timer', async () => {
    const setting = createSetting()
    const { actor, step, clock, portal } = await onboard(setting)
    portal.fault('listInvitations', 'hang')
    step()?.actor.send({ type: 'retry' })
    const inboxReads = () => portal.requests.filter(({ operation }) => operation === 'listInvitations')
    while (inboxReads().length < 2) await turn()
    actor.send({ type: 'onboarding.cancel' })
    await setting.api.close()
    expect(clock.pending).toBe(0)
    expect(inboxReads().at(-1)?.status).toBeNull()
  })

  test('the root tells its watchers when a step changes', async () => {
    const { actor, perform } = await onboard()
    const seen: unknown[] = []
    actor.subscribe((snapshot) => seen.push(activeStep(snapshot)?.actor.getSnapshot().value))
    const before = actor.getSnapshot()
    await perform('invitations', { type: 'inbox.refresh' })
    expect(seen).toContainEqual({ working: 'reading' })
    expect(seen.at(-1)).toBe('inbox')
    expect(actor.getSnapshot()).not.toBe(before)
  })
})

test.each([
  ['policy', { policy: 'offer' }],
  ['policy.mfa', { policy: { mfa: 'always' } }],
  ['policy.mfaa', { policy: { mfaa: 'offer' } }],
  ['order', { order: 'mfa' }],
  ['order[1]', { order: ['mfa', 'mfa'] }],
  ['confirmWithinMs', { confirmWithinMs: Number.NaN }],
  ['invitationBizId', { invitationBizId: '' }],
])('a bad %s is an error at once, naming it', (field, input) => {
  const { machines } = createSetting()
  const snapshot = createActor(machines.onboarding, { input: input as OnboardingInput }).getSnapshot()
  expect(snapshot.status).toBe('error')
  expect(snapshot.error).toMatchObject({ name: 'PortalError', failure: { kind: 'config', field } })
  expect(String(snapshot.error)).toContain(field)
})

describe('a step that breaks down, by a slip in an action of the host’s own', () => {
  async function breakDown(policy: OnboardingInput['policy'] = {}) {
    const setting = createSetting({ portal: { account: { ...settled, mfaMethods: [{ method: 'OTP' }] } } })
    const { onboarding, mfa } = setting.machines
    const slip = () => {
      throw new Error('a slip')
    }
    const machine = onboarding.provide({ actors: { mfa: mfa.provide({ actions: { clearFailure: slip } }) } })
    const actor = createActor(machine, { input: { policy } }).start()
    onTestFinished(() => void actor.stop())
    await setting.rest(actor)
    const step = () => activeStep(actor.getSnapshot())
    step()?.actor.send({ type: 'otp.enrol' } as never)
    await setting.rest(actor)
    return { ...setting, actor, step }
  }

  test('leaves the root to say so, and to try the step again', async () => {
    const { actor, step, perform } = await breakDown()
    expect(actor.getSnapshot().matches({ flow: { steps: 'failed' } })).toBe(true)
    expect(actor.getSnapshot().context.failure).toMatchObject({ code: 'client.unexpected' })
    await perform(actor, { type: 'retry' })
    expect(step()?.name).toBe('mfa')
    expect(actor.getSnapshot().context.failure).toBeNull()
  })

  test.each(['step.finish', 'step.skip'] as const)('%s goes on without it', async (type) => {
    const { actor, perform } = await breakDown()
    expect((await perform(actor, { type })).output).toMatchObject({
      outcome: 'completed',
      otpEnabled: false,
      skippedSteps: ['mfa'],
    })
  })

  test.each(['step.finish', 'step.skip'] as const)('%s does not, where it is required', async (type) => {
    const { actor, perform } = await breakDown({ mfa: 'require' })
    expect((await perform(actor, { type })).matches({ flow: { steps: 'failed' } })).toBe(true)
    expect(actor.getSnapshot().context.failure).toMatchObject({ code: 'client.unexpected' })
  })
})

describe('a token that has expired', () => {
  const withRefresh = (refreshAccessToken: () => Promise<string>) => createSetting({ api: { refreshAccessToken } })

  test('is renewed once for all reads of the start, and nobody notices', async () => {
    let renewals = 0
    const setting = withRefresh(async () => {
      renewals += 1
      return setting.portal.refreshAccessToken()
    })
    setting.portal.update((account) => {
      account.accessTokenExpiresAt = setting.clock.now() - 1
    })
    const { step } = await onboard(setting)
    expect(step()?.actor.getSnapshot().value).toBe('inbox')
    expect(renewals).toBe(1)
  })

  test('whose renewal fails on the network is no sign-out: the step rests and can be tried again', async () => {
    let isOnline = false
    const setting = withRefresh(async () => {
      if (!isOnline) throw new TypeError('fetch failed')
      return setting.portal.refreshAccessToken()
    })
    setting.portal.update((account) => {
      account.accessTokenExpiresAt = setting.clock.now() - 1
    })
    const { step, perform } = await onboard(setting)
    expect(step()?.actor.getSnapshot()).toMatchObject({
      value: { halted: 'failed' },
      context: { failure: { kind: 'network', code: 'client.refresh', effect: 'none' } },
    })
    isOnline = true
    await perform('invitations', { type: 'retry' })
    expect(step()?.actor.getSnapshot().value).toBe('inbox')
  })

  test('whose renewal is refused ends the step and the root', async () => {
    const setting = withRefresh(async () => {
      throw Object.assign(new Error('the session is over'), { status: 401 })
    })
    setting.portal.update((account) => {
      account.accessTokenExpiresAt = setting.clock.now() - 1
    })
    const { actor } = await onboard(setting)
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'signedOut', failure: { kind: 'unauthorized' } })
  })
})
