import { assertEvent, assign, setup } from 'xstate'
import { systemClock } from '../src/domain/clock.ts'
import {
  answeredReadBackFailure,
  clientFailure,
  hasUnknownOutcome,
  isSignedOut,
  isUnsettled,
  mustWait,
  stepUpDeclined,
  waitsUntil,
  wasRefused,
  withoutEffect,
  withoutWait,
} from '../src/domain/failure.ts'
import { mayLeaveStep, readPolicy } from '../src/domain/policy.ts'
import { present } from '../src/domain/present.ts'
import {
  comeToRest,
  dequeue,
  dropQueue,
  emptyQueue,
  enqueue,
  leavesAs,
  type Queue,
  refuseNext,
  setFailureAside,
  signedOutFailure,
  takeNext,
} from '../src/domain/queue.ts'
import { unreadableRowsOf } from '../src/domain/rows.ts'
import {
  countTerminated,
  isOnlySession,
  isPossible,
  isTerminated,
  mayBeAsked,
  notTerminated,
  refuseTermination,
  type Session,
  sessionToEnd,
  type Termination,
  terminationOfOthers,
  willBeOnlySession,
} from '../src/domain/sessions.ts'
import { SETTLING_MS } from '../src/domain/settling.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import { endOf, failureOf, resultsOf } from './events.ts'
import { deadline, detectRestore, listSessions, terminateOtherSessions, terminateSession } from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput, StepUpEvent } from './step.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `sessionsMachine` knows. */
export interface SessionsContext extends StepContext, Queue<Termination> {
  /** The sessions, as they were listed last. */
  readonly sessions: readonly Session[]
  /** How many more rows the list had that cannot be read. */
  readonly unreadableRows: number
  /** Was the list read? Nothing is known before. */
  readonly isRead: boolean
  /** What the user is asked to confirm; otherwise null. */
  readonly question: Termination | null
  /** What is being ended, until its outcome is known; otherwise null. */
  readonly termination: Termination | null
  /** What the user has to know although nothing failed; null if there is nothing. */
  readonly notice: 'notSent' | null
  /** Were all others ended here, as far as they can be read? */
  readonly areOthersEnded: boolean
  /** How many sessions this step has ended, by what the list shows. */
  readonly sessionsTerminated: number
  /** The ids that the portal said it ended, but still lists. */
  readonly notTerminated: readonly string[]
  /** When the clock was last read, epoch ms. */
  readonly now: number
}

/** What `sessionsMachine` takes. */
export type SessionsEvent =
  | StepEvent
  | StepUpEvent
  /** Asks whether to end one session. */
  | { type: 'session.terminate'; sessionId: string }
  /** Asks whether to end all sessions but the one in use. */
  | { type: 'sessions.terminateOthers' }
  /** Ends what the user was asked about. */
  | { type: 'termination.confirm' }
  /** Ends nothing. */
  | { type: 'termination.cancel' }
  /** Takes back what is still queued: the end of one session, or without `sessionId` that of all others. */
  | { type: 'termination.dequeue'; sessionId?: string }
  /** Reads the list again. */
  | { type: 'sessions.refresh' }

/** What `sessionsMachine` starts with. */
export type SessionsInput = StepInput<{ readonly sessions?: readonly Session[] | undefined }>

/** What `sessionsMachine` ends with. */
export interface SessionsOutput extends StepOutput {
  /** How many sessions this step has ended. */
  readonly sessionsTerminated: number
}

const actors = { detectRestore, deadline, listSessions, terminateSession, terminateOtherSessions }

/** What each invoke runs. */
type SessionsInvokes = {
  'sessions.detectRestore': 'detectRestore'
  'sessions.read': 'listSessions'
  'sessions.terminateOne': 'terminateSession'
  'sessions.terminateOthers': 'terminateOtherSessions'
  'sessions.readBack': 'listSessions'
  'sessions.coolDown': 'deadline'
}

const { outputOf } = resultsOf<typeof actors, SessionsInvokes>()

/** A guard on what the user asked to end; without such a wish it does not hold. */
const ofTermination =
  (rule: (termination: Termination, context: SessionsContext) => boolean) =>
  ({ context }: { context: SessionsContext }) =>
    context.termination !== null && rule(context.termination, context)

