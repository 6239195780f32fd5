import { type IpWhitelist, type WhitelistChangeContext, whitelistChangeMachine } from 'postlogin'
import { type AnyMachineSnapshot, assign } from 'xstate'
import { isConsentTo } from '../../../src/domain/consent.ts'
import { hasUnknownOutcome, isUnsettled, wasRefused, withoutEffect } from '../../../src/domain/failure.ts'
import { onlyDisables } from '../../../src/domain/whitelist-change.ts'
import { NOON } from '../../support/setting.ts'
import { done, type EventCase, type MachineCases, restored, said, stepUps, walkClock } from '../event-case.ts'
import { deadlineEnds, detectRestoreEnds, seenOf, writeEnds } from '../outcomes.ts'
import { addressEnds, addresses, here, isSame, listEnds, nameOf, off, office, on, shown } from '../whitelists.ts'

const MINUTE = 60_000

/** A list to begin with, and what can come of it: everything in each of them would be far too much to walk through. */
interface Story {
  readonly former: IpWhitelist
  readonly wishes: readonly IpWhitelist[]
  readonly policy?: 'require'
  /** What the portal can show beside the former list. */
  readonly others: readonly IpWhitelist[]
  /** What the editor can ask for next, while the first change waits to be kept. */
  readonly revision?: IpWhitelist
  /** The reads of the sessions, and with them of the address, that the portal can refuse. */
  readonly refused?: readonly string[]
}

const checkAddress = 'whitelistChange.checkAddress'
const readKeptAddress = 'whitelistChange.readKeptAddress'
const readUndoAddress = 'whitelistChange.readUndoAddress'

const stories: readonly Story[] = [
  { former: off(), wishes: [on(here), off()], others: [off(here), on(here)], refused: [checkAddress, readKeptAddress] },
  { former: off(here), wishes: [on(here)], others: [on(here)], refused: [checkAddress], policy: 'require' },
  {
    former: off(here, office),
    wishes: [on(here, office)],
    others: [on(here, office)],
    refused: [checkAddress],
    revision: on(office),
  },
  { former: off(office), wishes: [off(here), on(office)], others: [off(here), off()] },
  { former: on(office), wishes: [on(here)], others: [on(here)], refused: [readKeptAddress, readUndoAddress] },
  { former: on(here), wishes: [off(here), on()], others: [off(here), on(office)] },
]

const contextOf = ({ context }: AnyMachineSnapshot) => context as WhitelistChangeContext

function storyOf(snapshot: AnyMachineSnapshot): Story {
  const { former } = contextOf(snapshot).change
  const story = stories.find((story) => isSame(story.former, former))
  if (story === undefined) throw new Error(`No story begins with ${nameOf(former)}`)
  return story
}

/** The case where the story has it, too. */
const where = (end: EventCase, isInStory: (story: Story) => boolean): EventCase => ({
  ...end,
  isPossible: (snapshot) => isInStory(storyOf(snapshot)) && end.isPossible(snapshot),
})

const allLists = stories.flatMap(({ former, others }) => [former, ...others])

const readsOfList = (id: string) =>
  listEnds(id, allLists).map((end) => {
    const { output } = end.event as { readonly output?: IpWhitelist }
    return where(
      end,
      ({ former, others }) => output === undefined || [former, ...others].some((list) => isSame(list, output)),
    )
  })

const readsOfAddress = (id: string) =>
  addressEnds(id).map((end) =>
    end.name.endsWith('forbidden') ? where(end, ({ refused = [] }) => refused.includes(id)) : end,
  )

/** While the portal is asked, the window does not end: a request gives up long before. */
const endsOfWindow = deadlineEnds('whitelistChange.window').map(
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
        scene.portal.update(shown(on(here)).account)
        scene.sleep(MINUTE)
      }),
    (snapshot) => snapshot.children[readKeptAddress] === undefined && contextOf(snapshot).confirmBy !== null,
  ),
  at: NOON + MINUTE,
}

const isRevised = (snapshot: AnyMachineSnapshot) => {
  const { revision } = storyOf(snapshot)
  return revision !== undefined && isSame(revision, contextOf(snapshot).change.after)
}

/** The editor asks for something else; once, and it is followed to its judgment: from there on it is like the first. */
const revisions = stories
  .flatMap(({ revision }) => revision ?? [])
  .map(
    (wish): EventCase => ({
      ...said({ type: 'change.revise', wish } as never, nameOf(wish)),
      isPossible: (snapshot) => storyOf(snapshot).revision === wish && !isRevised(snapshot),
    }),
  )

const isAtWork = ({ children }: AnyMachineSnapshot, invokes: readonly string[]) =>
  invokes.some((invoke) => children[`whitelistChange.${invoke}`] !== undefined)

/** The list that was read last, unless nothing looks at it before it is read again: then whether a required step may be left. */
function seenOfList(snapshot: AnyMachineSnapshot) {
  const { policy, whitelist } = contextOf(snapshot)
  const isOld =
    snapshot.matches('halted') ||
    isAtWork(snapshot, ['check', 'readBack', 'readKept', 'readUndo', 'readSwitchBack', 'readUndoBack'])
  return isOld ? policy === 'require' && whitelist.enabled : nameOf(whitelist)
}

