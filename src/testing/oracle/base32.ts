// Apart from `readBase32` in src/domain/otp.ts on purpose: the fake is the oracle that it is checked against.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base32, without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let buffer = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((buffer >>> bits) & 31)
      buffer &= (1 << bits) - 1
    }
  }
  return bits === 0 ? text : text + ALPHABET.charAt((buffer << (5 - bits)) & 31)
}

/** Reads base32 in either case, with spaces and padding. Throws a `TypeError` on any other character, and on nothing at all. */
export function decodeBase32(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/[\s=]/g, '').toUpperCase()
  if (digits === '') throw new TypeError('An empty secret')
  const bytes: number[] = []
  let bits = 0
  let buffer = 0
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit)
    if (value < 0) throw new TypeError('A secret that is not base32')
    buffer = (buffer << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((buffer >>> bits) & 255)
      buffer &= (1 << bits) - 1
    }
  }
  return Uint8Array.from(bytes)
}