/** A guard on what is to end next; without one it does not hold. */
const ofNext =
  (rule: (termination: Termination, context: SessionsContext) => boolean) =>
  ({ context }: { context: SessionsContext }) => {
    const [next] = context.queue
    return next !== undefined && rule(next, context)
  }

const chart = setup({
  types: {
    context: {} as SessionsContext,
    events: {} as SessionsEvent,
    input: {} as SessionsInput | undefined,
    output: {} as SessionsOutput,
    tags: {} as StatusTag,
    children: {} as SessionsInvokes,
  },
  schemas: { context: 'sessions' },
  actors,
  guards: {
    isRead: ({ context }) => context.isRead,
    hasFailed: ({ context }) => context.failure !== null,
    isSignedOut: ({ context }) => isSignedOut(context.failure),
    mustWait: ({ context }) => mustWait(context.failure),
    wasRefused: ofTermination((_, { failure }) => wasRefused(failure)),
    hasUnknownOutcome: ({ event }) => hasUnknownOutcome(failureOf(event)),
    isWriteUnresolved: ofTermination((_, { failure }) => hasUnknownOutcome(failure)),
    mayLand: ({ context }) => isUnsettled(context.failure),
    mayLeave: ({ context }) => context.queue.length === 0 && mayLeaveStep(context.policy, isOnlySession(context)),
    mayLeaveSoon: ({ context }) => context.leaveAs === null && mayLeaveStep(context.policy, willBeOnlySession(context)),
    mayLeaveNow: ({ context }, params: { as: 'done' | 'skipped' }) =>
      leavesAs(context) === params.as && mayLeaveStep(context.policy, isOnlySession(context)),
    isKeptFromLeaving: ({ context }) => leavesAs(context) !== null,
    mayBeAsked: ({ context, event }) => mayBeAsked(context, wishOf(context, event)),
    isAsked: ({ context }) => context.question !== null,
    isQueued: ({ context, event }) => {
      assertEvent(event, 'termination.dequeue')
      return context.queue.some((termination) => sessionToEnd(termination) === (event.sessionId ?? null))
    },
    isNextImpossible: ofNext((next, { sessions }) => !isPossible(next, sessions)),
    isNextOne: ofNext(({ scope }) => scope === 'one'),
    isNextOthers: ofNext(({ scope }) => scope === 'others'),
    hasMoreToDo: ofTermination((_, { queue }) => queue.length > 0),
    isTerminated: ofTermination((termination, { sessions }) => isTerminated(termination, sessions)),
    wasAnswered: ({ context }) => context.failure === null || context.failure.effect === 'done',
    isOverdue: ({ context }) => context.failure?.code === 'client.outcomeUnknown',
  },
  actions: {
    keepSessions: assign(({ event }) => {
      const sessions = outputOf(event, 'sessions.read', 'sessions.readBack')
      return { sessions: [...sessions], unreadableRows: unreadableRowsOf(sessions), isRead: true }
    }),
    keepFailure: assign(({ event }) => ({ failure: failureOf(event) })),
    keepReadBackFailure: assign(({ context, event }) => ({
      failure: answeredReadBackFailure(context.failure, failureOf(event)),
    })),
    clearFailure: assign({ failure: null, termination: null, notTerminated: [] }),
    clearNotice: assign({ notice: null }),
    ask: assign(({ context, event }) => ({ question: wishOf(context, event) })),
    endQuestion: assign({ question: null }),
    enqueue: assign(({ context }) => (context.question === null ? {} : enqueue(context, context.question))),
    dequeue: assign(({ context, event }) => {
      assertEvent(event, 'termination.dequeue')
      return dequeue(context, (termination) => sessionToEnd(termination) === (event.sessionId ?? null))
    }),
    takeNext: assign(({ context }) => ({ termination: context.queue[0] ?? null, ...takeNext(context) })),
    refuseNext: assign(({ context }) => {
      const sessionId = sessionToEnd(context.queue[0] ?? null)
      return sessionId === null ? {} : refuseNext(context, refuseTermination(context.sessions, sessionId))
    }),
    dropQueue: assign(({ context }) => ({ question: null, ...dropQueue(context) })),
    declineStepUp: assign({ failure: stepUpDeclined }),
    comeToRest: assign(({ context }) => comeToRest(context)),
    forgetTermination: assign(({ context }) => ({ termination: null, ...setFailureAside(context) })),
    noteLeaving: assign(({ event }) => ({
      question: null,
      leaveAs: event.type === 'step.skip' ? ('skipped' as const) : ('done' as const),
    })),
    stay: assign({ question: null, leaveAs: null }),
    noteUnsent: assign(({ context }) => ({ failure: signedOutFailure(context) })),
    refuseTermination: assign(({ context, event }) => {
      assertEvent(event, 'session.terminate')
      return { failure: refuseTermination(context.sessions, event.sessionId) }
    }),
    refuseLeaving: assign({ failure: clientFailure('stepRequired', 'invalid') }),
    countTerminated: assign(({ context, event }) => ({
      sessionsTerminated:
        context.sessionsTerminated +
        (context.termination === null
          ? 0
          : countTerminated(context.termination, context.sessions, outputOf(event, 'sessions.readBack'))),
    })),
    readClock: assign({ now: () => systemClock.now() }),
    expectEnding: assign(({ context }) => ({
      failure: clientFailure('outcomeUnknown', 'timeout', { effect: 'unknown', retryAt: context.now + SETTLING_MS }),
    })),
    noteOthersEnded: assign(({ context }) => ({
      areOthersEnded: context.areOthersEnded || context.termination?.scope === 'others',
    })),
    endWait: assign(({ context }) => ({ failure: withoutWait(context.failure) })),
    settleAsDone: assign({ termination: null, failure: null }),
    settleAsNotDone: assign(({ context }) => ({ termination: null, failure: withoutEffect(context.failure) })),
    settleAsNotEnded: assign(({ context }) => ({
      notTerminated: [
        ...context.notTerminated,
        ...(context.termination === null ? [] : notTerminated(context.termination, context.sessions)),
      ],
      termination: null,
      failure: clientFailure('sessionNotEnded', 'protocol', { field: 'sessionId', retryable: true }),
    })),
  },
}).createMachine({
  id: 'sessions',
  description:
    'The signed-in sessions of the account: end one, or all but the current one. One request is sent after the other.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    failure: input?.initialData?.failure ?? null,
    sessions: [...(input?.initialData?.sessions ?? [])],
    unreadableRows: unreadableRowsOf(input?.initialData?.sessions ?? []),
    isRead: input?.initialData?.sessions !== undefined,
    question: null,
    termination: null,
    notice: null,
    areOthersEnded: false,
    sessionsTerminated: 0,
    notTerminated: [],
    now: 0,
    ...emptyQueue,
  }),
  invoke: { id: 'sessions.detectRestore', src: 'detectRestore', input: () => ({ ticket: issueTicket() }), onError: {} },
  on: {
    restored: {
      actions: 'dropQueue',
      description:
        'A read starts again; a write in progress is read back, not sent again; a wait continues. What was queued was never sent, and is not sent unasked.',
    },
    'termination.dequeue': { guard: 'isQueued', actions: 'dequeue' },
  },
  initial: 'starting',
  states: {
    starting: {
      description: 'Initial data is not read again.',
      always: [
        { guard: 'hasFailed', target: 'sortingFailure' },
        { guard: 'isRead', target: 'atRest' },
        { target: 'working' },
      ],
    },

    atRest: {
      tags: 'resting',
      initial: 'list',
      states: {
        list: {
          description: 'The sessions are on screen; `failure` says why the last request failed.',
          on: {
            'session.terminate': [
              { guard: 'mayBeAsked', target: 'confirming', actions: ['clearFailure', 'clearNotice', 'ask'] },
              {
                actions: 'refuseTermination',
                description: 'Not listed, an ID shared by two sessions, or the current one.',
              },
            ],
            'sessions.terminateOthers': {
              guard: 'mayBeAsked',
              target: 'confirming',
              actions: ['clearFailure', 'clearNotice', 'ask'],
            },
            'sessions.refresh': { target: '#sessions.working', actions: ['clearFailure', 'clearNotice'] },
            retry: { target: '#sessions.working', actions: ['clearFailure', 'clearNotice'] },
          },
        },
        confirming: {
          description: 'Asks the user to confirm the `question`.',
          on: {
            'termination.confirm': { target: '#sessions.choosingNext', actions: ['enqueue', 'endQuestion'] },
            'termination.cancel': { target: 'list', actions: 'endQuestion' },
          },
        },
      },
      on: {
        restored: { target: 'working', actions: ['clearFailure', 'endQuestion'] },
        'step.finish': [{ guard: 'mayLeave', target: 'done' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'mayLeave', target: 'skipped' }, { actions: 'refuseLeaving' }],
      },
    },

    choosingNext: {
      description: 'Carries out what was confirmed next. Once nothing is left, it ends if the user wanted to leave.',
      always: [
        {
          guard: 'isNextImpossible',
          target: 'choosingNext',
          reenter: true,
          actions: 'refuseNext',
          description: 'The session has ended by itself, or its ID is no longer unique.',
        },
        { guard: 'isNextOne', target: 'working.terminatingOne', actions: 'takeNext' },
        { guard: 'isNextOthers', target: 'working.terminatingOthers', actions: 'takeNext' },
        { guard: { type: 'mayLeaveNow', params: { as: 'done' } }, target: 'done' },
        { guard: { type: 'mayLeaveNow', params: { as: 'skipped' } }, target: 'skipped' },
        { guard: 'isKeptFromLeaving', target: 'atRest', actions: ['comeToRest', 'refuseLeaving'] },
        { guard: 'isAsked', target: 'atRest.confirming', actions: 'comeToRest' },
        { target: 'atRest', actions: 'comeToRest' },
      ],
    },

    working: {
      description: 'The list stays usable: what is confirmed is queued, and leaving waits until it is done.',
      initial: 'reading',
      states: {
        reading: {
          tags: 'busy',
          invoke: {
            id: 'sessions.read',
            src: 'listSessions',
            onDone: { target: '#sessions.choosingNext', actions: 'keepSessions' },
            onError: { target: '#sessions.sortingFailure', actions: 'keepFailure' },
          },
        },

        terminatingOne: {
          invoke: {
            id: 'sessions.terminateOne',
            src: 'terminateSession',
            input: ({ context }) => ({
              sessionId: present(sessionToEnd(context.termination), 'session to end'),
              ticket: issueTicket(),
            }),
            onDone: { target: 'reconciling' },
            onError: [
              { guard: 'hasUnknownOutcome', target: 'reconciling', actions: 'keepFailure' },
              { target: '#sessions.sortingFailure', actions: 'keepFailure' },
            ],
          },
          initial: 'sending',
          states: {
            sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
            steppingUp: {
              tags: 'steppingUp',
              description:
                'The portal demands more proof of who the user is, and the host asks for it. Nothing is sent meanwhile.',
              on: {
                'stepUp.answered': { target: 'sending' },
                'stepUp.cancel': { target: '#sessions.sortingFailure', actions: 'declineStepUp' },
                restored: { target: 'sending', actions: 'dropQueue' },
              },
            },
          },
        },

        terminatingOthers: {
          invoke: {
            id: 'sessions.terminateOthers',
            src: 'terminateOtherSessions',
            input: () => ({ ticket: issueTicket() }),
            onDone: { target: 'reconciling' },
            onError: [
              { guard: 'hasUnknownOutcome', target: 'reconciling', actions: 'keepFailure' },
              { target: '#sessions.sortingFailure', actions: 'keepFailure' },
            ],
          },
          initial: 'sending',
          states: {
            sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
            steppingUp: {
              tags: 'steppingUp',
              description:
                'The portal demands more proof of who the user is, and the host asks for it. Nothing is sent meanwhile.',
              on: {
                'stepUp.answered': { target: 'sending' },
                'stepUp.cancel': { target: '#sessions.sortingFailure', actions: 'declineStepUp' },
                restored: { target: 'sending', actions: 'dropQueue' },
              },
            },
          },
        },

        reconciling: {
          tags: 'busy',
          description: 'A session has ended when the list no longer shows it, whatever the portal replied.',
          invoke: {
            id: 'sessions.readBack',
            src: 'listSessions',
            onDone: { target: 'settling', actions: ['countTerminated', 'keepSessions'] },
            onError: { target: '#sessions.sortingFailure', actions: 'keepReadBackFailure' },
          },
        },

        settling: {
          description: 'Decides the outcome by what was read back.',
          always: [
            {
              guard: 'isTerminated',
              target: '#sessions.choosingNext',
              actions: ['noteOthersEnded', 'settleAsDone'],
            },
            {
              guard: 'wasAnswered',
              target: '#sessions.halted.coolingDown',
              actions: ['readClock', 'expectEnding'],
              description: 'The portal says it ended them but still lists them: the list may lag behind.',
            },
            {
              guard: 'mayLand',
              target: '#sessions.halted.coolingDown',
              description: 'One read that shows no change settles nothing: the portal may still be working on it.',
            },
            { guard: 'isOverdue', target: '#sessions.choosingNext', actions: 'settleAsNotEnded' },
            { target: '#sessions.choosingNext', actions: 'settleAsNotDone' },
          ],
        },
      },
      on: {
        'session.terminate': { guard: 'mayBeAsked', actions: 'ask' },
        'sessions.terminateOthers': { guard: 'mayBeAsked', actions: 'ask' },
        'termination.confirm': { guard: 'isAsked', actions: ['enqueue', 'endQuestion'] },
        'termination.cancel': { guard: 'isAsked', actions: 'endQuestion' },
        'step.finish': { guard: 'mayLeaveSoon', actions: 'noteLeaving' },
        'step.skip': { guard: 'mayLeaveSoon', actions: 'noteLeaving' },
      },
    },

    sortingFailure: {
      description: 'Sorts the failure: signed out, wait, back to the user, or `failed`.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut', actions: 'noteUnsent' },
        { guard: 'mustWait', target: 'halted.coolingDown' },
        {
          guard: 'mayLand',
          target: 'halted.coolingDown',
          description: 'Read back once the write can no longer take effect.',
        },
        { guard: 'wasRefused', target: 'working', actions: 'forgetTermination' },
        { target: 'halted.failed' },
      ],
    },

    halted: {
      description: '`retry` continues, and ends what is queued. An optional step can be left once nothing is queued.',
      entry: 'stay',
      initial: 'failed',
      states: {
        failed: { tags: 'failed', on: { restored: { target: '#sessions.recovering', actions: 'dropQueue' } } },
        coolingDown: {
          tags: 'coolingDown',
          description: 'Waits until `failure.retryAt`: the portal asked for it, or the sessions may still be ended.',
          invoke: {
            id: 'sessions.coolDown',
            src: 'deadline',
            input: ({ context }) => ({ at: waitsUntil(context.failure) }),
            onDone: { target: '#sessions.recovering', actions: 'endWait' },
            onError: { target: 'failed' },
          },
        },
      },
      on: {
        retry: { target: 'recovering' },
        'step.finish': { guard: 'mayLeave', target: 'done' },
        'step.skip': { guard: 'mayLeave', target: 'skipped' },
      },
    },

    recovering: {
      description: 'Reads back an unresolved write; otherwise reads everything again.',
      always: [
        { guard: 'isWriteUnresolved', target: 'working.reconciling' },
        {
          guard: 'hasMoreToDo',
          target: 'working',
          actions: 'forgetTermination',
          description: 'It was not sent, or refused for now: that is said once the others are done.',
        },
        { target: 'working', actions: 'clearFailure' },
      ],
    },

    done: { type: 'final', output: { outcome: 'done' } },
    skipped: { type: 'final', output: { outcome: 'skipped' } },
    signedOut: { type: 'final', output: { outcome: 'signedOut' } },
  },
  output: ({ context, event }) => ({
    ...endOf(context, event),
    aimHolds: isOnlySession(context),
    sessionsTerminated: context.sessionsTerminated,
  }),
})

/** What the user is to be asked about. */
function wishOf({ sessions }: SessionsContext, event: SessionsEvent): Termination {
  assertEvent(event, ['session.terminate', 'sessions.terminateOthers'])
  return event.type === 'session.terminate'
    ? { scope: 'one', sessionId: event.sessionId }
    : terminationOfOthers(sessions)
}

type Chart = typeof chart

/** The type of `sessionsMachine`, named so that the declarations of a host stay short. */
export interface SessionsMachine extends Chart {}

/**
 * The signed-in sessions of the account: end one, or all but the one in use. Its aim holds when no other is left. Its
 * actor slots are empty: take it from `createMachines`, or fill them by `fromRead` and `fromWrite`.
 *
 * @example
 * ```ts
 * const sessions = createActor(machines.sessions).start()
 * await settled(sessions)
 * sessions.send({ type: 'sessions.terminateOthers' })
 * sessions.send({ type: 'termination.confirm' })
 * await settled(sessions)
 * sessions.getSnapshot().context.sessionsTerminated // => 2
 * ```
 */
export const sessionsMachine: SessionsMachine = withCheckedSlots(chart)
