import { invalid } from './refusal.ts'

/** Says what is wrong with a value; null if nothing is. */
export type Check = (value: unknown) => string | null

export const text: Check = (value) => (typeof value === 'string' ? null : 'must be a string')

export const matching =
  (pattern: RegExp): Check =>
  (value) =>
    text(value) ?? (pattern.test(value as string) ? null : `must match ${pattern.source}`)

export const textOfLength =
  (least: number, most: number): Check =>
  (value) =>
    text(value) ??
    ((value as string).length >= least && (value as string).length <= most
      ? null
      : `size must be between ${least} and ${most}`)

export const integer: Check = (value) => (Number.isInteger(value) ? null : 'must be an integer')

export const listOf =
  (check: Check): Check =>
  (value) => {
    if (value === null || value === undefined) return 'must not be null'
    if (!Array.isArray(value)) return 'must be a list'
    for (const item of value) {
      const problem = check(item)
      if (problem !== null) return `each ${problem}`
    }
    return null
  }

/** The field may be left out; when it is there it must pass. */
export const leftOutOr =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value)

/** The body as an object of exactly these fields. Throws `VALIDATION.INVALID_PARAMETER` with all problems. */
export function strictBody<Field extends string>(
  body: unknown,
  checks: Readonly<Record<Field, Check>>,
): Readonly<Record<Field, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid({ body: ['must be a JSON object'] })
  const given = body as Record<string, unknown>
  const problems: Record<string, string[]> = {}
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(checks, key)) problems[key] = ['is not a known field']
  }
  for (const [field, check] of Object.entries<Check>(checks)) {
    const problem = check(given[field])
    if (problem !== null) problems[field] = [problem]
  }
  if (Object.keys(problems).length > 0) throw invalid(problems)
  return given as Record<Field, unknown>
}

/** For the endpoints that take no body. */
export function noBody(body: unknown): void {
  if (body !== undefined) throw invalid({ body: ['must be empty'] })
}
