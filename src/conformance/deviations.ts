import type { InferredChoice } from '../api/inferred-choices.ts'
import type { TracedOperation } from '../api/transport/trace.ts'
import type { Failure } from '../domain/failure.ts'
import { counted } from './counted.ts'
import { type Evidence, hasIdentity, isStrangeDate, isTelling } from './findings.ts'
import { formOf, identities, isStated, type Reading, type Reply, rowsOf } from './readings.ts'

/** Something that docs/contract.md states, and that is otherwise at this portal. */
export interface Deviation {
  readonly operation: TracedOperation
  /** The field of the reply's data; null where it is about the whole. */
  readonly field: string | null
  /** One sentence without any value of the account's. */
  readonly problem: string
}

const DATES = ['expiresAt', 'lastActiveAt']

/** What no inferred choice that differs explains already. */
export function deviationsOf(evidence: Evidence, differing: readonly InferredChoice[]): readonly Deviation[] {
  const isExplained = ({ operation, field }: Deviation) =>
    differing.some(({ at }) =>
      at.some(
        (place) =>
          place.operation === operation &&
          (place.part === 'path' || (place.part === 'reply' && [undefined, field].includes(place.field))),
      ),
    )
  const found = [
    ...evidence.replies.flatMap(rowsWithoutId),
    ...evidence.readings.flatMap(unreadable),
    ...[...evidence.outcomes].flatMap(([operation, failure]) => failed(operation, failure, evidence)),
    ...currentSessions(evidence),
    ...removed(evidence),
  ]
  const known = new Set<string>()
  return found
    .filter((deviation) => !isExplained(deviation))
    .filter(({ operation, field }) => !known.has(`${operation} ${field}`) && known.add(`${operation} ${field}`))
}

function rowsWithoutId(reply: Reply): readonly Deviation[] {
  const { operation } = reply
  const rows = rowsOf(reply) ?? []
  const nameless = rows.filter((row) => !hasIdentity(operation, row))
  const [field = null] = identities[operation] ?? []
  if (nameless.length === 0) return []
  return [{ operation, field, problem: `Rows without it, which are left out: ${nameless.length} of ${rows.length}.` }]
}

function unreadable(reading: Reading): readonly Deviation[] {
  const { operation, field, raw, isRead } = reading
  if (isRead || !isStated(reading) || (DATES.includes(field) && !isStrangeDate(raw))) return []
  return [{ operation, field, problem: `It is ${formOf(raw)}, which cannot be read.` }]
}

/** Operations that were called and should have been answered. */
const ANSWERED: readonly TracedOperation[] = [
  'listMfaMethods',
  'getIpWhitelist',
  'listSessions',
  'listInvitations',
  'listWorkspaces',
  'openChannel',
  'replaceIpWhitelist',
]

function failed(operation: TracedOperation, failure: Failure | null, evidence: Evidence): readonly Deviation[] {
  if (failure?.kind === 'protocol') return [unreadableReply(operation, failure, evidence)]
  if (failure === null || !ANSWERED.includes(operation) || !isTelling(failure, evidence.outcomes)) return []
  return [{ operation, field: null, problem: `It was refused: ${failure.status} ${failure.code}.` }]
}

function unreadableReply(operation: TracedOperation, failure: Failure, { replies }: Evidence): Deviation {
  const field = failure.field?.replace(/^data\.?/, '') || null
  if (field !== null) return { operation, field, problem: 'It is missing, or of another type.' }
  const envelope = replies.findLast((reply) => reply.operation === operation)?.envelope
  const form = envelope?.form === 'success' ? `is ${formOf(envelope.data)}` : 'is not in the documented envelope'
  return { operation, field, problem: `The reply ${form}.` }
}

/** Of the sessions one is the caller's own, and is marked. */
function currentSessions({ readings }: Evidence): readonly Deviation[] {
  const marks = readings.filter(({ operation, field }) => operation === 'listSessions' && field === 'isCurrent')
  const current = marks.filter(({ value }) => value === true).length
  if (marks.length === 0 || current === 1) return []
  const whose = current === 0 ? 'No session says that it is' : `${current} sessions say that they are`
  return [{ operation: 'listSessions', field: 'isCurrent', problem: `${whose} the one in use.` }]
}

function removed({ removedEntries }: Evidence): readonly Deviation[] {
  if (removedEntries === 0) return []
  const gone = counted(removedEntries, 'entry is', 'entries are')
  return [
    {
      operation: 'replaceIpWhitelist',
      field: 'entries',
      problem: `The list was saved as it was, and ${gone} no longer in it.`,
    },
  ]
}
