import { type IpWhitelistContext, ipWhitelistMachine } from 'postlogin'
import type { AnyMachineSnapshot } from 'xstate'
import { clientFailure, failure, hasUnknownOutcome } from '../../../src/domain/failure.ts'
import {
  byItself,
  done,
  type EventCase,
  failed,
  isRestored,
  type MachineCases,
  type Provocation,
  restored,
  said,
} from '../event-case.ts'
import { deadlineEnds, detectRestoreEnds } from '../outcomes.ts'
import {
  addressEnds,
  addresses,
  here,
  isSame,
  listEnds,
  nameOf,
  off,
  office,
  on,
  sessions,
  shown,
} from '../whitelists.ts'

const contextOf = ({ context }: AnyMachineSnapshot) => context as IpWhitelistContext
const changeIn = ({ children }: AnyMachineSnapshot) => children.whitelistChange

/** The change is where it begins: it reads what it is judged by, or turns the switch off. */
const isAt =
  (state: 'checking' | 'disabling'): EventCase['isPossible'] =>
  (snapshot) => {
    const { whitelist, wish, isRevisable } = contextOf(snapshot)
    const isDisabling = whitelist.enabled && wish?.enabled === false
    return wish !== null && !isRevisable && !isRestored(changeIn(snapshot)) && isDisabling === (state === 'disabling')
  }
/** The list was empty, and is to be enabled with this address. */
const isEnabling: EventCase['isPossible'] = (snapshot) => {
  const { whitelist, wish } = contextOf(snapshot)
  return isAt('checking')(snapshot) && isSame(whitelist, off()) && isSame(wish ?? off(), on(here))
}

const checked: Provocation = async (scene) => {
  await scene.answer('whitelistChange.check')
  await scene.answer('whitelistChange.checkAddress')
}
const saved: Provocation = async (scene) => {
  await checked(scene)
  await scene.answer('whitelistChange.save')
  await scene.answer('whitelistChange.readBack')
  await scene.answer('whitelistChange.enable')
}
const enabled: Provocation = async (scene) => {
  await saved(scene)
  await scene.answer('whitelistChange.readBack')
}

/** The change ends like this. */
const changed = (
  name: string,
  output: object,
  provoke: Provocation,
  isPossible: EventCase['isPossible'] = isAt('checking'),
) => {
  const plain = { leaveAs: null, whitelist: off(), addresses, notice: null, failure: null, unconfirmedChange: null }
  return done('whitelistChange', name, { ...plain, ...output }, provoke, isPossible)
}

/** The address is not told, so that the user is asked, and leaves instead. */
const leftAtRisk = (name: string, leaveAs: 'done' | 'skipped', type: 'step.finish' | 'step.skip') =>
  changed(
    name,
    { outcome: 'refused', leaveAs, addresses: { current: null, others: [] } },
    async (scene) => {
      await scene.answer('whitelistChange.check')
      await scene.answer('whitelistChange.checkAddress', (operation) => scene.portal.fault(operation, { status: 403 }))
      scene.child('whitelistChange').send({ type })
    },
    (snapshot) => isEnabling(snapshot) && contextOf(snapshot).policy !== 'require',
  )

