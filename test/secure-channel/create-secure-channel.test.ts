import { createCipheriv, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { clientFailure, failure, PortalError, toFailure } from '../../src/domain/failure.ts'
import { type ChannelEndpoints, createSecureChannel } from '../../src/secure-channel/create-secure-channel.ts'
import { TestClock, turn } from '../support/test-clock.ts'
import { createPortalSide } from './portal-side.ts'

const START = Date.UTC(2026, 10, 24, 12)
const DAY_MS = 24 * 60 * 60_000
const utf8 = (text: string) => new TextEncoder().encode(text)
const fromUtf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

function createSetting({
  format = 'binary' as 'binary' | 'json',
  offset = 0,
  lifetime = DAY_MS as number | null,
} = {}) {
  const clock = new TestClock(START)
  const portal = createPortalSide({
    expiresAt: () => (lifetime === null ? null : clock.now() + offset + lifetime),
  })
  const channel = createSecureChannel({ format, endpoints: portal.endpoints, clock, clockOffset: () => offset })
  return { clock, portal, channel }
}

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (thrown: unknown) => toFailure(thrown),
  )

describe('the handshake', () => {
  it('names the session by both pairs of headers', async () => {
    const { channel } = createSetting()
    expect((await channel.session()).headers).toEqual({
      'X-Secure-Channel-Session-Id': 'sess_1',
      'X-SC-Session-Id': 'sess_1',
      'X-SC-Version': '2',
    })
  })

  it('gives the portal two different keys, which decrypt requests and encrypt replies', async () => {
    const { channel, portal } = createSetting()
    const session = await channel.session()
    const keys = portal.keysOf('sess_1')
    expect(keys?.requestKey.length).toBe(32)
    expect(keys?.responseKey.length).toBe(32)
    expect(keys?.requestKey.equals(keys.responseKey)).toBe(false)
    expect(portal.read('sess_1', await session.encrypt(utf8('{"code":"482916"}')))).toBe('{"code":"482916"}')

    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keys?.responseKey ?? '', iv)
    const reply = Buffer.concat([
      Buffer.from([0x53, 0x43, 2, 129]),
      iv,
      cipher.update('{"code":"2000"}', 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ])
    expect(fromUtf8(await session.decrypt(Uint8Array.from(reply)))).toBe('{"code":"2000"}')
  })

  it('wipes the raw keys once they are imported', async () => {
    const { channel } = createSetting()
    const original = crypto.getRandomValues.bind(crypto)
    const random: Uint8Array[] = []
    crypto.getRandomValues = <T extends ArrayBufferView>(array: T) => {
      random.push(array as unknown as Uint8Array)
      return original(array as unknown as Uint8Array<ArrayBuffer>) as unknown as T
    }
    try {
      await channel.session()
    } finally {
      crypto.getRandomValues = original
    }
    expect(random).toEqual([new Uint8Array(32), new Uint8Array(32)])
  })

  it('makes other keys for each session', async () => {
    const { channel, portal } = createSetting()
    channel.forget(await channel.session())
    await channel.session()
    expect(portal.keysOf('sess_1')?.requestKey).not.toEqual(portal.keysOf('sess_2')?.requestKey)
  })

  it.each(['binary', 'json'] as const)('encrypts as %s, and leaves a plain reply as it is', async (format) => {
    const session = await createSetting({ format }).channel.session()
    const encrypted = await session.encrypt(utf8('{}'))
    expect(fromUtf8(encrypted).startsWith(format === 'binary' ? 'SC' : '{"v":2,"p":"')).toBe(true)
    expect(session.contentType).toBe('application/json;charset=UTF-8')
    const plain = utf8('{"code":"4010"}')
    expect(await session.decrypt(plain)).toEqual(plain)
  })

  it('does not decrypt its own request as a reply', async () => {
    const session = await createSetting().channel.session()
    await expect(session.decrypt(await session.encrypt(utf8('{}')))).rejects.toThrow('type')
  })
})

