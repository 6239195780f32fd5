import { type IpWhitelist, type Session, type WhitelistChangeContext, whitelistChangeMachine } from 'postlogin'
import { type AnyMachineSnapshot, assign } from 'xstate'
import { isConsentTo } from '../../../src/domain/consent.ts'
import { isUnsettled, outcomeIsOpen, wasRefused } from '../../../src/domain/failure.ts'
import { onlyDisables } from '../../../src/domain/whitelist-change.ts'
import { NOON } from '../../support/setting.ts'
import { done, type EventCase, type MachineCases, resumed, said, walkClock } from '../event-case.ts'
import { alarmEnds, type Reading, readEnds, wakeEnds, writeEnds } from '../outcomes.ts'

const MINUTE = 60_000

const here = '203.0.113.10'
const office = '198.51.100.0/24'
const current: Session = { sessionId: 'SESS...C_001', clientIp: here, isCurrent: true }

const on = (...entries: readonly string[]): IpWhitelist => ({ enabled: true, entries })
const off = (...entries: readonly string[]): IpWhitelist => ({ enabled: false, entries })
const nameOf = (list: IpWhitelist) => [list.enabled ? 'on' : 'off', ...list.entries].join(' ')

/** One change, and what can come between: all of it in each of them would be far too much to walk through. */
interface Story {
  readonly former: IpWhitelist
  readonly wishes: readonly IpWhitelist[]
  readonly policy?: 'require'
  /** What the portal can show beside the former list. */
  readonly shown: readonly IpWhitelist[]
  /** What the editor can ask for next, while the first change waits to be kept. */
  readonly revised?: readonly IpWhitelist[]
  /** The reads in which the portal can refuse to show the sessions, and with them the address. */
  readonly refused?: readonly string[]
}

const [checkAddress, readKeptAddress, readUndoAddress] = [
  'whitelistChange.checkAddress',
  'whitelistChange.readKeptAddress',
  'whitelistChange.readUndoAddress',
]

/** By what they begin with they are told apart. */
const stories: readonly Story[] = [
  { former: off(), wishes: [on(here), off()], shown: [off(here), on(here)], refused: [checkAddress, readKeptAddress] },
  { former: off(here), wishes: [on(here)], shown: [on(here)], policy: 'require', refused: [checkAddress] },
  {
    former: off(here, office),
    wishes: [on(here, office)],
    shown: [on(here, office)],
    revised: [on(office)],
    refused: [checkAddress],
  },
  { former: off(office), wishes: [off(here), on(office)], shown: [off(here)] },
  { former: on(office), wishes: [on(here)], shown: [on(here)], refused: [readKeptAddress, readUndoAddress] },
  { former: on(here), wishes: [off(here), on()], shown: [off(here), on(office)] },
]

const contextOf = ({ context }: AnyMachineSnapshot) => context as WhitelistChangeContext

function storyOf(snapshot: AnyMachineSnapshot): Story {
  const { former } = contextOf(snapshot).change
  const story = stories.find((story) => nameOf(story.former) === nameOf(former))
  if (story === undefined) throw new Error(`No story begins with ${nameOf(former)}`)
  return story
}

const listed = (whitelist: IpWhitelist): Reading => ({
  output: whitelist,
  account: (draft) => {
    draft.ipWhitelist = { enabled: whitelist.enabled, entries: [...whitelist.entries] }
  },
})
const lists = stories.flatMap(({ former, shown }) => [former, ...shown])
const readings = Object.fromEntries(lists.map((list) => [nameOf(list), listed(list)]))

const isShown = (name: string, snapshot: AnyMachineSnapshot) => {
  const { former, shown } = storyOf(snapshot)
  return [former, ...shown].some((list) => nameOf(list) === name)
}

/** A read of the list, which tells what can be shown in this story. */
const listEnds = (id: string) =>
  readEnds(id, readings).map((end): EventCase => {
    const { output } = end.event as { readonly output?: IpWhitelist }
    return output === undefined ? end : { ...end, isPossible: (snapshot) => isShown(nameOf(output), snapshot) }
  })

const addressEnds = (id: string) =>
  readEnds(id, {
    here: {
      output: [current],
      account: (draft) => {
        draft.sessions = draft.sessions.filter(({ isCurrent }) => isCurrent)
      },
    },
  }).map(
    (end): EventCase =>
      end.name.endsWith('forbidden')
        ? { ...end, isPossible: (snapshot) => storyOf(snapshot).refused?.includes(id) === true }
        : end,
  )

/** While the portal is asked the window does not end: a request gives up long before. */
const windowEnds = alarmEnds('whitelistChange.window').map(
  (end): EventCase => ({
    ...end,
    isPossible: (snapshot) => snapshot.matches({ confirming: 'deciding' }) && end.isPossible(snapshot),
  }),
)

/** The computer sleeps through the end of the window; the list comes when it has woken up. */
const afterSleep: EventCase = {
  ...done(
    'whitelistChange.readKept',
    'after the window',
    on(here),
    (scene) =>
      scene.answer('whitelistChange.readKept', () => {
        scene.portal.update(listed(on(here)).account)
        scene.sleep(MINUTE)
      }),
    (snapshot) =>
      snapshot.children['whitelistChange.readKeptAddress'] === undefined && contextOf(snapshot).confirmBy !== null,
  ),
  at: NOON + MINUTE,
}

