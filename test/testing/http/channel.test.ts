import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  publicEncrypt,
  randomBytes,
  randomUUID,
} from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from 'xstate'
import { createFakePortal, type Dialect, type FakePortal, type FakePortalOptions } from '../../../src/testing/index.ts'
import { headersFor, T0 } from '../raw-client.ts'

// Everything here is written against node:crypto and docs/contract.md alone: nothing of the package's own codecs is used.

const HOST = 'https://portal.test/prometheus/web/v1'
type Format = 'binary' | 'json'

function setUp(options: FakePortalOptions = {}) {
  const clock = new SimulatedClock()
  clock.set(T0)
  return { clock, portal: createFakePortal({ clock, ...options }) }
}

const publicHeaders = (portal: FakePortal) => ({
  'X-PORTAL-ACCESS-CODE': portal.account.portalAccessCode,
  'X-Client-Hash': String(portal.account.clientHash),
  'X-Request-Id': randomUUID(),
  'Content-Type': 'application/json;charset=UTF-8',
})

async function fetchKey(portal: FakePortal) {
  const response = await portal.fetch(`${HOST}/secure-channel/public-key`, { headers: publicHeaders(portal) })
  const { data } = await response.json()
  return data
}

/** The key in each form, read by node. */
function readKey(form: Dialect['publicKey'], text: string) {
  if (form === 'pem' || form === 'pkcs1') return createPublicKey(text)
  if (form === 'escaped') return createPublicKey(text.replaceAll('\\n', '\n'))
  if (form === 'file') return createPublicKey(Buffer.from(text, 'base64'))
  return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
}

async function publicKey(portal: FakePortal) {
  const data = await fetchKey(portal)
  return { data, key: createPublicKey({ key: Buffer.from(data.publicKey, 'base64'), format: 'der', type: 'spki' }) }
}

async function handshake(portal: FakePortal, change: Record<string, unknown> = {}, rawKey = randomBytes(32)) {
  const { data, key } = await publicKey(portal)
  const wrap = (raw: Buffer) =>
    publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, raw).toString('base64')
  const responseKey = randomBytes(32)
  const body = { keyId: data.keyId, encReqKey: wrap(rawKey), encRespKey: wrap(responseKey), ...change }
  const response = await portal.fetch(`${HOST}/secure-channel/session`, {
    method: 'POST',
    headers: publicHeaders(portal),
    body: JSON.stringify(body),
  })
  const json = await response.json()
  return { status: response.status, json, sessionId: String(json.data?.sessionId), requestKey: rawKey, responseKey }
}

function seal(format: Format, key: Buffer, value: unknown, type = 2): Buffer<ArrayBuffer> {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const payload = Buffer.concat([iv, cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()])
  if (format === 'binary') return Buffer.concat([Buffer.from('SC'), Buffer.from([2, type]), payload])
  return Buffer.from(JSON.stringify({ v: 2, p: payload.toString('base64') }))
}

function unseal(format: Format, key: Buffer, bytes: Buffer) {
  const payload = format === 'binary' ? bytes.subarray(4) : Buffer.from(JSON.parse(bytes.toString()).p, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, payload.subarray(0, 12))
  decipher.setAuthTag(payload.subarray(-16))
  return JSON.parse(Buffer.concat([decipher.update(payload.subarray(12, -16)), decipher.final()]).toString())
}

