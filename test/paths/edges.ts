import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'

/** Every transition of a machine by its name, read off the machine itself. */
export type Edges = ReadonlyMap<AnyTransitionDefinition, string>

const statesOf = (state: AnyStateNode): AnyStateNode[] => [state, ...Object.values(state.states).flatMap(statesOf)]

const guardName = (guard: unknown): string => {
  if (typeof guard !== 'object' || guard === null) return String(guard)
  const { type, params } = guard as { type: string; params?: object }
  return [type, ...Object.values(params ?? {})].join(' ')
}

/** `sessions.list: session.terminate #1 [isTerminable] -> confirming`: source, event, place among its candidates, guard, target. */
function nameOf(source: AnyStateNode, event: string, index: number, { guard, target }: AnyTransitionDefinition) {
  const condition = guard === undefined ? '' : ` [${guardName(guard)}]`
  const targets = target?.map(({ id }) => id.slice(id.indexOf('.') + 1)).join(', ') ?? 'stays'
  return `${source.id}: ${event} #${index + 1}${condition} -> ${targets}`
}

/** One edge for each candidate of each event of each state: the chart's events, `always`, ends and snapshots of what it invokes, ends of states. */
export function edgesOf(machine: AnyStateMachine): Edges {
  const edges = new Map<AnyTransitionDefinition, string>()
  for (const state of statesOf(machine.root)) {
    const candidates = [...state.transitions, ['always', state.always ?? []] as const]
    for (const [event, transitions] of candidates) {
      transitions.forEach((transition, index) => {
        edges.set(transition, nameOf(state, event, index, transition))
      })
    }
  }
  return edges
}

/** The events that a state has an answer to, whatever its guards say. */
export const eventsHeard = ({ _nodes }: AnyMachineSnapshot): ReadonlySet<string> =>
  new Set(_nodes.flatMap((state) => [...state.transitions.keys()]))
