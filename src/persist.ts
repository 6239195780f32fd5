import {
  type AnyActor,
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  getInitialSnapshot,
  type Snapshot,
  type SnapshotFrom,
  type StateValue,
} from 'xstate'
import { isUnloaded, nameOf } from '../machines/late.ts'
import { loadingMachine } from '../machines/loading.ts'
import type { CarriedOver } from '../machines/onboarding.ts'
import { snapshotWhenStopped } from '../machines/slots.ts'
import { isMachine } from '../machines/with-slots.ts'
import { type clientCodes, clientFailure, PortalError } from './domain/failure.ts'
import { isRecord } from './domain/record.ts'
import { isSealedJson } from './domain/sealed.ts'
import { issueTicket } from './domain/ticket.ts'
import { carried, contexts, deadlineInput, loadStepsInput, onboarding, unreadContexts } from './stored/contexts.ts'
import { fits } from './stored/schema.ts'

/** Raise it when the meaning of a context changes. A changed chart is detected by its shape. */
const FORMAT = 5

/** The options of `toStorage` and `fromStorage`. */
export interface StorageOptions {
  /** Whose account it is, by a stable id. Nobody else must continue a stored flow. */
  readonly subject: string
}

/** The options of `toStorage`. */
export interface StoreOptions extends StorageOptions {
  /**
   * Is the flow only ever continued from the text that was stored last, as `createDurableHost` sees to? Then it goes on exactly where
   * it was: nothing is read again, and an open question stays open. Default false: much may have happened since, also in another tab.
   */
  readonly singleWriter?: boolean
}

/** The states of a machine as a checksum, and the same of the machines that are at work in it, by their slots. */
interface Shape {
  readonly states: string
  readonly actors: Readonly<Record<string, Shape>>
}

interface Stored {
  readonly format: number
  readonly machine: string
  readonly shape: Shape
  readonly subject: string
  readonly snapshot: Snapshot<unknown>
}

/** What XState persists of a machine. */
type Persisted = Snapshot<unknown> & {
  readonly value: StateValue
  readonly context: object
  readonly historyValue: object | undefined
  /** `snapshot`: of whatever it runs; of a machine like this. */
  readonly children: Readonly<Record<string, { readonly src: unknown; readonly snapshot: Persisted }>>
}

/**
 * The flow as text, for `sessionStorage` and the like. It holds no secret: what was `Sealed` is left out, so an
 * enrollment continues without its QR code. A write that was under way is not sent again after the restore, but read
 * back.
 *
 * An actor that was stopped, as bindings do before they tell a component that it unmounts, is stored as it was just
 * before.
 *
 * @throws PortalError `client.input` where `subject` is empty or the actor runs no machine; `client.stopped` where the
 * actor failed, or was stopped and its last state is not known.
 *
 * @example
 * ```ts
 * flow.start()
 * const text = toStorage(flow, { subject })
 * JSON.parse(text).machine // => 'onboarding'
 * ```
 */
export function toStorage(actorRef: AnyActorRef, { subject, singleWriter = false }: StoreOptions): string {
  // Some bindings, such as Solid's, give an actor the type of a reference.
  const actor = actorRef as AnyActor
  const logic = actor.logic as AnyStateMachine
  if (typeof logic?.getPersistedSnapshot !== 'function' || logic.root === undefined) refuse('input', 'actor')
  const snapshot = snapshotToStore(actor)
  // A late machine may have come meanwhile, and this actor not yet gone on as that.
  const { machine } = actor.getSnapshot() as AnyMachineSnapshot
  const stored: Stored = {
    format: FORMAT,
    machine: nameOf(machine),
    shape: shapeOf(machine, snapshot),
    subject: checkedSubject(subject),
    snapshot: lighter(machine, snapshot, singleWriter),
  }
  return JSON.stringify(stored)
}

function snapshotToStore(actor: AnyActor): Persisted {
  const snapshot = actor.getPersistedSnapshot() as Persisted
  if (snapshot.status === 'active' || snapshot.status === 'done') return snapshot
  return (snapshot.status === 'stopped' && (snapshotWhenStopped(actor) as Persisted)) || refuse('stopped', 'actor')
}

/**
 * Where one of our machines reads something again before it acts on it, it is stored as if that had not been read yet. A single writer's
 * does not, as nothing tells it that it was restored. Actors that have ended are left out: their machine has what they told.
 */
