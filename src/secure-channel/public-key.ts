import { fromBase64 } from './base64.ts'

/** PEM (RFC 7468) with any text around it. The content tells which of the two it is: the labels are often mixed up. */
const PEM = /-----BEGIN (RSA )?PUBLIC KEY-----([^-]*)-----END \1PUBLIC KEY-----/

/** How configuration files, shells, and JSON in JSON write a line break: `\n` as two characters, or with more backslashes. */
const ESCAPES = /\\+[nrt]?/g

/** Not base64, but often around or between it: white space, quotes, invisible marks. */
const FILLING = /[\s"'`\p{Cf}]/gu

/**
 * The DER of kind `spki` in the text of a public key: base64 or base64url, wrapped or not, with padding or without, as PEM, or as base64
 * of a whole PEM file. A key in PKCS#1, which WebCrypto does not take, is wrapped. Null where it is none of these; whether what
 * was in it is a key is for the import to find out.
 */
export function spkiOf(text: string): Uint8Array<ArrayBuffer> | null {
  const unescaped = text.replace(ESCAPES, '')
  const body = PEM.exec(unescaped)?.[2] ?? unescaped
  const bytes = fromBase64(toStandardAlphabet(body.replace(FILLING, '')))
  if (bytes === null) return null
  const decoded = new TextDecoder().decode(bytes)
  if (PEM.test(decoded)) return spkiOf(decoded)
  return isPkcs1(bytes) ? wrapPkcs1(bytes) : bytes
}

const toStandardAlphabet = (base64: string) => base64.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')

/** Tags of DER (X.690). */
const INTEGER = 0x02
const BIT_STRING = 0x03
const SEQUENCE = 0x30
/** The first byte of a two-byte length, which every RSA key that is long enough has. */
const TWO_BYTES = 0x82

/** `rsaEncryption` without parameters, as an `AlgorithmIdentifier` (RFC 3279, 2.3.1). */
const RSA_ENCRYPTION = [SEQUENCE, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0]

/** In PKCS#1 the modulus comes first, a number; in `spki` the algorithm, a sequence. */
const isPkcs1 = (der: Uint8Array) => der[0] === SEQUENCE && der[1] === TWO_BYTES && der[4] === INTEGER

const wrapPkcs1 = (pkcs1: Uint8Array): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(element(SEQUENCE, [...RSA_ENCRYPTION, ...element(BIT_STRING, [0, ...pkcs1])]))

const element = (tag: number, content: readonly number[]): readonly number[] => [
  tag,
  TWO_BYTES,
  content.length >> 8,
  content.length & 0xff,
  ...content,
]
