import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assessDraft, judgeEntries } from '../../src/domain/ip-whitelist.ts'
import { addressesOf, noAddresses } from '../../src/domain/session-addresses.ts'
import type { Session } from '../../src/domain/sessions.ts'
import {
  beside,
  emptyDraft,
  isDraftChanged,
  previewEntry,
  type WhitelistDraft,
  withAddresses,
  withEntries,
  withEntry,
  withoutEntry,
  withPasted,
} from '../../src/domain/whitelist-draft.ts'
import { judgedPlainly } from './plain-judging.ts'

const values = ({ draft }: WhitelistDraft) => draft.map(({ value }) => value)
/** A session from each address; the first is in use. */
const signedInFrom = (addresses: readonly string[]): Session[] =>
  addresses.map((clientIp, index) => ({ sessionId: `SESS...${index}`, clientIp, isCurrent: index === 0 }))
/** One session, in use, from this address. */
const from = (clientIp: string) => addressesOf(signedInFrom([clientIp]))
const ids = ({ draft }: WhitelistDraft) => draft.map(({ id }) => id)

const texts = fc.oneof(
  fc.constantFrom(
    '8.8.8.8',
    '8.8.8.0/24',
    '8.8.8.8/24',
    '::ffff:8.8.8.8',
    '2001:db8::1',
    '2600::7',
    '8.8.8.6 - 8.8.8.9',
    '8.8.8.0 255.255.255.0',
    '0.0.0.0/0',
    'office',
  ),
  fc.string(),
)

describe('editing a draft', () => {
  const draft = withEntries(emptyDraft, ['8.8.8.8', '9.9.9.9'])

  test('at first there is nothing in it', () => {
    expect(emptyDraft).toEqual({
      draft: [],
      rowsMade: 0,
      unreadable: [],
      otherAddresses: [],
      assessment: { lockout: 'unknown', currentAddress: null, validCount: 0, warnings: [], problems: [] },
    })
  })

  test('an entry is added at the end, as it is typed', () => {
    expect(values(withEntry(draft, ' 7.7.7.7'))).toEqual(['8.8.8.8', '9.9.9.9', ' 7.7.7.7'])
  })

  test('an entry is removed by its id, and the others keep theirs', () => {
    const [first = '', second] = ids(draft)
    const rest = withoutEntry(draft, first)
    expect(values(rest)).toEqual(['9.9.9.9'])
    expect(ids(rest)).toEqual([second])
  })

  test('of two that read alike only the one with the id goes', () => {
    const twice = withEntries(emptyDraft, ['8.8.8.8', '8.8.8.8'])
    expect(ids(withoutEntry(twice, ids(twice)[1] ?? ''))).toEqual(ids(twice).slice(0, 1))
  })

  test('an id that is not there removes nothing', () => {
    expect(withoutEntry(draft, 'row-99')).toEqual(draft)
    expect(withoutEntry(draft, '8.8.8.8')).toEqual(draft)
  })

  test('the id of a row that was removed is not given to the next one', () => {
    const gone = ids(draft).at(-1) ?? ''
    expect(ids(withEntry(withoutEntry(draft, gone), '7.7.7.7'))).not.toContain(gone)
  })

  test('other entries are other rows, even where they read alike', () => {
    const again = withEntries(draft, values(draft))
    expect(values(again)).toEqual(values(draft))
    expect(ids(again).filter((id) => ids(draft).includes(id))).toEqual([])
  })

  test('one row may change what is said of another', () => {
    const covered = withEntry(draft, '8.8.8.0/24')
    expect(covered.draft[0]?.verdict).toBe('covered')
    expect(withoutEntry(covered, ids(covered)[2] ?? '').draft[0]?.verdict).toBe('address')
  })

  test('the current address stays while the rows change', () => {
    const placed = withAddresses(draft, from('8.8.8.8'))
    expect(placed.assessment).toMatchObject({ currentAddress: '8.8.8.8', lockout: 'covered' })
    const without = withoutEntry(placed, ids(placed)[0] ?? '')
    expect(without.assessment).toMatchObject({ currentAddress: '8.8.8.8', lockout: 'notCovered' })
    expect(withEntry(without, '8.8.0.0/16').assessment.lockout).toBe('covered')
    expect(withEntries(placed, []).assessment).toMatchObject({ currentAddress: '8.8.8.8', lockout: 'notCovered' })
  })

  test('an address that is forgotten leaves nothing to judge by', () => {
    expect(withAddresses(withAddresses(draft, from('8.8.8.8')), noAddresses)).toEqual(draft)
  })
})