const isRevised = (snapshot: AnyMachineSnapshot) =>
  storyOf(snapshot).revised?.some((wish) => nameOf(wish) === nameOf(contextOf(snapshot).change.after)) === true

/** The editor asks for something else; once, so that the changes do not pile up. */
const revised = stories
  .flatMap(({ revised = [] }) => revised)
  .map(
    (wish): EventCase => ({
      ...said({ type: 'change.revise', wish } as never, nameOf(wish)),
      isPossible: (snapshot) => !isRevised(snapshot) && storyOf(snapshot).revised?.includes(wish) === true,
    }),
  )

const READS = ['check', 'readBack', 'readKept', 'readUndo', 'readUndoBack']
const seenWhitelist = (snapshot: AnyMachineSnapshot) => {
  const { whitelist, policy } = contextOf(snapshot)
  if (snapshot.matches('halted')) return policy === 'require' && whitelist.enabled
  if (READS.some((read) => snapshot.children[`whitelistChange.${read}`] !== undefined))
    return policy === 'require' && whitelist.enabled
  return nameOf(whitelist)
}
const seenHidden = (snapshot: AnyMachineSnapshot) =>
  contextOf(snapshot).isHidden &&
  ['undoEnable', 'readUndoAddress', 'undoSave'].some((id) => snapshot.children[`whitelistChange.${id}`] !== undefined)
const known = [[], [here], [office], [here, office]]

export const whitelistChangeCases: MachineCases = {
  name: 'whitelistChange',
  machine: whitelistChangeMachine.provide({ actions: { readClock: assign({ now: walkClock.now }) } }),
  inputs: stories.flatMap(({ former, wishes, policy = 'offer' }) =>
    wishes.map((wish) => ({ policy, confirmWithinMs: MINUTE, whitelist: former, wish, sessions: [current] })),
  ),
  events: [
    { ...said({ type: 'risk.accept' }), isPossible: (snapshot) => !isRevised(snapshot) },
    said({ type: 'risk.decline' }),
    said({ type: 'change.keep' }),
    said({ type: 'change.undo' }),
    ...revised,
    said({ type: 'retry' }),
    said({ type: 'step.finish' }),
    said({ type: 'step.skip' }),
    resumed,
  ],
  ends: {
    'whitelistChange.wake': wakeEnds('whitelistChange.wake'),
    'whitelistChange.check': listEnds('whitelistChange.check'),
    'whitelistChange.checkAddress': addressEnds('whitelistChange.checkAddress'),
    'whitelistChange.riskWindow': alarmEnds('whitelistChange.riskWindow'),
    'whitelistChange.save': writeEnds('whitelistChange.save', { ...listed(off(here)), isReplyRead: true }),
    'whitelistChange.enable': writeEnds('whitelistChange.enable', { account: listed(off(here)).account }),
    'whitelistChange.disable': writeEnds('whitelistChange.disable'),
    'whitelistChange.readBack': listEnds('whitelistChange.readBack'),
    'whitelistChange.window': windowEnds,
    'whitelistChange.readKept': [...listEnds('whitelistChange.readKept'), afterSleep],
    'whitelistChange.readKeptAddress': addressEnds('whitelistChange.readKeptAddress'),
    'whitelistChange.readUndo': listEnds('whitelistChange.readUndo'),
    'whitelistChange.undoEnable': writeEnds('whitelistChange.undoEnable'),
    'whitelistChange.readUndoAddress': addressEnds('whitelistChange.readUndoAddress'),
    'whitelistChange.undoSave': writeEnds('whitelistChange.undoSave', { isReplyRead: true }),
    'whitelistChange.readUndoBack': listEnds('whitelistChange.readUndoBack'),
    'whitelistChange.coolDown': alarmEnds('whitelistChange.coolDown'),
  },
  project: (snapshot) => {
    const context = contextOf(snapshot)
    const { policy, failure, change, consent } = context
    const consented = known.findIndex((entries) => isConsentTo(consent, entries))
    const ours = [
      nameOf(change.former),
      change.readBack && nameOf(change.readBack),
      change.isSwitchSent,
      change.sentEntries,
    ]
    return [
      policy,
      ours,
      context.sessions.length,
      consented,
      isRevised(snapshot),
      seenWhitelist(snapshot),
      onlyDisables(change) && !isRevised(snapshot) ? context.unattendedTries : null,
      ...(context.isUndoing
        ? [
            outcomeIsOpen(failure),
            isUnsettled(failure),
            context.isAttended,
            context.mayLandUntil !== null,
            seenHidden(snapshot),
          ]
        : snapshot.matches('confirming')
          ? [context.confirmBy !== null]
          : [
              [change.before, change.after].map(nameOf),
              [failure !== null, wasRefused(failure), outcomeIsOpen(failure), isUnsettled(failure)],
              context.isAskedHere,
              context.confirmBy !== null,
            ]),
    ]
  },
  unreachable: {},
}
