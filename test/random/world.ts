import { fromStorage, type Machines, toStorage, type whitelistChangeMachine } from 'postlogin'
import type { AccountOverrides, Fault, PortalOperation, PortalRequest } from 'postlogin/testing'
import {
  type AnyActor,
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type InspectionEvent,
  type SnapshotFrom,
} from 'xstate'
import { sameEntries } from '../../src/domain/ip-whitelist.ts'
import { undoneTo } from '../../src/domain/whitelist-change.ts'
import { eventsHeard } from '../paths/edges.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { type Command, changes, clicks, type RandomEvent } from './commands.ts'

const STATUS_TAGS = ['busy', 'resting', 'failed', 'coolingDown', 'steppingUp', 'delegating'] as const
const SHORT_WAITS_MS = 2_000
const TIME_OUT_MS = 10_000
/** The session in use, as it is listed. */
const CURRENT = 'SESS...C_001'
const HANGING: readonly Fault[] = ['hang', 'hangReply', 'stallBody']
/** Turns of the event loop, where something may hang; real time, where nothing does. */
const PATIENCE = 150
const PATIENCE_MS = 5_000
const subject = 'maya'

/** What each change asks for: one event of these for each time that it is carried out. Where the machine may begin again by itself, `isRepeatable`. */
const askedBy: Readonly<Record<string, { readonly events: readonly string[]; readonly isRepeatable?: true }>> = {
  acceptInvitation: { events: ['invitation.accept'] },
  declineInvitation: { events: ['invitation.decline'] },
  setupOtp: { events: ['otp.enrol', 'setup.restart'], isRepeatable: true },
  verifyOtp: { events: ['code.submit'] },
  revokeOtp: { events: ['revoke.confirm'] },
  replaceIpWhitelist: { events: ['whitelist.save', 'whitelist.enable', 'change.revise'], isRepeatable: true },
  enableIpWhitelist: { events: ['whitelist.enable', 'change.revise'] },
  disableIpWhitelist: { events: ['whitelist.disable', 'whitelist.enable', 'change.revise'], isRepeatable: true },
  terminateSession: { events: ['termination.confirm'] },
  terminateOtherSessions: { events: ['termination.confirm'] },
  setDefaultWorkspace: { events: ['workspace.choose'] },
}

/** The list whose risk is asked about; none where nothing is. */
function listAskedAbout(actor: AnyActorRef): (readonly string[])[] {
  const snapshot = actor.getSnapshot() as SnapshotFrom<typeof whitelistChangeMachine>
  if (snapshot.machine.id !== 'whitelistChange') return []
  const { change, isHidden, whitelist } = snapshot.context
  if (snapshot.matches({ making: 'confirmingRisk' })) return [change.after.entries]
  if (snapshot.matches({ confirming: { deciding: 'confirmingRisk' } })) return [whitelist.entries]
  return snapshot.matches({ undoing: 'confirmingRisk' }) ? [undoneTo(change, isHidden ? null : whitelist).entries] : []
}

export interface Start {
  readonly name: keyof Machines
  readonly input: object
  readonly account: AccountOverrides
  /** Is the whitelist applied to every request, or at the next login? */
  readonly enforceOnEveryRequest: boolean
  readonly secureChannel: 'off' | 'binary'
}

