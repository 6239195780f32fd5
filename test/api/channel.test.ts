import {
  constants,
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  privateDecrypt,
  randomBytes,
} from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ChannelSession, PortalApiOptions, SecureChannel } from '../../src/api/index.ts'
import { clientFailure, PortalError } from '../../src/domain/failure.ts'
import { createMessages } from '../../src/domain/messages.ts'
import { englishMessages } from '../../src/domain/messages-english.ts'
import { germanMessages } from '../../src/domain/messages-german.ts'
import type { PortalApi } from '../../src/domain/portal-api.ts'
import { turn } from '../support/test-clock.ts'
import { createSetting, failureOf, NOON, refusal, type SentRequest, success } from './stub-portal.ts'

const CHANNEL = '/web/v1/secure-channel'
const VERIFY = '/web/v1/system/security/mfa/otp/verify'
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PUBLIC_KEY = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const DAY_MS = 24 * 3_600_000

type Handler = (sent: SentRequest, text: string) => Response | Promise<Response>

const ok = (data: unknown = null) => Response.json(success(data).json)
const refuse = (status: number, code: string, more: object = {}) =>
  Response.json(refusal(status, code, more).json, { status })

/** A portal with a channel made of node:crypto; `handle` answers everything but the handshake, and gets the decrypted body. */
function createChannelSetting(handle: Handler = () => ok(), options: Partial<PortalApiOptions> = {}) {
  const keys = new Map<string, { requestKey: Buffer; responseKey: Buffer }>()
  const faults: { publicKey?: () => Response | Promise<Response>; session?: () => Response } = {}
  const rsa = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }

  const setting = createSetting(
    (sent) => {
      if (sent.path === `${CHANNEL}/public-key`) {
        return (
          faults.publicKey?.() ??
          ok({
            keyId: 'rsa-key-1',
            publicKey: PUBLIC_KEY,
            algorithm: 'RSA-OAEP-2048',
            keySize: 2048,
            createdAt: 'x',
            expiresAt: null,
          })
        )
      }
      if (sent.path === `${CHANNEL}/session`) {
        if (faults.session !== undefined) return faults.session()
        const { encReqKey, encRespKey } = JSON.parse(sent.body)
        const sessionId = `sess_${keys.size + 1}`
        keys.set(sessionId, {
          requestKey: privateDecrypt(rsa, Buffer.from(encReqKey, 'base64')),
          responseKey: privateDecrypt(rsa, Buffer.from(encRespKey, 'base64')),
        })
        return ok({ sessionId, expiresAt: NOON + DAY_MS })
      }
      return handle(sent, decrypted(sent))
    },
    { secureChannel: 'binary', ...options },
  )

  const sessionOf = ({ headers }: SentRequest) => headers.get('X-Secure-Channel-Session-Id') ?? ''

  function decrypted(sent: SentRequest): string {
    const requestKey = keys.get(sessionOf(sent))?.requestKey
    const payload = sent.body.startsWith('{"v":2,')
      ? Buffer.from(JSON.parse(sent.body).p, 'base64')
      : sent.body.startsWith('SC')
        ? Buffer.from(sent.bytes.subarray(4))
        : null
    if (payload === null) return sent.body
    const decipher = createDecipheriv('aes-256-gcm', requestKey ?? '', payload.subarray(0, 12))
    decipher.setAuthTag(payload.subarray(-16))
    return Buffer.concat([decipher.update(payload.subarray(12, -16)), decipher.final()]).toString('utf8')
  }

  /** The JSON, encrypted for the session that the request named. */
  function encrypt(sent: SentRequest, json: unknown, { format = 'binary', status = 200 } = {}): Response {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keys.get(sessionOf(sent))?.responseKey ?? '', iv)
    const payload = Buffer.concat([
      iv,
      cipher.update(JSON.stringify(json), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ])
    return format === 'binary'
      ? new Response(Buffer.concat([Buffer.from([0x53, 0x43, 2, 129]), payload]), { status })
      : Response.json({ v: 2, p: payload.toString('base64') }, { status })
  }

  const paths = () => setting.sent.map(({ method, path }) => `${method} ${path.replace('/web/v1/', '')}`)
  const calls = () => setting.sent.filter(({ path }) => !path.startsWith(CHANNEL))
  return { ...setting, faults, encrypt, paths, calls, sessionOf }
}

const HANDSHAKE = ['GET secure-channel/public-key', 'POST secure-channel/session']
const verify = (api: Required<PortalApi>, options?: object) => api.verifyOtp({ code: '482916' }, options)

