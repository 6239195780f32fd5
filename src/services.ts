import { assign } from 'xstate'
import type { ResultOf } from '../machines/events.ts'
import {
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrollmentMachine,
  sessionsMachine,
  whitelistChangeMachine,
  workspaceMachine,
} from '../machines/index.ts'
import type { SlotInput } from '../machines/slots.ts'
import * as slots from '../machines/slots.ts'
import { type Clock, isClock, systemClock } from './domain/clock.ts'
import { clientFailure, type Failure, later, mayLand, PortalError, toFailure } from './domain/failure.ts'
import type { Operation, PortalApi, ReadOperation, WriteOperation } from './domain/portal-api.ts'
import { settlingTime } from './domain/settling.ts'
import { spendTicket, type Ticket } from './domain/ticket.ts'

/** The options of `createMachines`. */
export interface MachineOptions {
  /**
   * The clock of the machines' deadlines and of TOTP; default: the system's. Give the same one to the fake portal. If
   * it has `monotonic`, a wait ends by whichever time is first, so setting the wall clock back makes no wait longer;
   * both are checked every 5 s.
   */
  readonly clock?: Clock
}

/**
 * The machines, their actor slots filled. `createActor(machines.onboarding)` is the whole flow; every other machine
 * runs alone as well.
 */
export interface Machines {
  /** The whole flow. */
  readonly onboarding: typeof onboardingMachine
  /** The inbox of invitations. */
  readonly invitations: typeof invitationsMachine
  /** The factors of the account. */
  readonly mfa: typeof mfaMachine
  /** The setup of an authenticator app; runs inside `mfa`. */
  readonly otpEnrollment: typeof otpEnrollmentMachine
  /** The editor of the IP whitelist. */
  readonly ipWhitelist: typeof ipWhitelistMachine
  /** One change of the whitelist; runs inside `ipWhitelist`. */
  readonly whitelistChange: typeof whitelistChangeMachine
  /** The signed-in sessions. */
  readonly sessions: typeof sessionsMachine
  /** Where to go next. */
  readonly workspace: typeof workspaceMachine
}

/**
 * Binds the machines to a portal.
 *
 * Each write is sent once: its slot takes an unspent ticket. A slot that starts again, from a restored snapshot or
 * because a framework stops and starts an actor, sends nothing and rejects with `client.ticketSpent`; the machine then
 * reads the state back. A write whose outcome is unknown is read back at once and, if that shows no change, again after
 * the settling time. A refusal that a repeated write would get as well (`effect: 'unknown'`) is read back too, because
 * browsers may repeat a POST by themselves.
 *
 * The slots reject with a plain `Failure`, never with an error that could carry a request to an inspector.
 *
 * @throws PortalError `client.option`, of kind `config`, where `api` is no `PortalApi` or `clock` no clock; `field`
 * names which.
 *
 * @example
 * ```ts
 * const machines = createMachines(api)
 * const flow = createActor(machines.onboarding, { input: { policy: { mfa: 'require' } } })
 * flow.subscribe({
 *   complete() {
 *     const { output } = flow.getSnapshot()
 *     if (output?.outcome === 'completed') location.assign(output.route.to)
 *   },
 * })
 * flow.start()
 * ```
 */
