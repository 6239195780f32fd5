import fc from 'fast-check'
import { type EntryVerdict, splitEntries } from 'postlogin'
import { describe, expect, test } from 'vitest'

const said = (text: string) => splitEntries(text).map(({ value, normalized, verdict }) => [value, normalized, verdict])
/** What would be saved, row by row. */
const saved = (text: string) => splitEntries(text).map(({ normalized }) => normalized)
/** What stays as nothing that could be saved. */
const left = (text: string) => splitEntries(text).flatMap(({ value, normalized }) => (normalized === null ? value : []))

const three = ['203.0.113.10', '198.51.100.0/24', '2001:db8::/32']

describe('a list is taken apart', () => {
  test.each([
    ['lines', '\n'],
    ['lines of Windows', '\r\n'],
    ['lines of an old Mac', '\r'],
    ['lines with nothing between', '\n\n \r\n\t\r'],
    ['the line separator of Unicode', '\u2028'],
    ['the paragraph separator', '\u2029'],
    ['a next line', '\u0085'],
    ['a form feed', '\f'],
    ['commas', ', '],
    ['commas without a space', ','],
    ['commas and lines', ',\n'],
    ['semicolons', ';'],
    ['semicolons and spaces', ' ; '],
    ['semicolons and lines', ';\n'],
    ['tabs', '\t'],
    ['spaces', '   '],
    ['no-break spaces', '\u00a0'],
    ['wide spaces', '\u3000'],
    ['Chinese commas', '，'],
    ['Japanese commas', '、'],
    ['Arabic semicolons', '؛'],
  ])('at %s', (_, between) => {
    expect(saved(three.join(between))).toEqual(three)
  })

  test.each([
    ['', []],
    [' \n\t\r\n;;,,\u2028', []],
    ['# nothing\n// at all\n; here', []],
  ])('%j has no entry', (text, expected) => {
    expect(splitEntries(text)).toEqual(expected)
  })
})

describe('what stands around an entry goes', () => {
  test.each([
    ['a byte order mark', '\ufeff203.0.113.10'],
    ['no-break spaces', '\u00a0203.0.113.10\u00a0\u202f'],
    ['zero-width spaces', '\u200b203.0.\u200b113.10\u200b'],
    ['direction marks, as web pages have them', '\u202a203.0.113.10\u202c\u200e'],
    ['a soft hyphen', '203.0.\u00ad113.10'],
    ['straight quotes', '"203.0.113.10"'],
    ['single quotes', "'203.0.113.10'"],
    ['English quotes', '“203.0.113.10”'],
    ['German quotes', '„203.0.113.10“'],
    ['French quotes', '« 203.0.113.10 »'],
    ['backticks', '`203.0.113.10`'],
    ['brackets', '[203.0.113.10]'],
    ['a dot', 'Any of 203.0.113.10.'.slice(7)],
    ['a quote, then a dot', '"203.0.113.10".'],
    ['a bullet', '• 203.0.113.10'],
    ['the bullet of Markdown and YAML', '- 203.0.113.10'],
    ['a comma', '203.0.113.10,'],
    ['a shell comment', '203.0.113.10 # office'],
    ['a shell comment right behind', '203.0.113.10#office, 198.51.100.7'],
    ['a comment of C', '203.0.113.10 // office, 198.51.100.7'],
    ['a comment of a zone file', '203.0.113.10 ; office'],
    ['one with more of them in it', '203.0.113.10 ; office; since 2026-11-24, see #7'],
    ['one that names another address', '203.0.113.10 ; was 198.51.100.7 before'],
    ['nginx', 'allow 203.0.113.10;'],
    ['nginx, with a comment', 'allow 203.0.113.10; # office'],
    ['nginx, in one line', 'allow 203.0.113.10; deny all;'],
    ['Apache 2.2', 'Allow from 203.0.113.10\nDeny from all'],
    ['Apache 2.4', 'Require ip 203.0.113.10'],
  ])('%s', (_, text) => {
    expect(said(text)).toEqual([['203.0.113.10', '203.0.113.10', 'address']])
  })

  test('a line that a semicolon starts is a comment, whatever is in it', () => {
    expect(saved('; 198.51.100.7\n;198.51.100.8; 198.51.100.9\n203.0.113.10')).toEqual(['203.0.113.10'])
  })

  test.each([
    ['203.0.113.10; 198.51.100.7; 192.0.2.1', ['203.0.113.10', '198.51.100.7', '192.0.2.1']],
    ['203.0.113.10 ; 198.51.100.7', ['203.0.113.10', '198.51.100.7']],
    ['203.0.113.10; office; 198.51.100.7', ['203.0.113.10', null, '198.51.100.7']],
    ['203.0.113.10; 198.51.100.777', ['203.0.113.10', null]],
    ['203.0.113.10; 198.51.100.7 - 198.51.100.6', ['203.0.113.10', null]],
  ])('behind a semicolon only an entry, or what was to be one, is an entry: %s', (text, expected) => {
    expect(saved(text)).toEqual(expected)
  })
})

