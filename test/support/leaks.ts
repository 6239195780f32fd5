import { Buffer } from 'node:buffer'

/** What must not be seen. A code is six digits, which may be part of something else by chance; a key is bytes. */
export interface Secrets {
  readonly texts: ReadonlySet<string>
  readonly codes: ReadonlySet<string>
  readonly keys: readonly Uint8Array[]
}

/** The secrets that can be read in a text: as they are, base64, hex, URL-encoded or as JSON writes them. One line for each find. */
export function findLeaks(text: string, { texts, codes, keys }: Secrets): string[] {
  const lower = text.toLowerCase()
  const isIn = (form: string) => text.includes(form) || lower.includes(form.toLowerCase())
  const find = (secret: string, forms: Readonly<Record<string, string>>) =>
    Object.entries(forms).flatMap(([name, form]) => (isIn(form) ? [`${secret} (${name})`] : []))
  return [
    ...[...texts].flatMap((secret) => find(secret, { plain: secret, ...encodings(secret) })),
    ...[...codes].flatMap((code) => [
      ...(new RegExp(`(?<![0-9A-Za-z])${code}(?![0-9A-Za-z])`).test(text) ? [`${code} (plain)`] : []),
      ...find(code, encodings(code)),
    ]),
    ...keys.flatMap((key) => {
      const { base64, base64url, hex } = encodings(key)
      return find('a channel key', { base64, base64url, hex, bytes: [...key].join() })
    }),
  ]
}

function encodings(secret: string | Uint8Array) {
  const bytes = Buffer.from(secret)
  const urlEncoded = encodeURIComponent(String(secret))
  return {
    base64: bytes.toString('base64').replace(/=+$/, ''),
    base64url: bytes.toString('base64url'),
    hex: bytes.toString('hex'),
    // A code looks the same.
    ...(urlEncoded === String(secret) ? {} : { urlEncoded }),
  }
}
