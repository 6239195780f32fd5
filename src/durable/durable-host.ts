import { type ActorRefFrom, type AnyActorRef, createActor } from 'xstate'
import { loadMachines } from '../../machines/charts.ts'
import type { CarriedOver, OnboardingInput, OnboardingMachine } from '../../machines/onboarding.ts'
import type { DeadlineInput } from '../../machines/slots.ts'
import {
  type OnboardingInputWith,
  type OnboardingOutputWith,
  type StepMachines,
  withSteps,
} from '../../machines/with-steps.ts'
import { type Clock, isClock, systemClock } from '../domain/clock.ts'
import { clientFailure, PortalError } from '../domain/failure.ts'
import type { PortalApi } from '../domain/portal-api.ts'
import { isRecord } from '../domain/record.ts'
import type { Sealed, SealedJson } from '../domain/sealed.ts'
import { carriedOver, fromStorage, toStorage } from '../persist.ts'
import type { Action } from '../screens/action.ts'
import type { CustomScreen } from '../screens/custom.ts'
import { act, type Screen, type ScreenWith, screenOf } from '../screens/screen.ts'
import { createMachines } from '../services.ts'
import { settled } from '../settled.ts'
import { createHopClock, type HopClock } from './hop-clock.ts'
import { createWriteGate, type GatedApi, type Hold } from './write-gate.ts'

/** No step of a host's own. */
type NoSteps = Record<never, never>

/** The options of `createDurableHost`. */
export interface DurableHostOptions<Steps extends StepMachines = NoSteps> {
  /** The portal as this account sees it. Called for each flow that comes to life; its channel is closed once the flow is put aside. */
  readonly api: (subject: string) => PortalApi
  /**
   * Steps of your own, as `withSteps` takes them. Called for each flow that comes to life. `hold` is for their writes: what it makes
   * leaves once the text is stored that announces it, as the portal's writes do.
   */
  readonly steps?: (subject: string, hold: Hold) => Steps
  /** What a flow begins with; may differ from account to account. */
  readonly input?: OnboardingInputWith<NoInfer<Steps>> | ((subject: string) => OnboardingInputWith<NoInfer<Steps>>)
  /** The clock of deadlines and of `wakeAt`; default: the system's. */
  readonly clock?: Clock
  /**
   * How many flows at rest are kept in memory, so that their next hop need not restore them; default 100. It changes nothing but the
   * speed: with 0, each hop begins from its text. Flows between `mustStore` and their next hop are kept besides.
   */
  readonly maxLive?: number
}

/**
 * Something that the user does: an `Action` of the hop's screen, also after it went through JSON, with what only the user knows. On the
 * screen of a step of your own, any event that its machine takes.
 */
export interface DurableAction extends Pick<Action, 'owner' | 'event'> {
  /** Such as `{ code: '123456' }`. */
  readonly more?: object | undefined
}

/** The options of one hop. */
export interface HopOptions {
  /** Gives the hop up: it rejects with the signal's reason, and the flow goes on from the text that was stored last. */
  readonly signal?: AbortSignal | undefined
}

/** Where a flow has come to. Plain JSON, without a secret. */
export interface Hop<Steps extends StepMachines = NoSteps> {
  /** The flow, to be stored; give it to the next hop exactly as it is. */
  readonly text: string
  /** What is on screen. A secret in it is `{ $sealed: true }`; see `revealScreen`. */
  readonly screen: MaskedScreen<Steps>
  /** When to call again with the action null at the latest, epoch ms; null: nothing comes by itself. */
  readonly wakeAt: number | null
  /** Was the action done? Not where the flow has moved on and it no longer fits, or was blocked. True without an action. */
  readonly taken: boolean
  /** What the flow has ended with; null while it goes on. */
  readonly output: OnboardingOutputWith<Steps> | null
  /** It wants to write: store the text, then call again with it, without an action. */
  readonly mustStore: boolean
}

/** A screen as it is in JSON. That of a step of your own has the `context` of its machine in the place of the `actor`. */
export type MaskedScreen<Steps extends StepMachines = NoSteps> = Masked<Shown<ScreenWith<Steps>>>

type Shown<On> =
  On extends CustomScreen<string, infer Actor extends AnyActorRef>
    ? Omit<On, 'actor'> & { readonly context: ReturnType<Actor['getSnapshot']>['context'] }
    : On