describe('whatever is done to a draft', () => {
  type Step =
    | { readonly do: 'add'; readonly value: string }
    | { readonly do: 'replace'; readonly values: readonly string[] }
    | { readonly do: 'remove'; readonly place: number }
    | { readonly do: 'come from'; readonly address: string | null }
  const steps: fc.Arbitrary<readonly Step[]> = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('add' as const), value: texts }),
      fc.record({ do: fc.constant('replace' as const), values: fc.array(texts, { maxLength: 4 }) }),
      fc.record({ do: fc.constant('remove' as const), place: fc.nat(5) }),
      fc.record({
        do: fc.constant('come from' as const),
        address: fc.constantFrom('8.8.8.8', '7.7.7.7', '2600::1', null),
      }),
    ),
    { maxLength: 12 },
  )
  const take = (draft: WhitelistDraft, step: Step): WhitelistDraft => {
    switch (step.do) {
      case 'add':
        return withEntry(draft, step.value)
      case 'replace':
        return withEntries(draft, step.values)
      case 'remove':
        return withoutEntry(draft, ids(draft)[step.place] ?? 'none')
      case 'come from':
        return withAddresses(draft, step.address === null ? noAddresses : from(step.address))
    }
  }

  test('its ids are never used again, and its assessment is always that of its rows', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const used = new Set<string>()
        let draft = emptyDraft
        for (const step of taken) {
          const before = step.do === 'replace' ? [] : ids(draft)
          draft = take(draft, step)
          const fresh = ids(draft).filter((id) => !before.includes(id))
          expect(fresh.filter((id) => used.has(id))).toEqual([])
          expect(new Set(fresh).size).toBe(fresh.length)
          for (const id of fresh) used.add(id)
          const { currentAddress } = draft.assessment
          const rows = judgeEntries(draft.draft, { currentAddress })
          const assessment = assessDraft(rows, currentAddress, draft.otherAddresses)
          expect(draft).toMatchObject({ draft: rows, assessment })
          if (step.do === 'come from') expect(draft.assessment.currentAddress).toBe(step.address)
        }
      }),
    )
  })

  test('what it was is left as it was', () => {
    fc.assert(
      fc.property(steps, steps, (taken, more) => {
        const draft = taken.reduce(take, emptyDraft)
        const copy = structuredClone(draft)
        more.reduce(take, draft)
        expect(draft).toEqual(copy)
      }),
    )
  })
})

