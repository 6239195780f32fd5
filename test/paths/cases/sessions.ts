import { type Session, type SessionsContext, sessionsMachine } from 'postlogin'
import { fakeSession } from 'postlogin/testing'
import { assign } from 'xstate'
import { failure } from '../../../src/domain/failure.ts'
import { type MachineCases, restored, said, walkClock } from '../event-case.ts'
import { deadlineEnds, detectRestoreEnds, type Reading, readEnds, seenOf, writeEnds } from '../outcomes.ts'

const current: Session = { sessionId: 'SESS...C_001', clientIp: '203.0.113.10', isCurrent: true }
const other = { sessionId: 'SESS...R_001', clientIp: '198.51.100.24', isCurrent: false } satisfies Session

const listed = (others: readonly Session[], ids: readonly string[]): Reading => ({
  output: [current, ...others],
  account: (draft) => {
    draft.sessions = [
      ...draft.sessions.filter(({ isCurrent }) => isCurrent),
      ...ids.map((sessionId) => fakeSession({ sessionId, clientIp: other.clientIp })),
    ]
  },
})

const readings = { 'one other': listed([other], ['SESSION_REMOTE_R_001']), alone: listed([], []) }

export const sessionsCases: MachineCases = {
  name: 'sessions',
  machine: sessionsMachine.provide({ actions: { readClock: assign({ now: walkClock.now }) } }),
  inputs: [
    undefined,
    { policy: 'require' },
    { initialData: { sessions: [current, other] } },
    { initialData: { failure: failure({ kind: 'forbidden', code: '4030' }) } },
  ],
  events: [
    said({ type: 'session.terminate', sessionId: other.sessionId } as never, 'another'),
    said({ type: 'session.terminate', sessionId: current.sessionId } as never, 'the current one'),
    said({ type: 'sessions.terminateOthers' }),
    said({ type: 'termination.confirm' }),
    said({ type: 'termination.cancel' }),
    said({ type: 'sessions.refresh' }),
    said({ type: 'retry' }),
    said({ type: 'step.finish' }),
    said({ type: 'step.skip' }),
    restored,
  ],
  ends: {
    'sessions.detectRestore': detectRestoreEnds('sessions.detectRestore'),
    'sessions.read': readEnds('sessions.read', readings),
    'sessions.terminateOne': writeEnds('sessions.terminateOne', { account: readings['one other'].account }),
    'sessions.terminateOthers': writeEnds('sessions.terminateOthers', { output: 1, isReplyRead: true }),
    'sessions.readBack': readEnds('sessions.readBack', readings),
    'sessions.coolDown': deadlineEnds('sessions.coolDown'),
  },
  project: ({ context }) => {
    const { policy, failure, sessions, isRead, termination } = context as SessionsContext
    const isOverdue = failure?.code === 'client.outcomeUnknown'
    return [policy, seenOf(failure), isOverdue, sessions.map(({ sessionId }) => sessionId), isRead, termination]
  },
  unreachable: {},
}
