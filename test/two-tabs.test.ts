/** Two tabs on the same account, each with its own flow: what one does, the other finds out in time. */
import { createMachines, createPortalApi, type Machines, type whitelistChangeMachine } from 'postlogin'
import { expect, onTestFinished, test } from 'vitest'
import { type ActorRefFrom, type AnyActorRef, createActor } from 'xstate'
import { createSetting } from './support/setting.ts'

const here = '203.0.113.10'
const office = '198.51.100.0/24'
const invitationBizId = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'
const MINUTE = 60_000

/** The same machine in two tabs: two adapters, two channels, one portal, one time. */
async function openTwice<Name extends keyof Machines>(name: Name, setting = createSetting()) {
  const { portal, clock, rest } = setting
  const open = async () => {
    const { portalAccessCode, clientHash, accessToken } = portal.account
    const baseUrl = 'https://portal.example/prometheus'
    const accessTokenNow = () => accessToken
    const { fetch } = portal
    const api = createPortalApi({ baseUrl, portalAccessCode, clientHash, accessToken: accessTokenNow, fetch, clock })
    const actor = createActor(createMachines(api, { clock })[name], {} as never).start()
    onTestFinished(() => void actor.stop())
    await rest(actor)
    return actor as ReturnType<typeof createActor<Machines[Name]>>
  }
  const restAll = (...actors: AnyActorRef[]) => Promise.all(actors.map((actor) => rest(actor)))
  return { ...setting, first: await open(), second: await open(), restAll }
}

test('both accept the same invitation: it is accepted once, and both know', async () => {
  const { first, second, restAll, portal } = await openTwice('invitations')
  first.send({ type: 'invitation.accept', invitationBizId })
  second.send({ type: 'invitation.accept', invitationBizId })
  await restAll(first, second)
  expect(portal.processed('acceptInvitation')).toBe(1)
  for (const { context } of [first.getSnapshot(), second.getSnapshot()]) {
    expect(context).toMatchObject({ failure: null, acceptedInvitations: [{ invitationBizId }] })
  }
})

test('one declines what the other accepts afterwards: it stays declined, and the other tab is told', async () => {
  const { first, second, rest } = await openTwice('invitations')
  first.send({ type: 'invitation.decline', invitationBizId })
  await rest(first)
  second.send({ type: 'invitation.accept', invitationBizId })
  await rest(second)
  const { context } = second.getSnapshot()
  expect(context.failure?.code).toBe('WORKSPACE.INVITATION_ALREADY_PROCESSED')
  expect(context.acceptedInvitations).toEqual([])
  expect(context.invitations.find((row) => row.invitationBizId === invitationBizId)?.status).toBe('DECLINED')
})

test('a setup that the other tab replaced and finished: no new secret is made, OTP is on', async () => {
  const { first, second, rest, portal } = await openTwice('otpEnrollment')
  const code = await portal.authenticator.code()
  second.send({ type: 'code.submit', code })
  await rest(second)
  expect(second.getSnapshot().output).toMatchObject({ otpEnabled: true })
  first.send({ type: 'code.submit', code, force: true })
  await rest(first)
  expect(first.getSnapshot().output).toMatchObject({ outcome: 'done', otpEnabled: true })
  expect(portal.processed('setupOtp')).toBe(2)
})

test('only the tab that made a whitelist change undoes it, once', async () => {
  const { first, second, rest, restAll, clock, portal } = await openTwice('ipWhitelist')
  first.send({ type: 'entry.add', value: here })
  first.send({ type: 'whitelist.enable' })
  await rest(first)
  second.send({ type: 'retry' })
  await rest(second)
  expect(second.getSnapshot().context.whitelist.enabled).toBe(true)
  await clock.advance(MINUTE)
  await restAll(first, second)
  expect(first.getSnapshot().context.notice).toBe('changeUndone')
  expect(portal.account.ipWhitelist).toEqual({ enabled: false, entries: [] })
  expect(portal.processed('disableIpWhitelist')).toBe(1)
  expect(portal.processed('replaceIpWhitelist')).toBe(2)
})

test('a change on top of another tab’s keeps its entries when that tab’s undo takes back its own, and the switch', async () => {
  const { first, second, rest, clock, portal } = await openTwice('ipWhitelist')
  first.send({ type: 'entry.add', value: here })
  first.send({ type: 'whitelist.enable' })
  await rest(first)
  await clock.advance(MINUTE / 2)
  second.send({ type: 'retry' })
  await rest(second)
  second.send({ type: 'entry.add', value: office })
  second.send({ type: 'whitelist.save' })
  await rest(second)
  const change = second.getSnapshot().children.whitelistChange as ActorRefFrom<typeof whitelistChangeMachine>
  expect(change.getSnapshot().value).toEqual({ confirming: { deciding: 'awaiting' } })
  await clock.advance(MINUTE / 2)
  await rest(first)
  expect(first.getSnapshot().context.notice).toBe('ownPartUndone')
  expect(portal.account.ipWhitelist).toEqual({ enabled: false, entries: [office] })
  change.send({ type: 'change.keep' })
  await rest(second)
  expect(second.getSnapshot().context).toMatchObject({ notice: 'changedElsewhere', unconfirmedChange: null })
  expect(portal.login().ok).toBe(true)
})

test('a stale list is not saved over the other tab’s', async () => {
  const { first, second, rest, portal } = await openTwice('ipWhitelist')
  first.send({ type: 'entry.add', value: office })
  first.send({ type: 'whitelist.save' })
  await rest(first)
  second.send({ type: 'entry.add', value: here })
  second.send({ type: 'whitelist.save' })
  await rest(second)
  expect(second.getSnapshot().context.notice).toBe('changedElsewhere')
  expect(portal.account.ipWhitelist.entries).toEqual([office])
})

test('both end all other sessions: each counts those that are gone from its list', async () => {
  const { first, second, restAll, portal } = await openTwice('sessions')
  for (const actor of [first, second]) {
    actor.send({ type: 'sessions.terminateOthers' })
    actor.send({ type: 'termination.confirm' })
  }
  await restAll(first, second)
  expect(portal.account.sessions).toHaveLength(1)
  const counts = [first, second].map((actor) => actor.getSnapshot().context.sessionsTerminated)
  expect(counts).toEqual([2, 2])
})
