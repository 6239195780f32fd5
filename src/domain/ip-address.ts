import ipaddr from 'ipaddr.js'

/** An address or a range, as it was read. */
export interface AddressRange {
  /**
   * Its normal form: dotted IPv4, or IPv6 as in RFC 5952; without host bits, and without a prefix that covers only this
   * address. It is computed when it is read, because long lists rarely read it.
   */
  readonly normalized: string
  /** `4` or `6`, then the leading bits as `0` and `1`. A range lies within another if its text begins with the other's. */
  readonly bits: string
  readonly isAddress: boolean
  readonly hasHostBits: boolean
}

const DOTTED = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/
const HEX_AND_COLONS = /^[0-9a-f:]+$/i
const PREFIX_LENGTH = /^(?:0|[1-9][0-9]{0,2})$/
/** `::ffff:0:0/96`, the IPv6 range for IPv4 addresses. */
const MAPPED_PREFIX = 96
const MAPPED = `6${'0'.repeat(80)}${'1'.repeat(16)}`
/** Each byte, bit by bit. */
const BITS = Array.from({ length: 256 }, (_, byte) => byte.toString(2).padStart(8, '0'))

/**
 * The bytes of one address, or null. ipaddr.js accepts more than is meant here (`0x7f.1`, `010.0.0.1`, `1`, zone IDs) and reads
 * `::1.2.3.4` as a mapped address. So it only receives the forms of RFC 4291, with the dotted part as hex groups.
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

/** An address, and how many of its bits a range keeps, as written. */
interface Written {
  /** All of the address, `4` or `6` first. */
  readonly all: string
  readonly length: number
  /** Is it an IPv4 address written as IPv6, with a prefix too short for that? */
  readonly isAmbiguous: boolean
}

function readWritten(value: unknown): Written | null {
  const text = typeof value === 'string' ? value.trim() : ''
  const [address = '', prefix, ...rest] = text.split('/')
  if (rest.length > 0 || (prefix !== undefined && !PREFIX_LENGTH.test(prefix))) return null
  const bytes = readAddress(address)
  if (bytes === null) return null
  const width = bytes.length * 8
  const length = prefix === undefined ? width : Number(prefix)
  if (length > width) return null

  const all = `${width === 32 ? 4 : 6}${bytes.map((byte) => BITS[byte]).join('')}`
  const isAmbiguous = width === 128 && length < MAPPED_PREFIX && (address.includes('.') || all.startsWith(MAPPED))
  return { all, length, isAmbiguous }
}

/** An address or a range as RFC 4291 and RFC 4632 write it; null for anything else. */
export function readRange(value: unknown): AddressRange | null {
  const written = readWritten(value)
  if (written === null || written.isAmbiguous) return null
  const { all, length } = written
  const kept = all.slice(0, length + 1)
  // Servers compare an IPv4 address that is written as IPv6 as the IPv4 address.
  const bits = kept.startsWith(MAPPED) ? `4${kept.slice(MAPPED.length)}` : kept
  return rangeOf(bits, all.includes('1', kept.length))
}

/** The range of these bits, `4` or `6` first. */
export const rangeOf = (bits: string, hasHostBits = false): AddressRange => ({
  bits,
  isAddress: bits.length - 1 === widthOf(bits),
  hasHostBits,
  get normalized() {
    return write(bits)
  },
})

/** How many bits an address of this family has. */
const widthOf = (bits: string) => (bits.startsWith('4') ? 32 : 128)

/** `::ffff:203.0.113.10/24`: whether 24 of the 32 bits are meant or of the 128, nobody knows, so it is not read as a range. */
export const isAmbiguousRange = (value: unknown) => readWritten(value)?.isAmbiguous === true

function write(bits: string): string {
  const width = widthOf(bits)
  const length = bits.length - 1
  const network = bits.slice(1).padEnd(width, '0')
  const bytes = Array.from({ length: width / 8 }, (_, byte) =>
    Number.parseInt(network.slice(byte * 8, byte * 8 + 8), 2),
  )
  const address = ipaddr.fromByteArray(bytes).toString()
  return length === width ? address : `${address}/${length}`
}

/**
 * No client connects from one of these over the internet (IANA's special-purpose registries, multicast, reserved ranges). The
 * documentation ranges are left out, so that the portal's own samples do not count as private.
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
const bitsOf = (texts: readonly string[]) => texts.flatMap((text) => readRange(text)?.bits ?? [])
const privateBits = bitsOf(PRIVATE_RANGES)

/** Private, loopback, link-local, carrier-grade or the like as a whole: who is seen there is behind something, or beside it. */
export const isPrivate = ({ bits }: AddressRange) => privateBits.some((prefix) => bits.startsWith(prefix))

/** The bits of where nobody is: what is private, what is for documentation, and what of IPv6 is not assigned (RFC 4291, 2.4). */
export const unseenBits: readonly string[] = [
  ...privateBits,
  ...bitsOf(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']),
  ...bitsOf(['::/3', '4000::/2', '8000::/1']),
]

const GLOBAL_UNICAST = '6001'
/** Not one network: Teredo's addresses (RFC 4380) share 64 bits with everybody who uses the same server. */
const TEREDO = bitsOf(['2001::/32'])

/** An IPv6 address of a network on the internet, whose first 64 bits are the network's own (RFC 4291, 2.5.4). */
export const isInOwnNetwork = ({ bits, isAddress }: AddressRange) =>
  isAddress && bits.startsWith(GLOBAL_UNICAST) && !TEREDO.some((prefix) => bits.startsWith(prefix))

const IPV4_WITH_PORT = /^([\d.]+):(\d{1,5})$/
const IN_BRACKETS = /^\[([^[\]]*)\](?::(\d{1,5}))?$/
const WITH_ZONE = /^([^%]*)%[\w.~%-]+$/
const PORT_MAX = 65_535

/**
 * The one address that a portal means which shows a client with its port (`203.0.113.10:51544`, `[2001:db8::7]:443`), with its zone
 * (`fe80::1%eth0`) or before the proxies that it came through (`203.0.113.10, 10.0.0.2`), in its normal form; null for anything else.
 */
export function readClientAddress(value: unknown): string | null {
  const [client = ''] = typeof value === 'string' ? value.split(',') : []
  const shown = client.trim()
  const [, bare = shown, port = '0'] = IPV4_WITH_PORT.exec(shown) ?? IN_BRACKETS.exec(shown) ?? []
  const [, address = bare] = WITH_ZONE.exec(bare) ?? []
  // Only IPv6 has brackets and zones.
  const isOddIpv4 = !address.includes(':') && (shown.startsWith('[') || address !== bare)
  if (isOddIpv4 || /[\s/]/.test(address) || Number(port) > PORT_MAX) return null
  return readRange(address)?.normalized ?? null
}
