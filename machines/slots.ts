import {
  type AnyActorLogic,
  type AnyActorRef,
  type AnyStateMachine,
  fromCallback,
  fromPromise,
  type Snapshot,
} from 'xstate'
import { type Clock, systemClock, waitUntil } from '../src/domain/clock.ts'
import { clientFailure, later, mayLand, PortalError, toFailure } from '../src/domain/failure.ts'
import type { CodeVerdict } from '../src/domain/otp.ts'
import { type Operation, type OperationMethod, type WriteOperation, writeOperations } from '../src/domain/portal-api.ts'
import type { Sealed } from '../src/domain/sealed.ts'
import { settlingTime } from '../src/domain/settling.ts'
import { spendTicket, type Ticket } from '../src/domain/ticket.ts'
import type { ResultOf } from './events.ts'

type ArgumentOf<Name extends Operation> = Exclude<Parameters<OperationMethod<Name>>[0], undefined>

/** The input of a slot: the first argument of the method that fills it; for a write, with the ticket to send it once. */
export type SlotInput<Name extends Operation> = Name extends WriteOperation
  ? ([ArgumentOf<Name>] extends [never] ? object : ArgumentOf<Name>) & { readonly ticket: Ticket }
  : undefined

/**
 * As `fromPromise`, but nothing comes of a run that was stopped. A framework may start the very same actor again (React’s StrictMode
 * does), and XState would take the abort of the first run for the outcome of the second.
 */
export const fromRun = <Output, Input>(
  run: (scope: { readonly input: Input; readonly signal: AbortSignal; readonly self: AnyActorRef }) => Promise<Output>,
) =>
  fromPromise<Output, Input>(
    ({ input, signal, self }) =>
      new Promise((resolve, reject) => {
        const unlessStopped =
          <Value>(settle: (value: Value) => void) =>
          (value: Value) => {
            if (!signal.aborted) settle(value)
          }
        run({ input, signal, self }).then(unlessStopped(resolve), unlessStopped(reject))
      }),
  )

/**
 * A service of your own that reads: fills a read slot of a machine, or an actor of a chart of yours. Its first argument is the
 * actor's input. What it throws becomes a plain `Failure`, without a text or a cause that could carry a request to an
 * inspector.
 *
 * @example
 * ```ts
 * const listSessions = fromRead<Session[]>(async (_, { signal }) => {
 *   const reply = await portal.fetch(new Request('https://gateway.example/sessions', { signal }))
 *   return reply.ok ? reply.json() : []
 * })
 * const sessions = sessionsMachine.provide({ actors: { listSessions } })
 * ```
 */
export const fromRead = <Output, Argument = undefined>(
  read: (argument: Argument, scope: ReadScope) => Promise<Output>,
) =>
  fromRun<Output, Argument>(async ({ input, signal }) => {
    try {
      return await read(input, { signal })
    } catch (thrown) {
      throw toFailure(thrown)
    }
  })

