import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  assessDraft,
  coversAddress,
  type DraftRow,
  type EntryVerdict,
  entriesToSend,
  hasInvalidEntry,
  holdsEntry,
  judgeEntries,
  judgeLockout,
  letsSomebodyIn,
  ownNetwork,
  sameEntries,
} from '../../src/domain/ip-whitelist.ts'

const draftOf = (...values: readonly string[]): DraftRow[] =>
  judgeEntries(values.map((value, index) => ({ id: `row-${index}`, value })))

const verdicts = (...values: readonly string[]) => draftOf(...values).map(({ verdict }) => verdict)
const normalized = (value: string) => draftOf(value)[0]?.normalized ?? null

/** An address or a range as arithmetic sees it: the oracle of the properties below. */
interface Block {
  readonly width: 32 | 128
  readonly address: bigint
  readonly length: number
}

const dotted = (address: bigint) => [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.')
const groups = (address: bigint) =>
  [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((address >> shift) & 0xffffn).toString(16)).join(':')
const writeAddress = ({ width, address }: Block) => (width === 32 ? dotted(address) : groups(address))
const writeBlock = (block: Block) => `${writeAddress(block)}/${block.length}`

const network = ({ width, address, length }: Block) => address >> BigInt(width - length)
const holds = (outer: Block, inner: Block) =>
  outer.width === inner.width &&
  outer.length <= inner.length &&
  network(outer) === network({ ...inner, length: outer.length })
const isSame = (a: Block, b: Block) => holds(a, b) && holds(b, a)

const v4 = (address: bigint, length: number): Block => ({ width: 32, address, length })
const v6 = (address: bigint, length: number): Block => ({ width: 128, address, length })
const isMapped = ({ width, address }: Block) => width === 128 && address >> 32n === 0xffffn

const anyV4 = fc.record({
  address: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
  length: fc.integer({ min: 0, max: 32 }),
})
const anyV6 = fc.record({
  address: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  length: fc.integer({ min: 0, max: 128 }),
})
const anyBlock: fc.Arbitrary<Block> = fc
  .oneof(
    anyV4.map(({ address, length }) => v4(address, length)),
    anyV6.map(({ address, length }) => v6(address, length)),
  )
  .filter((block) => !isMapped(block))
/** From so small a part of the address space that blocks often meet. */
const crowdedBlock: fc.Arbitrary<Block> = fc.oneof(
  fc
    .tuple(fc.nat(15), fc.integer({ min: 26, max: 32 }))
    .map(([host, length]) => v4(0xcb007100n + BigInt(host), length)),
  fc
    .tuple(fc.nat(15), fc.integer({ min: 122, max: 128 }))
    .map(([host, length]) => v6((0x20010db8n << 96n) + BigInt(host), length)),
)
/** Near misses: an address or a range with one character taken out, put in or changed. */
const nearMiss = fc
  .tuple(
    fc.oneof(
      anyBlock.map(writeAddress),
      anyBlock.map(writeBlock),
      fc.constantFrom('::', '::1', '1::', '2001:db8::8:0', '::ffff:192.0.2.1', '64:ff9b::192.0.2.1', '1:2:3:4:5:6:7::'),
    ),
    fc.nat(48),
    fc.constantFrom('', '0', '1', '7', 'f', ':', '::', '.', '/', '%', 'x', ' ', '-', '٣'),
    fc.nat(1),
  )
  .map(([text, place, piece, dropped]) => text.slice(0, place) + piece + text.slice(place + dropped))

describe('what an entry is', () => {
  test.each<[string, string, EntryVerdict]>([
    ['203.0.113.10', '203.0.113.10', 'address'],
    ['198.51.100.0/24', '198.51.100.0/24', 'range'],
    ['2001:db8::1', '2001:db8::1', 'address'],
    ['2001:db8::/32', '2001:db8::/32', 'range'],
    ['10.0.0.7/24', '10.0.0.0/24', 'hostBits'],
    ['2001:db8::1/64', '2001:db8::/64', 'hostBits'],
    ['0.0.0.0/0', '0.0.0.0/0', 'everything'],
    ['::/0', '::/0', 'everything'],
    ['10.0.0.7/0', '0.0.0.0/0', 'everything'],
    ['::ffff:0:0/96', '0.0.0.0/0', 'everything'],
  ])('%s is sent as %s and is called %s', (value, form, verdict) => {
    expect(draftOf(value)).toEqual([{ id: 'row-0', value, normalized: form, verdict }])
  })

  test.each([
    ['surrounding white space goes', ' \t203.0.113.10\u00a0\n', '203.0.113.10'],
    ['a full IPv4 prefix is the address alone', '203.0.113.10/32', '203.0.113.10'],
    ['a full IPv6 prefix is the address alone', '2001:db8::1/128', '2001:db8::1'],
    ['IPv6 is lower case', '2001:DB8::ABCD', '2001:db8::abcd'],
    ['the first longest run of zeros is left out', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['of two equal runs the first is left out', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['a single zero group stays', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['leading zeros of a group go', '2001:0db8::0001', '2001:db8::1'],
    ['a mapped address is the IPv4 address', '::ffff:1.2.3.4', '1.2.3.4'],
    ['so it is in hex', '::FFFF:102:304', '1.2.3.4'],
    ['so it is with all groups', '0:0:0:0:0:ffff:1.2.3.4', '1.2.3.4'],
    ['a mapped range is the IPv4 range', '::ffff:1.2.3.0/120', '1.2.3.0/24'],
    ['a mapped single address is the address alone', '::ffff:1.2.3.4/128', '1.2.3.4'],
    ['a range wider than all mapped addresses stays IPv6', '::fffe:0:0/95', '::fffe:0:0/95'],
    ['a compatible address is no mapped one', '::1.2.3.4', '::102:304'],
    ['a dotted end is read in other prefixes too', '64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ])('%s: %s', (_, value, form) => {
    expect(normalized(value)).toBe(form)
  })

  test.each([
    ['nothing', ''],
    ['white space', '  '],
    ['a host name', 'example.com'],
    ['a hexadecimal octet', '0x7f.1'],
    ['an octal octet', '010.0.0.1'],
    ['one number', '1'],
    ['one large number', '2130706433'],
    ['two parts', '127.1'],
    ['three parts', '10.0.1'],
    ['five parts', '1.2.3.4.5'],
    ['an octet too large', '1.2.3.256'],
    ['a dot at the end', '1.2.3.4.'],
    ['an empty octet', '1..3.4'],
    ['a port', '1.2.3.4:80'],
    ['brackets', '[::1]'],
    ['a zone', 'fe80::1%eth0'],
    ['a zone in a range', 'fe80::1%1/64'],
    ['two gaps', '1::2::3'],
    ['too many groups', '1:2:3:4:5:6:7:8:9'],
    ['too few groups', '1:2:3:4:5:6:7'],
    ['a gap for nothing', '1:2:3:4:5:6:7:8::'],
    ['a colon at the start', ':1:2:3:4:5:6:7'],
    ['a colon at the end', '1:2:3:4:5:6:7:'],
    ['a group too long', '2001:00db8::1'],
    ['an octal octet in IPv6', '::ffff:010.0.0.1'],
    ['a dotted middle', '::1.2.3.4:5'],
    ['an IPv4 prefix too long', '1.2.3.4/33'],
    ['an IPv6 prefix too long', '::1/129'],
    ['an empty prefix', '1.2.3.4/'],
    ['a signed prefix', '1.2.3.4/+8'],
    ['a padded prefix', '1.2.3.4/08'],
    ['a net mask of IPv6', '2001:db8::/ffff:ffff::'],
    ['two prefixes', '1.2.3.0/24/24'],
    ['a prefix alone', '/24'],
    ['a span of the last number', '1.2.3.4-9'],
    ['a wildcard for more than one number', '1.2.*'],
    ['space within', '1.2.3. 4'],
    ['full-width digits', '１.2.3.4'],
    ['a very long text', '1'.repeat(100_000)],
  ])('%s is not an address', (_, value) => {
    expect(draftOf(value)).toEqual([{ id: 'row-0', value, normalized: null, verdict: 'notAnAddress' }])
  })

  test('a value that is no text is not an address', () => {
    for (const value of [null, undefined, 7, {}, ['1.2.3.4']]) {
      expect(judgeEntries([{ id: 'a', value: value as unknown as string }])[0]?.verdict).toBe('notAnAddress')
    }
  })

  test.each([
    '0.1.2.3',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.168.0.0/16',
    '198.19.255.255',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '64:ff9b:1::1',
    '100::1',
    '2001:2::1',
    'fd00::1',
    'fe80::/10',
    'fec0::1',
    'ff02::1',
    '::ffff:10.0.0.1',
  ])('no server on the internet sees %s', (value) => {
    expect(verdicts(value)).toEqual(['private'])
  })

  test.each([
    ['11.0.0.0', 'address'],
    ['100.128.0.0', 'address'],
    ['172.32.0.0', 'address'],
    ['223.255.255.255', 'address'],
    ['192.0.2.1', 'address'],
    ['2600::1', 'address'],
    ['::2', 'address'],
    ['10.0.0.0/7', 'range'],
    ['fc00::/6', 'range'],
  ] as const)('%s is not private: %s', (value, verdict) => {
    expect(verdicts(value)).toEqual([verdict])
  })

  test('whatever is accepted is what Node calls an address, with a prefix that fits, and the other way round', () => {
    const byNode = (value: string) => {
      const [address = '', prefix, ...rest] = value.trim().split('/')
      const width = address.includes('%') ? 0 : { 0: 0, 4: 32, 6: 128 }[isIP(address)]
      if (!width || rest.length > 0) return false
      const length = Number(prefix)
      // Whether that counts the bits of the IPv4 address or of the whole, nobody knows.
      if (width === 128 && length < 96 && (address.includes('.') || coversAddress(['::ffff:0:0/96'], address)))
        return false
      return (
        prefix === undefined ||
        (Number.isInteger(length) && String(length) === prefix && length >= 0 && length <= width)
      )
    }
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0127f:./%x ') }), nearMiss)
    fc.assert(
      fc.property(text, (value) => {
        expect(normalized(value) !== null).toBe(byNode(value))
      }),
      { numRuns: 2000 },
    )
  })

  test('an IPv6 address is written as a browser writes it', () => {
    const sparse = fc
      .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
      .map((parts) =>
        v6(
          parts.reduce((sum, part) => (sum << 16n) + BigInt(part), 0n),
          128,
        ),
      )
      .filter((block) => !isMapped(block))
    fc.assert(
      fc.property(sparse, (block) => {
        const text = groups(block.address)
        expect(normalized(text)).toBe(new URL(`http://[${text}]/`).hostname.slice(1, -1))
      }),
    )
  })

  test('the normal form is the same range, without host bits, and its own normal form', () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        const form = normalized(writeBlock(block)) ?? ''
        const cleared = { ...block, address: network(block) << BigInt(block.width - block.length) }
        expect(form).toBe(normalized(writeBlock(cleared)))
        expect(normalized(form)).toBe(form)
        expect(form.includes('/')).toBe(block.length < block.width)
      }),
    )
  })
})

describe('how entries bear on each other', () => {
  test.each<[string, readonly string[], readonly EntryVerdict[]]>([
    ['a repeated address is a duplicate of the earlier one', ['8.8.8.8', '8.8.8.8'], ['address', 'duplicate']],
    [
      'spelling does not hide a duplicate',
      ['8.8.8.8', '::ffff:8.8.8.8', '8.8.8.8/32'],
      ['address', 'duplicate', 'duplicate'],
    ],
    ['a range with host bits repeats its network', ['8.8.8.0/24', '8.8.8.8/24'], ['range', 'duplicate']],
    ['an address within a range is covered, whichever comes first', ['8.8.8.8', '8.8.8.0/24'], ['covered', 'range']],
    ['a range within a range is covered', ['8.8.0.0/16', '8.8.8.0/24'], ['range', 'covered']],
    [
      'a covered entry that is repeated is a duplicate',
      ['8.0.0.0/8', '8.8.8.8', '8.8.8.8'],
      ['range', 'covered', 'duplicate'],
    ],
    ['what lets everybody in is said on each such row', ['::/0', '::/0'], ['everything', 'everything']],
    [
      'what lets everybody in covers the rest of its family',
      ['8.8.8.8', '2600::1', '0.0.0.0/0'],
      ['covered', 'address', 'everything'],
    ],
    ['covered is said before host bits', ['8.0.0.0/8', '8.8.8.8/24'], ['range', 'covered']],
    ['host bits are said before private', ['192.168.1.1/24'], ['hostBits']],
    ['covered is said before private', ['10.0.0.0/8', '10.0.0.1'], ['private', 'covered']],
    ['a neighbour is not covered', ['8.8.8.0/25', '8.8.8.128'], ['range', 'address']],
    ['rows that cannot be read repeat nothing', ['nonsense', 'nonsense'], ['notAnAddress', 'notAnAddress']],
    ['an IPv6 range holds no IPv4 address', ['2000::/4', '8.8.8.8'], ['range', 'address']],
  ])('%s', (_, values, expected) => {
    expect(verdicts(...values)).toEqual(expected)
  })

  test('the verdicts are those of comparing each row with every other one by arithmetic', () => {
    fc.assert(
      fc.property(fc.array(crowdedBlock, { maxLength: 12 }), (blocks) => {
        const expected = blocks.map((block, index): EntryVerdict => {
          if (blocks.slice(0, index).some((other) => isSame(other, block))) return 'duplicate'
          if (blocks.some((other) => holds(other, block) && !isSame(other, block))) return 'covered'
          if (network(block) << BigInt(block.width - block.length) !== block.address) return 'hostBits'
          return block.length === block.width ? 'address' : 'range'
        })
        expect(verdicts(...blocks.map(writeBlock))).toEqual(expected)
      }),
    )
  })

  test('rows keep their order, ids and texts, and the first rows of a list are normalized alike without the rest', () => {
    const rows = fc.array(fc.record({ id: fc.uuid(), value: fc.oneof(crowdedBlock.map(writeBlock), fc.string()) }))
    fc.assert(
      fc.property(rows, fc.nat(10), (entries, count) => {
        const draft = judgeEntries(entries)
        expect(draft.map(({ id, value }) => ({ id, value }))).toEqual(entries)
        const head = judgeEntries(entries.slice(0, count))
        expect(head.map((row) => row.normalized)).toEqual(draft.slice(0, count).map((row) => row.normalized))
        expect(judgeEntries(draft)).toEqual(draft)
      }),
    )
  })

  test('tens of thousands of entries are judged as well; `npm run bench` says how long that takes', () => {
    const entries = Array.from({ length: 30_000 }, (_, index) => ({
      id: String(index),
      value: index % 2 === 0 ? dotted(0x08000000n + BigInt(index)) : groups((0x26000000n << 96n) + BigInt(index)),
    }))
    const draft = judgeEntries(entries)
    expect(draft.every(({ verdict }) => verdict === 'address')).toBe(true)
  })
})

describe('what is sent', () => {
  test('normal forms, each once, in the order written; what cannot be read is left out, what is covered stays', () => {
    const draft = draftOf('8.8.8.8', 'nonsense', '8.8.8.7/24', ' 8.8.8.8 ', '2001:DB8::1')
    expect(entriesToSend(draft)).toEqual(['8.8.8.8', '8.8.8.0/24', '2001:db8::1'])
  })

  test('a draft with an entry that cannot be read says so', () => {
    expect(hasInvalidEntry(draftOf('8.8.8.8', 'nonsense'))).toBe(true)
    expect(hasInvalidEntry(draftOf('8.8.8.8', '8.8.8.8', '0.0.0.0/0'))).toBe(false)
    expect(hasInvalidEntry([])).toBe(false)
  })
})

describe('whom a list lets in', () => {
  test.each([
    ['the address itself', ['8.8.8.8'], '8.8.8.8', true],
    ['an address of a range', ['9.9.9.9', '8.8.8.0/24'], '8.8.8.255', true],
    ['an address beside a range', ['8.8.8.0/24'], '8.8.9.0', false],
    ['nobody, when empty', [], '8.8.8.8', false],
    ['a mapped address by an IPv4 entry', ['8.8.8.0/24'], '::ffff:8.8.8.8', true],
    ['an IPv4 address by a mapped entry', ['::ffff:8.8.8.8'], '8.8.8.8', true],
    ['an IPv6 address by an IPv6 range', ['2001:db8::/32'], '2001:db8:1::1', true],
    ['no IPv4 address by all of IPv6', ['::/0'], '8.8.8.8', false],
    ['nobody by an entry that cannot be read', ['nonsense', '8.8.8'], '8.8.8.8', false],
    ['no range, even of one address', ['0.0.0.0/0'], '8.8.8.8/32', false],
    ['no address that cannot be read', ['0.0.0.0/0', '::/0'], '8.8.*.*', false],
  ] as const)('%s', (_, entries, address, covered) => {
    expect(coversAddress(entries, address)).toBe(covered)
  })

  test('membership is what arithmetic says', () => {
    fc.assert(
      fc.property(anyBlock, anyBlock, fc.array(crowdedBlock), fc.boolean(), (range, other, crowd, near) => {
        // Half of the time an address that differs from the range's in its last bits only.
        const address: Block = near
          ? { ...range, address: range.address ^ (other.address & 7n), length: range.width }
          : { ...other, length: other.width }
        const entries = [...crowd, range]
        const expected = entries.some((entry) => holds(entry, address))
        expect(coversAddress(entries.map(writeBlock), writeAddress(address))).toBe(expected)
      }),
    )
  })
})

describe('what would come of a draft', () => {
  const lockout = (values: readonly string[], address: string | null) =>
    assessDraft(draftOf(...values), address).lockout

  test('a list that holds the current address lets it in', () => {
    expect(lockout(['8.8.8.0/24'], '8.8.8.8')).toBe('covered')
    expect(lockout(['8.8.8.7/24'], '::ffff:8.8.8.8')).toBe('covered')
  })

  test('a list that does not hold it locks the user out, and so does an empty one', () => {
    expect(lockout(['8.8.9.0/24'], '8.8.8.8')).toBe('notCovered')
    expect(lockout(['8.8.8.8x'], '8.8.8.8')).toBe('notCovered')
    expect(lockout([], '8.8.8.8')).toBe('notCovered')
  })

  test.each([[null], [''], ['192.168.*.*'], ['fe80::1%eth0'], ['8.8.8.8/32'], ['8.8.8.8:443'], ['localhost']])(
    'from the address %j nobody can perform, whatever the list',
    (address) => {
      expect(lockout(['0.0.0.0/0', '::/0'], address)).toBe('unknown')
      expect(lockout([], address)).toBe('unknown')
    },
  )

  test('it counts what would be sent and names each row that wants a look', () => {
    const draft = draftOf('8.8.8.8', 'nonsense', '8.8.8.8', '8.8.0.0/16', '192.168.0.1')
    expect(assessDraft(draft, '8.8.8.8')).toEqual({
      lockout: 'covered',
      currentAddress: '8.8.8.8',
      validCount: 3,
      warnings: [],
      problems: [
        { id: 'row-0', verdict: 'covered' },
        { id: 'row-1', verdict: 'notAnAddress' },
        { id: 'row-2', verdict: 'duplicate' },
        { id: 'row-4', verdict: 'private' },
      ],
    })
  })

  test('the current address is shown as the portal wrote it', () => {
    expect(assessDraft([], '::ffff:8.8.8.8').currentAddress).toBe('::ffff:8.8.8.8')
    expect(assessDraft([], null)).toEqual({
      lockout: 'unknown',
      currentAddress: null,
      validCount: 0,
      warnings: [],
      problems: [],
    })
  })

  test('lockout is judged on what would be sent', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(crowdedBlock.map(writeBlock), nearMiss)), crowdedBlock, (values, block) => {
        const draft = draftOf(...values)
        const address = writeAddress(block)
        const covered = coversAddress(entriesToSend(draft), address)
        expect(assessDraft(draft, address).lockout).toBe(covered ? 'covered' : 'notCovered')
        // Normalizing neither lets anybody in nor locks anybody out.
        expect(coversAddress(values, address)).toBe(covered)
      }),
    )
  })
})

