/** Portals whose lists have odd rows: what can be read is used, what cannot is counted, and nobody is held or misled by it. */
import { describe, expect, test } from 'vitest'
import { createSetting, type SettingOptions } from '../support/setting.ts'

const acme = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'
const here = '203.0.113.10'

const oddPortal = (rows: 'bare' | 'besideStrays', account: NonNullable<SettingOptions['portal']>['account'] = {}) =>
  createSetting({ portal: { account, dialect: { rows } } })

/** A reply of the test's own to the next requests of this kind. */
const answer = (
  setting: ReturnType<typeof createSetting>,
  operation: 'listSessions' | 'listMfaMethods',
  data: unknown,
) =>
  setting.portal.fault(
    operation,
    { status: 200, body: JSON.stringify({ code: '2000', message: 'SUCCESS', data }) },
    { times: Number.POSITIVE_INFINITY },
  )

describe('rows that do not say which ones they are', () => {
  test.each(['invitations', 'mfa', 'sessions', 'workspace'] as const)(
    '%s counts them, and shows the others',
    async (name) => {
      const plain = await createSetting().start(name, { policy: 'show' })
      const odd = await oddPortal('besideStrays').start(name, { policy: 'show' })
      expect(odd.getSnapshot().context).toMatchObject({ ...plain.getSnapshot().context, unreadableRows: 2 })
      expect(plain.getSnapshot().context.unreadableRows).toBe(0)
    },
  )

  test('the root hands the count down', async () => {
    const { start } = oddPortal('besideStrays')
    const flow = await start('onboarding')
    expect(flow.getSnapshot().children.invitations?.getSnapshot().context).toMatchObject({ unreadableRows: 2 })
  })

  test('in the inbox they hold nobody: what cannot be named cannot be acted on', async () => {
    const { start, perform } = oddPortal('besideStrays', { invitations: [] })
    const inbox = await start('invitations', { policy: 'require' })
    expect((await perform(inbox, { type: 'step.finish' })).output).toMatchObject({ outcome: 'done', aimHolds: true })
  })

  test('of the workspaces, where no other can be read, leave the route to the host', async () => {
    const setting = oddPortal('besideStrays', { workspaces: [] })
    const step = await setting.start('workspace', { policy: 'show' })
    expect(step.getSnapshot().context.route).toEqual({ to: 'unresolved' })
  })
})

describe('sessions that nobody can read', () => {
  const require = { policy: 'require' }

  test('are others until all others were ended; what is left after that holds nobody', async () => {
    const { start, perform, portal } = oddPortal('besideStrays', { sessions: [{ isCurrent: true }] })
    const step = await start('sessions', require)
    expect((await perform(step, { type: 'step.finish' })).context.failure?.code).toBe('client.stepRequired')
    await perform(step, { type: 'sessions.terminateOthers' })
    expect((await perform(step, { type: 'termination.confirm' })).context.unreadableRows).toBeGreaterThan(0)
    expect(portal.processed('terminateOtherSessions')).toBe(1)
    expect((await perform(step, { type: 'step.finish' })).output).toMatchObject({ outcome: 'done', aimHolds: true })
  })

  test('are so too where the reply to that was lost', async () => {
    const { start, perform, portal } = oddPortal('besideStrays', { sessions: [{ isCurrent: true }, {}] })
    const step = await start('sessions', require)
    portal.fault('terminateOtherSessions', 'loseReply')
    await perform(step, { type: 'sessions.terminateOthers' })
    await perform(step, { type: 'termination.confirm' })
    expect((await perform(step, { type: 'step.finish' })).output).toMatchObject({
      aimHolds: true,
      sessionsTerminated: 1,
    })
  })

  test('may be the one in use: then nobody else is signed in, and nobody is held', async () => {
    const setting = createSetting()
    answer(setting, 'listSessions', [{ sessionId: null, clientIp: here, isCurrent: true }])
    const step = await setting.start('sessions', require)
    expect((await setting.perform(step, { type: 'step.finish' })).output).toMatchObject({
      outcome: 'done',
      aimHolds: true,
    })
  })

  test('where none is marked as the one in use, none is ended alone, for it could be that', async () => {
    const setting = createSetting({ portal: { marksCurrent: 'none' } })
    const step = await setting.start('sessions', require)
    const { context } = await setting.perform(step, { type: 'session.terminate', sessionId: 'SESS...R_001' })
    expect(context.failure).toMatchObject({ code: 'client.sessionUnmarked', effect: 'none' })
    await setting.perform(step, { type: 'sessions.terminateOthers' })
    await setting.perform(step, { type: 'termination.confirm' })
    expect(setting.portal.account.sessions).toHaveLength(1)
    expect((await setting.perform(step, { type: 'step.finish' })).output).toMatchObject({ aimHolds: true })
  })
})

