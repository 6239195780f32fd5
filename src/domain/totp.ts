import { HOTP, Secret } from 'otpauth/bare'

const hashes = { SHA1: 'SHA-1', SHA256: 'SHA-256', SHA512: 'SHA-512' } as const

export type Algorithm = keyof typeof hashes

/** What an authenticator app computes codes from. */
interface Generator {
  /** Base32. */
  readonly secret: string
  readonly algorithm: Algorithm
}

/** The six-digit codes of these time steps (RFC 6238), in their order. WebCrypto computes the HMACs, all at once. */
export async function codesOf({ secret, algorithm }: Generator, counters: readonly number[]): Promise<string[]> {
  const key = Secret.fromBase32(secret)
  const hmacKey = await crypto.subtle.importKey(
    'raw',
    Uint8Array.from(key.bytes),
    { name: 'HMAC', hash: hashes[algorithm] },
    false,
    ['sign'],
  )
  return Promise.all(
    counters.map(async (counter) => {
      const digest = new Uint8Array(await crypto.subtle.sign('HMAC', hmacKey, bigEndian(counter)))
      return HOTP.generate({ secret: key, algorithm, digits: 6, counter, hmac: () => digest })
    }),
  )
}

/** The 8 bytes of a counter (RFC 4226, 5.2). A view, not its buffer: Node 20 refuses an ArrayBuffer that is not its own, such as that of jsdom. */
function bigEndian(counter: number): DataView<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(8))
  bytes.setBigUint64(0, BigInt(counter))
  return bytes
}
