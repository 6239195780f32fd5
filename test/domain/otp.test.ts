import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { PortalError } from '../../src/domain/failure.ts'
import { judgeCode, type OtpSetup, otpSetupMismatch } from '../../src/domain/otp.ts'
import { normalizeCode } from '../../src/domain/otp-code.ts'
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
/** Every decimal digit of Unicode, in order: of each script 0 to 9. */
const DIGITS = Array.from({ length: 0x110000 }, (_, point) => String.fromCodePoint(point)).filter((character) =>
  /^\p{Nd}$/u.test(character),
)

const uriOf = (secret: string, parameters = '') =>
  `otpauth://totp/SlaunchX:me@example.com?secret=${secret}${parameters}`

const numbers = (numberingSystem: string) => new Intl.NumberFormat('en', { numberingSystem, useGrouping: false })
const isDecimal = (numberingSystem: string) => /^\p{Nd}+$/u.test(numbers(numberingSystem).format(9_876_543_210))

describe('a typed code', () => {
  test.each([
    ['six digits', '482916', '482916'],
    ['leading zeros', '000123', '000123'],
    ['a space in the middle', '482 916', '482916'],
    ['spaces all over', ' 4 8 2 9 1 6\n', '482916'],
    ['a non-breaking space', '482\u00a0916', '482916'],
    ['a narrow non-breaking space', '482\u202f916', '482916'],
    ['an ideographic space and full-width digits', '４８２\u3000９１６', '482916'],
    ['Arabic-Indic digits', '٤٨٢٩١٦', '482916'],
    ['Persian digits', '۴۸۲۹۱۶', '482916'],
    ['Devanagari digits', '४८२९१६', '482916'],
    ['Bengali digits', '৪৮২৯১৬', '482916'],
    ['Thai digits', '๔๘๒๙๑๖', '482916'],
    ['mathematical digits, beyond the first plane', '𝟒𝟖𝟐𝟵𝟷𝟼', '482916'],
    ['digits of two scripts', '482٩١٦', '482916'],
    ['a zero-width space', '482\u200b916', '482916'],
    ['a direction mark before it, as copied from a chat', '\u200e482916', '482916'],
    ['Arabic digits between direction marks and isolates', '\u2067\u200f٤٨٢ ٩١٦\u061c\u2069', '482916'],
    ['a soft hyphen', '482\u00ad916', '482916'],
    ['a byte order mark', '\ufeff482916', '482916'],
    ['a word joiner', '482\u2060916', '482916'],
    ['a variation selector', '482\ufe0e916', '482916'],
    ['a next-line control', '482916\u0085', '482916'],
    ['a hyphen', '482-916', '482916'],
    ['a non-breaking hyphen', '482\u2011916', '482916'],
    ['an en dash', '482–916', '482916'],
    ['a minus sign', '482−916', '482916'],
    ['full-width digits and hyphen', '４８２－９１６', '482916'],
    ['the long-vowel mark of a Japanese keyboard', '４８２ー９１６', '482916'],
    ['a dot', '482.916', '482916'],
    ['the full stop of a sentence', '482916.', '482916'],
    ['an ideographic full stop', '482。916', '482916'],
    ['a middle dot', '482·916', '482916'],
    ['an Arabic full stop', '٤٨٢٩١٦\u06d4', '482916'],
  ])('%s: understood', (_, typed, code) => {
    expect(normalizeCode(typed)).toBe(code)
  })

  test.each([
    ['nothing', ''],
    ['five digits', '48291'],
    ['seven digits', '4829160'],
    ['a letter', '48291O'],
    ['an Arabic letter', '٤٨٢٩١ا'],
    ['five Arabic-Indic digits', '٤٨٢٩١'],
    ['seven Persian digits', '۴۸۲۹۱۶۰'],
    ['marks only', '\u200f - . \u00ad'],
    ['a sign', '+482916'],
    ['a comma', '482,916'],
    ['a slash', '482/916'],
    ['an exponent', '4829e6'],
    ['an accent', '482\u0301916'],
    ['superscripts, which are no decimal digits', '⁴⁸²⁹¹⁶'],
    ['digits in circles', '④⑧②⑨①⑥'],
    ['numbers in words', '四八二九一六'],
    ['half of a surrogate pair', '48291\ud835'],
    ['a second line with a code', '482916\n482917'],
    ['a number', 482916],
    ['null', null],
    ['undefined', undefined],
    ['a list', ['482916']],
    ['an object that prints as a code', { toString: () => '482916' }],
  ])('%s: not a code', (_, typed) => {
    expect(normalizeCode(typed)).toBeNull()
  })

  test('each decimal digit of Unicode has its value', () => {
    expect(DIGITS.length).toBeGreaterThanOrEqual(650)
    expect(DIGITS.map((digit) => normalizeCode(digit.repeat(6)))).toEqual(
      DIGITS.map((_, index) => String(index % 10).repeat(6)),
    )
  })

  test('a code as Intl writes it is understood, whatever numbers it writes', () => {
    const systems = Intl.supportedValuesOf('numberingSystem').filter(isDecimal)
    expect(systems).toEqual(expect.arrayContaining(['arab', 'arabext', 'deva', 'fullwide', 'mathsans', 'thai']))
    for (const numberingSystem of systems) {
      const typed = [482_916, 307_521].map((code) => numbers(numberingSystem).format(code))
      expect(typed.map(normalizeCode)).toEqual(['482916', '307521'])
    }
  })

  test('six digits of any scripts are understood with any marks among them, and come out as they are', () => {
    const point = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code))
    const mark = fc.oneof(
      fc.constantFrom(
        '',
        ' ',
        '\t',
        '\n',
        '\u00a0',
        '\u202f',
        '\u3000',
        '\u200b',
        '\u200f',
        '\u2066',
        '\u00ad',
        '-',
        '−',
        '.',
        '·',
      ),
      point.filter((character) => /^[\p{Cf}\p{Pd}\p{Zs}]$/u.test(character)),
    )
    const marks = fc.array(mark, { maxLength: 4 }).map((some) => some.join(''))
    const digit = fc.nat(DIGITS.length - 1)
    fc.assert(
      fc.property(fc.array(fc.tuple(marks, digit), { minLength: 6, maxLength: 6 }), marks, (pieces, end) => {
        const typed = pieces.map(([before, index]) => before + DIGITS[index]).join('') + end
        const code = pieces.map(([, index]) => index % 10).join('')
        expect(normalizeCode(typed)).toBe(code)
        expect(normalizeCode(code)).toBe(code)
      }),
    )
  })

  test('whatever is understood is six digits, all of which were typed', () => {
    const typed = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0189 ٤४²x-.+\u200b') }))
    fc.assert(
      fc.property(typed, (text) => {
        const code = normalizeCode(text)
        if (code === null) return
        expect(code).toMatch(/^[0-9]{6}$/)
        expect(
          [...text].flatMap((character) => (DIGITS.includes(character) ? DIGITS.indexOf(character) % 10 : [])).join(''),
        ).toBe(code)
        expect(text).not.toMatch(/[x²+]/)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a setup', () => {
  const setup = (parts: { secret?: string; qrCodeUri?: string; issuer?: string } = {}): OtpSetup => ({
    secret: seal(parts.secret ?? SECRET),
    qrCodeUri: seal(parts.qrCodeUri ?? uriOf(SECRET, '&issuer=SlaunchX')),
    issuer: parts.issuer ?? 'SlaunchX',
    backupCodes: null,
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
    ['hyphens', 'JBSW-Y3DP-EHPK-3PXP'],
    ['lower case with hyphens and padding', 'jbsw-y3dp-ehpk-3pxp=='],
    ['non-breaking spaces and an invisible mark', 'JBSW\u00a0Y3DP\u00a0EHPK\u00a03PXP\u200b'],
    ['a line break', 'JBSWY3DP\nEHPK3PXP'],
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
    ['not base32: underscore', 'JBSW_Y3DP'],
    ['hyphens only', '----'],
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
    ['one of another kind', 'otpauth://yaotp/SlaunchX:me?secret=JBSWY3DPEHPK3PXP&issuer=SlaunchX'],
    ['no parameters', 'otpauth://totp/SlaunchX:me'],
    ['something before it', ' otpauth://totp/SlaunchX:me?secret=JBSWY3DPEHPK3PXP'],
    ['no secret', 'otpauth://totp/SlaunchX:me?issuer=SlaunchX'],
    ['an empty secret', uriOf('', '&issuer=SlaunchX')],
    ['a secret that is not base32', uriOf('JBSWY3DPEHPK3PX1', '&issuer=SlaunchX')],
    ['two secrets', uriOf(SECRET, '&issuer=SlaunchX&secret=KRSXG5CTMVRXEZLU')],
    ['two secrets whose names differ in case', uriOf(SECRET, '&issuer=SlaunchX&Secret=KRSXG5CTMVRXEZLU')],
    ['two periods', uriOf(SECRET, '&issuer=SlaunchX&period=30&PERIOD=60')],
    ['a broken escape in the label', 'otpauth://totp/SlaunchX%zz:me?secret=JBSWY3DPEHPK3PXP&issuer=SlaunchX'],
    ['a broken escape in the issuer', uriOf(SECRET, '&issuer=SlaunchX%')],
    ['a broken escape in the secret', uriOf(`${SECRET}%E0%A4`, '&issuer=SlaunchX')],
    ['eight digits', uriOf(SECRET, '&issuer=SlaunchX&digits=8')],
    ['digits that are no number', uriOf(SECRET, '&issuer=SlaunchX&digits=six')],
    ['no period', uriOf(SECRET, '&issuer=SlaunchX&period=0')],
    ['a negative period', uriOf(SECRET, '&issuer=SlaunchX&period=-30')],
    ['half a second', uriOf(SECRET, '&issuer=SlaunchX&period=0.5')],
    ['two digits with a hyphen', uriOf(SECRET, '&issuer=SlaunchX&period=3-0')],
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
    ['several that are not known, one of them twice', '&lock=true&color=red&color=blue&counter=0'],
    ['a name without a value', '&lock'],
    ['a fragment', '#top'],
    ['SHA-1', '&algorithm=SHA-1'],
    ['sha-256', '&algorithm=sha-256'],
    ['HmacSHA1', '&algorithm=HmacSHA1'],
    ['HMAC-SHA-512', '&algorithm=HMAC-SHA-512'],
    ['HMAC_SHA256', '&algorithm=HMAC_SHA256'],
    ['an algorithm with a space as a plus', '&algorithm=SHA+512'],
    ['an encoded hyphen', '&algorithm=SHA%2D256'],
    ['empty parameters', '&algorithm=&digits=&period='],
    ['an empty one before the one that counts', '&period=&period=30'],
    ['the same secret twice', `&SECRET=${SECRET}`],
    ['names in capitals', '&ALGORITHM=SHA256&DIGITS=6&PERIOD=60'],
    ['an ampersand at the end', '&'],
    ['ampersands escaped as in HTML', '&amp;algorithm=SHA1&amp;digits=6'],
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
    ['as a tenant’s name in the label', 'SlaunchX', `Acme%20GmbH:me?${q}&issuer=SlaunchX`],
    ['as a tenant’s name in both', 'SlaunchX', `Acme%20GmbH:me?${q}&issuer=Acme%20GmbH`],
    ['as a Windows domain in the label', 'SlaunchX', `CORP:me?${q}&issuer=SlaunchX`],
    ['in another case', 'SlaunchX', `slaunchx:me?${q}&issuer=SLAUNCHX`],
    ['with an encoded colon and spaces after it', 'SlaunchX', `Acme%3A%20%20me?${q}&issuer=SlaunchX`],
    ['empty in the label', 'SlaunchX', `:me?${q}&issuer=SlaunchX`],
    ['empty in the parameter', 'SlaunchX', `SlaunchX:me?${q}&issuer=`],
    ['twice', 'SlaunchX', `SlaunchX:me?${q}&issuer=SlaunchX&issuer=Acme`],
    ['nowhere', 'SlaunchX', `me@example.com?${q}`],
    ['with a parameter’s name in another case', 'SlaunchX', `SlaunchX:me?ISSUER=SlaunchX&Secret=${SECRET}`],
    ['beside an empty label', 'SlaunchX', `?${q}&issuer=SlaunchX`],
  ])('agrees with the issuer %s', (_, issuer, rest) => {
    expect(otpSetupMismatch(setup({ issuer, qrCodeUri: `otpauth://totp/${rest}` }))).toBeNull()
    expect(otpSetupMismatch(setup({ issuer, qrCodeUri: `otpauth://TOTP/${rest}` }))).toBeNull()
    expect(otpSetupMismatch(setup({ issuer, secret: 'KRSXG5CTMVRXEZLU', qrCodeUri: `otpauth://totp/${rest}` }))).toBe(
      'secret',
    )
  })

  test('no label at all is no harm', () => {
    expect(withUri(`otpauth://totp?${q}`)).toBeNull()
  })

  test('whatever the issuer, the label and the key are: encoded they agree, and another key does not', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    const key = fc.uint8Array({ minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(text, text, text, key, key, (issuer, prefix, accountName, bytes, others) => {
        const secret = toBase32(bytes)
        const e = encodeURIComponent
        const qrCodeUri = `otpauth://totp/${e(prefix)}:${e(accountName)}?secret=${secret}&issuer=${e(issuer)}`
        const good = setup({ secret, qrCodeUri, issuer })
        expect(otpSetupMismatch(good)).toBeNull()
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
        expect([null, 'secret', 'qrCodeUri']).toContain(withUri(qrCodeUri))
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
        const misread = [algorithm, 'SHA1'].flatMap((one) =>
          [period, 30].flatMap((other) =>
            [-1, 0, 1]
              .filter((steps) => Math.floor(at / 1000 / other) + steps >= 0)
              .map((steps) => codeAt(key, at + steps * other * 1000, { algorithm: one, period: other })),
          ),
        )
        if (nearest <= 1) expect(verdict).toEqual({ kind: 'right' })
        else if (misread.includes(code)) expect(verdict).toEqual({ kind: 'parametersIgnored' })
        else if (nearest === Number.POSITIVE_INFINITY) expect(verdict).toEqual({ kind: 'wrong' })
        else {
          expect(verdict?.kind).toBe('skewed')
          const offset = verdict?.kind === 'skewed' ? verdict.offsetMs / stepMs : Number.NaN
          expect(Math.abs(offset)).toBe(nearest)
          expect(codeBy(offset)).toBe(code)
        }
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  test.each<[string, string, { algorithm?: string; period?: number }]>([
    ['the algorithm', '&algorithm=SHA256', {}],
    ['the algorithm, written as in Java', '&Algorithm=HmacSHA512', {}],
    ['the period', '&period=60', {}],
    ['both', '&algorithm=SHA512&period=60', {}],
    ['only the algorithm of two', '&algorithm=SHA256&period=60', { period: 60 }],
    ['only the period of two', '&algorithm=SHA256&period=60', { algorithm: 'sha256' }],
  ])('of an app that ignores %s it is told apart, a step early or late too', async (_, parameters, honored) => {
    const at = 1_700_000_010_000
    const stepMs = (honored.period ?? 30) * 1000
    for (const offset of [-stepMs, 0, stepMs]) {
      await expect(judge(codeAt(KEY, at + offset, honored), at, parameters)).resolves.toEqual({
        kind: 'parametersIgnored',
      })
    }
    await expect(judge(codeAt(KEY, at + 10 * stepMs, honored), at, parameters)).resolves.toEqual({ kind: 'wrong' })
  })

  test('where the URI has what apps take for granted, nothing can be ignored', async () => {
    const at = 1_700_000_010_000
    for (const parameters of ['', '&algorithm=SHA1&digits=6&period=30', '&algorithm=&period=', '&algorithm=sha-1']) {
      await expect(judge(codeAt(KEY, at), at, parameters)).resolves.toEqual({ kind: 'right' })
      await expect(judge(codeAt(KEY, at + 600_000), at, parameters)).resolves.toEqual({
        kind: 'skewed',
        offsetMs: 600_000,
      })
    }
  })

  test.each([
    ['a secret in groups', 'jbsw-y3dp-ehpk-3pxp%3D%3D', {}],
    ['sha-256', `${SECRET}&algorithm=sha-256`, { algorithm: 'sha256' }],
    ['HmacSHA512', `${SECRET}&ALGORITHM=HmacSHA512`, { algorithm: 'sha512' }],
    ['an encoded period', `${SECRET}&Period=%36%30`, { period: 60 }],
  ])('it is judged by %s', async (_, written, parameters) => {
    const at = 1_700_000_010_000
    const judged = judgeCode({ qrCodeUri: uriOf(written), code: codeAt(KEY, at, parameters), at })
    await expect(judged).resolves.toEqual({ kind: 'right' })
  })

  test('it is left to the portal where the browser computes no HMAC, as on http pages', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
    onTestFinished(() => void vi.unstubAllGlobals())
    await expect(judge('482916', 0)).resolves.toBeNull()
  })

  test('a URI that no setup would have passed is refused without showing it', async () => {
    const refused = judgeCode({ qrCodeUri: uriOf(SECRET, '&digits=8'), code: '482916', at: 0 })
    await expect(refused).rejects.toBeInstanceOf(PortalError)
    await expect(refused).rejects.toMatchObject({
      failure: { kind: 'protocol', code: 'client.otpSetupMismatch', field: 'qrCodeUri' },
    })
    await expect(refused).rejects.not.toThrow(SECRET)
  })
})
