/** The security page: several cards at once, each a step's own machine; what one changes, the others show. */

import { type Action, act, type CardName, fromStorage, type SecurityCard, screenOf, toStorage } from 'postlogin'
import { inspectWith } from 'postlogin/inspect'
import type { PortalOperation } from 'postlogin/testing'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createActor, fromPromise, waitFor } from 'xstate'
import { HERE } from '../screens/visitor.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

const subject = 'maya'
const REMOTE = '198.51.100.24'

type Setting = ReturnType<typeof createSetting>

function visitorOf(
  setting: Pick<Setting, 'rest'>,
  center: ReturnType<typeof createActor<Setting['machines']['securityCenter']>>,
) {
  const screen = () => {
    const now = screenOf(center.getSnapshot())
    if (now.name !== 'securityCenter') throw new Error(`On screen is ${now.name}`)
    return now
  }
  const press = <More extends object | undefined>(
    action: Action<More> | null,
    ...more: More extends undefined ? [] : [More]
  ) => action !== null && act<More>(center, action, ...more)
  const click = async <More extends object | undefined>(
    action: Action<More> | null,
    ...more: More extends undefined ? [] : [More]
  ) => {
    const isDone = press<More>(action, ...more)
    await setting.rest(center)
    return isDone
  }
  const open = async (...cards: readonly CardName[]) => {
    for (const card of cards) press(screen().cards[card]?.open ?? null)
    await setting.rest(center)
  }
  /** What is on screen in a card, which has to be this one. */
  function on<Card extends CardName, Name extends NonNullable<SecurityCard<Card>['screen']>['name']>(
    card: Card,
    name: Name,
  ) {
    const shown = screen().cards[card]?.screen as NonNullable<SecurityCard<Card>['screen']> | null
    if (shown?.name !== name) throw new Error(`In the card is ${shown?.name}, not ${name}`)
    return shown as Extract<NonNullable<SecurityCard<Card>['screen']>, { readonly name: Name }>
  }
  return { screen, press, click, open, on }
}

async function visit(setting = createSetting({ portal: { secureChannel: 'off' } })) {
  const center = await setting.start('securityCenter')
  setting.requestsSince()
  return { ...setting, center, ...visitorOf(setting, center) }
}

const others = (setting: Pick<Setting, 'portal'>) => setting.portal.account.sessions.filter((one) => !one.isCurrent)

