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
