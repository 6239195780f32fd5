import { expect, it } from 'vitest'
import { toFailure } from '../../src/domain/failure.ts'
import { createHostChannel } from '../../src/secure-channel/index.ts'

it('sends the documented header, asked for each time, and leaves bodies as they are', async () => {
  let id = 'host-1'
  const channel = createHostChannel({ sessionId: () => id })
  const session = await channel.session()
  expect(session.headers).toEqual({ 'X-Secure-Channel-Session-Id': 'host-1' })
  const body = new TextEncoder().encode('{"code":"482916"}')
  expect(await session.encrypt(body)).toBe(body)
  expect(await session.decrypt(body)).toBe(body)
  id = 'host-2'
  channel.forget(session)
  expect((await channel.session()).headers).toEqual({ 'X-Secure-Channel-Session-Id': 'host-2' })
  await channel.close()
})

it.each(['', 'two words', 'line\nbreak', 'é', undefined, 7])('refuses %j as an id', async (id) => {
  const channel = createHostChannel({ sessionId: () => id as string })
  const failure = await channel.session().catch(toFailure)
  expect(failure).toMatchObject({
    kind: 'secureChannel',
    code: 'client.secureChannel',
    field: 'sessionId',
    effect: 'none',
  })
})