describe('what goes through the channel', () => {
  const encrypted: readonly [string, (api: Required<PortalApi>) => Promise<unknown>, string][] = [
    ['verifyOtp', verify, '{"code":"482916"}'],
    [
      'replaceIpWhitelist',
      (api) => api.replaceIpWhitelist({ entries: ['203.0.113.10'] }),
      '{"entries":["203.0.113.10"]}',
    ],
    ['terminateSession', (api) => api.terminateSession({ sessionId: 'S' }), '{"sessionId":"S"}'],
  ]

  describe.each(['binary', 'json'] as const)('%s', (format) => {
    it.each(encrypted)('%s: its body', async (_, run, body) => {
      const seen: string[] = []
      const { api, calls } = createChannelSetting(
        (_sent, text) => {
          seen.push(text)
          return ok({ enabled: true, entries: [] })
        },
        { secureChannel: format },
      )
      await run(api)
      expect(seen).toEqual([body])
      const [sent] = calls()
      expect(sent?.body.startsWith(format === 'binary' ? 'SC' : '{"v":2,"p":"')).toBe(true)
      expect(sent?.body).not.toContain(body)
      expect(sent?.headers.get('Content-Type')).toBe('application/json;charset=UTF-8')
      expect(sent?.headers.get('X-Secure-Channel-Session-Id')).toBe('sess_1')
      expect(sent?.headers.get('X-SC-Session-Id')).toBe('sess_1')
      expect(sent?.headers.get('X-SC-Version')).toBe('2')
    })
  })

  it.each<[string, (api: Required<PortalApi>) => Promise<unknown>]>([
    ['setupOtp', (api) => api.setupOtp()],
    ['revokeOtp', (api) => api.revokeOtp()],
    ['enableIpWhitelist', (api) => api.enableIpWhitelist()],
    ['disableIpWhitelist', (api) => api.disableIpWhitelist()],
    ['terminateOtherSessions', (api) => api.terminateOtherSessions()],
  ])('%s: the session’s header only', async (_, run) => {
    const { api, calls } = createChannelSetting()
    await run(api).catch(() => {})
    const [sent] = calls()
    expect(sent?.bytes).toHaveLength(0)
    expect(sent?.headers.get('X-Secure-Channel-Session-Id')).toBe('sess_1')
    expect(sent?.headers.get('Content-Type')).toBe('application/json')
  })

  it.each<[string, (api: Required<PortalApi>) => Promise<unknown>]>([
    ['acceptInvitation', (api) => api.acceptInvitation({ invitationBizId: 'I' })],
    ['declineInvitation', (api) => api.declineInvitation({ invitationBizId: 'I', reason: 'no' })],
    ['setDefaultWorkspace', (api) => api.setDefaultWorkspace({ workspaceBizId: 'W' })],
  ])('%s: nothing', async (_, run) => {
    const { api, sent } = createChannelSetting()
    await run(api).catch(() => {})
    expect(sent).toHaveLength(1)
    expect([...(sent[0]?.headers.keys() ?? [])].filter((name) => /secure|-sc-/.test(name))).toEqual([])
  })
})