describe('nothing is lost unseen, and nothing is guessed', () => {
  test.each([
    'office',
    'vpn.example.com',
    '203.0.113.300',
    '010.001.002.003',
    '203.0.113.10:443',
    '[2001:db8::7]:443',
    'https://203.0.113.10/',
    'http://[2001:db8::7]/',
    'fe80::1%eth0',
    '203.0.113.10 office',
    'deny 203.0.113.10',
    '!203.0.113.10',
    'allow all',
    'Require not ip 203.0.113.10',
    'Allow from 10.1',
    'sshd: 203.0.113.10',
    'ip route 198.51.100.0 255.255.255.0 192.0.2.1',
    '198.51.100.0 255.255.255.0 192.0.2.1',
    'permit ip 198.51.100.0 0.0.0.255 any',
    'v=spf1 ip4:203.0.113.0/24 -all',
    '203.0.113.1-9',
    '203.0.113.1 - 203.0.113.5 - 203.0.113.9',
    '198.51.100',
    '198.51.*',
    '198.51.100.*/24',
    '198.51.100.0/24 - 198.51.101.0/24',
    '198.51.100.0/24 255.255.255.0',
  ])('%s stays as it is, not to be saved', (text) => {
    expect(said(`203.0.113.99\n${text}\n203.0.113.98`)).toEqual([
      ['203.0.113.99', '203.0.113.99', 'address'],
      [text, null, 'notAnAddress'],
      ['203.0.113.98', '203.0.113.98', 'address'],
    ])
  })

  test('what is doubtful for another reason has that one', () => {
    expect(said('::ffff:203.0.113.10/24')).toEqual([['::ffff:203.0.113.10/24', null, 'ambiguous']])
  })

  test('the entries are judged as the list that they are', () => {
    expect(said('198.51.100.7\n198.51.100.0 255.255.255.0\n10.0.0.1\n198.51.100.*\n203.0.113.7/24')).toEqual([
      ['198.51.100.7', '198.51.100.7', 'covered'],
      ['198.51.100.0 255.255.255.0', '198.51.100.0/24', 'netmask'],
      ['10.0.0.1', '10.0.0.1', 'private'],
      ['198.51.100.*', '198.51.100.0/24', 'duplicate'],
      ['203.0.113.7/24', '203.0.113.0/24', 'hostBits'],
    ])
  })
})