const listsToConsentTo = [[], [here], [office], [here, office]]

/** What matters on the way to the change, while it waits to be kept, and on the way back. */
function seenOfWay(snapshot: AnyMachineSnapshot) {
  const { change, confirmBy, failure, isAskedHere, isAttended, isHidden, isUndoing, mayLandUntil } = contextOf(snapshot)
  if (isUndoing) {
    const isListHidden = isHidden && isAtWork(snapshot, ['undoEnable', 'readUndoAddress', 'undoSave'])
    const isRefused = wasRefused(withoutEffect(failure))
    return [
      hasUnknownOutcome(failure),
      isUnsettled(failure),
      isRefused,
      isAttended,
      mayLandUntil !== null,
      isListHidden,
    ]
  }
  if (snapshot.matches('confirming')) return [confirmBy !== null]
  const { before, after } = change
  return [nameOf(before), nameOf(after), seenOf(failure), wasRefused(failure), isAskedHere, confirmBy !== null]
}

export const whitelistChangeCases: MachineCases = {
  name: 'whitelistChange',
  machine: whitelistChangeMachine.provide({ actions: { readClock: assign({ now: walkClock.now }) } }),
  inputs: stories.flatMap(({ former, wishes, policy }) =>
    wishes.map((wish) => ({ policy, confirmWithinMs: MINUTE, whitelist: former, wish, addresses })),
  ),
  events: [
    { ...said({ type: 'risk.accept' }), isPossible: (snapshot) => !isRevised(snapshot) },
    said({ type: 'risk.decline' }),
    said({ type: 'change.keep' }),
    said({ type: 'change.undo' }),
    ...revisions,
    ...stepUps(
      'whitelistChange.save',
      'whitelistChange.enable',
      'whitelistChange.disable',
      'whitelistChange.undoEnable',
      'whitelistChange.undoSave',
    ),
    said({ type: 'retry' }),
    said({ type: 'step.finish' }),
    said({ type: 'step.skip' }),
    restored,
  ],
  ends: {
    'whitelistChange.detectRestore': detectRestoreEnds('whitelistChange.detectRestore'),
    'whitelistChange.check': readsOfList('whitelistChange.check'),
    'whitelistChange.checkAddress': readsOfAddress(checkAddress),
    'whitelistChange.riskWindow': deadlineEnds('whitelistChange.riskWindow'),
    'whitelistChange.saveWindow': deadlineEnds('whitelistChange.saveWindow'),
    'whitelistChange.save': writeEnds('whitelistChange.save', { ...shown(off(here)), isReplyRead: true }),
    'whitelistChange.enable': writeEnds('whitelistChange.enable', { account: shown(off(here)).account }),
    'whitelistChange.disableWindow': deadlineEnds('whitelistChange.disableWindow'),
    'whitelistChange.disable': writeEnds('whitelistChange.disable'),
    'whitelistChange.readBack': readsOfList('whitelistChange.readBack'),
    'whitelistChange.window': endsOfWindow,
    'whitelistChange.readKept': [...readsOfList('whitelistChange.readKept'), afterSleep],
    'whitelistChange.readKeptAddress': readsOfAddress(readKeptAddress),
    'whitelistChange.readUndo': readsOfList('whitelistChange.readUndo'),
    'whitelistChange.undoEnableWindow': deadlineEnds('whitelistChange.undoEnableWindow'),
    'whitelistChange.undoEnable': writeEnds('whitelistChange.undoEnable'),
    'whitelistChange.readSwitchBack': readsOfList('whitelistChange.readSwitchBack'),
    'whitelistChange.readUndoAddress': readsOfAddress(readUndoAddress),
    'whitelistChange.undoSaveWindow': deadlineEnds('whitelistChange.undoSaveWindow'),
    'whitelistChange.undoSave': writeEnds('whitelistChange.undoSave', { isReplyRead: true }),
    'whitelistChange.readUndoBack': readsOfList('whitelistChange.readUndoBack'),
    'whitelistChange.coolDown': deadlineEnds('whitelistChange.coolDown'),
  },
  project: (snapshot) => {
    const { policy, addresses, change, consent, unattendedTries } = contextOf(snapshot)
    return [
      policy,
      nameOf(change.former),
      change.readBack && nameOf(change.readBack),
      change.isSwitchSent,
      change.sentEntries,
      isRevised(snapshot),
      seenOfList(snapshot),
      addresses.current,
      listsToConsentTo.findIndex((entries) => isConsentTo(consent, entries)),
      // Six tries grow everything by as much: they are counted in the smallest story.
      onlyDisables(change) ? unattendedTries : null,
      seenOfWay(snapshot),
    ]
  },
  unreachable: Object.fromEntries(
    ['saving', 'disabling'].flatMap((act) => {
      const window = `${act === 'saving' ? 'save' : 'disable'}Window`
      return ['done', 'error'].map((end) => [
        `whitelistChange.making.${act}.steppingUp: xstate.${end}.actor.whitelistChange.${window} #1 -> undoing`,
        'only a revision has a window there, and a revision is followed to its judgment; test/machines/step-up.test.ts lets it end',
      ])
    }),
  ),
}