describe('the handshake', () => {
  it('goes without a token, and with the common headers', async () => {
    const { api, sent } = createChannelSetting(undefined, {
      headers: { Authorization: 'Bearer of-the-host', 'X-Trace': 't' },
    })
    await verify(api)
    for (const { headers } of sent.slice(0, 2)) {
      expect(Object.fromEntries(headers)).toEqual({
        accept: 'application/json',
        'content-type': 'application/json',
        'x-client-hash': 'client-hash-1',
        'x-locale': 'en',
        'x-portal-access-code': 'SYS-PORTAL',
        'x-request-id': expect.any(String),
        'x-trace': 't',
      })
    }
    expect(new Set(sent.map(({ headers }) => headers.get('X-Request-Id'))).size).toBe(3)
    expect(sent[2]?.headers.get('Authorization')).toBe('Bearer token-1')
    expect(Object.keys(JSON.parse(sent[1]?.body ?? '{}')).sort()).toEqual(['encReqKey', 'encRespKey', 'keyId'])
  })

  it('is made once for writes at the same time and after', async () => {
    const { api, paths } = createChannelSetting()
    await Promise.all([verify(api), api.enableIpWhitelist()])
    await verify(api)
    expect(paths().slice(0, 2)).toEqual(HANDSHAKE)
    expect(paths()).toHaveLength(5)
  })

  it('is made while the user reads, once, so that the first write waits for nothing', async () => {
    const { api, paths, sent } = createChannelSetting(() => ok([]))
    await api.listSessions()
    while (sent.length < 3) await turn()
    await api.listMfaMethods()
    expect(paths()).toEqual(['GET system/security/sessions', ...HANDSHAKE, 'GET system/security/mfa'])
    await verify(api)
    expect(paths().slice(4)).toEqual(['POST system/security/mfa/otp/verify'])
  })

  it.each<[string, (api: Required<PortalApi>) => Promise<unknown>]>([
    ['invitations', (api) => api.listInvitations()],
    ['workspaces', (api) => api.listWorkspaces()],
  ])('is not made for one who reads %s: no change there goes through it', async (_, list) => {
    // From here on the channel's code is loaded, and a handshake would wait for nothing.
    await verify(createChannelSetting().api)
    const { api, sent } = createChannelSetting(() => ok([]))
    await list(api)
    for (let i = 0; i < 5; i++) await turn()
    expect(sent).toHaveLength(1)
  })

  it.each<[string, (api: Required<PortalApi>) => Promise<unknown>]>([
    ['factors', (api) => api.listMfaMethods()],
    ['backup codes', (api) => api.getBackupCodeStatus()],
    ['the whitelist', (api) => api.getIpWhitelist()],
    ['sessions', (api) => api.listSessions()],
  ])('is made for one who has read %s: a change there goes through it', async (_, list) => {
    const { api, paths, sent } = createChannelSetting(({ path }) =>
      ok(
        path.endsWith('ip-whitelist')
          ? { enabled: false, entries: [] }
          : path.endsWith('codes')
            ? { remainingCount: 1 }
            : [],
      ),
    )
    await list(api)
    while (sent.length < 3) await turn()
    expect(paths().slice(1)).toEqual(HANDSHAKE)
  })

  it('is not made for a user whom the portal does not know', async () => {
    const { api, sent } = createChannelSetting(() => refuse(401, '4010'))
    await failureOf(api.listSessions())
    await turn()
    expect(sent).toHaveLength(1)
  })

  it('fails without a word while warming up', async () => {
    const { api, faults } = createChannelSetting(() => ok([]))
    faults.publicKey = () => refuse(404, 'X')
    expect(await api.listSessions()).toEqual([])
    for (let i = 0; i < 5; i++) await turn()
    expect(await api.listMfaMethods()).toEqual([])
  })

  it.each<[string, object, { publicKey?: Response; session?: Response }]>([
    [
      'no public key',
      { status: 400, retryable: true, requestId: expect.any(String) },
      { publicKey: refuse(400, '4000') },
    ],
    ['no channel at all', { status: 404, retryable: false }, { publicKey: refuse(404, 'X') }],
    ['a page', { status: 200, retryable: true }, { publicKey: new Response('<html>') }],
    ['a key without a name', { field: 'data.keyId' }, { publicKey: ok({ publicKey: PUBLIC_KEY }) }],
    ['a refused session', { status: 400 }, { session: refuse(400, '4000') }],
    ['a broken session', { status: 500 }, { session: refuse(500, '5000') }],
    ['a session without id', { field: 'data.sessionId' }, { session: ok({ expiresAt: 1 }) }],
  ])('%s: the write is not sent', async (_, expected, { publicKey: key, session }) => {
    const { api, calls, faults } = createChannelSetting()
    if (key !== undefined) faults.publicKey = () => key.clone()
    if (session !== undefined) faults.session = () => session.clone()
    expect(await failureOf(verify(api))).toMatchObject({
      kind: 'secureChannel',
      code: 'client.secureChannel',
      effect: 'none',
      ...expected,
    })
    expect(calls()).toEqual([])
  })

  it.each<[string, unknown]>([
    ['that is none', 'AAAA'],
    ['that is a page', '<!doctype html>'],
    ['that is empty', ''],
    ['that is null', null],
    ['that is missing', undefined],
    ['that is a JWK', publicKey.export({ format: 'jwk' })],
    [
      'of an elliptic curve',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
    ],
    [
      'of 1024 bits',
      generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' }),
    ],
    ['that is private', privateKey.export({ type: 'pkcs8', format: 'pem' })],
  ])('a public key %s is for the operator: nothing is sent, and no other try advised', async (_, key) => {
    const { api, paths, faults } = createChannelSetting()
    faults.publicKey = () => ok({ keyId: 'rsa-key-1', publicKey: key })
    const failure = await failureOf(verify(api))
    expect(failure).toEqual(clientFailure('channelKey', 'secureChannel', { field: 'data.publicKey' }))
    expect(paths()).toEqual(['GET secure-channel/public-key'])
    for (const messages of [englishMessages, germanMessages]) {
      const text = createMessages({}, messages).failureText(failure)
      expect(text).toMatch(/operator|Betreiber/)
      expect(text).not.toMatch(/try again|noch einmal/i)
    }
  })

  it('that is rate limited says until when', async () => {
    const { api, calls, faults } = createChannelSetting()
    faults.session = () =>
      new Response(JSON.stringify(refusal(429, 'X').json), { status: 429, headers: { 'Retry-After': '30' } })
    expect(await failureOf(verify(api))).toMatchObject({ kind: 'rateLimited', retryAt: NOON + 30_000, effect: 'none' })
    expect(calls()).toEqual([])
  })

  it('is given up by one who aborts, with nothing done', async () => {
    const { api, faults, calls } = createChannelSetting()
    let release = () => {}
    faults.publicKey = () =>
      new Promise((resolve) => {
        release = () => resolve(ok({ keyId: 'rsa-key-1', publicKey: PUBLIC_KEY }))
      })
    const controller = new AbortController()
    const leaving = failureOf(verify(api, { signal: controller.signal }))
    const staying = api.enableIpWhitelist()
    for (let i = 0; i < 3; i++) await turn()
    controller.abort()
    expect(await leaving).toEqual(clientFailure('aborted', 'network', { retryable: true }))
    release()
    await staying
    expect(calls()).toHaveLength(1)
  })
})