describe('a card', () => {
  test('that is closed reads nothing', async () => {
    const { center, requestsSince, rest, screen } = await visit()
    await rest(center)
    expect(requestsSince()).toEqual([])
    expect(Object.values(screen().cards).map((card) => card.screen)).toEqual([null, null, null, null])
  })

  test.each([
    ['mfa', ['listMfaMethods']],
    ['ipWhitelist', ['getIpWhitelist', 'listSessions']],
    ['sessions', ['listSessions']],
    ['invitations', ['listInvitations']],
  ] as const)('%s reads only what it needs', async (card, operations) => {
    const { open, requestsSince, screen } = await visit()
    await open(card)
    expect([...requestsSince()].sort()).toEqual([...operations])
    expect(screen().cards[card]?.screen).toMatchObject({ name: card, status: 'resting', policy: 'show' })
  })

  test('is opened and closed in any order, beside others, and reads again when it is opened again', async () => {
    const { open, click, screen, requestsSince } = await visit()
    await open('sessions', 'mfa', 'invitations')
    const shown = () => Object.values(screen().cards).flatMap((card) => card.screen?.name ?? [])
    expect(shown()).toEqual(['mfa', 'sessions', 'invitations'])
    requestsSince()
    expect(await click(screen().cards.sessions.close)).toBe(true)
    expect(shown()).toEqual(['mfa', 'invitations'])
    expect(requestsSince()).toEqual([])
    await open('sessions')
    expect(requestsSince()).toEqual(['listSessions'])
  })

  test('is closed by “Continue” and “Skip” as well', async () => {
    const { open, click, on, screen } = await visit()
    await open('sessions', 'mfa')
    await click(on('sessions', 'sessions').finish)
    await click(on('mfa', 'mfa').skip)
    expect([screen().cards.sessions.screen, screen().cards.mfa.screen]).toEqual([null, null])
  })

  test('is loading while its machine is on its way, and can be closed then', async () => {
    const { press, screen } = await visit()
    press(screen().cards.sessions.open)
    expect(screen().cards.sessions).toMatchObject({ screen: { name: 'loading' }, open: null, close: { blocked: null } })
    press(screen().cards.sessions.close)
    expect(screen().cards.sessions.screen).toBeNull()
  })

  test('does not close while it is busy', async () => {
    const { center, open, on, press, portal, rest, screen } = await visit()
    await open('mfa')
    portal.fault('setupOtp', { delayMs: 1_000 })
    press(on('mfa', 'mfa').enroll)
    const { close } = screen().cards.mfa
    expect(close?.blocked).toBe('busy')
    expect(press(close)).toBe(false)
    center.send({ type: 'card.close', card: 'mfa' })
    await rest(center)
    expect(on('mfa', 'otpEnrollment').status).toBe('resting')
  })

  test('closes once what is under way is done, where that can wait in line', async () => {
    const { center, open, on, press, portal, rest, screen } = await visit()
    await open('sessions')
    portal.fault('listSessions', { delayMs: 1_000 })
    press(on('sessions', 'sessions').refresh)
    expect(press(screen().cards.sessions.close)).toBe(true)
    expect(on('sessions', 'sessions').isLeaving).toBe(true)
    await rest(center)
    expect(screen().cards.sessions.screen).toBeNull()
  })

  test('closes an enrollment that is inside it', async () => {
    const { open, click, on, screen } = await visit()
    await open('mfa')
    await click(on('mfa', 'mfa').enroll)
    expect(on('mfa', 'otpEnrollment').status).toBe('resting')
    await click(screen().cards.mfa.close)
    expect(screen().cards.mfa.screen).toBeNull()
  })

  test('undoes a whitelist change that nobody has kept before it closes', async () => {
    const { open, click, on, portal, screen } = await visit()
    await open('ipWhitelist')
    await click(on('ipWhitelist', 'ipWhitelist').add, { value: HERE })
    await click(on('ipWhitelist', 'ipWhitelist').enable)
    expect(screen().unconfirmedChange).not.toBeNull()
    await click(screen().cards.ipWhitelist?.close ?? null)
    expect(screen().cards.ipWhitelist?.screen).toBeNull()
    expect(portal.account.ipWhitelist.enabled).toBe(false)
    expect(screen().unconfirmedChange).toBeNull()
  })

  test('has no flow to cancel', async () => {
    const { open, on, press } = await visit()
    await open('mfa')
    const { cancelFlow } = on('mfa', 'mfa')
    expect([cancelFlow.blocked, press(cancelFlow)]).toEqual(['noFlow', false])
  })
})