/** One user's browser and the portal, in which things happen one after the other; `check` says what is wrong. */
export function createWorld({ name, input, account, enforceOnEveryRequest, secureChannel }: Start) {
  const errors: unknown[] = []
  const illTagged: string[] = []
  const sent: RandomEvent[] = []
  const secrets = new Set<string>()
  const codes = new Set<string>()
  const disarm: (() => void)[] = []
  let isExcused = false
  /** The lists whose risk the user has taken. */
  const risked: (readonly string[])[] = []
  /** Has a request met a fault that lets it wait since time passed last? */
  let mayHang = false
  let isSignedOut = false

  const setting = createSetting({
    portal: { account, enforceOnEveryRequest, secureChannel },
    api: {
      timeoutMs: TIME_OUT_MS,
      accessToken: () => token,
      async refreshAccessToken() {
        if (isSignedOut) throw Object.assign(new Error('signed out'), { error: 'invalid_grant' })
        token = portal.refreshAccessToken()
        return token
      },
    },
  })
  const { portal, clock, api, machines } = setting
  let { accessToken: token } = portal.account
  const machine: AnyStateMachine = machines[name]
  let root = started(createActor(machine, { input, inspect }))

  function started(actor: AnyActor): AnyActor {
    actor.subscribe({ error: (error) => errors.push(error) })
    return actor.start()
  }

  /** Each snapshot of each machine is looked at, those that last for no time included. */
  function inspect(event: InspectionEvent) {
    if (event.type !== '@xstate.snapshot' || !('hasTag' in event.snapshot)) return
    const { machine, status, value, tags } = event.snapshot as AnyMachineSnapshot
    const statusTags = STATUS_TAGS.filter((tag) => tags.has(tag))
    if (status !== 'active' || statusTags.length === 1) return
    illTagged.push(`${machine.id} in ${JSON.stringify(value)} has the status tags [${statusTags.join()}]`)
  }

  const snapshotOf = (actor: AnyActorRef) => actor.getSnapshot() as AnyMachineSnapshot
  const machineOf = (actor: AnyActorRef) => (snapshotOf(actor).machine as AnyStateMachine).id
  const isMachine = (actor: AnyActorRef | undefined): actor is AnyActorRef =>
    (actor?.getSnapshot() as Partial<AnyMachineSnapshot> | undefined)?.hasTag !== undefined
  /** All machines at work, the innermost last. */
  function live(actor: AnyActorRef = root): readonly AnyActorRef[] {
    const snapshot = snapshotOf(actor)
    if (snapshot.status !== 'active') return []
    const below = Object.values(snapshot.children as Record<string, AnyActorRef | undefined>).filter(isMachine)
    return [actor, ...below.flatMap((child) => live(child))]
  }
  const isBusy = () => live().some((actor) => snapshotOf(actor).hasTag('busy'))

  /** Until nothing is busy; or for a while, where a request may never be answered. */
  async function rest() {
    const began = performance.now()
    const isPatient = (turns: number) => (mayHang ? turns < PATIENCE : performance.now() - began < PATIENCE_MS)
    for (let turns = 0, calm = 0; calm < 3 && isPatient(turns); turns++) {
      await turn()
      await clock.passShortWaits(SHORT_WAITS_MS)
      calm = isBusy() ? 0 : calm + 1
    }
  }

  async function pass(ms: number) {
    await clock.advance(ms)
    if (ms > TIME_OUT_MS) mayHang = false
  }

  function strike({ operation, fault, times }: Command & { do: 'strike' }) {
    const isHit = (request: PortalRequest) => {
      if (request.operation !== operation) return false
      mayHang ||=
        HANGING.includes(fault) || (typeof fault === 'object' && ('delayMs' in fault || 'landsAfterMs' in fault))
      return true
    }
    disarm.push(portal.fault(isHit, fault, { times }))
  }

  async function resolveCode(code: unknown): Promise<unknown> {
    const { otpSetup, otpSecret } = portal.account
    const isPhoneReady = otpSetup !== null || otpSecret !== null
    switch (code) {
      case 'right code':
        return isPhoneReady ? portal.authenticator.code() : '271828'
      case 'skewed code':
        return isPhoneReady ? portal.authenticator.code({ skewMs: 600_000 }) : '271828'
      case 'wrong code':
        return '314159'
      default:
        return code
    }
  }

  async function send(actor: AnyActorRef | undefined, { code: meant, ...event }: RandomEvent) {
    const code = meant === undefined ? undefined : await resolveCode(meant)
    if (actor === undefined || !live().includes(actor)) return
    const complete: RandomEvent = code === undefined ? event : { ...event, code }
    if (typeof code === 'string' && /^\d{6}$/.test(code)) codes.add(code)
    sent.push(complete)
    if (event.type === 'risk.accept') risked.push(...listAskedAbout(actor))
    actor.send(complete)
  }

  const hears = (actor: AnyActorRef, { type }: RandomEvent) => eventsHeard(snapshotOf(actor)).has(type)

  /** What is on screen: the innermost machine; and beside a change of the whitelist its editor. */
  function onScreen(): readonly AnyActorRef[] {
    const actors = live()
    const innermost = actors.at(-1)
    return actors.slice(innermost !== undefined && machineOf(innermost) === 'whitelistChange' ? -2 : -1)
  }

  function click(pick: number) {
    const possible = onScreen().flatMap((actor) =>
      (clicks[machineOf(actor)] ?? []).filter((event) => hears(actor, event)).map((event) => ({ actor, event })),
    )
    const chosen = possible[pick % possible.length]
    return chosen && send(chosen.actor, chosen.event)
  }

  function reload() {
    if (root.getSnapshot().status !== 'active') return
    const text = toStorage(root, { subject })
    root.stop()
    root = started(createActor(machine, { snapshot: fromStorage(machine, text, { subject }), inspect }))
  }

  async function perform(command: Command) {
    switch (command.do) {
      case 'click':
        return click(command.pick)
      case 'tell':
        return send(
          onScreen().findLast((actor) => hears(actor, command.event)),
          command.event,
        )
      case 'send': {
        const actors = live()
        return send(actors[command.to % actors.length], command.event)
      }
      case 'pass':
        return pass(command.ms)
      case 'strike':
        return strike(command)
      case 'change': {
        const { make, ...change } = changes[command.change]
        isExcused ||= 'isExcuse' in change
        portal.update(make)
        return
      }
      case 'expire':
        portal.update((draft) => {
          draft.accessTokenExpiresAt = portal.now()
        })
        return
      case 'signOut':
        isSignedOut = true
        return
      case 'reload':
        return reload()
    }
  }

  function noteSecrets() {
    const { otpSecret, otpSetup, accessToken, refreshToken, portalAccessCode } = portal.account
    for (const secret of [otpSecret, otpSetup?.secret, accessToken, refreshToken, token, portalAccessCode]) {
      if (secret != null) secrets.add(secret)
    }
  }

  /** What must hold at any time. */
  function problems(): string[] {
    const found = errors.map((error) => `error: ${String(error)}`)
    const snapshot = root.getSnapshot() as AnyMachineSnapshot
    if (snapshot.status === 'error') found.push(`the machine broke down: ${String(snapshot.error)}`)
    found.push(...illTagged)
    noteSecrets()
    const text = toStorage(root, { subject })
    for (const secret of secrets) {
      if ([secret, encodeURIComponent(secret)].some((form) => text.includes(form))) found.push(`stored: ${secret}`)
    }
    for (const code of codes)
      if (new RegExp(`(?<![0-9a-z])${code}(?![0-9a-z])`).test(text)) found.push(`stored: ${code}`)
    return found
  }

  /** The changes that reached the portal. */
  const changesSent = () =>
    portal.requests.flatMap((request) => {
      const { operation } = request
      return operation !== null && askedBy[operation] !== undefined ? [{ ...request, operation }] : []
    })

  /** What must hold of all that was carried out: somebody asked for it, that often, and for just this. */
  function unasked(): string[] {
    const done = changesSent().filter(({ processed }) => processed)
    const isNamed = (field: string, value: unknown) => sent.some((event) => event[field] === value)
    const problem = ({ operation, path, body }: (typeof done)[number]): string | false => {
      const id = path.split('/').at(-2)
      const { code, sessionId } = (body ?? {}) as { code?: unknown; sessionId?: unknown }
      switch (operation) {
        case 'verifyOtp':
          return !codes.has(String(code)) && `verified ${String(code)}, which nobody typed`
        case 'terminateSession':
          return (sessionId === CURRENT || !isNamed('sessionId', sessionId)) && `ended ${String(sessionId)}`
        case 'acceptInvitation':
        case 'declineInvitation':
          return !isNamed('invitationBizId', id) && `${operation} of ${id}`
        case 'setDefaultWorkspace':
          return !isNamed('workspaceBizId', id) && `${operation} of ${id}`
        default:
          return false
      }
    }
    const tooOften = [...new Set(done.map(({ operation }) => operation))].flatMap((operation) => {
      const { events = [], isRepeatable = false } = askedBy[operation] ?? {}
      const count = done.filter((request) => request.operation === operation).length
      const asked = sent.filter(({ type }) => events.includes(type)).length + (isEnrollmentAlone(operation) ? 1 : 0)
      const isAsked = isRepeatable ? asked > 0 : count <= asked
      return isAsked ? [] : [`${operation}: carried out ${count} times, asked for ${asked} times`]
    })
    return [...done.map(problem).filter((found) => found !== false), ...tooOften]
  }

  /** One intent reaches the portal once; again only after its token was refused, or through another session of the channel. */
  function sentAgain(): string[] {
    const ids = changesSent()
      .filter(({ status }) => status !== 401)
      .map(({ operation, headers }) =>
        [operation, headers['x-request-id'], headers['x-secure-channel-session-id']].join(' '),
      )
    return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `sent again: ${id}`)
  }
  const isEnrollmentAlone = (operation: PortalOperation) => name === 'otpEnrollment' && operation === 'setupOtp'

  /** The faults are over, and what still runs out runs out. */
  async function comeToAnEnd() {
    for (const end of disarm) end()
    for (let rounds = 0; rounds < 6; rounds++) {
      await rest()
      await pass(isBusy() ? TIME_OUT_MS + 1 : 61_000)
    }
    await rest()
  }

  function lockedOut(): string[] {
    if (isExcused) return []
    const { ipWhitelist, address } = portal.account
    if (
      risked.some((entries) =>
        sameEntries(
          entries,
          ipWhitelist.entries.filter((entry) => entry !== null),
        ),
      )
    )
      return []
    return portal.login().ok ? [] : [`locked out: ${address} by ${JSON.stringify(ipWhitelist)}`]
  }

  async function close() {
    root.stop()
    await api.close()
  }

  return {
    rest,
    perform,
    problems,
    unasked,
    sentAgain,
    comeToAnEnd,
    lockedOut,
    close,
    /** Is anything busy although no request hangs any more? */
    stuck: () =>
      isBusy() ? [`busy for ever in ${JSON.stringify(live().map((actor) => snapshotOf(actor).value))}`] : [],
  }
}
