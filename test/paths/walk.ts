import { fromStorage, toStorage } from 'postlogin'
import {
  type AnyActor,
  type AnyActorRef,
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyTransitionDefinition,
  createActor,
  type InspectionEvent,
} from 'xstate'
import { getAdjacencyMap } from 'xstate/graph'
import { type Edges, edgesOf, eventsHeard } from './edges.ts'
import { type EventCase, isStoppedWrite, type MachineCases, noteRestored, walkClock } from './event-case.ts'

/** A start and what happens from there. */
export interface Path {
  readonly input: object | undefined
  readonly steps: readonly Step[]
  /** The state values on the way, the first one included, those that repeat left out. */
  readonly values: readonly string[]
  /** The edges on the way, by their names. */
  readonly edges: readonly string[]
}

interface Step {
  readonly event: EventCase
  readonly edges: readonly string[]
}

export interface Walk {
  /** All edges of the chart. */
  readonly edges: readonly string[]
  /** For each edge that was taken the shortest path over it; one that can be replayed, if there is any. */
  readonly paths: ReadonlyMap<string, Path>
  /** How large the adjacency maps were: states, and the events tried in them. */
  readonly states: number
  readonly tries: number
}

/**
 * Goes through everything that can happen in a machine from each of its inputs, by `getAdjacencyMap`, and notes which transitions
 * of the chart were taken, those without an event included.
 *
 * Two things are done to what the machine says. An actor that has ended is taken out of the snapshot, which a running machine does and a
 * pure transition does not: otherwise it could end twice. And `restored` comes with what goes before it: the snapshot is stored and
 * restored first, so that the secrets are gone.
 */
export function walk(cases: MachineCases): Walk {
  const { machine } = cases
  const edges = edgesOf(machine)
  const paths = new Map<string, Path>()
  const keyOf = keyer(cases)
  const map = new Map<string, Place>()
  for (const input of cases.inputs) {
    const first = start(machine, input, edges)
    extend({ map, first: first.snapshot, cases, edges, keyOf })
    for (const isFree of [(event: EventCase) => typeof event.provoke !== 'string', () => true]) {
      for (const steps of shortestOver({ first, map, keyOf, isFree })) {
        const path = retrace({ input, first, steps, machine, edges })
        for (const edge of path.edges) {
          const known = paths.get(edge)
          if (known === undefined || better(path, known)) paths.set(edge, path)
        }
      }
    }
  }
  const tries = [...map.values()].reduce((sum, { tries }) => sum + tries.length, 0)
  return { edges: [...edges.values()], paths, states: map.size, tries }
}

const isReplayable = ({ steps }: Path) => steps.every(({ event }) => typeof event.provoke !== 'string')

const better = (path: Path, known: Path) =>
  isReplayable(path) === isReplayable(known) ? path.steps.length < known.steps.length : isReplayable(path)

interface Taken {
  readonly snapshot: AnyMachineSnapshot
  readonly edges: readonly string[]
}

/** An event in a place: over which edges it goes, and where. */
interface Try {
  readonly event: EventCase
  readonly edges: readonly string[]
  readonly key: string
}

interface Place {
  readonly tries: readonly Try[]
}

function recorder(edges: Edges) {
  const taken: string[] = []
  const next = (event: InspectionEvent) => {
    // A machine inside has a chart of its own.
    if (event.type !== '@xstate.microstep' || (event.actorRef as AnyActorRef)._parent !== undefined) return
    for (const transition of event._transitions) taken.push(nameIn(edges, transition))
  }
  return { taken, next }
}

function nameIn(edges: Edges, transition: AnyTransitionDefinition) {
  const name = edges.get(transition)
  if (name === undefined) throw new Error(`A transition that the chart does not have: ${transition.eventType}`)
  return name
}

