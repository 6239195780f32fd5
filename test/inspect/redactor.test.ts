import {
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrollmentMachine,
  sessionsMachine,
  workspaceMachine,
} from 'postlogin'
import { describe, expect, test } from 'vitest'
import { seal } from '../../src/domain/sealed.ts'
import { createRedactor } from '../../src/inspect/redactor.ts'

const M = '[redacted]'
const redact = (value: unknown) => createRedactor().redact(value)

/** After these were learned. */
const knowing = (...secrets: string[]) => {
  const redactor = createRedactor()
  for (const secret of secrets) redactor.learn(secret)
  return (text: unknown) => redactor.redact(text)
}

describe('by path', () => {
  test.each([
    'accessToken',
    'access_token',
    'refreshToken',
    'portalAccessCode',
    'X-PORTAL-ACCESS-CODE',
    'Authorization',
    'X-Client-Hash',
    'secret',
    'otpSecret',
    'qrCodeUri',
    'code',
    'emailCode',
    'backupCodes',
    'recovery_codes',
    'sessionKey',
    'aesKey',
    'privateKey',
    'password',
    'Set-Cookie',
  ])('%s is masked, whatever it holds', (key) => {
    expect(redact({ a: [{ [key]: 'short' }] })).toEqual({ a: [{ [key]: M }] })
    expect(redact({ [key]: ['one', { two: 2 }] })).toEqual({ [key]: M })
    expect(redact({ [key]: 123_456 })).toEqual({ [key]: M })
    expect(redact({ [key]: null })).toEqual({ [key]: null })
  })

  test("a failure's code is not", () => {
    const failure = { kind: 'invalid', code: 'AUTH.MFA_CODE_INVALID', effect: 'none', retryable: false }
    expect(redact({ failure })).toEqual({ failure })
  })

  test('how many backup codes there are is not', () => {
    const context = { backupCodes: { remainingCount: 8, totalCount: 10 } }
    expect(redact(context)).toEqual(context)
    expect(redact({ backupCodes: { first: 'a1b2' } })).toEqual({ backupCodes: M })
    expect(redact({ backupCodes: { first: 12_345_678 } })).toEqual({ backupCodes: M })
  })

  test('session ids can be told apart, those of actors are left', () => {
    const redactor = createRedactor()
    const event = {
      sessionId: 'x:7',
      event: { sessionId: 'SESS...C_001' },
      rows: [{ sessionId: 'SESS...R_001' }, { sessionId: 'SESS...C_001' }],
      headers: { 'X-Secure-Channel-Session-Id': 'sc-0001-abcd' },
      text: 'of SESS...R_001',
      sessionIds: ['SESS...R_001', 7],
    }
    const redacted = {
      sessionId: 'x:7',
      event: { sessionId: '[session 1]' },
      rows: [{ sessionId: '[session 2]' }, { sessionId: '[session 1]' }],
      headers: { 'X-Secure-Channel-Session-Id': '[session 3]' },
      text: 'of [session 2]',
      sessionIds: ['[session 2]', M],
    }
    redactor.learnFrom(event)
    expect(redactor.redact(event)).toEqual(redacted)
    expect(redactor.redact(redacted)).toEqual(redacted)
  })

  test('the definitions of the machines are left as they are', () => {
    const machines = [
      onboardingMachine,
      invitationsMachine,
      mfaMachine,
      otpEnrollmentMachine,
      ipWhitelistMachine,
      sessionsMachine,
      workspaceMachine,
    ]
    for (const { config } of machines) {
      const definition = JSON.stringify(config)
      expect(redact({ definition })).toEqual({ definition })
    }
  })
})

