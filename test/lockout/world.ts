import {
  type Action,
  act,
  activeStep,
  fromStorage,
  type onboardingMachine,
  type Policy,
  type Screen,
  screenOf,
  toStorage,
  type UnconfirmedChange,
} from 'postlogin'
import type { FakeAccount, Frozen, PortalOperation, PortalRequest } from 'postlogin/testing'
import { type ActorRefFrom, createActor } from 'xstate'
import { coversAddress, type IpWhitelist, sameEntries } from '../../src/domain/ip-whitelist.ts'
import { sameWhitelist } from '../../src/domain/whitelist-change.ts'
import { clickablesOf } from '../screens/visitor.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import type { Button, Command, Edit, Ending, Keeps } from './commands.ts'

export interface Start {
  readonly policy: Policy
  readonly whitelist: { readonly enabled: boolean; readonly entries: readonly string[] }
  readonly onEveryRequest: boolean
}

type Flow = ActorRefFrom<typeof onboardingMachine>

const SHORT_WAITS_MS = 2_000
const TIME_OUT_MS = 10_000
/** Turns of the event loop: so many that are calm are rest; after so many that are not, something hangs. */
const CALM_TURNS = 3
const HANGING_TURNS = 60
/** After the end: all that is yet to land has landed. */
const LATEST_LANDING_MS = 30_000
const subject = 'maya'

const writes: readonly (PortalOperation | null)[] = ['replaceIpWhitelist', 'enableIpWhitelist', 'disableIpWhitelist']

const kept: Readonly<Record<Keeps, ((entries: readonly string[]) => readonly string[]) | null>> = {
  all: null,
  nothing: () => [],
  'the first': (entries) => entries.slice(0, 1),
  'all but the first': (entries) => entries.slice(1),
}

/**
 * One user at the whitelist, the portal, its lag, its clock and a second editor. What is looked at is what the user sees and the host is
 * told, and what holds at the portal in the end.
 */
