/** An object literal, from any realm; a `Map`, `Headers` or the like would be read as one that says nothing. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === '[object Object]'