function lighter(machine: AnyStateMachine, snapshot: Persisted, singleWriter: boolean): Persisted {
  const { value, context, children } = snapshot
  const isOwn = storedContextOf(machine) !== undefined
  const unread = unreadContextOf(machine)
  const isReadAgain = !singleWriter && unread !== undefined && isAtRest(machine, value, context)
  const atWork = Object.entries(children)
    .filter(
      ([, { src, snapshot }]) => !isOwn || (snapshot.status === 'active' && !(singleWriter && src === 'detectRestore')),
    )
    .map(([id, child]) => {
      const logic = logicOf(machine, child.src)
      return [id, isMachine(logic) ? { ...child, snapshot: lighter(logic, child.snapshot, singleWriter) } : child]
    })
  return {
    ...snapshot,
    historyValue: isEmpty(snapshot.historyValue) ? undefined : snapshot.historyValue,
    context: isReadAgain ? { ...context, ...unread } : context,
    children: Object.fromEntries(atWork),
  }
}

/** XState takes it for the same when nothing is there. */
const isEmpty = (historyValue: object | undefined) => Object.keys(historyValue ?? {}).length === 0

/** Waits for the user, be it in a step of its own. */
function isAtRest(machine: AnyStateMachine, value: StateValue, context: object): boolean {
  const state = machine.resolveState({ value, context })
  return state.hasTag('resting') || state.hasTag('delegating')
}

/**
 * The stored flow as a `snapshot` for `createActor(machine, { snapshot })`.
 *
 * @throws PortalError `client.storageText`, `client.storageVersion`, `client.storageMachine` or `client.storageSubject`
 * where the text is not one of ours, or belongs to another version, machine or account: start afresh. `client.input`
 * where `subject` is empty. `client.notLoaded` where a machine that was at work is not loaded: await `loadMachines()`.
 *
 * @example
 * ```ts
 * const text = toStorage(flow.start(), { subject })
 * flow.stop()
 * await loadMachines()
 * const snapshot = fromStorage(machines.onboarding, text, { subject })
 * const restored = createActor(machines.onboarding, { snapshot }).start()
 * ```
 */
export function fromStorage<Machine extends AnyStateMachine>(
  machine: Machine,
  text: string,
  { subject }: StorageOptions,
): SnapshotFrom<Machine> {
  const stored = parse(text)
  checkLoaded(machine)
  if (stored.format !== FORMAT) refuse('storageVersion', 'format')
  if (stored.machine !== machine.id) refuse('storageMachine', 'machine')
  const isBegun = hasShape(machine, stored.shape)
  if (!isBegun && !hasShape(loadingMachine, stored.shape)) refuse('storageVersion', 'shape')
  if (stored.subject !== checkedSubject(subject)) refuse('storageSubject', 'subject')
  const snapshot = isBegun ? stored.snapshot : begun(machine, stored.snapshot)
  if (!isSnapshotOf(machine, snapshot)) refuse('storageText', 'snapshot')
  goOnUnnoticed(machine, snapshot as Persisted)
  const parts = renewed(machine, snapshot as SnapshotFrom<AnyStateMachine>)
  return Object.assign(snapshot as object, parts) as SnapshotFrom<Machine>
}

/**
 * What a flow has come to that cannot go on, be it of an earlier version, as far as it can be read.
 *
 * @throws PortalError `client.storageSubject` where it belongs to another account.
 */
export function carriedOver(text: string, { subject }: StorageOptions): CarriedOver {
  const stored = read(text)
  if (stored === null) return {}
  if (stored.subject !== checkedSubject(subject)) refuse('storageSubject', 'subject')
  const { context } = stored.snapshot as Partial<AnyMachineSnapshot>
  const parts = isRecord(context) ? context : {}
  const readable = Object.entries(carried).filter(([part, schema]) => fits(schema, parts[part]))
  return Object.fromEntries(readable.map(([part]) => [part, parts[part]]))
}

/** What was stored while its chart was being loaded has done nothing yet: it begins, with the input that it had. */
function begun(machine: AnyStateMachine, stored: Snapshot<unknown>): unknown {
  try {
    const { context } = stored as AnyMachineSnapshot
    const snapshot = getInitialSnapshot(machine, context.input)
    return JSON.parse(JSON.stringify(machine.getPersistedSnapshot(snapshot)))
  } catch {
    // An input that is none of ours.
    return null
  }
}

