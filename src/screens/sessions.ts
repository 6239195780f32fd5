import type { SnapshotFrom } from 'xstate'
import type { sessionsMachine } from '../../machines/index.ts'
import {
  countOtherSessions,
  isOnlySession,
  isUnderWay,
  otherSessions,
  type Session,
  sessionsToEnd,
  sessionToEnd,
  type sessionVerdict,
  type Termination,
} from '../domain/sessions.ts'
import { type Action, type Blocked, blockedOnScreen, isAtWork } from './action.ts'
import { blockedBesideQueue, type QueueScreen, queueScreen } from './queue-screen.ts'
import type { Question } from './step-screen.ts'

/** The signed-in sessions of the account. */
export interface SessionsScreen extends QueueScreen<'sessions'> {
  /** Was the list read? */
  readonly isRead: boolean
  readonly rows: readonly SessionRow[]
  /** What has to be told though nothing failed, for `noticeText`; null if there is nothing. */
  readonly notice: 'notSent' | null
  /** How many more rows cannot be read; `unreadableRowsText` says it. */
  readonly unreadableRows: number
  /** Should these sessions end? Null if the user is not asked. */
  readonly question: SessionsQuestion | null
  /** How many sessions this step has ended. */
  readonly sessionsTerminated: number
  /** Asks whether to end all sessions but the one in use. */
  readonly terminateOthers: Action
  /** Takes back that all others end, while that is queued; otherwise null. */
  readonly dequeueOthers: Action | null
  /** Reads the list again. */
  readonly refresh: Action
}

/** A session of the account, with the action that ends it. */
export interface SessionRow extends Session {
  /** Is it being ended? */
  readonly isPending: boolean
  /** Is it to be ended once what was confirmed before is done? */
  readonly isQueued: boolean
  /** Takes back that it ends by itself, while that is queued; otherwise null. */
  readonly dequeue: Action | null
  /** Did the portal say that it ended it, but list it still? `failure` says so as well. */
  readonly isNotEnded: boolean
  /** Asks whether to end it. */
  readonly terminate: Action
}

/** The question whether these sessions should end. */
export interface SessionsQuestion extends Question<'terminate'> {
  /** One session, or all but the one in use. */
  readonly scope: 'one' | 'others'
  /** The sessions that would end. */
  readonly sessions: readonly Session[]
}

const verdicts: Readonly<Record<ReturnType<typeof sessionVerdict>, Blocked | null>> = {
  terminable: null,
  /** A row on screen is listed. */
  unknown: null,
  current: 'sessionCurrent',
  ambiguous: 'sessionAmbiguous',
  unmarked: 'sessionUnmarked',
}

export function sessionsScreen(snapshot: SnapshotFrom<typeof sessionsMachine>): SessionsScreen {
  const { context } = snapshot
  const { isRead, notice, notTerminated, queue, sessions, sessionsTerminated, termination, unreadableRows } = context
  const others = otherSessions(sessions)
  const screen = queueScreen('sessions', snapshot, { aimHolds: isOnlySession(context) })
  const { question } = context
  const blockedFor = (sessionId: string | null) =>
    question === null ? blockedBesideQueue(screen, isUnderWay(sessionId, context)) : 'questionOpen'
  const verdictOn = sessionsToEnd(sessions)
  const concernedBy = (one: Termination) =>
    one.scope === 'one' ? sessions.filter(({ sessionId }) => sessionId === one.sessionId) : others
  const notEnded = new Set(notTerminated)
  const pending = new Set(isAtWork(screen.status) && termination !== null ? concernedBy(termination) : [])
  const queued = new Set(queue.flatMap(concernedBy))
  const queuedAlone = new Set(queue.map(sessionToEnd))
  const dequeue = (sessionId?: string): Action => ({
    owner: 'sessions',
    event: { type: 'termination.dequeue', ...(sessionId !== undefined && { sessionId }) },
    blocked: question === null ? null : 'questionOpen',
  })
  return {
    isRead,
    rows: sessions.map((session): SessionRow => {
      const { sessionId } = session
      return {
        isPending: pending.has(session),
        isQueued: queued.has(session),
        dequeue: queuedAlone.has(sessionId) ? dequeue(sessionId) : null,
        isNotEnded: notEnded.has(sessionId) && !session.isCurrent,
        terminate: {
          owner: 'sessions',
          event: { type: 'session.terminate', sessionId },
          blocked: blockedFor(sessionId) ?? verdicts[verdictOn(sessionId)],
        },
        ...session,
      }
    }),
    notice,
    unreadableRows,
    question:
      question === null
        ? null
        : {
            kind: 'terminate',
            scope: question.scope,
            sessions: concernedBy(question),
            confirm: { owner: 'sessions', event: { type: 'termination.confirm' }, blocked: null },
            cancel: { owner: 'sessions', event: { type: 'termination.cancel' }, blocked: null },
          },
    sessionsTerminated,
    terminateOthers: {
      owner: 'sessions',
      event: { type: 'sessions.terminateOthers' },
      blocked: blockedFor(null) ?? (countOtherSessions(sessions, unreadableRows) === 0 ? 'noOtherSession' : null),
    },
    dequeueOthers: queuedAlone.has(null) ? dequeue() : null,
    refresh: {
      owner: 'sessions',
      event: { type: 'sessions.refresh' },
      blocked: blockedOnScreen(screen, question !== null),
    },
    ...screen,
  }
}
