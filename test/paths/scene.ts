import { createMachines, fromStorage, type Machines, toStorage } from 'postlogin'
import type { FakePortal, PortalOperation } from 'postlogin/testing'
import { onTestFinished } from 'vitest'
import {
  type AnyActor,
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type InspectionEvent,
} from 'xstate'
import type { Clock } from '../../src/domain/clock.ts'
import { findRoute, pathOf, portalRoutes } from '../../src/testing/endpoints/routes.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { edgesOf } from './edges.ts'
import { placeOf } from './walk.ts'

// Loaded here, so that no step waits for it: the machines load it when the first code is checked.
await import('../../src/domain/totp.ts')

/** What stands for a code until a phone and a portal are there. */
export type CodeKind = 'right' | 'wrong' | 'skewed'

/** A real machine, the real adapter and a fake portal whose answers wait until they are called for. */
export interface Scene {
  readonly portal: FakePortal
  send(event: { readonly type: string }): void
  /** Stores the machine, stops it and goes on with what was stored. */
  reload(): void
  /**
   * Lets the portal answer the request of an invoke, and of what the adapter repeats of it, until the invoke has ended. `prepare` is done
   * right before each of them arrives.
   */
  answer(invoke: string, prepare?: (operation: PortalOperation) => void): Promise<void>
  /** Lets the portal demand more proof for the request of one of these invokes, so that the host asks its user. */
  demandProof(invokes: readonly string[]): Promise<void>
  /** The user gives it. */
  giveProof(): void
  /** Moves the clock to the deadline of this invoke. */
  ring(invoke: string): Promise<void>
  /** The computer sleeps for so long, in ms: its clock goes on, and no timer rings. */
  sleep(ms: number): void
  /** What the clock that the host gave to the machines refuses from now on; null: nothing. */
  breakClock(part: keyof Clock | null): void
  /** The machine that an invoke runs. */
  child(invoke: string): AnyActorRef
  /** From now on the host can, or cannot, reach whoever gives tokens. */
  tokenIsOutOfReach(isOut: boolean): void
  /** A code as the phone shows it; a wrong one stays the same. */
  code(kind: CodeKind): Promise<string>
}

export interface Stage extends Scene {
  /** Resolves when the machine has got one more event of this type than was waited for before. */
  arrival(type: string): Promise<void>
  /** The state values so far, repetitions left out, and the edges taken. */
  readonly values: readonly string[]
  readonly edges: readonly string[]
}

interface Waiting {
  readonly invoke: string
  readonly operation: PortalOperation
  readonly release: () => void
}

/** After so much of real time nothing comes any more. */
const PATIENCE_MS = 4_000
const SHORT_WAITS_MS = 2_000

const routeOf = (request: Request) => {
  const match = findRoute(portalRoutes, request.method, pathOf(new URL(request.url)))
  if (match === null || match === 'otherMethod') throw new Error(`The portal has no ${request.method} ${request.url}`)
  return match.route
}
const writes: ReadonlySet<string> = new Set(
  portalRoutes.filter(({ method }) => method === 'POST').map(({ operation }) => operation),
)
const operations: ReadonlySet<string> = new Set(portalRoutes.map(({ operation }) => operation))