describe('other ways to write ranges', () => {
  test.each<[string, string | null, EntryVerdict]>([
    ['198.51.100.7 - 198.51.100.20', '198.51.100.7, 198.51.100.8/29, 198.51.100.16/30, 198.51.100.20', 'span'],
    ['198.51.100.0-198.51.100.255', '198.51.100.0/24', 'span'],
    ['198.51.100.0–198.51.101.255', '198.51.100.0/23', 'span'],
    ['198.51.100.0 — 198.51.100.1', '198.51.100.0/31', 'span'],
    ['198.51.100.0 \u2212 198.51.100.1', '198.51.100.0/31', 'span'],
    ['198.51.100.7 -198.51.100.7', '198.51.100.7', 'span'],
    ['::ffff:198.51.100.0 - 198.51.100.3', '198.51.100.0/30', 'span'],
    ['2001:db8:: - 2001:db8:0:ffff:ffff:ffff:ffff:ffff', '2001:db8::/48', 'span'],
    ['2001:db8::1-2001:db8::4', '2001:db8::1, 2001:db8::2/127, 2001:db8::4', 'span'],
    ['0.0.0.0 - 255.255.255.255', '0.0.0.0/0', 'everything'],
    ['198.51.100.20 - 198.51.100.7', null, 'backwards'],
    ['2001:db8::2-2001:db8::1', null, 'backwards'],
    ['198.51.100.7 - 2001:db8::7', null, 'mixedFamilies'],
    ['::-255.255.255.255', null, 'mixedFamilies'],

    ['198.51.100.0 255.255.255.0', '198.51.100.0/24', 'netmask'],
    ['198.51.100.0/255.255.255.0', '198.51.100.0/24', 'netmask'],
    ['198.51.100.0 / 255.255.255.0', '198.51.100.0/24', 'netmask'],
    ['198.51.100.0\t255.255.255.0', '198.51.100.0/24', 'netmask'],
    ['198.51.100.0,255.255.255.0', '198.51.100.0/24', 'netmask'],
    ['198.51.100.0; 255.255.255.0;', '198.51.100.0/24', 'netmask'],
    ['allow 198.51.100.0/255.255.255.0;', '198.51.100.0/24', 'netmask'],
    ['198.51.100.7 255.255.255.255', '198.51.100.7', 'netmask'],
    ['128.0.0.0 128.0.0.0', '128.0.0.0/1', 'netmask'],
    ['198.51.100.7 255.255.255.0', '198.51.100.0/24', 'hostBits'],
    ['198.51.100.7/255.255.255.0', '198.51.100.0/24', 'hostBits'],

    ['198.51.100.0 0.0.0.255', '198.51.100.0/24', 'wildcardMask'],
    ['198.51.100.0/0.0.3.255', '198.51.100.0/22', 'wildcardMask'],
    ['198.51.100.7 0.0.0.0', '198.51.100.7', 'wildcardMask'],
    ['198.51.100.7 0.0.0.255', '198.51.100.0/24', 'hostBits'],

    ['198.51.100.0 255.0.255.0', null, 'scattered'],
    ['198.51.100.0 255.255.255.1', null, 'scattered'],
    ['198.51.100.0/255.255.0.255', null, 'scattered'],
    ['198.51.100.0 0.0.255.0', null, 'scattered'],
    ['198.51.100.0/10.0.0.1', null, 'scattered'],
    ['0.0.0.0 0.0.0.0', null, 'ambiguousMask'],
    ['0.0.0.0 255.255.255.255', null, 'ambiguousMask'],
    ['198.51.100.0/0.0.0.0', null, 'ambiguousMask'],
    ['198.51.100.7 192.0.0.0', null, 'ambiguousMask'],

    ['198.51.100.*', '198.51.100.0/24', 'wildcard'],
    ['198.51.*.*', '198.51.0.0/16', 'wildcard'],
    ['198.*.*.*', '198.0.0.0/8', 'wildcard'],
    ['*.*.*.*', '0.0.0.0/0', 'everything'],
    ['198.*.100.*', null, 'scattered'],
    ['198.51.*.7', null, 'scattered'],
    ['*.51.100.7', null, 'scattered'],
  ])('%s comes to %s: %s', (text, normalized, verdict) => {
    expect(splitEntries(text)).toMatchObject([{ normalized, verdict }])
  })

  test('two addresses beside each other are two, unless the second can only be a mask', () => {
    expect(saved('198.51.100.1 198.51.100.2')).toEqual(['198.51.100.1', '198.51.100.2'])
    expect(saved('198.51.100.0 255.255.255.0\n203.0.113.0\t255.255.255.0')).toEqual([
      '198.51.100.0/24',
      '203.0.113.0/24',
    ])
    expect(left('198.51.100.0,255.255.255.0,0.0.0.255')).toEqual(['198.51.100.0 255.255.255.0 0.0.0.255'])
  })
})