/** What a single writer has left out. With a new ticket, `detectRestore` takes the machine for one that has never stopped. */
function goOnUnnoticed(machine: AnyStateMachine, { status, children }: Persisted): void {
  if (status !== 'active') return
  const detection = machine.root.invoke.find(({ src }) => src === 'detectRestore')
  if (detection !== undefined && children[detection.id] === undefined) {
    const snapshot = { status: 'active', input: { ticket: issueTicket() } }
    Object.assign(children, { [detection.id]: { src: detection.src, syncSnapshot: false, snapshot } })
  }
  for (const { src, snapshot } of Object.values(children)) {
    const logic = logicOf(machine, src)
    if (isMachine(logic)) goOnUnnoticed(logic, snapshot)
  }
}

type Mapper = (end: { readonly context: unknown; readonly event: object }) => unknown

/** What is not restored as stored: the output of one of our machines is computed from its context. */
function renewed(machine: AnyStateMachine, { status, value, context }: SnapshotFrom<AnyStateMachine>): object {
  if (storedContextOf(machine) === undefined || status !== 'done') return {}
  const event = { output: machine.states[value as string]?.output }
  return { output: (machine.root.output as Mapper)({ context, event }), children: {} }
}

/** XState accepts any snapshot, and fails or hangs once the actor is started. */
function isSnapshotOf(machine: AnyStateMachine, stored: unknown): boolean {
  if (!isRecord(stored)) return false
  const { status, value, context, children, historyValue } = stored
  if (!isRecord(context) || !isRecord(children) || !fits(storedContextOf(machine), context)) return false
  const state = stateOf(machine, value, context)
  if (state === null || state.status !== status || !isHistory(historyValue)) return false
  const invokes = state._nodes.flatMap((node) => node.invoke.map((invoke) => ({ node, invoke })))
  // A machine that is done has no actors at work.
  if (status === 'done') return true
  // A host's machine may have actors that it did not invoke.
  const isOwn = storedContextOf(machine) !== undefined
  const ids = new Set(invokes.map(({ invoke }) => invoke.id))
  return (
    (!isOwn || Object.keys(children).every((id) => ids.has(id))) &&
    invokes.every(({ node, invoke }) => isChildOf(machine, node, invoke, children[invoke.id]))
  )
}

/** What the context of one of our machines has to look like: the machine names it. A host's machine may keep anything in its own. */
const storedContextOf = ({ schemas }: AnyStateMachine) =>
  isRecord(schemas) && schemas.steps !== undefined
    ? onboarding(schemas.steps as readonly string[])
    : namedBy(schemas, contexts)

const unreadContextOf = ({ schemas }: AnyStateMachine) => namedBy(schemas, unreadContexts)

function namedBy<Named>(schemas: unknown, named: Readonly<Record<string, Named>>): Named | undefined {
  const name = isRecord(schemas) ? schemas.context : undefined
  return typeof name === 'string' && Object.hasOwn(named, name) ? named[name] : undefined
}

/** Null if the value names no state, or only part of one. */
function stateOf(machine: AnyStateMachine, value: unknown, context: object) {
  try {
    const state = machine.resolveState({ value: value as StateValue, context })
    return isSameValue(state.value, value) ? state : null
  } catch {
    return null
  }
}

const isSameValue = (a: unknown, b: unknown): boolean =>
  isRecord(a) && isRecord(b)
    ? Object.keys(a).length === Object.keys(b).length &&
      Object.keys(a).every((key) => Object.hasOwn(b, key) && isSameValue(a[key], b[key]))
    : a === b

const isHistory = (value: unknown): boolean =>
  value === undefined ||
  (isRecord(value) &&
    Object.values(value).every(
      (states) => Array.isArray(states) && states.every((state) => typeof state?.id === 'string'),
    ))

