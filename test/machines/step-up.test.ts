import { type StepUpQuestion, screenOf } from 'postlogin'
import type { AccountOverrides } from 'postlogin/testing'
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
function demanding(operations: Demand['operations'], account: AccountOverrides = {}) {
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

/** Their other rows and their ways out stay usable meanwhile. */
const listSteps: readonly Write['step'][] = ['invitations', 'sessions']

describe.each(writes)('$step: $write', (to) => {
  async function asked() {
    const setting = demanding([to.write], to.account)
    const actor = await setting.start(to.step)
    setting.requestsSince()
    for (const event of await to.wish(setting)) await setting.perform(actor, event as never)
    return { ...setting, actor }
  }
  const attempts = ({ portal }: Awaited<ReturnType<typeof asked>>) =>
    portal.requests.filter(({ operation }) => operation === to.write).length

  test('waits for the proof and shows it: everything that cannot wait is blocked, and it can be given up', async () => {
    const scene = await asked()
    expect(placeOf(scene.actor)).toMatch(/\.steppingUp$/)
    const screen = screenOf(scene.actor.getSnapshot())
    if (!('finish' in screen)) throw new Error('There is no step on screen')
    expect(screen.status).toBe('steppingUp')
    const leaving = listSteps.includes(to.step) ? null : 'steppingUp'
    expect([screen.finish, screen.skip].map(({ blocked }) => blocked)).toEqual([leaving, leaving])
    expect(screen.retry.blocked).toBe('steppingUp')
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

const threeSessions: AccountOverrides = {
  sessions: [{ isCurrent: true }, { sessionId: 'SESSION_PHONE_P_001' }, { sessionId: 'SESSION_TABLET_T_002' }],
}

const lists: readonly {
  readonly step: 'invitations' | 'sessions'
  readonly write: 'acceptInvitation' | 'terminateSession'
  readonly account: AccountOverrides
  readonly wishes: readonly (readonly object[])[]
}[] = [
  {
    step: 'invitations',
    write: 'acceptInvitation',
    account: { invitations: [{ invitationBizId: 'acme-1' }, { invitationBizId: 'globex-1' }] },
    wishes: ['acme-1', 'globex-1'].map((invitationBizId) => [{ type: 'invitation.accept', invitationBizId }]),
  },
  {
    step: 'sessions',
    write: 'terminateSession',
    account: threeSessions,
    wishes: ['SESS...P_001', 'SESS...T_002'].map((sessionId) => [
      { type: 'session.terminate', sessionId },
      { type: 'termination.confirm' },
    ]),
  },
]

describe.each(lists)('$step: while more proof is asked for', ({ step, write, account, wishes }) => {
  async function asked() {
    const setting = demanding([write], account)
    const actor = await setting.start(step)
    const want = (row: number) => {
      for (const event of wishes[row] ?? []) actor.send(event as never)
    }
    const shown = () => {
      const screen = screenOf(actor.getSnapshot())
      if (screen.name !== 'invitations' && screen.name !== 'sessions') throw new Error(`${screen.name} is on screen`)
      return screen
    }
    const rows = () =>
      shown()
        .rows.filter((row) => !('isCurrent' in row && row.isCurrent))
        .map(({ isPending, isQueued }) => (isPending ? 'pending' : isQueued ? 'queued' : 'free'))
    want(0)
    await setting.rest(actor)
    return { ...setting, actor, want, shown, rows }
  }

  test('another row is queued, and is sent once the proof for the first is given', async () => {
    const { actor, want, shown, rows, rest, give, portal, questions } = await asked()
    expect(rows()).toEqual(['pending', 'free'])
    want(1)
    expect(shown().status).toBe('steppingUp')
    expect(rows()).toEqual(['pending', 'queued'])
    expect(portal.requests.filter(({ operation }) => operation === write)).toHaveLength(1)
    give()
    await rest(actor)
    expect(questions).toHaveLength(2)
    expect(shown().status).toBe('steppingUp')
    give()
    await rest(actor)
    expect(portal.processed(write)).toBe(2)
    expect(shown()).toMatchObject({ status: 'resting', failure: null })
  })

  test('given up, the next one has its turn, and the failure is told in the end', async () => {
    const { actor, want, shown, rest, perform, give, portal } = await asked()
    want(1)
    await perform(actor, { type: 'stepUp.cancel' })
    expect(shown()).toMatchObject({ status: 'steppingUp', failure: { code: 'client.stepUpDeclined' } })
    give()
    await rest(actor)
    expect(portal.processed(write)).toBe(1)
    expect(shown()).toMatchObject({ status: 'resting', failure: { code: 'client.stepUpDeclined', effect: 'none' } })
  })

  test('the user can leave: the step ends once the proof is given', async () => {
    const { actor, shown, rest, give, portal } = await asked()
    actor.send({ type: 'step.finish' })
    expect(shown()).toMatchObject({ isLeaving: true, status: 'steppingUp', cancelStepUp: { blocked: null } })
    expect(shown().finish.blocked).toBe('steppingUp')
    give()
    await rest(actor)
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'done' })
    expect(portal.processed(write)).toBe(1)
  })

  test('given up, a user who has left stays with the failure', async () => {
    const { actor, shown, perform } = await asked()
    actor.send({ type: 'step.finish' })
    await perform(actor, { type: 'stepUp.cancel' })
    expect(shown()).toMatchObject({
      isLeaving: false,
      failure: { code: 'client.stepUpDeclined' },
      finish: { blocked: null },
    })
  })

  test('stored and opened again, what was queued is not sent unasked, and that is said', async () => {
    const { actor, want, waitOut, requestsSince } = await asked()
    want(1)
    requestsSince()
    const again = reopen(actor, close(actor))
    await waitOut(again)
    expect(requestsSince()).not.toContain(write)
    expect(again.getSnapshot().context).toMatchObject({ queue: [], notice: 'notSent' })
  })

  test('the row can be acted on again afterwards', async () => {
    const { actor, want, rest, perform, give, portal, rows } = await asked()
    await perform(actor, { type: 'stepUp.cancel' })
    expect(rows()).toEqual(['free', 'free'])
    want(0)
    await rest(actor)
    give()
    await rest(actor)
    expect(portal.processed(write)).toBe(1)
  })
})

test('sessions: a question that is open while the proof is given up stays open', async () => {
  const { start, perform, rest, give, portal } = demanding(['terminateSession'], threeSessions)
  const sessions = await start('sessions')
  await perform(sessions, { type: 'session.terminate', sessionId: 'SESS...P_001' })
  await perform(sessions, { type: 'termination.confirm' })
  sessions.send({ type: 'session.terminate', sessionId: 'SESS...T_002' })
  const asked = () => {
    const screen = screenOf(sessions.getSnapshot())
    return screen.name === 'sessions' && screen.question
  }
  expect(asked()).toMatchObject({ scope: 'one', sessions: [{ sessionId: 'SESS...T_002' }] })
  await perform(sessions, { type: 'stepUp.cancel' })
  expect(placeOf(sessions)).toBe('atRest.confirming')
  expect(asked()).toMatchObject({ scope: 'one', sessions: [{ sessionId: 'SESS...T_002' }] })
  await perform(sessions, { type: 'termination.confirm' })
  give()
  await rest(sessions)
  expect(portal.processed('terminateSession')).toBe(1)
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
