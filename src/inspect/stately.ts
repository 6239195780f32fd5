import type { Actor, AnyActorLogic, AnyActorRef, AnyEventObject, AnyStateMachine, InspectionEvent } from 'xstate'

/** What every inspected event says; the form is that of `@statelyai/inspect`. */
interface StatelyBaseEvent {
  readonly rootId: string | undefined
  /** Of the actor that it is about. */
  readonly sessionId: string
  /** Epoch ms, as text. */
  readonly createdAt: string
  readonly id: null
  readonly _version: string
}

/** An actor was made. */
export interface StatelyActorEvent extends StatelyBaseEvent {
  readonly type: '@xstate.actor'
  readonly name: string
  /** The chart, as JSON. */
  readonly definition: string | undefined
  readonly parentId: string | undefined
  readonly snapshot: StatelySnapshot
}

/** An actor got an event. */
export interface StatelyEventEvent extends StatelyBaseEvent {
  readonly type: '@xstate.event'
  readonly event: AnyEventObject
  readonly sourceId: string | undefined
}

/** An actor has a new snapshot. */
export interface StatelySnapshotEvent extends StatelyBaseEvent {
  readonly type: '@xstate.snapshot'
  readonly event: AnyEventObject
  readonly snapshot: StatelySnapshot
}

/** A snapshot as JSON: of a machine, or of another kind of actor. */
export interface StatelySnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  readonly value?: unknown
  readonly context?: unknown
  readonly output?: unknown
  readonly error?: unknown
}

/** What the Stately inspector is told, and a view of your own. */
export type StatelyInspectionEvent = StatelyActorEvent | StatelyEventEvent | StatelySnapshotEvent

/** Of `@statelyai/inspect`, whose form this is. */
const VERSION = '0.7.2'

/** As that package does: nobody looks deeper than this. */
const DEEPEST = 10

/** What happened, in the form that the inspector reads, but not yet JSON; null for what it does not show. */
export function toStately(event: InspectionEvent): StatelyInspectionEvent | null {
  // The types of XState hide that it is an actor.
  const actorRef = event.actorRef as AnyActorRef
  const { sessionId } = actorRef
  const about = { rootId: event.rootId, sessionId, createdAt: String(Date.now()), id: null, _version: VERSION }
  switch (event.type) {
    case '@xstate.actor':
      return { ...about, type: event.type, ...descriptionOf(actorRef) }
    case '@xstate.event':
      return { ...about, type: event.type, event: event.event, sourceId: event.sourceRef?.sessionId }
    case '@xstate.snapshot':
      return { ...about, type: event.type, event: event.event, snapshot: event.snapshot }
    default:
      return null
  }
}

function descriptionOf(actorRef: AnyActorRef) {
  const { id, sessionId, _parent: parent } = actorRef
  const { config } = (actorRef as Actor<AnyActorLogic>).logic as Partial<AnyStateMachine>
  const name = id === sessionId && config?.id !== undefined ? config.id : id
  const snapshot: StatelySnapshot = actorRef.getSnapshot()
  return { name, definition: jsonTextOf(config ?? { id: name }), parentId: parent?.sessionId, snapshot }
}

/** A copy that is plain JSON. */
export const toJson = <Value>(value: Value): Value => JSON.parse(jsonTextOf(value))

/** The JSON of anything: functions are named, and what stands in itself or too deep is cut off. */
function jsonTextOf(value: unknown): string {
  const above: unknown[] = []
  return JSON.stringify(value, function (this: unknown, _key, whole: unknown) {
    const part = typeof whole === 'function' ? { type: whole.name } : whole
    if (typeof part === 'bigint') return String(part)
    if (typeof part !== 'object' || part === null) return part
    if (typeof Element !== 'undefined' && part instanceof Element) return part.outerHTML
    // `this` holds the part: what stands below it in the list has been left.
    above.splice(above.indexOf(this) + 1)
    if (above.includes(part)) return '[circular]'
    if (above.length > DEEPEST) return '[too deep]'
    above.push(part)
    return part
  })
}
