import * as z from 'zod/mini'

/**
 * What a value looks like once it has been stored as JSON. Invariant: where a type and its schema part, be it by a field or by one value
 * more, tsc says so.
 */
export interface Schema<in out Type> extends z.ZodMiniType<Type> {}

type Fields<Type> = { readonly [Field in keyof Type]-?: Schema<Type[Field]> }

/** A schema for every field. A host's adapter may have put more beside them. */
export const object = <Type extends object>(fields: Fields<Type>): Schema<Type> =>
  z.object(fields as z.core.$ZodShape) as unknown as Schema<Type>

/** A union whose members tell by one field which they are: the other fields of each. */
export const variants = <Type extends object, Tag extends keyof Type & string>(
  tag: Tag,
  members: {
    readonly [Name in Type[Tag] & string]: Fields<Omit<Extract<Type, { readonly [Field in Tag]: Name }>, Tag>>
  },
): Schema<Type> =>
  z.union(
    Object.entries(members).map(([name, fields]) =>
      z.object({ [tag]: z.literal(name), ...(fields as z.core.$ZodShape) }),
    ),
  ) as unknown as Schema<Type>

export const either = <A, B>(a: Schema<A>, b: Schema<B>): Schema<A | B> => z.union([a, b])

/** One of these words; all that there are. */
export const oneOf = <Word extends string>(words: Readonly<Record<Word, true>>): Schema<Word> =>
  z.enum(Object.keys(words) as Word[])

export const nullable = <Type>(schema: Schema<Type>): Schema<Type | null> => z.nullable(schema)
/** JSON has no `undefined`: what is that is missing. */
export const optional = <Type>(schema: Schema<Type>): Schema<Type | undefined> => z.optional(schema)
export const list = <Type>(schema: Schema<Type>): Schema<readonly Type[]> => z.array(schema)
export const byName = <Type>(schema: Schema<Type>): Schema<Readonly<Record<string, Type>>> =>
  z.record(z.string(), schema)

export const text: Schema<string> = z.string()
/** A text with something in it, where ours are never empty. */
export const id: Schema<string> = z.string().check(z.minLength(1))
export const flag: Schema<boolean> = z.boolean()
export const number: Schema<number> = z.number()
export const count: Schema<number> = z.int().check(z.gte(0))
/** Ms, more than none. */
export const span: Schema<number> = z.number().check(z.gt(0))

/** The last time that a `Date` can hold. */
const LAST_TIME = 8.64e15
/** Epoch ms. */
export const time: Schema<number> = z.number().check(z.gte(-LAST_TIME), z.lte(LAST_TIME))

/** What is never stored: a secret, and what makes no sense without one. */
export const unstored = <Type>(): Schema<Type | null> => z.null()

/** Is it what the schema says? Without a schema, whatever it is. */
export const fits = (schema: unknown, value: unknown): boolean =>
  schema === undefined || (schema as Schema<unknown>).safeParse(value).success
