import { fakeSession } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import { SETTLING_MS } from '../../src/domain/settling.ts'
import { close, reopen } from '../support/reload.ts'
import { createSetting, NOON, type SettingOptions } from '../support/setting.ts'

const remote = 'SESS...R_001'
const current = 'SESS...C_001'

async function openSessions(setting = createSetting(), input?: object) {
  const actor = await setting.start('sessions', input)
  setting.requestsSince()
  const ids = () => actor.getSnapshot().context.sessions.map(({ sessionId }) => sessionId)
  return { ...setting, actor, ids }
}

test('the list shows each session, the one in use marked', async () => {
  const { actor } = await openSessions()
  expect(actor.getSnapshot().context.sessions[0]).toEqual({
    sessionId: current,
    clientIp: '203.0.113.10',
    isCurrent: true,
    deviceInfo: 'Windows 10 - Chrome 120',
    location: 'Lisbon, Portugal',
    lastActiveAt: expect.any(Number),
  })
})

describe('ending one', () => {
  test('asks first, then ends it and reads the list again', async () => {
    const { actor, perform, ids, requestsSince } = await openSessions()
    expect((await perform(actor, { type: 'session.terminate', sessionId: remote })).value).toEqual({
      atRest: 'confirming',
    })
    expect(requestsSince()).toEqual([])
    expect((await perform(actor, { type: 'termination.confirm' })).value).toEqual({ atRest: 'list' })
    expect(requestsSince()).toEqual(['terminateSession', 'listSessions'])
    expect(ids()).not.toContain(remote)
    expect(actor.getSnapshot().context.sessionsTerminated).toBe(1)
  })

  test('can be taken back before it is confirmed', async () => {
    const { actor, perform, requestsSince } = await openSessions()
    await perform(actor, { type: 'session.terminate', sessionId: remote })
    const { value, context } = await perform(actor, { type: 'termination.cancel' })
    expect(value).toEqual({ atRest: 'list' })
    expect(context.termination).toBeNull()
    expect(requestsSince()).toEqual([])
  })

  test.each([
    ['client.sessionCurrent', current],
    ['client.sessionUnknown', 'SESS...Z_999'],
  ])('%s is refused and never sent', async (code, sessionId) => {
    const { actor, perform, requestsSince } = await openSessions()
    const { value, context } = await perform(actor, { type: 'session.terminate', sessionId })
    expect(value).toEqual({ atRest: 'list' })
    expect(context.failure).toMatchObject({ kind: 'invalid', code, field: 'sessionId' })
    expect(requestsSince()).toEqual([])
  })

  test.each([
    ['client.sessionAmbiguous', { sessionId: 'SESSION_ANOTHER_R_001' }],
    ['client.sessionAmbiguous', { sessionId: 'SESSION_ANOTHER_R_001', isCurrent: true }],
  ])('%s: ids are masked, so two may look alike', async (code, alike) => {
    const setting = createSetting({
      portal: {
        account: {
          sessions: [
            ...('isCurrent' in alike ? [] : [{ sessionId: 'SESSION_CURRENT_C_001', isCurrent: true }]),
            { sessionId: 'SESSION_REMOTE_R_001' },
            alike,
          ],
        },
      },
    })
    const { actor, perform, requestsSince } = await openSessions(setting)
    const { context } = await perform(actor, { type: 'session.terminate', sessionId: remote })
    expect(context.failure?.code).toBe(code)
    expect(requestsSince()).toEqual([])
  })

  test('one that ends while it is being ended is gone, which is what was wanted', async () => {
    const { actor, perform, portal, ids } = await openSessions()
    await perform(actor, { type: 'session.terminate', sessionId: remote })
    portal.update((account) => {
      account.sessions = account.sessions.filter(({ sessionId }) => !sessionId.endsWith('R_001'))
    })
    const { value, context } = await perform(actor, { type: 'termination.confirm' })
    expect(value).toEqual({ atRest: 'list' })
    expect(context).toMatchObject({ failure: null, sessionsTerminated: 1 })
    expect(ids()).not.toContain(remote)
  })

  test.each([
    ['loseReply', null, 1],
    ['loseRequest', { effect: 'none' }, 0],
    [{ status: 500 }, { effect: 'none' }, 0],
  ] as const)('%o: the list tells what came of it', async (fault, failure, count) => {
    const { actor, perform, waitOut, portal } = await openSessions()
    portal.fault('terminateSession', fault)
    await perform(actor, { type: 'session.terminate', sessionId: remote })
    await perform(actor, { type: 'termination.confirm' })
    await waitOut(actor)
    const { value, context } = actor.getSnapshot()
    expect(value).toEqual({ atRest: 'list' })
    expect(context.sessionsTerminated).toBe(count)
    if (failure === null) expect(context.failure).toBeNull()
    else expect(context.failure).toMatchObject(failure)
    expect(portal.processed('terminateSession')).toBe(count)
  })
})

