import type { MfaEvent, MfaMethod, mfaMachine } from 'postlogin'
import type { SnapshotFrom } from 'xstate'
import { column, plain } from '../wording.ts'
import { failureLines, type Look, type Screen, stoppedScreen, type Way, waysOut } from './screen.ts'

export function mfaScreen(
  snapshot: SnapshotFrom<typeof mfaMachine>,
  send: (event: MfaEvent) => void,
  look: Look,
): Screen {
  const view = { name: 'mfa', snapshot, send }
  const stopped = stoppedScreen(view, look)
  if (stopped !== null) return stopped

  const { methods, backupCodes } = snapshot.context
  const isOtpOn = methods.some(({ method, isEnabled }) => method === 'OTP' && isEnabled)
  const finish = isOtpOn ? 'Go on' : 'Go on without it'

  if (snapshot.matches('confirmingRevoke')) {
    return {
      name: 'mfa.confirmingRevoke',
      lines: [
        'Turn the one-time code off? The account is less safe without it, and the app would have to be set up anew.',
      ],
      ways: [
        { key: 'cancel', label: 'Keep it', take: () => send({ type: 'revoke.cancel' }) },
        { key: 'confirm', label: 'Turn it off', take: () => send({ type: 'revoke.confirm' }) },
        ...waysOut(view, { isAimReached: isOtpOn, finish }),
      ],
    }
  }

  const ways: readonly Way[] = isOtpOn
    ? [
        {
          key: 'backupCodes',
          label: 'See how many backup codes are left',
          take: () => send({ type: 'backupCodes.check' }),
        },
        { key: 'revoke', label: 'Turn the one-time code off', take: () => send({ type: 'otp.revoke' }) },
      ]
    : [{ key: 'enrol', label: 'Set up an authenticator app', take: () => send({ type: 'otp.enrol' }) }]
  return {
    name: 'mfa.overview',
    lines: [
      ...methods.map(rowOf),
      ...(backupCodes === null
        ? []
        : [`${backupCodes.remainingCount} of ${backupCodes.totalCount} backup codes are left.`]),
      ...failureLines(snapshot.context),
    ],
    ways: [
      ...ways,
      { key: 'refresh', label: 'Read the factors again', take: () => send({ type: 'retry' }) },
      ...waysOut(view, { isAimReached: isOtpOn, finish }),
    ].sort(byUse(isOtpOn)),
  }
}

/** With the code on there is nothing left to do, so going on comes first. */
const byUse = (isOtpOn: boolean) => (a: Way, b: Way) =>
  isOtpOn ? Number(b.key === 'finish') - Number(a.key === 'finish') : 0

const methodTexts: Readonly<Record<string, string>> = {
  EMAIL: 'Code by e-mail',
  OTP: 'One-time code (app)',
  BACKUP_CODE: 'Backup codes',
}

const rowOf = ({ method, isEnabled, isPrimary }: MfaMethod) =>
  `${column(methodTexts[method] ?? plain(method), 20)}  ${isEnabled ? 'on' : 'off'}${isPrimary ? ', first choice' : ''}`
