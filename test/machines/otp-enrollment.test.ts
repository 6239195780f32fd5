import { runInNewContext } from 'node:vm'
import { fromStorage, toStorage } from 'postlogin'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createActor } from 'xstate'
import { dialectValues } from '../../src/testing/behavior.ts'
import { createSetting } from '../support/setting.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

async function enroll(setting = createSetting(), input?: object) {
  const actor = await setting.start('otpEnrollment', input)
  setting.requestsSince()
  const submit = async (code: string, force?: boolean) =>
    setting.perform(actor, { type: 'code.submit', code, ...(force === undefined ? {} : { force }) })
  return { ...setting, actor, submit, phone: setting.portal.authenticator }
}

test('the setup brings a secret, a QR code, and who it is for', async () => {
  const { actor, portal } = await enroll()
  expect(actor.getSnapshot().value).toBe('awaitingCode')
  const { otpSetup } = actor.getSnapshot().context
  expect(otpSetup?.secret.reveal()).toBe(portal.account.otpSetup?.secret)
  expect(otpSetup?.qrCodeUri.reveal()).toMatch(/^otpauth:\/\/totp\/SlaunchX/)
  expect(otpSetup).toMatchObject({ issuer: 'SlaunchX', accountName: 'maya@example.com' })
})

test('the code that the phone shows turns OTP on, and the secret leaves the context', async () => {
  const { actor, submit, phone, portal } = await enroll()
  const { output } = await submit(await phone.code())
  expect(output).toEqual({
    outcome: 'done',
    failure: null,
    aimHolds: true,
    otpEnabled: true,
    hasUnsavedBackupCodes: false,
  })
  expect(actor.getSnapshot().context).toMatchObject({ otpSetup: null, attempt: null, doubted: null })
  expect(portal.account.mfaMethods).toContainEqual(expect.objectContaining({ method: 'OTP', isEnabled: true }))
})

test('under jsdom, whose ArrayBuffer is not Node’s, codes are computed and judged as elsewhere', async () => {
  onTestFinished(() => void vi.unstubAllGlobals())
  vi.stubGlobal('ArrayBuffer', runInNewContext('ArrayBuffer'))
  const { actor, submit, phone, requestsSince } = await enroll()
  await submit(await phone.code({ skewMs: 10 * MINUTE }))
  expect(actor.getSnapshot().context.codeHint).toEqual({ kind: 'skewed', offsetMs: 10 * MINUTE })
  expect(requestsSince()).toEqual([])
  expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
})

const written = (numberingSystem: string) => (code: string) =>
  code.replace(/\d/g, (digit) => new Intl.NumberFormat('en', { numberingSystem }).format(Number(digit)))
const split = (mark: string) => (code: string) => `${code.slice(0, 3)}${mark}${code.slice(3)}`

test.each([
  ['spaces', (code: string) => ` ${split(' ')(code)} `],
  ['a hyphen', split('-')],
  ['a dot', split('.')],
  ['a zero-width space', split('\u200b')],
  ['a soft hyphen', split('\u00ad')],
  ['Arabic digits after a direction mark', (code: string) => `\u200f${written('arab')(code)}`],
  ['Persian digits', written('arabext')],
  ['Devanagari digits with a space', (code: string) => split('\u00a0')(written('deva')(code))],
  ['full-width digits and hyphen', (code: string) => split('－')(written('fullwide')(code))],
])('a code is taken as people type it, with %s, and sent in plain digits', async (_, typed) => {
  const { submit, phone, portal } = await enroll()
  expect((await submit(typed(await phone.code()))).output).toMatchObject({ otpEnabled: true })
  expect(portal.processed('verifyOtp')).toBe(1)
})

test.each(dialectValues.timestamp)(
  'a right code is taken at once where the portal’s timestamps are of the kind %s',
  async (timestamp) => {
    const { submit, phone } = await enroll(createSetting({ portal: { dialect: { timestamp } } }))
    expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
  },
)

describe.each(dialectValues.otpUri)('a setup with its URI as %s', (otpUri) => {
  test.each([{}, { algorithm: 'SHA256' }, { algorithm: 'SHA512', period: 60 }] as const)(
    'and codes of %j: the phone’s code turns OTP on, a wrong one is held back',
    async (totp) => {
      const { actor, submit, phone, portal, requestsSince } = await enroll(
        createSetting({ portal: { dialect: { otpUri }, totp } }),
      )
      expect(actor.getSnapshot().context.otpSetup?.secret.reveal()).toBe(portal.account.otpSetup?.secret)
      await submit(differentFrom(await phone.code()))
      expect(actor.getSnapshot().context.codeHint).toEqual({ kind: 'wrong' })
      expect(requestsSince()).toEqual([])
      expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
    },
  )
})

