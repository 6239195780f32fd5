import type { otpEnrollmentMachine } from 'postlogin'
import { describe, expect, test } from 'vitest'
import type { ActorRefFrom } from 'xstate'
import { createSetting } from '../support/setting.ts'

const enabled = { portal: { account: { mfaMethods: [{ method: 'OTP', isEnabled: true }] } } }

async function openCentre(setting = createSetting(), input?: object) {
  const actor = await setting.start('mfa', input)
  setting.requestsSince()
  const enrollment = () => actor.getSnapshot().children.otpEnrollment as ActorRefFrom<typeof otpEnrollmentMachine>
  return { ...setting, actor, enrollment }
}

test('the factors are listed; EMAIL is among them and is never toggled', async () => {
  const { actor, perform, requestsSince } = await openCentre()
  expect(actor.getSnapshot().context.methods).toEqual([
    { method: 'EMAIL', isEnabled: true, isPrimary: true },
    { method: 'OTP', isEnabled: false, isPrimary: false },
  ])
  await perform(actor, { type: 'otp.revoke' })
  expect(actor.getSnapshot().value).toEqual({ atRest: 'overview' })
  expect(requestsSince()).toEqual([])
})

describe('OTP off', () => {
  test('a setup is offered, and once it is through the factors are read again', async () => {
    const { actor, perform, enrollment, portal, rest, requestsSince } = await openCentre()
    await perform(actor, { type: 'otp.enrol' })
    expect(actor.getSnapshot().hasTag('delegating')).toBe(true)
    enrollment().send({ type: 'code.submit', code: await portal.authenticator.code() })
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ atRest: 'overview' })
    expect(actor.getSnapshot().context.methods).toContainEqual(
      expect.objectContaining({ method: 'OTP', isEnabled: true }),
    )
    expect(requestsSince()).toEqual(['setupOtp', 'verifyOtp', 'listMfaMethods'])
  })

  test('a cancelled enrollment comes back to the overview, a skipped one leaves the step', async () => {
    const { actor, perform, enrollment, rest } = await openCentre()
    await perform(actor, { type: 'otp.enrol' })
    enrollment().send({ type: 'enrollment.cancel' })
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ atRest: 'overview' })
    await perform(actor, { type: 'otp.enrol' })
    enrollment().send({ type: 'step.skip' })
    await rest(actor)
    expect(actor.getSnapshot().output).toEqual({
      outcome: 'skipped',
      failure: null,
      aimHolds: false,
      otpEnabled: false,
    })
  })

  test('a sign-out in the enrollment ends the step too', async () => {
    const { actor, perform, portal } = await openCentre()
    portal.fault('setupOtp', { status: 401 }, { times: 9 })
    expect((await perform(actor, { type: 'otp.enrol' })).output).toMatchObject({
      outcome: 'signedOut',
      failure: { kind: 'unauthorized' },
    })
  })

  describe('the reply to a right code is lost, and the list cannot be read', () => {
    async function lose(policy?: string) {
      const setting = await openCentre(createSetting(), { policy })
      const { actor, perform, enrollment, portal, rest } = setting
      await perform(actor, { type: 'otp.enrol' })
      portal.fault('verifyOtp', 'loseReply')
      portal.fault('listMfaMethods', 'loseRequest', { times: 3 })
      enrollment().send({ type: 'code.submit', code: await portal.authenticator.code() })
      await rest(actor)
      expect(enrollment().getSnapshot().context.failure).toMatchObject({ effect: 'unknown' })
      return setting
    }

    test('cancelled: the list tells, and no second setup is made', async () => {
      const { actor, perform, enrollment, rest, portal } = await lose()
      enrollment().send({ type: 'enrollment.cancel' })
      await rest(actor)
      expect(actor.getSnapshot().value).toEqual({ atRest: 'overview' })
      expect((await perform(actor, { type: 'otp.enrol' })).value).toEqual({ atRest: 'overview' })
      expect(portal.processed('setupOtp')).toBe(1)
    })

    test.each(['step.skip', 'step.finish'] as const)('%s: whether OTP is on is not claimed', async (type) => {
      const { actor, enrollment, rest } = await lose()
      enrollment().send({ type })
      await rest(actor)
      expect(actor.getSnapshot().output).toMatchObject({ aimHolds: false, otpEnabled: null })
    })
  })

  test('a finished enrollment leaves the step as finished', async () => {
    const { actor, perform, enrollment, rest } = await openCentre()
    await perform(actor, { type: 'otp.enrol' })
    enrollment().send({ type: 'step.finish' })
    await rest(actor)
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'done', aimHolds: false })
  })

  test('a required one holds in the enrollment as well', async () => {
    const { actor, perform, enrollment } = await openCentre(createSetting(), { policy: 'require' })
    await perform(actor, { type: 'otp.enrol' })
    enrollment().send({ type: 'step.skip' })
    expect(enrollment().getSnapshot().context.failure?.code).toBe('client.stepRequired')
  })

  test('once it is on, the step may be left, although the factors cannot be read again', async () => {
    const { actor, perform, enrollment, portal, rest } = await openCentre(createSetting(), { policy: 'require' })
    await perform(actor, { type: 'otp.enrol' })
    portal.fault('listMfaMethods', { status: 403 })
    enrollment().send({ type: 'code.submit', code: await portal.authenticator.code() })
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({ aimHolds: true, otpEnabled: true })
  })

  test('required: neither finished nor skipped', async () => {
    const { actor, perform } = await openCentre(createSetting(), { policy: 'require' })
    expect((await perform(actor, { type: 'step.finish' })).context.failure?.code).toBe('client.stepRequired')
    expect((await perform(actor, { type: 'step.skip' })).status).toBe('active')
  })
})

