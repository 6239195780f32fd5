import { createFakePortal } from 'postlogin/testing'
import { describe, expect, it } from 'vitest'
import { createPortalApi } from '../../../src/api/index.ts'
import { type Failure, PortalError } from '../../../src/domain/failure.ts'
import { createMessages } from '../../../src/domain/messages.ts'
import type { PortalApi } from '../../../src/domain/portal-api.ts'
import { createSetting, failureOf, NOON, refusal, type StubReply } from '../stub-portal.ts'

const SERVER_TEXT = 'The server’s own words'
const read = (api: Required<PortalApi>) => api.getIpWhitelist()
const write = (api: Required<PortalApi>) => api.verifyOtp({ code: '482916' })
const REQUEST = { requestId: '00000001-0000-4000-8000-000000000000' }

/** The failures of a read and of a write that are answered like this; the quick retries' waits pass. */
async function failuresOf(reply: StubReply): Promise<{ read: Failure; write: Failure }> {
  const reading = createSetting(reply)
  const readFailure = failureOf(reading.api.getIpWhitelist(undefined, REQUEST))
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    await reading.clock.advance(100)
  }
  const writeFailure = failureOf(createSetting(reply).api.verifyOtp({ code: '482916' }, REQUEST))
  return { read: await readFailure, write: await writeFailure }
}

const plain: Failure = {
  kind: 'invalid',
  code: '',
  reason: null,
  status: null,
  retryable: false,
  retryAt: null,
  effect: 'none',
  field: null,
  requestId: '00000001-0000-4000-8000-000000000000',
}

