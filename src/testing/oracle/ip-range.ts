// Apart from src/domain/ip-address.ts and its library on purpose: the fake is the oracle that those are checked against, so that who is
// let in is worked out twice, by different code.

interface Address {
  /** 32 or 128. */
  readonly bits: number
  readonly value: bigint
}

interface Range extends Address {
  readonly prefix: number
}

/** Is this a single address or a CIDR range, of either family? Host bits may be set. */
export const isEntry = (text: string) => parseRange(text) !== null

/** Does any entry let this address in? Entries and addresses that cannot be read let nobody in. */
export function isListed(entries: readonly (string | null)[], address: string): boolean {
  const caller = parseAddress(address)
  if (caller === null) return false
  return entries.some((entry) => {
    const range = entry === null ? null : parseRange(entry)
    if (range === null || range.bits !== caller.bits) return false
    const hostBits = BigInt(range.bits - range.prefix)
    return range.value >> hostBits === caller.value >> hostBits
  })
}

function parseRange(text: string): Range | null {
  const [addressText = '', prefixText, ...rest] = text.split('/')
  const address = parseAddress(addressText)
  if (address === null || rest.length > 0) return null
  if (prefixText === undefined) return { ...address, prefix: address.bits }
  if (!/^(0|[1-9]\d{0,2})$/.test(prefixText) || Number(prefixText) > address.bits) return null
  return { ...address, prefix: Number(prefixText) }
}

function parseAddress(text: string): Address | null {
  if (!text.includes(':')) {
    const value = parseIpv4(text)
    return value === null ? null : { bits: 32, value }
  }
  const value = parseIpv6(text)
  if (value === null) return null
  // An IPv4 caller on a socket that takes both families is written ::ffff:a.b.c.d.
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value }
}

function parseIpv4(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  let value = 0n
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null
    value = (value << 8n) | BigInt(part)
  }
  return value
}

function parseIpv6(text: string): bigint | null {
  const [head = '', tail, ...rest] = text.split('::')
  if (rest.length > 0) return null
  const front = parseGroups(head, tail === undefined)
  const back = tail === undefined ? [] : parseGroups(tail, true)
  if (front === null || back === null) return null
  const missing = 8 - front.length - back.length
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  return [...front, ...Array<bigint>(missing).fill(0n), ...back].reduce((value, group) => (value << 16n) | group, 0n)
}

/** `atEnd`: the last group may be written as an IPv4 address. */
function parseGroups(text: string, atEnd: boolean): bigint[] | null {
  if (text === '') return []
  const groups: bigint[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (atEnd && part.includes('.') && index === parts.length - 1) {
      const value = parseIpv4(part)
      if (value === null) return null
      groups.push(value >> 16n, value & 0xffffn)
    } else {
      if (!/^[\da-f]{1,4}$/i.test(part)) return null
      groups.push(BigInt(`0x${part}`))
    }
  }
  return groups
}
