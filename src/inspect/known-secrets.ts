/**
 * Redaction by value: a value that was once seen as a secret is masked wherever it appears, plain or encoded.
 *
 * A long value is masked anywhere in a text. A short one, such as a six-digit code, would match parts of IDs or times by
 * chance. So it is masked only where it stands alone, with no letter or digit beside it.
 */

export const MASK = '[redacted]'

/** From this length on, a value is also masked inside a word. */
const LONG = 8
/** Below this length a value is masked only where it is the whole text. */
const SHORT = 4

interface Form {
  readonly text: string
  readonly pattern: RegExp
  readonly mask: string
  /** May it be written in groups: `123 456`, `JBSW-Y3DP`? */
  readonly isGrouped: boolean
}

export interface KnownSecrets {
  learn(secret: string, mask?: string): void
  /** The text without the secrets known so far. */
  mask(text: string): string
}

export function createKnownSecrets(): KnownSecrets {
  const known = new Set<string>()
  const wholes = new Map<string, string>()
  let forms: Form[] = []

  return {
    learn(secret, mask = MASK) {
      if (secret === '' || known.has(secret)) return
      known.add(secret)
      if (secret.length < SHORT) wholes.set(secret, mask)
      // Longest first: masking a secret inside another must not leave the ends of the other.
      else forms = [...forms, ...formsOf(secret, mask)].sort((a, b) => b.text.length - a.text.length)
    },
    mask(text) {
      const whole = wholes.get(text)
      if (whole !== undefined) return whole
      const lower = text.toLowerCase()
      const ungrouped = lower.replace(/[\s-]/g, '')
      const isThere = ({ text: form, isGrouped }: Form) =>
        text.includes(form) || (isGrouped ? ungrouped : lower).includes(form.toLowerCase())
      return forms.filter(isThere).reduce((rest, form) => rest.replace(form.pattern, () => form.mask), text)
    },
  }
}

function formsOf(secret: string, mask: string): Form[] {
  const isGrouped = /^([0-9]{6}|[a-z2-7]{8,}=*)$/i.test(secret)
  const plain = new Set([secret, JSON.stringify(secret).slice(1, -1)])
  const encoded = new Set<string>()
  const url = encodeURIComponent(secret)
  for (const text of [url, url.replaceAll('%20', '+'), url.replace(/[!'()*]/g, percent)]) plain.add(text)
  const bytes = new TextEncoder().encode(secret)
  encoded.add([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
  for (const text of base64Forms(bytes)) {
    encoded.add(text)
    encoded.add(text.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return [
    ...[...plain].map((text) => ({ text, mask, isGrouped, pattern: patternOf(text, isGrouped) })),
    ...[...encoded]
      .filter((text) => text.length >= LONG)
      .map((text) => ({ text, mask, isGrouped: false, pattern: patternOf(text, false) })),
  ]
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16)}`

function patternOf(text: string, isGrouped: boolean): RegExp {
  const letters = [...text].map((letter) => letter.replace(/[\\^$.*+?()[\]{}|]/, '\\$&'))
  const body = letters.join(isGrouped ? '[\\s-]?' : '')
  return new RegExp(text.length >= LONG ? body : `(?<![0-9a-z])${body}(?![0-9a-z])`, 'gi')
}

/** Alone, and as part of a longer text that was encoded as a whole, where it can begin at any of three offsets. */
function base64Forms(bytes: Uint8Array): string[] {
  const inside = [0, 1, 2].map((offset) => {
    const text = base64([...new Array<number>(offset).fill(0), ...bytes])
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })
  return [base64(bytes), ...inside]
}

const base64 = (bytes: Iterable<number>) =>
  btoa([...bytes].map((byte) => String.fromCharCode(byte)).join('')).replace(/=+$/, '')