describe('replies', () => {
  it.each(['binary', 'json'])('are opened where they come as %s, whatever was sent', async (format) => {
    const setup = {
      secret: 'JBSWY3DPEHPK3PXP',
      qrCodeUri: 'otpauth://totp/SlaunchX:me@example.com?secret=JBSWY3DPEHPK3PXP&issuer=SlaunchX',
      issuer: 'SlaunchX',
    }
    const { api, encrypt } = createChannelSetting((sent) => encrypt(sent, success(setup).json, { format }))
    expect((await api.setupOtp()).secret.reveal()).toBe(setup.secret)
  })

  it('that are encrypted refusals say why', async () => {
    const { api, encrypt } = createChannelSetting((sent) =>
      encrypt(sent, refusal(400, 'AUTH.MFA_CODE_INVALID').json, { status: 400 }),
    )
    expect(await failureOf(verify(api))).toMatchObject({
      kind: 'invalid',
      code: 'AUTH.MFA_CODE_INVALID',
      effect: 'none',
    })
  })

  const garbled = () => new Response(Buffer.concat([Buffer.from([0x53, 0x43, 2, 129]), randomBytes(40)]))

  it('that cannot be decrypted leave the outcome open, and the next write gets another session', async () => {
    const replies = [garbled, () => ok()]
    const { api, calls, sessionOf } = createChannelSetting(() => (replies.shift() ?? garbled)())
    expect(await failureOf(verify(api, { requestId: '00000001-0000-4000-8000-000000000000' }))).toEqual(
      clientFailure('encryptedReply', 'secureChannel', {
        status: 200,
        retryable: true,
        effect: 'unknown',
        requestId: '00000001-0000-4000-8000-000000000000',
      }),
    )
    await verify(api)
    expect(calls().map(sessionOf)).toEqual(['sess_1', 'sess_2'])
  })

  it('that cannot be decrypted still refuse by their status', async () => {
    const { api } = createChannelSetting(() => new Response(garbled().body, { status: 403 }))
    expect(await failureOf(verify(api))).toMatchObject({ kind: 'forbidden', code: 'client.refused', effect: 'none' })
  })

  it('that are encrypted although no session was named cannot be read', async () => {
    const { api } = createChannelSetting(garbled)
    expect(await failureOf(api.listSessions())).toMatchObject({ code: 'client.encryptedReply', effect: 'none' })
  })
})

