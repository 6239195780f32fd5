import { type IpWhitelist, type IpWhitelistContext, ipWhitelistMachine, type Session } from 'postlogin'
import type { AnyMachineSnapshot } from 'xstate'
import { byItself, done, type EventCase, failed, type MachineCases, resumed, said } from '../event-case.ts'
import { alarmEnds, type Reading, readEnds, seenOf, wakeEnds, writeEnds } from '../outcomes.ts'

const here = '203.0.113.10'
const office = '198.51.100.0/24'

const listed = (enabled: boolean, entries: readonly string[]): Reading => ({
  output: { enabled, entries } satisfies IpWhitelist,
  account: (draft) => {
    draft.ipWhitelist = { enabled, entries: [...entries] }
  },
})
const readings = {
  'off, empty': listed(false, []),
  'off, here': listed(false, [here]),
  'on, here': listed(true, [here]),
  'on, here and office': listed(true, [here, office]),
}

const current: Session = { sessionId: 'SESS...C_001', clientIp: here, isCurrent: true }
const addresses = {
  here: {
    output: [current],
    account: (draft) => {
      draft.sessions = draft.sessions.filter(({ isCurrent }) => isCurrent)
    },
  },
} satisfies Readonly<Record<string, Reading>>

const clockEnds = (id: string): EventCase[] => [
  done(id, 'told', Date.UTC(2026, 10, 24, 12), byItself),
  { ...failed(id, 'clock is broken', new Error('no clock'), byItself), onBrokenClock: 'now' },
]

const switchEnds = (id: string) => writeEnds(id)
const saveEnds = (id: string) => writeEnds(id, { output: readings['off, here'].output, isReplyRead: true })

const isDraftEmpty = ({ context }: AnyMachineSnapshot) => (context as IpWhitelistContext).draft.length === 0

const keyOf = (whitelist: IpWhitelist | undefined) => whitelist && `${whitelist.enabled} ${whitelist.entries.join()}`

export const ipWhitelistCases: MachineCases = {
  name: 'ipWhitelist',
  machine: ipWhitelistMachine,
  inputs: [
    undefined,
    { policy: 'require' },
    { loaded: { whitelist: { enabled: false, entries: [] }, sessions: [current] } },
    { loaded: { failure: { kind: 'server', code: '5000', effect: 'none', retryAt: null } } },
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
    said({ type: 'draft.reset' }),
    said({ type: 'whitelist.save' }),
    said({ type: 'whitelist.enable' }),
    said({ type: 'whitelist.disable' }),
    said({ type: 'risk.accept' }),
    said({ type: 'risk.decline' }),
    said({ type: 'change.keep' }),
    said({ type: 'change.undo' }),
    said({ type: 'retry' }),
    said({ type: 'step.finish' }),
    said({ type: 'step.skip' }),
    resumed,
  ],
  ends: {
    'ipWhitelist.wake': wakeEnds('ipWhitelist.wake'),
    'ipWhitelist.read': readEnds('ipWhitelist.read', readings),
    'ipWhitelist.readAddress': readEnds('ipWhitelist.readAddress', addresses),
    'ipWhitelist.check': readEnds('ipWhitelist.check', readings),
    'ipWhitelist.checkAddress': readEnds('ipWhitelist.checkAddress', addresses),
    'ipWhitelist.save': saveEnds('ipWhitelist.save'),
    'ipWhitelist.enable': switchEnds('ipWhitelist.enable'),
    'ipWhitelist.disable': switchEnds('ipWhitelist.disable'),
    'ipWhitelist.readBack': readEnds('ipWhitelist.readBack', readings),
    'ipWhitelist.openWindow': clockEnds('ipWhitelist.openWindow'),
    'ipWhitelist.postpone': clockEnds('ipWhitelist.postpone'),
    'ipWhitelist.window': alarmEnds('ipWhitelist.window'),
    'ipWhitelist.checkUndo': readEnds('ipWhitelist.checkUndo', readings),
    'ipWhitelist.undoEnable': switchEnds('ipWhitelist.undoEnable'),
    'ipWhitelist.undoSave': saveEnds('ipWhitelist.undoSave'),
    'ipWhitelist.readUndoBack': readEnds('ipWhitelist.readUndoBack', readings),
    'ipWhitelist.coolDown': alarmEnds('ipWhitelist.coolDown'),
  },
  project: ({ context, value }: AnyMachineSnapshot) => {
    const { policy, failure, whitelist, isRead, draft, change, isUndoing, leaveAs, assessment } =
      context as IpWhitelistContext
    return [
      policy,
      seenOf(failure),
      keyOf(whitelist),
      isRead,
      value === 'editing' && draft.map((row) => row.value),
      change && [keyOf(change.before), keyOf(change.after), change.isSent, change.isUndoSent, change.isRiskAccepted],
      isUndoing,
      leaveAs,
      assessment.currentAddress,
    ]
  },
  unreachable: {
    'ipWhitelist.judging: always #7 -> editing':
      'a change is asked for only if list or switch would differ, and by then nobody else has changed them',
  },
}
