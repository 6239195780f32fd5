import type { Session, SessionsEvent, sessionsMachine } from 'postlogin'
import type { SnapshotFrom } from 'xstate'
import { column, plain, timeText } from '../wording.ts'
import { failureLines, type Look, type Screen, stoppedScreen, type Way, waysOut } from './screen.ts'

export function sessionsScreen(
  snapshot: SnapshotFrom<typeof sessionsMachine>,
  send: (event: SessionsEvent) => void,
  look: Look,
): Screen {
  const view = { name: 'sessions', snapshot, send }
  const stopped = stoppedScreen(view, look)
  if (stopped !== null) return stopped

  const { sessions, termination } = snapshot.context
  const others = sessions.filter(({ isCurrent }) => !isCurrent)
  const isAimReached = others.length === 0
  const finish = isAimReached ? 'Go on' : 'Go on and leave them signed in'

  if (snapshot.matches('confirming')) {
    const what =
      termination?.scope === 'one'
        ? `the session ${plain(termination.sessionId)}`
        : `all ${others.length} other sessions`
    return {
      name: 'sessions.confirming',
      lines: [`End ${what}? Whoever uses it is signed out at once.`],
      ways: [
        { key: 'confirm', label: 'End', take: () => send({ type: 'termination.confirm' }) },
        { key: 'cancel', label: 'Do not', take: () => send({ type: 'termination.cancel' }) },
        ...waysOut(view, { isAimReached, finish }),
      ],
    }
  }

  const endOthers: Way = {
    key: 'others',
    label: others.length === 1 ? 'End the other session' : `End all ${others.length} other sessions`,
    take: () => send({ type: 'sessions.terminateOthers' }),
  }
  const leave = waysOut(view, { isAimReached, finish })
  return {
    name: 'sessions.list',
    lines: [...sessions.flatMap((session) => rowsOf(session, look)), ...failureLines(snapshot.context)],
    ways: [
      ...(isAimReached ? leave : [endOthers]),
      // Ids are masked: one that two sessions share could end either.
      ...others.filter((session) => isUnique(session, sessions)).map((session) => endOne(session, send)),
      { key: 'refresh', label: 'Read the list again', take: () => send({ type: 'sessions.refresh' }) },
      ...(isAimReached ? [] : leave),
    ],
  }
}

const isUnique = ({ sessionId }: Session, sessions: readonly Session[]) =>
  sessions.filter((session) => session.sessionId === sessionId).length === 1

function endOne({ sessionId, clientIp, deviceInfo }: Session, send: (event: SessionsEvent) => void): Way {
  return {
    key: `end ${sessionId}`,
    label: `End ${plain(deviceInfo ?? sessionId)} at ${plain(clientIp)}`,
    take: () => send({ type: 'session.terminate', sessionId }),
  }
}

function rowsOf({ clientIp, deviceInfo, isCurrent, lastActiveAt, location, sessionId }: Session, look: Look) {
  const where = location === undefined ? '' : `, ${location}`
  const when = lastActiveAt === undefined ? '' : `last active ${timeText(lastActiveAt, look.now())}`
  return [
    `${column(deviceInfo ?? sessionId, 24)}  ${column(clientIp + where, 34)}`.trimEnd(),
    `  ${[isCurrent ? 'the one in use' : '', when, plain(sessionId)].filter((part) => part !== '').join(', ')}`,
  ]
}
