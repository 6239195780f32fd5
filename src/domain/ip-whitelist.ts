import ipaddr from 'ipaddr.js'

/** The account's IP whitelist. */
export interface IpWhitelist {
  /** Is it enforced at login? */
  readonly enabled: boolean
  /** Single addresses and CIDR ranges, as the portal lists them. */
  readonly entries: readonly string[]
}

/**
 * What is to be said about one entry of a draft. Only `notAnAddress` cannot be saved. Where more than one would fit, the row gets
 * the first that fits of: `notAnAddress`, `everything`, `duplicate`, `covered`, `hostBits`, `private`, `range` or `address`.
 */
export type EntryVerdict =
  | 'address'
  | 'range'
  /** A range written with host bits (`10.0.0.7/24`); the network is what is sent. */
  | 'hostBits'
  /** The same as an entry before it; sent once. */
  | 'duplicate'
  /** Lies within another entry, so it adds nothing. */
  | 'covered'
  /** Private, loopback, link-local, carrier-grade or otherwise never seen by a server on the internet, as a whole. */
  | 'private'
  /** `0.0.0.0/0` or `::/0`: lets everybody in. */
  | 'everything'
  | 'notAnAddress'

/** A line of the whitelist editor. */
export interface DraftRow {
  /** Stable while the row exists; for `entry.remove` and for a UI's key. */
  readonly id: string
  /** As typed. */
  readonly value: string
  /** As it will be sent; null for `notAnAddress`. */
  readonly normalised: string | null
  readonly verdict: EntryVerdict
}

/** What would come of a draft if it were in force. */
export interface Assessment {
  /** Does the list let the current address in? `unknown` where the portal did not say which address that is. */
  readonly lockout: 'covered' | 'notCovered' | 'unknown'
  readonly currentAddress: string | null
  /** Entries that would be sent. */
  readonly validCount: number
  /** The rows that want a look: all but plain addresses and ranges. */
  readonly problems: readonly { readonly id: string; readonly verdict: EntryVerdict }[]
}

/** An address or a range, read and brought into its normal form. */
interface AddressRange {
  /** IPv4 dotted, IPv6 as RFC 5952 has it; without host bits, and without a prefix that says "this address alone". */
  readonly normalised: string
  /** `4` or `6`, then its leading bits as `0` and `1`: a range lies within another if its text begins with the other's. */
  readonly bits: string
  readonly isAddress: boolean
  readonly hasHostBits: boolean
}

const DOTTED = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/
const HEX_AND_COLONS = /^[0-9a-f:]+$/i
const PREFIX_LENGTH = /^(?:0|[1-9][0-9]{0,2})$/
/** `::ffff:0:0/96`, where IPv6 writes IPv4 addresses. */
const MAPPED = `6${'0'.repeat(80)}${'1'.repeat(16)}`

/**
 * The bytes of one address, or null. ipaddr.js reads more than is meant here (`0x7f.1`, `010.0.0.1`, `1`, zone ids) and takes
 * `::1.2.3.4` for a mapped address, so it only gets what RFC 4291 writes, and the dotted part as hex groups.
 */
function readAddress(text: string): readonly number[] | null {
  const head = text.slice(0, text.lastIndexOf(':') + 1)
  const tail = text.slice(head.length)
  const octets = DOTTED.test(tail) ? tail.split('.').map(Number) : null
  if (head === '') return octets

  const hex = (bytes: readonly number[]) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const groups = octets === null ? text : `${head}${hex(octets.slice(0, 2))}:${hex(octets.slice(2))}`
  if (!HEX_AND_COLONS.test(groups) || !ipaddr.IPv6.isValid(groups)) return null
  return ipaddr.IPv6.parse(groups).toByteArray()
}

function readRange(value: unknown): AddressRange | null {
  const text = typeof value === 'string' ? value.trim() : ''
  const [address = '', prefix, ...rest] = text.split('/')
  if (rest.length > 0 || (prefix !== undefined && !PREFIX_LENGTH.test(prefix))) return null
  const bytes = readAddress(address)
  if (bytes === null) return null
  const width = bytes.length * 8
  const length = prefix === undefined ? width : Number(prefix)
  if (length > width) return null

  const all = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const kept = `${width === 32 ? 4 : 6}${all.slice(0, length)}`
  // An IPv4 address that is written as IPv6 is the IPv4 address: that is what a server compares.
  const bits = kept.startsWith(MAPPED) ? `4${kept.slice(MAPPED.length)}` : kept
  return { normalised: write(bits), bits, isAddress: length === width, hasHostBits: all.slice(length).includes('1') }
}

