import type { Fault, FaultMatch } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import type { ActorRefFrom } from 'xstate'
import type { otpEnrollmentMachine } from '../../machines/index.ts'
import { close, reopen } from '../support/reload.ts'
import { createSetting, type SettingOptions } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { otpOn, writes } from '../support/writes.ts'

/** How long an outcome stays open at least, in ms. */
const SETTLING = 15_000

describe.each(writes)('$step: $write', ({ step, account, write, read, wish }) => {
  /** The user wishes it, and this comes in between. */
  async function struckBy(fault: Fault, api: SettingOptions['api'] = {}) {
    const setting = createSetting({ portal: { account }, api })
    const actor = await setting.start(step)
    const events = await wish(setting)
    setting.portal.fault(write, fault)
    const wishedAt = setting.clock.now()
    const wishIt = async () => {
      for (const event of events) await setting.perform(actor, event as never)
    }
    await wishIt()
    setting.requestsSince()
    const { failure } = actor.getSnapshot().context
    return { ...setting, actor, wishIt, openFor: (failure?.retryAt ?? Number.NaN) - wishedAt }
  }
  type Struck = Awaited<ReturnType<typeof struckBy>>
  const isOpen = ({ actor }: Pick<Struck, 'actor'>) =>
    actor.getSnapshot().hasTag('coolingDown') && actor.getSnapshot().context.failure?.effect === 'unknown'

  test.each<[string, Fault]>([
    ['a proxy answered', { landsAfterMs: 8_000, answer: 504 }],
    ['the connection was lost', { landsAfterMs: 8_000, answer: 'lost' }],
    ['our own timeout was over', { landsAfterMs: 18_000, answer: 'never' }],
  ])('carried out after %s: it is waited for, and not sent again', async (_, fault) => {
    const struck = await struckBy(fault)
    const { actor, portal, clock, waitOut } = struck
    expect(isOpen(struck)).toBe(true)
    await clock.advance(8_000)
    while (portal.processed(write) === 0) await turn()
    await waitOut(actor)
    expect(actor.getSnapshot().context.failure).toBeNull()
    expect(portal.processed(write)).toBe(1)
  })

  test('never carried out: that is said once the settling time is over, and no sooner', async () => {
    const struck = await struckBy({ status: 504 })
    const { actor, clock, rest, openFor } = struck
    expect(openFor).toBeGreaterThanOrEqual(SETTLING)
    expect(openFor).toBeLessThan(SETTLING + 2_000)
    await clock.advance((actor.getSnapshot().context.failure?.retryAt ?? 0) - clock.now() - 1)
    expect(isOpen(struck)).toBe(true)
    await clock.advance(1)
    await rest(actor)
    expect(actor.getSnapshot().hasTag('resting')).toBe(true)
    expect(actor.getSnapshot().context.failure).toMatchObject({ status: 504, effect: 'none', retryAt: null })
  })

  test('a client that waits longer than that for a reply waits as long for the outcome', async () => {
    const { openFor } = await struckBy({ status: 504 }, { timeoutMs: 40_000 })
    expect(openFor).toBeGreaterThanOrEqual(40_000)
  })

  test('meanwhile nothing is sent, whatever the user wishes; retry looks, and does not end the wait', async () => {
    const struck = await struckBy({ status: 504 })
    const { actor, perform, wishIt, requestsSince } = struck
    await wishIt()
    expect(requestsSince()).toEqual([])
    const { retryAt } = actor.getSnapshot().context.failure ?? {}
    await perform(actor, { type: 'retry' })
    expect(requestsSince()).toContain(read)
    expect(isOpen(struck)).toBe(true)
    expect(actor.getSnapshot().context.failure?.retryAt).toBe(retryAt)
  })

  test('retry finds it once it is carried out', async () => {
    const { actor, perform, clock, portal } = await struckBy({ landsAfterMs: 5_000, answer: 504 })
    await clock.advance(5_000)
    while (portal.processed(write) === 0) await turn()
    await perform(actor, { type: 'retry' })
    expect(actor.getSnapshot().context.failure).toBeNull()
    expect(portal.processed(write)).toBe(1)
  })

  test('the look at the end of the wait does not get through: it failed, and retry looks again', async () => {
    const { actor, perform, waitOut, portal } = await struckBy({ status: 504 })
    portal.fault(read, 'loseRequest', { times: 3 })
    await waitOut(actor)
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'network', effect: 'unknown' })
    await perform(actor, { type: 'retry' })
    expect(actor.getSnapshot().hasTag('resting')).toBe(true)
    expect(actor.getSnapshot().context.failure).toMatchObject({ effect: 'none' })
  })

  test('a page that is lost in the write and restored at once does not send it a second time', async () => {
    const setting = createSetting({ portal: { account } })
    const actor = await setting.start(step)
    const events = await wish(setting)
    let isUnderWay = false
    const arrives: FaultMatch = ({ operation }) => {
      isUnderWay ||= operation === write
      return operation === write
    }
    setting.portal.fault(arrives, { landsAfterMs: 8_000, answer: 'never' })
    for (const event of events) actor.send(event as never)
    while (!isUnderWay) await turn()
    const restored = reopen(actor, close(actor))
    await setting.rest(restored)
    expect(isOpen({ actor: restored } as Struck)).toBe(true)
    for (const event of events) await setting.perform(restored, event as never)
    await setting.clock.advance(8_000)
    while (setting.portal.processed(write) === 0) await turn()
    await setting.waitOut(restored)
    expect(restored.getSnapshot().context.failure).toBeNull()
    expect(setting.portal.processed(write)).toBe(1)
  })
})

