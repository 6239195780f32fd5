import { createMachines, type PortalApi, type Session, sessionsMachine } from 'postlogin'
import { settled } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createActor, fromPromise } from 'xstate'
import { createSetting } from './support/setting.ts'

const refusalOf = (work: () => unknown) => {
  try {
    work()
  } catch (thrown) {
    return thrown
  }
  return 'not refused'
}

describe('createMachines refuses at once, naming the option', () => {
  test.each([
    ['api', undefined, {}],
    ['api', 'https://portal.example', {}],
    ['clock', {}, { clock: 5 }],
    ['clock', {}, { clock: { now: () => 0 } }],
  ])('%s', (field, api, options) => {
    const refusal = refusalOf(() => createMachines(api as PortalApi, options as never))
    expect(refusal).toMatchObject({ name: 'PortalError', failure: { kind: 'config', code: 'client.option', field } })
    expect(String(refusal)).toContain(field)
  })
})

test('a slot rejects with a plain failure: no error, no cause, nothing of the request', async () => {
  const { start, portal } = createSetting()
  portal.fault('listSessions', { status: 403 })
  const actor = await start('sessions')
  const { failure } = actor.getSnapshot().context
  expect(failure).not.toBeInstanceOf(Error)
  expect(JSON.stringify(failure)).not.toContain(portal.account.accessToken)
  expect(structuredClone(failure)).toEqual(failure)
})

test('a bare machine runs on services of the host’s own', async () => {
  const machine = sessionsMachine.provide({
    actors: {
      listSessions: fromPromise<Session[], undefined>(async () => [
        { sessionId: 'a', clientIp: '192.0.2.1', isCurrent: true },
      ]),
    },
  })
  const actor = createActor(machine).start()
  onTestFinished(() => void actor.stop())
  await settled(actor)
  expect(actor.getSnapshot().value).toBe('list')
  expect(actor.getSnapshot().context.sessions).toHaveLength(1)
})

test('what a stranger’s service throws is told without its text', async () => {
  const machine = sessionsMachine.provide({
    actors: { listSessions: fromPromise<Session[], undefined>(() => Promise.reject(new Error('Bearer abc123'))) },
  })
  const actor = createActor(machine).start()
  onTestFinished(() => void actor.stop())
  await settled(actor)
  expect(actor.getSnapshot().context.failure).toMatchObject({ code: 'client.unexpected' })
  expect(JSON.stringify(actor.getSnapshot().context)).not.toContain('abc123')
})
