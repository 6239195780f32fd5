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

export const yesOrNo: Check = (value) => (typeof value === 'boolean' ? null : 'must be a boolean')

export const finite: Check = (value) => (Number.isFinite(value) ? null : 'must be a finite number')

export const milliseconds: Check = (value) =>
  Number.isFinite(value) && Number(value) >= 0 ? null : 'must be a number of milliseconds, 0 or more'

/** The platform's timers fire at once when asked to wait longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Of real time. */
export const timerMilliseconds: Check = (value) =>
  Number.isFinite(value) && Number(value) >= 0 && Number(value) <= LONGEST_TIMER_MS
    ? null
    : `must be a number of milliseconds from 0 to ${LONGEST_TIMER_MS}`

export const integerFrom =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? null
      : `must be a whole number from ${least} to ${most}`

export const positiveInteger: Check = (value) =>
  Number.isInteger(value) && Number(value) > 0 ? null : 'must be a whole number of 1 or more'

export const oneOf =
  (...values: readonly (string | number | boolean)[]): Check =>
  (value) =>
    values.includes(value as string | number | boolean) ? null : `must be one of ${values.join(', ')}`

export const orNull =
  (check: Check): Check =>
  (value) => {
    const problem = value === null ? null : check(value)
    return problem === null ? null : `${problem} or null`
  }

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
