/** Each pattern of the machines, named and shown once, on the machine where it is easiest to see. */
import { activeStep, createMachines, fromStorage, type Machines, settled, toStorage } from 'postlogin'
import { expect, onTestFinished, test } from 'vitest'
import { type AnyActorRef, createActor, type SnapshotFrom } from 'xstate'
import { createSetting } from './support/setting.ts'
import { turn } from './support/test-clock.ts'

const invitationBizId = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'

/** What a reload leaves of an actor: its stored text, in a new page. */
async function reload<Name extends keyof Machines>(
  setting: ReturnType<typeof createSetting>,
  name: Name,
  actor: Parameters<typeof toStorage>[0],
) {
  const text = toStorage(actor, { subject: 'maya' })
  actor.stop()
  const machine = createMachines(setting.api, { clock: setting.clock })[name]
  const snapshot = fromStorage(machine, text, { subject: 'maya' }) as SnapshotFrom<Machines[Name]>
  const restored = createActor(machine, { snapshot } as never).start()
  onTestFinished(() => void restored.stop())
  await setting.rest(restored)
  return restored as ReturnType<typeof createActor<Machines[Name]>>
}

test('a second click is ignored while the first one is carried out', async () => {
  const { start, rest, portal } = createSetting()
  const actor = await start('invitations')
  actor.send({ type: 'invitation.accept', invitationBizId })
  actor.send({ type: 'invitation.accept', invitationBizId })
  await rest(actor)
  expect(portal.requests.filter(({ operation }) => operation === 'acceptInvitation')).toHaveLength(1)
})

test('a reply that comes after the state was left is a no-op', async () => {
  const { start, rest, perform, portal, clock } = createSetting()
  const actor = await start('otpEnrollment')
  portal.fault('setupOtp', { delayMs: 5_000 })
  actor.send({ type: 'setup.restart' })
  await turn()
  const { output } = await perform(actor, { type: 'enrollment.cancel' })
  await clock.advance(5_000)
  await rest(actor)
  expect(output).toMatchObject({ outcome: 'cancelled' })
  expect(actor.getSnapshot().context.otpSetup).toBeNull()
})

test('leaving a state aborts its request', async () => {
  const { start, portal, perform } = createSetting()
  const actor = await start('otpEnrollment')
  portal.fault('setupOtp', 'hang')
  actor.send({ type: 'setup.restart' })
  const setups = () => portal.requests.filter(({ operation }) => operation === 'setupOtp')
  while (setups().length < 2) await turn()
  await perform(actor, { type: 'enrollment.cancel' })
  await turn()
  expect(setups().at(-1)).toMatchObject({ status: null, processed: false })
})

test('a write whose reply is lost is read back, not sent again', async () => {
  const { start, perform, portal, requestsSince } = createSetting()
  const actor = await start('invitations')
  portal.fault('acceptInvitation', 'loseReply')
  requestsSince()
  await perform(actor, { type: 'invitation.accept', invitationBizId })
  expect(requestsSince()).toEqual(['acceptInvitation', 'listInvitations'])
  expect(actor.getSnapshot().context.acceptedInvitations).toHaveLength(1)
})

test('a cool-down ends by itself', async () => {
  const { start, rest, portal, clock } = createSetting()
  portal.fault('listSessions', { retryAfter: 20 })
  const actor = await start('sessions')
  expect(actor.getSnapshot().hasTag('coolingDown')).toBe(true)
  await clock.advance(20_000)
  await rest(actor)
  expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
})

test('a cool-down survives a reload', async () => {
  const setting = createSetting()
  setting.portal.fault('listSessions', { retryAfter: 20 })
  const actor = await setting.start('sessions')
  await setting.clock.advance(15_000)
  const restored = await reload(setting, 'sessions', actor)
  expect(restored.getSnapshot().hasTag('coolingDown')).toBe(true)
  await setting.clock.advance(5_000)
  await setting.rest(restored)
  expect(restored.getSnapshot().value).toEqual({ atRest: 'list' })
})

test('a cool-down can be ended by hand', async () => {
  const { start, perform, portal } = createSetting()
  portal.fault('listSessions', { retryAfter: 20 })
  const actor = await start('sessions')
  expect((await perform(actor, { type: 'retry' })).value).toEqual({ atRest: 'list' })
})

