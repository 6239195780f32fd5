import { activeStep, type OnboardingMachine, PortalError, screenOf } from 'postlogin'
import { inspectWith } from 'postlogin/inspect'
import { describe, expect, test } from 'vitest'
import type { Actor, InspectionEvent } from 'xstate'
import { PASSWORD } from '../../examples/better-auth/server.ts'
import { findLeaks } from '../support/leaks.ts'
import { placeOf } from '../support/place.ts'
import { close, reopen } from '../support/reload.ts'
import { codeOf, perform, rest, serveBetterAuth } from './setting.ts'

type Flow = Actor<OnboardingMachine>

interface Setup {
  readonly totpURI: string
  readonly backupCodes: readonly string[]
}

/** The machines on a portal that nobody here wrote: a real better-auth server, over HTTP. */

const order = ['invitations', 'mfa', 'sessions', 'workspace'] as const

const { openAccount, organizationId } = serveBetterAuth()
const limited = serveBetterAuth({ isLimited: true })

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('It was not refused')
    },
    (thrown: unknown) => {
      if (thrown instanceof PortalError) return thrown.failure
      throw thrown
    },
  )

/** What the server has told that nobody else should know, and the password. */
function secretsIn(replies: unknown): Set<string> {
  const secrets = new Set([PASSWORD])
  JSON.stringify(replies, (key, value) => {
    if (key === 'token') secrets.add(value)
    if (key === 'backupCodes') for (const code of value) secrets.add(code)
    if (key === 'totpURI') secrets.add(new URL(value).searchParams.get('secret') ?? '')
    return value
  })
  return secrets
}

describe('the inbox', () => {
  test('is closed until the address is verified, and a try after that opens it', async () => {
    const { start, verifyEmail } = await openAccount({ isVerified: false })
    const actor = await start('invitations')
    expect(placeOf(actor)).toBe('halted.failed')
    expect(actor.getSnapshot().context.failure).toMatchObject({
      kind: 'forbidden',
      code: 'EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION',
    })
    await verifyEmail()
    await perform(actor, { type: 'retry' })
    expect(placeOf(actor)).toBe('inbox')
    expect(actor.getSnapshot().context.invitations).toHaveLength(4)
  })

  test('shows as expired what the server lists as pending although its time is over', async () => {
    const { start, browser } = await openAccount()
    const { body } = await browser.ask('/organization/list-user-invitations')
    expect(body.map(({ status }: { status: string }) => status)).toEqual(Array(4).fill('pending'))
    const screen = screenOf((await start('invitations')).getSnapshot())
    if (screen.name !== 'invitations') throw new Error('No inbox on screen')
    expect(screen.rows.map(({ workspaceName, standing }) => [workspaceName, standing])).toEqual([
      ['Acme Operations', 'open'],
      ['Globex Treasury', 'open'],
      ['Hooli Research', 'open'],
      ['Initech Archive', 'expired'],
    ])
  })
})

describe('an invitation', () => {
  test.each(['accept', 'decline'] as const)(
    'that another tab has accepted is not taken for the outcome of an %s here: it is read back, and shown as accepted',
    async (action) => {
      const { start, otherTab } = await openAccount()
      const actor = await start('invitations')
      const [{ invitationBizId } = { invitationBizId: '' }] = actor.getSnapshot().context.invitations
      await otherTab.acceptInvitation({ invitationBizId })
      const twice = action === 'accept' ? otherTab.acceptInvitation : otherTab.declineInvitation
      expect(await failureOf(twice({ invitationBizId }))).toMatchObject({
        status: 400,
        code: 'INVITATION_NOT_FOUND',
        kind: 'conflict',
        reason: 'invitationClosed',
        effect: 'unknown',
      })
      const { context } = await perform(actor, { type: `invitation.${action}`, invitationBizId })
      expect(context.invitations[0]).toMatchObject({ invitationBizId, status: 'ACCEPTED', canAccept: false })
      // One's own accept, sent twice, looks the same.
      expect(context.acceptedInvitations).toHaveLength(action === 'accept' ? 1 : 0)
      expect(context.failure).toEqual(
        action === 'accept' ? null : expect.objectContaining({ reason: 'invitationClosed', effect: 'none' }),
      )
    },
  )

  test('that was revoked meanwhile is refused without effect, and gone', async () => {
    const { start, revokeInvitation, read } = await openAccount()
    const actor = await start('invitations')
    await revokeInvitation('Hooli Research')
    const { invitationBizId = '' } = actor.getSnapshot().context.invitations[2] ?? {}
    const { context } = await perform(actor, { type: 'invitation.accept', invitationBizId })
    expect(context.failure).toMatchObject({ reason: 'invitationClosed', effect: 'none' })
    expect(context.invitations.map(({ workspaceName }) => workspaceName)).not.toContain('Hooli Research')
    expect((await read()).memberships).toEqual([])
  })

  test('whose acceptance got lost on the way back is known to be accepted', async () => {
    const { start, browser, read } = await openAccount()
    const actor = await start('invitations')
    const [{ invitationBizId } = { invitationBizId: '' }] = actor.getSnapshot().context.invitations
    browser.loseReply('/organization/accept-invitation')
    const { context } = await perform(actor, { type: 'invitation.accept', invitationBizId })
    expect(context).toMatchObject({ failure: null, acceptedInvitations: [{ invitationBizId }] })
    expect((await read()).memberships).toEqual(['Acme Operations'])
  })
})