describe('only what may have changed is judged again', () => {
  /** So few that they meet: in each other, beside each other, written twice, and the pieces of all of IPv4 and IPv6. */
  const crowded = fc.oneof(
    fc.tuple(fc.nat(7), fc.integer({ min: 28, max: 32 })).map(([host, length]) => `8.8.8.${host}/${length}`),
    fc.tuple(fc.nat(7), fc.integer({ min: 124, max: 128 })).map(([host, length]) => `2600::${host}/${length}`),
    fc.tuple(fc.nat(7), fc.nat(7)).map(([from, to]) => `8.8.8.${from} - 8.8.8.${to}`),
    fc.tuple(fc.nat(7), fc.nat(7)).map(([from, to]) => `2600::${from} - 2600::${to}`),
    fc.constantFrom('0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/5', '0.0.0.0/0', '10.0.0.0/8', '10.1.2.3', '224.0.0.1'),
    fc.constantFrom('2000::/4', '3000::/4', '2000::/3', '::/0', 'fd00::/8', 'fd00::7', '2001:db8::/32', '2600::/48'),
    fc.constantFrom('8.8.8.0 - 2600::1', '8.8.8.*', '8.8.8.7/29', '::ffff:8.8.8.1', 'office', ' office', 'lab', ''),
  )
  const session = fc.constantFrom('8.8.8.1', '8.8.8.6', '2600::1', '2600::6', '10.1.2.3', 'unknown')
  const lists = fc.array(crowded, { maxLength: 10 })
  const places = fc.nat(20)
  const idOfWidest = ({ draft }: WhitelistDraft) => {
    const lengths = draft.map(({ normalized }) => Number(normalized?.split('/')[1] ?? 999))
    return draft[lengths.indexOf(Math.min(...lengths))]?.id ?? 'none'
  }
  const by = <Value>(values: fc.Arbitrary<Value>, edit: (draft: WhitelistDraft, value: Value) => WhitelistDraft) =>
    values.map((value) => (draft: WhitelistDraft) => edit(draft, value))
  const edit = fc.oneof(
    { weight: 4, arbitrary: by(crowded, withEntry) },
    { weight: 2, arbitrary: by(places, (draft, place) => withEntry(draft, values(draft)[place] ?? '8.8.8.1')) },
    { weight: 2, arbitrary: by(places, (draft, place) => withoutEntry(draft, ids(draft)[place] ?? 'none')) },
    by(fc.constantFrom(-1, -2), (draft, place) => withoutEntry(draft, ids(draft).at(place) ?? 'none')),
    by(fc.constant(null), (draft) => withoutEntry(draft, idOfWidest(draft))),
    by(lists, withEntries),
    by(lists, (draft, entries) => withPasted(draft, entries.join('\n'))),
    by(lists, (draft, entries) => withEntries(beside(draft, { enabled: true, entries }), entries)),
    by(fc.array(session, { maxLength: 3 }), (draft, addresses) =>
      withAddresses(draft, addressesOf(signedInFrom(addresses))),
    ),
    // A stored draft is only rows: what is known of them beside that is gone.
    by(fc.constant(null), (draft) => structuredClone(draft)),
  )

  test('and comes to what all lines would, each held against each other one', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 10, maxLength: 25 }), crowded, (edits, other) => {
        let draft = emptyDraft
        for (const take of edits) {
          const typed = values(draft).at(-1) ?? other
          draft = take(draft)
          const { unreadable, otherAddresses, assessment } = draft
          const ground = { unreadable, otherAddresses, currentAddress: assessment.currentAddress }
          expect(draft).toMatchObject(judgedPlainly(draft.draft, ground))
          for (const value of [typed, other]) {
            const shown = draft.draft.flatMap(({ verdict, normalized }) =>
              verdict === 'unreadable' ? (normalized ?? []) : [],
            )
            const more = judgedPlainly([...draft.draft, { id: '', value }], { ...ground, unreadable: shown })
            expect(more.draft.at(-1)).toMatchObject(previewEntry(draft.draft, value, assessment))
          }
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('the preview of a line that is being typed', () => {
  const { draft } = withEntries(emptyDraft, ['8.8.8.0/24'])

  test.each([
    ['9.9.9.9', 'address', '9.9.9.9'],
    [' 9.9.9.9/24 ', 'hostBits', '9.9.9.0/24'],
    ['8.8.8.8', 'covered', '8.8.8.8'],
    ['8.8.8.0/24', 'duplicate', '8.8.8.0/24'],
    ['9.9.9.0 255.255.255.0', 'netmask', '9.9.9.0/24'],
    ['9.9.9.*', 'wildcard', '9.9.9.0/24'],
    ['9.9.9.0 0.0.0.255', 'wildcardMask', '9.9.9.0/24'],
    ['9.9.9.1 - 9.9.9.2', 'span', '9.9.9.1, 9.9.9.2'],
    ['9.9.9.2 - 9.9.9.1', 'backwards', null],
    ['8.8.8.0 - 8.8.8.9', 'covered', '8.8.8.0/29, 8.8.8.8/31'],
    ['9.9.9', 'notAnAddress', null],
    ['', 'notAnAddress', null],
  ])('finds %j to be %s', (value, verdict, normalized) => {
    expect(previewEntry(draft, value)).toEqual({ verdict, normalized })
  })

  test('knows the user’s own address, and the entries that only the portal can read, from what is on screen', () => {
    const stored = { enabled: false, entries: ['198.51.100.*'] }
    const placed = withAddresses(withEntries(beside(emptyDraft, stored), stored.entries), from('2600::7'))
    expect(previewEntry(placed.draft, '2600::7', placed.assessment).verdict).toBe('temporary')
    expect(previewEntry(placed.draft, '198.51.100.*', placed.assessment).verdict).toBe('unreadable')
    expect(previewEntry(placed.draft, '198.51.101.*', placed.assessment).verdict).toBe('wildcard')
    expect(previewEntry(placed.draft, '::ffff:8.8.8.8/24', placed.assessment).verdict).toBe('ambiguous')
  })

  test('is what its row says once it is added, and adds nothing', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 5 }), texts, (entries, value) => {
        const list = { enabled: false, entries }
        const before = withAddresses(withEntries(beside(emptyDraft, list), entries), from('2600::7'))
        const copy = structuredClone(before)
        const preview = previewEntry(before.draft, value, before.assessment)
        expect(withEntry(before, value).draft.at(-1)).toMatchObject(preview)
        expect(Object.keys(preview).sort()).toEqual(['normalized', 'verdict'])
        expect(before).toEqual(copy)
      }),
    )
  })
})