describe('a plain reply to an encrypted request', () => {
  const LIST = { enabled: true, entries: ['203.0.113.10'] }
  const replace = (api: Required<PortalApi>) => api.replaceIpWhitelist({ entries: LIST.entries })
  const page = new Response('<!doctype html><title>Please sign in</title>')

  /** A portal that has encrypted one reply, and answers in these ways from then on. */
  async function afterEncrypted(
    replies: readonly ((sent: SentRequest) => Response)[],
    {
      format = 'binary' as 'binary' | 'json',
      ...options
    }: { format?: 'binary' | 'json' } & Partial<PortalApiOptions> = {},
  ) {
    const left = [...replies]
    const setting = createChannelSetting(
      (sent) => {
        const first = setting.calls().length === 1
        return first ? setting.encrypt(sent, success(LIST).json, { format }) : (left.shift() ?? (() => ok(LIST)))(sent)
      },
      { secureChannel: format, ...options },
    )
    expect(await replace(setting.api)).toEqual(LIST)
    return setting
  }

  it.each<[string, Response]>([
    ['a success', ok(LIST)],
    ['a success that says nothing', ok()],
    ['the literal note of no content', Response.json({ status: 204, body: null })],
    ['a success without a body', new Response(null)],
    ['a page', page],
    ['a refusal inside a success', refuse(200, 'VALIDATION.INVALID_PARAMETER')],
    ['400', refuse(400, 'VALIDATION.INVALID_PARAMETER')],
    ['400 without a body', new Response(null, { status: 400 })],
    ['403', refuse(403, 'ACCESS.PERMISSION_DENIED')],
    ['404', refuse(404, '4040')],
    ['409', refuse(409, 'WORKSPACE.INVITATION_ALREADY_PROCESSED')],
    ['422', refuse(422, '4220')],
  ])('is refused once the portal has encrypted one: %s', async (_, reply) => {
    for (const format of ['binary', 'json'] as const) {
      const { api, calls, sessionOf } = await afterEncrypted([() => reply.clone()], { format })
      const failure = await failureOf(replace(api))
      expect(failure).toEqual(
        clientFailure('plainReply', 'secureChannel', {
          status: reply.status,
          retryable: true,
          effect: 'unknown',
          requestId: expect.any(String),
        }),
      )
      expect(calls().map(sessionOf)).toEqual(['sess_1', 'sess_1'])
      for (const messages of [englishMessages, germanMessages]) {
        expect(createMessages({}, messages).failureText(failure)).toMatch(
          /not encrypted.+not known|unverschlüsselt.+nicht bekannt/,
        )
      }
    }
  })

  it('is refused in the whole session, which goes on', async () => {
    const { api, calls, encrypt, sessionOf } = await afterEncrypted([
      () => ok(LIST),
      (sent) => encrypt(sent, success(null).json),
      () => ok(LIST),
    ])
    expect(await failureOf(replace(api))).toMatchObject({ code: 'client.plainReply' })
    await verify(api)
    expect(await failureOf(api.terminateSession({ sessionId: 'S' }))).toMatchObject({ code: 'client.plainReply' })
    expect(calls().map(sessionOf)).toEqual(['sess_1', 'sess_1', 'sess_1', 'sess_1'])
  })

  it('teaches nothing about the portal’s clock', async () => {
    const { api } = await afterEncrypted([() => Response.json({ ...success(LIST).json, timestamp: NOON + DAY_MS })])
    const before = api.clockOffset()
    await failureOf(replace(api))
    expect(api.clockOffset()).toBe(before)
  })

  it.each<[string, object, () => Response]>([
    ['401', { kind: 'unauthorized', code: '4010', effect: 'none' }, () => refuse(401, '4010')],
    ['408', { kind: 'server', effect: 'unknown' }, () => new Response('<html>', { status: 408 })],
    ['413', { kind: 'invalid', code: 'client.refused', effect: 'none' }, () => new Response('<html>', { status: 413 })],
    ['429', { kind: 'rateLimited', effect: 'none' }, () => refuse(429, 'AUTH.TOO_MANY_ATTEMPTS')],
    ['500', { kind: 'server', code: '5000', effect: 'unknown' }, () => refuse(500, '5000')],
    ['502', { kind: 'server', effect: 'unknown' }, () => new Response('<html>Bad gateway</html>', { status: 502 })],
    ['503', { kind: 'server', effect: 'unknown' }, () => new Response(null, { status: 503 })],
    ['504', { kind: 'server', effect: 'unknown' }, () => new Response('<html>', { status: 504 })],
  ])('says what it says where it comes from before the body was opened: %s', async (_, expected, reply) => {
    const { api } = await afterEncrypted([reply])
    expect(await failureOf(replace(api))).toMatchObject(expected)
  })

  it('is the token’s 401 still, after which the request is repeated', async () => {
    const { api, calls, encrypt } = await afterEncrypted(
      [() => refuse(401, '4010'), (sent) => encrypt(sent, success(LIST).json)],
      {
        refreshAccessToken: async () => 'token-2',
      },
    )
    expect(await replace(api)).toEqual(LIST)
    expect(calls()).toHaveLength(3)
  })

  it('may be a 204, which has no body to encrypt', async () => {
    const { api } = await afterEncrypted([() => new Response(null, { status: 204 })])
    await expect(verify(api)).resolves.toBeUndefined()
  })

  it.each([400, 401, 404, 500, 200])(
    'may say with %i that the session is lost; the new one has encrypted nothing yet',
    async (status) => {
      const { api, calls, sessionOf } = await afterEncrypted([() => refuse(status, 'SECURE_CHANNEL.SESSION_NOT_FOUND')])
      expect(await replace(api)).toEqual(LIST)
      expect(calls().map(sessionOf)).toEqual(['sess_1', 'sess_1', 'sess_2'])
    },
  )

  it('is taken where the portal encrypts nothing', async () => {
    const replies = [ok(LIST), refuse(400, '4000'), ok(LIST)]
    const { api } = createChannelSetting(() => replies.shift() ?? ok(LIST))
    expect(await replace(api)).toEqual(LIST)
    expect(await failureOf(replace(api))).toMatchObject({ kind: 'invalid', code: '4000', effect: 'none' })
    expect(await replace(api)).toEqual(LIST)
  })

  it('is another thing than one to a request without an encrypted body, whichever of the two comes encrypted', async () => {
    const setup = {
      secret: 'JBSWY3DPEHPK3PXP',
      qrCodeUri: 'otpauth://totp/SlaunchX:me@example.com?secret=JBSWY3DPEHPK3PXP&issuer=SlaunchX',
      issuer: 'SlaunchX',
    }
    const { api, encrypt } = createChannelSetting((sent) =>
      sent.path.endsWith('/setup') ? encrypt(sent, success(setup).json) : ok(LIST),
    )
    await api.setupOtp()
    expect(await replace(api)).toEqual(LIST)

    const other = await afterEncrypted([() => ok(setup), () => ok(LIST), () => ok([])])
    await other.api.setupOtp()
    await other.api.enableIpWhitelist()
    expect(await other.api.listSessions()).toEqual([])
  })
})