describe('the authenticator app', () => {
  /** Up to where the code is asked for. */
  async function enrolling(options: Parameters<typeof openAccount>[0] = {}) {
    const opened = await openAccount(options)
    const actor = await opened.start('mfa')
    await perform(actor, { type: 'otp.enrol' })
    const enrollment = () => {
      const { otpEnrollment } = actor.getSnapshot().children
      if (otpEnrollment === undefined) throw new Error('Nothing is enrolled')
      return otpEnrollment
    }
    const submit = async (code: string) => {
      enrollment().send({ type: 'code.submit', code, force: true })
      await rest(actor)
    }
    const uri = () => enrollment().getSnapshot().context.otpSetup?.qrCodeUri.reveal() ?? ''
    return { ...opened, actor, enrollment, submit, uri }
  }

  test('takes the password, asked for again where it was wrong; while it is asked for, the screen says so', async () => {
    const { questions, enrollment, inspected } = await enrolling({ passwords: ['wrong', PASSWORD] })
    expect(questions).toEqual([{ wasWrong: false }, { wasWrong: true }])
    expect(placeOf(enrollment())).toBe('awaitingCode')
    const events = inspected.flatMap((one) => (one.type === '@xstate.event' ? one.event.type : []))
    expect(events.filter((type) => type.startsWith('stepUp.'))).toEqual([
      'stepUp.demanded',
      'stepUp.answered',
      'stepUp.demanded',
      'stepUp.answered',
    ])
  })

  test('is not set up without the password, and nothing has happened', async () => {
    const { enrollment, browser } = await enrolling({ passwords: [null] })
    expect(enrollment().getSnapshot().context.failure).toMatchObject({ reason: 'proofMissing', effect: 'none' })
    expect(browser.replies.map(({ path }) => path)).not.toContain('/two-factor/enable')
  })

  test('a wrong code is a 401 that signs nobody out: another one is taken', async () => {
    const { api, enrollment, submit, uri, read } = await enrolling()
    expect(await failureOf(api.verifyOtp({ code: '000000' }))).toMatchObject({
      status: 401,
      code: 'INVALID_CODE',
      kind: 'invalid',
      reason: 'wrongCode',
      effect: 'none',
    })
    await submit('000000')
    expect(placeOf(enrollment())).toBe('awaitingCode')
    expect(enrollment().getSnapshot().context).toMatchObject({ codeHint: { kind: 'refused' }, refusedCodes: 1 })
    await submit(codeOf(uri()))
    expect((await read()).isTwoFactorOn).toBe(true)
  })

  test('the ten backup codes are shown once the right code was taken, until the user has saved them', async () => {
    const { browser, actor, enrollment, submit, uri } = await enrolling()
    await submit(codeOf(uri()))
    const screen = screenOf(actor.getSnapshot())
    if (screen.name !== 'otpEnrollment') throw new Error('No enrollment on screen')
    const setup = browser.replies.find(({ path }) => path === '/two-factor/enable')?.body as Setup
    expect(screen.backupCodes?.codes.map((code) => code.reveal())).toEqual(setup.backupCodes)
    enrollment().send({ type: 'backupCodes.confirm' })
    await rest(actor)
    expect(placeOf(actor)).toBe('atRest.overview')
  })

  test('the first right code puts another session in the place of this one, and the user stays signed in', async () => {
    const { api, browser, submit, uri } = await enrolling()
    const before = (await api.listSessions()).find(({ isCurrent }) => isCurrent)
    await submit(codeOf(uri()))
    const after = await api.listSessions()
    expect(after).toHaveLength(3)
    expect(after).not.toContainEqual(expect.objectContaining({ sessionId: before?.sessionId }))
    // The reply names the session that is gone, and an account as it was before.
    const reply = browser.replies.find(({ path }) => path === '/two-factor/verify-totp')?.body
    const tokens = (await browser.ask('/list-sessions')).body.map(({ token }: { token: string }) => token)
    expect(reply).toMatchObject({ token: expect.not.toBeOneOf(tokens), user: { twoFactorEnabled: false } })
    expect(await api.listMfaMethods()).toMatchObject([{ method: 'OTP', isEnabled: true }])
  })

  test('where the reply to the right code is lost, so is the session: signed out, and it may be on', async () => {
    const { browser, actor, submit, uri, read } = await enrolling()
    browser.loseReply('/two-factor/verify-totp')
    await submit(codeOf(uri()))
    expect(actor.getSnapshot().output).toMatchObject({
      outcome: 'signedOut',
      failure: { kind: 'unauthorized', effect: 'unknown' },
    })
    expect((await read()).isTwoFactorOn).toBe(true)
  })

  test('where the reply to the setup is lost, another one is made once that can do no harm', async () => {
    const { browser, clock, start } = await openAccount({ passwords: [PASSWORD, PASSWORD] })
    const actor = await start('mfa')
    browser.loseReply('/two-factor/enable')
    await perform(actor, { type: 'otp.enrol' })
    await clock.advance(15_000)
    await rest(actor)
    const { otpEnrollment } = actor.getSnapshot().children
    if (otpEnrollment === undefined) throw new Error('Nothing is enrolled')
    expect(placeOf(otpEnrollment)).toBe('halted.failed')
    await perform(otpEnrollment, { type: 'retry' })
    await rest(actor)
    expect(browser.replies.filter(({ path }) => path === '/two-factor/enable')).toHaveLength(2)
  })
})

