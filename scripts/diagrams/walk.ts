import type { AnyStateNode } from 'xstate'

/** Reads a chart off a machine's definition. */

export type Kind =
  | 'busy'
  | 'resting'
  | 'delegating'
  | 'failed'
  | 'coolingDown'
  | 'steppingUp'
  | 'passing'
  | 'final'
  | 'beside'

/** One possible transition: an event, under a guard, from a state to another or to none. */
export interface Edge {
  readonly event: string
  readonly isError: boolean
  readonly guard: string | null
  /** Without a guard, after others that have one. */
  readonly isElse: boolean
  readonly from: AnyStateNode
  readonly to: AnyStateNode | null
  /** More states side by side with that one, where it leads into several regions. */
  readonly alsoTo: readonly AnyStateNode[]
  readonly actions: readonly string[]
  readonly description: string | undefined
}

export const statesOf = (state: AnyStateNode): AnyStateNode[] => [
  state,
  ...Object.values(state.states).flatMap(statesOf),
]
export const isRoot = (state: AnyStateNode) => state.parent === undefined
export const pathOf = (state: AnyStateNode) => state.path.join('.')

export const tagOf = (state: AnyStateNode): string | undefined =>
  state.tags[0] ?? (state.parent === undefined ? undefined : tagOf(state.parent))

/** Of states that are active side by side, the one that says the status; undefined where they share the tag of the state around them. */
export const statusRegionOf = (state: AnyStateNode): AnyStateNode | undefined =>
  state.type === 'parallel' && state.tags.length === 0
    ? Object.values(state.states).find((region) => statesOf(region).some(({ tags }) => tags.length > 0))
    : undefined

/** Does another region say the status? */
const isBeside = (state: AnyStateNode): boolean => {
  if (state.parent === undefined) return false
  const region = statusRegionOf(state.parent)
  return region === undefined ? isBeside(state.parent) : region !== state
}

export function kindOf(state: AnyStateNode): Kind {
  if (state.type === 'final') return 'final'
  if (isBeside(state)) return 'beside'
  const tag =
    tagOf(state) ??
    Object.values(state.states)
      .map(tagOf)
      .find((below) => below !== undefined)
  return (tag as Kind | undefined) ?? 'passing'
}

export const NAMELESS = ''
export const isSent = (event: string) => event !== NAMELESS && !/^[✓✗↻] /.test(event)

/** The event as it is written here: an actor's end by the slot, the end of the states inside as such. */
function eventOf(state: AnyStateNode, type: string): string {
  const slotOf = (id: string) => String(state.invoke.find((invoke) => invoke.id === id)?.src ?? id)
  const [, kind, id] = /^xstate\.(done\.actor|error\.actor|snapshot|done\.state)\.(.*)$/.exec(type) ?? []
  if (kind === undefined || id === undefined) return type
  if (kind === 'done.state') return '✓ all inside'
  const sign = { 'done.actor': '✓', 'error.actor': '✗', snapshot: '↻' }[kind] ?? '?'
  return `${sign} ${slotOf(id)}`
}

export const nameOf = (reference: unknown): string => {
  if (typeof reference === 'string') return reference
  const { type, params } = reference as { type: string; params?: object }
  return params === undefined ? type : `${type}(${Object.values(params).join(', ')})`
}

export function edgesOf(state: AnyStateNode): Edge[] {
  const lists = [
    ...[...state.transitions].map(([type, list]) => ({ type, list })),
    { type: NAMELESS, list: state.always ?? [] },
  ]
  return lists.flatMap(({ type, list }) =>
    list.map(({ guard, target, actions, description }, index) => ({
      event: eventOf(state, type),
      isError: type.startsWith('xstate.error.'),
      guard: guard === undefined ? null : nameOf(guard),
      isElse: guard === undefined && index > 0,
      from: state,
      to: target?.[0] ?? null,
      alsoTo: target?.slice(1) ?? [],
      actions: actions.map(nameOf),
      description,
    })),
  )
}