describe('published lists say what they say', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'Cloudflare’s ips-v4 and ips-v6',
      '173.245.48.0/20\n103.21.244.0/22\n2400:cb00::/32\n',
      ['173.245.48.0/20', '103.21.244.0/22', '2400:cb00::/32'],
    ],
    [
      'AWS’s ip-ranges.json',
      `{
  "syncToken": "1693267989",
  "createDate": "2023-08-29-00-13-09",
  "prefixes": [
    {
      "ip_prefix": "3.5.140.0/22",
      "region": "ap-northeast-2",
      "service": "AMAZON",
      "network_border_group": "ap-northeast-2"
    },
    { "ip_prefix": "15.230.56.104/31", "region": "us-east-1", "service": "EC2" }
  ],
  "ipv6_prefixes": [{ "ipv6_prefix": "2a05:d07a:a000::/40", "region": "eu-south-1" }]
}`,
      ['3.5.140.0/22', '15.230.56.104/31', '2a05:d07a:a000::/40'],
    ],
    [
      'a piece out of it',
      `      "ip_prefix": "3.5.140.0/22",
      "region": "ap-northeast-2"
    },
    {
      "ip_prefix": "15.230.56.104/31",`,
      ['3.5.140.0/22', '15.230.56.104/31'],
    ],
    [
      'Google’s cloud.json',
      '{"syncToken":"1","creationTime":"2026-11-24T00:00:00.0","prefixes":[{"ipv4Prefix":"34.1.208.0/20","service":"Google Cloud","scope":"africa-south1"},{"ipv6Prefix":"2600:1900:8000::/44","service":"Google Cloud"}]}',
      ['34.1.208.0/20', '2600:1900:8000::/44'],
    ],
    [
      'Azure’s service tags',
      '{"values":[{"name":"ActionGroup","properties":{"region":"","addressPrefixes":["4.145.74.52/30","2603:1000:4:402::178/125"]}}]}',
      ['4.145.74.52/30', '2603:1000:4:402::178/125'],
    ],
    [
      'Azure’s addresses, as a list alone',
      '[\n  "4.145.74.52/30",\n  "2603:1000:4:402::178/125"\n]',
      ['4.145.74.52/30', '2603:1000:4:402::178/125'],
    ],
    ['the same by PHP', '["4.145.74.52\\/30","20.36.120.208\\/29"]', ['4.145.74.52/30', '20.36.120.208/29']],
    [
      'GitHub’s meta',
      '{"verifiable_password_authentication":false,"ssh_keys":["ssh-ed25519 AAAAC3"],"hooks":["192.30.252.0/22","2a0a:a440::/29"],"domains":{"website":["*.github.com"]}}',
      ['192.30.252.0/22', '2a0a:a440::/29'],
    ],
    [
      'Atlassian’s, with a mask beside each',
      '{"items":[{"network":"104.192.136.0","mask_len":21,"cidr":"104.192.136.0/21","mask":"255.255.248.0"}]}',
      ['104.192.136.0', '104.192.136.0/21'],
    ],
    [
      'Spamhaus DROP',
      '; Spamhaus DROP List 2026/11/24 - (c) 2026 The Spamhaus Project SLU\n; https://www.spamhaus.org/drop/drop.txt\n; Last-Modified: Tue, 24 Nov 2026 09:12:55 GMT\n1.10.16.0/20 ; SBL256894\n2.56.192.0/22 ; SBL459831\n',
      ['1.10.16.0/20', '2.56.192.0/22'],
    ],
    [
      'Spamhaus DROP as lines of JSON',
      '{"cidr":"1.10.16.0/20","sblid":"SBL256894","rir":"apnic"}\n{"cidr":"2.56.192.0/22","sblid":"SBL459831","rir":"ripencc"}\n{"type":"metadata","timestamp":1732446000,"records":2}',
      ['1.10.16.0/20', '2.56.192.0/22'],
    ],
    [
      'a geofeed',
      '# prefix,country,region,city,postal\n192.0.2.0/25,US,US-AL,,\n192.0.2.5,US,US-AL,Alabaster,\n192.0.2.128/25,PL,PL-MZ,,02-784\n2001:db8::/32,PL,,,\n2001:db8:cafe::/48,PL,PL-MZ,6th of October City,\n198.51.100.0/24,DE\n203.0.113.0/24,,,,',
      [
        '192.0.2.0/25',
        '192.0.2.5',
        '192.0.2.128/25',
        '2001:db8::/32',
        '2001:db8:cafe::/48',
        '198.51.100.0/24',
        '203.0.113.0/24',
      ],
    ],
    [
      'nginx',
      '# office\nallow 203.0.113.0/24;\nallow 2001:db8::/32; # and IPv6\ndeny all;\n',
      ['203.0.113.0/24', '2001:db8::/32'],
    ],
    [
      'Apache',
      '<RequireAny>\nRequire ip 203.0.113.0/24 2001:db8::/32\n'.split('\n')[1] ?? '',
      ['203.0.113.0/24', '2001:db8::/32'],
    ],
    ['FireHOL', '#\n# firehol_level1\n#\n0.0.0.0/8\n1.10.16.0/20\n', ['0.0.0.0/8', '1.10.16.0/20']],
    [
      'an ACL of BIND, its inside',
      '  203.0.113.0/24; // office\n  2001:db8::/32;\n};',
      ['203.0.113.0/24', '2001:db8::/32'],
    ],
    ['a YAML list', '- "203.0.113.0/24"  # office\n- 2001:db8::/32\n', ['203.0.113.0/24', '2001:db8::/32']],
  ])('%s', (_, text, expected) => {
    expect(saved(text)).toEqual(expected)
    expect(left(text)).toEqual([])
  })
})

