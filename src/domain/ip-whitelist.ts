import { type AddressRange, isInOwnNetwork, isPrivate, readRange } from './ip-address.ts'
import { type EntryNotation, type ReadEntry, readEntry } from './ip-notation.ts'
import {
  FAMILIES,
  type Family,
  familyOf,
  firstWith,
  holderOf,
  holdingLine,
  isWhole,
  type Line,
  linesTouched,
  positionOf,
  replaced,
  type Survey,
  surveyOf,
  withLine,
  withoutLine,
} from './range-survey.ts'
import { remembered } from './remembered.ts'

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
  by: JudgedBy = {},
): DraftRow[] {
  const lines = entries.map(({ value }, number) => ({ number, read: readLine(value, by.unreadable) }))
  const survey = surveyOf(lines)
  const own = ownBits(by)
  const judgments = lines.map((line) => judge(line, survey, own))
  const rows = entries.map(({ id, value }, at) => ({ id, value, ...(judgments[at] as Judgment) }))
  surveys.note(rows, survey)
  return rows
}

/** These rows and one more at the end. Only those are judged again whose verdict may change. */
export function withRow(
  rows: readonly DraftRow[],
  { id, value }: Pick<DraftRow, 'id' | 'value'>,
  by: JudgedBy,
): readonly DraftRow[] {
  const before = surveys.of(rows)
  const line = nextLine(before, readLine(value, by.unreadable))
  const survey = withLine(before, line)
  const row = { id, value, ...judge(line, survey, ownBits(by)) }
  const more = [...rows, row]
  problems.note(more, [...problems.of(rows), ...problemsIn([row])])
  return judgedAgain(more, linesTouched(before, survey, line), survey, by)
}

/** These rows without the one of this id. Only those are judged again whose verdict may change. */
export function withoutRow(rows: readonly DraftRow[], id: string, by: JudgedBy): readonly DraftRow[] {
  const before = surveys.of(rows)
  const at = rows.findIndex((row) => row.id === id)
  const [row, line] = [rows[at], before.lines[at]]
  if (row === undefined || line === undefined) return rows
  const survey = withoutLine(before, line)
  const rest = replaced(rows, at, 1, [])
  problems.note(rest, problemsIn([row]).length === 0 ? problems.of(rows) : problemsIn(rest))
  return judgedAgain(rest, linesTouched(before, survey, line), survey, by)
}

/** What would be said of one more row at the end. */
export function judgeNext(rows: readonly DraftRow[], value: string, by: Pick<JudgedBy, 'currentAddress'>): Judgment {
  const before = surveys.of(rows)
  const line = nextLine(before, readLine(value, before.texts))
  return judge(line, holdingLine(before, line), ownBits(by))
}

/** These rows are those of the draft, whatever else they say: what was found out about them holds here as well. */
export function likeDraft<Row extends DraftRow>(rows: readonly Row[], draft: readonly DraftRow[]): readonly Row[] {
  surveys.note(rows, surveys.of(draft))
  return rows
}

/** What was found out about the rows of a draft. It stands beside them, since they are stored; where it is missing, it is found out again. */
const surveys = remembered((rows: readonly DraftRow[]) =>
  surveyOf(rows.map((row, number) => ({ number, read: readRow(row) }))),
)
const problems = remembered((rows: readonly DraftRow[]) => problemsIn(rows))

const problemsIn = (rows: readonly DraftRow[]): Assessment['problems'] =>
  rows.filter(({ verdict }) => verdict !== 'address' && verdict !== 'range').map(({ id, verdict }) => ({ id, verdict }))

const readRow = ({ value, normalized, verdict }: DraftRow): Line['read'] =>
  verdict === 'unreadable' && normalized !== null ? normalized : readEntry(value)

/** Of what the portal has stored and nobody can read here: as it stands there. */
const readLine = (value: unknown, unreadable: readonly string[] = []): Line['read'] =>
  (typeof value === 'string' ? texts.of(unreadable).get(value.trim()) : undefined) ?? readEntry(value)

const texts = remembered(
  (unreadable: readonly string[]) => new Map(unreadableEntries(unreadable).map((entry) => [entry.trim(), entry])),
)

const nextLine = ({ lines }: Survey, read: Line['read']): Line => ({ number: (lines.at(-1)?.number ?? -1) + 1, read })

/** The bits of the current address, if it is one that changes by itself. */
function ownBits({ currentAddress = null }: JudgedBy): string | null {
  const own = currentAddress === null ? null : addressRange(currentAddress)
  return own !== null && isInOwnNetwork(own) ? own.bits : null
}

/** The rows with a new verdict for those of these lines that get another. */
function judgedAgain(
  rows: readonly DraftRow[],
  lines: readonly Line[],
  survey: Survey,
  by: JudgedBy,
): readonly DraftRow[] {
  const own = ownBits(by)
  const changed = lines.flatMap((line) => {
    const at = positionOf(survey, line)
    const row = rows[at]
    const { verdict } = judge(line, survey, own)
    return row === undefined || row.verdict === verdict ? [] : { at, row: { ...row, verdict } }
  })
  const verdicts = new Map(changed.map(({ at, row }) => [at, row]))
  const judged = changed.length === 0 ? rows : rows.map((row, at) => verdicts.get(at) ?? row)
  surveys.note(judged, survey)
  return judged
}

