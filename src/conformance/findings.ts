import { EARLIEST_TIME, STEP_UP_CODES } from '../api/inferred.ts'
import type { ChoicePlace, InferredChoice } from '../api/inferred-choices.ts'
import { readStamp } from '../api/time/wire-time.ts'
import type { TracedOperation } from '../api/transport/trace.ts'
import type { Failure } from '../domain/failure.ts'
import { isChannelCode } from '../secure-channel/index.ts'
import { formOf, identities, isStated, type Reading, type Reply, rowsOf } from './readings.ts'

/** Does the portal bear a choice out? `notSeen`: nothing that came shows it. */
export type Verdict = 'holds' | 'differs' | 'notSeen'

/** What was seen of a choice. */
export interface Finding {
  readonly verdict: Verdict
  /** Forms, codes and counts, never a value; null where nothing was seen. */
  readonly seen: string | null
}

/** What one check has to go by. */
export interface Evidence {
  readonly replies: readonly Reply[]
  readonly readings: readonly Reading[]
  /** What came of each operation that was called: null for an answer that could be read. */
  readonly outcomes: ReadonlyMap<TracedOperation, Failure | null>
  /** How many entries of the whitelist were gone after it had been saved as it was. */
  readonly droppedEntries: number
  readonly envelope: 'binary' | 'json' | 'other'
  readonly namesLocale: boolean
}

export const NOT_SEEN: Finding = { verdict: 'notSeen', seen: null }
const holds = (seen: string): Finding => ({ verdict: 'holds', seen })
const differs = (seen: string): Finding => ({ verdict: 'differs', seen })

/** The first that says something. */
const first = (...findings: readonly Finding[]): Finding =>
  findings.find(({ verdict }) => verdict !== 'notSeen') ?? NOT_SEEN

const at = ({ operation, field }: Reading) => `${operation}.${field}`

const isAbout = (places: readonly ChoicePlace[], { operation, field }: Reading) =>
  places.some((place) => place.part === 'reply' && place.operation === operation && place.field === field)

/** By the fields that a choice is about: one that cannot be read differs, one in the form that it allows holds. */
function byFields(choice: InferredChoice, { readings }: Evidence, isAllowed: (raw: unknown) => boolean): Finding {
  const stated = readings.filter((reading) => isAbout(choice.at, reading) && isStated(reading))
  const unread = stated.find(({ isRead }) => !isRead)
  if (unread !== undefined) return differs(`${at(unread)} is ${formOf(unread.raw)}`)
  const allowed = stated.find(({ raw }) => isAllowed(raw))
  return allowed === undefined ? NOT_SEEN : holds(`${at(allowed)} is ${formOf(allowed.raw)}`)
}

/** By the fields that a choice fills in: it holds where one was left out. */
function byOmission(choice: InferredChoice, { readings }: Evidence): Finding {
  const left = readings.find((reading) => isAbout(choice.at, reading) && !isStated(reading))
  return left === undefined ? NOT_SEEN : holds(`${at(left)} is left out`)
}

/** By the dates that a choice is about. */
function byDates(choice: InferredChoice, { readings }: Evidence, isMeant: (raw: unknown) => boolean): Finding {
  const found = readings.find((reading) => isAbout(choice.at, reading) && isStated(reading) && isMeant(reading.raw))
  return found === undefined ? NOT_SEEN : holds(`${at(found)} is ${formOf(found.raw)}`)
}

const asNumber = (raw: unknown) => (typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw)

/** A number that is no time of our days. */
const isNever = (raw: unknown) => {
  const value = asNumber(raw)
  return typeof value === 'number' && readStamp(value) === null && value > 0
}

const isUnset = (raw: unknown) => {
  const value = asNumber(raw)
  return value === 0 || (typeof raw === 'string' && Date.parse(raw) < EARLIEST_TIME)
}

const lacksZone = (raw: unknown) => typeof raw === 'string' && /^\d{4}-\d{2}-\d{2}[T ][\d:.]+$/.test(raw)

/** By what came of an operation. `isMeant`: this refusal bears the choice out as well. */
function byOutcome(
  operation: TracedOperation,
  { outcomes }: Evidence,
  isMeant: (failure: Failure) => boolean = () => false,
): Finding {
  const failure = outcomes.get(operation)
  if (failure === undefined) return NOT_SEEN
  if (failure === null) return holds(`${operation} was answered`)
  if (!isTelling(failure, outcomes)) return NOT_SEEN
  const seen = `${operation}: ${failure.status ?? 'no status'} ${failure.code}`
  return isMeant(failure) ? holds(seen) : differs(seen)
}

/** Not where it would have come whatever was sent, or nothing was sent. */
export function isTelling({ kind, code, status }: Failure, outcomes: Evidence['outcomes']): boolean {
  if (kind === 'secureChannel') return isChannelCode(code) && outcomes.get('openChannel') === null
  return ['notFound', 'conflict', 'invalid'].includes(kind) && (status ?? 0) >= 400
}