describe('whether a draft says anything else than the whitelist', () => {
  test.each<[string, boolean, readonly string[], readonly string[]]>([
    ['the same entries', false, ['8.8.8.8', '9.9.9.0/24'], ['8.8.8.8', '9.9.9.0/24']],
    ['in another order', false, ['9.9.9.0/24', '8.8.8.8'], ['8.8.8.8', '9.9.9.0/24']],
    ['in another spelling', false, ['9.9.9.9/24'], ['9.9.9.0/24']],
    ['the ranges of a span', false, ['9.9.9.0 - 9.9.9.2'], ['9.9.9.0/31', '9.9.9.2']],
    ['a part of a span', true, ['9.9.9.0 - 9.9.9.2'], ['9.9.9.0/31']],
    ['an entry written twice', false, ['8.8.8.8', '8.8.8.8'], ['8.8.8.8']],
    ['both empty', false, [], []],
    ['an entry more', true, ['8.8.8.8', '9.9.9.9'], ['8.8.8.8']],
    ['an entry less', true, ['8.8.8.8'], ['8.8.8.8', '9.9.9.9']],
    ['an entry less, the last one', true, [], ['8.8.8.8']],
    ['an entry more that cannot be read', true, ['8.8.8.8', 'office'], ['8.8.8.8']],
    ['an empty row', true, ['8.8.8.8', ''], ['8.8.8.8']],
    ['an entry of the portal that cannot be read, left alone', false, ['8.8.8.8', 'office'], ['8.8.8.8', 'office']],
    ['such an entry taken out', true, ['8.8.8.8'], ['8.8.8.8', 'office']],
  ])('%s: changed is %s', (_, isChanged, draft, entries) => {
    for (const enabled of [true, false]) {
      expect(isDraftChanged(withEntries(emptyDraft, draft).draft, { enabled, entries })).toBe(isChanged)
    }
  })

  test('as it was read it says the same', () => {
    fc.assert(
      fc.property(fc.array(texts), (entries) => {
        const stored = { enabled: true, entries }
        expect(isDraftChanged(withEntries(beside(emptyDraft, stored), entries).draft, stored)).toBe(false)
      }),
    )
  })
})

