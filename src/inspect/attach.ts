import type { AnyActorRef, InspectionEvent } from 'xstate'
import type { Redaction } from './serialize.ts'
import { type StatelyInspectionEvent, toStately } from './stately.ts'

/** A running inspection. */
export interface Inspection {
  /** Sends nothing from now on. The actor continues. */
  stop(): void
}

/** How many events are kept for an inspector that connects late, or once more. */
export const KEPT_EVENTS = 1_000

/** Shows the whole system that the actor belongs to, also one that has been running for a while. */
export function attach(
  actor: AnyActorRef,
  send: (event: StatelyInspectionEvent) => void,
  { watch, serialize }: Redaction,
): Inspection {
  let isStopped = false
  const show = (event: InspectionEvent) => {
    watch(event)
    whenIdle(() => {
      const stately = isStopped ? null : toStately(event)
      if (stately !== null) send(serialize(stately))
    })
  }
  const root = rootOf(actor)
  for (const actorRef of [root, ...descendantsOf(root)]) {
    show({ type: '@xstate.actor', actorRef, rootId: root.sessionId })
  }
  const subscription = root.system.inspect(show)
  return {
    stop() {
      isStopped = true
      subscription.unsubscribe()
    },
  }
}

/** A flow does not wait for its inspector. */
const whenIdle = (task: () => void) => void (globalThis.requestIdleCallback ?? setTimeout)(() => task())

const rootOf = (actor: AnyActorRef): AnyActorRef => (actor._parent === undefined ? actor : rootOf(actor._parent))

function descendantsOf(actor: AnyActorRef): AnyActorRef[] {
  const snapshot = actor.getSnapshot() as { children?: Record<string, AnyActorRef | undefined> } | undefined
  const children = Object.values(snapshot?.children ?? {}).filter((child) => child !== undefined)
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}