/** What a service that reads is told beside its argument. */
export interface ReadScope {
  /** Aborted once nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** What a service that writes is told beside its argument. */
export interface WriteScope extends ReadScope {
  /** The id of this write, a UUID: send it with every attempt. */
  readonly requestId: string
  /** Tells the machine when the user is asked for more proof, and when that is over; see `RequestOptions`. */
  readonly onStepUp: (isAsked: boolean) => void
}

/** What `fromWrite` judges times by. */
export interface WriteOptions {
  /** The clock of `retryAt`; default: the system's. */
  readonly clock?: Clock
  /** How long one request may take, in ms: a write whose outcome is unknown may land for that long, and for 15 s at least. */
  readonly timeoutMs?: number | undefined
}

/** The logics that send a write once, if at all. */
const writes = new WeakSet<AnyActorLogic>()

/**
 * A service of your own that writes: fills a write slot of a machine, or an actor of a chart of yours. The input is its
 * argument and a `ticket` (`issueTicket`), by which it is called once: a write that starts again, from a restored snapshot
 * or because a framework stops and starts an actor, sends nothing and rejects with `client.ticketSpent`.
 *
 * What it throws becomes a plain `Failure`. Throw a `PortalError` that says by `effect` whether the write took place; anything
 * else counts as unknown. Where it is unknown, `retryAt` says until when it may still land.
 *
 * @example
 * ```ts
 * const terminateSession = fromWrite<void, { sessionId: string }>(async ({ sessionId }, { signal, requestId }) => {
 *   await api.terminateSession({ sessionId }, { signal, requestId })
 * })
 * const sessions = sessionsMachine.provide({ actors: { terminateSession } })
 * ```
 */
export function fromWrite<Output, Argument extends object = object>(
  write: (argument: Argument, scope: WriteScope) => Promise<Output>,
  { clock = systemClock, timeoutMs }: WriteOptions = {},
) {
  const logic = fromRun<Output, Argument & { readonly ticket: Ticket }>(async ({ input, signal, self }) => {
    // Null if a stored input held a secret; see `fromStorage`.
    const { ticket, ...argument } = (input ?? {}) as Argument & { readonly ticket?: Ticket }
    // A framework that stops an actor right after its start does so before this, so the ticket is still unused for the second start.
    await null
    signal.throwIfAborted()
    try {
      if (ticket === undefined || !spendTicket(ticket)) {
        throw clientFailure('ticketSpent', 'network', { effect: 'unknown', requestId: ticket?.requestId ?? null })
      }
      const onStepUp = (isAsked: boolean) => {
        if (!signal.aborted) self._parent?.send({ type: isAsked ? 'stepUp.demanded' : 'stepUp.answered' })
      }
      return await write(argument as unknown as Argument, { signal, requestId: ticket.requestId, onStepUp })
    } catch (thrown) {
      const failure = toFailure(thrown)
      if (!mayLand(failure)) throw failure
      // The machines wait that long before they believe a read.
      throw { ...failure, retryAt: later(failure.retryAt, clock.now() + settlingTime(timeoutMs)) }
    }
  })
  writes.add(logic)
  return logic
}

/** @throws PortalError `client.option`, its `field` the slot, where a write slot gets what may send a write twice. */
export function checkSlots(actors: Readonly<Record<string, AnyActorLogic | undefined>> = {}): void {
  for (const name of writeOperations) {
    const logic = actors[name]
    if (logic === undefined || writes.has(logic)) continue
    throw new PortalError(
      clientFailure('option', 'config', { field: name }),
      `${name}: this slot writes, so it takes what fromWrite makes; anything else would send the write again after a restore`,
    )
  }
}

/** Used, it says that there is nothing to call. */
function refusingSlot<Name extends Operation>(name: Name, code: 'slotEmpty' | 'methodMissing') {
  const logic = fromPromise<ResultOf<Name>, SlotInput<Name>>(() =>
    Promise.reject(clientFailure(code, 'config', { field: name })),
  )
  writes.add(logic)
  return logic
}

/** An actor slot that `createMachines` fills. */
const emptySlot = <Name extends Operation>(name: Name) => refusingSlot(name, 'slotEmpty')

const missing = new WeakSet<AnyActorLogic>()

/** What fills the slot of a method that the api lacks. */
export function missingSlot(name: Operation): AnyActorLogic {
  const logic = refusingSlot(name, 'methodMissing')
  missing.add(logic)
  return logic
}

/** Does the api that the machine was made with lack the method? */
export function lacks({ implementations }: AnyStateMachine, name: Operation): boolean {
  return missing.has(implementations.actors[name] as AnyActorLogic)
}

export const listMfaMethods = emptySlot('listMfaMethods')
export const setupOtp = emptySlot('setupOtp')
export const verifyOtp = emptySlot('verifyOtp')
export const revokeOtp = emptySlot('revokeOtp')
export const getBackupCodeStatus = emptySlot('getBackupCodeStatus')
export const getIpWhitelist = emptySlot('getIpWhitelist')
export const replaceIpWhitelist = emptySlot('replaceIpWhitelist')
export const enableIpWhitelist = emptySlot('enableIpWhitelist')
export const disableIpWhitelist = emptySlot('disableIpWhitelist')
export const listSessions = emptySlot('listSessions')
export const terminateSession = emptySlot('terminateSession')
export const terminateOtherSessions = emptySlot('terminateOtherSessions')
export const listInvitations = emptySlot('listInvitations')
export const acceptInvitation = emptySlot('acceptInvitation')
export const declineInvitation = emptySlot('declineInvitation')
export const listWorkspaces = emptySlot('listWorkspaces')
export const setDefaultWorkspace = emptySlot('setDefaultWorkspace')

/** The input of the slot `deadline`, which resolves at a point in time. */
export interface DeadlineInput {
  /** Epoch ms, the host's clock; null: never. */
  readonly at: number | null
  /** It resolves after this long at the latest, in ms, whatever the clock shows. */
  readonly atMostMs?: number
}

/**
 * Rings at a deadline that stands in the context, and says when that was, epoch ms. Unlike `after` it survives a restored snapshot, and
 * a computer that sleeps. An actor of a machine of your own waits by it until a write can no longer land.
 *
 * @example
 * ```ts
 * const waiting = createActor(createDeadline(), { input: { at: Date.now() } }).start()
 * await waitFor(waiting, ({ status }) => status === 'done')
 * ```
 */
export const createDeadline = (clock: Clock = systemClock) =>
  fromRun<number, DeadlineInput>(async ({ input, signal }) => {
    const { at, atMostMs } = input
    await waitUntil(at, clock, { signal, atMostMs })
    return clock.now()
  })

/** The input of the slot `checkCode`, which judges a code before an attempt is spent on it. */
export interface CheckCodeInput {
  /** The code, normalized. */
  readonly code: Sealed
  /** Null where the secret is no longer known: then only the portal can judge. */
  readonly qrCodeUri: Sealed | null
}

/** Judges a code by the portal's time before an attempt is spent; null where it cannot be judged here. */
export const createCheckCode = (portalTime: () => number) =>
  fromRun<CodeVerdict | null, CheckCodeInput>(async ({ input }) => {
    if (input?.qrCodeUri == null) return null
    const at = portalTime()
    // Loaded only now: most visits enroll nothing.
    const { judgeCode } = await import('../src/domain/otp.ts')
    return judgeCode({ qrCodeUri: input.qrCodeUri.reveal(), code: input.code.reveal(), at })
  })

export const deadline = createDeadline(systemClock)
export const checkCode = createCheckCode(systemClock.now)

const whenStopped = new WeakMap<AnyActorRef, Snapshot<unknown>>()

/**
 * What the machine was at when it was stopped; undefined where none of ours was, and for one that runs inside another of ours. XState
 * drops a machine's actors then, and what they knew with them.
 */
export const snapshotWhenStopped = (machine: AnyActorRef): Snapshot<unknown> | undefined => whenStopped.get(machine)

/** The machines that have a `detectRestore`. */
const ours = new WeakSet<AnyActorRef>()

/**
 * Says `restored` when the machine that invokes it was started again: then its ticket is spent, or a stored copy. Keeps what that machine
 * is at when it is stopped; only of the outermost one, as an observer hears of everything in the whole flow.
 */
export const detectRestore = fromCallback<{ type: 'restored' }, { readonly ticket: Ticket }>(
  ({ input, self, sendBack, system }) => {
    const machine = self._parent
    if (!spendTicket(input?.ticket)) sendBack({ type: 'restored' })
    if (machine === undefined) return
    ours.add(machine)
    if (machine._parent !== undefined && ours.has(machine._parent)) return
    const watch = system.inspect((inspected) => {
      // The last moment at which its actors are still there, and at work.
      if (inspected.type !== '@xstate.microstep' || inspected.event.type !== 'xstate.stop') return
      if (inspected.actorRef === machine) whenStopped.set(machine, machine.getPersistedSnapshot())
    })
    return () => watch.unsubscribe()
  },
)
