import { OAEP_HASH, PUBLIC_KEY_FORMAT } from './choices.ts'
import { spkiOf } from './public-key.ts'

/** The channel's AES keys are 32 bytes (docs/contract.md#channel-session). */
export const AES_KEY_BYTES = 32

/** RSA-OAEP-2048 is documented (docs/contract.md#channel-key); a weaker key is not used. */
const RSA_BITS_MIN = 2048

/** An AES-256-GCM key that no script can read out again. The caller wipes `raw`. */
export const importAesKey = (
  raw: Uint8Array<ArrayBuffer>,
  usages: readonly ('encrypt' | 'decrypt')[],
): Promise<CryptoKey> => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [...usages])

/** The portal's public key, to encrypt AES keys with (docs/contract.md#channel-key). Null where the text is not such a key. */
export async function importRsaPublicKey(text: string): Promise<CryptoKey | null> {
  const der = spkiOf(text)
  if (der === null) return null
  try {
    const key = await crypto.subtle.importKey(PUBLIC_KEY_FORMAT, der, { name: 'RSA-OAEP', hash: OAEP_HASH }, false, [
      'encrypt',
    ])
    return (key.algorithm as RsaKeyAlgorithm).modulusLength >= RSA_BITS_MIN ? key : null
  } catch {
    return null
  }
}

/** An AES key for the portal's eyes only: RSA-OAEP (docs/contract.md#channel-session). */
export async function encryptAesKey(
  raw: Uint8Array<ArrayBuffer>,
  publicKey: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'RSA-OAEP' }, publicKey, raw))
}