describe('the lockout guard', () => {
  const enable = async (rows: readonly object[], entry: string) => {
    const setting = createSetting()
    answer(setting, 'listSessions', rows)
    const editor = await setting.start('ipWhitelist')
    await setting.perform(editor, { type: 'entry.add', value: entry })
    const before = editor.getSnapshot().context.assessment.lockout
    await setting.perform(editor, { type: 'whitelist.enable' })
    return { before, enabled: setting.portal.account.ipWhitelist.enabled, editor }
  }
  const current = { sessionId: 'SESS...C_001', clientIp: here, isCurrent: true }

  test.each([
    ['null', { clientIp: null }],
    ['none', {}],
    ['an empty text', { clientIp: '' }],
    ['a list', { clientIp: ['198.51.100.1'] }],
  ])('stays on beside a session of 2024 whose address is %s', async (_, address) => {
    const old = { sessionId: 'SESS...O_024', isCurrent: false, lastActiveAt: '2024-03-01T10:00:00Z', ...address }
    const { before, enabled, editor } = await enable([current, old], '198.51.100.0/24')
    expect(before).toBe('notCovered')
    expect(enabled).toBe(false)
    expect(editor.getSnapshot().context.failure?.code).toBe('client.lockout')
  })

  test.each([
    ['it has no address', { ...current, clientIp: null }],
    ['it cannot be read', { ...current, sessionId: null }],
    ['it is not marked', { ...current, isCurrent: null }],
  ])('does not know the own address where the session in use is listed so: %s', async (_, row) => {
    const { before, enabled } = await enable([row], here)
    expect(before).toBe('unknown')
    expect(enabled).toBe(false)
  })
})

describe('factors that nobody can read', () => {
  const email = { mfaMethod: { code: 'EMAIL' }, isEnabled: true }
  const require = { policy: 'require' }

  test('beside one that is on change nothing', async () => {
    const { start, perform } = oddPortal('besideStrays', { mfaMethods: [{ method: 'OTP', isEnabled: true }] })
    const step = await start('mfa', require)
    expect((await perform(step, { type: 'step.finish' })).output).toMatchObject({ otpEnabled: true, aimHolds: true })
  })

  test('leave it open whether OTP is on, and an enrollment settles it', async () => {
    const setting = createSetting()
    const { portal, perform } = setting
    answer(setting, 'listMfaMethods', [email, { mfaMethod: null, isEnabled: true }])
    const offered = await setting.start('mfa')
    expect((await perform(offered, { type: 'step.finish' })).output).toMatchObject({
      otpEnabled: null,
      aimHolds: false,
    })
    const step = await setting.start('mfa', require)
    expect((await perform(step, { type: 'step.finish' })).context.failure?.code).toBe('client.stepRequired')
    await perform(step, { type: 'otp.enrol' })
    const enrollment = step.getSnapshot().children.otpEnrollment
    if (enrollment === undefined) throw new Error('There is no enrollment')
    await perform(enrollment, { type: 'code.submit', code: await portal.authenticator.code() })
    await setting.rest(step)
    expect((await perform(step, { type: 'step.finish' })).output).toMatchObject({ otpEnabled: true, aimHolds: true })
  })
})

describe('an invitation of which little can be read', () => {
  test('is accepted, and its workspace is no route, for nobody says which it is', async () => {
    const { start, perform, portal } = oddPortal('bare')
    const inbox = await start('invitations')
    const { context } = await perform(inbox, { type: 'invitation.accept', invitationBizId: acme })
    expect(portal.account.invitations[0]?.status).toBe('ACCEPTED')
    expect(context).toMatchObject({ failure: null, attempt: null })
    expect(context.acceptedInvitations).toEqual([
      {
        invitationBizId: acme,
        workspaceBizId: null,
        becameDefaultWorkspace: false,
        nextAction: 'ENTER_ACCEPTED_WORKSPACE',
      },
    ])
    const chooser = await start('workspace', {
      policy: 'show',
      initialData: { acceptedInvitations: context.acceptedInvitations },
    })
    expect(chooser.getSnapshot().context.route).toEqual({
      to: 'workspace',
      workspaceBizId: 'WS_HOME_001',
      reason: 'default',
    })
  })

  test('names the workspace where only the reply to the accept does not', async () => {
    const setting = createSetting()
    const inbox = await setting.start('invitations')
    setting.portal.configure({ dialect: { rows: 'bare' } })
    const { context } = await setting.perform(inbox, { type: 'invitation.accept', invitationBizId: acme })
    expect(context.acceptedInvitations).toMatchObject([{ workspaceBizId: 'WS_ACME_001' }])
  })

  test('was accepted, where the reply is lost and the inbox says so', async () => {
    const { start, perform, portal } = oddPortal('bare')
    const inbox = await start('invitations')
    portal.fault('acceptInvitation', 'loseReply')
    const { context } = await perform(inbox, { type: 'invitation.accept', invitationBizId: acme })
    expect(context.acceptedInvitations).toMatchObject([{ invitationBizId: acme, workspaceBizId: null }])
  })
})
