import { createMachines, type PortalApi, PortalError, type Session, sessionsMachine } from 'postlogin'
import { settled } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createActor, fromPromise } from 'xstate'
import { failure } from '../src/domain/failure.ts'
import { createSetting, NOON } from './support/setting.ts'
import { otpOn } from './support/writes.ts'

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

describe('a write whose outcome is open says until when it may land', () => {
  const revoking = async (thrown: object) => {
    const setting = createSetting({ portal: { account: otpOn } })
    const revokeOtp = () => Promise.reject(new PortalError(failure({ kind: 'server', code: '5000', ...thrown })))
    const { mfa } = createMachines({ ...setting.api, revokeOtp }, { clock: setting.clock })
    const actor = createActor(mfa).start()
    onTestFinished(() => void actor.stop())
    await setting.rest(actor)
    const now = setting.clock.now()
    actor.send({ type: 'otp.revoke' })
    await setting.perform(actor, { type: 'revoke.confirm' })
    const { retryAt = null } = actor.getSnapshot().context.failure ?? {}
    return retryAt === null ? null : retryAt - now
  }

  test('after the settling time', async () => {
    expect(await revoking({ effect: 'unknown' })).toBe(15_000)
  })

  test('later, where the portal asks for a longer wait', async () => {
    expect(await revoking({ effect: 'unknown', retryAt: NOON + 60_000 })).toBe(60_000)
    expect(await revoking({ effect: 'unknown', retryAt: NOON + 1_000 })).toBe(15_000)
  })

  test('not where it was refused, or done in an unreadable reply', async () => {
    expect(await revoking({ effect: 'none' })).toBeNull()
    expect(await revoking({ effect: 'done' })).toBeNull()
  })
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
  expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
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