describe('a refusal with a code', () => {
  it.each<[number, string, Partial<Failure>]>([
    [400, 'AUTH.MFA_CODE_INVALID', { kind: 'invalid', reason: 'wrongCode' }],
    [400, 'AUTH.OTP_SETUP_SESSION_INVALID', { kind: 'invalid', reason: 'setupGone', effect: 'unknown' }],
    [400, 'ACCESS.MFA_CHALLENGE_EXPIRED', { kind: 'invalid' }],
    [400, '4000', { kind: 'invalid' }],
    [401, '4010', { kind: 'unauthorized' }],
    [401, 'ACCESS.UNAUTHORIZED', { kind: 'unauthorized' }],
    [401, 'ACCESS.TOKEN_MISSING', { kind: 'unauthorized' }],
    [403, 'ACCESS.PERMISSION_DENIED', { kind: 'forbidden' }],
    [403, 'ACCESS.MFA_REQUIRED', { kind: 'forbidden', reason: 'proofMissing' }],
    [403, 'ACCESS.RISK_CHALLENGE_REQUIRED', { kind: 'forbidden', reason: 'proofMissing' }],
    [403, 'AUTH.FINGERPRINT_MISMATCH', { kind: 'forbidden' }],
    [404, 'AUTH.SESSION_NOT_FOUND', { kind: 'notFound', effect: 'unknown' }],
    [410, 'SOMETHING.GONE', { kind: 'notFound', effect: 'unknown' }],
    [409, 'WORKSPACE.INVITATION_EXPIRED', { kind: 'conflict', reason: 'invitationExpired' }],
    [
      409,
      'WORKSPACE.INVITATION_ALREADY_PROCESSED',
      { kind: 'conflict', reason: 'invitationClosed', effect: 'unknown' },
    ],
    [409, 'AUTH.MFA_EMAIL_IMMUTABLE', { kind: 'conflict', effect: 'unknown' }],
    [413, 'SOMETHING.NEW', { kind: 'invalid' }],
    [422, 'SOMETHING.NEW', { kind: 'invalid' }],
    [422, 'SOMETHING.DONE.ALREADY', { kind: 'invalid', effect: 'unknown' }],
    [429, 'AUTH.TOO_MANY_ATTEMPTS', { kind: 'rateLimited', retryable: true }],
  ])('%i %s', async (status, code, expected) => {
    const failures = await failuresOf(refusal(status, code))
    expect(failures.write).toEqual({ ...plain, ...expected, code, status, retryAt: failures.write.retryAt })
    expect(failures.read).toEqual({ ...failures.write, effect: 'none', retryAt: failures.read.retryAt })
  })

  it.each([500, 502, 503, 504, 408])('%i: a write may have been done', async (status) => {
    const { read, write } = await failuresOf(refusal(status, 'SYSTEM.INTERNAL_ERROR'))
    const expected = { ...plain, kind: 'server', code: 'SYSTEM.INTERNAL_ERROR', status, retryable: true }
    expect(read).toEqual({ ...expected, effect: 'none' })
    expect(write).toEqual({ ...expected, effect: 'unknown' })
  })

  it('of the older family: what its dotted counterpart means', async () => {
    const rows: readonly [string, string, string][] = [
      ['U1040', 'U1040', 'notFound'],
      ['U1041', 'WORKSPACE.INVITATION_EXPIRED', 'conflict'],
      ['U1042', 'WORKSPACE.INVITATION_ALREADY_PROCESSED', 'conflict'],
      ['U1043', 'U1043', 'invalid'],
      ['U1060', 'AUTH.SESSION_NOT_FOUND', 'notFound'],
      ['U1061', 'AUTH.MFA_SEND_COOLDOWN', 'rateLimited'],
      ['U1062', 'AUTH.MFA_CODE_INVALID', 'invalid'],
      ['U1063', 'AUTH.TOO_MANY_ATTEMPTS', 'rateLimited'],
      ['U1065', 'AUTH.INVALID_CREDENTIALS', 'unauthorized'],
      ['U1066', 'AUTH.ACCOUNT_LOCKED', 'forbidden'],
      ['U1067', 'AUTH.ACCOUNT_SUSPENDED', 'forbidden'],
      ['U1069', 'AUTH.FINGERPRINT_MISMATCH', 'forbidden'],
    ]
    for (const [older, code, kind] of rows) {
      const failure = await failureOf(write(createSetting(refusal(400, older)).api))
      const mayBeEcho = kind === 'notFound' || code === 'WORKSPACE.INVITATION_ALREADY_PROCESSED'
      expect(failure, older).toMatchObject({ code, kind, status: 400, effect: mayBeEcho ? 'unknown' : 'none' })
    }
  })

  it('inside an HTTP success: what the code means', async () => {
    const rows: readonly [string, string, string][] = [
      ['AUTH.MFA_CODE_INVALID', 'invalid', 'none'],
      ['WORKSPACE.INVITATION_EXPIRED', 'conflict', 'none'],
      ['4010', 'unauthorized', 'none'],
      ['4030', 'forbidden', 'none'],
      ['5000', 'server', 'unknown'],
      ['SOMETHING.NEW', 'invalid', 'unknown'],
    ]
    for (const [code, kind, effect] of rows) {
      const failure = await failureOf(write(createSetting(refusal(200, code)).api))
      expect(failure, code).toMatchObject({ code, kind, status: 200, effect })
    }
  })

  it('as a number', async () => {
    const { api } = createSetting({ status: 401, json: { code: 4010, message: SERVER_TEXT } })
    expect(await failureOf(write(api))).toMatchObject({ kind: 'unauthorized', code: '4010' })
  })
})

