import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/** Turns values into bytes and back, as Restate's `Serde` does. */
export interface Serde {
  readonly contentType: string
  serialize(value: unknown): Uint8Array
  deserialize(bytes: Uint8Array): unknown
}

/** For everybody to read: only a test wants that, to see that what it looks for can be found. */
const plainJson: Serde = {
  contentType: 'application/json',
  serialize: (value) => Buffer.from(value === undefined ? '' : JSON.stringify(value)),
  deserialize: (bytes) => (bytes.length === 0 ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'))),
}

/** By the secret; null: plain. */
export const serdeFor = (secret: string | null): Serde => (secret === null ? plainJson : encryptedJson(secret))

/**
 * JSON in AES-GCM. The same value gives the same bytes, else a replay would not match the journal: the IV is an HMAC of the text,
 * so that it repeats only where the text does. Who sees the bytes learns no more than which values are equal, and how long they are.
 *
 * @throws Error for bytes that another key wrote, or that were changed.
 */
function encryptedJson(secret: string): Serde {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES))
  const key = derive('encryption')
  const ivKey = derive('iv')
  return {
    contentType: 'application/octet-stream',
    serialize(value) {
      if (value === undefined) return new Uint8Array()
      const text = JSON.stringify(value)
      const iv = createHmac('sha256', ivKey).update(text).digest().subarray(0, IV_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, iv)
      return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    deserialize(bytes) {
      if (bytes.length === 0) return undefined
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      const text = [decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]
      return JSON.parse(Buffer.concat(text).toString('utf8'))
    },
  }
}