export function createWorld({ policy, whitelist, onEveryRequest }: Start) {
  let isSignedOut = false
  const setting = createSetting({
    portal: {
      secureChannel: 'off',
      enforceOnEveryRequest: onEveryRequest,
      echoesEntries: 'sent',
      account: { invitations: [], ipWhitelist: { enabled: whitelist.enabled, entries: [...whitelist.entries] } },
    },
    api: {
      timeoutMs: TIME_OUT_MS,
      async refreshAccessToken() {
        if (isSignedOut) throw Object.assign(new Error('signed out'), { error: 'invalid_grant' })
        return portal.refreshAccessToken()
      },
    },
  })
  const { portal, clock, machines, api } = setting
  const input = { order: ['ipWhitelist' as const], policy: { ipWhitelist: policy } }

  /** Who made the list that is in force: we, once a write of ours has landed; someone else, once he has changed it. */
  let isOurs = false
  /** Steps of what happened, to tell before from after. */
  let step = 0
  let movedAt = -1
  /** When the portal last told the user's address. */
  let toldAt = -1
  /** When the address was told last before the list was last kept; a move after that is nobody's fault. */
  let keptAsOf = Number.POSITIVE_INFINITY
  let reported: UnconfirmedChange | null = null
  /** The lists for which the user has taken the risk, in this run of the page; and those that he has kept by that in any. */
  let taken: IpWhitelist[] = []
  const keptAtRisk: IpWhitelist[] = []

  const always = { times: Number.POSITIVE_INFINITY } as const
  const isWrite = ({ operation }: PortalRequest) => writes.includes(operation)
  let before = listIn(portal.account)
  portal.interject(isWrite, noteList, always)
  portal.interject(isWrite, noteOurs, { ...always, when: 'after' })
  portal.interject('listSessions', noteTold, { ...always, when: 'after' })
  function noteList(account: FakeAccount) {
    before = listIn(account)
  }
  /** A write that leaves the list as it was has made nothing. */
  function noteOurs(account: FakeAccount) {
    isOurs ||= !sameWhitelist(before, listIn(account))
  }
  function noteTold() {
    toldAt = step
  }

  let flow: Flow = started(createActor(machines.onboarding, { input }))

  function started(actor: Flow): Flow {
    actor.subscribe(() => {
      const { unconfirmedChange } = actor.getSnapshot().context
      if (reported !== null && unconfirmedChange === null) {
        keptAsOf = toldAt
        keptAtRisk.push(...taken)
      }
      reported = unconfirmedChange
    })
    actor.start()
    return actor
  }

  const isActive = () => flow.getSnapshot().status === 'active'
  const screen = (): Screen => screenOf(flow.getSnapshot())
  const isBusy = () => {
    const { name, status } = screen() as { name: string; status?: string }
    return isActive() && (name === 'loading' || status === 'busy')
  }

  async function rest() {
    for (let turns = 0, calm = 0; calm < CALM_TURNS && isActive(); turns++) {
      await turn()
      await clock.passShortWaits(SHORT_WAITS_MS)
      calm = isBusy() ? 0 : calm + 1
      if (turns % HANGING_TURNS === HANGING_TURNS - 1) await clock.advance(TIME_OUT_MS + 1)
    }
  }

  function press(action: Action<object | undefined> | null) {
    if (action === null || action.blocked !== null || !isActive()) return
    const now = screen()
    if (action.event.type === 'risk.accept') noteRisk(now)
    const more = action.event.type === 'entries.replace' ? { values: whitelist.entries } : {}
    act<object>(flow, action as Action<object>, more)
  }

  function noteRisk(now: Screen) {
    if (now.name === 'ipWhitelist' && now.question?.kind === 'risk') taken.push(now.question.list)
  }

  function button(what: Button): Action | null {
    const now = screen()
    if (now.name !== 'ipWhitelist') return null
    if (what === 'confirm' || what === 'cancel') return now.question?.[what] ?? null
    return now[what]
  }

  /** What a second editor makes of the list. */
  const editing = (edit: Edit) => (draft: FakeAccount) => {
    if (edit.enabled === undefined && edit.entries === undefined) return
    isOurs = false
    draft.ipWhitelist = {
      enabled: edit.enabled ?? draft.ipWhitelist.enabled,
      entries: [...(edit.entries ?? draft.ipWhitelist.entries)],
    }
  }

  async function reload(afterMs: number) {
    if (!isActive()) return
    const text = toStorage(flow, { subject })
    flow.stop()
    taken = []
    await clock.advance(afterMs)
    const snapshot = fromStorage(machines.onboarding, text, { subject })
    flow = started(createActor(machines.onboarding, { snapshot }))
  }

  async function perform(command: Command) {
    step += 1
    switch (command.do) {
      case 'click': {
        const offered = clickablesOf(screen()).filter(({ action }) => action.blocked === null)
        return press(offered[command.pick % Math.max(1, offered.length)]?.action ?? null)
      }
      case 'press':
        return press(button(command.what))
      case 'type': {
        const now = screen()
        if (now.name === 'ipWhitelist') act(flow, now.replace, { values: command.values })
        return
      }
      case 'force': {
        const now = screen()
        if (command.event.type === 'risk.accept') noteRisk(now)
        activeStep(flow.getSnapshot())?.actor.send(command.event as never)
        return
      }
      case 'lag':
        portal.fault(command.operation, { landsAfterMs: command.landsAfterMs, answer: command.answer })
        return
      case 'lose':
        portal.fault(command.operation, 'loseRequest', { times: command.times })
        return
      case 'refuse':
        portal.fault(command.operation, { status: 403 }, { times: command.times })
        return
      case 'echo':
        portal.fault(command.operation, { status: 409, code: 'SECURITY.ALREADY_DONE', process: command.isCarriedOut })
        return
      case 'edit':
        if (command.at === 'now') portal.update(editing(command.edit))
        else portal.interject(command.operation, editing(command.edit), { when: command.at })
        return
      case 'move':
        movedAt = step
        portal.moveTo(command.address)
        return
      case 'mark':
        portal.configure({ marksCurrent: command.marksCurrent })
        return
      case 'store':
        portal.configure({ storesEntries: kept[command.keeps] })
        return
      case 'enforce':
        portal.configure({ enforceOnEveryRequest: command.onEveryRequest })
        return
      case 'pass':
        return clock.advance(command.ms)
      case 'setBack':
        return clock.setBack(command.ms)
      case 'sleep':
        return clock.sleep(command.ms)
      case 'reload':
        return reload(command.afterMs)
      case 'signOut':
        isSignedOut = true
        portal.refreshAccessToken()
        return
    }
  }

  /** The user leaves; who cannot closes the page. */
  async function end(ending: Ending) {
    await rest()
    step += 1
    if (ending === 'cancel') act(flow, (screen() as { cancelFlow?: Action }).cancelFlow ?? never)
    if (ending === 'sign out') await perform({ do: 'signOut', pace: 'rest' })
    for (let tries = 0; tries < 4 && isActive() && ending !== 'close'; tries++) {
      const now = screen()
      if (now.name === 'ipWhitelist') press(ending === 'skip' ? now.skip : now.finish)
      await rest()
    }
    const { status, output, context } = flow.getSnapshot()
    const report = status === 'done' && output !== undefined ? output.unconfirmedChange : context.unconfirmedChange
    flow.stop()
    await clock.advance(LATEST_LANDING_MS)
    await turn()
    return report
  }

  /** The one promise; empty where it holds. */
  function lockedOut(report: UnconfirmedChange | null): string[] {
    const { address } = portal.account
    const { enabled, entries: inForce } = listIn(portal.account)
    const isFine = !enabled || coversAddress(inForce, address)
    const isTaken = [...taken, ...keptAtRisk].some(({ entries }) => sameEntries(entries, inForce))
    const isMovedSince = movedAt > keptAsOf
    if (isFine || isTaken || report !== null || !isOurs || isMovedSince) return []
    return [`${address} is locked out by ${JSON.stringify(inForce)}, and nobody was told`]
  }

  async function close() {
    flow.stop()
    await api.close()
  }

  return {
    rest,
    perform,
    end,
    lockedOut,
    close,
    problems: () => (flow.getSnapshot().status === 'error' ? [String(flow.getSnapshot().error)] : []),
  }
}

/** The list that nobody has put anything odd into. */
const listIn = ({ ipWhitelist: { enabled, entries } }: Frozen<Pick<FakeAccount, 'ipWhitelist'>>): IpWhitelist => ({
  enabled,
  entries: entries.filter((entry) => entry !== null),
})

const never: Action = { owner: 'onboarding', event: { type: 'onboarding.cancel' }, blocked: 'busy' }
