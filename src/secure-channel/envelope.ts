import { fromBase64, toBase64 } from './base64.ts'
import { CHANNEL_VERSION, gcmParameters, IV_BYTES, MESSAGE_TYPE, TAG_BYTES } from './choices.ts'
import { type EnvelopeFormat, isBinaryEnvelope, MAGIC, readJson } from './recognize.ts'

/** Which way an envelope goes. The two directions have different keys, and in the binary format different type bytes. */
export type Direction = 'request' | 'response'

/**
 * Why an envelope was not opened. `notAnEnvelope`: neither format. `truncated`: too short for an IV and a tag. `version` and
 * `type`: not those of this channel or direction. `encoding`: `p` is not base64. `tampered`: the tag does not fit, because the bytes
 * were changed or the key is another one.
 */
export type EnvelopeFault = 'notAnEnvelope' | 'truncated' | 'version' | 'type' | 'encoding' | 'tampered'

/** What `decryptEnvelope` rejects with. Says nothing about the content. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
  readonly fault: EnvelopeFault

  constructor(fault: EnvelopeFault) {
    super(`The envelope cannot be opened: ${fault}`)
    this.fault = fault
  }
}

/** `S`, `C`, version, type. */
const HEAD_BYTES = 4

/**
 * Encrypts into an envelope. A fresh random IV each time; `fixedIvForVectors` is for published test vectors only: a second message
 * under the same key and IV would give both away.
 */
export async function encryptEnvelope(
  format: EnvelopeFormat,
  key: CryptoKey,
  plaintext: Uint8Array<ArrayBuffer>,
  direction: Direction,
  { fixedIvForVectors }: { readonly fixedIvForVectors?: Uint8Array<ArrayBuffer> } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const iv = fixedIvForVectors ?? crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const encrypted = new Uint8Array(await crypto.subtle.encrypt(gcmParameters(iv), key, plaintext))
  if (format === 'binary') return concat([...MAGIC, CHANNEL_VERSION, MESSAGE_TYPE[direction]], iv, encrypted)
  return new TextEncoder().encode(JSON.stringify({ v: CHANNEL_VERSION, p: toBase64(concat(iv, encrypted)) }))
}

/**
 * Decrypts an envelope of either format. With `direction`, a binary one that goes the other way is refused; without, either passes.
 * @throws EnvelopeError
 */
export async function decryptEnvelope(
  key: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
  direction?: Direction,
): Promise<Uint8Array<ArrayBuffer>> {
  const payload = isBinaryEnvelope(bytes) ? binaryPayload(bytes, direction) : jsonPayload(bytes)
  if (payload.length < IV_BYTES + TAG_BYTES) throw new EnvelopeError('truncated')
  const iv = payload.slice(0, IV_BYTES)
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcmParameters(iv), key, payload.slice(IV_BYTES)))
  } catch {
    throw new EnvelopeError('tampered')
  }
}

function binaryPayload(bytes: Uint8Array<ArrayBuffer>, direction: Direction | undefined): Uint8Array<ArrayBuffer> {
  const [, , version, type] = bytes
  if (version === undefined || type === undefined) throw new EnvelopeError('truncated')
  if (version !== CHANNEL_VERSION) throw new EnvelopeError('version')
  const allowed: readonly number[] = direction === undefined ? Object.values(MESSAGE_TYPE) : [MESSAGE_TYPE[direction]]
  if (!allowed.includes(type)) throw new EnvelopeError('type')
  return bytes.subarray(HEAD_BYTES)
}

function jsonPayload(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { v, p } = readJson(bytes)
  if (typeof p !== 'string') throw new EnvelopeError('notAnEnvelope')
  if (v !== CHANNEL_VERSION) throw new EnvelopeError('version')
  const payload = fromBase64(p)
  if (payload === null) throw new EnvelopeError('encoding')
  return payload
}

function concat(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
