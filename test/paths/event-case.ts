import type { Machines } from 'postlogin'
import type { AnyActorRef, AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import type { Clock } from '../../src/domain/clock.ts'
import { NOON } from '../support/setting.ts'
import { eventsHeard } from './edges.ts'
import type { Scene } from './scene.ts'

/** One way in which an event can come: with this payload, this output, this failure. */
export interface EventCase {
  readonly name: string
  readonly event: { readonly type: string }
  /** False where it contradicts what went before: no deadline is reached that was never set. */
  readonly isPossible: (snapshot: AnyMachineSnapshot) => boolean
  /** Makes it come to a real actor, from outside; or why nothing outside can. */
  readonly provoke: Provocation | string
  /** What the clock shows when it comes, epoch ms; noon unless it says something else. */
  readonly at?: number
  /** What the host's clock has to refuse before the actor that asks for it is started. */
  readonly onBrokenClock?: keyof Clock
}

export type Provocation = (scene: Scene) => Promise<void> | void

/** Nothing has to be done: it comes by itself, and at once. */
export const byItself: Provocation = () => undefined

/** All that can happen to one machine. */
export interface MachineCases {
  readonly name: keyof Machines
  readonly machine: AnyStateMachine
  readonly inputs: readonly (object | undefined)[]
  /** What the user does, and `restored`. */
  readonly events: readonly EventCase[]
  /** How each of the actors can end, or what it can say, by the id of its invoke. */
  readonly ends: Readonly<Record<string, readonly EventCase[]>>
  /** What guards can see of the context, without what grows. */
  readonly project: (snapshot: AnyMachineSnapshot) => unknown
  /** Edges that cannot be taken, by name, each with its reason. */
  readonly unreachable: Readonly<Record<string, string>>
}

const always = () => true

let time = NOON

/** The clock of a machine that is walked: a guard that asks for the time goes one way at noon, the other way in a case with an `at`. */
export const walkClock = {
  now: () => time,
  set(at = NOON) {
    time = at
  },
}

/** The user does something. */
export function said(event: { readonly type: string }, detail = ''): EventCase {
  return {
    name: [event.type, detail].filter(Boolean).join(' '),
    event,
    isPossible: always,
    provoke: (scene) => scene.send(event),
  }
}

/** The machine is stored, the page is loaded anew, the machine goes on: `detectRestore` says so. Tried where the machine hears it. */
export const restored: EventCase = {
  name: 'restored',
  event: { type: 'restored' },
  isPossible: (snapshot) => eventsHeard(snapshot).has('restored'),
  provoke: (scene) => scene.reload(),
}

/** The same, tried everywhere: what is not heard has lost its secrets all the same. */
export const reloaded: EventCase = { ...restored, isPossible: always }

/** The portal demands more proof for one of these writes; the user gives it, or gives up. */
export function stepUps(...invokes: readonly string[]): readonly EventCase[] {
  const writing = ({ children }: AnyMachineSnapshot) => invokes.find((id) => children[id] !== undefined)
  const isSent: EventCase['isPossible'] = (snapshot) => {
    const id = writing(snapshot)
    return id !== undefined && !isStoppedWrite(snapshot.children[id])
  }
  const more = (type: string, provoke: Provocation): EventCase => ({
    name: type,
    event: { type },
    isPossible: isSent,
    provoke,
  })
  return [
    more('stepUp.demanded', (scene) => scene.demandProof(invokes)),
    more('stepUp.answered', (scene) => scene.giveProof()),
    said({ type: 'stepUp.cancel' }),
  ]
}

const doneEvent = (id: string, output: unknown) => ({ type: `xstate.done.actor.${id}`, actorId: id, output })
const errorEvent = (id: string, error: unknown) => ({ type: `xstate.error.actor.${id}`, actorId: id, error })

/** An actor ends well. */
export function done(
  id: string,
  name: string,
  output: unknown,
  provoke: EventCase['provoke'],
  isPossible: EventCase['isPossible'] = always,
): EventCase {
  return { name: `done ${id} ${name}`, event: doneEvent(id, output), isPossible, provoke }
}

/** An actor ends badly. */
export function failed(
  id: string,
  name: string,
  error: unknown,
  provoke: EventCase['provoke'],
  isPossible: EventCase['isPossible'] = always,
): EventCase {
  return { name: `error ${id} ${name}`, event: errorEvent(id, error), isPossible, provoke }
}

const restoredActors = new WeakSet<AnyActorRef>()
export const noteRestored = (actor: AnyActorRef) => void restoredActors.add(actor)

/** Was it started anew from what was stored? */
export const isRestored = (actor: AnyActorRef | undefined) => actor !== undefined && restoredActors.has(actor)

/** A write that was under way when its machine was stored: its ticket is a copy, so that it sends nothing and its outcome is open. */
export function isStoppedWrite(actor: AnyActorRef | undefined): boolean {
  if (actor === undefined || !isRestored(actor)) return false
  const { input } = actor.getSnapshot() as { input?: object | null }
  return input === null || (input !== undefined && 'ticket' in input)
}