describe('a lost session', () => {
  it.each([400, 401, 404, 500, 200])(
    'is replaced once and the request repeated under its id, even with %i',
    async (status) => {
      let lost = true
      const { api, paths, calls, sessionOf } = createChannelSetting(
        () => {
          if (!lost) return ok()
          lost = false
          return refuse(status, 'SECURE_CHANNEL.SESSION_NOT_FOUND')
        },
        { refreshAccessToken: () => Promise.reject(new Error('must not be asked')) },
      )
      await verify(api, { requestId: '00000001-0000-4000-8000-000000000000' })
      expect(paths()).toEqual([
        ...HANDSHAKE,
        'POST system/security/mfa/otp/verify',
        ...HANDSHAKE,
        'POST system/security/mfa/otp/verify',
      ])
      expect(calls().map(sessionOf)).toEqual(['sess_1', 'sess_2'])
      expect(calls().map(({ headers }) => headers.get('X-Request-Id'))).toEqual([
        '00000001-0000-4000-8000-000000000000',
        '00000001-0000-4000-8000-000000000000',
      ])
      expect(calls()[0]?.body).not.toBe(calls()[1]?.body)
    },
  )

  it.each([400, 401, 500, 200])('that is lost again, with %i, is reported: nothing was done', async (status) => {
    const { api, calls } = createChannelSetting(() => refuse(status, 'SECURE_CHANNEL.SESSION_NOT_FOUND'))
    expect(await failureOf(verify(api))).toMatchObject({
      kind: 'secureChannel',
      code: 'SECURE_CHANNEL.SESSION_NOT_FOUND',
      status,
      effect: 'none',
      retryable: true,
    })
    expect(calls()).toHaveLength(2)
  })

  it('costs two writes at once one new handshake', async () => {
    const { api, paths, sessionOf } = createChannelSetting((sent) =>
      sessionOf(sent) === 'sess_1' ? refuse(401, 'SECURE_CHANNEL.SESSION_NOT_FOUND') : ok(),
    )
    await Promise.all([verify(api), api.enableIpWhitelist()])
    expect(paths().filter((path) => path === 'POST secure-channel/session')).toHaveLength(2)
  })

  it('and then a stale token, in one call', async () => {
    const { api, calls, sessionOf } = createChannelSetting(
      (sent) =>
        sessionOf(sent) === 'sess_1'
          ? refuse(401, 'SECURE_CHANNEL.SESSION_NOT_FOUND')
          : sent.headers.get('Authorization') === 'Bearer token-1'
            ? refuse(401, '4010')
            : ok(),
      { refreshAccessToken: async () => 'token-2' },
    )
    await verify(api)
    expect(calls()).toHaveLength(3)
  })

  it('cannot be what an operation without a session lacks', async () => {
    const { api, sent } = createChannelSetting(() => refuse(400, 'SECURE_CHANNEL.INVALID_PAYLOAD'))
    const failure = await failureOf(api.acceptInvitation({ invitationBizId: 'I' }))
    expect(failure).toMatchObject({ kind: 'secureChannel', code: 'SECURE_CHANNEL.INVALID_PAYLOAD', effect: 'none' })
    expect(sent).toHaveLength(1)
  })

  it('is not looked for where the channel is off', async () => {
    const { api, sent } = createChannelSetting(() => refuse(400, 'SECURE_CHANNEL.INVALID_PAYLOAD'), {
      secureChannel: 'off',
    })
    expect(await failureOf(verify(api))).toMatchObject({ kind: 'secureChannel', effect: 'none' })
    expect(sent).toHaveLength(1)
    expect(sent[0]?.body).toBe('{"code":"482916"}')
  })
})

