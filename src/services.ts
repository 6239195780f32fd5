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

/** What `createMachines` wants to know beside the api. */
export interface MachineOptions {
  /**
   * What the machines' deadlines and TOTP go by; the system's clock by default. Give the same to the fake portal. With `monotonic`, a
   * wait ends by whichever clock is first, so that a wall clock that is set back makes none longer; both are looked at every 5 s.
   */
  readonly clock?: Clock
}

/** The machines, their actor slots filled by an adapter. `createActor(machines.onboarding, …)` starts a flow. */
export interface Machines {
  readonly onboarding: typeof onboardingMachine
  readonly invitations: typeof invitationsMachine
  readonly mfa: typeof mfaMachine
  readonly otpEnrollment: typeof otpEnrollmentMachine
  readonly ipWhitelist: typeof ipWhitelistMachine
  readonly whitelistChange: typeof whitelistChangeMachine
  readonly sessions: typeof sessionsMachine
  readonly workspace: typeof workspaceMachine
}

/**
 * Binds the machines to a portal.
 *
 * A write is sent once by us: its slot wants an unspent ticket, so that one started again by a restored snapshot or by a framework
 * that stops and starts an actor sends nothing, rejects with `client.ticketSpent`, and the machine reads the state back.
 * One whose outcome is not known is read back at once and, where that shows nothing, again after the settling time. So is a refusal
 * that a repeat would get (`mayBeEcho`), for browsers send a POST again by themselves; nothing is waited for then.
 * Slots reject with a plain `Failure`, never with an error that could carry a request to an inspector.
 *
 * @throws PortalError `config`, `client.option`, with the option's name as `field`.
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
