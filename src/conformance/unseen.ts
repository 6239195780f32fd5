import type { InferredChoice } from '../api/inferred-choices.ts'
import type { TracedOperation } from '../api/transport/trace.ts'
import type { Evidence } from './findings.ts'

/** What shows a choice: what these operations answer, a reply or a refusal of the form that it speaks of, or nothing that may be sent. */
export type Shown = readonly TracedOperation[] | 'reply' | 'refusal' | 'never'

/**
 * Why nothing was seen of a choice. `noWrites`: the writes of `allowWrites` show it. `notAnswered`: what shows it was not answered.
 * `noSuchReply`: no reply had that form; other data in the account may show it. `noSuchRefusal`: nothing was refused in that way.
 * `notUsed`: it is about an envelope of the secure channel that is not in use. `never`: no check can show it, since that takes a change
 * that cannot be undone, or the portal does not notice.
 */
export type Unseen = 'noWrites' | 'notAnswered' | 'noSuchReply' | 'noSuchRefusal' | 'notUsed' | 'never'

/** What has to be read before a write that changes nothing can be made. */
const READ_BEFORE: Partial<Record<TracedOperation, TracedOperation>> = {
  replaceIpWhitelist: 'getIpWhitelist',
  enableIpWhitelist: 'getIpWhitelist',
  disableIpWhitelist: 'getIpWhitelist',
  setDefaultWorkspace: 'listWorkspaces',
}

/** Why nothing was seen of a choice. */
export function unseenBecause(
  { shown, envelopes }: { readonly shown: Shown; readonly envelopes?: readonly Evidence['envelope'][] },
  { at }: InferredChoice,
  { envelope, harmlessWrites, outcomes }: Evidence,
): Unseen {
  if (envelopes !== undefined && !envelopes.includes(envelope)) return 'notUsed'
  if (shown === 'never') return 'never'
  if (shown === 'refusal') return 'noSuchRefusal'
  const isFailed = (operation: TracedOperation | undefined) =>
    operation !== undefined && Boolean(outcomes.get(operation))
  if (shown === 'reply') {
    const called = at.flatMap(({ operation }) => (operation !== 'every' && outcomes.has(operation) ? [operation] : []))
    return called.length > 0 && called.every(isFailed) ? 'notAnswered' : 'noSuchReply'
  }
  if (shown.some((operation) => isFailed(operation) || isFailed(READ_BEFORE[operation]))) return 'notAnswered'
  const isAhead = (operation: TracedOperation) => harmlessWrites.includes(operation) && !outcomes.has(operation)
  return shown.some(isAhead) ? 'noWrites' : 'noSuchReply'
}
