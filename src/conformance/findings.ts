import { EARLIEST_TIME, STEP_UP_CODES } from '../api/inferred.ts'
import type { ChoicePlace, InferredChoice } from '../api/inferred-choices.ts'
import { readStamp } from '../api/time/wire-time.ts'
import type { TracedOperation } from '../api/transport/trace.ts'
import type { Failure } from '../domain/failure.ts'
import { isChannelCode } from '../secure-channel/index.ts'
import { formOf, identities, isStated, type Reading, type Reply, rowsOf } from './readings.ts'
import type { Shown } from './unseen.ts'

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
  /** Writes that change nothing in this account, whether they were sent or not. */
  readonly harmlessWrites: readonly TracedOperation[]
  /** How many entries of the whitelist were gone after it had been saved as it was. */
  readonly removedEntries: number
  /** `own`: a channel that the host brought along, of which nothing here is known. */
  readonly envelope: 'binary' | 'json' | 'off' | 'own'
  readonly namesLocale: boolean
}

export const NOT_SEEN: Finding = { verdict: 'notSeen', seen: null }
const holds = (seen: string): Finding => ({ verdict: 'holds', seen })
const differs = (seen: string): Finding => ({ verdict: 'differs', seen })

/** The first that says something. */
const first = (...findings: readonly Finding[]): Finding =>
  findings.find(({ verdict }) => verdict !== 'notSeen') ?? NOT_SEEN

const at = ({ operation, field }: Reading) => `${operation}.${field}`

const isAt = (places: readonly ChoicePlace[], { operation, field }: Reading) =>
  places.some((place) => place.part === 'reply' && place.operation === operation && place.field === field)

/** By the fields that a choice is about: one that cannot be read differs, one in the form that it allows holds. */
function byFields(
  choice: InferredChoice,
  { readings }: Evidence,
  isAllowed: (raw: unknown) => boolean,
  readAs: (reading: Reading) => string,
): Finding {
  const stated = readings.filter((reading) => isAt(choice.at, reading) && isStated(reading))
  const unread = stated.find(({ isRead }) => !isRead)
  if (unread !== undefined) return differs(`${at(unread)} is ${formOf(unread.raw)}`)
  const allowed = stated.find(({ raw }) => isAllowed(raw))
  return allowed === undefined ? NOT_SEEN : holds(`${at(allowed)} is ${formOf(allowed.raw)}${readAs(allowed)}`)
}

/** By the fields that a choice fills in: it holds where one was left out. */
function byOmission(choice: InferredChoice, { readings }: Evidence): Finding {
  const left = readings.find((reading) => isAt(choice.at, reading) && !isStated(reading))
  return left === undefined ? NOT_SEEN : holds(`${at(left)} is left out`)
}

/** By the dates that a choice is about. */
function byDates(
  choice: InferredChoice,
  { readings }: Evidence,
  isMeant: (raw: unknown) => boolean,
  readAs: (raw: unknown) => string,
): Finding {
  const found = readings.find((reading) => isAt(choice.at, reading) && isStated(reading) && isMeant(reading.raw))
  return found === undefined ? NOT_SEEN : holds(`${at(found)} is ${formOf(found.raw)}, read as ${readAs(found.raw)}`)
}

/** What a number counts from 1970 on, by how many of them make a second. */
const UNITS: Readonly<Record<number, string>> = {
  1: 'seconds',
  1e3: 'milliseconds',
  1e6: 'microseconds',
  1e9: 'nanoseconds',
}