describe('one session for all', () => {
  it('shares a handshake under way, and then its session', async () => {
    const { channel, portal } = createSetting()
    const release = portal.hold()
    const waiting = [channel.session(), channel.session(), channel.session()]
    release()
    const sessions = await Promise.all(waiting)
    sessions.push(await channel.session())
    expect(new Set(sessions).size).toBe(1)
    expect(portal.log).toEqual(['public-key', 'session sess_1'])
  })

  it('ends only the wait of the one who aborts', async () => {
    const { channel, portal } = createSetting()
    const release = portal.hold()
    const controller = new AbortController()
    const leaving = channel.session(controller.signal)
    const staying = channel.session()
    controller.abort('gone')
    await expect(leaving).rejects.toBe('gone')
    release()
    await expect(staying).resolves.toBeDefined()
    expect(portal.log).toEqual(['public-key', 'session sess_1'])
  })

  it('goes on with a handshake that nobody waits for any more', async () => {
    const { channel, portal } = createSetting()
    const release = portal.hold()
    const controller = new AbortController()
    const leaving = channel.session(controller.signal)
    controller.abort('gone')
    await expect(leaving).rejects.toBe('gone')
    release()
    await channel.session()
    expect(portal.log).toEqual(['public-key', 'session sess_1'])
  })

  it('renews shortly before the end, by the portal’s clock', async () => {
    const { channel, clock, portal } = createSetting({ offset: -3 * DAY_MS, lifetime: 10 * 60_000 })
    await channel.session()
    await clock.advance(9 * 60_000 - 1)
    await channel.session()
    expect(portal.log).toHaveLength(2)
    await clock.advance(1)
    await channel.session()
    expect(portal.log).toEqual(['public-key', 'session sess_1', 'public-key', 'session sess_2'])
  })

  it('uses half of a life that is shorter than that', async () => {
    const { channel, clock, portal } = createSetting({ lifetime: 20_000 })
    await channel.session()
    await clock.advance(9_999)
    await channel.session()
    expect(portal.log).toHaveLength(2)
    await clock.advance(1)
    await channel.session()
    expect(portal.log).toHaveLength(4)
  })

  it('still works with sessions that are over at once', async () => {
    const { channel, portal } = createSetting({ lifetime: -DAY_MS })
    await channel.session()
    await channel.session()
    expect(portal.log).toHaveLength(4)
  })

  it('does not trust a session without an end for long', async () => {
    const { channel, clock, portal } = createSetting({ lifetime: null })
    await channel.session()
    await clock.advance(8 * 60_000)
    await channel.session()
    expect(portal.log).toHaveLength(2)
    await clock.advance(60_000)
    await channel.session()
    expect(portal.log).toHaveLength(4)
  })
})

describe('a lost session', () => {
  it('is replaced once, by whoever notices first', async () => {
    const { channel, portal } = createSetting()
    const lost = await channel.session()
    channel.forget(lost)
    const next = await channel.session()
    channel.forget(lost)
    expect(await channel.session()).toBe(next)
    expect(portal.log.filter((line) => line.startsWith('session'))).toEqual(['session sess_1', 'session sess_2'])
  })
})

describe('a failed handshake', () => {
  it('is told to all who wait, as nothing done, and not kept', async () => {
    const { channel, portal } = createSetting()
    const release = portal.hold()
    portal.fail(new PortalError(clientFailure('network', 'network', { effect: 'unknown', retryable: true })))
    const waiting = [failureOf(channel.session()), failureOf(channel.session())]
    release()
    const expected = clientFailure('secureChannel', 'secureChannel', { retryable: true })
    expect(await Promise.all(waiting)).toEqual([expected, expected])
    portal.recover()
    await expect(channel.session()).resolves.toBeDefined()
    expect(portal.log).toEqual(['public-key', 'public-key', 'session sess_1'])
  })

  it('keeps the wait that a rate limit asks for', async () => {
    const { channel, portal } = createSetting()
    const limit = failure({ kind: 'rateLimited', code: 'client.rateLimited', status: 429, retryAt: 1, retryable: true })
    portal.fail(new PortalError({ ...limit, effect: 'unknown' }))
    expect(await failureOf(channel.session())).toEqual(limit)
  })

  it.each([
    [403, false],
    [404, false],
    [400, true],
    [500, true],
  ])('with %i: worth another try is %s', async (status, retryable) => {
    const { channel, portal } = createSetting()
    portal.fail(
      new PortalError(
        failure({ kind: 'invalid', code: '4000', status, requestId: '00000001-0000-4000-8000-000000000000' }),
      ),
    )
    expect(await failureOf(channel.session())).toEqual(
      clientFailure('secureChannel', 'secureChannel', {
        status,
        retryable,
        requestId: '00000001-0000-4000-8000-000000000000',
      }),
    )
  })

  it.each([
    ['a key that is none', 'AAAA'],
    ['a key that is not base64', '~'],
    ['no key', ''],
  ])('by %s: another try is no use', async (_, publicKey) => {
    const { portal, clock } = createSetting()
    const endpoints = { ...portal.endpoints, getPublicKey: async () => ({ keyId: 'rsa-key-1', publicKey }) }
    const channel = createSecureChannel({ format: 'binary', endpoints, clock, clockOffset: () => 0 })
    expect(await failureOf(channel.session())).toEqual(
      clientFailure('channelKey', 'secureChannel', { field: 'data.publicKey' }),
    )
    expect(portal.log).toEqual([])
  })
})