type Width = 32 | 128
const dotted = (address: bigint) => [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.')
const groups = (address: bigint) =>
  [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((address >> shift) & 0xffffn).toString(16)).join(':')
const write = (width: Width, address: bigint) => (width === 32 ? dotted(address) : groups(address))
const parse = (text: string): bigint => {
  if (!text.includes(':')) return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
  const [head = '', tail = ''] = text.split('::')
  const [before, after] = [head, tail].map((side) => side.split(':').filter((part) => part !== ''))
  const gap = Array(8 - (before?.length ?? 0) - (after?.length ?? 0)).fill('0')
  return [...(before ?? []), ...(text.includes('::') ? gap : []), ...(after ?? [])].reduce(
    (sum, part) => (sum << 16n) | BigInt(`0x${part}`),
    0n,
  )
}
/** First and last address of a range, by arithmetic. */
function bounds(range: string): readonly [bigint, bigint] {
  const [address = '', length] = range.split('/')
  const width = address.includes(':') ? 128 : 32
  const first = parse(address)
  return [first, first + (1n << BigInt(width - Number(length ?? width))) - 1n]
}

/** How many ranges it takes: from the front, the widest each time that starts there and does not go too far. */
function fewest(from: bigint, to: bigint): number {
  let count = 0
  for (let at = from; at <= to; count++) {
    let size = 1n
    while (at % (size * 2n) === 0n && at + size * 2n - 1n <= to) size *= 2n
    at += size
  }
  return count
}

const span = (width: Width) => {
  const end = fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n })
  // Random ends alone would never lie close together.
  const near = fc
    .tuple(end, fc.nat(5000))
    .map(([from, more]) => [from, from + BigInt(more)] as const)
    .filter(([, to]) => to < 1n << BigInt(width))
  const far = fc.tuple(end, end).map(([a, b]) => (a < b ? [a, b] : [b, a]) as readonly [bigint, bigint])
  return fc.oneof(near, far).map(([from, to]) => ({ width, from, to }))
}
const anySpan = fc
  .oneof(span(32), span(128))
  // Those are IPv4.
  .filter(({ width, from, to }) => width === 32 || (from >> 32n !== 0xffffn && to >> 32n !== 0xffffn))

