import { type StepUpQuestion, screenOf } from 'postlogin'
import { describe, expect, test } from 'vitest'
import { openEditor } from '../support/editor.ts'
import { placeOf } from '../support/place.ts'
import { close, reopen } from '../support/reload.ts'
import { createSetting, type SettingOptions } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { otpOn, type Write, writes } from '../support/writes.ts'

/** The portal demands more proof for a write: the host asks its user, and the machine waits in a state of its own. */

const HEADER = 'X-Mfa-Token'
const TOKEN = 'proof-hunter2'
const MINUTE = 60_000
const here = '203.0.113.10'
const office = '198.51.100.0/24'

type Demand = NonNullable<NonNullable<SettingOptions['portal']>['stepUp']>

/** A portal that demands proof for these operations, and a host whose user answers when the test says so. */
function demanding(operations: Demand['operations'], account: Write['account'] = {}) {
  const questions: StepUpQuestion[] = []
  const answers: ((headers: Record<string, string> | null) => void)[] = []
  const setting = createSetting({
    portal: { account, stepUp: { operations, header: HEADER, token: TOKEN } },
    api: {
      stepUp(question) {
        questions.push(question)
        return new Promise((resolve) => answers.push(resolve))
      },
    },
  })
  const give = () => answers.at(-1)?.({ [HEADER]: TOKEN })
  const decline = () => answers.at(-1)?.(null)
  return { ...setting, questions, give, decline }
}

const charted = writes.filter(({ step }) => step !== 'invitations' && step !== 'sessions')

describe.each(charted)('$step: $write', (to) => {
  async function asked() {
    const setting = demanding([to.write], to.account)
    const actor = await setting.start(to.step)
    setting.requestsSince()
    for (const event of await to.wish(setting)) await setting.perform(actor, event as never)
    return { ...setting, actor }
  }
  const attempts = ({ portal }: Awaited<ReturnType<typeof asked>>) =>
    portal.requests.filter(({ operation }) => operation === to.write).length

  test('waits for the proof and shows it: everything else is blocked, and it can be given up', async () => {
    const scene = await asked()
    expect(placeOf(scene.actor)).toMatch(/\.steppingUp$/)
    const screen = screenOf(scene.actor.getSnapshot())
    if (!('finish' in screen)) throw new Error('There is no step on screen')
    expect(screen.status).toBe('steppingUp')
    expect([screen.finish, screen.skip, screen.retry].map(({ blocked }) => blocked)).toEqual([
      'steppingUp',
      'steppingUp',
      'steppingUp',
    ])
    expect(screen.cancelStepUp).toMatchObject({ event: { type: 'stepUp.cancel' }, blocked: null })
    expect(scene.questions.map(({ operation }) => operation)).toEqual([to.write])
    expect(attempts(scene)).toBe(1)
  })

  test('once it is given, the write is carried out, once', async () => {
    const scene = await asked()
    scene.give()
    await scene.rest(scene.actor)
    expect(scene.portal.processed(to.write)).toBe(1)
    expect(attempts(scene)).toBe(2)
    expect(scene.actor.getSnapshot().context.failure).toBeNull()
    expect(JSON.stringify(scene.actor.getPersistedSnapshot())).not.toContain(TOKEN)
  })

  test('given up, the question is withdrawn, nothing was done, and the user is back with the reason', async () => {
    const scene = await asked()
    const { context } = await scene.perform(scene.actor, { type: 'stepUp.cancel' })
    expect(context.failure).toMatchObject({ code: 'client.stepUpDeclined', effect: 'none' })
    expect(scene.actor.getSnapshot().hasTag('resting')).toBe(true)
    expect(scene.questions[0]?.signal.aborted).toBe(true)
    scene.give()
    await turn()
    expect(attempts(scene)).toBe(1)
  })

  test('the host says that the user does not want to: the same', async () => {
    const scene = await asked()
    scene.decline()
    await scene.rest(scene.actor)
    const { context } = scene.actor.getSnapshot()
    expect(context.failure).toMatchObject({ code: 'client.stepUpDeclined', effect: 'none' })
    expect(scene.actor.getSnapshot().hasTag('resting')).toBe(true)
  })

  test('stored while it is asked and opened again, nothing is sent: the write is read back', async () => {
    const scene = await asked()
    const text = close(scene.actor)
    await turn()
    expect(scene.questions[0]?.signal.aborted).toBe(true)
    scene.requestsSince()
    const again = reopen(scene.actor, text)
    await scene.waitOut(again)
    expect(scene.requestsSince()).not.toContain(to.write)
    expect(again.getSnapshot().hasTag('resting')).toBe(true)
    expect(scene.questions).toHaveLength(1)
  })

  test('after that, giving it up does not pass the outcome for known', async () => {
    const scene = await asked()
    const text = close(scene.actor)
    scene.requestsSince()
    const again = reopen(scene.actor, text)
    again.send({ type: 'stepUp.cancel' } as never)
    await scene.rest(again)
    expect(scene.requestsSince()).toContain(to.read)
  })

  test('stopped first and stored then, as framework bindings do, it goes on likewise', async () => {
    const scene = await asked()
    scene.actor.stop()
    scene.give()
    const again = reopen(scene.actor, close(scene.actor))
    await scene.waitOut(again)
    expect(attempts(scene)).toBe(1)
    expect(again.getSnapshot().hasTag('resting')).toBe(true)
  })
})

