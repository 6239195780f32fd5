import { fromStorage, type Screen, screenOf, toStorage } from 'postlogin'
import { createDurableHost, revealScreen } from 'postlogin/durable'
import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { createSetting } from '../support/setting.ts'

const withCodes = () => createSetting({ portal: { setupBringsBackupCodes: true } })

/** OTP is being set up inside `mfa`; the portal has brought backup codes. */
async function enrolling(setting = withCodes()) {
  const actor = await setting.start('mfa', { policy: 'require' })
  await setting.perform(actor, { type: 'otp.enrol' })
  const enrollment = () => {
    const child = actor.getSnapshot().children.otpEnrollment
    if (child === undefined) throw new Error('Nothing is being set up')
    return child
  }
  const submit = async () => {
    enrollment().send({ type: 'code.submit', code: await setting.portal.authenticator.code() })
    await setting.rest(actor)
  }
  return { ...setting, actor, enrollment, submit }
}

const shownOn = (screen: object) => {
  if (!('backupCodes' in screen)) throw new Error('No screen of a setup')
  return (screen as Extract<Screen, { name: 'otpEnrollment' }>).backupCodes
}

describe('backup codes that a setup brings', () => {
  test('are shown once the code was accepted, and no earlier; the secret is gone by then', async () => {
    const { actor, enrollment, submit } = await enrolling()
    expect(shownOn(screenOf(actor.getSnapshot()))).toBeNull()
    await submit()
    const shown = shownOn(screenOf(actor.getSnapshot()))
    expect(shown?.codes).toHaveLength(10)
    expect(shown?.codes[0]?.reveal()).toMatch(/^[a-z2-7]{5}-[a-z2-7]{5}$/)
    expect(enrollment().getSnapshot().context.otpSetup).toBeNull()
  })

  test('stay until the user says that they are saved: nothing else leads on', async () => {
    const { actor, enrollment, submit, perform, portal } = await enrolling()
    await submit()
    for (const type of ['step.finish', 'step.skip', 'enrollment.cancel', 'setup.restart', 'retry'] as const) {
      enrollment().send({ type })
    }
    const screen = screenOf(actor.getSnapshot())
    expect(shownOn(screen)).not.toBeNull()
    expect(screen).toMatchObject({ finish: { blocked: 'questionOpen' }, submit: { blocked: 'questionOpen' } })
    await perform(enrollment(), { type: 'backupCodes.confirm' })
    expect(screenOf(actor.getSnapshot())).toMatchObject({ name: 'mfa', isOtpEnabled: true, notice: null })
    expect(portal.account.backupCodes).toEqual({ remainingCount: 10, totalCount: 10 })
  })

  test('are shown where the reply to the code was lost, and the list of factors says that it was accepted', async () => {
    const { actor, portal, submit } = await enrolling()
    portal.fault('verifyOtp', 'loseReply')
    await submit()
    expect(shownOn(screenOf(actor.getSnapshot()))?.codes).toHaveLength(10)
  })

  test('are in no stored text; once the page was reloaded they are gone, which is said', async () => {
    const { actor, machines, submit, rest } = await enrolling()
    await submit()
    const codes = shownOn(screenOf(actor.getSnapshot()))?.codes ?? []
    const text = toStorage(actor, { subject: 'maya' })
    for (const code of codes) expect(text).not.toContain(code.reveal())
    actor.stop()
    const snapshot = fromStorage(machines.mfa, text, { subject: 'maya' })
    const restored = createActor(machines.mfa, { snapshot }).start()
    await rest(restored)
    expect(screenOf(restored.getSnapshot())).toMatchObject({
      name: 'mfa',
      isOtpEnabled: true,
      notice: 'backupCodesUnsaved',
    })
  })

  test('are missing, which is said, where the page was reloaded before the code was entered', async () => {
    const { actor, machines, portal, rest } = await enrolling()
    const text = toStorage(actor, { subject: 'maya' })
    actor.stop()
    const restored = createActor(machines.mfa, { snapshot: fromStorage(machines.mfa, text, { subject: 'maya' }) })
    await rest(restored.start())
    restored
      .getSnapshot()
      .children.otpEnrollment?.send({ type: 'code.submit', code: await portal.authenticator.code() })
    await rest(restored)
    expect(screenOf(restored.getSnapshot())).toMatchObject({ name: 'mfa', notice: 'backupCodesUnsaved' })
  })

  test('a portal that gives none has nothing to show: the factors come next', async () => {
    const { actor, submit } = await enrolling(createSetting())
    await submit()
    expect(screenOf(actor.getSnapshot())).toMatchObject({ name: 'mfa', isOtpEnabled: true, notice: null })
  })

  test('a hop of a durable flow reveals them to the one who asked, and stores none', async () => {
    const { api, clock, portal } = withCodes()
    const host = createDurableHost({ api: () => api, clock, input: { order: ['mfa'], policy: { mfa: 'show' } } })
    let hop = await host.step('maya', null)
    const advance = async (type: string, more = {}) => {
      hop = await host.step('maya', hop.text, {
        owner: type === 'otp.enrol' ? 'mfa' : 'otpEnrollment',
        event: { type },
        more,
      })
      while (hop.mustStore) hop = await host.step('maya', hop.text)
    }
    await advance('otp.enrol')
    await advance('code.submit', { code: await portal.authenticator.code() })
    const codes = shownOn(revealScreen(hop))?.codes.map((code) => code.reveal()) ?? []
    expect(codes).toHaveLength(10)
    for (const code of codes) expect(hop.text + JSON.stringify(hop.screen)).not.toContain(code)
    await advance('backupCodes.confirm')
    expect(hop.screen.name).toBe('mfa')
    await host.close()
  })
})
