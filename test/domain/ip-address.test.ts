import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAmbiguousRange, isPrivate, readClientAddress, readRange } from '../../src/domain/ip-address.ts'

describe('where the portal says a client is', () => {
  test.each([
    ['203.0.113.10', '203.0.113.10'],
    [' 203.0.113.10 ', '203.0.113.10'],
    ['203.0.113.10:51544', '203.0.113.10'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['[2001:DB8::0007]', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
    ['[fe80::1%eth0]:443', 'fe80::1'],
    ['203.0.113.10, 10.0.0.2', '203.0.113.10'],
    ['203.0.113.10:51544, 10.0.0.2, 10.0.0.3', '203.0.113.10'],
    ['2001:db8::7,203.0.113.10', '2001:db8::7'],
    ['::ffff:203.0.113.10', '203.0.113.10'],
    ['[::ffff:203.0.113.10]:80', '203.0.113.10'],
    ['203.0.113.10:0', '203.0.113.10'],
    ['203.0.113.10:65535', '203.0.113.10'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:db8::7%en0', '2001:db8::7'],
    ['[2001:db8::7%en0]:443, [2001:db8::8]:80', '2001:db8::7'],
    ['203.0.113.10,unknown', '203.0.113.10'],
  ])('%s is %s', (text, expected) => {
    expect(readClientAddress(text)).toBe(expected)
  })

  test.each([
    '',
    'unknown',
    '192.168.*.*',
    '203.0.113.10/32',
    '203.0.113.10:',
    '203.0.113.10:http',
    '203.0.113.10:1234567',
    '203.0.113.10:65536',
    '[2001:db8::7]:99999',
    '[203.0.113.10]:443',
    '203.0.113.10%eth0',
    '[2001:db8::7]443',
    '[2001:db8::7]:',
    '2001:db8::7%',
    '2001:db8::7%e 0',
    '2001:db8::7/64%eth0',
    'unknown, 203.0.113.10',
    '/203.0.113.10:51544',
    'for=203.0.113.10',
    '203.0.113:80',
    '[203.0.113.10',
    '[]:80',
    ', 203.0.113.10',
    '203.0.113.10 10.0.0.2',
    '2001:db8:0:0:0:0:0:7:443',
    '0x7f.1',
    '203.0.113.010',
  ])('%j names nobody', (text) => {
    expect(readClientAddress(text)).toBeNull()
  })

  const v4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'))
  const v6 = fc
    .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
    .filter(([first]) => first !== 0)
    .map((parts) => parts.map((part) => part.toString(16)).join(':'))
  const port = fc.integer({ min: 0, max: 65_535 })

  test('no port, zone or proxy makes it another address', () => {
    fc.assert(
      fc.property(v4, v6, port, v4, (four, six, at, proxy) => {
        const [plain4, plain6] = [readRange(four)?.normalized, readRange(six)?.normalized]
        expect(readClientAddress(`${four}:${at}`)).toBe(plain4)
        expect(readClientAddress(`[${six}]:${at}`)).toBe(plain6)
        expect(readClientAddress(`${six}%en0`)).toBe(plain6)
        expect(readClientAddress(`${four}, ${proxy}`)).toBe(plain4)
        expect(readClientAddress(`${six},${proxy}`)).toBe(plain6)
      }),
    )
  })

  test('what is read is at the front of what was given, as Node reads an address, and no other one', () => {
    const marks = fc.constantFrom('', ':443', ':', '%eth0', ']', ']:80', '/32', ', ', ',', '.1', ':1', ' ')
    const given = fc.tuple(fc.constantFrom('', '[', ' ', '1'), fc.oneof(v4, v6), marks, fc.oneof(v4, v6, marks))
    fc.assert(
      fc.property(given, (parts) => {
        const text = parts.join('')
        const read = readClientAddress(text)
        if (read === null) return
        expect(isIP(read)).not.toBe(0)
        const [hop = ''] = text.split(',')
        const candidates = [hop.trim(), hop.replace(/^\s*\[|\](:\d+)?\s*$/g, ''), hop.replace(/:\d+\s*$/, '').trim()]
        const addresses = candidates.map((one) => one.replace(/%.*$/, '')).filter((one) => isIP(one) !== 0)
        expect(addresses.map((one) => readRange(one)?.normalized)).toContain(read)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([null, undefined, 7, {}, ['203.0.113.10']])('what is no text names nobody: %j', (value) => {
    expect(readClientAddress(value)).toBeNull()
  })

  test('a very long text is read in no time', () => {
    const start = performance.now()
    for (const piece of [':', '%', '[', '1.', ',', 'a:', ' ']) readClientAddress(piece.repeat(200_000))
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  test('whatever it is given, it throws nothing, and says one address in its normal form or none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0129f:.,%[]/ ') })), (text) => {
        const read = readClientAddress(text)
        if (read !== null) expect(readClientAddress(read)).toBe(read)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('an IPv4 address within an IPv6 one', () => {
  test.each([
    '::ffff:203.0.113.10/24',
    '::ffff:cb00:710a/24',
    '::203.0.113.10/24',
    '64:ff9b::203.0.113.10/95',
    '::ffff:0:0/95',
  ])('%s: of which of the two the prefix counts the bits, nobody knows', (text) => {
    expect(readRange(text)).toBeNull()
    expect(isAmbiguousRange(text)).toBe(true)
  })

  test.each([
    ['::ffff:203.0.113.10/120', '203.0.113.0/24'],
    ['::ffff:203.0.113.10/128', '203.0.113.10'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['64:ff9b::203.0.113.10', '64:ff9b::cb00:710a'],
    ['::/24', '::/24'],
    ['2001:db8::/24', '2001:d00::/24'],
  ])('%s is %s', (text, expected) => {
    expect(readRange(text)?.normalized).toBe(expected)
    expect(isAmbiguousRange(text)).toBe(false)
  })
})

test.each([
  ['10.0.0.9', true],
  ['100.64.0.1', true],
  ['100.128.0.1', false],
  ['127.0.0.1', true],
  ['169.254.1.1', true],
  ['172.31.255.255', true],
  ['192.168.0.1', true],
  ['::1', true],
  ['fd00::7', true],
  ['fe80::1', true],
  ['203.0.113.10', false],
  ['2001:db8::7', false],
])('%s is private: %s', (address, expected) => {
  const range = readRange(address)
  expect(range && isPrivate(range)).toBe(expected)
})