test.each([
  ['one', { type: 'session.terminate', sessionId: remote }, 'terminateSession'],
  ['the others', { type: 'sessions.terminateOthers' }, 'terminateOtherSessions'],
] as const)(
  'asked to wait while ending %s, it waits; nothing is ended unasked afterwards',
  async (_, wish, operation) => {
    const { actor, perform, portal, clock, rest } = await openSessions()
    portal.fault(operation, { retryAfter: 20 })
    await perform(actor, wish)
    expect((await perform(actor, { type: 'termination.confirm' })).value).toEqual({ halted: 'coolingDown' })
    await clock.advance(20_000)
    await rest(actor)
    expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
    expect(actor.getSnapshot().context).toMatchObject({ failure: null, termination: null, sessionsTerminated: 0 })
    expect(portal.processed(operation)).toBe(0)
  },
)

describe('ending all others', () => {
  test('asks first; the current one stays, and those that are gone are counted', async () => {
    const { actor, perform, ids } = await openSessions()
    await perform(actor, { type: 'sessions.terminateOthers' })
    const { context } = await perform(actor, { type: 'termination.confirm' })
    expect(context.sessionsTerminated).toBe(2)
    expect(ids()).toEqual([current])
  })

  test('with a lost reply, those that are gone are counted', async () => {
    const { actor, perform, portal } = await openSessions()
    portal.fault('terminateOtherSessions', 'loseReply')
    await perform(actor, { type: 'sessions.terminateOthers' })
    const { context } = await perform(actor, { type: 'termination.confirm' })
    expect(context).toMatchObject({ sessionsTerminated: 2, failure: null })
    expect(portal.processed('terminateOtherSessions')).toBe(1)
  })

  test('is not offered where there are none', async () => {
    const setting = createSetting({ portal: { account: { sessions: [{ isCurrent: true }] } } })
    const { actor, perform } = await openSessions(setting)
    expect((await perform(actor, { type: 'sessions.terminateOthers' })).value).toEqual({ atRest: 'list' })
  })
})

