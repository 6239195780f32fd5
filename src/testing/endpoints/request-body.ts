import * as z from 'zod/mini'
import { type Fields, object, problemsOf, type Schema } from '../schema.ts'
import { invalid } from './refusal.ts'

/** The body as an object of exactly these fields. Throws `VALIDATION.INVALID_PARAMETER` with the first problem of each field. */
export function readBody<Body extends object>(body: unknown, fields: Fields<Body>): Body {
  const { data, error } = object(fields).safeParse(body)
  if (error === undefined) return data
  const problems: Record<string, string[]> = {}
  for (const { path, text } of problemsOf(error)) problems[String(path[0] ?? 'body')] ??= [text]
  throw invalid(problems)
}

export function textOfLength(least: number, most: number): Schema<string> {
  const size = `size must be between ${least} and ${most}`
  return z.string('must be a string').check(z.minLength(least, size), z.maxLength(most, size))
}

/** For the endpoints that take no body. */
export function noBody(body: unknown): void {
  if (body !== undefined) throw invalid({ body: ['must be empty'] })
}