function write(bits: string): string {
  const width = bits.startsWith('4') ? 32 : 128
  const length = bits.length - 1
  const network = bits.slice(1).padEnd(width, '0')
  const bytes = Array.from({ length: width / 8 }, (_, byte) =>
    Number.parseInt(network.slice(byte * 8, byte * 8 + 8), 2),
  )
  const address = ipaddr.fromByteArray(bytes).toString()
  return length === width ? address : `${address}/${length}`
}

/**
 * No client comes from one of these over the internet (IANA's special-purpose registries, multicast and what is reserved).
 * The ranges for documentation are left out: whoever tries the portal's own samples is not told that they are private.
 */
const PRIVATE_RANGES: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::',
  '::1',
  '64:ff9b:1::/48',
  '100::/64',
  '2001:2::/48',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]
const privateBits = PRIVATE_RANGES.flatMap((text) => readRange(text)?.bits ?? [])

/** Those that lie within another one. Sorted, they come right after the widest that holds them: no need to compare all pairs. */
function findCovered(ranges: readonly AddressRange[]): ReadonlySet<string> {
  const covered = new Set<string>()
  let widest: string | null = null
  for (const bits of [...new Set(ranges.map((range) => range.bits))].sort()) {
    if (widest !== null && bits.startsWith(widest)) covered.add(bits)
    else widest = bits
  }
  return covered
}

/** A verdict on every row, all judged together: one row's may depend on the others. */
export function judgeEntries(entries: readonly { readonly id: string; readonly value: string }[]): DraftRow[] {
  const ranges = entries.map(({ value }) => readRange(value))
  const covered = findCovered(ranges.filter((range) => range !== null))
  const seen = new Set<string>()
  return entries.map(({ id, value }, index) => {
    const range = ranges[index] ?? null
    if (range === null) return { id, value, normalised: null, verdict: 'notAnAddress' }
    const isRepeated = seen.has(range.bits)
    seen.add(range.bits)
    return { id, value, normalised: range.normalised, verdict: judge(range, isRepeated, covered) }
  })
}

function judge(range: AddressRange, isRepeated: boolean, covered: ReadonlySet<string>): EntryVerdict {
  if (range.bits === '4' || range.bits === '6') return 'everything'
  if (isRepeated) return 'duplicate'
  if (covered.has(range.bits)) return 'covered'
  if (range.hasHostBits) return 'hostBits'
  if (privateBits.some((bits) => range.bits.startsWith(bits))) return 'private'
  return range.isAddress ? 'address' : 'range'
}

/** What a draft comes to on the wire: normal forms, each once, in the user's order. A covered entry stays, since the user wrote it. */
export const entriesToSend = (draft: readonly DraftRow[]): string[] => [
  ...new Set(draft.flatMap(({ normalised }) => normalised ?? [])),
]

export const hasInvalidEntry = (draft: readonly DraftRow[]) => draft.some(({ normalised }) => normalised === null)

/** Would these entries let this address in? False as well for what is not one single address. IPv6 ranges hold no IPv4 address. */
export function coversAddress(entries: readonly string[], address: string): boolean {
  const bits = addressBits(address)
  return bits !== null && entries.some((entry) => bits.startsWith(readRange(entry)?.bits ?? 'none'))
}

/** Null for a range, even one of a single address, and for a masked or otherwise unreadable address. */
const addressBits = (address: string) => (address.includes('/') ? null : (readRange(address)?.bits ?? null))

/** Lockout is judged on the list that would be in force, not on the rows as typed. */
export function assessDraft(draft: readonly DraftRow[], currentAddress: string | null): Assessment {
  const entries = entriesToSend(draft)
  return {
    lockout: judgeLockout(entries, currentAddress),
    currentAddress,
    validCount: entries.length,
    problems: draft
      .filter(({ verdict }) => verdict !== 'address' && verdict !== 'range')
      .map(({ id, verdict }) => ({ id, verdict })),
  }
}

/** Would these entries let this address in, as far as can be told? */
export function judgeLockout(entries: readonly string[], currentAddress: string | null): Assessment['lockout'] {
  if (currentAddress === null || addressBits(currentAddress) === null) return 'unknown'
  return coversAddress(entries, currentAddress) ? 'covered' : 'notCovered'
}

/** The same list, whatever the order, the spelling and the repetitions? What cannot be read is compared as it stands. */
export function sameEntries(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [normalisedSet(a), normalisedSet(b)]
  return left.size === right.size && [...left].every((entry) => right.has(entry))
}

const normalForm = (entry: string) => readRange(entry)?.normalised ?? entry.trim()
const normalisedSet = (entries: readonly string[]) => new Set(entries.map(normalForm))

/** Asks of an entry whether it is one of these, whatever its spelling. */
export function entriesWithin(entries: readonly string[]): (entry: string) => boolean {
  const known = normalisedSet(entries)
  return (entry) => known.has(normalForm(entry))
}