describe('ended is what the list shows', () => {
  const asking = {
    one: { type: 'session.terminate', sessionId: remote },
    others: { type: 'sessions.terminateOthers' },
  } as const

  async function end(scope: keyof typeof asking, portal: SettingOptions['portal']) {
    const sessions = await openSessions(createSetting({ portal: portal ?? {} }))
    const { actor, perform } = sessions
    await perform(actor, asking[scope])
    await perform(actor, { type: 'termination.confirm' })
    return { ...sessions, state: () => actor.getSnapshot().context }
  }

  test.each([0, 1, 7])('terminate-all says %i where 2 ended: 2 are counted', async (terminatedCount) => {
    const { actor, state } = await end('others', { terminatedCount })
    expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
    expect(state()).toMatchObject({ failure: null, sessionsTerminated: 2 })
  })

  test.each([
    ['one', 1],
    ['others', 2],
  ] as const)('%s: listed for a while after it was ended, it is looked at again', async (scope, count) => {
    const { actor, state, waitOut, portal } = await end(scope, { listsEndedForMs: 10_000 })
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    expect(state()).toMatchObject({
      sessionsTerminated: 0,
      failure: { code: 'client.outcomeUnknown', effect: 'unknown', retryAt: NOON + SETTLING_MS },
    })
    await waitOut(actor)
    expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
    expect(state()).toMatchObject({ failure: null, termination: null, notTerminated: [], sessionsTerminated: count })
    expect(portal.requests.filter(({ path }) => path.includes('/terminate'))).toHaveLength(1)
  })

  test('retry finds that it is gone by now', async () => {
    const { actor, state, perform, clock } = await end('one', { listsEndedForMs: 3_000 })
    await clock.advance(3_000)
    expect((await perform(actor, { type: 'retry' })).value).toEqual({ atRest: 'list' })
    expect(state()).toMatchObject({ failure: null, sessionsTerminated: 1 })
  })

  test.each([
    ['one', [remote]],
    ['others', [remote, 'SESS...S_002']],
  ] as const)('%s: listed still after the settling time, it is a failure with its row', async (scope, rows) => {
    const { actor, state, waitOut, perform } = await end(scope, { endsSessions: false })
    await waitOut(actor)
    expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
    expect(state()).toMatchObject({
      failure: { code: 'client.sessionNotEnded', effect: 'none', field: 'sessionId' },
      notTerminated: rows,
      termination: null,
      sessionsTerminated: 0,
    })
    await perform(actor, { type: 'sessions.refresh' })
    expect(state()).toMatchObject({ failure: null, notTerminated: [] })
  })

  test('one of two is gone: it is counted, and only the other one is a failure', async () => {
    const { actor, state, waitOut, portal } = await end('others', { endsSessions: false })
    portal.update((account) => {
      account.sessions = account.sessions.filter(({ sessionId }) => !sessionId.endsWith('R_001'))
    })
    await waitOut(actor)
    expect(state()).toMatchObject({
      failure: { code: 'client.sessionNotEnded' },
      notTerminated: ['SESS...S_002'],
      sessionsTerminated: 1,
    })
  })

  test('one that signs in while the others are being ended was not meant', async () => {
    const sessions = await openSessions()
    const { actor, perform, portal } = sessions
    portal.interject('terminateOtherSessions', (account) => void account.sessions.push(fakeSession()), {
      when: 'after',
    })
    await perform(actor, { type: 'sessions.terminateOthers' })
    await perform(actor, { type: 'termination.confirm' })
    expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
    expect(actor.getSnapshot().context).toMatchObject({ failure: null, sessionsTerminated: 2 })
    expect(actor.getSnapshot().context.sessions).toHaveLength(2)
  })

  test('the list cannot be read after the portal said that it did it: done, though not seen; retry looks', async () => {
    const { actor, perform, portal } = await openSessions()
    portal.fault('listSessions', { status: 503 }, { times: 3 })
    await perform(actor, { type: 'sessions.terminateOthers' })
    const { value, context } = await perform(actor, { type: 'termination.confirm' })
    expect(value).toEqual({ halted: 'failed' })
    expect(context.failure).toMatchObject({ status: 503, effect: 'done' })
    await perform(actor, { type: 'retry' })
    expect(actor.getSnapshot().context).toMatchObject({ failure: null, sessionsTerminated: 2 })
    expect(portal.processed('terminateOtherSessions')).toBe(1)
  })

  test('a page that is lost while it is waited for goes on waiting, until the same time', async () => {
    const { actor, rest } = await end('one', { endsSessions: false })
    const restored = reopen(actor, close(actor))
    await rest(restored)
    expect(restored.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    expect(restored.getSnapshot().context.failure?.retryAt).toBe(NOON + SETTLING_MS)
  })
})

test('while the list cannot be read, the outcome stays unknown; retry reads and ends nothing again', async () => {
  const { actor, perform, portal } = await openSessions()
  portal.fault('terminateOtherSessions', 'loseReply')
  portal.fault('listSessions', { status: 503 }, { times: 3 })
  await perform(actor, { type: 'sessions.terminateOthers' })
  expect((await perform(actor, { type: 'termination.confirm' })).context.failure?.effect).toBe('unknown')
  const { context } = await perform(actor, { type: 'retry' })
  expect(context).toMatchObject({ failure: null, sessionsTerminated: 2 })
  expect(portal.processed('terminateOtherSessions')).toBe(1)
})

test('a required step is left only when no other session is', async () => {
  const { actor, perform } = await openSessions(createSetting(), { policy: 'require' })
  expect((await perform(actor, { type: 'step.finish' })).context.failure?.code).toBe('client.stepRequired')
  await perform(actor, { type: 'sessions.terminateOthers' })
  await perform(actor, { type: 'termination.confirm' })
  expect((await perform(actor, { type: 'step.finish' })).output).toMatchObject({
    outcome: 'done',
    sessionsTerminated: 2,
  })
})

test.each([
  ['ACCESS.UNAUTHORIZED', { status: 401, code: 'ACCESS.UNAUTHORIZED' }, 'signedOut'],
  ['403', { status: 403 }, { atRest: 'list' }],
] as const)('%s on ending all others', async (_, fault, value) => {
  const { actor, perform, portal } = await openSessions()
  portal.fault('terminateOtherSessions', fault, { times: 9 })
  await perform(actor, { type: 'sessions.terminateOthers' })
  expect((await perform(actor, { type: 'termination.confirm' })).value).toEqual(value)
})