const isNotFound = ({ kind }: Failure) => kind === 'notFound'

/** Was there a reply of this status or code? */
const byRefusal = ({ replies }: Evidence, isMeant: (status: number, code: string) => boolean): Finding => {
  const found = replies.find(
    ({ status, envelope }) => (status >= 400 || envelope.form === 'refusal') && isMeant(status, codeOf(envelope)),
  )
  return found === undefined ? NOT_SEEN : holds(`${found.operation}: ${found.status} ${codeOf(found.envelope)}`.trim())
}

const codeOf = (envelope: Reply['envelope']) => ('code' in envelope ? envelope.code : '')

/** Only the writes whose body is encrypted tell something about the envelope. */
const ENCRYPTED = ['replaceIpWhitelist', 'terminateSession'] as const

/** An encrypted request that the portal opened: it did what was asked, or refused it for what it says. */
function byEncryption(evidence: Evidence): Finding {
  return first(
    ...ENCRYPTED.map((operation) => byOutcome(operation, evidence, (failure) => failure.kind !== 'secureChannel')),
  )
}

const DOCUMENTED_SUCCESSES = ['2000', '2001', '2002', '2040']

/** By the switch of the whitelist. Turning it off is at an inferred path: where that is not found, nothing of the request was looked at. */
function bySwitch(evidence: Evidence): Finding {
  const off = evidence.outcomes.get('disableIpWhitelist')
  return off && isNotFound(off) ? NOT_SEEN : first(...SWITCHES.map((operation) => byOutcome(operation, evidence)))
}

const SWITCHES = ['enableIpWhitelist', 'disableIpWhitelist'] as const

type Finder = (evidence: Evidence, choice: InferredChoice) => Finding

const never: Finder = () => NOT_SEEN
const fields =
  (isAllowed: (raw: unknown) => boolean): Finder =>
  (evidence, choice) =>
    byFields(choice, evidence, isAllowed)
const omission: Finder = (evidence, choice) => byOmission(choice, evidence)

