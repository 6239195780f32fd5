import { isRecord } from '../../domain/record.ts'
import { type Check, integerFrom, milliseconds, oneOf, text, yesOrNo } from '../checks.ts'
import { checkParts, checkWhole, type ObjectShape, type Shape } from '../shape.ts'
import type { DelayFault, Fault, FaultMatch, FaultOptions, LateFault, RateLimitFault, StatusFault } from './faults.ts'

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

/** A `Headers` is not: what it holds does not show as parts. */
const texts: Check = (value) =>
  isRecord(value) && Object.values(value).every((part) => typeof part === 'string')
    ? null
    : 'must be a plain object of strings'

const seconds: Check = (value) =>
  typeof value === 'string' || (Number.isFinite(value) && Number(value) >= 0)
    ? null
    : 'must be a number of seconds, 0 or more, or a string'

/** How often something strikes. */
export const strikes: Check = (value) =>
  (Number.isInteger(value) && Number(value) > 0) || value === Number.POSITIVE_INFINITY
    ? null
    : 'must be a whole number of 1 or more, or Infinity'

const lateAnswer: Check = (value) =>
  value === 'lost' || value === 'never' || integerFrom(200, 599)(value) === null
    ? null
    : 'must be a status, lost or never'

const pattern: Check = (value) =>
  typeof value === 'string' || value instanceof RegExp ? null : 'must be a string or a pattern'

/** The faults with details, each under the part that it cannot do without. */
const detailed: Readonly<Record<string, ObjectShape>> = {
  status: {
    object: {
      // What a `Response` can be made with.
      status: integerFrom(200, 599),
      code: text,
      headers: texts,
      body: text,
      process: yesOrNo,
    } satisfies Record<keyof StatusFault, Shape>,
  },
  delayMs: {
    object: { delayMs: milliseconds, before: oneOf('processing', 'reply') } satisfies Record<keyof DelayFault, Shape>,
  },
  landsAfterMs: {
    object: { landsAfterMs: milliseconds, answer: lateAnswer } satisfies Record<keyof LateFault, Shape>,
  },
  retryAfter: { object: { retryAfter: seconds } satisfies Record<keyof RateLimitFault, Shape> },
}

const matchShape = {
  // As `Request` writes it.
  object: { method: (value) => (/^[A-Z]+$/.test(String(value)) ? null : 'must be in capitals'), path: pattern },
} satisfies { object: Record<keyof Extract<FaultMatch, { method?: string }>, Shape> }

const optionsShape = { object: { times: strikes } } satisfies { object: Record<keyof FaultOptions, Shape> }

/** Throws a `TypeError` that names what is wrong with a fault that could never strike, or would strike what nobody meant. */
export function checkFault(match: unknown, fault: unknown, options: unknown, operations: ReadonlySet<string>): void {
  checkMatch(match, operations)
  checkKind(fault)
  checkParts(options, optionsShape, 'options')
}

/** Throws a `TypeError` on what could match nothing, or everything. */
export function checkMatch(match: unknown, operations: ReadonlySet<string>): void {
  if (typeof match === 'function') return
  if (typeof match === 'string') {
    if (!operations.has(match)) throw new TypeError(`This portal has no operation ${match}`)
    return
  }
  checkParts(match, matchShape, 'match')
  // One that names neither would hit every request.
  if (!hasAny(match, Object.keys(matchShape.object))) throw new TypeError('match must name a method or a path')
}

function checkKind(fault: unknown): void {
  if (typeof fault === 'string' && Object.hasOwn(names, fault)) return
  const kind = Object.keys(detailed).find((part) => hasAny(fault, [part]))
  const shape = kind === undefined ? undefined : detailed[kind]
  if (shape === undefined) {
    throw new TypeError(
      `fault must be one of ${Object.keys(names).join(', ')}, or have a status, a delayMs, a landsAfterMs or a retryAfter`,
    )
  }
  // What lands late cannot do without either of its parts.
  const check = kind === 'landsAfterMs' ? checkWhole : checkParts
  check(fault, shape, 'fault')
}

const hasAny = (value: unknown, parts: readonly string[]) =>
  typeof value === 'object' && value !== null && parts.some((part) => Reflect.get(value, part) !== undefined)
