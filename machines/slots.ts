import { type AnyActorRef, fromCallback, fromPromise, type Snapshot } from 'xstate'
import { type Clock, systemClock, waitUntil } from '../src/domain/clock.ts'
import { clientFailure } from '../src/domain/failure.ts'
import type { CodeVerdict } from '../src/domain/otp.ts'
import type { Operation, PortalApi, WriteOperation } from '../src/domain/portal-api.ts'
import type { Sealed } from '../src/domain/sealed.ts'
import { spendTicket, type Ticket } from '../src/domain/ticket.ts'
import type { ResultOf } from './events.ts'

type ArgumentOf<Name extends Operation> = Exclude<Parameters<PortalApi[Name]>[0], undefined>

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

/** An actor slot that `createMachines` fills. Used while empty, it says so. */
const emptySlot = <Name extends Operation>(name: Name) =>
  fromPromise<ResultOf<Name>, SlotInput<Name>>(() =>
    Promise.reject(clientFailure('slotEmpty', 'config', { field: name })),
  )

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

/** Rings at a deadline that stands in the context, and says when that was, epoch ms. Unlike `after` it survives a restored snapshot. */
export const createDeadline = (clock: Clock) =>
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