async function post(
  portal: FakePortal,
  path: string,
  {
    body,
    sessionId,
    headers = {},
  }: { body?: Buffer<ArrayBuffer> | string; sessionId?: string; headers?: Record<string, string> },
) {
  const response = await portal.fetch(`${HOST}/system${path}`, {
    method: 'POST',
    headers: {
      ...headersFor(portal),
      ...(sessionId === undefined ? {} : { 'X-Secure-Channel-Session-Id': sessionId }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, bytes, code: codeOf(bytes), type: response.headers.get('Content-Type') }
}

function codeOf(bytes: Buffer): string | null {
  try {
    return JSON.parse(bytes.toString()).code ?? null
  } catch {
    return null
  }
}

const WHITELIST = '/security/ip-whitelist'
const entries = { entries: ['203.0.113.0/24'] }

describe('the handshake', () => {
  it('begins with a 2048-bit RSA key', async () => {
    const { portal } = setUp()
    const { data, key } = await publicKey(portal)
    expect(data).toMatchObject({
      keyId: 'rsa-key-1',
      algorithm: 'RSA-OAEP-2048',
      keySize: 2048,
      createdAt: new Date(T0).toISOString(),
      expiresAt: null,
    })
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048)
  })

  it.each([
    ['base64', /^MIIB[\w+/]+=*$/],
    ['base64url', /^MIIB[\w-]+$/],
    ['wrapped', /^(MIIB[\w+/=]{60})(\n[\w+/=]{1,64})+$/],
    ['pem', /^-----BEGIN PUBLIC KEY-----\nMIIB[\w+/=\n]+-----END PUBLIC KEY-----\n$/],
    ['pkcs1', /^-----BEGIN RSA PUBLIC KEY-----\nMIIB[\w+/=\n]+-----END RSA PUBLIC KEY-----\n$/],
    ['escaped', /^-----BEGIN PUBLIC KEY-----\\nMIIB[\w+/=\\]+-----END PUBLIC KEY-----\\n$/],
    ['file', /^LS0tLS1CRUdJTi[\w+/]+=*$/],
  ] as const)('has its key in the form %s', async (form, pattern) => {
    const { portal } = setUp()
    const { key } = await publicKey(portal)
    portal.configure({ dialect: { publicKey: form } })
    const text = String((await fetchKey(portal)).publicKey)
    expect(text).toMatch(pattern)
    expect(readKey(form, text).equals(key)).toBe(true)
  })

  it('ends with a session of a known length', async () => {
    const { portal } = setUp({ channelLifetimeMs: 5000 })
    const { status, json } = await handshake(portal)
    expect([status, json.code]).toEqual([200, '2000'])
    expect(json.data).toEqual({ sessionId: expect.any(String), expiresAt: T0 + 5000 })
  })

  it('gives each caller a session of its own', async () => {
    const { portal } = setUp()
    expect((await handshake(portal)).sessionId).not.toBe((await handshake(portal)).sessionId)
  })

  it.each([
    ['another key id', { keyId: 'rsa-key-0' }, '4000'],
    ['a key that is not base64', { encReqKey: '***' }, '4000'],
    ['a key that does not decrypt', { encRespKey: Buffer.alloc(256, 1).toString('base64') }, '4000'],
    ['a key too few', { encRespKey: undefined }, 'VALIDATION.INVALID_PARAMETER'],
    ['a field too many', { algorithm: 'none' }, 'VALIDATION.INVALID_PARAMETER'],
  ])('is refused with %s', async (_, change, code) => {
    const { portal } = setUp()
    const { status, json } = await handshake(portal, change)
    expect([status, json.code]).toEqual([400, code])
  })

  it('is refused with a short AES key', async () => {
    const { portal } = setUp()
    expect((await handshake(portal, {}, randomBytes(16))).status).toBe(400)
  })

  it('does not exist where the channel is off', async () => {
    const { portal } = setUp({ secureChannel: 'off' })
    const response = await portal.fetch(`${HOST}/secure-channel/public-key`, { headers: publicHeaders(portal) })
    expect(response.status).toBe(404)
  })
})

describe.each(['binary', 'json'] as const)('the %s envelope', (format) => {
  it('carries a request, and its reply back under the other key', async () => {
    const { portal } = setUp({ secureChannel: format })
    const { sessionId, requestKey, responseKey } = await handshake(portal)
    const reply = await post(portal, WHITELIST, { body: seal(format, requestKey, entries), sessionId })
    expect([reply.status, reply.type]).toEqual([200, 'application/json;charset=UTF-8'])
    if (format === 'binary') expect([...reply.bytes.subarray(0, 4)]).toEqual([0x53, 0x43, 2, 129])
    expect(unseal(format, responseKey, reply.bytes)).toMatchObject({
      code: '2000',
      data: { enabled: false, entries: ['203.0.113.0/24'] },
    })
    expect(() => unseal(format, requestKey, reply.bytes)).toThrow()
    expect(portal.requests.at(-1)).toMatchObject({ body: entries, encrypted: true, status: 200, processed: true })
    expect(portal.account.ipWhitelist.entries).toEqual(['203.0.113.0/24'])
  })

  it('carries a code, and nothing back', async () => {
    const { portal } = setUp({ secureChannel: format })
    const { sessionId, requestKey } = await handshake(portal)
    await post(portal, '/security/mfa/otp/setup', { sessionId })
    const body = seal(format, requestKey, { code: await portal.authenticator.code() })
    const reply = await post(portal, '/security/mfa/otp/verify', { body, sessionId })
    expect([reply.status, reply.bytes.length]).toEqual([204, 0])
  })

  it('carries refusals, or not', async () => {
    const { portal } = setUp({ secureChannel: format })
    const { sessionId, requestKey, responseKey } = await handshake(portal)
    const send = () => post(portal, WHITELIST, { body: seal(format, requestKey, { entries: null }), sessionId })
    const sealed = await send()
    expect(sealed.status).toBe(400)
    expect(unseal(format, responseKey, sealed.bytes)).toMatchObject({ code: 'VALIDATION.INVALID_PARAMETER' })
    portal.configure({ encryptsErrors: false })
    expect((await send()).code).toBe('VALIDATION.INVALID_PARAMETER')
  })

  it('is refused when it was tampered with, or sealed with another key', async () => {
    const { portal } = setUp({ secureChannel: format })
    const { sessionId, requestKey, responseKey } = await handshake(portal)
    const other = await post(portal, WHITELIST, { body: seal(format, responseKey, entries), sessionId })
    expect([other.status, other.code]).toEqual([400, 'SECURE_CHANNEL.INVALID_PAYLOAD'])
    const body = seal(format, requestKey, entries)
    const at = body.length - 20
    body[at] = body[at] === 0x41 ? 0x42 : 0x41
    expect((await post(portal, WHITELIST, { body, sessionId })).code).toBe('SECURE_CHANNEL.INVALID_PAYLOAD')
    expect(portal.account.ipWhitelist.entries).toEqual([])
  })

  it('is not read by a portal of the other format', async () => {
    const { portal } = setUp({ secureChannel: format === 'json' ? 'binary' : 'json' })
    const { sessionId, requestKey } = await handshake(portal)
    const reply = await post(portal, WHITELIST, { body: seal(format, requestKey, entries), sessionId })
    expect(reply.code).toBe('SECURE_CHANNEL.INVALID_PAYLOAD')
  })

  it('is not read where the channel is off', async () => {
    const { portal } = setUp({ secureChannel: 'off' })
    const reply = await post(portal, WHITELIST, { body: seal(format, randomBytes(32), entries), sessionId: 'x' })
    expect(reply.status).toBe(400)
  })

  it('must hold JSON', async () => {
    const { portal } = setUp({ secureChannel: format })
    const { sessionId, requestKey } = await handshake(portal)
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', requestKey, iv)
    const payload = Buffer.concat([iv, cipher.update('entries'), cipher.final(), cipher.getAuthTag()])
    const body =
      format === 'binary'
        ? Buffer.concat([Buffer.from('SC'), Buffer.from([2, 2]), payload])
        : Buffer.from(JSON.stringify({ v: 2, p: payload.toString('base64') }))
    expect((await post(portal, WHITELIST, { body, sessionId })).code).toBe('SECURE_CHANNEL.INVALID_PAYLOAD')
  })
})

it.each([1, 129])('a binary envelope of type %i is no request of a session', async (type) => {
  const { portal } = setUp()
  const { sessionId, requestKey } = await handshake(portal)
  const reply = await post(portal, WHITELIST, { body: seal('binary', requestKey, entries, type), sessionId })
  expect(reply.code).toBe('SECURE_CHANNEL.INVALID_PAYLOAD')
})

describe('what needs the channel', () => {
  it.each([
    ['/security/mfa/otp/verify', { code: '123456' }],
    [WHITELIST, entries],
    ['/security/sessions/terminate', { sessionId: 'SESS...R_001' }],
    ['/auth/login/initiate', { email: 'maya@example.com', password: 'correct horse battery' }],
    ['/auth/token/refresh', { refreshToken: 'refresh-token-0001' }],
  ])('%s takes no plain text', async (path, body) => {
    const { portal } = setUp()
    const before = portal.account
    const { sessionId } = await handshake(portal)
    for (const named of [{ sessionId }, {}]) {
      const reply = await post(portal, path, { body: JSON.stringify(body), ...named })
      expect([reply.status, reply.code]).toEqual([400, 'SECURE_CHANNEL.INVALID_PAYLOAD'])
    }
    expect(portal.account).toEqual(before)
    expect(portal.requests.at(-1)).toMatchObject({ body, encrypted: false, processed: false })
  })

  it('an OTP setup may be sent without it, or answered through it', async () => {
    const { portal } = setUp({ encryptsSetupReply: true })
    const { sessionId, responseKey } = await handshake(portal)
    expect((await post(portal, '/security/mfa/otp/setup', {})).code).toBe('2000')
    const reply = await post(portal, '/security/mfa/otp/setup', { sessionId })
    expect(unseal('binary', responseKey, reply.bytes)).toMatchObject({ data: { issuer: 'SlaunchX' } })
    const other = await post(portal, '/security/sessions/terminate-all', { sessionId })
    expect(other.code).toBe('2000')
    portal.configure({ encryptsSetupReply: false })
    expect((await post(portal, '/security/mfa/otp/setup', { sessionId })).code).toBe('2000')
  })

  it('replies may come plain', async () => {
    const { portal } = setUp({ encryptsReplies: false })
    const { sessionId, requestKey } = await handshake(portal)
    expect((await post(portal, WHITELIST, { body: seal('binary', requestKey, entries), sessionId })).code).toBe('2000')
  })

  it.each(['enable', 'disable'])('the switch %s names a live session or none, unless it must', async (action) => {
    const { portal } = setUp()
    const { sessionId } = await handshake(portal)
    const path = `${WHITELIST}/${action}`
    expect((await post(portal, path, {})).status).toBe(204)
    expect((await post(portal, path, { sessionId })).status).toBe(204)
    expect((await post(portal, path, { sessionId: 'gone' })).code).toBe('SECURE_CHANNEL.SESSION_NOT_FOUND')
    portal.configure({ channelHeaderOn: 'securityPosts' })
    expect((await post(portal, path, {})).code).toBe('SECURE_CHANNEL.SESSION_NOT_FOUND')
  })

  it('the other pair of headers may come along, if it says the same', async () => {
    const { portal } = setUp()
    const { sessionId, requestKey } = await handshake(portal)
    const send = (headers: Record<string, string>, named: object = { sessionId }) =>
      post(portal, WHITELIST, { body: seal('binary', requestKey, entries), headers, ...named })
    expect((await send({ 'X-SC-Session-Id': sessionId, 'X-SC-Version': '2' })).status).toBe(200)
    expect((await send({ 'X-SC-Session-Id': 'x' })).code).toBe('SECURE_CHANNEL.INVALID_PAYLOAD')
    expect((await send({ 'X-SC-Version': '1' })).code).toBe('SECURE_CHANNEL.INVALID_PAYLOAD')
    expect((await send({ 'X-SC-Session-Id': sessionId }, {})).status).toBe(400)
  })
})

describe('a channel session', () => {
  const loss = 'SECURE_CHANNEL.SESSION_NOT_FOUND'

  it.each([400, 401, 404] as const)('that is not known is refused with %i', async (channelLossStatus) => {
    const { portal } = setUp({ channelLossStatus })
    const { requestKey } = await handshake(portal)
    const body = seal('binary', requestKey, entries)
    for (const named of [{ sessionId: 'unknown' }, {}]) {
      const reply = await post(portal, WHITELIST, { body, ...named })
      expect([reply.status, reply.code]).toEqual([channelLossStatus, loss])
    }
  })

  it('is told to be lost before the token is looked at', async () => {
    const { portal } = setUp()
    const { requestKey } = await handshake(portal)
    const reply = await post(portal, WHITELIST, {
      body: seal('binary', requestKey, entries),
      sessionId: 'unknown',
      headers: { Authorization: 'Bearer stale' },
    })
    expect(reply.code).toBe(loss)
  })

  it('ends on the clock', async () => {
    const { portal, clock } = setUp({ channelLifetimeMs: 60_000 })
    const { sessionId, requestKey } = await handshake(portal)
    const send = () => post(portal, WHITELIST, { body: seal('binary', requestKey, entries), sessionId })
    clock.increment(59_999)
    expect((await send()).status).toBe(200)
    clock.increment(1)
    expect((await send()).code).toBe(loss)
  })

  it('ends when the portal forgets it', async () => {
    const { portal } = setUp()
    const { sessionId, requestKey } = await handshake(portal)
    portal.dropChannelSessions()
    const reply = await post(portal, WHITELIST, { body: seal('binary', requestKey, entries), sessionId })
    expect(reply.code).toBe(loss)
  })

  it('ends when it is closed, and may be closed again', async () => {
    const { portal } = setUp()
    const { sessionId, requestKey } = await handshake(portal)
    const close = async (headers: Record<string, string>) => {
      const response = await portal.fetch(`${HOST}/secure-channel/session/close`, {
        method: 'POST',
        headers: { ...publicHeaders(portal), ...headers },
      })
      const { code, data } = await response.json()
      return [response.status, code, data]
    }
    expect(await close({})).toEqual([400, '4000', null])
    for (let round = 0; round < 2; round += 1) {
      expect(await close({ 'X-Secure-Channel-Session-Id': sessionId })).toEqual([200, '2000', null])
    }
    const reply = await post(portal, WHITELIST, { body: seal('binary', requestKey, entries), sessionId })
    expect(reply.code).toBe(loss)
  })

  it('outlives a change of the key, but no new one is made with the old key', async () => {
    const { portal } = setUp()
    const { sessionId, requestKey } = await handshake(portal)
    portal.configure({ channelKeyId: 'rsa-key-2' })
    expect((await handshake(portal, { keyId: 'rsa-key-1' })).status).toBe(400)
    expect((await handshake(portal)).status).toBe(200)
    expect((await post(portal, WHITELIST, { body: seal('binary', requestKey, entries), sessionId })).status).toBe(200)
  })
})

describe('faults on the channel', () => {
  it('see the decrypted body, and spoil the reply outside or inside the envelope', async () => {
    const { portal } = setUp()
    const { sessionId, requestKey, responseKey } = await handshake(portal)
    const send = () => post(portal, WHITELIST, { body: seal('binary', requestKey, entries), sessionId })
    portal.fault(({ body }) => JSON.stringify(body) === JSON.stringify(entries), 'wrongShape')
    expect(unseal('binary', responseKey, (await send()).bytes)).toMatchObject({ data: { nonsense: true } })
    portal.fault('replaceIpWhitelist', 'malformed')
    expect((await send()).bytes.toString()).toMatch(/^<!doctype/)
  })

  it('take the seal off a reply, and nothing off one that has none', async () => {
    const { portal } = setUp()
    const { sessionId, requestKey } = await handshake(portal)
    portal.fault(() => true, 'unencrypted', { times: 2 })
    const reply = await post(portal, WHITELIST, { body: seal('binary', requestKey, entries), sessionId })
    expect([reply.status, reply.code]).toEqual([200, '2000'])
    expect((await post(portal, `${WHITELIST}/enable`, { sessionId })).status).toBe(204)
    expect(portal.account.ipWhitelist).toEqual({ enabled: true, entries: ['203.0.113.0/24'] })
  })

  it('may hit the handshake', async () => {
    const { portal } = setUp()
    portal.fault('openChannel', { status: 500 })
    expect((await handshake(portal)).status).toBe(500)
    expect((await handshake(portal)).status).toBe(200)
  })
})
