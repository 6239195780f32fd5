import { type AnyActorLogic, type AnyStateMachine, assign } from 'xstate'
import { centerChart, charts } from '../machines/charts.ts'
import type { ResultOf } from '../machines/events.ts'
import { type InvitationsMachine, invitationsMachine } from '../machines/invitations.ts'
import type { IpWhitelistMachine } from '../machines/ip-whitelist.ts'
import { late } from '../machines/late.ts'
import type { MfaMachine } from '../machines/mfa.ts'
import { type OnboardingMachine, onboardingMachine } from '../machines/onboarding.ts'
import type { OtpEnrollmentMachine } from '../machines/otp-enrollment.ts'
import type { SecurityCenterMachine } from '../machines/security-center.ts'
import type { SessionsMachine } from '../machines/sessions.ts'
import * as slots from '../machines/slots.ts'
import type { WhitelistChangeMachine } from '../machines/whitelist-change.ts'
import { isMachine, type Slots, withSlots } from '../machines/with-slots.ts'
import type { WorkspaceMachine } from '../machines/workspace.ts'
import { type Clock, isClock, systemClock } from './domain/clock.ts'
import { clientFailure, PortalError } from './domain/failure.ts'
import {
  type Operation,
  type PortalApi,
  type ReadOperation,
  type RequestOptions,
  readOperations,
  type WriteOperation,
  writeOperations,
} from './domain/portal-api.ts'

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
  readonly onboarding: OnboardingMachine
  /** The inbox of invitations. */
  readonly invitations: InvitationsMachine
  /** The factors of the account. */
  readonly mfa: MfaMachine
  /** The setup of an authenticator app; runs inside `mfa`. */
  readonly otpEnrollment: OtpEnrollmentMachine
  /** The editor of the IP whitelist. */
  readonly ipWhitelist: IpWhitelistMachine
  /** One change of the whitelist; runs inside `ipWhitelist`. */
  readonly whitelistChange: WhitelistChangeMachine
  /** The signed-in sessions. */
  readonly sessions: SessionsMachine
  /** Where to go next. */
  readonly workspace: WorkspaceMachine
  /** The security page: factors, whitelist, sessions, and invitations as cards. */
  readonly securityCenter: SecurityCenterMachine
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

  const missing = Object.fromEntries(
    [...readOperations, ...writeOperations]
      .filter((name) => api[name] === undefined)
      .map((name) => [name, slots.missingSlot(name)]),
  )

  const read = <Name extends ReadOperation>(name: Name) =>
    slots.fromRead((_: undefined, scope) => (api[name] as Method<Name>)(undefined, scope))

  const write = <Name extends WriteOperation>(name: Name) =>
    slots.fromWrite((argument, scope) => (api[name] as Method<Name>)(argument, scope), {
      clock,
      timeoutMs: api.timeoutMs,
    })

  const services: Logics = {
    deadline: slots.createDeadline(clock),
    checkCode: slots.createCheckCode(() => clock.now() + (api.clockOffset?.() ?? 0)),
    ...Object.fromEntries(readOperations.map((name) => [name, read(name)])),
    ...Object.fromEntries(writeOperations.map((name) => [name, write(name)])),
    ...missing,
  }
  const readClock = assign({ now: () => clock.now() })

  /** Fills the slots of a machine, and of one inside it: a slot has the name of what fills it. */
  function bind<Machine extends AnyStateMachine>(machine: Machine, logics: Logics = services): Machine {
    const empty = Object.entries(machine.implementations.actors as Logics)
    const filled = empty.map(([name, logic]) => [name, logics[name] ?? (isMachine(logic) ? bind(logic) : logic)])
    return withSlots(machine, { actions: { readClock }, actors: Object.fromEntries(filled) })
  }

  /** The same of a machine that has to know of steps inside it what they lack. */
  const bindWhole = <Machine extends AnyStateMachine>(machine: Machine): Machine =>
    withSlots(bind(machine, { ...services, ...steps }), { actors: missing } as Slots<Machine>)

  const steps = {
    invitations: bind(invitationsMachine),
    mfa: late(charts.mfa, bind),
    ipWhitelist: late(charts.ipWhitelist, bind),
    sessions: late(charts.sessions, bind),
    workspace: late(charts.workspace, bind),
  }
  return {
    ...steps,
    onboarding: bindWhole(onboardingMachine),
    otpEnrollment: late(charts.otpEnrollment, bind),
    whitelistChange: late(charts.whitelistChange, bind),
    securityCenter: late(centerChart, bindWhole),
  }
}

function refuse(option: string, problem: string): never {
  throw new PortalError(clientFailure('option', 'config', { field: option }), `createMachines: ${option}: ${problem}`)
}

type Logics = Readonly<Record<string, AnyActorLogic>>

type Method<Name extends Operation> = (input: object | undefined, options: RequestOptions) => Promise<ResultOf<Name>>