test('the session ends while it is asked: the step ends, and nothing more is sent', async () => {
  const { start, perform, rest, give, portal } = demanding(['revokeOtp'], otpOn)
  const mfa = await start('mfa')
  for (const type of ['otp.revoke', 'revoke.confirm'] as const) await perform(mfa, { type })
  portal.fault('revokeOtp', { status: 401 }, { times: Number.POSITIVE_INFINITY })
  give()
  await rest(mfa)
  expect(mfa.getSnapshot().output).toMatchObject({ outcome: 'signedOut' })
})

test('the flow is cancelled while it is asked: the question goes from the screen', async () => {
  const { start, rest, questions, give, portal } = demanding(['revokeOtp'], otpOn)
  const flow = await start('onboarding', { order: ['mfa'], policy: { mfa: 'show' } })
  const { mfa } = flow.getSnapshot().children
  for (const type of ['otp.revoke', 'revoke.confirm'] as const) mfa?.send({ type })
  await rest(flow)
  expect(screenOf(flow.getSnapshot())).toMatchObject({ name: 'mfa', status: 'steppingUp' })
  flow.send({ type: 'onboarding.cancel' })
  await rest(flow)
  expect(questions[0]?.signal.aborted).toBe(true)
  give()
  await turn()
  expect(portal.processed('revokeOtp')).toBe(0)
})