export function createStage(name: keyof Machines, input: object | undefined, brokenPart: keyof Clock | null): Stage {
  let broken = brokenPart
  let isOutOfReach = false
  let isRestoring = false
  const waiting: Waiting[] = []
  /** What the user of the host is asked, and has not answered yet. */
  const questions: (() => void)[] = []
  /** The invokes that have been started and whose request is yet to come, by operation; then, which request is whose. */
  const started = new Map<string, string[]>()
  const owners = new Map<string, string>()
  const heard: { readonly actor: unknown; readonly type: string }[] = []
  const awaited = new Map<AnyActor, ReadonlyMap<string, number>>()
  const values: string[] = []
  const edges: string[] = []

  const setting = createSetting({
    portal: { secureChannel: 'off' },
    api: {
      fetch: gated,
      stepUp: () => new Promise((resolve) => questions.push(() => resolve({}))),
      refreshAccessToken: async () => {
        throw isOutOfReach
          ? new TypeError('offline')
          : Object.assign(new Error('signed out'), { error: 'invalid_grant' })
      },
    },
  })
  const { portal, clock } = setting
  const fragile: Clock = {
    now: () => (broken === 'now' ? refuse() : clock.now()),
    monotonic: clock.monotonic,
    setTimeout: (fn, ms) => (broken === 'setTimeout' ? refuse() : clock.setTimeout(fn, ms)),
    clearTimeout: clock.clearTimeout,
  }
  const machine: AnyStateMachine = createMachines(setting.api, { clock: fragile })[name]
  const edgeNames = edgesOf(machine)
  let wrong: string | null = null

  async function gated(resource: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(resource, init)
    const { operation } = routeOf(request)
    const requestId = request.headers.get('X-Request-Id') ?? ''
    const invoke = owners.get(requestId) ?? started.get(operation)?.shift() ?? '?'
    owners.set(requestId, invoke)
    await new Promise<void>((resolve, reject) => {
      const entry = { invoke, operation, release: resolve }
      waiting.push(entry)
      request.signal.addEventListener('abort', () => {
        forget(entry)
        reject(request.signal.reason)
      })
    })
    return portal.fetch(request)
  }
  const forget = (entry: Waiting) => {
    const index = waiting.indexOf(entry)
    if (index >= 0) waiting.splice(index, 1)
  }

  function inspect(event: InspectionEvent) {
    const ref = event.actorRef as AnyActorRef
    switch (event.type) {
      case '@xstate.actor': {
        const operation = String(ref.src)
        if (!operations.has(operation) || (isRestoring && writes.has(operation))) return
        started.set(operation, [...(started.get(operation) ?? []), ref.id])
        return
      }
      case '@xstate.event':
        heard.push({ actor: ref, type: event.event.type })
        return
      case '@xstate.snapshot':
        if (ref === actor) noteValue(event.snapshot as AnyMachineSnapshot)
        return
      case '@xstate.microstep':
        // The first steps are taken while the actor is made: there is no other machine yet.
        if (ref.src === machine)
          for (const transition of event._transitions) edges.push(edgeNames.get(transition) ?? '?')
    }
  }
  const noteValue = ({ value }: AnyMachineSnapshot) => {
    const place = placeOf({ value })
    if (values.at(-1) !== place) values.push(place)
  }

  let actor: AnyActor = createActor(machine, { input, inspect })
  noteValue(actor.getSnapshot())
  actor.start()
  onTestFinished(() => void actor.stop())

  const isEnded = (invoke: string, since: number) =>
    heard
      .slice(since)
      .some(({ type }) => type === `xstate.done.actor.${invoke}` || type === `xstate.error.actor.${invoke}`)

  async function until(isOver: () => boolean, what: string) {
    const began = performance.now()
    while (!isOver()) {
      if (performance.now() - began > PATIENCE_MS) throw new Error(`In ${values.at(-1)}: ${what} did not come`)
      await turn()
      await clock.passShortWaits(SHORT_WAITS_MS)
    }
  }

  function childOf(invoke: string): AnyActorRef {
    const child = (actor.getSnapshot() as AnyMachineSnapshot).children[invoke]
    if (child === undefined) throw new Error(`${invoke} is not at work`)
    return child
  }

  return {
    portal,
    values,
    edges,
    send: (event) => actor.send(event),
    reload() {
      const text = toStorage(actor, { subject: 'maya' })
      actor.stop()
      started.clear()
      isRestoring = true
      actor = createActor(machine, { snapshot: fromStorage(machine, text, { subject: 'maya' }), inspect })
      isRestoring = false
      actor.start()
    },
    async answer(invoke, prepare = () => undefined) {
      const since = heard.length
      await until(() => {
        const request = waiting.find((entry) => entry.invoke === invoke)
        if (request !== undefined && !isEnded(invoke, since)) {
          forget(request)
          prepare(request.operation)
          request.release()
        }
        return isEnded(invoke, since)
      }, `the end of ${invoke}`)
    },
    async demandProof(invokes) {
      const request = () => waiting.find(({ invoke }) => invokes.includes(invoke))
      await until(() => request() !== undefined, `the request of ${invokes.join(' or ')}`)
      const entry = request()
      if (entry === undefined) return
      forget(entry)
      portal.fault(entry.operation, { status: 403, code: 'ACCESS.MFA_REQUIRED' })
      entry.release()
    },
    giveProof() {
      for (const answer of questions.splice(0)) answer()
    },
    async ring(invoke) {
      const { input: deadline } = childOf(invoke).getSnapshot() as { readonly input: { readonly at: number } }
      await clock.advance(deadline.at - clock.now())
    },
    sleep: (ms) => clock.sleep(ms),
    child: childOf,
    tokenIsOutOfReach(isOut) {
      isOutOfReach = isOut
    },
    async code(kind) {
      if (kind !== 'wrong') return portal.authenticator.code({ skewMs: kind === 'skewed' ? 10 * 60_000 : 0 })
      wrong ??= await wrongCode(portal)
      return wrong
    },
    breakClock(part) {
      broken = part
    },
    async arrival(type) {
      const count = () => heard.filter((event) => event.actor === actor && event.type === type).length
      const known = awaited.get(actor)?.get(type) ?? 0
      await until(() => count() > known, type)
      awaited.set(actor, new Map([...(awaited.get(actor) ?? []), [type, known + 1]]))
    },
  }
}

function refuse(): never {
  throw new Error('The clock is broken')
}

/** A code that no phone within two hours would show. */
async function wrongCode({ authenticator }: FakePortal): Promise<string> {
  const shown = new Set<string>()
  for (let step = -240; step <= 240; step++) shown.add(await authenticator.code({ skewMs: step * 30_000 }))
  for (let code = 0; ; code++) {
    const text = String(code).padStart(6, '0')
    if (!shown.has(text)) return text
  }
}