test('a write that was under way at a reload is read back, and not sent again', async () => {
  const setting = createSetting()
  const { start, portal } = setting
  const actor = await start('invitations')
  portal.fault('acceptInvitation', 'hangReply')
  actor.send({ type: 'invitation.accept', invitationBizId })
  while (portal.processed('acceptInvitation') === 0) await turn()
  expect(actor.getSnapshot().value).toEqual({ working: { accepting: 'sending' } })
  const restored = await reload(setting, 'invitations', actor)
  expect(restored.getSnapshot().value).toBe('inbox')
  expect(restored.getSnapshot().context.acceptedInvitations).toMatchObject([{ invitationBizId }])
  expect(portal.requests.filter(({ operation }) => operation === 'acceptInvitation')).toHaveLength(1)
})

test('a rest that was restored is read again before anything is done', async () => {
  const setting = createSetting()
  const actor = await setting.start('sessions')
  setting.portal.update((account) => {
    account.sessions = account.sessions.filter(({ isCurrent }) => isCurrent)
  })
  const restored = await reload(setting, 'sessions', actor)
  expect(restored.getSnapshot().context.sessions).toHaveLength(1)
})

test('an actor that is stopped and started at once, as React’s StrictMode does, sends a write once', async () => {
  const { machines, rest, portal } = createSetting()
  const first = createActor(machines.otpEnrollment).start()
  const snapshot = first.getPersistedSnapshot()
  first.stop()
  const second = createActor(machines.otpEnrollment, { snapshot } as never).start()
  onTestFinished(() => void second.stop())
  await rest(second)
  expect(portal.requests.filter(({ operation }) => operation === 'setupOtp')).toHaveLength(1)
  expect(second.getSnapshot().value).toBe('awaitingCode')
})

/** As `@xstate/react` does where effects are run again (StrictMode, a hot reload): the very same actors go on from where they were. */
function restart(actor: AnyActorRef) {
  const kept: [AnyActorRef, object][] = []
  const keep = (ref: AnyActorRef) => {
    const snapshot = ref.getSnapshot()
    kept.push([ref, snapshot])
    for (const child of Object.values<AnyActorRef>(snapshot.children ?? {})) keep(child)
  }
  keep(actor)
  actor.stop()
  for (const [ref, snapshot] of kept) Object.assign(ref, { _processingStatus: 0, _snapshot: snapshot })
  actor.start()
}

test('an abort of the first run is not taken for the outcome of the second, where an actor is stopped and started again', async () => {
  const { machines, rest } = createSetting()
  const flow = createActor(machines.onboarding).start()
  onTestFinished(() => void flow.stop())
  restart(flow)
  await rest(flow)
  activeStep(flow.getSnapshot())?.actor.send({ type: 'step.finish' })
  await rest(flow)
  expect(activeStep(flow.getSnapshot())?.name).toBe('mfa')
  expect(Object.values(flow.getSnapshot().context.reads).filter((read) => 'failure' in read)).toEqual([])
})

test('a deadline is kept, and not before its time, where its actor is stopped and started again', async () => {
  const { start, perform, rest, clock, portal } = createSetting()
  const actor = await start('ipWhitelist')
  await perform(actor, { type: 'entry.add', value: portal.account.address })
  await perform(actor, { type: 'whitelist.enable' })
  restart(actor)
  await rest(actor)
  await turn()
  expect(actor.getSnapshot().value).toEqual({ drafting: 'changing' })
  expect(portal.account.ipWhitelist.enabled).toBe(true)
  await clock.advance(60_001)
  await rest(actor)
  expect(portal.account.ipWhitelist.enabled).toBe(false)
})

test('one intent has one request id, on every repeat of it', async () => {
  const setting = createSetting({ api: { refreshAccessToken: async () => setting.portal.refreshAccessToken() } })
  const { start, perform, portal } = setting
  const actor = await start('invitations')
  portal.fault('acceptInvitation', { status: 401 })
  await perform(actor, { type: 'invitation.accept', invitationBizId })
  const ids = portal.requests
    .filter(({ operation }) => operation === 'acceptInvitation')
    .map(({ headers }) => headers['x-request-id'])
  expect(ids).toHaveLength(2)
  expect(new Set(ids).size).toBe(1)
})

test('no secret is in a stored snapshot', async () => {
  const { start, perform, portal } = createSetting()
  const actor = await start('otpEnrollment')
  await perform(actor, { type: 'code.submit', code: '000000' })
  const text = toStorage(actor, { subject: 'maya' })
  expect(text).not.toContain(portal.account.otpSetup?.secret)
  expect(text).not.toContain('000000')
  expect(text).not.toContain(portal.account.accessToken)
})

test('stopping leaves no timer and no request behind', async () => {
  const { start, clock, portal, api } = createSetting()
  const actor = await start('onboarding')
  portal.fault('listInvitations', 'hang')
  actor.stop()
  await api.close()
  await turn()
  expect(clock.pending).toBe(0)
  await expect(settled(actor)).rejects.toThrow('stopped')
})