describe('before an attempt is spent', () => {
  test.each([
    '',
    '12345',
    '1234567',
    '12345a',
    'garbage',
    '１２３',
    '١٢٣٤٥',
    '۱۲۳۴۵۶۷',
    '12-34',
    '+123456',
    '\u200b',
    '²²²²²²',
  ])('%j is malformed and never leaves', async (code) => {
    const { actor, submit, requestsSince } = await enroll()
    await submit(code, true)
    expect(actor.getSnapshot().context.codeHint).toEqual({ kind: 'malformed' })
    expect(requestsSince()).toEqual([])
  })

  test('a code that is wrong now costs no attempt; the same one again goes to the portal, whose word is final', async () => {
    const { actor, submit, phone, requestsSince } = await enroll()
    const wrong = differentFrom(await phone.code())
    await submit(wrong)
    expect(actor.getSnapshot().context.codeHint?.kind).toBe('wrong')
    expect(requestsSince()).toEqual([])
    await submit(wrong)
    expect(requestsSince()).toEqual(['verifyOtp', 'listMfaMethods'])
    expect(actor.getSnapshot().value).toBe('awaitingCode')
    expect(actor.getSnapshot().context.codeHint).toEqual({ kind: 'refused', doubt: { kind: 'wrong' } })
    await submit(wrong)
    expect(requestsSince(), 'no second attempt is spent on it unasked').toEqual([])
    expect(actor.getSnapshot().context.codeHint).toEqual({ kind: 'wrong' })
  })

  test('`force` sends it the first time', async () => {
    const { submit, phone, requestsSince } = await enroll()
    await submit(differentFrom(await phone.code()), true)
    expect(requestsSince()).toContain('verifyOtp')
  })

  test.each([-10, 10, 60])('a phone whose clock is %i minutes off is told so', async (minutes) => {
    const { actor, submit, phone, requestsSince } = await enroll()
    await submit(await phone.code({ skewMs: minutes * MINUTE }))
    const skewed = { kind: 'skewed', offsetMs: minutes * MINUTE }
    expect(actor.getSnapshot().context.codeHint).toEqual(skewed)
    expect(requestsSince()).toEqual([])
    await submit(await phone.code({ skewMs: minutes * MINUTE }))
    expect(requestsSince()).toContain('verifyOtp')
    expect(actor.getSnapshot().context.codeHint).toEqual({ kind: 'refused', doubt: skewed })
  })

  test.each([
    [{ algorithm: 'SHA256' }, ['algorithm']],
    [{ algorithm: 'SHA512' }, ['algorithm', 'digits', 'period']],
    [{ period: 60 }, ['period']],
    [{ algorithm: 'SHA256', period: 60 }, ['algorithm', 'period']],
    [{ algorithm: 'SHA256', period: 60 }, ['period']],
  ] as const)('of a QR code with %j an app that ignores %j is told apart', async (totp, ignores) => {
    const { actor, submit, phone, requestsSince } = await enroll(createSetting({ portal: { totp } }))
    await submit(await phone.code({ ignores }))
    expect(actor.getSnapshot().context.codeHint).toEqual({ kind: 'parametersIgnored' })
    expect(actor.getSnapshot().context.refusedCodes).toBe(0)
    expect(requestsSince()).toEqual([])
    await submit(await phone.code({ ignores }))
    expect(requestsSince()).toContain('verifyOtp')
    expect(actor.getSnapshot().context.codeHint).toEqual({ kind: 'refused', doubt: { kind: 'parametersIgnored' } })
    expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
  })

  test('it is the portal’s time that counts, not the host’s', async () => {
    const setting = createSetting({ portal: { portalOffsetMs: 20 * MINUTE } })
    const { submit, phone } = await enroll(setting)
    expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
  })
})