describe('whether two lists are the same', () => {
  test.each([
    ['order does not matter', ['8.8.8.8', '9.9.9.9'], ['9.9.9.9', '8.8.8.8'], true],
    ['repetition does not matter', ['8.8.8.8', '8.8.8.8'], ['8.8.8.8'], true],
    ['spelling does not matter', ['2001:DB8::0/32', '::ffff:8.8.8.8'], ['8.8.8.8/32', '2001:db8::/32'], true],
    ['host bits do not matter', ['8.8.8.8/24'], ['8.8.8.0/24'], true],
    ['one more entry matters', ['8.8.8.8'], ['8.8.8.8', '9.9.9.9'], false],
    ['another entry matters', ['8.8.8.8'], ['9.9.9.9'], false],
    ['a covered entry matters', ['8.8.8.0/24'], ['8.8.8.0/24', '8.8.8.8'], false],
    ['what cannot be read is compared without the space around', [' office '], ['office'], true],
    ['but as it stands', ['office'], ['Office'], false],
    ['two empty lists', [], [], true],
  ] as const)('%s', (_, a, b, same) => {
    expect(sameEntries(a, b)).toBe(same)
    expect(sameEntries(b, a)).toBe(same)
  })

  test('sameness is an equivalence', () => {
    const pool = ['8.8.8.8', '8.8.8.8/32', '::ffff:8.8.8.8', '8.8.8.0/24', '8.8.8.9/24', 'office', ' office', 'x']
    const list = fc.array(fc.constantFrom(...pool), { maxLength: 4 })
    fc.assert(
      fc.property(list, list, list, (a, b, c) => {
        expect(sameEntries(a, a)).toBe(true)
        expect(sameEntries(a, b)).toBe(sameEntries(b, a))
        if (sameEntries(a, b) && sameEntries(b, c)) expect(sameEntries(a, c)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('entries that let everybody in together', () => {
  const everythingBut10 =
    '0.0.0.0/5 8.0.0.0/7 11.0.0.0/8 12.0.0.0/6 16.0.0.0/4 32.0.0.0/3 64.0.0.0/2 128.0.0.0/1'.split(' ')

  test.each<[string, readonly string[], readonly EntryVerdict[]]>([
    ['two halves', ['0.0.0.0/1', '128.0.0.0/1'], ['everything', 'everything']],
    ['four quarters', ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2'], Array(4).fill('everything')],
    ['a half and two quarters', ['128.0.0.0/2', '0.0.0.0/1', '192.0.0.0/2'], Array(3).fill('everything')],
    ['halves of IPv6', ['::/1', '8000::/1', '8.8.8.8'], ['everything', 'everything', 'address']],
    ['all of IPv6 that is assigned', ['2000::/3'], ['everything']],
    ['that in two halves', ['2000::/4', '3000::/4'], ['everything', 'everything']],
    [
      'what adds nothing to that is said to add nothing',
      ['0.0.0.0/1', '128.0.0.0/1', '8.8.8.8', '0.0.0.0/1'],
      ['everything', 'everything', 'covered', 'duplicate'],
    ],
    ['in another spelling', ['::ffff:0.0.0.0/97', '128.0.0.0/1'], ['everything', 'everything']],
    ['with host bits', ['10.0.0.7/1', '203.0.113.10/1'], ['everything', 'everything']],
    ['all but where nobody is', ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'], Array(3).fill('everything')],
    ['all but a private network', everythingBut10, everythingBut10.map(() => 'everything')],
    [
      'that network beside it is private all the same',
      [...everythingBut10, '10.0.0.0/8'],
      [...everythingBut10.map((): EntryVerdict => 'everything'), 'private'],
    ],
  ])('%s', (_, values, expected) => {
    expect(verdicts(...values)).toEqual(expected)
  })

  test.each<[string, readonly string[]]>([
    ['a quarter is missing', ['0.0.0.0/1', '128.0.0.0/2']],
    ['one is of the other family', ['0.0.0.0/1', '3000::/4']],
    ['a single address is missing', [...everythingBut10.slice(0, -1), '128.0.0.1', '192.0.0.0/2', '160.0.0.0/3']],
    ['half of the assigned IPv6', ['2000::/4']],
  ])('not where %s', (_, values) => {
    expect(verdicts(...values)).not.toContain('everything')
  })

  test('the deepest hole is seen: all but one address', () => {
    const bits = [...Array(32).keys()].map((index) => (0x08080808 >>> (31 - index)) & 1)
    const siblings = bits.map((bit, index) => {
      const kept = [...bits.slice(0, index), 1 - bit].join('').padEnd(32, '0')
      return `${dotted(BigInt(`0b${kept}`))}/${index + 1}`
    })
    expect(verdicts(...siblings)).not.toContain('everything')
    expect(verdicts(...siblings, '8.8.8.8').filter((verdict) => verdict === 'everything')).not.toEqual([])
  })

  /** Of the 64 blocks of this width those from 224.0.0.0 on are where nobody is; each of the others has somebody in it. */
  const BLOCKS = 64
  const UNSEEN_FROM = 56
  const wideRange = fc
    .tuple(fc.nat(BLOCKS - 1), fc.integer({ min: 1, max: 6 }))
    .map(([block, length]) => ({ first: (block >> (6 - length)) << (6 - length), count: BLOCKS >> length, length }))
  /** All of them, cut into pieces at random, and perhaps without one. */
  const pieces = fc
    .tuple(fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), fc.nat(9))
    .map(([cuts, missing]) => {
      const cut = (first: number, length: number): { first: number; count: number; length: number }[] =>
        length === 0 || (length < 6 && cuts[first + length])
          ? [...cut(first, length + 1), ...cut(first + (BLOCKS >> (length + 1)), length + 1)]
          : [{ first, count: BLOCKS >> length, length }]
      return cut(0, 0).filter((_, index) => index !== missing)
    })

  test('they are just those that leave no block out', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, fc.array(wideRange, { maxLength: 40 })), (ranges) => {
        const isHeld = (block: number) =>
          ranges.some(({ first, count }) => first <= block && block < first + count) || block >= UNSEEN_FROM
        const isWhole = [...Array(BLOCKS).keys()].every(isHeld)
        const found = verdicts(...ranges.map(({ first, length }) => `${first * 4}.0.0.0/${length}`))
        expect(found.includes('everything')).toBe(isWhole)
        expect(found.some((verdict) => verdict === 'range') && isWhole).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the network of an address', () => {
  test.each([
    ['2600::7', '2600::/64'],
    ['2600:1:2:3:4:5:6:7', '2600:1:2:3::/64'],
    ['2002:cb00:710a:1::7', '2002:cb00:710a:1::/64'],
    // Half of the internet would be in their /64.
    ['64:ff9b::203.0.113.10', null],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', null],
    ['4000::7', null],
    ['::203.0.113.10', null],
    ['8.8.8.8', null],
    ['::ffff:8.8.8.8', null],
    ['fd00::7', null],
    ['fe80::7', null],
    ['2600::/48', null],
    ['unknown', null],
    [null, null],
  ])('of %s it is %s', (address, expected) => {
    expect(ownNetwork(address)).toBe(expected)
  })

  test('it covers the address, and is held by what is wider', () => {
    expect(coversAddress(['2600::/64'], '2600::7')).toBe(true)
    expect(holdsEntry(draftOf('2600::/48'), '2600::/64')).toBe(true)
    expect(holdsEntry(draftOf('2600::7'), '2600::/64')).toBe(false)
    expect(holdsEntry(draftOf(), '2600::/64')).toBe(false)
    expect(holdsEntry(draftOf('::/0'), 'nonsense')).toBe(false)
  })
})

describe('the user’s own IPv6 address alone', () => {
  const judged = (currentAddress: string | null, ...values: readonly string[]) =>
    judgeEntries(
      values.map((value, index) => ({ id: String(index), value })),
      { currentAddress },
    ).map(({ verdict }) => verdict)

  test.each<[string, string | null, readonly string[], readonly EntryVerdict[]]>([
    ['is one of today only', '2600::7', ['2600::7'], ['temporary']],
    ['in any spelling', '2600::7', ['2600:0::0007/128'], ['temporary']],
    ['also beside other entries', '2600::7', ['8.8.8.8', '2600::7', '2600::8'], ['address', 'temporary', 'address']],
    ['once, where it is there twice', '2600::7', ['2600::7', '2600::7'], ['temporary', 'duplicate']],
    ['not with its network beside it', '2600::7', ['2600::7', '2600::/64'], ['covered', 'range']],
    ['not with a wider range', '2600::7', ['2600::7', '2600::/32'], ['covered', 'range']],
    ['not with all of IPv6', '2600::7', ['2600::7', '::/0'], ['covered', 'everything']],
    ['not with another network', '2600::7', ['2600::7', '2600:0:0:1::/64'], ['temporary', 'range']],
    ['not where it is somebody else’s', '2600::7', ['2600::8'], ['address']],
    ['not where nobody knows whose it is', null, ['2600::7'], ['address']],
    ['not an IPv4 one', '8.8.8.8', ['8.8.8.8'], ['address']],
    ['not an IPv4 one in IPv6', '8.8.8.8', ['::ffff:8.8.8.8'], ['address']],
    ['not a private one', 'fd00::7', ['fd00::7'], ['private']],
    ['not a translated one', '64:ff9b::808:808', ['64:ff9b::8.8.8.8'], ['address']],
  ])('%s', (_, currentAddress, values, expected) => {
    expect(judged(currentAddress, ...values)).toEqual(expected)
  })
})

test.each([
  '::ffff:203.0.113.10/24',
  '::ffff:203.0.113.0/32',
  '::ffff:cb00:710a/24',
  '0:0:0:0:0:ffff:203.0.113.10/16',
  '::203.0.113.10/24',
  '64:ff9b::203.0.113.10/24',
  ' ::ffff:0:0/95 ',
])('%s may be meant in two ways, so it is not saved in either', (value) => {
  expect(draftOf(value)).toEqual([{ id: 'row-0', value, normalized: null, verdict: 'ambiguous' }])
  expect(hasInvalidEntry(draftOf(value))).toBe(true)
  expect(coversAddress([value], '203.0.113.10')).toBe(false)
  expect(coversAddress([value], '::1')).toBe(false)
})

describe('entries that the portal has and nobody here can read', () => {
  const stored = [
    '198.51.100.1-198.51.100.9',
    '198.51.100.*',
    '198.51.100.0/255.255.255.0',
    'vpn.example.com',
    '::ffff:203.0.113.10/24',
    '203.0.113.10:443',
    '@office',
  ]
  const judged = (...values: readonly string[]) =>
    judgeEntries(
      values.map((value, index) => ({ id: String(index), value })),
      { unreadable: stored },
    )

  test.each(stored)('%s is shown and sent as it stands, lets nobody in and keeps nothing from being saved', (value) => {
    const draft = judged(value)
    expect(draft).toEqual([{ id: '0', value, normalized: value, verdict: 'unreadable' }])
    expect(hasInvalidEntry(draft)).toBe(false)
    expect(entriesToSend(draft)).toEqual([value])
    expect(assessDraft(draft, '198.51.100.7')).toEqual({
      lockout: 'notCovered',
      currentAddress: '198.51.100.7',
      validCount: 0,
      warnings: [],
      problems: [{ id: '0', verdict: 'unreadable' }],
    })
    expect(letsSomebodyIn(entriesToSend(draft))).toBe(false)
    expect(letsSomebodyIn([...entriesToSend(draft), '8.8.8.8'])).toBe(true)
  })

  test('space around one does not make it another; other texts are not theirs', () => {
    expect(judged(' 198.51.100.* ')[0]).toMatchObject({ normalized: '198.51.100.*', verdict: 'unreadable' })
    expect(judged('198.51.101.1-9', 'VPN.example.com', '').map(({ verdict }) => verdict)).toEqual(
      Array(3).fill('notAnAddress'),
    )
  })

  test('in their places among the others', () => {
    expect(entriesToSend(judged('8.8.8.8/32', '198.51.100.*', '9.9.9.9/24', '198.51.100.*'))).toEqual([
      '8.8.8.8',
      '198.51.100.*',
      '9.9.9.0/24',
    ])
  })

  test('none passes for another entry, however it is written', () => {
    // The inner form of 128.0.0.0/1 is `41`.
    expect(sameEntries(['128.0.0.0/1'], ['41'])).toBe(false)
    expect(sameEntries(['?41'], ['41'])).toBe(false)
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        if (normalized(a) === null || normalized(b) === null) {
          expect(sameEntries([a], [b])).toBe(a.trim() === b.trim())
        }
      }),
    )
  })
})

test('whatever the entries and the address are, nothing throws, and a draft is judged the same once more', () => {
  const text = fc.oneof(nearMiss, fc.string(), crowdedBlock.map(writeBlock), fc.constantFrom('::/1', '8000::/1', '?'))
  fc.assert(
    fc.property(fc.array(text), fc.array(text, { maxLength: 3 }), fc.option(text), (values, unreadable, address) => {
      const by = { unreadable, currentAddress: address }
      const draft = judgeEntries(
        values.map((value, index) => ({ id: String(index), value })),
        by,
      )
      expect(judgeEntries(draft, by)).toEqual(draft)
      const { lockout, validCount } = assessDraft(draft, address, unreadable)
      expect(lockout).toBe(judgeLockout(entriesToSend(draft), address))
      expect(validCount > 0).toBe(letsSomebodyIn(entriesToSend(draft)))
      expect(validCount).toBeLessThanOrEqual(entriesToSend(draft).length)
      ownNetwork(address)
    }),
    { numRuns: 1000 },
  )
})

test.each(['10.0.0.9', '127.0.0.1', '169.254.1.1', '100.64.0.1', 'fd00::9', 'fe80::1', '::1'])(
  'whether a list lets the user in is not known where the portal sees %s: that is its own proxy',
  (address) => {
    expect(judgeLockout([address, '0.0.0.0/0', '::/0'], address)).toBe('unknown')
  },
)