const changeEnds: readonly EventCase[] = [
  {
    name: 'snapshot whitelistChange, to be kept',
    event: {
      type: 'xstate.snapshot.whitelistChange',
      snapshot: {
        context: {
          change: { former: off(), after: on(here), readBack: on(here), isSwitchSent: true, sentEntries: [here] },
          confirmBy: 0,
          addresses,
          whitelist: on(here),
        },
        matches: () => true,
      },
    } as never,
    isPossible: isEnabling,
    provoke: enabled,
  },
  changed(
    'kept',
    { outcome: 'kept', whitelist: on(here) },
    async (scene) => {
      scene.child('whitelistChange').send({ type: 'change.keep' })
      await scene.answer('whitelistChange.readKept')
      await scene.answer('whitelistChange.readKeptAddress')
    },
    (snapshot) => contextOf(snapshot).isRevisable,
  ),
  changed(
    'disabled',
    { outcome: 'kept', whitelist: off(here) },
    async (scene) => {
      await scene.answer('whitelistChange.disable')
      await scene.answer('whitelistChange.readBack')
    },
    isAt('disabling'),
  ),
  changed(
    'refused',
    {
      outcome: 'refused',
      whitelist: off(office),
      failure: clientFailure('changedElsewhere', 'conflict', { field: 'entries' }),
      notice: 'changedElsewhere',
    },
    async (scene) => {
      scene.portal.update(shown(off(office)).account)
      await checked(scene)
    },
  ),
  changed(
    'signed out',
    { outcome: 'signedOut', failure: failure({ kind: 'unauthorized', code: '4010', status: 401 }) },
    (scene) => scene.answer('whitelistChange.check', (operation) => scene.portal.fault(operation, { status: 401 })),
  ),
  changed(
    'interrupted',
    { outcome: 'interrupted', failure: failure({ kind: 'network', code: 'client.network', retryable: true }) },
    (scene) => scene.answer('whitelistChange.check', (operation) => scene.portal.fault(operation, 'loseRequest')),
  ),
  leftAtRisk('left', 'done', 'step.finish'),
  leftAtRisk('skipped', 'skipped', 'step.skip'),
  changed(
    'abandoned',
    { outcome: 'abandoned' },
    byItself,
    (snapshot) => isRestored(changeIn(snapshot)) && snapshot.matches({ drafting: 'changing' }),
  ),
  failed(
    'whitelistChange',
    'breaks down',
    new Error('The clock is broken'),
    async (scene) => {
      await saved(scene)
      scene.breakClock('now')
      await scene.answer('whitelistChange.readBack')
    },
    isEnabling,
  ),
]

const isDraftEmpty: EventCase['isPossible'] = (snapshot) => contextOf(snapshot).draft.length === 0

export const ipWhitelistCases: MachineCases = {
  name: 'ipWhitelist',
  machine: ipWhitelistMachine,
  inputs: [
    undefined,
    { policy: 'require' },
    { initialData: { whitelist: off(), sessions } },
    { initialData: { failure: failure({ kind: 'server', code: '5000' }) } },
  ],
  events: [
    { ...said({ type: 'entry.add', value: here } as never, 'here'), isPossible: isDraftEmpty },
    said({ type: 'entry.add', value: 7 } as never, 'no text'),
    said({ type: 'entry.remove', id: 'row-1' } as never),
    said({ type: 'entries.replace', values: [] } as never, 'by nothing'),
    said({ type: 'entries.replace', values: [here] } as never, 'by here'),
    said({ type: 'entries.replace', values: [office] } as never, 'by office'),
    said({ type: 'entries.replace', values: ['nonsense'] } as never, 'by nonsense'),
    said({ type: 'entries.replace', values: [null] } as never, 'by no text'),
    { ...said({ type: 'entries.paste', text: here } as never, 'here'), isPossible: isDraftEmpty },
    said({ type: 'entries.paste', text: null } as never, 'no text'),
    said({ type: 'draft.reset' }),
    said({ type: 'whitelist.save' }),
    said({ type: 'whitelist.enable' }),
    said({ type: 'whitelist.disable' }),
    said({ type: 'addresses.update', addresses: { current: here, others: [] } } as never, 'here'),
    said({ type: 'addresses.update', addresses: null } as never, 'none'),
    said({ type: 'retry' }),
    said({ type: 'step.finish' }),
    said({ type: 'step.skip' }),
    {
      ...restored,
      isPossible: (snapshot) => !snapshot.matches({ drafting: 'changing' }) || isAt('checking')(snapshot),
    },
  ],
  ends: {
    'ipWhitelist.detectRestore': detectRestoreEnds('ipWhitelist.detectRestore'),
    'ipWhitelist.read': listEnds('ipWhitelist.read', [off(), off(here), on(here)]),
    'ipWhitelist.readAddress': addressEnds('ipWhitelist.readAddress'),
    whitelistChange: changeEnds,
    'ipWhitelist.coolDown': deadlineEnds('ipWhitelist.coolDown'),
  },
  project: (snapshot) => {
    const { policy, failure, whitelist, isRead, draft, wish, isRevisable, assessment } = contextOf(snapshot)
    return [
      policy,
      hasUnknownOutcome(failure),
      nameOf(whitelist),
      isRead,
      (isRevisable || snapshot.matches({ drafting: 'editing' })) && draft.map(({ value }) => value),
      wish && nameOf(wish),
      isRevisable,
      isRestored(changeIn(snapshot)),
      assessment.currentAddress,
    ]
  },
  unreachable: {},
}
