import type { Check } from './checks.ts'

/** What a value may be, all the way down. */
export type Shape = Check | { readonly list: Shape } | ObjectShape

export interface ObjectShape {
  /** The parts that there may be, and no others. */
  readonly object: Readonly<Record<string, Shape>>
  readonly nullable?: true
}

/** Throws a `TypeError` that names the place, `path` and on from there, where the value is not of this shape. */
export const checkWhole = (value: unknown, shape: Shape, path: string) => check(value, shape, path, false)

/** The same for a value that need not be complete: at every depth, parts may be left out. */
export const checkParts = (value: unknown, shape: Shape, path: string) => check(value, shape, path, true)

function check(value: unknown, shape: Shape, path: string, partial: boolean): void {
  if (typeof shape === 'function') {
    const problem = shape(value)
    if (problem !== null) throw new TypeError(`${path} ${problem}`)
  } else if ('list' in shape) {
    if (!Array.isArray(value)) throw new TypeError(`${path} must be an array`)
    for (const [index, item] of value.entries()) check(item, shape.list, `${path}[${index}]`, partial)
  } else if (value !== null || !shape.nullable) {
    checkObject(value, shape.object, path, partial)
  }
}

function checkObject(value: unknown, parts: ObjectShape['object'], path: string, partial: boolean): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${path} must be an object`)
  }
  const given = value as Readonly<Record<string, unknown>>
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(parts, name)) throw new TypeError(`${path}.${name} is not known`)
  }
  for (const [name, part] of Object.entries(parts)) {
    if (!partial || given[name] !== undefined) check(given[name], part, `${path}.${name}`, partial)
  }
}

/** A copy of plain data without the parts that are named and undefined: they are left out. */
export function withoutUndefined<Value>(value: Value): Value
export function withoutUndefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutUndefined)
  const parts = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(parts.map(([name, part]) => [name, withoutUndefined(part)]))
}
