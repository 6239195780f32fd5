import type { World } from './world.ts'

/** An enum as the portal writes it (contract 2). */
export const wireEnum = ({ behaviour }: World, code: string, value: number, text: string) => ({
  code,
  value,
  [behaviour.dialect.enumText]: text,
})

/** ISO 8601 UTC. */
export const wireTime = (at: number | null) => (at === null ? null : new Date(at).toISOString())

/** Fields that only some pages of the contract have. */
export const optional = <Fields extends object>({ behaviour }: World, fields: Fields): Partial<Fields> =>
  behaviour.dialect.optionalFields ? fields : {}