describe('by value', () => {
  const TOKEN = 'at+9fQ/7c.b2 "é"'
  const bytes = Buffer.from(TOKEN)

  test.each([
    ['as it is', TOKEN],
    ['in capitals', TOKEN.toUpperCase()],
    ['base64', bytes.toString('base64')],
    ['base64, inside a longer text', Buffer.from(`user:${TOKEN}`).toString('base64')],
    ['base64, at the third place', Buffer.from(`us:${TOKEN}!`).toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['hex', bytes.toString('hex')],
    ['hex in capitals', bytes.toString('hex').toUpperCase()],
    ['URL-encoded', encodeURIComponent(TOKEN)],
    ['URL-encoded as forms are', new URLSearchParams({ q: TOKEN }).toString()],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(TOKEN))],
    ['URL-encoded letter by letter', [...bytes].map((byte) => `%${byte.toString(16)}`).join('')],
    ['in JSON', JSON.stringify({ note: TOKEN })],
    ['in JSON in JSON', JSON.stringify({ note: JSON.stringify([TOKEN]) })],
  ])('%s', (_, text) => {
    const redacted = JSON.stringify(knowing(TOKEN)({ anything: text, [`key ${text}`]: 1, more: `<<${text}>>` }))
    for (const part of [text, '9fQ', '9fq', '9FQ']) expect(redacted).not.toContain(part)
    expect(redacted).toContain(M)
  })

  test('a code is masked by itself, also in groups, and not inside of something else', () => {
    const mask = knowing('123456')
    expect(mask('use 123456!')).toBe(`use ${M}!`)
    expect(mask('use 123 456, or 123-456')).toBe(`use ${M}, or ${M}`)
    expect(mask({ number: 123_456 })).toEqual({ number: M })
    for (const text of ['1123456', 'a123456', '123456f', '1764123456000', 'a1b2c3d4-e5f6-4890-abcd-ef1234567890']) {
      expect(mask(`${text} it is`)).toBe(`${text} it is`)
    }
    expect(mask(1_764_123_456_000)).toBe(1_764_123_456_000)
    expect(mask(`>${btoa('123456')}<`)).toBe(`>${M}<`)
    expect(mask('>313233343536<')).toBe(`>${M}<`)
  })

  test('a text of six digits can only be a code', () => {
    expect(redact(['654321', '654 321', '65432', '6543210'])).toEqual([M, M, '65432', '6543210'])
    expect(redact(['654-321', '654.321', '\u200f٦٥٤٣٢١', '６５４３２１'])).toEqual([M, M, M, M])
  })

  test('or an address, which is shown', () => {
    expect(redact(['10.0.0.12', '1.2.3.100', '10.0.0.0/16'])).toEqual(['10.0.0.12', '1.2.3.100', '10.0.0.0/16'])
  })

  test('a code in other digits is known in plain ones too', () => {
    expect(knowing('\u200f٦٥٤-٣٢١')('sent 654321')).toBe(`sent ${M}`)
  })

  test('a TOTP secret is found in groups too', () => {
    const mask = knowing('JBSWY3DPEHPK3PXP')
    expect(mask('type JBSW Y3DP EHPK 3PXP')).toBe(`type ${M}`)
    expect(mask('type jbsw-y3dp-ehpk-3pxp')).toBe(`type ${M}`)
    expect(knowing('jbsw-y3dp ehpk-3pxp==')('type JBSWY3DPEHPK3PXP')).toBe(`type ${M}`)
    expect(knowing('otpauth://totp/A:b?Secret=jbsw-y3dp-ehpk-3pxp')('type JBSWY3DPEHPK3PXP')).toBe(`type ${M}`)
  })

  test('a short value is masked as a word, a very short one as a whole text', () => {
    expect(knowing('s3cr')('s3cr, as3cr, s3cr')).toBe(`${M}, as3cr, ${M}`)
    expect(knowing('ab')(['ab', 'ab ab'])).toEqual([M, 'ab ab'])
    expect(knowing('')(['', 'ab'])).toEqual(['', 'ab'])
  })

  test('of two secrets, one inside the other, nothing is left over', () => {
    expect(knowing('inner-secret', 'outer inner-secret outer')('the outer inner-secret outer')).toBe(`the ${M}`)
  })

  test('what looks like a secret needs not be known', () => {
    expect(redact('scan otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP&issuer=A now')).toBe(`scan ${M} now`)
    expect(redact('q=otpauth%3A%2F%2Ftotp%2FA%3Fsecret%3DJBSWY3DPEHPK3PXP')).toBe(M)
    expect(redact('Bearer abcdefghijk')).toBe(`Bearer ${M}`)
    expect(redact('is eyJhbGciOi.eyJzdWIiOi.c2lnbmF0')).toBe(`is ${M}`)
    expect(redact('-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY----- x')).toBe(`${M} x`)
    expect(redact({ a: new Uint8Array(32), b: new ArrayBuffer(8) })).toEqual({ a: M, b: M })
  })
})

describe('what is learned', () => {
  test('what is sealed, and the secret in a URI', () => {
    const redactor = createRedactor()
    const uri = 'otpauth://totp/A:b?secret=KRSXG5CTMVRXEZLU&issuer=A'
    redactor.learnFrom({ output: [{ secret: seal('sealed-value-1'), qrCodeUri: seal(uri) }] })
    expect(redactor.redact('sealed-value-1 KRSXG5CTMVRXEZLU')).toBe(`${M} ${M}`)
  })

  test('texts where a secret is expected, as deep as they are', () => {
    const redactor = createRedactor()
    redactor.learnFrom({ tokens: { access: ['access-0001'] }, event: { type: 'code.submit', code: ' 271 828 ' } })
    expect(redactor.redact('access-0001 or 271828')).toBe(`${M} or ${M}`)
  })

  test('no common words: else nothing could be read any more', () => {
    const redactor = createRedactor()
    redactor.learnFrom({ code: 'enrollment', secret: 'overview', token: 'x' })
    expect(redactor.redact('overview of x enrollment')).toBe('overview of x enrollment')
  })
})

describe('the copy', () => {
  test('is plain JSON, and the original is as it was', () => {
    const secret = seal('hidden-value')
    const original = {
      secret,
      date: new Date(0),
      map: new Map([['a', 1]]),
      run: () => 1,
      nothing: undefined,
      big: 10n,
      list: [undefined, () => 1],
      accessToken: 'x',
    }
    const before = { ...original }
    expect(redact(original)).toEqual({
      secret: { $sealed: true },
      date: '1970-01-01T00:00:00.000Z',
      map: [['a', 1]],
      big: '10',
      list: [null, null],
      accessToken: M,
    })
    expect(original).toEqual(before)
  })

  test('survives circles, depth, and what cannot be read', () => {
    const circle: Record<string, unknown> = { name: 'circle' }
    circle.self = circle
    expect(redact(circle)).toEqual({ name: 'circle', self: '[circular]' })
    const trap = {
      get broken() {
        throw new Error('no')
      },
      fine: 1,
    }
    expect(redact(trap)).toEqual({ fine: 1 })
    let deep: unknown = 'bottom'
    for (let level = 0; level < 100; level++) deep = { deep }
    expect(JSON.stringify(redact(deep))).toContain('[too deep]')
    expect(JSON.stringify(redact(JSON.parse('{"__proto__":{"a":1}}')))).toBe('{"__proto__":{"a":1}}')
  })

  test('tells of an error its name and message, never its cause', () => {
    const error = Object.assign(new TypeError('no with Bearer abcdefghijk', { cause: 'hidden' }), { status: 401 })
    expect(redact({ error })).toEqual({ error: { status: 401, name: 'TypeError', message: `no with Bearer ${M}` } })
  })
})