describe('entries of the portal’s own that nobody here can read', () => {
  const odd = '198.51.100.1-198.51.100.9'
  const stored = { enabled: true, entries: [odd, '8.8.8.8'] }
  const draft = withEntries(beside(emptyDraft, stored), stored.entries)

  test('are shown as they stand, and go back so', () => {
    expect(draft.draft).toMatchObject([
      { value: odd, normalized: odd, verdict: 'unreadable' },
      { value: '8.8.8.8', verdict: 'address' },
    ])
    expect(draft.assessment).toMatchObject({ validCount: 1, problems: [{ verdict: 'unreadable' }] })
    expect(isDraftChanged(draft.draft, stored)).toBe(false)
  })

  test('can be removed, and typed again as the list has them', () => {
    const without = withoutEntry(draft, ids(draft)[0] ?? '')
    expect(values(without)).toEqual(['8.8.8.8'])
    expect(withEntry(without, odd).draft.at(-1)?.verdict).toBe('unreadable')
  })

  test('a whole list that is typed anew may have them; what is only like them is read for what it says', () => {
    const replaced = withEntries(draft, ['9.9.9.9', odd, '198.51.100.*'])
    expect(replaced.draft.map(({ verdict }) => verdict)).toEqual(['address', 'unreadable', 'wildcard'])
    expect(isDraftChanged(replaced.draft, stored)).toBe(true)
  })

  test('stay what they are wherever the user comes from', () => {
    expect(withAddresses(draft, from('198.51.100.5'))).toMatchObject({
      draft: draft.draft,
      assessment: { lockout: 'notCovered', validCount: 1 },
    })
  })

  test('what is typed and was never stored is read for what it says', () => {
    expect(withEntry(draft, '198.51.100.1-198.51.100.8').draft.at(-1)?.verdict).toBe('span')
  })

  test('once the portal lists them no more, they are read for what they say as well', () => {
    expect(beside(draft, { enabled: true, entries: ['8.8.8.8'] }).draft[0]?.verdict).toBe('span')
  })
})

describe('what should be said before the list is enabled', () => {
  const user = (...addresses: readonly string[]) => signedInFrom(addresses)
  const warnings = (entries: readonly string[], sessions: readonly Session[]) =>
    withAddresses(withEntries(emptyDraft, entries), addressesOf(sessions)).assessment.warnings

  test.each<[string, readonly string[], Session[], readonly string[]]>([
    ['an IPv6 address alone', ['2600::7'], user('2600::7'), ['temporaryAddress']],
    ['with its network beside it', ['2600::7', '2600::/64'], user('2600::7'), []],
    ['the address of somebody else', ['2600::8', '2600::/64'], user('2600::7'), []],
    ['an IPv4 address alone', ['8.8.8.8'], user('8.8.8.8'), []],
    ['a private one', ['fd00::7'], user('fd00::7'), []],
    ['IPv4 only, while the phone uses IPv6', ['8.8.8.8'], user('8.8.8.8', '2600::7'), ['otherFamily']],
    ['IPv6 only, while the phone uses IPv4', ['2600::/64'], user('2600::7', '9.9.9.9'), ['otherFamily']],
    ['both', ['8.8.8.8', '2600::/64'], user('8.8.8.8', '2600::7'), []],
    ['a phone whose address cannot be read', ['8.8.8.8'], user('8.8.8.8', 'unknown'), []],
    ['an empty list', [], user('8.8.8.8', '2600::7'), []],
    ['IPv4 only, while the phone is behind the portal’s proxy', ['8.8.8.8'], user('8.8.8.8', 'fd00::7'), []],
    [
      'IPv6 and a private network, while the phone uses IPv4',
      ['2600::/64', '10.0.0.0/8'],
      user('2600::7', '9.9.9.9'),
      ['otherFamily'],
    ],
    ['IPv4 only, while the session in use uses IPv6', ['8.8.8.8'], user('2600::7'), []],
    ['a span of IPv4 that nobody can read', ['2600::/64', '9.9.9.1-9'], user('2600::7', '9.9.9.9'), ['otherFamily']],
    [
      'several at once',
      ['2600::7', '::/4', '3000::/4', '2600::8'],
      user('2600::7', '9.9.9.9'),
      ['temporaryAddress', 'otherFamily'],
    ],
    [
      'all of IPv6 in pieces, the phone on IPv4',
      ['2000::/4', '3000::/4'],
      user('2600::7', '9.9.9.9'),
      ['otherFamily', 'everybody'],
    ],
    ['all of IPv4 in halves', ['0.0.0.0/1', '128.0.0.0/1'], user('8.8.8.8'), ['everybody']],
    ['all of IPv6', ['::/0'], user('2600::7'), ['everybody']],
  ])('%s', (_, entries, sessions, expected) => {
    expect(warnings(entries, sessions)).toEqual(expected)
  })
})