function unitOf(raw: unknown): string {
  const stamp = readStamp(raw)
  if (stamp === null) return 'never'
  return UNITS[10 ** Math.round(Math.log10(Number(raw) / (stamp.at / 1000)))] ?? 'a time'
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

/** A request in the envelope that the portal opened: it did what was asked, or refused it for what it says. */
export function byEncryption(evidence: Evidence): Finding {
  return first(
    ...ENCRYPTED.map((operation) => byOutcome(operation, evidence, (failure) => failure.kind !== 'secureChannel')),
  )
}

const DOCUMENTED_SUCCESSES = ['2000', '2001', '2002', '2040']

/** At the path of a choice: whatever is refused there for what it asks is there. */
const byPath = (operation: TracedOperation) =>
  shownBy([operation], (evidence) => byOutcome(operation, evidence, isConflict))

/** What is so already may be a conflict. */
const isConflict = ({ kind }: Failure) => kind === 'conflict'

const SWITCHES = ['enableIpWhitelist', 'disableIpWhitelist'] as const

/** By the switch of the whitelist. Turning it off is at an inferred path: where that is not found, nothing of the request was looked at. */
function bySwitch(evidence: Evidence): Finding {
  const off = evidence.outcomes.get('disableIpWhitelist')
  if (off && isNotFound(off)) return NOT_SEEN
  return first(...SWITCHES.map((operation) => byOutcome(operation, evidence, isConflict)))
}

/** Statuses of a handshake that say nothing of the keys: no channel, no right, no pause kept. */
const NOT_ABOUT_KEYS: readonly number[] = [401, 403, 404, 408, 410, 429]

type Find = (evidence: Evidence, choice: InferredChoice) => Finding

/** How a choice shows. */
interface Finder {
  readonly find: Find
  /** What shows it. */
  readonly shown: Shown
  /** Left out: whatever the channel is. */
  readonly envelopes?: readonly Evidence['envelope'][]
}

const shownBy = (shown: Shown, find: Find): Finder => ({ shown, find })
const never: Finder = shownBy('never', () => NOT_SEEN)
const inField = (isAllowed: (raw: unknown) => boolean, readAs: (reading: Reading) => string = () => '') =>
  shownBy('reply', (evidence, choice) => byFields(choice, evidence, isAllowed, readAs))
const omission = shownBy('reply', (evidence, choice) => byOmission(choice, evidence))
const inDate = (isMeant: (raw: unknown) => boolean, readAs: (raw: unknown) => string) =>
  shownBy('reply', (evidence, choice) => byDates(choice, evidence, isMeant, readAs))
const inRefusal = (isMeant: (status: number, code: string) => boolean) =>
  shownBy('refusal', (evidence) => byRefusal(evidence, isMeant))

const OURS = ['binary', 'json'] as const

/** Of the secure channel: nothing that comes without it shows the choice. */
const ofChannel = (finder: Finder, envelopes: readonly Evidence['envelope'][] = OURS): Finder => ({
  ...finder,
  envelopes,
})

/** Each choice, by its id. What only a change that cannot be undone would show is never seen. */
export const finders: Readonly<Record<string, Finder>> = {
  'locale-if-unstated': shownBy('reply', ({ namesLocale, outcomes }) =>
    !namesLocale && [...outcomes.values()].includes(null) ? holds('English was asked for, and answered') : NOT_SEEN,
  ),
  'success-codes': shownBy('reply', ({ replies }) => {
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
  }),
  'literal-no-content': shownBy('reply', ({ replies }) => {
    const found = replies.find(({ envelope }) => envelope.form === 'noContent')
    return found === undefined ? NOT_SEEN : holds(`${found.operation} was answered so`)
  }),
  'bare-enum': inField((raw) => typeof raw === 'string'),
  'forms-of-a-flag': inField(
    (raw) => typeof raw !== 'boolean',
    ({ value }) => `, read as ${value}`,
  ),
  'form-of-an-id': inField(() => true),
  'time-without-a-zone': inDate(lacksZone, () => 'UTC'),
  'time-before-2000': inDate(isUnset, () => 'not set'),
  'time-as-a-number': inDate((raw) => typeof asNumber(raw) === 'number' && !isUnset(raw), unitOf),
  'rate-window-if-unstated': inRefusal((status) => status === 429),
  'shortest-wait': never,
  'longest-wait': never,
  'older-codes': inRefusal((_, code) => /^U1\d{3}$/.test(code)),
  'gone-is-not-found': inRefusal((status) => status === 410),
  'step-up-codes': inRefusal((_, code) => STEP_UP_CODES.some((known) => known === code)),
  'step-up-request-id': never,
  'public-key-format': ofChannel(
    shownBy(['openChannel'], (evidence) => {
      const failure = evidence.outcomes.get('openChannel')
      if (failure?.code === 'client.channelKey') return differs('the key that came cannot be used')
      return failure === null ? holds('the key that came could be used') : NOT_SEEN
    }),
  ),
  'oaep-hash': ofChannel(
    shownBy(['openChannel'], ({ outcomes, replies }) => {
      const failure = outcomes.get('openChannel')
      const refused = replies.find(
        ({ operation, status }) =>
          operation === 'openChannel' && status >= 400 && status < 500 && !NOT_ABOUT_KEYS.includes(status),
      )
      if (failure && refused !== undefined) return differs(`openChannel: ${refused.status} ${codeOf(refused.envelope)}`)
      return failure === null ? holds('the portal opened the keys') : NOT_SEEN
    }),
  ),
  'channel-renewal': ofChannel(
    shownBy(['openChannel'], ({ readings }) => {
      const end = readings.find((reading) => reading.operation === 'openChannel' && reading.field === 'expiresAt')
      return end?.isRead ? holds('the session states its end') : NOT_SEEN
    }),
  ),
  'channel-lifetime-if-unstated': ofChannel(omission),
  'payload-layout': ofChannel(shownBy(ENCRYPTED, byEncryption), ['json']),
  'no-additional-data': ofChannel(shownBy(ENCRYPTED, byEncryption)),
  'message-types': ofChannel(shownBy(ENCRYPTED, byEncryption), ['binary']),
  'encrypted-content-type': ofChannel(shownBy(ENCRYPTED, byEncryption)),
  'both-session-headers': ofChannel(
    shownBy(['openChannel'], ({ replies }) => {
      const found = replies.find(({ namesSession, status }) => namesSession && status < 300)
      return found === undefined ? NOT_SEEN : holds(`${found.operation} was answered`)
    }),
    ['binary', 'json', 'own'],
  ),
  'terminate-session-encrypted': ofChannel(
    shownBy(['terminateSession'], (evidence) =>
      byOutcome('terminateSession', evidence, ({ kind }) => kind !== 'secureChannel'),
    ),
  ),
  'session-named-without-a-body': ofChannel(shownBy(SWITCHES, bySwitch), ['binary', 'json', 'own']),
  'replies-that-may-be-plain': ofChannel(
    shownBy('refusal', ({ outcomes }) => {
      const plain = [...outcomes].find(([, failure]) => failure?.code === 'client.plainReply')
      return plain === undefined ? NOT_SEEN : differs(`${plain[0]}: ${plain[1]?.status} is plain, others are encrypted`)
    }),
  ),
  'channel-codes': ofChannel(
    inRefusal((_, code) => isChannelCode(code)),
    ['binary', 'json', 'own'],
  ),
  'is-enabled-if-unstated': omission,
  'is-primary-if-unstated': omission,
  'setup-replaces-setup': never,
  'backup-codes-of-a-setup': never,
  'six-digits': never,
  'code-one-step-off': never,
  'path-revokeOtp': never,
  'path-getBackupCodeStatus': byPath('getBackupCodeStatus'),
  'entries-if-null': shownBy('reply', ({ readings }) => {
    const found = readings.find(({ field, raw }) => field === 'entries' && raw === null)
    return found === undefined ? NOT_SEEN : holds(`${at(found)} is null`)
  }),
  'entry-that-is-no-text': shownBy('reply', ({ readings }) => {
    const entries = readings.flatMap(({ field, raw }) => (field === 'entries' && Array.isArray(raw) ? raw : []))
    const odd = entries.find((entry) => typeof entry !== 'string' && entry !== null)
    return odd === undefined ? NOT_SEEN : holds(`an entry is ${formOf(odd)}`)
  }),
  'switch-without-a-body': shownBy(SWITCHES, bySwitch),
  'path-disableIpWhitelist': byPath('disableIpWhitelist'),
  'is-current-if-unstated': shownBy('reply', ({ readings }) => {
    const marks = readings.filter(({ operation, field }) => operation === 'listSessions' && field === 'isCurrent')
    const missing = marks.filter((mark) => !isStated(mark))
    if (missing.length === 0) return NOT_SEEN
    if (missing.length === marks.length) return differs('no session says that it is the one in use')
    return holds(`sessions that do not say: ${missing.length} of ${marks.length}`)
  }),
  'termination-body': shownBy(['terminateSession'], (evidence) => {
    // Who could not open the body says nothing of what is in it.
    const isClosed = evidence.outcomes.get('terminateSession')?.kind === 'secureChannel'
    return isClosed ? NOT_SEEN : byOutcome('terminateSession', evidence, isNotFound)
  }),
  'inbox-rows': shownBy('reply', ({ replies }) => {
    const listed = replies.flatMap((reply) => (reply.operation === 'listInvitations' ? (rowsOf(reply) ?? []) : []))
    if (listed.length === 0) return NOT_SEEN
    const known = listed.filter((row) => hasIdentity('listInvitations', row))
    const seen = `rows with an id: ${known.length} of ${listed.length}`
    return known.length === 0 ? differs(seen) : holds(seen)
  }),
  'name-if-unstated': omission,
  'status-if-unstated': omission,
  'can-accept-if-unstated': shownBy('reply', ({ readings }) => {
    const found = readings.find(
      (reading) => reading.operation === 'listInvitations' && reading.field === 'canAccept' && !isStated(reading),
    )
    return found === undefined ? NOT_SEEN : holds(`${at(found)} is left out`)
  }),
  'next-action-if-unstated': never,
  'became-default-if-unstated': never,
  'unknown-id': shownBy(['acceptInvitation', 'declineInvitation'], (evidence) =>
    first(byOutcome('acceptInvitation', evidence, isNotFound), byOutcome('declineInvitation', evidence, isNotFound)),
  ),
  'workspace-flags-if-unstated': omission,
  'path-setDefaultWorkspace': byPath('setDefaultWorkspace'),
}

/** Does a row say which one it is? */
export function hasIdentity(operation: TracedOperation, row: unknown): boolean {
  const names = identities[operation] ?? []
  return typeof row === 'object' && row !== null && names.some((name) => Reflect.get(row, name))
}

/** The date that a field holds cannot be read, and means neither "not set" nor "never". */
export const isStrangeDate = (raw: unknown) => !isUnset(raw) && !isNever(raw)