describe('OTP on', () => {
  test('no setup is offered', async () => {
    const { actor, perform, requestsSince } = await openCentre(createSetting(enabled))
    expect((await perform(actor, { type: 'otp.enrol' })).value).toEqual({ atRest: 'overview' })
    expect(requestsSince()).toEqual([])
  })

  test('it can be revoked, after a question', async () => {
    const { actor, perform, portal, requestsSince } = await openCentre(createSetting(enabled))
    expect((await perform(actor, { type: 'otp.revoke' })).value).toEqual({ atRest: 'confirmingRevoke' })
    await perform(actor, { type: 'revoke.cancel' })
    expect(requestsSince()).toEqual([])
    await perform(actor, { type: 'otp.revoke' })
    const { value, context } = await perform(actor, { type: 'revoke.confirm' })
    expect(value).toEqual({ atRest: 'overview' })
    expect(context.methods.some(({ method, isEnabled }) => method === 'OTP' && isEnabled)).toBe(false)
    expect(portal.account.otpSecret).toBeNull()
    expect(requestsSince()).toEqual(['revokeOtp', 'listMfaMethods'])
  })

  test('the backup codes that are left are shown on demand', async () => {
    const { actor, perform } = await openCentre(createSetting(enabled))
    expect(actor.getSnapshot().context.backupCodes).toBeNull()
    const { context } = await perform(actor, { type: 'backupCodes.check' })
    expect(context.backupCodes).toEqual({ remainingCount: 8, totalCount: 10 })
  })

  test('backup codes that a portal does not have do not stand in the way', async () => {
    const { actor, perform, portal } = await openCentre(createSetting(enabled))
    portal.fault('getBackupCodeStatus', { status: 404 })
    const { value, context } = await perform(actor, { type: 'backupCodes.check' })
    expect(value).toEqual({ atRest: 'overview' })
    expect(context.failure?.kind).toBe('notFound')
  })

  test.each([
    ['loseReply', false, null],
    ['loseRequest', true, { effect: 'none' }],
    [{ status: 502 }, true, { effect: 'none' }],
    [{ status: 409, code: 'AUTH.MFA_EMAIL_IMMUTABLE' }, true, { kind: 'conflict', effect: 'none' }],
  ] as const)('revoking with %o: the list tells, OTP is on: %s', async (fault, isOn, failure) => {
    const { actor, perform, waitOut, portal } = await openCentre(createSetting(enabled))
    portal.fault('revokeOtp', fault)
    await perform(actor, { type: 'otp.revoke' })
    await perform(actor, { type: 'revoke.confirm' })
    await waitOut(actor)
    const { value, context } = actor.getSnapshot()
    expect(value).toEqual({ atRest: 'overview' })
    expect(context.methods.some(({ method, isEnabled }) => method === 'OTP' && isEnabled)).toBe(isOn)
    if (failure === null) expect(context.failure).toBeNull()
    else expect(context.failure).toMatchObject(failure)
    expect(context.isRevoking).toBe(false)
  })

  test.each(['require', 'offer'] as const)(
    'whether it is still on is not claimed while nobody knows what came of a revocation; policy %s',
    async (policy) => {
      const { actor, perform, portal } = await openCentre(createSetting(enabled), { policy })
      await perform(actor, { type: 'otp.revoke' })
      portal.fault('revokeOtp', 'loseReply')
      portal.fault('listMfaMethods', 'loseRequest', { times: 3 })
      expect((await perform(actor, { type: 'revoke.confirm' })).value).toEqual({ halted: 'coolingDown' })
      const { output, status } = await perform(actor, { type: 'step.finish' })
      if (policy === 'require') expect(status).toBe('active')
      else expect(output).toMatchObject({ aimHolds: false, otpEnabled: null })
    },
  )

  test('once it is off, a required step is not left, although the factors cannot be read again', async () => {
    const { actor, perform, portal } = await openCentre(createSetting(enabled), { policy: 'require' })
    expect(actor.getSnapshot().context.isRevoking).toBe(false)
    await perform(actor, { type: 'otp.revoke' })
    portal.fault('listMfaMethods', { status: 403 })
    const { value, context } = await perform(actor, { type: 'revoke.confirm' })
    expect(value).toEqual({ halted: 'failed' })
    expect(context).toMatchObject({ isRevoking: false, backupCodes: null })
    expect((await perform(actor, { type: 'step.finish' })).status).toBe('active')
  })

  test('a required step is left with OTP on', async () => {
    const { actor, perform } = await openCentre(createSetting(enabled), { policy: 'require' })
    expect((await perform(actor, { type: 'step.finish' })).output).toEqual({
      outcome: 'done',
      failure: null,
      aimHolds: true,
      otpEnabled: true,
    })
  })
})