describe('what the portal answers', () => {
  test('AUTH.MFA_CODE_INVALID: the same setup, another code', async () => {
    const { actor, submit, phone, portal } = await enroll()
    const { secret } = portal.account.otpSetup ?? {}
    portal.fault('verifyOtp', { status: 400, code: 'AUTH.MFA_CODE_INVALID' })
    await submit(await phone.code())
    expect(actor.getSnapshot().context).toMatchObject({
      codeHint: { kind: 'refused', doubt: null },
      notice: null,
      failure: null,
    })
    expect(portal.account.otpSetup?.secret).toBe(secret)
    expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
  })

  test('AUTH.OTP_SETUP_SESSION_INVALID: a new setup, and a notice that the old QR code is dead', async () => {
    const { actor, submit, phone, portal, clock, requestsSince } = await enroll()
    const before = actor.getSnapshot().context.otpSetup?.secret.reveal()
    await clock.advance(11 * MINUTE)
    await submit(await phone.code())
    expect(requestsSince()).toEqual(['verifyOtp', 'listMfaMethods', 'setupOtp'])
    expect(actor.getSnapshot().value).toBe('awaitingCode')
    expect(actor.getSnapshot().context.notice).toBe('setupReplaced')
    expect(actor.getSnapshot().context.otpSetup?.secret.reveal()).not.toBe(before)
    expect(portal.account.otpSetup).not.toBeNull()
    expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
  })

  test('five attempts in 300 s, then a cool-down that ends by itself with the same secret', async () => {
    const { actor, submit, phone, clock, rest } = await enroll()
    const before = actor.getSnapshot().context.otpSetup?.secret.reveal()
    for (let attempt = 0; attempt < 5; attempt++) await submit(differentFrom(await phone.code()), true)
    await submit(await phone.code())
    expect(actor.getSnapshot().hasTag('coolingDown')).toBe(true)
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'rateLimited', effect: 'none' })
    await clock.advance(301 * SECOND)
    await rest(actor)
    expect(actor.getSnapshot().value).toBe('awaitingCode')
    expect(actor.getSnapshot().context.otpSetup?.secret.reveal()).toBe(before)
    expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
  })

  test('nobody is held for 300 s: the cool-down can be left', async () => {
    const { actor, submit, phone, portal, perform } = await enroll()
    portal.fault('verifyOtp', { status: 429 })
    await submit(await phone.code())
    expect(actor.getSnapshot().hasTag('coolingDown')).toBe(true)
    expect((await perform(actor, { type: 'step.skip' })).output).toMatchObject({
      outcome: 'skipped',
      otpEnabled: false,
    })
  })

  test.each([403, 404, 409])(
    'a refusal that says nothing of the code (%i): it is told, another may be tried',
    async (status) => {
      const { actor, submit, phone, portal } = await enroll()
      portal.fault('verifyOtp', { status })
      await submit(await phone.code())
      expect(actor.getSnapshot().value).toBe('awaitingCode')
      expect(actor.getSnapshot().context).toMatchObject({ failure: { status, effect: 'none' }, attempt: null })
      expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
    },
  )

  test('AUTH.MFA_EMAIL_IMMUTABLE (409) on the setup: it failed, and can be left', async () => {
    const setting = createSetting()
    setting.portal.fault('setupOtp', { status: 409, code: 'AUTH.MFA_EMAIL_IMMUTABLE' })
    const { actor, perform } = await enroll(setting)
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    expect(actor.getSnapshot().context.failure?.code).toBe('AUTH.MFA_EMAIL_IMMUTABLE')
    expect((await perform(actor, { type: 'enrollment.cancel' })).output).toMatchObject({ outcome: 'cancelled' })
  })

  test('a key and a QR code that do not agree are no setup', async () => {
    const setting = createSetting()
    const qrCodeUri = 'otpauth://totp/SlaunchX:maya@example.com?secret=GEZDGNBVGY3TQOJQ&issuer=SlaunchX'
    const data = { secret: 'JBSWY3DPEHPK3PXP', qrCodeUri, issuer: 'SlaunchX', accountName: 'maya@example.com' }
    setting.portal.fault('setupOtp', { status: 200, body: JSON.stringify({ code: '2000', message: 'SUCCESS', data }) })
    const { actor, perform } = await enroll(setting)
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'protocol', code: 'client.otpSetupMismatch' })
    await perform(actor, { type: 'retry' })
    expect(actor.getSnapshot().value).toBe('awaitingCode')
  })

  test('a lasting 401 ends the enrollment', async () => {
    const { submit, phone, portal } = await enroll()
    portal.fault('verifyOtp', { status: 401 }, { times: 9 })
    expect((await submit(await phone.code())).output).toMatchObject({ outcome: 'signedOut' })
  })
})

