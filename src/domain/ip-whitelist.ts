import { type AddressRange, isInOwnNetwork, isPrivate, readRange, unseenBits } from './ip-address.ts'
import { type EntryNotation, type ReadEntry, readEntry } from './ip-notation.ts'

/** The account's IP whitelist. */
export interface IpWhitelist {
  /** Is it enforced at login? */
  readonly enabled: boolean
  /** Single addresses and CIDR ranges, as the portal lists them. */
  readonly entries: readonly string[]
}

/**
 * What is to be said about one entry of a draft. Where more than one would fit, the row gets the first that fits of: `unreadable`, a
 * `RefusedNotation`, `duplicate`, `covered`, `everything`, `temporary`, the other ways to write a range, `private`, `range` or
 * `address`; but `0.0.0.0/0` and `::/0` are always `everything`. Only what is a `RefusedNotation` cannot be saved.
 */
export type EntryVerdict =
  | EntryNotation
  /** The same as earlier entries; sent once. */
  | 'duplicate'
  /** Lies within other entries, so it adds nothing. */
  | 'covered'
  /** Wholly private, loopback, link-local, carrier-grade NAT, or otherwise never seen by a server on the internet. */
  | 'private'
  /** `0.0.0.0/0` or `::/0`, or one of several entries that together cover all addresses: lets everybody in. */
  | 'everything'
  /** The user's own IPv6 address alone: the network's devices change theirs from day to day (RFC 8981). */
  | 'temporary'
  /** Stored by the portal, but not readable here: it is sent back unchanged and counts as letting nobody in. */
  | 'unreadable'

/** A row of the whitelist editor. */
export interface DraftRow {
  /** Stable while the row exists; for `entry.remove` and for a UI's key. */
  readonly id: string
  /** As typed. */
  readonly value: string
  /**
   * As it will be sent. Several ranges are joined with `, `; an `unreadable` entry is unchanged; null if it cannot be saved.
   */
  readonly normalized: string | null
  /** What it is, judged together with the other rows. */
  readonly verdict: EntryVerdict
}

/** What a draft would do if it were in force. */
export interface Assessment {
  /**
   * Does the list let the current address in? `unknown` if the portal did not name that address, or named a private one, which
   * is its own proxy's.
   */
  readonly lockout: 'covered' | 'notCovered' | 'unknown'
  /** The user's address as the portal sees it, in its normal form; null if it is not known. */
  readonly currentAddress: string | null
  /** How many entries can be read and would be sent. */
  readonly validCount: number
  /** What to tell the user before the list is enabled, beside `lockout`. */
  readonly warnings: readonly ListWarning[]
  /** The rows to look at: all except plain addresses and ranges. */
  readonly problems: readonly { readonly id: string; readonly verdict: EntryVerdict }[]
}

/** What to warn about before a list is enabled, besides a lockout. */
export type ListWarning =
  /** It lets the user in only by an IPv6 address of today. */
  | 'temporaryAddress'
  /** It has entries of one address family only, and another session of the user comes over the other. */
  | 'otherFamily'
  /** It lets all of IPv4 or all of IPv6 in. */
  | 'everybody'

/** Those that lie within no other one, in order. Once sorted, the others follow the widest that covers them, so not all pairs are compared. */
function outermost(bits: readonly string[]): string[] {
  const found: string[] = []
  for (const one of [...new Set(bits)].sort()) {
    const widest = found.at(-1)
    if (widest === undefined || !one.startsWith(widest)) found.push(one)
  }
  return found
}

type Family = '4' | '6'
const familyOf = (bits: string) => bits.charAt(0) as Family
const WIDTHS: Readonly<Record<Family, number>> = { '4': 32, '6': 128 }

/** The address families that these cover completely. Ranges that lie in no other one do not overlap, so their sizes add up. */
function findWholeFamilies(outer: readonly string[]): ReadonlySet<Family> {
  const held: Record<Family, bigint> = { '4': 0n, '6': 0n }
  for (const bits of outermost([...outer, ...unseenBits])) {
    const family = familyOf(bits)
    held[family] += 1n << BigInt(WIDTHS[family] - (bits.length - 1))
  }
  return new Set((['4', '6'] as const).filter((family) => held[family] === 1n << BigInt(WIDTHS[family])))
}

