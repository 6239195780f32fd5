import { readBase32 } from '../domain/otp.ts'
import { normalizeCode } from '../domain/otp-code.ts'
import { isSealed, isSealedJson } from '../domain/sealed.ts'
import { createKnownSecrets, MASK } from './known-secrets.ts'
import { isActorId, isSecretKey, isSessionIdKey } from './secret-keys.ts'

/** No machine holds anything nested this deep. */
const DEEPEST = 40

/** What is a secret by its form: the URI of a QR code, a JSON web token, what follows `Bearer`, a private key. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/otpauth:\/\/[^\s"'<>\\]+/gi, MASK],
  [/\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, MASK],
  [/\b(Bearer)\s+[^\s"',;]{8,}/gi, `$1 ${MASK}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
]

export interface Redactor {
  /** Remembers a secret. */
  learn(secret: string): void
  /** Remembers the secrets in a value: what is `Sealed`, and texts where a secret is expected. */
  learnFrom(value: unknown): void
  /** A copy as plain JSON without secrets. The value itself is not changed. */
  redact(value: unknown): unknown
}

export function createRedactor(): Redactor {
  const known = createKnownSecrets()
  const sessions = new Map<string, string>()

  function learn(secret: string): void {
    for (const form of [secret, normalizeCode(secret), readBase32(secret)]) if (form !== null) known.learn(form)
    if (!/^otpauth:/i.test(secret)) return
    // From any URI, even one that no app could use: its secret is hidden all the same.
    const encoded = /[?&]secret=([^&#]+)/i.exec(secret)?.[1]
    if (encoded !== undefined) learn(encoded)
  }

  /** Numbers the sessions, so that they can be told apart without their IDs. */
  function nameOf(sessionId: unknown): unknown {
    if (typeof sessionId !== 'string') return sessionId == null ? sessionId : MASK
    if (sessionId === '' || isActorId(sessionId) || isMasked(sessionId)) return sessionId
    const name = sessions.get(sessionId) ?? `[session ${sessions.size + 1}]`
    sessions.set(sessionId, name)
    if (isTelling(sessionId)) known.learn(sessionId, name)
    return name
  }

  function learnFrom(value: unknown, isSecret = false, seen = new Set<object>()): void {
    if (typeof value === 'string') {
      if (isSecret && isTelling(value)) learn(value)
      return
    }
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (isSealed(value)) {
      const revealed: unknown = attempt(() => value.reveal())
      if (typeof revealed === 'string') learn(revealed)
      return
    }
    // An instance of a class (an actor, a machine, a DOM node) is not data.
    if (!isData(value)) return
    for (const [key, part] of entriesOf(value)) {
      if (isSessionIdKey(key)) for (const id of [part].flat()) nameOf(id)
      else learnFrom(part, isSecret || isSecretKey(key, value), seen)
    }
  }

  function maskText(text: string): string {
    if (looksLikeCode(text)) return MASK
    const parsed = /^\s*[[{]/.test(text) ? attempt((): unknown => JSON.parse(text)) : undefined
    // Such as a machine's definition.
    return parsed === undefined ? maskPlain(text) : JSON.stringify(redact(parsed))
  }

  function maskPlain(text: string): string {
    const masked = patterns.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), known.mask(text))
    const decoded = decode(masked)
    // Encoded in an unexpected way: twice, letter by letter, JSON in JSON.
    return decoded === masked || maskPlain(decoded) === decoded ? masked : MASK
  }

  function maskSecret(key: string, value: unknown): unknown {
    if (value == null || typeof value === 'boolean' || value === '') return value
    if (isSealed(value) || isSealedJson(value)) return { $sealed: true }
    // Counts are not secret.
    if (/codes$/i.test(key) && isCounts(value)) return value
    return MASK
  }

  function redact(value: unknown, above: readonly object[] = [], name = ''): unknown {
    if (typeof value === 'string') return maskText(value)
    if (typeof value === 'bigint') return maskText(String(value))
    if (typeof value === 'number') return maskNumber(value)
    if (typeof value === 'boolean' || value === null) return value
    if (typeof value !== 'object') return undefined
    if (isSealed(value) || isSealedJson(value)) return { $sealed: true }
    if (isBinary(value)) return MASK
    if (above.includes(value)) return '[circular]'
    if (above.length > DEEPEST) return '[too deep]'
    const path = [...above, value]
    const toJson: unknown = attempt(() => Reflect.get(value, 'toJSON'))
    if (typeof toJson === 'function') {
      const json: unknown = toJson.call(value)
      if (json !== value) return redact(json, path)
    }
    if (Array.isArray(value)) return value.map((part) => redact(part, path) ?? null)
    if (value instanceof Map || value instanceof Set) return redact([...value], path)
    if (value instanceof Error) {
      return redact({ ...value, name: value.name, message: value.message, cause: undefined }, path)
    }
    const copy: Record<string, unknown> = {}
    for (const [key, part] of entriesOf(value)) {
      const redacted = redactPart(key, part, value, path, name)
      if (redacted !== undefined) {
        // Not by assignment, which would treat `__proto__` differently.
        Object.defineProperty(copy, maskPlain(key), {
          value: redacted,
          enumerable: true,
          configurable: true,
          writable: true,
        })
      }
    }
    return copy
  }

  function redactPart(key: string, part: unknown, owner: object, path: readonly object[], name: string): unknown {
    if (typeof part === 'function') return undefined
    if (isSessionIdKey(key)) return Array.isArray(part) ? part.map(nameOf) : nameOf(part)
    return isSecretKey(key, owner) && !isOfChart(name, part) ? maskSecret(key, part) : redact(part, path, key)
  }

  function maskNumber(value: number): unknown {
    const text = String(value)
    return known.mask(text) === text ? value : MASK
  }

  return { learn, learnFrom: (value) => learnFrom(value), redact: (value) => redact(value) }
}

/** Not a common word: masking that everywhere would hide what one is looking for. */
const isTelling = (text: string) =>
  !isMasked(text) && (normalizeCode(text) !== null || (text.length >= 8 && /[^A-Za-z]/.test(text)))

/** An IPv4 address can have six digits, too. */
const looksLikeCode = (text: string) => normalizeCode(text) !== null && !/^\d+(\.\d+){3}$/.test(text)

/** The inspector redacts what it keeps a second time: that must change nothing more. */
const isMasked = (text: string) => /^\[(redacted|session \d+)]$/.test(text)

/** Part of a definition, where a state may be called `readingBackupCodes`. */
const isOfChart = (name: string, part: unknown) => (name === 'states' || name === 'on') && typeof part === 'object'

const isCounts = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((part) => typeof part === 'number' && part < 1_000)

const isBinary = (value: object) =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value) || /^\[object (CryptoKey|Blob|File)]$/.test(tagOf(value))

const tagOf = (value: object) => Object.prototype.toString.call(value)

function isData(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === null || prototype === Object.prototype
}

function decode(text: string): string {
  const unescaped = text.replace(/\\(u[0-9a-f]{4}|["'/\\])/gi, (_, sign: string) =>
    sign.length > 1 ? String.fromCharCode(Number.parseInt(sign.slice(1), 16)) : sign,
  )
  return unescaped.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => attempt(() => decodeURIComponent(encoded)) ?? encoded)
}

/** What cannot be read cannot be shown. */
const entriesOf = (value: object): [string, unknown][] =>
  Object.keys(value).map((key) => [key, attempt(() => Reflect.get(value, key))])

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
