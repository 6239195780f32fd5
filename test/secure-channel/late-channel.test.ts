import { expect, test } from 'vitest'
import { toFailure } from '../../src/domain/failure.ts'
import { createLateChannel } from '../../src/secure-channel/late-channel.ts'
import type { ChannelSession, SecureChannel } from '../../src/secure-channel/secure-channel.ts'

/** A channel whose code comes when the test says so, as often as it is asked for. */
function createSetting() {
  const calls: string[] = []
  const session: ChannelSession = { headers: {}, encrypt: async (body) => body, decrypt: async (reply) => reply }
  const usable: SecureChannel = {
    async session() {
      calls.push('session')
      return session
    },
    forget: () => calls.push('forget'),
    warmUp: () => calls.push('warmUp'),
    async close() {
      calls.push('close')
    },
  }
  const loads: { come(): void; fail(): void }[] = []
  const channel = createLateChannel(
    () =>
      new Promise((resolve, reject) => {
        loads.push({ come: () => resolve(usable), fail: () => reject(new TypeError('Failed to fetch')) })
      }),
  )
  return { channel, calls, loads, session }
}

test('is loaded once, for all who ask for a session', async () => {
  const { channel, calls, loads, session } = createSetting()
  expect(loads).toHaveLength(0)
  const waiting = [channel.session(), channel.session()]
  loads[0]?.come()
  expect(await Promise.all([...waiting, channel.session()])).toEqual([session, session, session])
  expect(loads).toHaveLength(1)
  expect(calls).toEqual(['session', 'session', 'session'])
})

test('that does not come is a failure of its own, for all who wait, and is loaded again for the next', async () => {
  const { channel, loads, session } = createSetting()
  const waiting = [channel.session(), channel.session()].map((asked) => asked.catch(toFailure))
  loads[0]?.fail()
  for (const failure of await Promise.all(waiting)) {
    expect(failure).toMatchObject({
      kind: 'secureChannel',
      code: 'client.loadFailed',
      effect: 'none',
      retryable: true,
    })
  }
  const next = channel.session()
  loads[1]?.come()
  expect(await next).toBe(session)
})

test('that does not come while it warms up is loaded again for who needs it', async () => {
  const { channel, calls, loads, session } = createSetting()
  channel.warmUp?.()
  loads[0]?.fail()
  await Promise.resolve()
  const needed = channel.session().catch(() => channel.session())
  while (loads.length < 2) await Promise.resolve()
  loads[1]?.come()
  expect(await needed).toBe(session)
  expect(calls).toEqual(['session'])
})

test('is warmed up as soon as it is there', async () => {
  const { channel, calls, loads } = createSetting()
  channel.warmUp?.()
  loads[0]?.come()
  while (calls.length === 0) await Promise.resolve()
  expect(calls).toEqual(['warmUp'])
})

test('that is closed while it is loaded opens no session for who waited, and one for who comes later', async () => {
  const { channel, calls, loads, session } = createSetting()
  channel.warmUp?.()
  const waiting = channel.session().catch((thrown) => thrown.name)
  await channel.close()
  expect(await waiting).toBe('AbortError')
  const later = channel.session()
  expect(loads).toHaveLength(1)
  loads[0]?.come()
  expect(await later).toBe(session)
  expect(calls).toEqual(['session'])
})

test('who gives up waits no longer; the others do', async () => {
  const { channel, loads, session } = createSetting()
  const controller = new AbortController()
  const leaving = channel.session(controller.signal).catch((thrown) => thrown)
  const staying = channel.session()
  controller.abort('left')
  expect(await leaving).toBe('left')
  loads[0]?.come()
  expect(await staying).toBe(session)
})

test('that was never needed has nothing to forget or to close', async () => {
  const { channel, calls, loads, session } = createSetting()
  channel.forget(session)
  await channel.close()
  expect([...calls, ...loads]).toEqual([])
})

test('once there, it forgets and closes what is asked of it', async () => {
  const { channel, calls, loads, session } = createSetting()
  const asked = channel.session()
  loads[0]?.come()
  await asked
  channel.forget(session)
  await channel.close()
  expect(calls).toEqual(['session', 'forget', 'close'])
})
