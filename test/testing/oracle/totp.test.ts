import * as OTPAuth from 'otpauth'
import { describe, expect, it } from 'vitest'
import { decodeBase32, encodeBase32 } from '../../../src/testing/oracle/base32.ts'
import { matchTotp, stepAt, totpCode } from '../../../src/testing/oracle/totp.ts'

const sha1 = encodeBase32(new TextEncoder().encode('12345678901234567890'))
const sha256 = encodeBase32(new TextEncoder().encode('12345678901234567890123456789012'))
const sha512 = encodeBase32(
  new TextEncoder().encode('1234567890123456789012345678901234567890123456789012345678901234'),
)

describe('RFC 6238, appendix B', () => {
  it.each([
    [59, '94287082', '46119246', '90693936'],
    [1111111109, '07081804', '68084774', '25091201'],
    [1111111111, '14050471', '67062674', '99943326'],
    [1234567890, '89005924', '91819424', '93441116'],
    [2000000000, '69279037', '90698825', '38618901'],
    [20000000000, '65353130', '77737706', '47863826'],
  ])('at %i s', async (seconds, one, two, three) => {
    const parameters = { digits: 8, period: 30 }
    const step = stepAt(seconds * 1000, { ...parameters, algorithm: 'SHA1' })
    expect(await totpCode(sha1, step, { ...parameters, algorithm: 'SHA1' })).toBe(one)
    expect(await totpCode(sha256, step, { ...parameters, algorithm: 'SHA256' })).toBe(two)
    expect(await totpCode(sha512, step, { ...parameters, algorithm: 'SHA512' })).toBe(three)
  })
})

describe('agreement with otpauth', () => {
  it('on 200 random secrets and times', async () => {
    for (let round = 0; round < 200; round += 1) {
      const secret = encodeBase32(crypto.getRandomValues(new Uint8Array(1 + (round % 40))))
      const at = Math.floor(Math.random() * 4e12)
      const parameters = { algorithm: 'SHA1', digits: 6, period: 30 } as const
      const theirs = new OTPAuth.TOTP({ secret }).generate({ timestamp: at })
      expect(await totpCode(secret, stepAt(at, parameters), parameters)).toBe(theirs)
    }
  })
})

describe('matching', () => {
  const parameters = { algorithm: 'SHA1', digits: 6, period: 30 } as const
  const at = 1_700_000_000_000
  const now = stepAt(at, parameters)

  it.each([
    [-2, null],
    [-1, -1],
    [0, 0],
    [1, 1],
    [2, null],
  ])('a code %i steps away', async (offset, expected) => {
    const code = await totpCode(sha1, now + offset, parameters)
    expect(await matchTotp(sha1, code, at, parameters, null)).toBe(expected === null ? null : now + expected)
  })

  it('takes no code whose step is spent, or before a spent one', async () => {
    expect(await matchTotp(sha1, await totpCode(sha1, now, parameters), at, parameters, now)).toBeNull()
    expect(await matchTotp(sha1, await totpCode(sha1, now - 1, parameters), at, parameters, now)).toBeNull()
    expect(await matchTotp(sha1, await totpCode(sha1, now + 1, parameters), at, parameters, now)).toBe(now + 1)
  })

  it('works at the very beginning of time', async () => {
    expect(await matchTotp(sha1, await totpCode(sha1, 0, parameters), 0, parameters, null)).toBe(0)
    expect(await matchTotp(sha1, await totpCode(sha1, -1, parameters), 0, parameters, null)).toBeNull()
  })
})

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%j is %s (RFC 4648)', (text, encoded) => {
    expect(encodeBase32(new TextEncoder().encode(text))).toBe(encoded)
    if (encoded !== '') expect(new TextDecoder().decode(decodeBase32(encoded))).toBe(text)
  })

  it('reads lower case, spaces and padding, and nothing else', () => {
    expect(new TextDecoder().decode(decodeBase32('mzxw 6yq='))).toBe('foob')
    expect(() => decodeBase32('MZXW1')).toThrow(TypeError)
    expect(() => decodeBase32(' ')).toThrow(TypeError)
  })
})
