import type { SnapshotFrom } from 'xstate'
import type { sessionsMachine } from '../../machines/index.ts'
import {
  countOtherSessions,
  isOnlySession,
  otherSessions,
  type Session,
  sessionsToEnd,
  type sessionVerdict,
} from '../domain/sessions.ts'
import { type Action, type Blocked, blockedOnScreen } from './action.ts'
import { type Question, type StepScreen, stepScreen } from './step-screen.ts'

/** The signed-in sessions of the account. */
export interface SessionsScreen extends StepScreen<'sessions'> {
  /** Was the list read? */
  readonly isRead: boolean
  readonly rows: readonly SessionRow[]
  /** How many more rows cannot be read; `unreadableRowsText` says it. */
  readonly unreadableRows: number
  /** Should these sessions end? Null if the user is not asked. */
  readonly question: SessionsQuestion | null
  /** How many sessions this step has ended. */
  readonly sessionsTerminated: number
  /** Asks whether to end all sessions but the one in use. */
  readonly terminateOthers: Action
  /** Reads the list again. */
  readonly refresh: Action
}

/** A session of the account, with the action that ends it. */
export interface SessionRow extends Session {
  /** Is it being ended? */
  readonly isPending: boolean
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
  const { isRead, notTerminated, sessions, sessionsTerminated, termination, unreadableRows } = snapshot.context
  const others = otherSessions(sessions)
  const screen = stepScreen('sessions', snapshot, { aimHolds: isOnlySession(snapshot.context) })
  const isAsked = snapshot.matches({ atRest: 'confirming' })
  const blocked = blockedOnScreen(screen, isAsked)
  const verdictOn = sessionsToEnd(sessions)
  const concerned =
    termination?.scope === 'one' ? sessions.filter(({ sessionId }) => sessionId === termination.sessionId) : others
  const notEnded = new Set(notTerminated)
  const pending = new Set(screen.status === 'busy' && termination !== null ? concerned : [])
  return {
    isRead,
    rows: sessions.map((session): SessionRow => {
      const { sessionId } = session
      return {
        isPending: pending.has(session),
        isNotEnded: notEnded.has(sessionId) && !session.isCurrent,
        terminate: {
          owner: 'sessions',
          event: { type: 'session.terminate', sessionId },
          blocked: blocked ?? verdicts[verdictOn(sessionId)],
        },
        ...session,
      }
    }),
    unreadableRows,
    question:
      isAsked && termination !== null
        ? {
            kind: 'terminate',
            scope: termination.scope,
            sessions: concerned,
            confirm: { owner: 'sessions', event: { type: 'termination.confirm' }, blocked: null },
            cancel: { owner: 'sessions', event: { type: 'termination.cancel' }, blocked: null },
          }
        : null,
    sessionsTerminated,
    terminateOthers: {
      owner: 'sessions',
      event: { type: 'sessions.terminateOthers' },
      blocked: blocked ?? (countOtherSessions(sessions, unreadableRows) === 0 ? 'noOtherSession' : null),
    },
    refresh: { owner: 'sessions', event: { type: 'sessions.refresh' }, blocked },
    ...screen,
  }
}