/** How each choice shows, by its id. What only a change that cannot be undone would show is never seen. */
export const finders: Readonly<Record<string, Finder>> = {
  'locale-if-unstated': ({ namesLocale, outcomes }) =>
    !namesLocale && [...outcomes.values()].includes(null) ? holds('English was asked for, and answered') : NOT_SEEN,
  'success-codes': ({ replies }) => {
    const strange = replies.find(
      ({ status, envelope }) =>
        status < 300 && envelope.form === 'refusal' && /^(0+|[1-9]\d?|200|ok|success)$/i.test(envelope.code),
    )
    if (strange !== undefined)
      return differs(`${strange.operation}: ${strange.status} with the code ${codeOf(strange.envelope)}`)
    const other = replies.find(
      ({ envelope }) => envelope.form === 'success' && !DOCUMENTED_SUCCESSES.includes(envelope.code),
    )
    return other === undefined ? NOT_SEEN : holds(`${other.operation}: ${codeOf(other.envelope)}`)
  },
  'literal-no-content': ({ replies }) => {
    const found = replies.find(({ envelope }) => envelope.form === 'noContent')
    return found === undefined ? NOT_SEEN : holds(found.operation)
  },
  'bare-enum': fields((raw) => typeof raw === 'string'),
  'forms-of-a-flag': fields((raw) => typeof raw !== 'boolean'),
  'form-of-an-id': fields(() => true),
  'time-without-a-zone': (evidence, choice) => byDates(choice, evidence, lacksZone),
  'time-before-2000': (evidence, choice) => byDates(choice, evidence, isUnset),
  'time-as-a-number': (evidence, choice) =>
    byDates(choice, evidence, (raw) => typeof asNumber(raw) === 'number' && !isUnset(raw)),
  'rate-window-if-unstated': (evidence) => byRefusal(evidence, (status) => status === 429),
  'shortest-wait': never,
  'longest-wait': never,
  'older-codes': (evidence) => byRefusal(evidence, (_, code) => /^U1\d{3}$/.test(code)),
  'gone-is-not-found': (evidence) => byRefusal(evidence, (status) => status === 410),
  'step-up-codes': (evidence) => byRefusal(evidence, (_, code) => STEP_UP_CODES.some((known) => known === code)),
  'step-up-request-id': never,
  'public-key-format': (evidence) => {
    const failure = evidence.outcomes.get('openChannel')
    if (failure?.code === 'client.channelKey') return differs('the key that came cannot be used')
    return failure === null ? holds('the key that came could be used') : NOT_SEEN
  },
  'oaep-hash': (evidence) => {
    const failure = evidence.outcomes.get('openChannel')
    const refused = evidence.replies.find(({ operation, status }) => operation === 'openChannel' && status >= 400)
    if (failure && refused !== undefined) return differs(`openChannel: ${refused.status} ${codeOf(refused.envelope)}`)
    return failure === null ? holds('the portal opened the keys') : NOT_SEEN
  },
  'channel-renewal': ({ readings }) => {
    const end = readings.find((reading) => reading.operation === 'openChannel' && reading.field === 'expiresAt')
    return end?.isRead ? holds('the session states its end') : NOT_SEEN
  },
  'channel-lifetime-if-unstated': omission,
  'payload-layout': (evidence) => (evidence.envelope === 'json' ? byEncryption(evidence) : NOT_SEEN),
  'no-additional-data': byEncryption,
  'message-types': (evidence) => (evidence.envelope === 'binary' ? byEncryption(evidence) : NOT_SEEN),
  'encrypted-content-type': byEncryption,
  'both-session-headers': ({ replies }) => {
    const found = replies.find(({ namesSession, status }) => namesSession && status < 300)
    return found === undefined ? NOT_SEEN : holds(`${found.operation} was answered`)
  },
  'terminate-session-encrypted': (evidence) =>
    byOutcome('terminateSession', evidence, ({ kind }) => kind !== 'secureChannel'),
  'session-named-without-a-body': bySwitch,
  'replies-that-may-be-plain': ({ outcomes }) => {
    const plain = [...outcomes].find(([, failure]) => failure?.code === 'client.plainReply')
    return plain === undefined ? NOT_SEEN : differs(`${plain[0]}: ${plain[1]?.status} is plain, others are encrypted`)
  },
  'channel-codes': (evidence) => byRefusal(evidence, (_, code) => isChannelCode(code)),
  'is-enabled-if-unstated': omission,
  'is-primary-if-unstated': omission,
  'setup-replaces-setup': never,
  'backup-codes-of-a-setup': never,
  'six-digits': never,
  'code-one-step-off': never,
  'path-revokeOtp': never,
  'path-getBackupCodeStatus': (evidence) => byOutcome('getBackupCodeStatus', evidence),
  'entries-if-null': ({ readings }) => {
    const found = readings.find(({ field, raw }) => field === 'entries' && raw === null)
    return found === undefined ? NOT_SEEN : holds(`${at(found)} is null`)
  },
  'entry-that-is-no-text': ({ readings }) => {
    const entries = readings.flatMap(({ field, raw }) => (field === 'entries' && Array.isArray(raw) ? raw : []))
    const odd = entries.find((entry) => typeof entry !== 'string' && entry !== null)
    return odd === undefined ? NOT_SEEN : holds(`an entry is ${formOf(odd)}`)
  },
  'switch-without-a-body': bySwitch,
  'path-disableIpWhitelist': (evidence) => byOutcome('disableIpWhitelist', evidence),
  'is-current-if-unstated': ({ readings }) => {
    const marks = readings.filter(({ operation, field }) => operation === 'listSessions' && field === 'isCurrent')
    const missing = marks.filter((mark) => !isStated(mark))
    if (missing.length === 0) return NOT_SEEN
    if (missing.length === marks.length) return differs('no session says that it is the one in use')
    return holds(`${missing.length} of ${marks.length} sessions do not say`)
  },
  'termination-body': (evidence) =>
    byOutcome('terminateSession', evidence, (failure) => isNotFound(failure) || failure.kind === 'secureChannel'),
  'inbox-rows': ({ replies }) => {
    const listed = replies.flatMap((reply) => (reply.operation === 'listInvitations' ? (rowsOf(reply) ?? []) : []))
    if (listed.length === 0) return NOT_SEEN
    const known = listed.filter((row) => hasIdentity('listInvitations', row))
    const seen = `${known.length} of ${listed.length} rows have an id`
    return known.length === 0 ? differs(seen) : holds(seen)
  },
  'name-if-unstated': omission,
  'status-if-unstated': omission,
  'can-accept-if-unstated': ({ readings }) => {
    const found = readings.find(
      (reading) => reading.operation === 'listInvitations' && reading.field === 'canAccept' && !isStated(reading),
    )
    return found === undefined ? NOT_SEEN : holds(`${at(found)} is left out`)
  },
  'next-action-if-unstated': never,
  'became-default-if-unstated': never,
  'unknown-id': (evidence) =>
    first(byOutcome('acceptInvitation', evidence, isNotFound), byOutcome('declineInvitation', evidence, isNotFound)),
  'workspace-flags-if-unstated': omission,
  'path-setDefaultWorkspace': (evidence) => byOutcome('setDefaultWorkspace', evidence),
}

/** Does a row say which one it is? */
export function hasIdentity(operation: TracedOperation, row: unknown): boolean {
  const names = identities[operation] ?? []
  return typeof row === 'object' && row !== null && names.some((name) => Reflect.get(row, name))
}

/** The date that a field holds cannot be read, and means neither "not set" nor "never". */
export const isStrangeDate = (raw: unknown) => !isUnset(raw) && !isNever(raw)