/** An actor that a state invokes: the one that the chart names, and running, unless nothing waits for it any more. */
function isChildOf(
  machine: AnyStateMachine,
  node: AnyStateNode,
  invoke: AnyStateNode['invoke'][number],
  child: unknown,
): boolean {
  if (child === undefined) {
    return invoke.src === 'detectRestore' || isOver(node, invoke, 'done') || isOver(node, invoke, 'error')
  }
  if (!isRecord(child) || child.src !== invoke.src || child.systemId !== invoke.systemId) return false
  if (child.syncSnapshot !== (invoke.onSnapshot !== undefined)) return false
  const { snapshot } = child
  const logic = logicOf(machine, child.src)
  if (isMachine(logic)) return isRecord(snapshot) && snapshot.status === 'active' && isSnapshotOf(logic, snapshot)
  return (
    isRecord(snapshot) &&
    (snapshot.status === 'active' ? isInputOf(child.src, snapshot.input) : isOver(node, invoke, snapshot.status))
  )
}

/** It has ended, but the state that invoked it has not: nothing waits for it. */
function isOver(node: AnyStateNode, { id, src }: AnyStateNode['invoke'][number], status: unknown): boolean {
  if (src === 'detectRestore' || (status !== 'done' && status !== 'error')) return false
  const transitions = node.transitions.get(`xstate.${status}.actor.${id}`) ?? []
  return transitions.length > 0 && transitions.every(({ target }) => target === undefined)
}

/** The input that a slot restarts with; null if it held a secret. */
function isInputOf(src: unknown, input: unknown): boolean {
  if (src === 'deadline') return fits(deadlineInput, input)
  if (src === 'loadSteps') return fits(loadStepsInput, input)
  return input == null || isRecord(input)
}

/** What an actor runs; undefined where the machine has no such slot. */
const logicOf = ({ implementations }: AnyStateMachine, src: unknown): unknown =>
  typeof src === 'string' && Object.hasOwn(implementations.actors, src) ? implementations.actors[src] : undefined

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function refuse(code: keyof typeof clientCodes, field: string): never {
  throw new PortalError(clientFailure(code, 'config', { field }))
}

const checkedSubject = (subject: unknown): string =>
  typeof subject === 'string' && subject !== '' ? subject : refuse('input', 'subject')

const parse = (text: string): Stored => read(text) ?? refuse('storageText', 'text')

/** Null where it is none of ours. */
function read(text: string): Stored | null {
  try {
    const stored: unknown = withoutSealed(JSON.parse(text))
    return isObject(stored) && 'snapshot' in stored && isObject(stored.snapshot) ? (stored as unknown as Stored) : null
  } catch {
    return null
  }
}

/** What held a secret (a setup, codes, an invoke's input) is useless without it, so it becomes null as a whole. A reviver would be slow. */
function withoutSealed(value: unknown): unknown {
  if (!isObject(value)) return value
  const parts = value as Record<string, unknown>
  for (const [name, part] of Object.entries(parts)) if (isObject(part)) parts[name] = withoutSealed(part)
  return Object.values(parts).some(isSealedJson) ? null : value
}

/** A snapshot fits no chart with other states. The charts of machines that are not at work in it do not matter. */
function shapeOf(machine: AnyStateMachine, { children }: Persisted): Shape {
  const atWork = Object.values(children).flatMap(({ src, snapshot }) => {
    const logic = logicOf(machine, src)
    return isMachine(logic) ? [[String(src), shapeOf(logic, snapshot)] as const] : []
  })
  return { states: statesOf(machine), actors: Object.fromEntries(atWork) }
}

const hasShape = (machine: AnyStateMachine, shape: unknown): boolean =>
  isRecord(shape) &&
  shape.states === statesOf(checkLoaded(machine)) &&
  isRecord(shape.actors) &&
  Object.entries(shape.actors).every(([src, inner]) => {
    const logic = logicOf(machine, src)
    return isMachine(logic) && hasShape(logic, inner)
  })

/** Until it is loaded, nobody knows what fits it. */
const checkLoaded = (machine: AnyStateMachine) => (isUnloaded(machine) ? refuse('notLoaded', 'machine') : machine)

/** By the root state, which the machines of a chart share; it never changes. */
const checksums = new WeakMap<AnyStateNode, string>()

function statesOf({ root }: AnyStateMachine): string {
  const known = checksums.get(root) ?? checksum(stateIds(root).sort().join())
  checksums.set(root, known)
  return known
}

const stateIds = (state: AnyStateNode): string[] => [state.id, ...Object.values(state.states).flatMap(stateIds)]

/** FNV-1a, 32 bits: tells charts apart, protects nothing. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(16)
}
