import type { AnyActor, AnyActorRef, AnyStateMachine, AnyStateNode, Snapshot, SnapshotFrom, StateValue } from 'xstate'
import { snapshotWhenStopped } from '../machines/slots.ts'
import { type clientCodes, clientFailure, PortalError } from './domain/failure.ts'
import { isRecord } from './domain/record.ts'
import { isSealedJson } from './domain/sealed.ts'
import { contexts, deadlineInput } from './stored/contexts.ts'
import { fits } from './stored/schema.ts'

/** Raise it when the meaning of a context changes. A changed chart is detected by its shape. */
const FORMAT = 3

/** The options of `toStorage` and `fromStorage`. */
export interface StorageOptions {
  /** Whose account it is, by a stable id. Nobody else must continue a stored flow. */
  readonly subject: string
}

interface Stored {
  readonly format: number
  readonly machine: string
  readonly shape: string
  readonly subject: string
  readonly snapshot: Snapshot<unknown>
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
export function toStorage(actorRef: AnyActorRef, { subject }: StorageOptions): string {
  // Some bindings, such as Solid's, give an actor the type of a reference.
  const actor = actorRef as AnyActor
  const machine = actor.logic as AnyStateMachine
  if (typeof machine?.getPersistedSnapshot !== 'function' || machine.root === undefined) refuse('input', 'actor')
  const stored: Stored = {
    format: FORMAT,
    machine: machine.id,
    shape: shapeOf(machine),
    subject: checkedSubject(subject),
    snapshot: snapshotToStore(actor),
  }
  return JSON.stringify(stored)
}

function snapshotToStore(actor: AnyActor): Snapshot<unknown> {
  const snapshot = actor.getPersistedSnapshot()
  if (snapshot.status === 'active' || snapshot.status === 'done') return snapshot
  return (snapshot.status === 'stopped' && snapshotWhenStopped(actor)) || refuse('stopped', 'actor')
}

/**
 * The stored flow as a `snapshot` for `createActor(machine, { snapshot })`.
 *
 * @throws PortalError `client.storageText`, `client.storageVersion`, `client.storageMachine` or `client.storageSubject`
 * where the text is not one of ours, or belongs to another version, machine or account: start afresh. `client.input`
 * where `subject` is empty.
 *
 * @example
 * ```ts
 * const text = toStorage(flow.start(), { subject })
 * flow.stop()
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
  if (stored.format !== FORMAT) refuse('storageVersion', 'format')
  if (stored.machine !== machine.id) refuse('storageMachine', 'machine')
  if (stored.shape !== shapeOf(machine)) refuse('storageVersion', 'shape')
  if (stored.subject !== checkedSubject(subject)) refuse('storageSubject', 'subject')
  if (!isSnapshotOf(machine, stored.snapshot)) refuse('storageText', 'snapshot')
  const parts = renewed(machine, stored.snapshot as SnapshotFrom<AnyStateMachine>)
  return Object.assign(stored.snapshot, parts) as SnapshotFrom<Machine>
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
function storedContextOf({ schemas }: AnyStateMachine) {
  const name = isRecord(schemas) ? schemas.context : undefined
  return typeof name === 'string' && Object.hasOwn(contexts, name) ? contexts[name as keyof typeof contexts] : undefined
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
  if (child === undefined) return isOver(node, invoke, 'done') || isOver(node, invoke, 'error')
  if (!isRecord(child) || child.src !== invoke.src || child.systemId !== invoke.systemId) return false
  if (child.syncSnapshot !== (invoke.onSnapshot !== undefined)) return false
  const { snapshot } = child
  const logic = typeof child.src === 'string' ? machine.implementations.actors[child.src] : undefined
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
  return input == null || isRecord(input)
}

const isMachine = (logic: unknown): logic is AnyStateMachine => isObject(logic) && 'root' in logic

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function refuse(code: keyof typeof clientCodes, field: string): never {
  throw new PortalError(clientFailure(code, 'config', { field }))
}

const checkedSubject = (subject: unknown): string =>
  typeof subject === 'string' && subject !== '' ? subject : refuse('input', 'subject')

function parse(text: string): Stored {
  try {
    const stored: unknown = JSON.parse(text, withoutSealed)
    if (isObject(stored) && 'snapshot' in stored && isObject(stored.snapshot)) return stored as unknown as Stored
  } catch {
    // Not JSON: refused below, like everything else that is not ours.
  }
  return refuse('storageText', 'text')
}

/** What held a secret (a setup, a code in progress, an invoke's input) is useless without it, so it becomes null as a whole. */
function withoutSealed(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.values(value).some(isSealedJson) ? null : value
}

/** The states of a machine and of those it invokes: a snapshot fits no chart with others. */
function shapeOf(machine: AnyStateMachine): string {
  const invoked = Object.values(machine.implementations.actors as Record<string, unknown>)
    .filter(isMachine)
    .map(shapeOf)
  return checksum([...stateIds(machine.root), ...invoked].sort().join())
}

const stateIds = (state: AnyStateNode): string[] => [state.id, ...Object.values(state.states).flatMap(stateIds)]

/** FNV-1a, 32 bits: tells charts apart, protects nothing. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(16)
}