type Masked<Value> = Value extends Sealed
  ? SealedJson
  : Value extends string | Pick<Action, 'owner' | 'event'>
    ? Value
    : Value extends readonly (infer Item)[]
      ? readonly Masked<Item>[]
      : Value extends object
        ? { readonly [Field in keyof Value]: Masked<Value[Field]> }
        : Value

/** Runs flows for many accounts, each from text to text. */
export interface DurableHost<Steps extends StepMachines = NoSteps> {
  /**
   * Takes a flow on to where it rests, has ended, or wants to write. Text null: it begins. Action null: its deadline has come; left
   * out: the text was stored.
   *
   * @throws PortalError as `fromStorage` does, for a text that cannot go on here: see `beginAfresh`. `client.input` where the subject
   * is empty or is at another hop.
   */
  step(subject: string, text: string | null, action?: DurableAction | null, options?: HopOptions): Promise<Hop<Steps>>
  /**
   * Begins anew where `step` refuses the text, such as one that another version wrote. What the flow had come to is carried over as far
   * as it can be read: the accepted invitations, which decide the route, and a whitelist change that nobody confirmed. The rest is read
   * from the portal.
   *
   * @throws PortalError `client.storageSubject` where the text belongs to another account.
   */
  beginAfresh(subject: string, text: string, options?: HopOptions): Promise<Hop<Steps>>
  /** Forgets the flows in memory and closes their channels. Each goes on from its text. */
  close(): Promise<void>
}

/** A flow in memory. */
interface Live {
  readonly actor: ActorRefFrom<OnboardingMachine>
  readonly api: PortalApi
  readonly gate: GatedApi
  readonly clock: HopClock
  /** What it was stored as, and the snapshots that say so; null while it is at a hop. */
  stored: { readonly text: string; readonly snapshots: readonly unknown[] } | null
}

/** A request ends much sooner. What hangs is a service of the host's own, and must not keep the account waiting for ever. */
const LONGEST_HOP_MS = 600_000

const screens = new WeakMap<object, Screen | CustomScreen>()

/**
 * The screen of a hop with its secrets, such as the QR code of an enrollment, for the one who asked. Do not store it, nor let an
 * engine's journal have it: a secret that is lost is set up anew.
 *
 * @throws PortalError `client.input` where the hop is a copy, as from JSON: then its secrets are gone.
 *
 * @example
 * ```ts
 * const host = createDurableHost({ api: () => api })
 * const hop = await host.step('maya', null)
 * revealScreen(hop).name // => 'invitations'
 * await host.close()
 * ```
 */
export function revealScreen<Steps extends StepMachines>(hop: Hop<Steps>): ScreenWith<Steps> {
  const screen = screens.get(hop) as ScreenWith<Steps> | undefined
  return screen ?? refuse('input', 'revealScreen', 'hop', 'must be what step returned, not a copy of it')
}

/**
 * Runs flows on a server, beyond the life of a process: an engine that stores a text and calls again at a time can carry them.
 *
 * No write leaves before the text that announces it is stored. So whatever is lost, a process, a text, or a reply, the next hop knows
 * what may have happened, and reads it back. Between two hops nothing happens at all: deadlines come by `wakeAt`.
 *
 * For each account there must be one hop at a time, each with the text that was stored last; a lock, or an engine's virtual object,
 * sees to that. Flows in memory are only a cache, checked against the text.
 *
 * @throws PortalError `client.option` where an option is wrong; `field` names it.
 *
 * @example
 * ```ts
 * const host = createDurableHost({ api: () => api, input: { order: ['invitations'] } })
 * const texts = new Map<string, string>()
 * async function advance(subject: string, action?: DurableAction | null) {
 *   let hop = await host.step(subject, texts.get(subject) ?? null, action)
 *   texts.set(subject, hop.text)
 *   while (hop.mustStore) {
 *     hop = await host.step(subject, hop.text)
 *     texts.set(subject, hop.text)
 *   }
 *   return hop
 * }
 * const { screen } = await advance('maya')
 * if (screen.name === 'invitations' && screen.rows[0]) {
 *   await advance('maya', screen.rows[0].accept)
 * }
 * await host.close()
 * ```
 */
