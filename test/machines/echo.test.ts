/**
 * A POST can arrive twice without anyone sending it twice: browsers, and some proxies, send it again when a kept connection breaks after
 * the portal has read it. The reply that is seen is the second one, and refuses what was done a moment ago.
 */
import type { Fault } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import { createSetting, type Setting } from '../support/setting.ts'
import { writes } from '../support/writes.ts'

const acme = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'

describe.each(writes)('$step: $write', ({ step, account, write, read, wish }) => {
  async function struckBy(fault: Fault, prepare: (portal: Setting['portal']) => void = () => undefined) {
    const setting = createSetting({ portal: { account } })
    const actor = await setting.start(step)
    const events = await wish(setting)
    setting.portal.fault(write, fault)
    prepare(setting.portal)
    setting.requestsSince()
    for (const event of events) await setting.perform(actor, event as never)
    return { ...setting, actor }
  }

  test('carried out twice, it was done: nothing failed, and nobody waits', async () => {
    const { actor, portal, requestsSince } = await struckBy('resent')
    const { context, status } = actor.getSnapshot()
    expect(context.failure).toBeNull()
    if (status === 'active') expect(actor.getSnapshot().hasTag('resting')).toBe(true)
    expect(portal.processed(write)).toBe(1)
    expect(requestsSince().filter((operation) => operation === write)).toHaveLength(1)
  })

  test.each<[string, Fault]>([
    ['not found', { status: 404 }],
    ['gone', { status: 410 }],
    ['a conflict', { status: 409, code: '4090' }],
    ['done already', { status: 400, code: 'PORTAL.ALREADY_DONE' }],
    ['not found, in the older family', { status: 400, code: 'U1040' }],
  ])('refused as %s, it is read back at once before that is said', async (_, fault) => {
    const { actor, requestsSince } = await struckBy(fault)
    expect(requestsSince().slice(0, 2)).toEqual([write, read])
    expect(actor.getSnapshot().hasTag('resting')).toBe(true)
    expect(actor.getSnapshot().context.failure).toMatchObject({ effect: 'none', retryAt: null })
  })

  test('while it cannot be read back, whether it took effect is not known; retry looks, and sends nothing', async () => {
    const { actor, portal, perform, requestsSince } = await struckBy(
      { status: 409, code: '4090', process: true },
      (portal) => {
        portal.fault(read, 'loseRequest', { times: 3 })
      },
    )
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'network', effect: 'unknown' })
    requestsSince()
    await perform(actor, { type: 'retry' })
    expect(actor.getSnapshot().context.failure).toBeNull()
    expect(requestsSince()).not.toContain(write)
    expect(portal.processed(write)).toBe(1)
  })
})

test('accepted twice: it counts as accepted, and leads to its workspace', async () => {
  const { start, perform, portal } = createSetting()
  const actor = await start('invitations')
  portal.fault('acceptInvitation', 'resent')
  await perform(actor, { type: 'invitation.accept', invitationBizId: acme })
  expect(actor.getSnapshot().context).toMatchObject({
    failure: null,
    acceptedInvitations: [{ invitationBizId: acme, nextAction: 'ENTER_ACCEPTED_WORKSPACE' }],
  })
})

test('accepted twice, and off the list: the workspace it made the user a member of tells', async () => {
  const { start, perform, portal } = createSetting({
    portal: { account: { invitations: [{ invitationBizId: acme }] } },
  })
  const actor = await start('invitations')
  portal.fault('acceptInvitation', 'resent')
  portal.interject(
    'acceptInvitation',
    (draft) => {
      draft.invitations = []
    },
    { when: 'after' },
  )
  await perform(actor, { type: 'invitation.accept', invitationBizId: acme })
  expect(actor.getSnapshot().context).toMatchObject({ failure: null, acceptedInvitations: [{ invitationBizId: acme }] })
})

test('all others ended twice: both are counted, although the second reply says 0', async () => {
  const { start, perform, portal } = createSetting()
  const actor = await start('sessions')
  portal.fault('terminateOtherSessions', 'resent')
  await perform(actor, { type: 'sessions.terminateOthers' })
  await perform(actor, { type: 'termination.confirm' })
  expect(actor.getSnapshot().context).toMatchObject({ failure: null, sessionsTerminated: 2 })
})

test('a code that was taken twice is wrong the second time: OTP is on', async () => {
  const { start, perform, portal } = createSetting()
  const actor = await start('otpEnrollment')
  portal.fault('verifyOtp', { status: 400, code: 'AUTH.MFA_CODE_INVALID', process: true })
  await perform(actor, { type: 'code.submit', code: await portal.authenticator.code() })
  expect(actor.getSnapshot().output).toMatchObject({ outcome: 'done', otpEnabled: true })
})

test('OTP that is on already when a setup is asked for: retry finds it', async () => {
  const { start, perform, portal } = createSetting()
  portal.fault('setupOtp', { status: 409, code: 'AUTH.OTP_ALREADY_ENABLED' })
  portal.update((draft) => {
    for (const method of draft.mfaMethods) method.isEnabled = true
  })
  const actor = await start('otpEnrollment')
  expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'conflict', effect: 'unknown' })
  await perform(actor, { type: 'retry' })
  expect(actor.getSnapshot().output).toMatchObject({ outcome: 'done', otpEnabled: true })
  expect(portal.processed('setupOtp')).toBe(0)
})