function start(machine: AnyStateMachine, input: object | undefined, edges: Edges): Taken {
  const { taken, next } = recorder(edges)
  walkClock.set()
  const snapshot: AnyMachineSnapshot = createActor(machine, { input, inspect: { next } }).getSnapshot()
  if (snapshot.status === 'error') throw snapshot.error
  return { snapshot, edges: [...taken] }
}

/** Takes one event, runs nothing, and tells over which edges it went. */
function taker(machine: AnyStateMachine, edges: Edges): (from: AnyMachineSnapshot, event: EventCase) => Taken {
  const { taken, next } = recorder(edges)
  const self = createActor(machine, { inspect: { next } })
  const nothing = () => undefined
  const scope = {
    self,
    system: self.system,
    id: self.id,
    sessionId: self.sessionId,
    logger: nothing,
    defer: nothing,
    stopChild: nothing,
    emit: nothing,
    actionExecutor: nothing,
  } as AnyActorScope
  return (from, { event, at }) => {
    const before = event.type === 'restored' ? restored(machine, from) : from
    taken.length = 0
    walkClock.set(at)
    const snapshot: AnyMachineSnapshot = machine.transition(before, event, scope)
    return { snapshot: withoutEnded(snapshot, before, event), edges: [...taken] }
  }
}

/** What a reload makes of a snapshot, before its machine is started again. */
function restored(machine: AnyStateMachine, snapshot: AnyMachineSnapshot): AnyMachineSnapshot {
  const actor = {
    logic: machine,
    getSnapshot: () => snapshot,
    getPersistedSnapshot: () => machine.getPersistedSnapshot(snapshot),
  }
  const text = toStorage(actor as unknown as AnyActor, { subject: 'maya' })
  const after: AnyMachineSnapshot = createActor(machine, {
    snapshot: fromStorage(machine, text, { subject: 'maya' }),
  }).getSnapshot()
  for (const child of actorsOf(after)) child && noteRestored(child)
  return after
}

/** `detectRestore` stays: without it nothing would tell a restored machine that it was restored, so that such a text is refused. */
const ENDED = /^xstate\.(?:done|error)\.actor\.(.+)(?<!\.detectRestore)$/

function withoutEnded(after: AnyMachineSnapshot, before: AnyMachineSnapshot, { type }: { type: string }) {
  const id = ENDED.exec(type)?.[1]
  if (id === undefined || after.children[id] === undefined || after.children[id] !== before.children[id]) return after
  const { [id]: _ended, ...children } = after.children as Record<string, AnyActorRef | undefined>
  return { ...after, children } as AnyMachineSnapshot
}

const actorsOf = ({ children }: AnyMachineSnapshot) =>
  Object.values(children as Record<string, AnyActorRef | undefined>)

/** The snapshots that differ in nothing that matters have the same key. */
function keyer(cases: MachineCases): (snapshot: AnyMachineSnapshot) => string {
  const keys = new WeakMap<AnyMachineSnapshot, string>()
  return (snapshot) => {
    const known = keys.get(snapshot)
    if (known !== undefined) return known
    const { value, status, children } = snapshot
    const seen = status === 'active' ? cases.project(snapshot) : null
    const isWriteStopped = actorsOf(snapshot).some(isStoppedWrite)
    const key = JSON.stringify([value, status, Object.keys(children).sort(), isWriteStopped, seen])
    keys.set(snapshot, key)
    return key
  }
}

/** What can happen: what the user and the storage do, and the ends of the actors at work. */
function eventsFor(snapshot: AnyMachineSnapshot, cases: MachineCases): EventCase[] {
  if (snapshot.status !== 'active') return []
  const heard = eventsHeard(snapshot)
  const ends = Object.keys(snapshot.children).flatMap((id) => cases.ends[id] ?? [])
  return [...cases.events, ...ends].filter(
    ({ event, isPossible }) => (heard.has(event.type) || event.type === 'restored') && isPossible(snapshot),
  )
}