describe('closing', () => {
  it('names the session, without a token, once', async () => {
    const { api, sent, paths } = createChannelSetting()
    await verify(api)
    await Promise.all([api.close(), api.close()])
    expect(paths().slice(3)).toEqual(['POST secure-channel/session/close'])
    expect(sent[3]?.headers.get('X-Secure-Channel-Session-Id')).toBe('sess_1')
    expect(sent[3]?.headers.has('Authorization')).toBe(false)
    expect(sent[3]?.bytes).toHaveLength(0)
  })

  it('never rejects', async () => {
    const { api } = createChannelSetting((sent) => (sent.path === VERIFY ? ok() : refuse(500, '5000')))
    await verify(api)
    await expect(api.close()).resolves.toBeUndefined()
    await expect(createSetting(success([])).api.close()).resolves.toBeUndefined()
  })

  it('keeps a read that ends later from making a session that nobody would close', async () => {
    let release = () => {}
    const { api, sent } = createChannelSetting(
      () =>
        new Promise((resolve) => {
          release = () => resolve(ok([]))
        }),
    )
    const reading = api.listSessions()
    while (sent.length < 1) await turn()
    await api.close()
    release()
    await reading
    for (let i = 0; i < 5; i++) await turn()
    expect(sent).toHaveLength(1)
  })

  it('leaves the api usable', async () => {
    const { api, calls, sessionOf } = createChannelSetting()
    await verify(api)
    await api.close()
    await verify(api)
    expect(calls().map(sessionOf)).toEqual(['sess_1', 'sess_2'])
  })
})

