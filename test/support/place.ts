import type { AnyActorRef } from 'xstate'

const pathOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  const parts = Object.entries(value as object)
  const [name, inner] =
    parts.find(([region]) => region === 'steps') ?? (parts.length === 1 ? parts[0] : undefined) ?? []
  return name === undefined ? '' : [name, pathOf(inner)].filter(Boolean).join('.')
}

/** Where a machine is, as in `confirming.deciding`; down to where states are side by side. Of those, the root's `steps` count. */
export const placeOf = (machine: AnyActorRef) => pathOf(machine.getSnapshot().value)