export function createDurableHost(options: DurableHostOptions & { readonly steps?: undefined }): DurableHost
export function createDurableHost<const Steps extends StepMachines>(
  options: DurableHostOptions<Steps>,
): DurableHost<Steps>
export function createDurableHost<Steps extends StepMachines>(options: DurableHostOptions<Steps>): DurableHost<Steps> {
  const { api: apiFor, steps, input = {}, clock = systemClock, maxLive = 100 } = options
  if (typeof apiFor !== 'function') refuseOption('api', 'must be a function from the subject to its PortalApi')
  if (steps !== undefined && typeof steps !== 'function')
    refuseOption('steps', 'must be a function from the subject to its steps')
  if (!isClock(clock)) refuseOption('clock', 'must have now, setTimeout and clearTimeout')
  if (!(Number.isInteger(maxLive) && maxLive >= 0)) refuseOption('maxLive', 'must be a whole number of 0 or more')

  const flows = new Map<string, Live>()
  /** Whose flow is at rest between two hops, in the order of use, the latest last. */
  const resting = new Set<string>()

  const inputFor = (subject: string) => (typeof input === 'function' ? input(subject) : input)

  function make(subject: string, text: string | null, carried?: CarriedOver): Live {
    const api = flows.get(subject)?.api ?? apiFor(subject)
    const gate = createWriteGate(api)
    const hopClock = createHopClock(clock)
    const machines = createMachines(gate.api, { clock: hopClock })
    const own = steps && withSteps(machines.onboarding, steps(subject, gate.hold))
    // As seen here, a step of a host's own has a name like any other.
    const onboarding = (own ?? machines.onboarding) as OnboardingMachine
    const actor =
      text === null
        ? createActor(onboarding, { input: { ...(inputFor(subject) as OnboardingInput), carried } })
        : createActor(onboarding, { snapshot: fromStorage(onboarding, text, { subject }) })
    // What it fails with is the hop's to report. Nobody listening, it would end the process.
    actor.subscribe({ error() {} })
    return { actor: actor.start(), api, gate, clock: hopClock, stored: null }
  }

  /** The flow as this text has it: the one in memory if it still is what was stored. */
  function take(subject: string, text: string | null): Live {
    const known = flows.get(subject)
    return known?.stored?.text === text && hasRested(known) ? known : make(subject, text)
  }

  /** One hop of the flow that `open` gives; whatever else is in memory for the account is out of date. */
  async function hop(
    subject: string,
    open: () => Live,
    action: DurableAction | null | undefined,
    { signal }: HopOptions = {},
  ): Promise<Hop<Steps>> {
    await loadMachines()
    signal?.throwIfAborted()
    if (flows.get(subject)?.stored === null) refuse('input', 'step', 'subject', 'is at another hop; let that end first')
    const flow = open()
    // Its api goes on: a channel is as good as it was.
    if (flow !== flows.get(subject)) flows.get(subject)?.actor.stop()
    flows.set(subject, flow)
    resting.delete(subject)
    flow.stored = null
    try {
      flow.gate.open()
      flow.clock.ring()
      const taken = action == null || perform(flow.actor, action)
      const settlement = await settled(flow.actor, { timeoutMs: LONGEST_HOP_MS, gate: flow.gate, signal })
      const end = hopOf(flow, { subject, taken, mustStore: settlement === 'wantsToWrite' })
      flow.stored = { text: end.text, snapshots: snapshotsOf(flow.actor) }
      if (end.output !== null) forget(subject)
      else if (!end.mustStore) rest(subject)
      return end as Hop<Steps>
    } catch (thrown) {
      forget(subject)
      throw thrown
    }
  }

  function rest(subject: string) {
    resting.add(subject)
    for (const longest of resting) {
      if (resting.size <= maxLive) return
      forget(longest)
    }
  }

  function forget(subject: string) {
    const flow = flows.get(subject)
    flows.delete(subject)
    resting.delete(subject)
    if (flow !== undefined) drop(flow)
  }

  return {
    step: (subject, text, action, options) => hop(subject, () => take(subject, text), action, options),
    beginAfresh: (subject, text, options) =>
      hop(subject, () => make(subject, null, carriedOver(text, { subject })), undefined, options),
    async close() {
      const all = [...flows.values()]
      flows.clear()
      resting.clear()
      await Promise.all(all.map(drop))
    },
  }
}

