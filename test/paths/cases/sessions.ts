import { type Session, type SessionsContext, sessionsMachine } from 'postlogin'
import { fakeSession } from 'postlogin/testing'
import { type AnyMachineSnapshot, assign } from 'xstate'
import { failure } from '../../../src/domain/failure.ts'
import { type EventCase, type MachineCases, restored, said, stepUps, walkClock } from '../event-case.ts'
import { deadlineEnds, detectRestoreEnds, type Reading, readEnds, seenOf, writeEnds } from '../outcomes.ts'

const current: Session = { sessionId: 'SESS...C_001', clientIp: '203.0.113.10', isCurrent: true }
const other = { sessionId: 'SESS...R_001', clientIp: '198.51.100.24', isCurrent: false } satisfies Session

const third = { ...other, sessionId: 'SESS...T_001' }

const listed = (others: readonly Session[], ids: readonly string[]): Reading => ({
  output: [current, ...others],
  account: (draft) => {
    draft.sessions = [
      ...draft.sessions.filter(({ isCurrent }) => isCurrent),
      ...ids.map((sessionId) => fakeSession({ sessionId, clientIp: other.clientIp })),
    ]
  },
})

const contextOf = (snapshot: AnyMachineSnapshot) => snapshot.context as SessionsContext

const isAtRest: EventCase['isPossible'] = (snapshot) => !snapshot.matches('working')
/** What is done while the end of one is under way shows what can be done while anything is: the rest would only multiply the places. */
const isOneEnding: EventCase['isPossible'] = (snapshot) => {
  const { earlierFailure, leaveAs, queue } = contextOf(snapshot)
  return (
    snapshot.matches({ working: 'terminatingOne' }) && leaveAs === null && queue.length === 0 && earlierFailure === null
  )
}
const eitherWay = (end: EventCase): EventCase => ({
  ...end,
  isPossible: (snapshot) => isAtRest(snapshot) || isOneEnding(snapshot),
})

const readings = {
  'one other': listed([other], ['SESSION_REMOTE_R_001']),
  'two others': listed([other, third], ['SESSION_REMOTE_R_001', 'SESSION_THIRD_T_001']),
  'a third': listed([third], ['SESSION_THIRD_T_001']),
  alone: listed([], []),
}

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
    eitherWay(said({ type: 'session.terminate', sessionId: other.sessionId } as never, 'another')),
    eitherWay(said({ type: 'session.terminate', sessionId: third.sessionId } as never, 'a third')),
    said({ type: 'session.terminate', sessionId: current.sessionId } as never, 'the current one'),
    eitherWay(said({ type: 'sessions.terminateOthers' })),
    eitherWay(said({ type: 'termination.confirm' })),
    eitherWay(said({ type: 'termination.cancel' })),
    said({ type: 'termination.dequeue', sessionId: third.sessionId } as never),
    ...stepUps('sessions.terminateOne', 'sessions.terminateOthers'),
    said({ type: 'sessions.refresh' }),
    said({ type: 'retry' }),
    eitherWay(said({ type: 'step.finish' })),
    eitherWay(said({ type: 'step.skip' })),
    restored,
  ],
  ends: {
    'sessions.detectRestore': detectRestoreEnds('sessions.detectRestore'),
    'sessions.read': readEnds('sessions.read', readings),
    'sessions.terminateOne': writeEnds('sessions.terminateOne', { account: readings['two others'].account }),
    'sessions.terminateOthers': writeEnds('sessions.terminateOthers', { output: 1, isReplyRead: true }),
    'sessions.readBack': readEnds('sessions.readBack', readings),
    'sessions.coolDown': deadlineEnds('sessions.coolDown'),
  },
  project: ({ context }) => {
    const { policy, failure, sessions, isRead, question, termination, queue, earlierFailure, leaveAs } =
      context as SessionsContext
    const isOverdue = failure?.code === 'client.outcomeUnknown'
    return [
      policy,
      seenOf(failure),
      isOverdue,
      sessions.map(({ sessionId }) => sessionId),
      isRead,
      termination,
      [question?.scope, queue.map(({ scope }) => scope), earlierFailure !== null, leaveAs],
    ]
  },
  unreachable: {},
}