describe('a portal that speaks our own codes', () => {
  it.each<[number, string, string]>([
    [403, 'client.lockout', 'forbidden'],
    [400, 'client.encryptedReply', 'invalid'],
    [401, 'client.redirect', 'unauthorized'],
    [409, 'client.aborted', 'conflict'],
    [500, 'client.ticketSpent', 'server'],
    [200, 'client.network', 'invalid'],
    [404, 'client.no-such', 'notFound'],
  ])('is not believed: %i %s', async (status, code, kind) => {
    const traced: (string | null)[] = []
    const reply = createSetting(refusal(status, code), { onRequest: ({ failureKind }) => traced.push(failureKind) })
    const failure = await failureOf(write(reply.api))
    expect(failure).toMatchObject({ kind, code: `portal.${code}`, status })
    expect(traced).toEqual([kind])
    const { failureText } = createMessages()
    const unknown = failureText({ ...failure, code: 'SOMETHING.NEW' })
    expect(failureText(failure)).toBe(unknown.replace('SOMETHING.NEW', `portal.${code}`))
    expect(new PortalError(failure).message).toBe(`The portal refused with portal.${code} (HTTP ${status}).`)
  })

  it('is not believed through the channel either', async () => {
    const portal = createFakePortal()
    const { portalAccessCode, clientHash, accessToken } = portal.account
    const baseUrl = 'https://portal.example/prometheus'
    const parts = { baseUrl, portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch }
    portal.fault('replaceIpWhitelist', { status: 409, code: 'client.changedElsewhere' })
    expect(await failureOf(createPortalApi(parts).replaceIpWhitelist({ entries: ['192.0.2.1'] }))).toMatchObject({
      code: 'portal.client.changedElsewhere',
    })
  })

  it('keeps a code that only looks like one of ours', async () => {
    for (const code of ['CLIENT.LOCKOUT', 'clients.lockout', 'client', 'portal.client.lockout']) {
      expect((await failureOf(write(createSetting(refusal(403, code)).api))).code).toBe(code)
    }
  })
})

describe('a refusal without a code', () => {
  it.each<[number, Partial<Failure>]>([
    [400, { kind: 'invalid', code: 'client.refused' }],
    [401, { kind: 'unauthorized', code: 'client.unauthorized' }],
    [403, { kind: 'forbidden', code: 'client.refused' }],
    [404, { kind: 'notFound', code: 'client.refused' }],
    [409, { kind: 'conflict', code: 'client.refused' }],
    [429, { kind: 'rateLimited', code: 'client.rateLimited', retryable: true }],
    [502, { kind: 'server', code: 'client.server', retryable: true, effect: 'unknown' }],
  ])('%i', async (status, expected) => {
    for (const text of [
      '<!doctype html><title>Gateway</title>',
      '',
      'null',
      '[]',
      '{"message":"no code"}',
      '{"code":null}',
      JSON.stringify({ code: SERVER_TEXT }),
    ]) {
      const failure = await failureOf(write(createSetting({ status, text }).api))
      expect(failure, text).toMatchObject({ ...expected, status })
    }
  })
})

describe('validation', () => {
  const failure = (data: unknown) =>
    failureOf(write(createSetting(refusal(400, 'VALIDATION.INVALID_PARAMETER', { data })).api))

  it.each<[unknown, string | null]>([
    [{ entries: ['must not be null'] }, 'entries'],
    [{ 'entries[0]': ['x'], code: ['y'] }, 'entries[0]'],
    [{}, null],
    [null, null],
    ['entries', null],
    [{ 'a field\nwith a story': ['x'] }, null],
  ])('%j names %s', async (data, field) => {
    expect(await failure(data)).toMatchObject({ kind: 'invalid', code: 'VALIDATION.INVALID_PARAMETER', field })
  })

  it('is the only code that names a field', async () => {
    const { api } = createSetting(refusal(400, 'AUTH.MFA_CODE_INVALID', { data: { code: ['x'] } }))
    expect((await failureOf(write(api))).field).toBeNull()
  })
})