/** What is held back never leaves then. */
function drop({ actor, api }: Live): Promise<void> {
  actor.stop()
  return api.close()
}

/** Has nothing moved since it was stored, such as a step of a host's own by a timer of its own? */
function hasRested({ actor, stored }: Live): boolean {
  const now = snapshotsOf(actor)
  return now.length === stored?.snapshots.length && now.every((snapshot, index) => snapshot === stored.snapshots[index])
}

/** Of a machine and of all that is at work below it: what a text is made of. */
function snapshotsOf(actor: AnyActorRef): readonly unknown[] {
  const snapshot = actor.getSnapshot()
  const children = Object.values((snapshot.children ?? {}) as Record<string, AnyActorRef>)
  return [snapshot, ...children.flatMap(snapshotsOf)]
}

function hopOf(
  flow: Live,
  { subject, taken, mustStore }: { subject: string; taken: boolean; mustStore: boolean },
): Hop {
  const snapshot = flow.actor.getSnapshot()
  const screen = onScreen(flow.actor)
  const hop: Hop = {
    text: toStorage(flow.actor, { subject, singleWriter: true }),
    screen: JSON.parse(JSON.stringify(isOwn(screen) ? shownOf(screen) : screen)),
    wakeAt: nextDeadline(flow.actor),
    taken,
    output: snapshot.output ?? null,
    mustStore,
  }
  screens.set(hop, screen)
  return hop
}

/** What comes from outside is done only where the screen offers the very same. */
function perform(actor: ActorRefFrom<OnboardingMachine>, { owner, event, more = {} }: DurableAction): boolean {
  if (!isRecord(event) || typeof event.type !== 'string')
    refuse('input', 'step', 'action', 'must be an action of the screen')
  const wanted = keyOf({ owner, event })
  const screen = onScreen(actor)
  const offered = actionsOn({ ...screen, actor: null }).find((action) => keyOf(action) === wanted)
  if (offered !== undefined) return act(actor, offered, more)
  return isOwn(screen) && screen.step === owner && performOwn(screen.actor, { ...more, ...event })
}

/** What a step of a host's own takes, its machine says; but what XState tells machines is not the user's to say. */
function performOwn(step: AnyActorRef, event: DurableAction['event']): boolean {
  const isTaken = !event.type.startsWith('xstate.') && step.getSnapshot().can(event)
  if (isTaken) step.send(event)
  return isTaken
}

const onScreen = (actor: ActorRefFrom<OnboardingMachine>): Screen | CustomScreen => screenOf(actor.getSnapshot())

const isOwn = (screen: Screen | CustomScreen): screen is CustomScreen => screen.name === 'custom'

function shownOf({ actor, ...screen }: CustomScreen): Shown<CustomScreen> {
  return { ...screen, context: actor.getSnapshot().context }
}

/** The order of fields may change where an engine keeps JSON. */
const keyOf = ({ owner, event }: Pick<Action, 'owner' | 'event'>) =>
  JSON.stringify([owner, Object.entries(event).sort()])

function actionsOn(part: unknown): readonly Action<object>[] {
  if (Array.isArray(part)) return part.flatMap(actionsOn)
  if (!isRecord(part)) return []
  return isAction(part) ? [part] : Object.values(part).flatMap(actionsOn)
}

const isAction = (part: Record<string, unknown>): part is Record<string, unknown> & Action<object> =>
  typeof part.owner === 'string' && isRecord(part.event)

/** The earliest of the deadlines in a machine and in those below it, epoch ms; null where there is none. */
function nextDeadline(actor: AnyActorRef): number | null {
  const children = Object.values((actor.getSnapshot().children ?? {}) as Record<string, AnyActorRef>)
  const times = children.flatMap((child) => {
    const { status, input } = child.getSnapshot() as { readonly status: string; readonly input?: DeadlineInput }
    if (status !== 'active') return []
    const at = child.src === 'deadline' ? (input?.at ?? null) : nextDeadline(child)
    return at === null || Number.isNaN(at) ? [] : [at]
  })
  return times.length === 0 ? null : Math.min(...times)
}

function refuse(code: 'input' | 'option', where: string, field: string, problem: string): never {
  throw new PortalError(clientFailure(code, 'config', { field }), `${where}: ${field}: ${problem}`)
}

const refuseOption = (field: string, problem: string) => refuse('option', 'createDurableHost', field, problem)