describe('a code whose outcome is not known', () => {
  test.each(['loseReply', 'malformed'] as const)('%s: the list of factors shows that OTP is on', async (fault) => {
    const { submit, phone, portal, requestsSince } = await enroll()
    portal.fault('verifyOtp', fault)
    expect((await submit(await phone.code())).output).toMatchObject({ outcome: 'done', otpEnabled: true })
    expect(requestsSince()).toEqual(['verifyOtp', 'listMfaMethods'])
  })

  test.each(['loseRequest', { status: 500 }] as const)(
    '%o: OTP is still off, another code is asked for',
    async (fault) => {
      const { actor, submit, phone, portal, waitOut } = await enroll()
      portal.fault('verifyOtp', fault)
      await submit(await phone.code())
      expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
      await waitOut(actor)
      expect(actor.getSnapshot().value).toBe('awaitingCode')
      expect(actor.getSnapshot().context.failure).toMatchObject({ effect: 'none' })
      expect((await submit(await phone.code())).output).toMatchObject({ otpEnabled: true })
    },
  )

  test('while the factors cannot be read, it stays unknown; retry reads, and sends no code', async () => {
    const { actor, submit, phone, portal, perform, requestsSince } = await enroll()
    portal.fault('verifyOtp', 'loseReply')
    portal.fault('listMfaMethods', { status: 500 }, { times: 3 })
    await submit(await phone.code())
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'server', effect: 'unknown' })
    requestsSince()
    expect((await perform(actor, { type: 'retry' })).output).toMatchObject({ otpEnabled: true })
    expect(requestsSince()).toEqual(['listMfaMethods'])
  })
})

test('restarting the setup replaces the secret, and says so', async () => {
  const { actor, perform } = await enroll()
  const before = actor.getSnapshot().context.otpSetup?.secret.reveal()
  await perform(actor, { type: 'setup.restart' })
  expect(actor.getSnapshot().context.otpSetup?.secret.reveal()).not.toBe(before)
  expect(actor.getSnapshot().context.notice).toBe('setupReplaced')
})

test('a new QR code is not announced before it is there', async () => {
  const { actor, perform, waitOut, portal } = await enroll()
  portal.fault('setupOtp', { status: 503 })
  await perform(actor, { type: 'setup.restart' })
  expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
  await waitOut(actor)
  expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
  expect(actor.getSnapshot().context).toMatchObject({ otpSetup: null, notice: null })
  await perform(actor, { type: 'retry' })
  expect(actor.getSnapshot().context.notice).toBe('setupReplaced')
})

test('a code that the portal did not look at is not kept', async () => {
  const { actor, submit, phone, portal } = await enroll()
  portal.fault('verifyOtp', { retryAfter: 30 })
  await submit(await phone.code())
  expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
  expect(actor.getSnapshot().context.attempt).toBeNull()
})

describe('after a reload', () => {
  test('a code that was being checked is lost, and asked for again', async () => {
    const { actor, machines, rest, phone, requestsSince } = await enroll()
    actor.send({ type: 'code.submit', code: await phone.code() })
    expect(actor.getSnapshot().value).toBe('checking')
    const text = toStorage(actor, { subject: 'maya' })
    actor.stop()
    const restored = createActor(machines.otpEnrollment, {
      snapshot: fromStorage(machines.otpEnrollment, text, { subject: 'maya' }),
    }).start()
    onTestFinished(() => void restored.stop())
    await rest(restored)
    expect(restored.getSnapshot().value).toBe('awaitingCode')
    expect(restored.getSnapshot().context).toMatchObject({ failure: null, codeHint: null })
    expect(requestsSince()).not.toContain('verifyOtp')
  })

  test('the code from the app is still taken although the secret is not known any more', async () => {
    const { actor, portal, machines, rest, phone, requestsSince } = await enroll()
    const text = toStorage(actor, { subject: 'maya' })
    expect(text).not.toContain(portal.account.otpSetup?.secret)
    actor.stop()
    const restored = createActor(machines.otpEnrollment, {
      snapshot: fromStorage(machines.otpEnrollment, text, { subject: 'maya' }),
    }).start()
    onTestFinished(() => void restored.stop())
    await rest(restored)
    expect(restored.getSnapshot().value).toBe('awaitingCode')
    expect(restored.getSnapshot().context.otpSetup).toBeNull()
    requestsSince()
    restored.send({ type: 'code.submit', code: await phone.code() })
    await rest(restored)
    expect(restored.getSnapshot().output).toMatchObject({ otpEnabled: true })
    expect(requestsSince()).toEqual(['verifyOtp'])
  })
})

test('a required enrollment can be cancelled, but neither skipped nor finished', async () => {
  const { actor, perform } = await enroll(createSetting(), { policy: 'require' })
  expect((await perform(actor, { type: 'step.skip' })).status).toBe('active')
  expect((await perform(actor, { type: 'step.finish' })).context.failure?.code).toBe('client.stepRequired')
  expect((await perform(actor, { type: 'enrollment.cancel' })).output).toMatchObject({ outcome: 'cancelled' })
})

/** Six digits, neither this code nor one that any clock shows nearby: the sum of its digits changes. */
const differentFrom = (code: string) => code.replace(/\d/g, (digit) => String((Number(digit) + 5) % 10))