describe('a success that is none', () => {
  it.each([
    ['a page of a captive portal', { text: '<!doctype html><title>Wi-Fi</title>' }],
    ['half of the JSON', { text: '{"code":"2000","data":{"enab' }],
    ['nothing', { text: '' }],
    ['JSON without a code', { json: { enabled: true, entries: [] } }],
    ['a list', { json: [] }],
    ['null', { text: 'null' }],
    ['a success that failed', { json: { code: '2000', success: false, data: { enabled: true, entries: [] } } }],
    ['another note', { json: { status: 200, body: null } }],
    ['an empty 201', { status: 201, text: '' }],
    ['an empty code', { json: { code: '', data: null } }],
  ])('%s', async (_, reply) => {
    const status = 'status' in reply ? reply.status : 200
    const expected = { kind: 'protocol', code: 'client.malformed', status, retryable: true }
    expect(await failureOf(read(createSetting(reply).api))).toMatchObject({ ...expected, effect: 'none' })
    expect(await failureOf(write(createSetting(reply).api))).toMatchObject({ ...expected, effect: 'unknown' })
  })

  it('a read without content lacks its data', async () => {
    for (const reply of [
      { status: 204 },
      { json: { status: 204, body: null } },
      { json: { code: '2040', data: null } },
    ]) {
      expect(await failureOf(read(createSetting(reply).api))).toMatchObject({ code: 'client.shape', field: 'data' })
    }
  })
})

describe('a refusal that comes as a success', () => {
  it.each(['SOMETHING.NEW', 'U1099', 'constructor', 'toString'])(
    '%s: what became of a write is not known',
    async (code) => {
      const { api } = createSetting({ json: { code, data: null } })
      expect(await failureOf(write(api))).toMatchObject({ kind: 'invalid', code, effect: 'unknown' })
    },
  )

  it('is one although the literal note of no content is in it', async () => {
    const { api } = createSetting({ json: { code: '4010', success: false, status: 204, body: null } })
    expect(await failureOf(write(api))).toMatchObject({ kind: 'unauthorized', code: '4010' })
  })
})

describe('a fetch whose replies have no stream', () => {
  const streamless = (bytes: Uint8Array) => () =>
    ({
      status: 200,
      type: 'basic',
      redirected: false,
      headers: new Headers(),
      body: undefined,
      arrayBuffer: async () => bytes.buffer,
    }) as unknown as Response

  it('is read all the same', async () => {
    const { api } = createSetting(streamless(new TextEncoder().encode('{"code":"2000","data":[]}')))
    expect(await api.listSessions()).toEqual([])
  })

  it('is held to the same limit', async () => {
    const { api } = createSetting(streamless(new Uint8Array(1024 * 1024 + 1)))
    expect(await failureOf(api.listSessions())).toMatchObject({ code: 'client.tooLarge' })
  })
})

describe('a success', () => {
  const data = { enabled: true, entries: [] }

  it.each([
    { code: '2000', data },
    { code: '2000', message: 'Success', data },
    { version: '2.0.0', timestamp: NOON, success: true, code: '2000', message: 'SUCCESS', data },
    { version: '1.3.0', timestamp: null, success: null, code: '2000', data },
    { version: 3, timestamp: 'yesterday', code: '2001', data },
    { code: 2000, data },
    { code: '2000', data, more: [] },
  ])('%j', async (json) => {
    expect(await read(createSetting({ json }).api)).toEqual(data)
  })
})

describe('nothing of the server’s or of ours leaks', () => {
  it.each<[string, StubReply]>([
    ['a refusal', refusal(400, 'AUTH.MFA_CODE_INVALID', { data: { code: [SERVER_TEXT] } })],
    ['a page', { text: SERVER_TEXT }],
    ['a lost connection', new TypeError('fetch failed: token-1 482916')],
  ])('%s', async (_, reply) => {
    const { api } = createSetting(reply)
    const thrown = await write(api).catch((error: unknown) => error)
    if (!(thrown instanceof PortalError)) throw thrown
    const everything = `${thrown.stack}${JSON.stringify(thrown)}${Object.values(thrown).map(String).join()}`
    for (const secret of [SERVER_TEXT, 'token-1', '482916', 'Bearer']) expect(everything).not.toContain(secret)
    expect(thrown).not.toHaveProperty('cause')
    expect(Object.keys(thrown).sort()).toEqual(['failure', 'name'])
  })
})