describe('by arithmetic', () => {
  test('a span comes to exactly its addresses, in as few ranges as can be', () => {
    fc.assert(
      fc.property(anySpan, fc.constantFrom('-', ' - ', '–', ' — '), ({ width, from, to }, dash) => {
        const [row] = splitEntries(`${write(width, from)}${dash}${write(width, to)}`)
        const ranges = (row?.normalized ?? '').split(', ').map(bounds)
        expect(ranges[0]?.[0]).toBe(from)
        expect(ranges.at(-1)?.[1]).toBe(to)
        for (const [index, [first]] of ranges.entries()) {
          if (index > 0) expect(first).toBe((ranges[index - 1]?.[1] ?? 0n) + 1n)
        }
        expect(ranges).toHaveLength(fewest(from, to))
      }),
      { numRuns: 500 },
    )
  })

  test('a span the other way round is none, however close its ends', () => {
    fc.assert(
      fc.property(
        anySpan.filter(({ from, to }) => from !== to),
        ({ width, from, to }) => {
          expect(said(`${write(width, to)} - ${write(width, from)}`)).toMatchObject([
            [expect.any(String), null, 'backwards'],
          ])
        },
      ),
    )
  })

  test('an address with a mask, of either kind, is the range of which the mask has the length; with gaps it is none', () => {
    const address = fc.bigInt({ min: 1n << 24n, max: (1n << 32n) - 1n })
    fc.assert(
      fc.property(address, fc.integer({ min: 8, max: 31 }), fc.boolean(), (host, length, isInverse) => {
        const hostMask = (1n << BigInt(32 - length)) - 1n
        const mask = isInverse ? hostMask : 0xffffffffn - hostMask
        const network = `${dotted(host - (host & hostMask))}/${length}`
        expect(saved(`${dotted(host)} ${dotted(mask)}`)).toEqual([network])
        expect(saved(`${dotted(host)}/${dotted(mask)}`)).toEqual([network])
      }),
    )
    fc.assert(
      fc.property(address, fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }), (host, mask) => {
        const bits = mask.toString(2).padStart(32, '0')
        fc.pre(bits.includes('010') || bits.includes('101'))
        expect(said(`${dotted(host)}/${dotted(mask)}`)).toMatchObject([[expect.any(String), null, 'scattered']])
      }),
    )
  })

  /** Nobody's address is among those of which one is a mask behind another. */
  const v4 = fc
    .tuple(fc.bigInt({ min: 1n << 24n, max: (224n << 24n) - 1n }), fc.integer({ min: 1, max: 32 }))
    .map(([host, length]) => [32, host - (host % (1n << BigInt(32 - length))), length] as const)
  const v6 = fc
    .tuple(fc.bigInt({ min: 1n << 112n, max: (1n << 128n) - 1n }), fc.integer({ min: 16, max: 128 }))
    .map(([host, length]) => [128, host - (host % (1n << BigInt(128 - length))), length] as const)
  const prefix = fc
    .oneof(v4, v6)
    .map(([width, address, length]) =>
      length === width ? write(width, address) : `${write(width, address)}/${length}`,
    )
  const noise = fc.constantFrom('', ' ', '\u200b', '\ufeff', '\u00a0', '\u3000', '\u200e')
  const lineEnd = fc.constantFrom(
    '\n',
    '\r\n',
    '\r',
    '\u2028',
    '\n\n# and\n',
    '\n; more; of it\n',
    '\n// 203.0.113.1\n',
  )

  test.each<[string, (prefix: string) => string]>([
    ['one a line', (one) => one],
    ['with commas', (one) => `${one},`],
    ['two a line', (one) => `${one}, ${one};`],
    ['quoted', (one) => `"${one}",`],
    ['as an array', (one) => `['${one}', “${one}”]`],
    ['like Spamhaus', (one) => `${one} ; SBL256894`],
    ['like nginx', (one) => `allow ${one};`],
    ['like a geofeed', (one) => `${one},DE,DE-BE,Berlin,`],
    ['like JSON', (one) => `{"ip_prefix": "${one}", "region": "eu-west-1"}`],
    ['with a comment', (one) => `${one} # office, 203.0.113.9`],
    ['with a bullet and a dot', (one) => `- ${one}.`],
  ])('whatever the prefixes are, %s they are these, and nothing else', (_, style) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, prefix, noise, lineEnd), { minLength: 1 }), (lines) => {
        const isJson = style('').startsWith('{')
        const text = lines.map(([before, one, after, end]) => `${before}${style(one)}${after}${isJson ? '\n' : end}`)
        const repeats = style('@').split('@').length - 1
        const expected = lines.flatMap(([, one]) => Array<string>(repeats).fill(one)).map(bounds)
        expect(saved(text.join('')).map((range) => bounds(range ?? ''))).toEqual(expected)
      }),
    )
  })

  test('whatever the text is, nothing throws, and what would be saved reads as it was read', () => {
    const piece = fc.constantFrom(
      '203.0.113.7',
      '2001:db8::/32',
      '255.255.255.0',
      ...' \t\n,;#/-–*."\'[]{}:%0',
      'allow ',
      'deny ',
      '"a":',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const once = splitEntries(text)
          for (const { value, normalized } of once) {
            expect(value.trim()).not.toBe('')
            // Each by itself, as it is sent: side by side, the last one may look like a mask of the one before.
            for (const range of normalized?.split(', ') ?? [])
              expect(splitEntries(range)).toMatchObject([{ normalized: range }])
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})

test('a list of tens of thousands comes through whole, whatever is between its entries', () => {
  const list = Array.from({ length: 20_000 }, (_, at) => `${1 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.7`)
  for (const between of ['\n', ', ', ' ', '; ', ' # office\n']) {
    expect(splitEntries(list.join(between))).toHaveLength(20_000)
  }
})

/** `npm run bench` says how long such texts take. */
test('so does an entry behind junk of the same length, which hangs nothing', () => {
  for (const piece of [' ', '"', '[', ';', ',', '/', '-', ' -', '*', '1.', ':', '.', '0.0.0.0 ']) {
    expect(splitEntries(`8.8.8.8\n1${piece.repeat(50_000)}1`)[0]?.normalized).toBe('8.8.8.8')
  }
})
