import { assertEvent, assign, setup } from 'xstate'
import { systemClock } from '../src/domain/clock.ts'
import {
  answeredReadBackFailure,
  clientFailure,
  hasUnknownOutcome,
  isSignedOut,
  isUnsettled,
  mustWait,
  waitsUntil,
  wasRefused,
  withoutEffect,
  withoutWait,
} from '../src/domain/failure.ts'
import { mayLeaveStep, readPolicy } from '../src/domain/policy.ts'
import { present } from '../src/domain/present.ts'
import { unreadableRowsOf } from '../src/domain/rows.ts'
import {
  countOtherSessions,
  countTerminated,
  isOnlySession,
  isTerminated,
  notTerminated,
  refuseTermination,
  type Session,
  sessionToEnd,
  sessionVerdict,
  type Termination,
  terminationOfOthers,
} from '../src/domain/sessions.ts'
import { SETTLING_MS } from '../src/domain/settling.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import { endOf, failureOf, resultsOf } from './events.ts'
import { deadline, detectRestore, listSessions, terminateOtherSessions, terminateSession } from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput } from './step.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `sessionsMachine` knows. */
export interface SessionsContext extends StepContext {
  /** The sessions, as they were listed last. */
  readonly sessions: readonly Session[]
  /** How many more rows the list had that cannot be read. */
  readonly unreadableRows: number
  /** Was the list read? Nothing is known before. */
  readonly isRead: boolean
  /** What the user asked to end, from the question until the outcome is known; otherwise null. */
  readonly termination: Termination | null
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
  /** Asks whether to end one session. */
  | { type: 'session.terminate'; sessionId: string }
  /** Asks whether to end all sessions but the one in use. */
  | { type: 'sessions.terminateOthers' }
  /** Ends what the user was asked about. */
  | { type: 'termination.confirm' }
  /** Ends nothing. */
  | { type: 'termination.cancel' }
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
    mayLeave: ({ context }) => mayLeaveStep(context.policy, isOnlySession(context)),
    isTerminable: ({ context, event }) => {
      assertEvent(event, 'session.terminate')
      return sessionVerdict(context.sessions, event.sessionId) === 'terminable'
    },
    hasOtherSessions: ({ context }) => countOtherSessions(context.sessions, context.unreadableRows) > 0,
    isAboutOne: ofTermination(({ scope }) => scope === 'one'),
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
    askAboutOne: assign(({ event }) => {
      assertEvent(event, 'session.terminate')
      return {
        termination: { scope: 'one', sessionId: event.sessionId } as const,
        failure: null,
        notTerminated: [],
      }
    }),
    askAboutOthers: assign(({ context }) => ({
      termination: terminationOfOthers(context.sessions),
      failure: null,
      notTerminated: [],
    })),
    forgetTermination: assign({ termination: null }),
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
      notTerminated: context.termination === null ? [] : notTerminated(context.termination, context.sessions),
      termination: null,
      failure: clientFailure('sessionNotEnded', 'protocol', { field: 'sessionId', retryable: true }),
    })),
  },
}).createMachine({
  id: 'sessions',
  description: 'The signed-in sessions of the account: end one, or all but the current one.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    failure: input?.initialData?.failure ?? null,
    sessions: [...(input?.initialData?.sessions ?? [])],
    unreadableRows: unreadableRowsOf(input?.initialData?.sessions ?? []),
    isRead: input?.initialData?.sessions !== undefined,
    termination: null,
    areOthersEnded: false,
    sessionsTerminated: 0,
    notTerminated: [],
    now: 0,
  }),
  invoke: { id: 'sessions.detectRestore', src: 'detectRestore', input: () => ({ ticket: issueTicket() }), onError: {} },
  on: {
    restored: {
      description: 'A read starts again; a write in progress is read back, not sent again; a wait continues.',
    },
  },
  initial: 'starting',
  states: {
    starting: {
      description: 'Initial data is not read again.',
      always: [
        { guard: 'hasFailed', target: 'sortingFailure' },
        { guard: 'isRead', target: 'atRest' },
        { target: 'reading' },
      ],
    },

    reading: {
      tags: 'busy',
      invoke: {
        id: 'sessions.read',
        src: 'listSessions',
        onDone: { target: 'atRest', actions: 'keepSessions' },
        onError: { target: 'sortingFailure', actions: 'keepFailure' },
      },
    },

    atRest: {
      tags: 'resting',
      initial: 'list',
      states: {
        list: {
          description: 'The sessions are on screen; `failure` says why the last request failed.',
          on: {
            'session.terminate': [
              { guard: 'isTerminable', target: 'confirming', actions: 'askAboutOne' },
              {
                actions: 'refuseTermination',
                description: 'Not listed, an ID shared by two sessions, or the current one.',
              },
            ],
            'sessions.terminateOthers': {
              guard: 'hasOtherSessions',
              target: 'confirming',
              actions: 'askAboutOthers',
            },
            'sessions.refresh': { target: '#sessions.reading', actions: 'clearFailure' },
            retry: { target: '#sessions.reading', actions: 'clearFailure' },
          },
        },
        confirming: {
          description: 'Asks the user to confirm the `termination`.',
          on: {
            'termination.confirm': [
              { guard: 'isAboutOne', target: '#sessions.terminatingOne' },
              { target: '#sessions.terminatingOthers' },
            ],
            'termination.cancel': { target: 'list', actions: 'forgetTermination' },
          },
        },
      },
      on: {
        restored: { target: 'reading', actions: 'clearFailure' },
        'step.finish': [{ guard: 'mayLeave', target: 'done' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'mayLeave', target: 'skipped' }, { actions: 'refuseLeaving' }],
      },
    },

    terminatingOne: {
      tags: 'busy',
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
          { target: 'sortingFailure', actions: 'keepFailure' },
        ],
      },
    },

    terminatingOthers: {
      tags: 'busy',
      invoke: {
        id: 'sessions.terminateOthers',
        src: 'terminateOtherSessions',
        input: () => ({ ticket: issueTicket() }),
        onDone: { target: 'reconciling' },
        onError: [
          { guard: 'hasUnknownOutcome', target: 'reconciling', actions: 'keepFailure' },
          { target: 'sortingFailure', actions: 'keepFailure' },
        ],
      },
    },

    reconciling: {
      tags: 'busy',
      description: 'A session has ended when the list no longer shows it, whatever the portal replied.',
      invoke: {
        id: 'sessions.readBack',
        src: 'listSessions',
        onDone: { target: 'settling', actions: ['countTerminated', 'keepSessions'] },
        onError: { target: 'sortingFailure', actions: 'keepReadBackFailure' },
      },
    },

    settling: {
      description: 'Decides the outcome by what was read back.',
      always: [
        { guard: 'isTerminated', target: 'atRest', actions: ['noteOthersEnded', 'settleAsDone'] },
        {
          guard: 'wasAnswered',
          target: 'halted.coolingDown',
          actions: ['readClock', 'expectEnding'],
          description: 'The portal says it ended them but still lists them: the list may lag behind.',
        },
        {
          guard: 'mayLand',
          target: 'halted.coolingDown',
          description: 'One read that shows no change settles nothing: the portal may still be working on it.',
        },
        { guard: 'isOverdue', target: 'atRest', actions: 'settleAsNotEnded' },
        { target: 'atRest', actions: 'settleAsNotDone' },
      ],
    },

    sortingFailure: {
      description: 'Sorts the failure: signed out, wait, back to the user, or `failed`.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut' },
        { guard: 'mustWait', target: 'halted.coolingDown' },
        {
          guard: 'mayLand',
          target: 'halted.coolingDown',
          description: 'Read back once the write can no longer take effect.',
        },
        { guard: 'wasRefused', target: 'reading', actions: 'forgetTermination' },
        { target: 'halted.failed' },
      ],
    },

    halted: {
      description: '`retry` continues; an optional step can also be left.',
      initial: 'failed',
      states: {
        failed: { tags: 'failed', on: { restored: { target: '#sessions.recovering' } } },
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
        { guard: 'isWriteUnresolved', target: 'reconciling' },
        { target: 'reading', actions: 'clearFailure' },
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