/** Adds to the map what can happen from a first snapshot on, up to the places that it knows. */
function extend({
  map,
  first,
  cases,
  edges,
  keyOf,
}: {
  readonly map: Map<string, Place>
  readonly first: AnyMachineSnapshot
  readonly cases: MachineCases
  readonly edges: Edges
  readonly keyOf: (snapshot: AnyMachineSnapshot) => string
}) {
  const taking = taker(cases.machine, edges)
  const caseOf = new Map<object, EventCase>()
  const tries = new Map<AnyMachineSnapshot, Try[]>()
  /** One snapshot stands for all of its key, so that the others need not be kept. */
  const standing = new Map<string, AnyMachineSnapshot>([[keyOf(first), first]])
  const logic = {
    ...cases.machine,
    transition(from: AnyMachineSnapshot, event: object) {
      const eventCase = caseOf.get(event)
      if (eventCase === undefined) throw new Error('An event without a case')
      const { snapshot, edges } = taking(from, eventCase)
      const key = keyOf(snapshot)
      const here = tries.get(from) ?? []
      here.push({ event: eventCase, edges, key })
      tries.set(from, here)
      if (!standing.has(key)) standing.set(key, snapshot)
      return standing.get(key)
    },
  }
  const adjacency = getAdjacencyMap<AnyMachineSnapshot, { type: string }, unknown>(logic as never, {
    fromState: first,
    serializeState: (snapshot) => keyOf(snapshot) as never,
    serializeEvent: (event) => (caseOf.get(event)?.name ?? '') as never,
    events: (snapshot) =>
      eventsFor(snapshot, cases).map((eventCase) => {
        caseOf.set(eventCase.event, eventCase)
        return eventCase.event
      }),
    stopWhen: (snapshot) => map.has(keyOf(snapshot)),
    limit: 500_000,
  })
  for (const [key, { state }] of Object.entries(adjacency)) {
    if (!map.has(key)) map.set(key, { tries: tries.get(state) ?? [] })
  }
}

/** For each edge the shortest way to it, breadth first, over events of one kind. */
function shortestOver({
  first,
  map,
  keyOf,
  isFree,
}: {
  readonly first: Taken
  readonly map: ReadonlyMap<string, Place>
  readonly keyOf: (snapshot: AnyMachineSnapshot) => string
  readonly isFree: (event: EventCase) => boolean
}): readonly (readonly EventCase[])[] {
  const reached = new Set<string>(first.edges)
  const found: EventCase[][] = first.edges.length === 0 ? [] : [[]]
  const start = keyOf(first.snapshot)
  const ways = new Map<string, EventCase[]>([[start, []]])
  for (const [key, way] of ways) {
    for (const { event, edges, key: next } of map.get(key)?.tries ?? []) {
      if (!isFree(event)) continue
      if (edges.some((edge) => !reached.has(edge))) {
        for (const edge of edges) reached.add(edge)
        found.push([...way, event])
      }
      if (!ways.has(next)) ways.set(next, [...way, event])
    }
  }
  return found
}

/** A way is made of edges between places, which stand for many snapshots each: only what a single run goes through is a path. */
function retrace(plan: {
  readonly input: object | undefined
  readonly first: Taken
  readonly steps: readonly EventCase[]
  readonly machine: AnyStateMachine
  readonly edges: Edges
}): Path {
  const { input, first, machine, edges } = plan
  const taking = taker(machine, edges)
  let { snapshot } = first
  const values = [placeOf(snapshot)]
  const steps: Step[] = []
  for (const event of plan.steps) {
    const taken = taking(snapshot, event)
    snapshot = taken.snapshot
    if (values.at(-1) !== placeOf(snapshot)) values.push(placeOf(snapshot))
    steps.push({ event, edges: taken.edges })
  }
  return { input, steps, values, edges: [...first.edges, ...steps.flatMap((step) => step.edges)] }
}

/** Where a machine is, for comparing and for reading. */
export const placeOf = ({ value }: { readonly value: unknown }) =>
  typeof value === 'string' ? value : JSON.stringify(value)
