import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PortalError } from '../../src/domain/failure.ts'
import { judgeCode, normaliseCode, type OtpSetup, otpSetupMismatch } from '../../src/domain/otp.ts'
import { seal } from '../../src/domain/sealed.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const toBase32 = (bytes: Uint8Array) => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

/** RFC 4226 and 6238 as they stand: the oracle of the properties below. */
const hotp = (key: Uint8Array, step: bigint, algorithm = 'sha1') => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(step)
  const digest = createHmac(algorithm, key).update(counter).digest()
  const offset = digest.readUInt8(digest.length - 1) & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
const codeAt = (key: Uint8Array, at: number, { algorithm = 'sha1', period = 30 } = {}) =>
  hotp(key, BigInt(Math.floor(at / 1000 / period)), algorithm)

const KEY = Buffer.from('Hello!\xde\xad\xbe\xef', 'latin1')
const SECRET = 'JBSWY3DPEHPK3PXP'
const uriOf = (secret: string, parameters = '') =>
  `otpauth://totp/SlaunchX:me@example.com?secret=${secret}${parameters}`

describe('a typed code', () => {
  test.each([
    ['six digits', '482916', '482916'],
    ['leading zeros', '000123', '000123'],
    ['a space in the middle', '482 916', '482916'],
    ['spaces all over', ' 4 8 2 9 1 6\n', '482916'],
    ['a non-breaking space', '482\u00a0916', '482916'],
    ['a narrow non-breaking space', '482\u202f916', '482916'],
    ['an ideographic space and full-width digits', '４８２\u3000９１６', '482916'],
  ])('%s: understood', (_, typed, code) => {
    expect(normaliseCode(typed)).toBe(code)
  })

  test.each([
    ['nothing', ''],
    ['five digits', '48291'],
    ['seven digits', '4829160'],
    ['a letter', '48291O'],
    ['a hyphen', '482-916'],
    ['a dot', '482.916'],
    ['a sign', '+482916'],
    ['an exponent', '4829e6'],
    ['Arabic-Indic digits', '٤٨٢٩١٦'],
    ['a zero-width space', '482\u200b916'],
    ['a second line with a code', '482916\n482917'],
    ['a number', 482916],
    ['null', null],
    ['undefined', undefined],
    ['a list', ['482916']],
    ['an object that prints as a code', { toString: () => '482916' }],
  ])('%s: not a code', (_, typed) => {
    expect(normaliseCode(typed)).toBeNull()
  })

  test('six digits are understood with any white space among them, and come out as they are', () => {
    const space = fc.constantFrom('', ' ', '\t', '\n', '\u00a0', '\u2009', '\u202f', '\u3000')
    const typed = fc.array(fc.tuple(fc.nat(9), space), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(typed, (pieces) => {
        const code = pieces.map(([digit]) => digit).join('')
        expect(normaliseCode(pieces.flat().join(''))).toBe(code)
        expect(normaliseCode(code)).toBe(code)
      }),
    )
  })

  test('whatever is understood is six digits, all of which were typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0189 ٤４²x-') })), (typed) => {
        const code = normaliseCode(typed)
        if (code === null) return
        expect(code).toMatch(/^[0-9]{6}$/)
        expect(typed.normalize('NFKC').replace(/[^0-9]/g, '')).toBe(code)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a set-up', () => {
  const setup = (parts: { secret?: string; qrCodeUri?: string; issuer?: string } = {}): OtpSetup => ({
    secret: seal(parts.secret ?? SECRET),
    qrCodeUri: seal(parts.qrCodeUri ?? uriOf(SECRET, '&issuer=SlaunchX')),
    issuer: parts.issuer ?? 'SlaunchX',
    accountName: 'me@example.com',
  })
  const withUri = (qrCodeUri: string) => otpSetupMismatch(setup({ qrCodeUri }))

  test('as the portal documents it agrees', () => {
    expect(otpSetupMismatch(setup())).toBeNull()
  })

  test.each([
    ['lower case', SECRET.toLowerCase()],
    ['spaces', 'JBSW Y3DP EHPK 3PXP'],
    ['padding', `${SECRET}======`],
  ])('%s in the secret do not matter', (_, secret) => {
    expect(otpSetupMismatch(setup({ secret }))).toBeNull()
    expect(withUri(uriOf(encodeURIComponent(secret), '&issuer=SlaunchX'))).toBeNull()
  })

  test('padding need not be encoded, and a space may be a plus', () => {
    expect(withUri(uriOf(`${SECRET}==`, '&issuer=SlaunchX'))).toBeNull()
    expect(withUri(uriOf('JBSW+Y3DP+EHPK+3PXP', '&issuer=SlaunchX'))).toBeNull()
  })

  test.each([
    ['empty', ''],
    ['spaces only', '   '],
    ['padding only', '===='],
    ['too short for a key', 'A'],
    ['not base32: 0', 'JBSWY3DPEHPK3PX0'],
    ['not base32: 1', 'JBSWY3DPEHPK3PX1'],
    ['not base32: hyphen', 'JBSW-Y3DP'],
    ['padding in the middle', 'JBSW=Y3DP'],
    ['a letter that only looks right in capitals', 'JBSWY3DPEHPK3PXı'],
  ])('a secret that is %s is to blame, even if the URI has the same', (_, secret) => {
    const qrCodeUri = uriOf(encodeURIComponent(secret), '&issuer=SlaunchX')
    expect(otpSetupMismatch(setup({ secret }))).toBe('secret')
    expect(otpSetupMismatch(setup({ secret, qrCodeUri }))).toBe('secret')
  })

  test('another secret than in the URI is to blame', () => {
    expect(withUri(uriOf('KRSXG5CTMVRXEZLU', '&issuer=SlaunchX'))).toBe('secret')
  })

  test.each([
    ['no URI', ''],
    ['a web address', 'https://totp/SlaunchX:me?secret=JBSWY3DPEHPK3PXP&issuer=SlaunchX'],
    ['a counter-based one', 'otpauth://hotp/SlaunchX:me?secret=JBSWY3DPEHPK3PXP&issuer=SlaunchX&counter=1'],
    ['no label', 'otpauth://totp/?secret=JBSWY3DPEHPK3PXP&issuer=SlaunchX'],
    ['no parameters', 'otpauth://totp/SlaunchX:me'],
    ['something before it', ' otpauth://totp/SlaunchX:me?secret=JBSWY3DPEHPK3PXP'],
    ['no secret', 'otpauth://totp/SlaunchX:me?issuer=SlaunchX'],
    ['an empty secret', uriOf('', '&issuer=SlaunchX')],
    ['a secret that is not base32', uriOf('JBSWY3DPEHPK3PX1', '&issuer=SlaunchX')],
    ['a capital name, which apps do not know', 'otpauth://totp/SlaunchX:me?SECRET=JBSWY3DPEHPK3PXP'],
    ['two secrets', uriOf(SECRET, `&issuer=SlaunchX&secret=${SECRET}`)],
    ['two issuers', uriOf(SECRET, '&issuer=SlaunchX&issuer=Evil')],
    ['a broken escape in the label', 'otpauth://totp/SlaunchX%zz:me?secret=JBSWY3DPEHPK3PXP&issuer=SlaunchX'],
    ['a broken escape in the issuer', uriOf(SECRET, '&issuer=SlaunchX%')],
    ['a broken escape in the secret', uriOf(`${SECRET}%E0%A4`, '&issuer=SlaunchX')],
    ['eight digits', uriOf(SECRET, '&issuer=SlaunchX&digits=8')],
    ['digits that are no number', uriOf(SECRET, '&issuer=SlaunchX&digits=six')],
    ['no period', uriOf(SECRET, '&issuer=SlaunchX&period=0')],
    ['a negative period', uriOf(SECRET, '&issuer=SlaunchX&period=-30')],
    ['half a second', uriOf(SECRET, '&issuer=SlaunchX&period=0.5')],
    ['an empty period', uriOf(SECRET, '&issuer=SlaunchX&period=')],
    ['a period beyond reason', uriOf(SECRET, '&issuer=SlaunchX&period=99999999999999999999')],
    ['an unknown algorithm', uriOf(SECRET, '&issuer=SlaunchX&algorithm=MD5')],
    ['an algorithm with something before it', uriOf(SECRET, '&issuer=SlaunchX&algorithm=XSHA1')],
    ['an algorithm with something after it', uriOf(SECRET, '&issuer=SlaunchX&algorithm=SHA1024')],
  ])('%s: the URI is to blame', (_, qrCodeUri) => {
    expect(withUri(qrCodeUri)).toBe('qrCodeUri')
  })

  test.each([
    ['all parameters', '&algorithm=SHA1&digits=6&period=30'],
    ['another algorithm', '&algorithm=SHA256'],
    ['an algorithm in lower case', '&algorithm=sha512'],
    ['another period', '&period=60'],
    ['a parameter that is not known', '&image=https%3A%2F%2Fexample.com%2Flogo.png'],
    ['a fragment', '#top'],
  ])('%s: agrees', (_, parameters) => {
    expect(withUri(uriOf(SECRET, `&issuer=SlaunchX${parameters}`))).toBeNull()
  })

  const q = `secret=${SECRET}`
  test.each([
    ['in both', 'SlaunchX', `SlaunchX:me?${q}&issuer=SlaunchX`],
    ['in the label only', 'SlaunchX', `SlaunchX:me?${q}`],
    ['in the parameter only', 'SlaunchX', `me@example.com?${q}&issuer=SlaunchX`],
    ['with an encoded colon', 'SlaunchX', `SlaunchX%3Ame%40example.com?${q}&issuer=SlaunchX`],
    ['with a space after the colon', 'SlaunchX', `SlaunchX:%20me?${q}&issuer=SlaunchX`],
    ['with a space', 'Slaunch X', `Slaunch%20X:me?${q}&issuer=Slaunch%20X`],
    ['with a space that is not encoded', 'Slaunch X', `Slaunch X:me?${q}&issuer=Slaunch X`],
    ['with a space as a plus', 'Slaunch X', `Slaunch+X:me?${q}&issuer=Slaunch+X`],
    ['with a plus', 'A+B', `A%2BB:me?${q}&issuer=A%2BB`],
    ['with a plus that is not encoded', 'A+B', `A+B:me?${q}&issuer=A+B`],
    ['with an ampersand', 'A&B', `A%26B:me?${q}&issuer=A%26B`],
    ['with an equals sign', 'A=B', `A=B:me?${q}&issuer=A=B`],
    ['with a question mark and a hash', 'A?#', `A%3F%23:me?${q}&issuer=A%3F%23`],
    ['with other letters', 'Zürich 東京', `Z%C3%BCrich%20%E6%9D%B1%E4%BA%AC:me?${q}&issuer=Z%C3%BCrich%20東京`],
    ['with a colon of its own', 'A:B', `A%3AB%3Ame?${q}&issuer=A%3AB`],
  ])('the issuer is found %s', (_, issuer, rest) => {
    expect(otpSetupMismatch(setup({ issuer, qrCodeUri: `otpauth://totp/${rest}` }))).toBeNull()
  })

  test.each([
    ['nowhere', 'SlaunchX', `me@example.com?${q}`],
    ['only as another parameter', 'SlaunchX', `Evil:me?${q}&issuer=SlaunchX`],
    ['only as the label', 'SlaunchX', `SlaunchX:me?${q}&issuer=Evil`],
    ['in another case', 'SlaunchX', `SlaunchX:me?${q}&issuer=slaunchx`],
    ['as the beginning of another', 'SlaunchX', `SlaunchX2:me?${q}&issuer=SlaunchX`],
    ['cut at an ampersand', 'A&B', `A%26B:me?${q}&issuer=A&B`],
    ['with a space where it has a plus', 'A+B', `me?${q}&issuer=A%20B`],
    ['empty in the label', 'SlaunchX', `:me?${q}&issuer=SlaunchX`],
    ['empty in the parameter', 'SlaunchX', `SlaunchX:me?${q}&issuer=`],
    ['empty everywhere', '', `me?${q}&issuer=`],
    ['encoded twice', 'A B', `me?${q}&issuer=A%2520B`],
  ])('the issuer is to blame when it is found %s', (_, issuer, rest) => {
    expect(otpSetupMismatch(setup({ issuer, qrCodeUri: `otpauth://totp/${rest}` }))).toBe('issuer')
  })

  test('whatever the issuer, the account and the key are: encoded they agree, and another issuer or key does not', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    const account = text.filter((name) => !name.includes(':'))
    const key = fc.uint8Array({ minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(text, account, key, key, (issuer, accountName, bytes, others) => {
        const secret = toBase32(bytes)
        const e = encodeURIComponent
        const qrCodeUri = `otpauth://totp/${e(issuer)}:${e(accountName)}?secret=${secret}&issuer=${e(issuer)}`
        const good = setup({ secret, qrCodeUri, issuer })
        expect(otpSetupMismatch(good)).toBeNull()
        expect(otpSetupMismatch({ ...good, issuer: `${issuer}x` })).toBe('issuer')
        if (toBase32(others) !== secret) {
          expect(otpSetupMismatch({ ...good, secret: seal(toBase32(others)) })).toBe('secret')
        }
      }),
    )
  })

  test('no URI makes it throw', () => {
    const pieces = fc.constantFrom(...'%?#&=:+ 2a', 'é', '\ud800', '%E9', 'secret=', 'issuer=SlaunchX', SECRET)
    fc.assert(
      fc.property(fc.array(pieces), fc.boolean(), (texts, prefixed) => {
        const qrCodeUri = `${prefixed ? 'otpauth://totp/' : ''}${texts.join('')}`
        expect([null, 'secret', 'issuer', 'qrCodeUri']).toContain(withUri(qrCodeUri))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a code before it is sent', () => {
  const judge = (code: string, at: number, parameters = '') =>
    judgeCode({ qrCodeUri: uriOf(SECRET, parameters), code, at })

  // RFC 6238, appendix B, the last six of its eight digits.
  const keys = {
    SHA1: toBase32(Buffer.from('12345678901234567890')),
    SHA256: toBase32(Buffer.from('12345678901234567890123456789012')),
    SHA512: toBase32(Buffer.from('1234567890123456789012345678901234567890123456789012345678901234')),
  }
  test.each([
    ['SHA1', 59, '287082'],
    ['SHA256', 59, '119246'],
    ['SHA512', 59, '693936'],
    ['SHA1', 1111111109, '081804'],
    ['SHA256', 1111111109, '084774'],
    ['SHA512', 1111111109, '091201'],
    ['SHA1', 1111111111, '050471'],
    ['SHA256', 1111111111, '062674'],
    ['SHA512', 1111111111, '943326'],
    ['SHA1', 1234567890, '005924'],
    ['SHA256', 1234567890, '819424'],
    ['SHA512', 1234567890, '441116'],
    ['SHA1', 2000000000, '279037'],
    ['SHA256', 2000000000, '698825'],
    ['SHA512', 2000000000, '618901'],
    ['SHA1', 20000000000, '353130'],
    ['SHA256', 20000000000, '737706'],
    ['SHA512', 20000000000, '863826'],
  ] as const)('the vector of RFC 6238 for %s at %i s is right', async (algorithm, seconds, code) => {
    const qrCodeUri = uriOf(keys[algorithm], `&algorithm=${algorithm.toLowerCase()}`)
    await expect(judgeCode({ qrCodeUri, code, at: seconds * 1000 })).resolves.toEqual({ kind: 'right' })
  })

  test('it is right in its step, the one before and the one after, and skewed one step beyond', async () => {
    // This secret's code of the step that begins at 30 s.
    const code = '996554'
    await expect(judge(code, 0)).resolves.toEqual({ kind: 'right' })
    await expect(judge(code, 30_000)).resolves.toEqual({ kind: 'right' })
    await expect(judge(code, 59_999)).resolves.toEqual({ kind: 'right' })
    await expect(judge(code, 89_999)).resolves.toEqual({ kind: 'right' })
    await expect(judge(code, 90_000)).resolves.toEqual({ kind: 'skewed', offsetMs: -60_000 })
  })

  test('a phone that is ahead has a positive offset, one that is behind a negative one, to the step', async () => {
    const at = 1_700_000_010_000
    await expect(judge(codeAt(KEY, at + 3_600_000), at)).resolves.toEqual({ kind: 'skewed', offsetMs: 3_600_000 })
    await expect(judge(codeAt(KEY, at - 3_600_000), at)).resolves.toEqual({ kind: 'skewed', offsetMs: -3_600_000 })
    await expect(judge(codeAt(KEY, at + 90 * 60_000), at)).resolves.toEqual({ kind: 'skewed', offsetMs: 90 * 60_000 })
    await expect(judge(codeAt(KEY, at + 91 * 60_000), at)).resolves.toEqual({ kind: 'wrong' })
    await expect(judge(codeAt(KEY, at - 91 * 60_000), at)).resolves.toEqual({ kind: 'wrong' })
  })

  test('a clock that starts at zero has no time before it', async () => {
    await expect(judge('000000', 0)).resolves.toEqual({ kind: 'wrong' })
    await expect(judge('282760', 0)).resolves.toEqual({ kind: 'right' })
    // What the step before zero would show if its number wrapped round.
    await expect(judge(hotp(KEY, 2n ** 64n - 1n), 0)).resolves.toEqual({ kind: 'wrong' })
  })

  test('of two times that a code fits, the nearer one tells the offset', async () => {
    const stepsAround = Array.from({ length: 361 }, (_, index) => index - 180).sort((a, b) => Math.abs(a) - Math.abs(b))
    for (let at = 1_700_000_000_000; ; at += 3 * 3_600_000) {
      const nearest = new Map<string, number>()
      for (const steps of stepsAround) {
        const code = codeAt(KEY, at + steps * 30_000)
        const earlier = nearest.get(code)
        if (earlier === undefined) nearest.set(code, steps)
        else if (Math.abs(earlier) > 1 && Math.abs(earlier) < Math.abs(steps)) {
          await expect(judge(code, at)).resolves.toEqual({ kind: 'skewed', offsetMs: earlier * 30_000 })
          return
        }
      }
    }
  })

  test('a code of another length is wrong', async () => {
    await expect(judge('', 0)).resolves.toEqual({ kind: 'wrong' })
    await expect(judge('2827600', 0)).resolves.toEqual({ kind: 'wrong' })
  })

  test('a step longer than the search is still accepted one early or late', async () => {
    const period = 7200
    const at = period * 1000 * 100_000
    const parameters = `&period=${period}`
    const code = (steps: number) => codeAt(KEY, at + steps * period * 1000, { period })
    await expect(judge(code(1), at, parameters)).resolves.toEqual({ kind: 'right' })
    await expect(judge(code(-1), at, parameters)).resolves.toEqual({ kind: 'right' })
    await expect(judge(code(2), at, parameters)).resolves.toEqual({ kind: 'wrong' })
  })

  test('for any key, algorithm, period, time and offset the nearest fitting time is found', async () => {
    const algorithms = fc.constantFrom('SHA1', 'SHA256', 'SHA512')
    const periods = fc.constantFrom(15, 30, 60)
    const times = fc.integer({ min: 0, max: 4_000_000_000_000 })
    const offsets = fc.integer({ min: -400, max: 400 })
    const property = fc.asyncProperty(
      fc.uint8Array({ minLength: 2, maxLength: 64 }),
      algorithms,
      periods,
      times,
      offsets,
      async (key, algorithm, period, at, steps) => {
        const stepMs = period * 1000
        const count = (90 * 60_000) / stepMs
        const codeBy = (offset: number) =>
          at + offset * stepMs < 0 ? null : codeAt(key, at + offset * stepMs, { algorithm, period })
        const code = codeBy(steps) ?? '000000'
        const fitting = Array.from({ length: 2 * count + 1 }, (_, index) => index - count)
          .filter((offset) => codeBy(offset) === code)
          .map(Math.abs)
        const nearest = Math.min(...fitting)

        const qrCodeUri = uriOf(toBase32(key), `&algorithm=${algorithm}&period=${period}`)
        const verdict = await judgeCode({ qrCodeUri, code, at })
        if (nearest <= 1) expect(verdict).toEqual({ kind: 'right' })
        else if (nearest === Number.POSITIVE_INFINITY) expect(verdict).toEqual({ kind: 'wrong' })
        else {
          expect(verdict.kind).toBe('skewed')
          const offset = verdict.kind === 'skewed' ? verdict.offsetMs / stepMs : Number.NaN
          expect(Math.abs(offset)).toBe(nearest)
          expect(codeBy(offset)).toBe(code)
        }
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  test('a URI that no set-up would have passed is refused without showing it', async () => {
    const refused = judgeCode({ qrCodeUri: uriOf(SECRET, '&digits=8'), code: '482916', at: 0 })
    await expect(refused).rejects.toBeInstanceOf(PortalError)
    await expect(refused).rejects.toMatchObject({
      failure: { kind: 'protocol', code: 'client.otpSetupMismatch', field: 'qrCodeUri' },
    })
    await expect(refused).rejects.not.toThrow(SECRET)
  })
})