/** How the entries of a list relate to each other. */
interface Survey {
  readonly outer: ReadonlySet<string>
  readonly whole: ReadonlySet<Family>
}

function survey(ranges: readonly AddressRange[]): Survey {
  const outer = outermost(ranges.map(({ bits }) => bits))
  return { outer: new Set(outer), whole: findWholeFamilies(outer) }
}

/** What a draft is judged by, beside its lines. */
export interface JudgedBy {
  /** The portal's entries that cannot be read. */
  readonly unreadable?: readonly string[]
  /** The user's address; null if it is not known. */
  readonly currentAddress?: string | null
}

/** The result for one row. */
type Judgment = Pick<DraftRow, 'normalized' | 'verdict'>

/** Joins the ranges of one row. */
const AND = ', '

/** A verdict on every row, all judged together: one row's may depend on the others. */
export function judgeEntries(
  entries: readonly { readonly id: string; readonly value: string }[],
  { unreadable = [], currentAddress = null }: JudgedBy = {},
): DraftRow[] {
  const stored = new Map(unreadableEntries(unreadable).map((entry) => [entry.trim(), entry]))
  const storedAs = (value: unknown) => (typeof value === 'string' ? stored.get(value.trim()) : undefined)
  const rows = entries.map(({ id, value }) => ({ id, value, read: storedAs(value) ?? readEntry(value) }))
  const found = survey(rows.flatMap(({ read }) => rangesIn(read)))
  const own = temporaryCover(found, currentAddress)
  const seen = new Set<string>()
  return rows.map(({ id, value, read }) => {
    const judgment: Judgment =
      typeof read === 'string' ? { normalized: read, verdict: 'unreadable' } : judge(read, found, seen, own)
    for (const { bits } of rangesIn(read)) seen.add(bits)
    return { id, value, ...judgment }
  })
}

/** An entry that is unreadable is a text, as the portal has it stored. */
const rangesIn = (read: ReadEntry | string) => (typeof read === 'string' ? [] : read.ranges)

/** The bits of the current address, if it is one that changes by itself and nothing wider lets it in. */
function temporaryCover({ outer }: Survey, currentAddress: string | null): string | null {
  const own = currentAddress === null ? null : addressRange(currentAddress)
  return own !== null && isInOwnNetwork(own) && outer.has(own.bits) ? own.bits : null
}

function judge(entry: ReadEntry, found: Survey, seen: ReadonlySet<string>, own: string | null): Judgment {
  const { notation, ranges } = entry
  if (ranges.length === 0) return { normalized: null, verdict: notation }
  return {
    normalized: ranges.map(({ normalized }) => normalized).join(AND),
    verdict: verdictOn(entry, found, seen, own),
  }
}

function verdictOn(
  { notation, ranges }: ReadEntry,
  { outer, whole }: Survey,
  seen: ReadonlySet<string>,
  own: string | null,
): EntryVerdict {
  if (ranges.some(({ bits }) => bits === '4' || bits === '6')) return 'everything'
  if (ranges.every(({ bits }) => seen.has(bits))) return 'duplicate'
  if (ranges.every(({ bits }) => seen.has(bits) || !outer.has(bits))) return 'covered'
  if (ranges.some((range) => whole.has(familyOf(range.bits)) && !isPrivate(range))) return 'everything'
  if (ranges.every(({ bits }) => bits === own)) return 'temporary'
  if (notation !== 'address' && notation !== 'range') return notation
  return ranges.every(isPrivate) ? 'private' : notation
}

/** What a draft comes to on the wire: normal forms, each once, in the user's order. A covered entry stays, since the user wrote it. */
export const entriesToSend = (draft: readonly DraftRow[]): string[] => [...new Set(draft.flatMap(entriesOf))]

/** What one row comes to. */
export function entriesOf({ normalized, verdict }: Pick<DraftRow, 'normalized' | 'verdict'>): readonly string[] {
  if (normalized === null) return []
  return verdict === 'unreadable' ? [normalized] : normalized.split(AND)
}

export const hasInvalidEntry = (draft: readonly DraftRow[]) => draft.some(({ normalized }) => normalized === null)

/** Would these entries let this address in? False as well for what is not one single address. IPv6 ranges hold no IPv4 address. */
export function coversAddress(entries: readonly string[], address: string): boolean {
  const bits = addressBits(address)
  return bits !== null && entries.some((entry) => bits.startsWith(readRange(entry)?.bits ?? 'none'))
}

