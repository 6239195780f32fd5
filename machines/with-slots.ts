import { type AnyStateMachine, StateMachine } from 'xstate'

/**
 * The machine with these slots filled. `machine.provide()` would do it too, but builds every state of the chart once more. Here the two
 * machines share them: a state does not know what fills a slot, XState looks that up by the machine that a snapshot is of.
 */
export function withSlots<Machine extends AnyStateMachine>(
  machine: Machine,
  { actions, actors }: Parameters<Machine['provide']>[0],
): Machine {
  const { config, events, id, implementations, root, schemas, states } = machine
  const filled = new StateMachine(
    { id },
    {
      ...implementations,
      actions: { ...implementations.actions, ...actions },
      actors: { ...implementations.actors, ...actors },
    },
  )
  const getStateNodeById = machine.getStateNodeById.bind(machine)
  return Object.assign(filled, { config, schemas, root, states, events, getStateNodeById }) as unknown as Machine
}
