import type { StatelyInspectionEvent } from 'postlogin/inspect'
import type { StateValue } from 'xstate'

/** Follows the machines by their inspection events; promises and other actors are left out. */

export interface Machine {
  /** The definition's. */
  readonly id: string
  readonly depth: number
  readonly status: string
  readonly value: StateValue | undefined
  readonly tags: unknown
  readonly context: unknown
}

export interface Happening {
  readonly at: number
  readonly machine: string
  readonly event: { readonly type: string }
  /** Null if it has just started. */
  readonly from: StateValue | null
  readonly to: StateValue
}

type Snapshot = Partial<Pick<Machine, 'status' | 'value' | 'tags' | 'context'>>

export function createWatch() {
  /** By the actor's session ID, in order of appearance. */
  const actors = new Map<string, Machine>()

  return {
    /** Takes an event; returns what is worth a line in the log. */
    take(event: StatelyInspectionEvent): Happening | null {
      if (event.type === '@xstate.actor') {
        const id = machineIdIn(event.definition)
        if (id === null) return null
        const depth = (actors.get(event.parentId ?? '')?.depth ?? 0) + 1
        // A snapshot with its first state follows, unless it has been running for a while.
        actors.set(event.sessionId, { id, depth, ...read(event.snapshot) })
        return null
      }
      const before = actors.get(event.sessionId)
      if (event.type !== '@xstate.snapshot' || before === undefined) return null
      const now = read(event.snapshot)
      actors.set(event.sessionId, { ...before, ...now, value: now.value ?? before.value })
      if (now.value === undefined) return null
      const isStart = event.event.type === 'xstate.init'
      const from = isStart ? null : (before.value ?? null)
      // Each change in a child is also reported to its parent.
      if (event.event.type.startsWith('xstate.snapshot.') && isSame(from, now.value)) return null
      return { at: Number(event.createdAt), machine: before.id, event: event.event, from, to: now.value }
    },
    /** The last one with that name. */
    find: (id: string) => [...actors.values()].findLast((machine) => machine.id === id),
    /** The innermost running one, which the user works with. If none runs, the outermost. */
    atWork: () =>
      [...actors.values()]
        .filter(({ status }) => status === 'active')
        .reduce<Machine | undefined>(
          (deepest, one) => (one.depth >= (deepest?.depth ?? 0) ? one : deepest),
          undefined,
        ) ?? [...actors.values()][0],
    clear: () => actors.clear(),
  }
}

function machineIdIn(definition: string | undefined): string | null {
  const { id, states } = JSON.parse(definition ?? '{}') as { id?: string; states?: object }
  return id === undefined || states === undefined ? null : id
}

const read = (snapshot: unknown) => {
  const { status = 'active', value, tags, context } = snapshot as Snapshot
  return { status, value, tags, context }
}

export const isSame = (one: StateValue | null, other: StateValue | null) => nameOf(one) === nameOf(other)

/** `reading.(whitelist.asking | address.told)` */
export function nameOf(value: StateValue | null): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  const parts = Object.entries(value).map(([key, inner]) => (inner ? join(key, nameOf(inner)) : key))
  return parts.length > 1 ? `(${parts.join(' | ')})` : (parts[0] ?? '')
}

const join = (outer: string, inner: string) => (inner === '' ? outer : `${outer}.${inner}`)

/** The paths of all states that are active, an outer one before the inner ones. */
export function pathsOf(value: StateValue | undefined): string[][] {
  if (value === undefined) return []
  if (typeof value === 'string') return [[value]]
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsOf(inner).map((path) => [key, ...path])])
}
