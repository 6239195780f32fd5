import * as z from 'zod/mini'
import {
  check,
  flag,
  milliseconds,
  object,
  oneOf,
  optional,
  partial,
  type Schema,
  text,
  wholeNumber,
} from '../schema.ts'
import type {
  DelayFault,
  Fault,
  FaultOptions,
  LateFault,
  RateLimitFault,
  RequestPattern,
  StatusFault,
} from './faults.ts'

const names = {
  loseRequest: true,
  loseReply: true,
  resent: true,
  malformed: true,
  wrongShape: true,
  unencrypted: true,
  hang: true,
  hangReply: true,
  stallBody: true,
} satisfies Record<Extract<Fault, string>, true>

const STRIKES = 'must be a whole number of 1 or more, or Infinity'
/** How often something strikes. */
export const strikes: Schema<number> = z.union(
  [z.literal(Number.POSITIVE_INFINITY), wholeNumber(1, Number.MAX_SAFE_INTEGER, STRIKES)],
  STRIKES,
)

/** What a `Response` can be made with. */
const STATUSES = [200, 599] as const
const ANSWER = 'must be a status, lost or never'
const SECONDS = 'must be a number of seconds, 0 or more, or a string'

/** The faults with details, each under the part that it cannot do without. */
const detailed: Readonly<Record<string, z.ZodMiniType>> = {
  status: object<StatusFault>({
    status: wholeNumber(...STATUSES),
    code: optional(text),
    // A `Headers` is none: what it holds does not show as parts.
    headers: optional(z.record(z.string(), text, 'must be a plain object of strings')),
    body: optional(text),
    process: optional(flag),
  }),
  delayMs: object<DelayFault>({ delayMs: milliseconds, before: optional(oneOf('processing', 'reply')) }),
  landsAfterMs: object<LateFault>({
    landsAfterMs: milliseconds,
    answer: z.union([oneOf('lost', 'never'), wholeNumber(...STATUSES, ANSWER)], ANSWER),
  }),
  retryAfter: object<RateLimitFault>({
    retryAfter: z.union([z.string(), z.number().check(z.gte(0, SECONDS))], SECONDS),
  }),
}

const matchSchema = partial<RequestPattern>({
  // As `Request` writes it.
  method: z.string('must be in capitals').check(z.regex(/^[A-Z]+$/, 'must be in capitals')),
  path: z.union([z.string(), z.instanceof(RegExp)], 'must be a string or a pattern'),
})

const optionsSchema = partial<FaultOptions>({ times: strikes })

/** Throws a `TypeError` that names what is wrong with a fault that could never strike, or would strike what nobody meant. */
export function checkFault(match: unknown, fault: unknown, options: unknown, operations: ReadonlySet<string>): void {
  checkMatch(match, operations)
  checkKind(fault)
  check(options, optionsSchema, 'options')
}

/** Throws a `TypeError` on what could match nothing, or everything. */
export function checkMatch(match: unknown, operations: ReadonlySet<string>): void {
  if (typeof match === 'function') return
  if (typeof match === 'string') {
    if (!operations.has(match)) throw new TypeError(`This portal has no operation ${match}`)
    return
  }
  check(match, matchSchema, 'match')
  // One that names neither would hit every request.
  if (!hasAny(match, ['method', 'path'])) throw new TypeError('match must name a method or a path')
}

function checkKind(fault: unknown): void {
  if (typeof fault === 'string' && Object.hasOwn(names, fault)) return
  const [, schema] = Object.entries(detailed).find(([part]) => hasAny(fault, [part])) ?? []
  if (schema === undefined) {
    throw new TypeError(
      `fault must be one of ${Object.keys(names).join(', ')}, or have a status, a delayMs, a landsAfterMs or a retryAfter`,
    )
  }
  check(fault, schema, 'fault')
}

const hasAny = (value: unknown, parts: readonly string[]) =>
  typeof value === 'object' && value !== null && parts.some((part) => Reflect.get(value, part) !== undefined)