describe('sessions', () => {
  test('the others are ended, and how many is counted by reading: the server does not tell', async () => {
    const { start, browser, read } = await openAccount()
    const actor = await start('sessions')
    await perform(actor, { type: 'sessions.terminateOthers' })
    const { context } = await perform(actor, { type: 'termination.confirm' })
    expect(browser.replies).toContainEqual({ path: '/revoke-other-sessions', body: { status: true } })
    expect(context.sessionsTerminated).toBe(2)
    expect((await read()).sessions).toEqual([expect.objectContaining({ userAgent: 'Chromium on Linux' })])
  })

  test('one is ended by its id, though the server names it by its token', async () => {
    const { start, read } = await openAccount()
    const actor = await start('sessions')
    const { sessionId = '' } =
      actor.getSnapshot().context.sessions.find(({ deviceInfo }) => deviceInfo === 'Safari on iPad') ?? {}
    await perform(actor, { type: 'session.terminate', sessionId })
    await perform(actor, { type: 'termination.confirm' })
    expect((await read()).sessions.map(({ userAgent }) => userAgent).sort()).toEqual([
      'Chromium on Linux',
      'Firefox on Windows',
    ])
  })
})

test('too many tries: the wait comes in a header of its own, without a code', async () => {
  const { api } = await limited.openAccount()
  const before = Date.now()
  for (let tries = 0; tries < 3; tries++) await failureOf(api.verifyOtp({ code: '000000' }))
  const failure = await failureOf(api.verifyOtp({ code: '000000' }))
  expect(failure).toMatchObject({ status: 429, kind: 'rateLimited', effect: 'none' })
  expect((failure.retryAt ?? 0) - before).toBeGreaterThan(5_000)
})

