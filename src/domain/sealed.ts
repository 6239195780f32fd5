/**
 * A secret that can pass through a context, an inspector or a log unseen: only `reveal()` gives the value. It is not
 * kept in a private field, because those break behind the proxies that UI frameworks put around state.
 */
export interface Sealed<T extends string = string> {
  /** The secret. Call it where the secret is drawn or sent, and do not keep the result. */
  reveal(): T
  /** `{ $sealed: true }`: nothing of the secret is stored. */
  toJSON(): SealedJson
  /** `[sealed]`. */
  toString(): string
}

/** What a sealed value becomes in JSON. No text of the portal can look like it, because it is an object. */
export interface SealedJson {
  readonly $sealed: true
}

const sealedValues = new WeakSet<object>()

/**
 * Seals a secret.
 *
 * @example
 * ```ts
 * const secret = seal('JBSWY3DPEHPK3PXP')
 * JSON.stringify({ secret }) // => '{"secret":{"$sealed":true}}'
 * secret.reveal() // => 'JBSWY3DPEHPK3PXP'
 * ```
 */
export function seal<T extends string>(value: T): Sealed<T> {
  const sealed = {
    reveal: () => value,
    toJSON: (): SealedJson => ({ $sealed: true }),
    toString: () => '[sealed]',
    // Node's console.log and test runners' diffs call this.
    [Symbol.for('nodejs.util.inspect.custom')]: () => '[sealed]',
  }
  sealedValues.add(sealed)
  return sealed
}

/**
 * Is this a sealed value that can be revealed? Not after it was stored as JSON.
 *
 * @example
 * ```ts
 * const code = seal('482916')
 * isSealed(code) // => true
 * isSealed(JSON.parse(JSON.stringify(code))) // => false
 * ```
 */
export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null) return false
  return sealedValues.has(value) || typeof (value as Partial<Sealed>).reveal === 'function'
}

export function isSealedJson(value: unknown): value is SealedJson {
  return typeof value === 'object' && value !== null && (value as Partial<SealedJson>).$sealed === true
}