describe('a setup whose outcome is not known', () => {
  test('is made anew only once the first cannot land any more, and only if the user asks', async () => {
    const setting = createSetting()
    setting.portal.fault('setupOtp', { landsAfterMs: 8_000, answer: 504 })
    const actor = await setting.start('otpEnrollment')
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    await setting.waitOut(actor)
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    expect(setting.portal.processed('setupOtp')).toBe(1)
    await setting.perform(actor, { type: 'retry' })
    const { otpSetup } = actor.getSnapshot().context
    expect(otpSetup?.secret.reveal()).toBe(setting.portal.account.otpSetup?.secret)
  })

  test('is not made anew by an enrollment that follows a cancelled one, before that time', async () => {
    const setting = createSetting()
    const actor = await setting.start('mfa')
    setting.portal.fault('setupOtp', { landsAfterMs: 8_000, answer: 504 })
    await setting.perform(actor, { type: 'otp.enrol' })
    const { otpEnrollment } = actor.getSnapshot().children
    otpEnrollment?.send({ type: 'enrollment.cancel' })
    await setting.rest(actor)
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    await setting.perform(actor, { type: 'otp.enrol' })
    expect(setting.requestsSince().filter((operation) => operation === 'setupOtp')).toHaveLength(1)
    await setting.waitOut(actor)
    expect(actor.getSnapshot().value).toEqual({ atRest: 'overview' })
    await setting.perform(actor, { type: 'otp.enrol' })
    const enrollment = actor.getSnapshot().children.otpEnrollment as ActorRefFrom<typeof otpEnrollmentMachine>
    const { otpSetup } = enrollment.getSnapshot().context
    expect(otpSetup?.secret.reveal()).toBe(setting.portal.account.otpSetup?.secret)
  })
})

describe('who leaves while it is open', () => {
  test('revoking: whether OTP is on is not known', async () => {
    const { start, perform, portal } = createSetting({ portal: { account: otpOn } })
    const actor = await start('mfa')
    portal.fault('revokeOtp', { status: 504 })
    await perform(actor, { type: 'otp.revoke' })
    await perform(actor, { type: 'revoke.confirm' })
    expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({ aimHolds: false, otpEnabled: null })
  })

  test('enrolling: neither is it', async () => {
    const { start, perform, portal } = createSetting()
    const actor = await start('otpEnrollment')
    portal.fault('verifyOtp', { status: 504 })
    await perform(actor, { type: 'code.submit', code: await portal.authenticator.code() })
    expect((await perform(actor, { type: 'step.skip' })).output).toMatchObject({
      outcome: 'skipped',
      aimHolds: false,
      otpEnabled: null,
    })
  })

  test('accepting an invitation that is off the list: the aim does not hold yet', async () => {
    const acme = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'
    const { start, perform, portal } = createSetting({
      portal: { account: { invitations: [{ invitationBizId: acme }] } },
    })
    const actor = await start('invitations', { policy: 'require' })
    portal.fault('acceptInvitation', { status: 504 })
    portal.update((draft) => {
      draft.invitations = []
    })
    await perform(actor, { type: 'invitation.accept', invitationBizId: acme })
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    expect((await perform(actor, { type: 'step.finish' })).status).toBe('active')
  })
})
