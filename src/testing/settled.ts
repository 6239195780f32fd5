import type { AnyActorRef } from 'xstate'
import { check, partial, timerMilliseconds } from './schema.ts'

// Taken now, so that a test which fakes the timers later cannot stop the timeout.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis

/** What `settled` reads of a snapshot; every machine's has it, other actors' have parts of it. */
interface ReadableSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  readonly error?: unknown
  readonly value?: unknown
  readonly children?: Readonly<Record<string, AnyActorRef | undefined>>
  hasTag?(tag: string): boolean
}

const read = (actor: AnyActorRef): ReadableSnapshot => actor.getSnapshot()

/** The options of `settled`. */
export interface SettledOptions {
  /** When to give up, in ms of real time, whatever the actor's own clock does. Default 10,000. */
  readonly timeoutMs?: number
}

const optionsSchema = partial<SettledOptions>({ timeoutMs: timerMilliseconds })

/**
 * Resolves when this actor and all machines below it have done everything they can do alone: none is tagged `busy`, and
 * none becomes so once all resolved promises are handled. Also resolves when the actor is done.
 *
 * @throws Error where the actor is stopped, or is not settled after `timeoutMs`; the message names what is still busy.
 * @throws TypeError where `timeoutMs` is no number of milliseconds. Rejects with the actor's own error where that
 * fails.
 *
 * @example
 * ```ts
 * flow.start()
 * await settled(flow)
 * flow.getSnapshot().hasTag('busy') // => false
 * ```
 */
export function settled(actor: AnyActorRef, options: SettledOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    check(options, optionsSchema, 'options')
    const { timeoutMs = 10_000 } = options
    const watched = new Map<AnyActorRef, { unsubscribe(): void }>()
    let confirmation: ReturnType<typeof setTimeout> | undefined
    let over = false

    const deadline = startTimer(() => {
      finish(() =>
        reject(new Error(`Not settled after ${timeoutMs} ms: ${busyPlaces(actor).join(', ') || 'it kept changing'}`)),
      )
    }, timeoutMs)

    function finish(report: () => void) {
      over = true
      stopTimer(deadline)
      stopTimer(confirmation)
      for (const subscription of watched.values()) subscription.unsubscribe()
      report()
    }

    function look() {
      if (over) return
      stopTimer(confirmation)
      const snapshot = read(actor)
      if (snapshot.status === 'done') return finish(resolve)
      if (snapshot.status === 'error') return finish(() => reject(snapshot.error))
      if (snapshot.status === 'stopped') {
        return finish(() => reject(new Error(`${actor.id} was stopped before it settled`)))
      }
      watch(actor)
      // A whole turn of the event loop later, all resolved promises have been heard; if nothing moved by then, nothing will.
      if (busyPlaces(actor).length === 0) confirmation = startTimer(confirm, 0)
    }

    function confirm() {
      if (!over && read(actor).status === 'active' && busyPlaces(actor).length === 0) finish(resolve)
      else look()
    }

    function watch(member: AnyActorRef) {
      if (!watched.has(member)) {
        // The map must know it before it is subscribed to: a subscription may report at once.
        watched.set(member, { unsubscribe() {} })
        // Without an error observer of its own, a child that fails would be reported as unhandled, although its parent handles it.
        watched.set(member, member.subscribe({ next: look, complete: look, error: look }))
      }
      for (const child of machinesBelow(member)) watch(child)
    }

    look()
  })
}

const machinesBelow = (actor: AnyActorRef): AnyActorRef[] =>
  Object.values(read(actor).children ?? {}).filter(
    (child): child is AnyActorRef => child !== undefined && read(child)?.hasTag !== undefined,
  )

/** Where something is busy, as `onboarding > mfa: loading`. */
function busyPlaces(actor: AnyActorRef, path: readonly string[] = []): string[] {
  const snapshot = read(actor)
  if (snapshot.status !== 'active') return []
  const here = [...path, actor.id]
  const own = snapshot.hasTag?.('busy') ? [`${here.join(' > ')}: ${describe(snapshot.value)}`] : []
  return [...own, ...machinesBelow(actor).flatMap((child) => busyPlaces(child, here))]
}

const describe = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