export function createMachines(api: PortalApi, { clock = systemClock }: MachineOptions = {}): Machines {
  if (typeof api !== 'object' || api === null) refuse('api', 'must be a PortalApi, such as createPortalApi gives')
  if (!isClock(clock)) refuse('clock', 'must have now, setTimeout and clearTimeout')

  const read = <Name extends ReadOperation>(name: Name) =>
    slots.fromRun<ResultOf<Name>, SlotInput<Name>>(({ signal }) =>
      withPlainFailure<Name>(() => (api[name] as Method<Name>)(undefined, { signal })),
    )

  const write = <Name extends WriteOperation>(name: Name) =>
    slots.fromRun<ResultOf<Name>, SlotInput<Name>>(async ({ input, signal }): Promise<ResultOf<Name>> => {
      // Null if a stored input held a secret; see `fromStorage`.
      const { ticket, ...argument } = (input ?? {}) as { ticket?: Ticket }
      // A framework that stops an actor right after its start does so before this, so the ticket is still unused for the second start.
      await null
      signal.throwIfAborted()
      if (ticket === undefined || !spendTicket(ticket)) {
        const requestId = ticket?.requestId ?? null
        throw landsBy(clientFailure('ticketSpent', 'network', { effect: 'unknown', requestId }))
      }
      const { requestId } = ticket
      try {
        return await withPlainFailure<Name>(() => (api[name] as Method<Name>)(argument, { signal, requestId }))
      } catch (thrown) {
        throw landsBy(toFailure(thrown))
      }
    })

  /** A write with an unknown outcome may take effect until then. So the machines wait that long before they believe a read. */
  const landsBy = (failure: Failure): Failure =>
    mayLand(failure)
      ? { ...failure, retryAt: later(failure.retryAt, clock.now() + settlingTime(api.timeoutMs)) }
      : failure

  const deadline = slots.createDeadline(clock)
  const listMfaMethods = read('listMfaMethods')
  const listSessions = read('listSessions')
  const listInvitations = read('listInvitations')
  const listWorkspaces = read('listWorkspaces')
  const getIpWhitelist = read('getIpWhitelist')

  const otpEnrollment = otpEnrollmentMachine.provide({
    actors: {
      deadline,
      checkCode: slots.createCheckCode(() => clock.now() + (api.clockOffset?.() ?? 0)),
      listMfaMethods,
      setupOtp: write('setupOtp'),
      verifyOtp: write('verifyOtp'),
    },
  })
  const mfa = mfaMachine.provide({
    actors: {
      deadline,
      otpEnrollment,
      listMfaMethods,
      revokeOtp: write('revokeOtp'),
      getBackupCodeStatus: read('getBackupCodeStatus'),
    },
  })
  const invitations = invitationsMachine.provide({
    actors: {
      deadline,
      listInvitations,
      listWorkspaces,
      acceptInvitation: write('acceptInvitation'),
      declineInvitation: write('declineInvitation'),
    },
  })
  const whitelistChange = whitelistChangeMachine.provide({
    actions: { readClock: assign({ now: () => clock.now() }) },
    actors: {
      deadline,
      getIpWhitelist,
      listSessions,
      replaceIpWhitelist: write('replaceIpWhitelist'),
      enableIpWhitelist: write('enableIpWhitelist'),
      disableIpWhitelist: write('disableIpWhitelist'),
    },
  })
  const ipWhitelist = ipWhitelistMachine.provide({
    actors: { deadline, whitelistChange, getIpWhitelist, listSessions },
  })
  const sessions = sessionsMachine.provide({
    actions: { readClock: assign({ now: () => clock.now() }) },
    actors: {
      deadline,
      listSessions,
      terminateSession: write('terminateSession'),
      terminateOtherSessions: write('terminateOtherSessions'),
    },
  })
  const workspace = workspaceMachine.provide({
    actors: { deadline, listWorkspaces, setDefaultWorkspace: write('setDefaultWorkspace') },
  })
  const onboarding = onboardingMachine.provide({
    actors: {
      listMfaMethods,
      listSessions,
      listInvitations,
      listWorkspaces,
      getIpWhitelist,
      invitations,
      mfa,
      ipWhitelist,
      sessions,
      workspace,
    },
  })
  return { onboarding, invitations, mfa, otpEnrollment, ipWhitelist, whitelistChange, sessions, workspace }
}

function refuse(option: string, problem: string): never {
  throw new PortalError(clientFailure('option', 'config', { field: option }), `createMachines: ${option}: ${problem}`)
}

type Method<Name extends Operation> = (
  input: object | undefined,
  options: { signal: AbortSignal; requestId?: string },
) => Promise<ResultOf<Name>>

async function withPlainFailure<Name extends Operation>(call: () => Promise<ResultOf<Name>>): Promise<ResultOf<Name>> {
  try {
    return await call()
  } catch (thrown) {
    throw toFailure(thrown)
  }
}
