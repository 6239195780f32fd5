import type { Check } from '../checks.ts'
import { invalid } from './refusal.ts'

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