describe('what one card changes', () => {
  test('sessions that were ended are gone from what the whitelist’s guard goes by', async () => {
    const { open, click, on, center, requestsSince } = await visit()
    await open('ipWhitelist', 'sessions')
    await click(on('ipWhitelist', 'ipWhitelist').add, { value: '192.0.2.1' })
    const addressesThere = () =>
      center.getSnapshot().children['securityCenter.ipWhitelist']?.getSnapshot().context.otherAddresses
    expect(addressesThere()).toContain(REMOTE)
    requestsSince()
    await click(on('sessions', 'sessions').terminateOthers)
    await click(on('sessions', 'sessions').question?.confirm ?? null)
    expect(addressesThere()).toEqual([])
    // Told, not read once more; and the draft is as the user left it.
    expect(requestsSince()).toEqual(['terminateOtherSessions', 'listSessions'])
    expect(on('ipWhitelist', 'ipWhitelist').rows.map(({ value }) => value)).toEqual(['192.0.2.1'])
  })

  test('OTP turned on has the sessions listed again', async () => {
    const { open, click, on, portal, requestsSince } = await visit()
    await open('mfa', 'sessions')
    await click(on('mfa', 'mfa').enroll)
    requestsSince()
    portal.update((account) => {
      account.sessions = account.sessions.filter(({ isCurrent }) => isCurrent)
    })
    await click(on('mfa', 'otpEnrollment').submit, { code: await portal.authenticator.code() })
    expect(requestsSince().filter((operation) => operation === 'listSessions')).toHaveLength(1)
    expect(on('sessions', 'sessions').rows).toHaveLength(1)
  })

  test('so has a whitelist that was turned on and kept, but not before', async () => {
    const { open, click, on, requestsSince } = await visit()
    await open('ipWhitelist', 'sessions')
    await click(on('ipWhitelist', 'ipWhitelist').add, { value: HERE })
    requestsSince()
    await click(on('ipWhitelist', 'ipWhitelist').enable)
    const whileItWaits = requestsSince().filter((operation) => operation === 'listSessions')
    await click(on('ipWhitelist', 'ipWhitelist').question?.confirm ?? null)
    // One read to judge the change before, one to judge it when it is kept, and one for the other card.
    expect([whileItWaits, requestsSince().filter((operation) => operation === 'listSessions')]).toEqual([
      ['listSessions'],
      ['listSessions', 'listSessions'],
    ])
  })

  test('an acceptance concerns no other card', async () => {
    const { open, click, on, requestsSince } = await visit()
    await open('mfa', 'ipWhitelist', 'sessions', 'invitations')
    requestsSince()
    const [row] = on('invitations', 'invitations').rows
    if (row === undefined) throw new Error('An invitation was expected')
    await click(row.accept)
    expect(requestsSince()).toEqual(['acceptInvitation', 'listInvitations'])
  })

  test('a card that is closed is not told, and reads when it is opened', async () => {
    const { open, click, on, requestsSince } = await visit()
    await open('sessions')
    requestsSince()
    await click(on('sessions', 'sessions').terminateOthers)
    await click(on('sessions', 'sessions').question?.confirm ?? null)
    expect(requestsSince()).toEqual(['terminateOtherSessions', 'listSessions'])
    await open('ipWhitelist')
    expect([...requestsSince()].sort()).toEqual(['getIpWhitelist', 'listSessions'])
  })

  test('waits while a question is open in the other card, and comes once it is answered', async () => {
    const { open, click, on, portal, requestsSince } = await visit()
    await open('mfa', 'sessions')
    await click(on('mfa', 'mfa').enroll)
    await click(on('sessions', 'sessions').terminateOthers)
    const { question } = on('sessions', 'sessions')
    requestsSince()
    await click(on('mfa', 'otpEnrollment').submit, { code: await portal.authenticator.code() })
    expect(requestsSince()).not.toContain('listSessions')
    expect(on('sessions', 'sessions').question).toEqual(question)
    await click(question?.cancel ?? null)
    expect(requestsSince()).toEqual(['listSessions'])
  })

  test('leaves a failure on screen that the user has not seen to', async () => {
    const { open, click, on, portal, requestsSince } = await visit()
    await open('mfa', 'sessions')
    await click(on('mfa', 'mfa').enroll)
    portal.fault('terminateOtherSessions', { status: 403 })
    await click(on('sessions', 'sessions').terminateOthers)
    await click(on('sessions', 'sessions').question?.confirm ?? null)
    const { failure } = on('sessions', 'sessions')
    expect(failure).not.toBeNull()
    requestsSince()
    await click(on('mfa', 'otpEnrollment').submit, { code: await portal.authenticator.code() })
    expect(requestsSince()).not.toContain('listSessions')
    expect(on('sessions', 'sessions').failure).toEqual(failure)
  })

  test('does not touch a write that is under way in the other card', async () => {
    const setting = createSetting({ portal: { secureChannel: 'off' } })
    const { open, click, press, on, portal, center, rest } = await visit(setting)
    await open('mfa', 'sessions')
    await click(on('mfa', 'mfa').enroll)
    await click(on('sessions', 'sessions').terminateOthers)
    portal.fault('terminateOtherSessions', { delayMs: 1_500 })
    press(on('sessions', 'sessions').question?.confirm ?? null)
    press(on('mfa', 'otpEnrollment').submit, { code: await portal.authenticator.code() })
    await rest(center)
    expect(portal.processed('terminateOtherSessions')).toBe(1)
    expect(on('sessions', 'sessions')).toMatchObject({ status: 'resting', sessionsTerminated: 2, failure: null })
    expect(others(setting)).toEqual([])
  })
})

