import type { Dialect } from '../behavior.ts'
import type { World } from '../world.ts'

/** An enum as the portal writes it (docs/contract.md#replies). */
export const wireEnum = ({ behavior }: World, code: string, value: number, text: string) => ({
  code,
  value,
  [behavior.dialect.enumText]: text,
})

/** ISO 8601 UTC, where the dialect is not another. */
export const wireTime = ({ behavior }: World, at: number | null) =>
  at === null ? null : dates[behavior.dialect.dates](new Date(at))

const dates: Readonly<Record<Dialect['dates'], (at: Date) => unknown>> = {
  iso: (at) => at.toISOString(),
  zoned: (at) => `${at.toISOString()}[UTC]`,
  list: (at) => [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes()],
  seconds: (at) => at.getTime() / 1000,
  empty: () => '',
  outOfRange: () => 9e15,
}

/** The rows of a list; `bare` is what is left of one of them where nothing is sent that it can do without. */
export function wireRows<Row extends object>(
  { behavior }: World,
  rows: readonly Row[],
  bare: (row: Row) => object,
): readonly unknown[] {
  switch (behavior.dialect.rows) {
    case 'whole':
      return rows
    case 'bare':
      return rows.map(bare)
    case 'besideStrays':
      return [null, ...rows, ...rows.slice(0, 1).map(withoutValues)]
  }
}

const withoutValues = (row: object) => Object.fromEntries(Object.keys(row).map((name) => [name, null]))

/** Fields that only some pages document (docs/contract.md#variants). */
export const optional = <Fields extends object>({ behavior }: World, fields: Fields): Partial<Fields> =>
  behavior.dialect.optionalFields ? fields : {}