describe('warming up', () => {
  it('makes the session before anybody asks for one', async () => {
    const { channel, portal } = createSetting()
    channel.warmUp?.()
    await channel.session()
    channel.warmUp?.()
    expect(portal.log).toEqual(['public-key', 'session sess_1'])
  })

  it('fails in silence', async () => {
    const { channel, portal } = createSetting()
    portal.fail()
    channel.warmUp?.()
    await turn()
    portal.recover()
    await expect(channel.session()).resolves.toBeDefined()
  })
})

describe('closing', () => {
  it('tells the portal once', async () => {
    const { channel, portal } = createSetting()
    await channel.session()
    await Promise.all([channel.close(), channel.close()])
    await channel.close()
    expect(portal.log.slice(2)).toEqual(['close sess_1'])
  })

  it('has nothing to tell where there is no session', async () => {
    const { channel, portal } = createSetting()
    await channel.close()
    expect(portal.log).toEqual([])
  })

  it('does not mind being refused', async () => {
    const { channel, portal } = createSetting()
    await channel.session()
    portal.fail()
    await expect(channel.close()).resolves.toBeUndefined()
  })

  it('ends a handshake under way', async () => {
    const { channel, portal } = createSetting()
    const release = portal.hold()
    const waiting = failureOf(channel.session())
    await channel.close()
    expect(await waiting).toMatchObject({ code: 'client.secureChannel', effect: 'none' })
    release()
    await turn()
    expect(portal.log).toEqual(['public-key'])
  })

  describe('once the portal was asked for a session', () => {
    /** A channel whose portal has made a session, and keeps its reply back until told otherwise. */
    async function asked() {
      const { portal, clock } = createSetting()
      let release = () => {}
      const gate = new Promise<void>((resolve) => {
        release = resolve
      })
      const endpoints: ChannelEndpoints = {
        ...portal.endpoints,
        async openSession(keys) {
          const session = await portal.endpoints.openSession(keys)
          if (session.sessionId === 'sess_1') await gate
          return session
        },
      }
      const channel = createSecureChannel({ format: 'binary', endpoints, clock, clockOffset: () => 0 })
      const waiting = failureOf(channel.session())
      while (portal.log.length < 2) await turn()
      return { channel, portal, release, waiting }
    }

    it('waits for that one and closes it; who waits for it hears at once', async () => {
      const { channel, portal, release, waiting } = await asked()
      const closing = channel.close()
      expect(await waiting).toMatchObject({ code: 'client.secureChannel', effect: 'none' })
      expect(portal.log).toEqual(['public-key', 'session sess_1'])
      release()
      await closing
      expect(portal.log.slice(2)).toEqual(['close sess_1'])
    })

    it.each(Array.from({ length: 12 }, (_, moments) => moments))(
      'closes it where the reply has come already, %i moments ago',
      async (moments) => {
        const { channel, portal, release, waiting } = await asked()
        release()
        for (let passed = 0; passed < moments; passed++) await Promise.resolve()
        await channel.close()
        await waiting
        expect(portal.log.slice(2)).toEqual(['close sess_1'])
        expect((await channel.session()).headers['X-SC-Session-Id']).toBe('sess_2')
      },
    )

    it('leaves the one alone that is made for who comes after', async () => {
      const { channel, portal, release, waiting } = await asked()
      const closing = channel.close()
      const next = await channel.session()
      release()
      await Promise.all([closing, waiting])
      expect(await channel.session()).toBe(next)
      expect(portal.log.slice(2)).toEqual(['public-key', 'session sess_2', 'close sess_1'])
      await channel.close()
      expect(portal.log.at(-1)).toBe('close sess_2')
    })
  })

  it('can be followed by a new session', async () => {
    const { channel } = createSetting()
    await channel.session()
    await channel.close()
    expect((await channel.session()).headers['X-SC-Session-Id']).toBe('sess_2')
  })
})