/** Null for a range, even one of a single address, and for a masked or otherwise unreadable address. */
const addressRange = (address: string) => (address.includes('/') ? null : readRange(address))
const addressBits = (address: string) => addressRange(address)?.bits ?? null

/**
 * Lockout is judged on the list that would be in force, not on the rows as typed. `otherAddresses`: where the user's other sessions
 * come from.
 */
export function assessDraft(
  draft: readonly DraftRow[],
  currentAddress: string | null,
  otherAddresses: readonly string[] = [],
): Assessment {
  const readable = draft.filter(({ normalized, verdict }) => normalized !== null && verdict !== 'unreadable')
  return {
    lockout: judgeLockout(entriesToSend(readable), currentAddress),
    currentAddress,
    validCount: entriesToSend(readable).length,
    warnings: warningsOn(readable, otherAddresses),
    problems: draft
      .filter(({ verdict }) => verdict !== 'address' && verdict !== 'range')
      .map(({ id, verdict }) => ({ id, verdict })),
  }
}

function warningsOn(readable: readonly DraftRow[], otherAddresses: readonly string[]): ListWarning[] {
  const verdicts = new Set(readable.map(({ verdict }) => verdict))
  const listed = new Set(readable.flatMap(entriesOf).flatMap(publicFamily))
  const isOtherUsed = otherAddresses.flatMap(publicFamily).some((family) => !listed.has(family))
  return [
    ...(verdicts.has('temporary') ? (['temporaryAddress'] as const) : []),
    ...(listed.size === 1 && isOtherUsed ? (['otherFamily'] as const) : []),
    ...(verdicts.has('everything') ? (['everybody'] as const) : []),
  ]
}

/** Empty for what cannot be read, and for what can only be the portal's own proxy. */
function publicFamily(entry: string): Family[] {
  const range = readRange(entry)
  return range === null || isPrivate(range) ? [] : [familyOf(range.bits)]
}

/** Does it have an entry that lets somebody in, as far as we can read? */
export const letsSomebodyIn = (entries: readonly string[]) => entries.some((entry) => readRange(entry) !== null)

/** Those of the entries that nobody here can read. */
export const unreadableEntries = (entries: readonly string[]) => entries.filter((entry) => readRange(entry) === null)

/**
 * Would these entries let this address in, as far as can be told? Not where the portal sees the user come from a private address: that is its
 * own proxy's.
 */
export function judgeLockout(entries: readonly string[], currentAddress: string | null): Assessment['lockout'] {
  const own = currentAddress === null ? null : addressRange(currentAddress)
  if (currentAddress === null || own === null || isPrivate(own)) return 'unknown'
  return coversAddress(entries, currentAddress) ? 'covered' : 'notCovered'
}

/** The prefix length of the network that a customer gets for one link (RFC 6177, RFC 7421). */
const LINK_PREFIX = 64

/** The network of a single IPv6 address on the internet, whose devices change their addresses from day to day; null for any other. */
export function ownNetwork(address: string | null): string | null {
  const own = address === null ? null : addressRange(address)
  if (own === null || !isInOwnNetwork(own)) return null
  return readRange(`${own.normalized}/${LINK_PREFIX}`)?.normalized ?? null
}

/** Does the list hold the whole of this entry already? */
export function holdsEntry(entries: readonly string[], entry: string): boolean {
  const bits = readRange(entry)?.bits
  return bits !== undefined && entries.some((held) => bits.startsWith(readRange(held)?.bits ?? 'none'))
}

/** The same list, whatever the order, the spelling and the repetitions? What cannot be read is compared as it stands. */
export function sameEntries(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [identitiesOf(a), identitiesOf(b)]
  return left.size === right.size && [...left].every((entry) => right.has(entry))
}

/** The same for two spellings of one entry. The `?` keeps a text from being taken for the bits of an address. */
const identityOf = (entry: string) => readRange(entry)?.bits ?? `?${entry.trim()}`
const identitiesOf = (entries: readonly string[]) => new Set(entries.map(identityOf))

/** Asks of an entry whether it is one of these, whatever its spelling. */
export function entriesWithin(entries: readonly string[]): (entry: string) => boolean {
  const known = identitiesOf(entries)
  return (entry) => known.has(identityOf(entry))
}
