import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { documentedCodes, tellingStatus } from '../src/api/reply/codes.ts'
import { refusalOf } from '../src/api/reply/refusal.ts'
import { createPortalTime } from '../src/api/time/portal-time.ts'
import { systemClock } from '../src/domain/clock.ts'
import { type ClientKey, clientCodes, type Effect, type FailureKind, failure } from '../src/domain/failure.ts'
import { createMessages } from '../src/domain/messages.ts'
import { englishMessages } from '../src/domain/messages-english.ts'

/** Writes `docs/errors.md`: every code that a host can meet, from the code that makes them. */

const PAGE = fileURLToPath(new URL('../docs/errors.md', import.meta.url))

const INTRODUCTION = `# Errors

**This page is generated** by \`npm run errors\`, and a test fails when it is out of date.

To look up a \`code\`. What to branch on, the other fields, and what becomes of a write with an unknown outcome: [Failures](failures.md).

*Took effect?* is what the failure of a write with this code says as a rule: no (\`effect: 'none'\`), yes (\`'done'\`), or maybe (\`'unknown'\`: the machines read
it back). Decide by \`failure.effect\`, never by the code.
`

/** What a host does about each kind. */
const advice: Readonly<Record<FailureKind, string>> = {
  network: 'Show it, offer `retry`.',
  timeout: 'Show it, offer `retry`.',
  unauthorized: 'The flow ends as `signedOut`: lead the user to your login.',
  forbidden: 'Show it. `proofMissing`: configure [`stepUp`](embedding.md#step-up).',
  notFound: 'Show it; the machines read the state again.',
  conflict: 'Show it; the machines read the state again.',
  rateLimited: 'Show `retryAt`; the machines wait for it by themselves.',
  invalid: 'Show it beside the input that `field` names.',
  server: 'Show it, offer `retry`.',
  protocol: 'Show it, offer `retry`; report it, with `requestId`, if it stays.',
  secureChannel: 'Show it, offer `retry`; see [The secure channel](secure-channel.md).',
  config: 'A mistake of the host: correct what `field` names. What cannot be restored is started over.',
}

/** Where a code takes the place of a refusal's, its kind stays. */
const KEPT = 'that of the refusal'

type Row = readonly [kind: FailureKind | typeof KEPT, effect: Effect]

/** Ours: the kind that it comes with, and what became of the write that failed with it. */
export const ours: Readonly<Record<ClientKey, Row>> = {
  slotEmpty: ['config', 'none'],
  methodMissing: ['config', 'none'],
  option: ['config', 'none'],
  input: ['config', 'none'],
  aborted: ['network', 'unknown'],
  network: ['network', 'unknown'],
  timeout: ['timeout', 'unknown'],
  redirect: ['protocol', 'unknown'],
  insecure: ['config', 'none'],
  tooLarge: ['protocol', 'unknown'],
  malformed: ['protocol', 'unknown'],
  shape: ['protocol', 'done'],
  server: ['server', 'unknown'],
  unauthorized: ['unauthorized', 'none'],
  signedOutUnsent: ['unauthorized', 'none'],
  rateLimited: ['rateLimited', 'none'],
  refused: ['invalid', 'none'],
  encryptedReply: ['secureChannel', 'unknown'],
  plainReply: ['secureChannel', 'unknown'],
  refresh: ['network', 'none'],
  accessToken: ['unauthorized', 'none'],
  stepUpDeclined: ['forbidden', 'none'],
  stepUpFailed: ['forbidden', 'none'],
  insecureContext: ['config', 'none'],
  secureChannel: ['secureChannel', 'none'],
  channelKey: ['secureChannel', 'none'],
  ticketSpent: ['network', 'unknown'],
  unexpected: ['protocol', 'unknown'],
  notDone: ['protocol', 'none'],
  loadFailed: ['network', 'none'],
  notLoaded: ['config', 'none'],
  stepUnreadable: ['config', 'none'],
  stepRequired: ['invalid', 'none'],
  invitationUnavailable: ['invalid', 'none'],
  invitationUnknown: ['invalid', 'none'],
  reasonTooLong: ['invalid', 'none'],
  setupLost: ['protocol', 'none'],
  otpSetupMismatch: ['protocol', 'done'],
  sessionUnknown: ['invalid', 'none'],
  sessionCurrent: ['invalid', 'none'],
  sessionAmbiguous: ['invalid', 'none'],
  sessionNotEnded: ['protocol', 'none'],
  sessionUnmarked: ['invalid', 'none'],
  workspaceUnknown: ['invalid', 'none'],
  workspaceClosed: ['invalid', 'none'],
  workspaceNotEligible: ['invalid', 'none'],
  entriesInvalid: ['invalid', 'none'],
  entriesMissing: ['invalid', 'none'],
  savedNotEnabled: ['conflict', 'none'],
  emptyEnforced: ['invalid', 'none'],
  lockout: ['invalid', 'none'],
  changedElsewhere: ['conflict', 'none'],
  notAsAsked: ['conflict', 'none'],
  lockedOut: [KEPT, 'none'],
  lockoutSuspected: ['forbidden', 'none'],
  keepLocksOut: ['invalid', 'none'],
  undoLocksOut: ['invalid', 'none'],
  outcomeUnknown: ['timeout', 'unknown'],
  unconfirmed: ['invalid', 'none'],
  stopped: ['config', 'none'],
  storageText: ['config', 'none'],
  storageVersion: ['config', 'none'],
  storageMachine: ['config', 'none'],
  storageSubject: ['config', 'none'],
}

