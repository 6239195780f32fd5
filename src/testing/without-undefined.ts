/** A copy of plain data without the parts that are named and undefined: they are left out. */
export function withoutUndefined<Value>(value: Value): Value
export function withoutUndefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutUndefined)
  const parts = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(parts.map(([name, part]) => [name, withoutUndefined(part)]))
}