describe('a card that waits for more proof', () => {
  const HEADER = 'X-Mfa-Token'
  const demanding = (...operations: readonly PortalOperation[]) => {
    const answers: ((headers: Record<string, string> | null) => void)[] = []
    const setting = createSetting({
      portal: { secureChannel: 'off', stepUp: { operations, header: HEADER, token: 'proof' } },
      api: { stepUp: () => new Promise((resolve) => answers.push(resolve)) },
    })
    return { setting, give: () => answers.at(-1)?.({ [HEADER]: 'proof' }) }
  }

  async function endingOthers() {
    const { setting, give } = demanding('terminateOtherSessions')
    const visitor = await visit(setting)
    const { open, click, on } = visitor
    await open('mfa', 'ipWhitelist', 'sessions')
    await click(on('mfa', 'mfa').enroll)
    await click(on('sessions', 'sessions').terminateOthers)
    await click(on('sessions', 'sessions').question?.confirm ?? null)
    expect(on('sessions', 'sessions').status).toBe('steppingUp')
    visitor.requestsSince()
    return { ...visitor, setting, give }
  }

  test('is not touched by what another card changes, and catches up once it is given', async () => {
    const { setting, click, on, portal, center, rest, give, requestsSince } = await endingOthers()
    await click(on('mfa', 'otpEnrollment').submit, { code: await portal.authenticator.code() })
    expect(requestsSince()).not.toContain('listSessions')
    expect(on('sessions', 'sessions')).toMatchObject({ status: 'steppingUp', cancelStepUp: { blocked: null } })
    give()
    await rest(center)
    expect(portal.processed('terminateOtherSessions')).toBe(1)
    expect(on('sessions', 'sessions')).toMatchObject({ status: 'resting', failure: null, sessionsTerminated: 2 })
    expect(center.getSnapshot().context.stale).toEqual([])
    expect(others(setting)).toEqual([])
  })

  test('leaves the others usable, and nothing of it is told to them before it is done', async () => {
    const { click, on, center, rest, give } = await endingOthers()
    await click(on('ipWhitelist', 'ipWhitelist').add, { value: HERE })
    const otherAddresses = () =>
      center.getSnapshot().children['securityCenter.ipWhitelist']?.getSnapshot().context.otherAddresses
    expect(otherAddresses()).toContain(REMOTE)
    give()
    await rest(center)
    expect(otherAddresses()).toEqual([])
    expect(on('ipWhitelist', 'ipWhitelist').rows.map(({ value }) => value)).toEqual([HERE])
  })

  test('is not closed under the user’s hands: it closes once that is done', async () => {
    const { press, on, center, rest, give, portal, screen } = await endingOthers()
    expect(press(screen().cards.sessions.close)).toBe(true)
    await rest(center)
    expect(on('sessions', 'sessions')).toMatchObject({ status: 'steppingUp', isLeaving: true })
    expect(screen().cards.sessions.close?.blocked).toBe('steppingUp')
    give()
    await rest(center)
    expect(portal.processed('terminateOtherSessions')).toBe(1)
    expect(screen().cards.sessions.screen).toBeNull()
  })

  test('stays open where it is given up, and says why', async () => {
    const { press, click, on, portal, screen } = await endingOthers()
    press(screen().cards.sessions.close)
    await click(on('sessions', 'sessions').cancelStepUp)
    expect(on('sessions', 'sessions')).toMatchObject({
      status: 'resting',
      isLeaving: false,
      failure: { code: 'client.stepUpDeclined', effect: 'none' },
    })
    expect(portal.processed('terminateOtherSessions')).toBe(0)
  })

  test('does the same with invitations', async () => {
    const { setting, give } = demanding('acceptInvitation')
    const { open, click, press, on, portal, center, rest, screen } = await visit(setting)
    await open('mfa', 'invitations')
    await click(on('mfa', 'mfa').enroll)
    await click(on('invitations', 'invitations').rows[0]?.accept ?? null)
    await click(on('mfa', 'otpEnrollment').submit, { code: await portal.authenticator.code() })
    press(screen().cards.invitations.close)
    await rest(center)
    expect(on('invitations', 'invitations')).toMatchObject({ status: 'steppingUp', isLeaving: true })
    give()
    await rest(center)
    expect(portal.processed('acceptInvitation')).toBe(1)
    expect(screen().cards.invitations.screen).toBeNull()
  })

  test('does not close where what it does cannot wait in line', async () => {
    const { setting, give } = demanding('verifyOtp')
    const { open, click, press, on, portal, center, rest, screen } = await visit(setting)
    await open('mfa')
    await click(on('mfa', 'mfa').enroll)
    await click(on('mfa', 'otpEnrollment').submit, { code: await portal.authenticator.code() })
    expect(screen().cards.mfa.close?.blocked).toBe('steppingUp')
    expect(press(screen().cards.mfa.close)).toBe(false)
    center.send({ type: 'card.close', card: 'mfa' })
    expect(on('mfa', 'otpEnrollment').status).toBe('steppingUp')
    give()
    await rest(center)
    expect(on('mfa', 'mfa')).toMatchObject({ status: 'resting', isOtpEnabled: true })
  })
})

