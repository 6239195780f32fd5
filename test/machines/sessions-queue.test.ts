/** While sessions are being ended, others can be asked about, and the step can be left. */
import { expect, test } from 'vitest'
import { close, reopen } from '../support/reload.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

const [phone, tablet] = ['SESS...P_001', 'SESS...T_002'] as const
const confirm = { type: 'termination.confirm' } as const
const finish = { type: 'step.finish' } as const
const others = { type: 'sessions.terminateOthers' } as const
const one = (sessionId: string) => ({ type: 'session.terminate', sessionId }) as const

async function openSessions(input: object = {}) {
  const account = {
    sessions: [{ isCurrent: true }, { sessionId: 'SESSION_PHONE_P_001' }, { sessionId: 'SESSION_TABLET_T_002' }],
  }
  const setting = createSetting({ portal: { account } })
  const actor = await setting.start('sessions', input)
  setting.requestsSince()
  const state = () => actor.getSnapshot().context
  const send = (...events: Parameters<typeof actor.send>[0][]) => {
    for (const event of events) actor.send(event)
  }
  const writes = () => setting.requestsSince().filter((operation) => operation !== 'listSessions')
  return { ...setting, actor, state, send, writes, left: () => setting.portal.account.sessions.length }
}

test('another one can be asked about while one is being ended; it is ended afterwards', async () => {
  const { send, state, actor, rest, requestsSince } = await openSessions()
  send(one(phone), confirm, one(tablet))
  expect(state()).toMatchObject({ termination: { sessionId: phone }, question: { sessionId: tablet }, queue: [] })
  send(confirm)
  expect(state()).toMatchObject({ question: null, queue: [{ scope: 'one', sessionId: tablet }] })
  await rest(actor)
  expect(requestsSince()).toEqual(['terminateSession', 'listSessions', 'terminateSession', 'listSessions'])
  expect(state()).toMatchObject({ sessionsTerminated: 2, failure: null, termination: null })
})

test('a question that is open when the work is over stays open; one that is cancelled ends nothing', async () => {
  const { send, state, actor, rest, writes } = await openSessions()
  send(one(phone), confirm, one(tablet))
  await rest(actor)
  expect(actor.getSnapshot().value).toEqual({ atRest: 'confirming' })
  send({ type: 'termination.cancel' })
  expect(state()).toMatchObject({ question: null, sessionsTerminated: 1 })
  expect(writes()).toEqual(['terminateSession'])
})

test('the end of all others is queued as well, and counts those that are left', async () => {
  const { send, state, actor, rest, writes } = await openSessions()
  send(one(phone), confirm, others, confirm, one(tablet))
  expect(state().question).toBeNull()
  await rest(actor)
  expect(writes()).toEqual(['terminateSession', 'terminateOtherSessions'])
  expect(state()).toMatchObject({ sessionsTerminated: 2, areOthersEnded: true, failure: null })
})

test.each([
  ['one', one(tablet), { type: 'termination.dequeue', sessionId: tablet }],
  ['the others', others, { type: 'termination.dequeue' }],
] as const)('what is queued can be taken back: %s', async (_, wish, takeBack) => {
  const { send, state, actor, rest, writes } = await openSessions()
  send(one(phone), confirm, wish, confirm, takeBack)
  expect(state().queue).toEqual([])
  await rest(actor)
  expect(writes()).toEqual(['terminateSession'])
})

test('one that has gone while it waited is not sent, and that is said', async () => {
  const { send, state, actor, rest, portal, writes } = await openSessions()
  portal.interject('terminateSession', (account) => {
    account.sessions = account.sessions.filter(({ sessionId }) => !sessionId.endsWith('T_002'))
  })
  send(one(phone), confirm, one(tablet), confirm)
  await rest(actor)
  expect(writes()).toEqual(['terminateSession'])
  expect(state().failure?.code).toBe('client.sessionUnknown')
})

test('one that is refused keeps nothing else from being ended, and is told in the end', async () => {
  const { send, state, actor, rest, portal, left } = await openSessions()
  portal.fault('terminateSession', { status: 403 })
  send(one(phone), confirm, one(tablet), confirm, finish)
  await rest(actor)
  expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
  expect(state()).toMatchObject({ failure: { status: 403 }, leaveAs: null, sessionsTerminated: 1 })
  expect(left()).toBe(2)
})

test('a pause holds the queue, and ends the question', async () => {
  const { send, state, actor, rest, clock, portal } = await openSessions()
  portal.fault('terminateSession', { retryAfter: 30 })
  send(one(phone), confirm, one(tablet), confirm, others)
  await rest(actor)
  expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
  expect(state()).toMatchObject({ question: null, queue: [{ sessionId: tablet }] })
  send(finish)
  expect(actor.getSnapshot().status).toBe('active')
  await clock.advance(30_000)
  await rest(actor)
  expect(state()).toMatchObject({ failure: { kind: 'rateLimited', retryAt: null }, sessionsTerminated: 1 })
})

test('who leaves meanwhile leaves once all is done', async () => {
  const { send, actor, rest, left } = await openSessions({ policy: 'require' })
  send(one(phone), confirm, finish)
  expect(actor.getSnapshot().context.leaveAs).toBeNull()
  send(one(tablet), confirm, finish)
  await rest(actor)
  expect(actor.getSnapshot().output).toMatchObject({ outcome: 'done', aimHolds: true, sessionsTerminated: 2 })
  expect(left()).toBe(1)
})

test('the page is closed in the middle: what is under way is read back, the rest is not sent, and that is said', async () => {
  const { send, actor, portal, waitOut, requestsSince, left } = await openSessions()
  portal.fault('terminateSession', 'hangReply')
  send(one(phone), confirm, one(tablet), confirm)
  while (portal.processed('terminateSession') === 0) await turn()
  const restored = reopen(actor, close(actor))
  requestsSince()
  await waitOut(restored)
  expect(requestsSince().filter((operation) => operation !== 'listSessions')).toEqual([])
  expect(restored.getSnapshot().context).toMatchObject({ notice: 'notSent', failure: null, queue: [] })
  expect(left()).toBe(2)
})
