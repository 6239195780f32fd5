import { type AnyStateMachine, StateMachine } from 'xstate'
import { checkSlots } from './slots.ts'

/** Is it a machine? A slot can be filled by any actor logic, and what a host gives is anything. */
export const isMachine = (logic: unknown): logic is AnyStateMachine =>
  typeof logic === 'object' && logic !== null && 'root' in logic

/** What `provide` takes. */
export type Slots<Machine extends AnyStateMachine> = Parameters<Machine['provide']>[0]

/** The machine, whose `provide` refuses what may send a write twice; and so does that of every machine made by it. */
export function withCheckedSlots<Machine extends AnyStateMachine>(machine: Machine): Machine {
  const provide = machine.provide.bind(machine)
  return Object.assign(machine, {
    provide(slots: Slots<Machine>) {
      checkSlots(slots.actors)
      return withCheckedSlots(provide(slots) as Machine)
    },
  })
}

/**
 * The machine with these slots filled. `machine.provide()` would do it too, but builds every state of the chart once more. Here the two
 * machines share them: a state does not know what fills a slot, XState looks that up by the machine that a snapshot is of.
 */
export function withSlots<Machine extends AnyStateMachine>(
  machine: Machine,
  { actions, actors, guards }: Slots<Machine>,
): Machine {
  const { config, events, id, implementations, root, schemas, states } = machine
  const filled = new StateMachine(
    { id },
    {
      ...implementations,
      actions: { ...implementations.actions, ...actions },
      actors: { ...implementations.actors, ...actors },
      guards: { ...implementations.guards, ...guards },
    },
  )
  const getStateNodeById = machine.getStateNodeById.bind(machine)
  return withCheckedSlots(
    Object.assign(filled, { config, schemas, root, states, events, getStateNodeById }) as unknown as Machine,
  )
}