describe('a channel of the host’s', () => {
  it('that only names a session: the documented header, and plain bodies', async () => {
    const { api, sent } = createSetting(success(null), { secureChannel: { sessionId: () => 'host-1' } })
    await verify(api)
    await api.enableIpWhitelist()
    await api.close()
    expect(sent.map(({ headers }) => headers.get('X-Secure-Channel-Session-Id'))).toEqual(['host-1', 'host-1'])
    expect(sent[0]?.body).toBe('{"code":"482916"}')
    expect(sent[0]?.headers.has('X-SC-Session-Id')).toBe(false)
    expect(sent[0]?.headers.get('Content-Type')).toBe('application/json')
  })

  it('that has no session: nothing is sent', async () => {
    const { api, sent } = createSetting(success(null), { secureChannel: { sessionId: () => '' } })
    expect(await failureOf(verify(api))).toMatchObject({ kind: 'secureChannel', effect: 'none' })
    expect(sent).toEqual([])
  })

  /** Turns bodies around, so that it is seen that it was asked. */
  const turnAround = async (bytes: Uint8Array<ArrayBuffer>) => bytes.slice().reverse()
  const createOwn = (parts: Partial<ChannelSession> = {}, more: Partial<SecureChannel> = {}) => {
    const events: string[] = []
    let made = 0
    const channel: SecureChannel = {
      async session() {
        made += 1
        events.push(`session ${made}`)
        return { headers: { 'X-Own': String(made) }, encrypt: turnAround, decrypt: turnAround, ...parts }
      },
      forget: ({ headers }) => events.push(`forget ${headers['X-Own']}`),
      close: async () => void events.push('close'),
      ...more,
    }
    return { channel, events }
  }
  const turned = (json: unknown, status = 200) => new Response([...JSON.stringify(json)].reverse().join(''), { status })

  it('is used as it is', async () => {
    const { channel, events } = createOwn()
    const replies = [turned(refusal(400, 'SECURE_CHANNEL.SESSION_NOT_FOUND').json, 400), turned({ code: '2000' })]
    const { api, sent } = createSetting(() => replies.shift() ?? ok(), { secureChannel: channel })
    await verify(api)
    await api.close()
    expect(events).toEqual(['session 1', 'forget 1', 'session 2', 'close'])
    expect(sent.map(({ body }) => body)).toEqual(['}"619284":"edoc"{', '}"619284":"edoc"{'])
    expect(sent.map(({ headers }) => headers.get('X-Own'))).toEqual(['1', '2'])
  })

  it('is one still where it can tell its session’s id as well', async () => {
    const { channel } = createOwn()
    const { api, sent } = createSetting(() => turned({ code: '2000' }), {
      secureChannel: { ...channel, sessionId: () => 'own-1' },
    })
    await verify(api)
    expect(sent.map(({ body }) => body)).toEqual(['}"619284":"edoc"{'])
    expect(sent[0]?.headers.get('X-Own')).toBe('1')
  })

  it('that only names a session may keep it in itself', async () => {
    class Gateway {
      readonly id = 'host-1'
      sessionId() {
        return this.id
      }
    }
    const { api, sent } = createSetting(success(null), { secureChannel: new Gateway() })
    await verify(api)
    expect(sent[0]?.headers.get('X-Secure-Channel-Session-Id')).toBe('host-1')
  })

  it('replaces none of our headers', async () => {
    const { channel } = createOwn({ headers: { Authorization: 'Bearer other', 'X-Request-Id': 'other', 'X-Own': '1' } })
    const { api, sent } = createSetting(() => turned({ code: '2000' }), { secureChannel: channel })
    await verify(api)
    expect(sent[0]?.headers.get('Authorization')).toBe('Bearer token-1')
    expect(sent[0]?.headers.get('X-Request-Id')).not.toBe('other')
    expect(sent[0]?.headers.get('X-Own')).toBe('1')
  })

  it.each<[string, () => void]>([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', (async () => Promise.reject(new Error('no'))) as () => void],
  ])('that %s when it is to warm up is left for the request that needs it', async (_, warmUp) => {
    const { channel } = createOwn({}, { warmUp })
    const { api } = createSetting(success([]), { secureChannel: channel })
    expect(await api.listSessions()).toEqual([])
    expect(await api.listSessions()).toEqual([])
  })

  it('is told when to warm up', async () => {
    const warmed: string[] = []
    const { channel } = createOwn({}, { warmUp: () => warmed.push('up') })
    const { api } = createSetting(success([]), { secureChannel: channel })
    await api.listSessions()
    await api.listSessions()
    expect(warmed).toEqual(['up'])
  })

  it('is not, where the host wants none', async () => {
    const warmed: string[] = []
    const { channel } = createOwn({}, { warmUp: () => warmed.push('up') })
    const { api } = createSetting(success([]), { secureChannel: channel, warmUp: false })
    await api.listSessions()
    expect(warmed).toEqual([])
  })

  it.each<[string, Partial<ChannelSession>, Partial<SecureChannel>]>([
    ['without a session', {}, { session: () => Promise.reject(new Error('no')) }],
    [
      'that throws',
      {},
      {
        session: () => {
          throw new Error('no')
        },
      },
    ],
    ['that cannot encrypt', { encrypt: () => Promise.reject(new Error('no')) }, {}],
  ])('%s: nothing is sent', async (_, parts, more) => {
    const { api, sent } = createSetting(success(null), { secureChannel: createOwn(parts, more).channel })
    expect(await failureOf(verify(api))).toEqual(clientFailure('secureChannel', 'secureChannel', { retryable: true }))
    expect(sent).toEqual([])
  })

  it('that cannot decrypt a reply leaves the outcome open', async () => {
    const { channel, events } = createOwn({ decrypt: () => Promise.reject(new Error('no')) })
    const { api } = createSetting(success(null), { secureChannel: channel })
    expect(await failureOf(verify(api))).toMatchObject({ code: 'client.encryptedReply', effect: 'unknown' })
    expect(events).toContain('forget 1')
  })

  it('that encrypts its replies is held to it, as long as it keeps to one session', async () => {
    const isTurned = (bytes: Uint8Array) => bytes.at(-1) === '{'.charCodeAt(0)
    const decrypt = async (bytes: Uint8Array<ArrayBuffer>) => (isTurned(bytes) ? turnAround(bytes) : bytes)
    const session: ChannelSession = { headers: { 'X-Own': '1' }, encrypt: turnAround, decrypt }
    const { channel } = createOwn({}, { session: async () => session })
    const replies = [turned({ code: '2000' }), ok()]
    const { api } = createSetting(() => replies.shift() ?? ok(), { secureChannel: channel })
    await verify(api)
    expect(await failureOf(verify(api))).toMatchObject({ code: 'client.plainReply', effect: 'unknown' })
  })

  it('that cannot be closed does not matter', async () => {
    const { channel } = createOwn(
      {},
      { close: () => Promise.reject(new PortalError(clientFailure('network', 'network'))) },
    )
    await expect(createSetting(success(null), { secureChannel: channel }).api.close()).resolves.toBeUndefined()
  })
})

describe('a page that is not served over https', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('cannot encrypt: that is said, and nothing is sent', async () => {
    const { getRandomValues } = crypto
    vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) })
    const { api, sent } = createSetting(success(null), { secureChannel: 'binary' })
    expect(await failureOf(api.verifyOtp({ code: '482916' }))).toMatchObject({
      code: 'client.insecureContext',
      effect: 'none',
    })
    expect(sent).toEqual([])
  })
})
