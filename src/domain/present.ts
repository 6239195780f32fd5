/** A value that the state of a chart guarantees. Throws a plain `Error` with its name where the chart is wrong about that. */
export function present<Value>(value: Value | null, name: string): Value {
  if (value === null) throw new Error(`There is no ${name}`)
  return value
}
