import type { AnyActor, AnyActorRef, AnyStateMachine, AnyStateNode, Snapshot, SnapshotFrom, StateValue } from 'xstate'
import { snapshotWhenStopped } from '../machines/slots.ts'
import { type clientCodes, clientFailure, PortalError } from './domain/failure.ts'
import { isSealedJson } from './domain/sealed.ts'

/** Raise it when what a context holds changes its meaning; a chart that changes is told by its shape. */
const FORMAT = 3

export interface StorageOptions {
  /** Whose account it is (any stable id): a stored flow must never be continued by somebody else. */
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
 * The flow as text, for `sessionStorage` or the like. No secret is in it: what was `Sealed` is left out, so that an enrolment goes
 * on without its QR code. A change that was under way is not sent again when it is restored, but read back.
 *
 * An actor that was stopped, as bindings do before a component is told that it goes, is stored as it was just before.
 *
 * @throws PortalError `client.input` where `subject` is empty, or the actor runs no machine; `client.stopped` where it broke down, or
 * was stopped and nothing is known of what it was at.
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
 * The `snapshot` for `createActor(machine, { snapshot })`.
 *
 * @throws PortalError `client.storageText`, `client.storageVersion`, `client.storageMachine` or `client.storageSubject`, where the
 * text is not one of ours, or from another version, machine or account. Start afresh then.
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
  return stored.snapshot as SnapshotFrom<Machine>
}

/** XState takes whatever it is given, and fails once the actor is started. */
function isSnapshotOf(machine: AnyStateMachine, snapshot: object): boolean {
  const { value, context, children, status } = snapshot as Readonly<Record<string, unknown>>
  if (!isObject(context) || !isObject(children) || typeof status !== 'string') return false
  try {
    machine.resolveState({ value: value as StateValue, context })
    return true
  } catch {
    return false
  }
}

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
    // Not JSON: said below like everything else that is not ours.
  }
  return refuse('storageText', 'text')
}

/** What held a secret (a set-up, a code under way, an invoke's input) makes no sense without it, and becomes null as a whole. */
function withoutSealed(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.values(value).some(isSealedJson) ? null : value
}

/** The states of a machine and of those it invokes: a snapshot fits no chart with others. */
function shapeOf(machine: AnyStateMachine): string {
  const invoked = Object.values(machine.implementations.actors as Record<string, unknown>)
    .filter((logic): logic is AnyStateMachine => typeof logic === 'object' && logic !== null && 'root' in logic)
    .map(shapeOf)
  return checksum([...stateIds(machine.root), ...invoked].sort().join())
}

const stateIds = (state: AnyStateNode): string[] => [state.id, ...Object.values(state.states).flatMap(stateIds)]

/** FNV-1a, 32 bits: it tells charts apart, it protects nothing. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(16)
}