describe('the whole way', () => {
  /** Through all steps; `between` hears of the flow wherever it rests, and says which one goes on. */
  async function walk(between: (flow: Flow) => Promise<Flow> = async (flow) => flow) {
    const opened = await openAccount()
    let flow = await opened.start('onboarding', { order })
    const invitations = flow.getSnapshot().context.reads.invitations
    const rows = invitations !== undefined && 'value' in invitations ? invitations.value : []
    const idOf = (name: string) => rows.find(({ workspaceName }) => workspaceName === name)?.invitationBizId
    const setup = () => opened.browser.replies.find(({ path }) => path === '/two-factor/enable')?.body as Setup

    const steps: readonly (() => { readonly type: string })[] = [
      () => ({ type: 'invitation.decline', invitationBizId: idOf('Hooli Research') }),
      () => ({ type: 'invitation.accept', invitationBizId: idOf('Acme Operations') }),
      () => ({ type: 'invitation.accept', invitationBizId: idOf('Globex Treasury') }),
      () => ({ type: 'step.finish' }),
      () => ({ type: 'otp.enrol' }),
      () => ({ type: 'code.submit', code: codeOf(setup().totpURI), force: true }),
      // After a reload there are none to be saved: then nobody hears it.
      () => ({ type: 'backupCodes.confirm' }),
      () => ({ type: 'step.finish' }),
      () => ({ type: 'sessions.terminateOthers' }),
      () => ({ type: 'termination.confirm' }),
      () => ({ type: 'step.finish' }),
    ]
    for (const wish of steps) {
      const event = wish()
      // A question does not outlive a reload.
      if (event.type !== 'termination.confirm') flow = await between(flow)
      const step = activeStep(flow.getSnapshot())
      if (step === null) throw new Error('No step is active')
      step.actor.send(event as never)
      await rest(flow)
    }
    return { ...opened, setup: setup(), output: flow.getSnapshot().output }
  }

  const completed = {
    outcome: 'completed',
    otpEnabled: true,
    ipWhitelistEnabled: null,
    sessionsTerminated: 2,
    skippedSteps: [],
    acceptedInvitations: [expect.anything(), expect.anything()],
  }

  const account = {
    isTwoFactorOn: true,
    invitations: {
      'Acme Operations': 'accepted',
      'Globex Treasury': 'accepted',
      'Hooli Research': 'rejected',
      'Initech Archive': 'pending',
    },
    memberships: ['Acme Operations', 'Globex Treasury'],
    sessions: [{ userAgent: 'Chromium on Linux', activeOrganization: 'Globex Treasury' }],
  }

  test('leads to the organization accepted last, which is the active one', async () => {
    let listed: readonly string[] = []
    const { api, output, read } = await walk(async (flow) => {
      const step = activeStep(flow.getSnapshot())
      if (step?.name === 'sessions' && listed.length === 0)
        listed = step.actor.getSnapshot().context.sessions.map((one) => one.sessionId)
      return flow
    })
    const workspaceBizId = organizationId('Globex Treasury')
    expect(output).toMatchObject({ ...completed, route: { to: 'workspace', workspaceBizId, reason: 'accepted' } })
    expect(await read()).toEqual(account)
    // The step began with the session that the first right code has begun, not with the one that it has ended.
    const [current] = await api.listSessions()
    expect(listed).toContain(current?.sessionId)
  })

  test('leads there with a reload at each rest; no token, code, key, or password is stored, or seen by an inspector', async () => {
    const seen: unknown[] = []
    const raw: InspectionEvent[] = []
    const { output, read, browser, inspected } = await walk(async (flow) => {
      const text = close(flow)
      seen.push(text)
      const reopened = reopen(flow, text)
      inspectWith(reopened, (event) => seen.push(event))
      reopened.system.inspect((event) => raw.push(event))
      await rest(reopened)
      return reopened
    })
    expect(output).toMatchObject(completed)
    expect(await read()).toEqual(account)

    for (const one of [...inspected, ...raw]) seen.push('snapshot' in one ? [one.event, one.snapshot] : one.type)
    const secrets = { texts: secretsIn(browser.replies), codes: new Set<string>(), keys: [] }
    // Of this browser's session and the one in its place, of the two others, of the setup, and what it was set up with.
    expect(secrets.texts.size).toBe(4 + 1 + 10 + 1)
    expect(findLeaks(JSON.stringify(seen), secrets)).toEqual([])
  })
})
