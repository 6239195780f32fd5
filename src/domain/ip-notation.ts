import { type AddressRange, isAmbiguousRange, rangeOf, readRange } from './ip-address.ts'

/** How one entry is written, regardless of the rest of the list. */
export type EntryNotation =
  /** One IPv4 or IPv6 address. */
  | 'address'
  /** A range in CIDR notation. */
  | 'range'
  /** A range written with host bits (`10.0.0.7/24`, `10.0.0.7 255.255.255.0`); the network is what is sent. */
  | 'hostBits'
  /** From one address to another (`198.51.100.7 - 198.51.100.20`): the fewest ranges that cover exactly these are sent. */
  | 'span'
  /** An IPv4 address with its netmask (`198.51.100.0 255.255.255.0`, or with `/`); the range is sent. */
  | 'netmask'
  /** An IPv4 address with an inverse mask, as Cisco's access lists have it (`198.51.100.0 0.0.0.255`); the range is sent. */
  | 'wildcardMask'
  /** IPv4 with asterisks for its last numbers (`198.51.100.*`, `10.1.*.*`); the range is sent. */
  | 'wildcard'
  | RefusedNotation

/** How entries are written that cannot be saved. */
export type RefusedNotation =
  /** A span that ends before it starts. */
  | 'backwards'
  /** A span from IPv4 to IPv6 or the other way round. */
  | 'mixedFamilies'
  /** A mask or a wildcard with gaps (`255.0.255.0`, `10.*.3.4`), which no range covers exactly. */
  | 'scattered'
  /** An address and a mask with two readings: one address or all of them, a mask or a second address. */
  | 'ambiguousMask'
  /** An IPv4 address written as IPv6 (`::ffff:203.0.113.10/24`), with a prefix that could be meant for either. */
  | 'ambiguous'
  /** None of these, so it names no address at all. */
  | 'notAnAddress'

/** An entry as it was read. */
export interface ReadEntry {
  readonly notation: EntryNotation
  /** The ranges it covers, lowest first; empty if it cannot be saved. */
  readonly ranges: readonly AddressRange[]
}

const refused = (notation: RefusedNotation): ReadEntry => ({ notation, ranges: [] })

/** Reads what people write: what `readRange` does, invisible characters among it or not, and spans, masks and wildcards. */
export function readEntry(value: unknown): ReadEntry {
  const range = readRange(value)
  if (range !== null) return { notation: notationOf(range), ranges: [range] }
  const text = typeof value === 'string' ? plain(value) : ''
  if (text !== value) return readEntry(text)
  if (isAmbiguousRange(text)) return refused('ambiguous')
  return readSpan(text) ?? readMasked(text) ?? readWildcard(text) ?? refused('notAnAddress')
}

const plain = (text: string) =>
  text
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()

function notationOf({ hasHostBits, isAddress }: AddressRange): EntryNotation {
  if (hasHostBits) return 'hostBits'
  return isAddress ? 'address' : 'range'
}

/** Any hyphen or dash, or the minus sign. */
const DASH = / ?[\p{Pd}\u2212] ?/u

function readSpan(text: string): ReadEntry | null {
  const ends = text.split(DASH)
  const [from, to] = ends.length === 2 ? ends.map(readAddress) : []
  if (!from || !to) return null
  if (from.charAt(0) !== to.charAt(0)) return refused('mixedFamilies')
  if (from > to) return refused('backwards')
  return { notation: 'span', ranges: between(from, to).map((bits) => rangeOf(bits)) }
}

/** The bits of one address, or null. */
function readAddress(text: string): string | null {
  const range = readRange(text)
  return range?.isAddress === true ? range.bits : null
}

/** The fewest ranges that cover exactly the addresses from one to the other. Splits in halves until a half lies within. */
function between(from: string, to: string, bits = from.charAt(0)): string[] {
  const [first, last] = [bits.padEnd(from.length, '0'), bits.padEnd(from.length, '1')]
  if (last < from || first > to) return []
  if (from <= first && last <= to) return [bits]
  return [...between(from, to, `${bits}0`), ...between(from, to, `${bits}1`)]
}

const WITH_MASK = /^([\d.]+)([ /])([\d.]+)$/

function readMasked(text: string): ReadEntry | null {
  const [, address = '', sign = '', mask = ''] = WITH_MASK.exec(text) ?? []
  const [all, maskBits] = [readAddress(address), readAddress(mask)]
  if (all === null || maskBits === null) return null
  const isMask = sign === '/' || isNoClient(mask)
  const readings = readMask(maskBits.slice(1)).map(({ notation, length }) => ({
    notation,
    range: rangeOf(all.slice(0, length + 1), all.includes('1', length + 1)),
  }))
  const exact = readings.filter(({ range }) => !range.hasHostBits)
  const [reading] = exact.length > 0 ? exact : readings
  if (reading === undefined) return isMask ? refused('scattered') : null
  // `0.0.0.0 0.0.0.0` has two readings; few read `/0.0.0.0` as an inverse mask; `10.0.0.1 192.0.0.0` may be two addresses.
  const isAmbiguous = exact.length > 1 || (sign === '/' && mask === '0.0.0.0') || (exact.length === 0 && !isMask)
  if (isAmbiguous) return refused('ambiguousMask')
  const { notation, range } = reading
  return { notation: range.hasHostBits ? 'hostBits' : notation, ranges: [range] }
}

/** The masks that these bits can be, with how many bits of the address each keeps. Bits that are all the same can be both. */
function readMask(bits: string) {
  const [, ones] = /^(1*)0*$/.exec(bits) ?? []
  const [, zeros] = /^(0*)1*$/.exec(bits) ?? []
  return [
    ...(ones === undefined ? [] : [{ notation: 'netmask', length: ones.length } as const]),
    ...(zeros === undefined ? [] : [{ notation: 'wildcardMask', length: zeros.length } as const]),
  ]
}

const NO_CLIENT = /^(?:0|22[4-9]|2[34]\d|25[0-5])(?:\.\d+){3}$/

/** Is it dotted like an IPv4 address that no client ever has (`0.0.0.0/8`, `224.0.0.0/3`)? Behind an address it is a mask. */
export const isNoClient = (text: string) => NO_CLIENT.test(text)

const WILDCARD = /^(?:\d+|\*)(?:\.(?:\d+|\*)){3}$/

function readWildcard(text: string): ReadEntry | null {
  if (!WILDCARD.test(text)) return null
  const bits = readAddress(text.replaceAll('*', '0'))
  if (bits === null) return null
  const parts = text.split('.')
  const kept = parts.indexOf('*')
  if (parts.slice(kept).some((part) => part !== '*')) return refused('scattered')
  return { notation: 'wildcard', ranges: [rangeOf(bits.slice(0, 1 + 8 * kept))] }
}
