import * as z from 'zod/mini'

/**
 * What a value must be. Its issues say so in words that follow the value's name: `must be a string`.
 * Invariant: where a type and its schema part, be it by a field or by one value more, tsc says so.
 */
export interface Schema<in out Type> extends z.ZodMiniType<Type> {}

export type Fields<Type> = { readonly [Field in keyof Type]-?: Schema<Type[Field]> }

/** A schema for every field, and no other field. */
export const object = <Type extends object>(fields: Fields<Type>): Schema<Type> =>
  z.strictObject(fields as z.core.$ZodShape, 'must be an object') as unknown as Schema<Type>

/** The same, and each field may be left out or be undefined. */
export const partial = <Type extends object>(fields: Fields<Required<Type>>): Schema<Partial<Type>> =>
  z.partial(z.strictObject(fields as z.core.$ZodShape, 'must be an object')) as unknown as Schema<Partial<Type>>

export const list = <List extends readonly unknown[]>(item: Schema<List[number]>): Schema<List> =>
  z.array(item, 'must be an array') as unknown as Schema<List>

export const nullable = <Type>(schema: Schema<Type>): Schema<Type | null> => z.nullable(schema)
export const optional = <Type>(schema: Schema<Type>): Schema<Type | undefined> => z.optional(schema)

/** One of these values; all that there are. */
export const oneOf = <const Value extends string | number | boolean>(...values: readonly Value[]): Schema<Value> =>
  z.literal([...values], `must be one of ${values.join(', ')}`)

export const text: Schema<string> = z.string('must be a string')
export const textOrNull: Schema<string | null> = z.nullable(z.string('must be a string or null'))
export const flag: Schema<boolean> = z.boolean('must be a boolean')
export const finite: Schema<number> = z.number('must be a finite number')
export const finiteOrNull: Schema<number | null> = z.nullable(z.number('must be a finite number or null'))

export const wholeNumber = (
  least: number,
  most: number,
  must = `must be a whole number from ${least} to ${most}`,
): Schema<number> => z.int(must).check(z.gte(least, must), z.lte(most, must))

export const positiveInteger = wholeNumber(1, Number.MAX_SAFE_INTEGER, 'must be a whole number of 1 or more')

const duration = (must: string): Schema<number> => z.number(must).check(z.gte(0, must))

const MILLISECONDS = 'must be a number of milliseconds, 0 or more'
export const milliseconds = duration(MILLISECONDS)
export const millisecondsOrNull = nullable(duration(`${MILLISECONDS} or null`))

/** The platform's timers fire at once when asked to wait longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
const TIMER = `must be a number of milliseconds from 0 to ${LONGEST_TIMER_MS}`
/** Of real time. */
export const timerMilliseconds: Schema<number> = duration(TIMER).check(z.lte(LONGEST_TIMER_MS, TIMER))

/** Where a value is not what it must be. */
interface Problem {
  readonly path: readonly PropertyKey[]
  readonly text: string
}

/** All that is wrong with a value, in the order of its schema. */
export const problemsOf = ({ issues }: z.core.$ZodError): readonly Problem[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], text: 'is not known' }))
      : { path: issue.path, text: issue.message },
  )

/** Throws a `TypeError` that names the first place, `name` and on from there, where the value is not what it must be. */
export function check(value: unknown, schema: z.ZodMiniType, name: string): void {
  const { error } = schema.safeParse(value)
  const [problem] = error === undefined ? [] : problemsOf(error)
  if (problem === undefined) return
  const place = problem.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  throw new TypeError(`${name}${place} ${problem.text}`)
}