const tookEffect: Readonly<Record<Effect, string>> = { none: 'no', done: 'yes', unknown: 'maybe' }

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const { failureText } = createMessages()

/** The text alone, without what to quote. */
const textOf = (parts: Parameters<typeof failure>[0]) => failureText(failure(parts)).replace(/ \[.*\]$/, '')

function portalRow(code: string): readonly string[] {
  const status = tellingStatus(200, code) ?? 400
  const envelope = { form: 'refusal', code, data: null, timestamp: null } as const
  const parts = { status, retryAfter: null, envelope, rateWindowMs: null, isWrite: true }
  const { kind, reason, effect } = refusalOf(parts, createPortalTime(systemClock))
  return [
    `\`${code}\``,
    `\`${kind}\``,
    reason === null ? '' : `\`${reason}\``,
    tookEffect[effect],
    textOf({ kind, code, reason }),
  ]
}

export function errorsPage(): string {
  const portalCodes = [...new Set([...documentedCodes, ...Object.keys(englishMessages.portal)])].sort()
  const keys = Object.keys(clientCodes) as ClientKey[]
  return [
    INTRODUCTION,
    '## What to do, by kind\n',
    table(
      ['kind', 'what the host does'],
      Object.entries(advice).map(([kind, text]) => [`\`${kind}\``, text]),
    ),
    '\n## Reasons\n\nWhat a refusal says, whichever portal it is from. Null for all others.\n',
    table(
      ['reason', 'text'],
      Object.entries(englishMessages.reason).map(([reason, text]) => [`\`${reason}\``, String(text)]),
    ),
    '\n## Codes of the portal\n\nWith the status that each is documented with; a code that is not listed passes through as it is, its kind by its status.\n',
    table(['code', 'kind', 'reason', 'took effect?', 'text'], portalCodes.map(portalRow)),
    '\n## Codes of this package\n\n`client.*`, in the order of `clientCodes`. A *slot* is an actor that a machine names and `createMachines` fills with a call to the portal; a *ticket* is the right to send one write once.\n',
    table(
      ['code', 'kind', 'took effect?', 'text'],
      keys.map((key) => {
        const [kind, effect] = ours[key]
        return [`\`client.${key}\``, kind === KEPT ? kind : `\`${kind}\``, tookEffect[effect], clientCodes[key]]
      }),
    ),
    '',
  ].join('\n')
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, errorsPage())
