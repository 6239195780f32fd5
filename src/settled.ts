import type { AnyActorRef } from 'xstate'
import { clientFailure, PortalError } from './domain/failure.ts'
import { isRecord } from './domain/record.ts'

// Taken now, so that a test which fakes the timers later cannot stop the timeout.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis

/** The platform's timers fire at once when asked to wait longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** What `settled` reads of a snapshot; every machine's has it, other actors' have parts of it. */
interface ReadableSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  readonly error?: unknown
  readonly value?: unknown
  readonly children?: Readonly<Record<string, AnyActorRef | undefined>>
  hasTag?(tag: string): boolean
}

const read = (actor: AnyActorRef): ReadableSnapshot => actor.getSnapshot()

/** Keeps the writes of an api back; `createWriteGate` of `postlogin/durable` makes one. */
export interface WriteGate {
  /** How many requests are under way. A write for which the user is being asked for more proof is not: that may take hours. */
  readonly underWay: number
  /** How many writes are kept back. */
  readonly held: number
  /** Hears of each change of the two numbers. */
  subscribe(listener: () => void): { unsubscribe(): void }
}

/** The options of `settled`. */
export interface SettledOptions {
  /** When to give up, in ms of real time, whatever the actor's own clock does. Default 10,000. */
  readonly timeoutMs?: number
  /** Ends the wait: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** The gate that the machines' api goes through: then reads in the background are waited for, and writes may be what it comes to. */
  readonly gate?: WriteGate
}

/** What it has come to: it `rests` until somebody acts or a deadline comes, or it `wantsToWrite` and the gate is closed. */
export type Settlement = 'rests' | 'wantsToWrite'

/**
 * Resolves when this actor and all machines below it have done everything they can do alone: none is tagged `busy`, and
 * none becomes so once all resolved promises are handled. Also resolves when the actor is done, and with a `gate` when
 * nothing goes on before a write may leave.
 *
 * @throws Error where the actor is stopped, or is not settled after `timeoutMs`; the message names what is still busy.
 * @throws PortalError `client.option` where an option is wrong; `field` names it. Rejects with the actor's own error where
 * that fails, and with the reason of `signal` once that is aborted.
 *
 * @example
 * ```ts
 * flow.start()
 * await settled(flow) // => 'rests'
 * flow.getSnapshot().hasTag('busy') // => false
 * ```
 */
export async function settled(actor: AnyActorRef, options: SettledOptions = {}): Promise<Settlement> {
  checkOptions(options)
  const { timeoutMs = 10_000, signal, gate } = options
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const watched = new Map<AnyActorRef, { unsubscribe(): void }>()
    let confirmation: ReturnType<typeof setTimeout> | undefined
    let over = false

    const deadline = startTimer(() => {
      finish(() =>
        reject(new Error(`Not settled after ${timeoutMs} ms: ${busyPlaces(actor).join(', ') || 'it kept changing'}`)),
      )
    }, timeoutMs)
    const stop = () => finish(() => reject(signal?.reason))
    signal?.addEventListener('abort', stop, { once: true })
    const gateWatch = gate?.subscribe(look)

    function finish(report: () => void) {
      over = true
      stopTimer(deadline)
      stopTimer(confirmation)
      signal?.removeEventListener('abort', stop)
      gateWatch?.unsubscribe()
      for (const subscription of watched.values()) subscription.unsubscribe()
      report()
    }

    /** Null while something is under way. */
    function settlement(): Settlement | null {
      if (gate !== undefined && gate.underWay > 0) return null
      if (gate !== undefined && gate.held > 0) return 'wantsToWrite'
      return busyPlaces(actor).length === 0 ? 'rests' : null
    }

    function look() {
      if (over) return
      stopTimer(confirmation)
      const snapshot = read(actor)
      if (snapshot.status === 'done') return finish(() => resolve('rests'))
      if (snapshot.status === 'error') return finish(() => reject(snapshot.error))
      if (snapshot.status === 'stopped') {
        return finish(() => reject(new Error(`${actor.id} was stopped before it settled`)))
      }
      watch(actor)
      // A whole turn of the event loop later, all resolved promises have been heard; if nothing moved by then, nothing will.
      if (settlement() !== null) confirmation = startTimer(confirm, 0)
    }

    function confirm() {
      const now = settlement()
      if (!over && read(actor).status === 'active' && now !== null) finish(() => resolve(now))
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

function checkOptions(options: SettledOptions) {
  if (!isRecord(options)) refuse('options', 'must be an object')
  const unknown = Object.keys(options).find((name) => !['timeoutMs', 'signal', 'gate'].includes(name))
  if (unknown !== undefined) refuse(unknown, 'is no option')
  const { timeoutMs = 0 }: SettledOptions = options
  if (typeof timeoutMs === 'number' && timeoutMs >= 0 && timeoutMs <= LONGEST_TIMER_MS) return
  refuse('timeoutMs', `must be a number of milliseconds from 0 to ${LONGEST_TIMER_MS}`)
}

function refuse(option: string, problem: string): never {
  throw new PortalError(clientFailure('option', 'config', { field: option }), `settled: ${option}: ${problem}`)
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
