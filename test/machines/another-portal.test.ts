/** A portal that is not ours: an api of a host's own, which lacks what that portal lacks and asks for a password. */
import { activeStep, createMachines, type PortalApi, PortalError, screenOf } from 'postlogin'
import type { FakePortalOptions } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { createSetting } from '../support/setting.ts'
import { otpOn } from '../support/writes.ts'

/** Our fake behind an api that wants a password for a setup and for its end, and has neither whitelist, nor default, nor count of codes. */
function stranger(
  askForPassword: (signal: AbortSignal | null | undefined) => Promise<string | null>,
  portal: FakePortalOptions = {},
) {
  const setting = createSetting({ portal })
  const {
    getBackupCodeStatus: _count,
    getIpWhitelist: _list,
    replaceIpWhitelist: _replace,
    enableIpWhitelist: _on,
    disableIpWhitelist: _off,
    setDefaultWorkspace: _default,
    ...rest
  } = setting.api
  const withPassword =
    <Result>(
      method: (input: undefined, options: object) => Promise<Result>,
    ): ((_?: undefined, options?: Options) => Promise<Result>) =>
    async (_, options = {}) => {
      options.onStepUp?.(true)
      const password = await askForPassword(options.signal).finally(() => options.onStepUp?.(false))
      if (password !== 'correct horse') {
        throw new PortalError({ kind: 'forbidden', code: 'INVALID_PASSWORD', reason: 'proofMissing' })
      }
      return method(undefined, options)
    }
  const api: PortalApi = { ...rest, setupOtp: withPassword(rest.setupOtp), revokeOtp: withPassword(rest.revokeOtp) }
  return { ...setting, machines: createMachines(api, { clock: setting.clock }) }
}

type Options = NonNullable<Parameters<PortalApi['setupOtp']>[1]>

type Wish = 'otp.enrol' | 'otp.revoke' | 'revoke.confirm'

/** The user wishes that of `mfa`, and is asked for the password. */
async function asked(wishes: readonly Wish[], portal: FakePortalOptions = {}) {
  const answers: ((password: string | null) => void)[] = []
  const setting = stranger(() => new Promise((resolve) => answers.push(resolve)), portal)
  const mfa = createActor(setting.machines.mfa, { input: { policy: 'show' } }).start()
  await setting.rest(mfa)
  for (const type of wishes) {
    mfa.send({ type })
    await setting.rest(mfa)
  }
  return {
    ...setting,
    mfa,
    screen: () => screenOf(mfa.getSnapshot()),
    answer: async (password: string | null) => {
      answers.shift()?.(password)
      await setting.rest(mfa)
    },
  }
}

describe('a password that the portal wants', () => {
  test('is asked for by the host: the screen says so, and nothing is sent meanwhile', async () => {
    const { screen, portal, answer, mfa } = await asked(['otp.enrol'])
    expect(screen()).toMatchObject({ name: 'otpEnrollment', status: 'steppingUp' })
    expect(portal.processed('setupOtp')).toBe(0)
    await answer('correct horse')
    expect(screen()).toMatchObject({ name: 'otpEnrollment', status: 'resting', isSetUp: true })
    expect(JSON.stringify(mfa.getPersistedSnapshot())).not.toContain('correct horse')
  })

  test.each([
    ['was not given', null],
    ['is wrong', 'tr0ub4dor'],
  ])('%s: nothing was done, and it can be tried again', async (_, password) => {
    const { screen, portal, answer } = await asked(['otp.enrol'])
    await answer(password)
    expect(screen()).toMatchObject({
      name: 'otpEnrollment',
      status: 'failed',
      failure: { reason: 'proofMissing', effect: 'none' },
    })
    expect(portal.processed('setupOtp')).toBe(0)
  })
})

describe('a password that the portal wants to turn OTP off', () => {
  const askedToRevoke = () => asked(['otp.revoke', 'revoke.confirm'], { account: otpOn })

  test('is asked for by the host, and nothing is sent until it is given', async () => {
    const { screen, portal, answer } = await askedToRevoke()
    expect(screen()).toMatchObject({ name: 'mfa', status: 'steppingUp' })
    expect(portal.processed('revokeOtp')).toBe(0)
    await answer('correct horse')
    expect(screen()).toMatchObject({ name: 'mfa', status: 'resting', isOtpEnabled: false })
    expect(portal.processed('revokeOtp')).toBe(1)
  })

  test('was not given: OTP stays on', async () => {
    const { screen, portal, answer } = await askedToRevoke()
    await answer(null)
    expect(screen()).toMatchObject({
      name: 'mfa',
      status: 'resting',
      failure: { reason: 'proofMissing', effect: 'none' },
    })
    expect(portal.processed('revokeOtp')).toBe(0)
  })
})

describe('what the portal lacks', () => {
  const noPassword = async () => null

  test('refuses a step at once that cannot be shown without it, and names both', () => {
    const { machines } = stranger(noPassword)
    const flow = createActor(machines.onboarding)
    flow.subscribe({ error() {} })
    flow.start()
    const { error } = flow.getSnapshot()
    if (!(error instanceof PortalError)) throw new Error('Nothing was refused')
    expect(error.failure).toMatchObject({ kind: 'config', code: 'client.methodMissing', field: 'order.ipWhitelist' })
    expect(error.message).toMatch(
      /ipWhitelist needs getIpWhitelist, replaceIpWhitelist, enableIpWhitelist, disableIpWhitelist/,
    )
  })

  test.each([
    ['left out of the order', { order: ['invitations', 'mfa', 'sessions', 'workspace'] }],
    ['skipped', { policy: { ipWhitelist: 'skip' } }],
  ] as const)('is no matter where that step is %s', async (_, input) => {
    const { machines, rest } = stranger(noPassword)
    const flow = createActor(machines.onboarding, { input }).start()
    await rest(flow)
    expect(activeStep(flow.getSnapshot())?.name).toBe('invitations')
  })

  test('is on no screen: neither the count of backup codes, nor a default workspace, nor the whitelist', async () => {
    const { machines, rest } = stranger(noPassword)
    const mfa = createActor(machines.mfa).start()
    const workspace = createActor(machines.workspace).start()
    const center = createActor(machines.securityCenter).start()
    for (const actor of [mfa, workspace, center]) await rest(actor)
    expect(screenOf(mfa.getSnapshot())).toMatchObject({ name: 'mfa', checkBackupCodes: null })
    const shown = screenOf(workspace.getSnapshot())
    expect(shown.name === 'workspace' && shown.rows.map((row) => row.chooseAsDefault)).toEqual([null, null])
    const page = screenOf(center.getSnapshot())
    expect(page.name === 'securityCenter' && Object.keys(page.cards)).toEqual(['mfa', 'sessions', 'invitations'])
  })

  test('fails clearly where a machine is started all the same', async () => {
    const { machines, rest } = stranger(noPassword)
    const whitelist = createActor(machines.ipWhitelist).start()
    await rest(whitelist)
    expect(whitelist.getSnapshot().context.failure).toMatchObject({ code: 'client.methodMissing', effect: 'none' })
  })
})
