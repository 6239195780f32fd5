/**
 * A secret that can travel through a context, an inspector or a log without being seen: only `reveal()` gives the value.
 * It sits in a closure, because private class fields break behind the proxies that UI frameworks put around state.
 */
export interface Sealed<T extends string = string> {
  reveal(): T
  toJSON(): SealedJson
  toString(): string
}

/** What is left of a sealed value in JSON. No text of the portal can look like it: it is an object. */
export interface SealedJson {
  readonly $sealed: true
}

const sealedValues = new WeakSet<object>()

export function seal<T extends string>(value: T): Sealed<T> {
  const sealed = {
    reveal: () => value,
    toJSON: (): SealedJson => ({ $sealed: true }),
    toString: () => '[sealed]',
    // Node's console.log and the test runners' diffs ask for this.
    [Symbol.for('nodejs.util.inspect.custom')]: () => '[sealed]',
  }
  sealedValues.add(sealed)
  return sealed
}

/** Can this value still be revealed? False for what came back from storage. */
export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null) return false
  return sealedValues.has(value) || typeof (value as Partial<Sealed>).reveal === 'function'
}

export function isSealedJson(value: unknown): value is SealedJson {
  return typeof value === 'object' && value !== null && (value as Partial<SealedJson>).$sealed === true
}