function judge(line: Line, survey: Survey, own: string | null): Judgment {
  const { read } = line
  if (typeof read === 'string') return { normalized: read, verdict: 'unreadable' }
  if (read.ranges.length === 0) return { normalized: null, verdict: read.notation }
  return {
    normalized: read.ranges.map(({ normalized }) => normalized).join(AND),
    verdict: verdictOn(line.number, read, survey, own),
  }
}

function verdictOn(number: number, { notation, ranges }: ReadEntry, survey: Survey, own: string | null): EntryVerdict {
  const isSeen = ({ bits }: AddressRange) => (firstWith(survey, bits)?.number ?? number) < number
  const isWithin = ({ bits }: AddressRange) => (holderOf(survey, bits)?.bits ?? bits) !== bits
  if (ranges.some(({ bits }) => bits === '4' || bits === '6')) return 'everything'
  if (ranges.every(isSeen)) return 'duplicate'
  if (ranges.every((range) => isSeen(range) || isWithin(range))) return 'covered'
  if (ranges.some((range) => isWhole(survey, familyOf(range)) && !isPrivate(range))) return 'everything'
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
  return bits !== null && holdsBits(entries, bits)
}

const holdsBits = (entries: readonly string[], bits: string) =>
  entries.some((entry) => bits.startsWith(readRange(entry)?.bits ?? 'none'))

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
  const survey = surveys.of(draft)
  return {
    lockout: lockoutBy((bits) => holderOf(survey, bits) !== undefined, currentAddress),
    currentAddress,
    validCount: survey.rangeCount,
    warnings: warningsOn(survey, ownBits({ currentAddress }), otherAddresses),
    problems: problems.of(draft),
  }
}

function warningsOn(survey: Survey, own: string | null, otherAddresses: readonly string[]): ListWarning[] {
  const first = own === null ? undefined : firstWith(survey, own)
  const isTemporary = first !== undefined && judge(first, survey, own).verdict === 'temporary'
  const listed = FAMILIES.filter((family) => survey.held[family].publicCount > 0)
  const isOtherUsed = publicFamilies.of(otherAddresses).some((family) => !listed.includes(family))
  return [
    ...(isTemporary ? (['temporaryAddress'] as const) : []),
    ...(listed.length === 1 && isOtherUsed ? (['otherFamily'] as const) : []),
    ...(FAMILIES.some((family) => isWhole(survey, family)) ? (['everybody'] as const) : []),
  ]
}

const publicFamilies = remembered((addresses: readonly string[]) => [...new Set(addresses.flatMap(publicFamily))])

/** Empty for what cannot be read, and for what can only be the portal's own proxy. */
function publicFamily(entry: string): Family[] {
  const range = readRange(entry)
  return range === null || isPrivate(range) ? [] : [familyOf(range)]
}

/** Does it have an entry that lets somebody in, as far as we can read? */
export const letsSomebodyIn = (entries: readonly string[]) => entries.some((entry) => readRange(entry) !== null)

/** Those of the entries that nobody here can read. */
export const unreadableEntries = (entries: readonly string[]) => entries.filter((entry) => readRange(entry) === null)

/**
 * Would these entries let this address in, as far as can be told? Not where the portal sees the user come from a private address: that is its
 * own proxy's.
 */
export const judgeLockout = (entries: readonly string[], currentAddress: string | null): Assessment['lockout'] =>
  lockoutBy((bits) => holdsBits(entries, bits), currentAddress)

function lockoutBy(holds: (bits: string) => boolean, currentAddress: string | null): Assessment['lockout'] {
  const own = currentAddress === null ? null : addressRange(currentAddress)
  if (own === null || isPrivate(own)) return 'unknown'
  return holds(own.bits) ? 'covered' : 'notCovered'
}

/** The prefix length of the network that a customer gets for one link (RFC 6177, RFC 7421). */
const LINK_PREFIX = 64

/** The network of a single IPv6 address on the internet, whose devices change their addresses from day to day; null for any other. */
export function ownNetwork(address: string | null): string | null {
  const own = address === null ? null : addressRange(address)
  if (own === null || !isInOwnNetwork(own)) return null
  return readRange(`${own.normalized}/${LINK_PREFIX}`)?.normalized ?? null
}

/** Does the draft hold the whole of this entry already? */
export function holdsEntry(draft: readonly DraftRow[], entry: string): boolean {
  const bits = readRange(entry)?.bits
  return bits !== undefined && holderOf(surveys.of(draft), bits) !== undefined
}

/** The same list, whatever the order, the spelling and the repetitions? What cannot be read is compared as it stands. */
export function sameEntries(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [identitiesOf(a), identitiesOf(b)]
  return left.size === right.size && [...left].every((entry) => right.has(entry))
}

/** As an entry is sent; as it stands, if it cannot be read. */
export const normalForm = (entry: string) => readRange(entry)?.normalized ?? entry.trim()

/** The same for two spellings of one entry. The `?` keeps a text from being taken for the bits of an address. */
const identityOf = (entry: string) => readRange(entry)?.bits ?? `?${entry.trim()}`
const identitiesOf = (entries: readonly string[]) => new Set(entries.map(identityOf))

/** Asks of an entry whether it is one of these, whatever its spelling. */
export function entriesWithin(entries: readonly string[]): (entry: string) => boolean {
  const known = identitiesOf(entries)
  return (entry) => known.has(identityOf(entry))
}