describe('the whole', () => {
  test('ends when one card finds that the session has ended', async () => {
    const { open, press, on, portal, center } = await visit()
    await open('mfa', 'sessions')
    portal.fault('listSessions', { status: 401 }, { times: Number.POSITIVE_INFINITY })
    press(on('sessions', 'sessions').refresh)
    await waitFor(center, ({ status }) => status === 'done', { timeout: PATIENCE_MS })
    expect(screenOf(center.getSnapshot())).toMatchObject({
      name: 'finished',
      output: { outcome: 'signedOut', failure: { kind: 'unauthorized' }, unconfirmedChange: null },
    })
  })

  test('goes on where one card breaks down, which is broken by itself and can be tried again', async () => {
    const setting = createSetting({ portal: { secureChannel: 'off' } })
    let tries = 0
    const mfa = fromPromise(() => (tries++ === 0 ? Promise.reject(new Error('out of order')) : new Promise(() => {})))
    const machine = setting.machines.securityCenter.provide({ actors: { mfa: mfa as never } })
    const center = createActor(machine).start()
    onTestFinished(() => void center.stop())
    const { open, on, press, click, screen } = visitorOf(setting, center)
    await setting.rest(center)
    await open('sessions', 'mfa')
    expect(on('mfa', 'broken')).toMatchObject({ step: 'mfa', failure: { code: 'client.unexpected' } })
    expect(on('sessions', 'sessions').status).toBe('resting')
    press(on('mfa', 'broken').retry)
    await turn()
    await turn()
    expect(tries).toBe(2)
    expect(screen().cards.mfa.screen).toMatchObject({ name: 'broken', failure: { code: 'client.stepUnreadable' } })
    expect(await click(on('sessions', 'sessions').refresh)).toBe(true)
  })

  test('a card that broke down can be closed', async () => {
    const setting = createSetting({ portal: { secureChannel: 'off' } })
    const mfa = fromPromise(() => Promise.reject(new Error('out of order')))
    const center = createActor(setting.machines.securityCenter.provide({ actors: { mfa: mfa as never } })).start()
    onTestFinished(() => void center.stop())
    const { open, press, on, screen } = visitorOf(setting, center)
    await setting.rest(center)
    await open('mfa')
    expect(press(on('mfa', 'broken').skip)).toBe(true)
    expect(screen().cards.mfa.screen).toBeNull()
  })

  test('sets up one secure channel for all cards', async () => {
    const setting = createSetting()
    const { open, click, on, portal } = await visit(setting)
    await open('mfa', 'ipWhitelist', 'sessions')
    await click(on('mfa', 'mfa').enroll)
    await click(on('sessions', 'sessions').terminateOthers)
    await click(on('sessions', 'sessions').question?.confirm ?? null)
    expect(portal.requests.filter(({ operation }) => operation === 'openChannel')).toHaveLength(1)
  })

  test('is stored in the middle and restored with its open cards, their questions asked again or gone', async () => {
    const { open, click, on, center, machines, rest, requestsSince } = await visit()
    await open('ipWhitelist', 'sessions')
    await click(on('ipWhitelist', 'ipWhitelist').add, { value: HERE })
    await click(on('ipWhitelist', 'ipWhitelist').enable)
    await click(on('sessions', 'sessions').terminateOthers)
    const text = toStorage(center, { subject })
    center.stop()
    requestsSince()
    const snapshot = fromStorage(machines.securityCenter, text, { subject })
    const again = createActor(machines.securityCenter, { snapshot }).start()
    onTestFinished(() => void again.stop())
    await rest(again)
    const restored = visitorOf({ rest }, again)
    expect(restored.on('ipWhitelist', 'ipWhitelist').question?.kind).toBe('keep')
    expect(restored.on('sessions', 'sessions')).toMatchObject({ status: 'resting', isRead: true })
    expect(restored.screen().cards.mfa.screen).toBeNull()
    await restored.click(restored.on('ipWhitelist', 'ipWhitelist').question?.confirm ?? null)
    expect(requestsSince()).not.toContain('enableIpWhitelist')
  })

  test('is inspected with the machines of its open cards', async () => {
    const { center, open } = await visit()
    const seen: unknown[] = []
    const inspection = inspectWith(center, (event) => void (event.type === '@xstate.actor' && seen.push(event.name)))
    onTestFinished(() => inspection.stop())
    await open('sessions')
    await vi.waitUntil(() => seen.includes('securityCenter.sessions'), { timeout: PATIENCE_MS })
    expect(seen).toContain('securityCenter')
  })

  test('an input that is wrong crashes it', () => {
    const { machines } = createSetting()
    const center = createActor(machines.securityCenter, { input: { confirmWithinMs: -1 } })
    center.subscribe({ error: () => undefined })
    expect(screenOf(center.getSnapshot())).toMatchObject({ name: 'crashed', failure: { field: 'confirmWithinMs' } })
  })
})
