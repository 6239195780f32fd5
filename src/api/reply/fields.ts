import * as z from 'zod/mini'

/**
 * How one field of a reply is read. Only `z.object` and `z.transform` are used for it: `z.catch`, `z.union` and their like are more
 * code than the whole adapter's schemas, and make an error of each field that says nothing, of which a long list has thousands.
 */

/** What a value says; null where it says nothing. */
export type Reader<Result> = (value: unknown) => Result | null

/** A field that may be missing: what can be read of it, or null. */
export const optional = <Result>(read: Reader<Result>) => z.transform(read)

/** A field that has to say something: else the whole is not what is documented. */
export const required = <Result>(read: Reader<Result>) =>
  z.transform((value: unknown, { issues }): Result => {
    const result = read(value)
    if (result !== null) return result
    issues.push({ code: 'custom', input: value })
    return z.NEVER
  })