describe('a whitelist change', () => {
  const enforcedByOffice = { ipWhitelist: { enabled: true, entries: [here] } }

  test('is made with one proof for each of its writes', async () => {
    const setting = demanding(['replaceIpWhitelist', 'enableIpWhitelist'])
    const editor = await openEditor(setting)
    await editor.perform({ type: 'entry.add', value: here })
    await editor.perform({ type: 'whitelist.enable' })
    expect(editor.place()).toBe('making.saving.steppingUp')
    setting.give()
    await editor.rest()
    expect(editor.place()).toBe('making.enabling.steppingUp')
    setting.give()
    await editor.rest()
    expect(editor.place()).toBe('confirming.deciding.awaiting')
    expect(editor.inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('given up, it is read back, and nothing of it is in force', async () => {
    const setting = demanding(['replaceIpWhitelist'], enforcedByOffice)
    const editor = await openEditor(setting)
    await editor.perform({ type: 'entry.add', value: office })
    await editor.perform({ type: 'whitelist.save' })
    editor.requestsSince()
    await editor.perform({ type: 'stepUp.cancel' } as never)
    expect(editor.requestsSince()).toEqual(['getIpWhitelist'])
    expect(editor.place()).toBe('drafting.editing')
    expect(editor.state().failure).toMatchObject({ code: 'client.stepUpDeclined', effect: 'none' })
    expect(editor.inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test.each([
    ['another list', 'replaceIpWhitelist', { type: 'whitelist.save' }, 'making.saving.steppingUp'],
    ['to turn it off', 'disableIpWhitelist', { type: 'whitelist.disable' }, 'making.disabling.steppingUp'],
  ] as const)(
    '%s, asked for meanwhile, does not keep the first from being undone in time',
    async (_what, write, wish, there) => {
      const setting = demanding([], enforcedByOffice)
      const editor = await openEditor(setting)
      await editor.perform({ type: 'entries.replace', values: [here, office] })
      await editor.perform({ type: 'whitelist.save' })
      expect(editor.place()).toBe('confirming.deciding.awaiting')
      setting.portal.configure({ stepUp: { operations: [write], header: HEADER, token: TOKEN } })
      if (write === 'replaceIpWhitelist') await editor.perform({ type: 'entries.replace', values: [here, '192.0.2.1'] })
      await editor.perform(wish)
      expect(editor.place()).toBe(there)
      setting.portal.configure({ stepUp: null })
      await setting.clock.advance(MINUTE)
      await editor.rest()
      expect(setting.questions[0]?.signal.aborted).toBe(true)
      expect(editor.inForce()).toEqual({ enabled: true, entries: [here] })
      expect(editor.state().notice).toBe('changeUndone')
    },
  )

  async function toBeUndone() {
    const setting = demanding([], enforcedByOffice)
    const editor = await openEditor(setting)
    await editor.perform({ type: 'entries.replace', values: [here, office] })
    await editor.perform({ type: 'whitelist.save' })
    setting.portal.configure({ stepUp: { operations: ['replaceIpWhitelist'], header: HEADER, token: TOKEN } })
    await setting.clock.advance(MINUTE)
    await editor.rest()
    expect(editor.place()).toBe('undoing.replacing.steppingUp')
    return { setting, editor }
  }

  test('its undo asks as well, and is done once the proof is given', async () => {
    const { setting, editor } = await toBeUndone()
    setting.give()
    await editor.rest()
    expect(editor.inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('nobody answers: the undo does not hang, says so, asks again, and gives up in the end', async () => {
    const { setting, editor } = await toBeUndone()
    await setting.clock.advance(MINUTE)
    await editor.rest()
    expect(setting.questions[0]?.signal.aborted).toBe(true)
    expect(editor.place()).toBe('halted.coolingDown')
    expect(editor.state()).toMatchObject({ notice: 'undoPending', failure: { code: 'client.stepUpDeclined' } })
    await setting.clock.advance(5_000)
    await editor.rest()
    expect(setting.questions).toHaveLength(2)
    for (let tries = 0; tries < 20 && editor.place() !== 'halted.failed'; tries++) {
      await setting.clock.advance(20 * MINUTE)
      await editor.rest()
    }
    expect(editor.place()).toBe('halted.failed')
    await editor.perform({ type: 'retry' })
    setting.give()
    await editor.rest()
    expect(editor.inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('nobody answers for a read of its undo: that does not hang either, and is done once the portal answers', async () => {
    const setting = demanding([], enforcedByOffice)
    const editor = await openEditor(setting)
    await editor.perform({ type: 'entries.replace', values: [here, office] })
    await editor.perform({ type: 'whitelist.save' })
    setting.portal.configure({ stepUp: { operations: ['getIpWhitelist'], header: HEADER, token: TOKEN } })
    await setting.clock.advance(MINUTE)
    while (setting.questions.length === 0) await turn()
    setting.portal.configure({ stepUp: null })
    await setting.clock.advance(MINUTE)
    expect(setting.questions[0]).toMatchObject({ operation: 'getIpWhitelist', signal: { aborted: true } })
    await editor.waitOut()
    expect(editor.inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('the portal stops to demand it: the next try undoes the change without anybody', async () => {
    const { setting, editor } = await toBeUndone()
    setting.portal.configure({ stepUp: null })
    await setting.clock.advance(MINUTE)
    await editor.rest()
    await setting.clock.advance(5_000)
    await editor.rest()
    expect(editor.inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test.each(['decline', 'give up'])(
    'the user does not want to (%s): it is tried again, as the change is in force',
    async (how) => {
      const { setting, editor } = await toBeUndone()
      if (how === 'decline') setting.decline()
      else await editor.perform({ type: 'stepUp.cancel' } as never)
      await editor.rest()
      expect(editor.place()).toBe('halted.coolingDown')
      expect(editor.state().failure).toMatchObject({ code: 'client.stepUpDeclined', effect: 'none' })
      await setting.clock.advance(5_000)
      await editor.rest()
      expect(setting.questions).toHaveLength(2)
    },
  )
})
