import type { AnyActorRef } from 'xstate'

const pathOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  const [[name, inner] = ['', ''], ...others] = Object.entries(value as object)
  return others.length > 0 ? '' : [name, pathOf(inner)].filter(Boolean).join('.')
}

/** Where a machine is, as in `confirming.deciding`; down to where states are side by side. */
export const placeOf = (machine: AnyActorRef) => pathOf(machine.getSnapshot().value)
