import { connectPortal } from '../api/create-portal-api.ts'
import type { PortalApiOptions } from '../api/index.ts'
import { inferredChoices } from '../api/inferred-choices.ts'
import type { TracedOperation } from '../api/transport/trace.ts'
import { systemClock } from '../domain/clock.ts'
import { type Failure, toFailure } from '../domain/failure.ts'
import { randomUuid } from '../domain/uuid.ts'
import { type Deviation, deviationsOf } from './deviations.ts'
import { type Evidence, finders, NOT_SEEN, type Verdict } from './findings.ts'
import { createObserver } from './observer.ts'
import { problemOf } from './problem.ts'
import { readingsOf, replyOf } from './readings.ts'

/** The options of `checkConformance`: those of `createPortalApi`, and one more. */
export type ConformanceOptions = PortalApiOptions & {
  /**
   * Also sends writes, none of which changes anything: the whitelist is saved as it is and its switch set to where it is, the default
   * workspace is made the default, and an invitation and a session that do not exist are accepted, declined and ended. Default false.
   */
  readonly allowWrites?: boolean
}

/** What was seen of one inferred choice. */
export interface ChoiceReport {
  /** As in docs/contract.md#inferred. */
  readonly id: string
  readonly what: string
  readonly verdict: Verdict
  /** Forms, codes and counts, never a value of the account's; null where nothing was seen. */
  readonly seen: string | null
  /** Where it differs: the option of `createPortalApi` to set, or the line to change; otherwise null. */
  readonly remedy: string | null
}

/** What `checkConformance` gives: plain JSON, without a secret or anything of the account's. */
export interface ConformanceReport {
  /** Nothing that was seen differs. */
  readonly conforms: boolean
  /** Why nothing could be checked, and what to do; null where something was. */
  readonly problem: string | null
  readonly choices: readonly ChoiceReport[]
  /** What is documented, and is otherwise here. */
  readonly deviations: readonly Deviation[]
  /** What came of each operation that was called: null for an answer that could be read. */
  readonly outcomes: Readonly<Partial<Record<TracedOperation, Failure | null>>>
  /** Options of `createPortalApi` that were tried in place of the given ones, and fit. */
  readonly options: { readonly baseUrl?: string; readonly secureChannel?: 'binary' | 'json' | 'off' }
  /** How far the portal's clock is ahead, in ms. */
  readonly clockOffsetMs: number
}

/**
 * Compares a portal with docs/contract.md: what is documented, and each choice that had to be inferred. Without `allowWrites` it only
 * reads, and opens and closes a session of the secure channel. Never rejects for what the portal does.
 *
 * @throws PortalError `client.option`, of kind `config`, where an option has a value that cannot be used.
 *
 * @example
 * ```ts
 * const { portalAccessCode, clientHash, accessToken } = portal.account
 * const baseUrl = 'https://portal.example.com/prometheus'
 * const report = await checkConformance({
 *   baseUrl,
 *   portalAccessCode,
 *   clientHash,
 *   accessToken: () => accessToken,
 *   fetch: portal.fetch,
 * })
 * report.conforms // => true
 * ```
 */
export async function checkConformance({
  allowWrites = false,
  ...options
}: ConformanceOptions): Promise<ConformanceReport> {
  let check = await checkWith(options, allowWrites)
  let fitting: ConformanceReport['options'] = {}
  if (!check.isPortal) {
    for (const baseUrl of otherBaseUrls(options.baseUrl)) {
      const other = await checkWith({ ...options, baseUrl }, allowWrites)
      if (!other.isPortal) continue
      check = other
      fitting = { baseUrl }
      break
    }
  }
  if (check.evidence.outcomes.get('replaceIpWhitelist')?.kind === 'secureChannel') {
    for (const secureChannel of ENVELOPES.filter((envelope) => envelope !== (options.secureChannel ?? 'binary'))) {
      const other = await checkWith({ ...options, ...fitting, secureChannel }, allowWrites)
      if (other.evidence.outcomes.get('replaceIpWhitelist') !== null) continue
      check = other
      fitting = { ...fitting, secureChannel }
      break
    }
  }
  return reportOf(check, fitting)
}

const ENVELOPES = ['binary', 'json', 'off'] as const

/** The portal's context path is often the first thing to be missing, or one too many. */
function otherBaseUrls(baseUrl: string): readonly string[] {
  const { origin } = new URL(baseUrl)
  return [`${origin}/prometheus`, origin].filter((other) => other !== baseUrl.replace(/\/+$/, ''))
}

interface Check {
  readonly evidence: Evidence
  /** Did anything answer in the portal's envelope? */
  readonly isPortal: boolean
  readonly clockOffsetMs: number
}

async function checkWith(options: PortalApiOptions, allowWrites: boolean): Promise<Check> {
  const { fetch = globalThis.fetch, clock = systemClock, onRequest } = options
  const observer = createObserver(fetch)
  const { api, channel } = connectPortal({
    ...options,
    clock,
    fetch: observer.fetch,
    onRequest(trace) {
      observer.onRequest(trace)
      onRequest?.(trace)
    },
  })
  const outcomes = new Map<TracedOperation, Failure | null>()
  async function call<Result>(operation: TracedOperation, send: () => Promise<Result>): Promise<Result | null> {
    try {
      const result = await send()
      outcomes.set(operation, null)
      return result
    } catch (thrown) {
      outcomes.set(operation, toFailure(thrown))
      return null
    }
  }

  await call('listMfaMethods', () => api.listMfaMethods())
  await call('getBackupCodeStatus', () => api.getBackupCodeStatus())
  const whitelist = await call('getIpWhitelist', () => api.getIpWhitelist())
  await call('listSessions', () => api.listSessions())
  await call('listInvitations', () => api.listInvitations())
  const workspaces = await call('listWorkspaces', () => api.listWorkspaces())
  const isPortal = observer.observations.some((observation) => isPortals(replyOf(observation).envelope.form))
  if (channel !== null && isPortal) await call('openChannel', () => channel.session())

  let dropped: number | null = null
  if (allowWrites && whitelist !== null) {
    const { entries } = whitelist
    await call('replaceIpWhitelist', () => api.replaceIpWhitelist({ entries }))
    const [operation, set] = whitelist.enabled
      ? (['enableIpWhitelist', api.enableIpWhitelist] as const)
      : (['disableIpWhitelist', api.disableIpWhitelist] as const)
    await call(operation, () => set())
    const after = await call('getIpWhitelist', () => api.getIpWhitelist())
    if (after !== null) dropped = entries.filter((entry) => !after.entries.includes(entry)).length
  }
  if (allowWrites) {
    const nobody = randomUuid()
    await call('terminateSession', () => api.terminateSession({ sessionId: nobody }))
    await call('acceptInvitation', () => api.acceptInvitation({ invitationBizId: nobody }))
    await call('declineInvitation', () => api.declineInvitation({ invitationBizId: nobody }))
    const own = workspaces?.find(({ isDefault }) => isDefault)
    if (own !== undefined) await call('setDefaultWorkspace', () => api.setDefaultWorkspace(own))
  }
  await api.close()

  const replies = observer.observations.map(replyOf)
  const { secureChannel = 'binary' } = options
  return {
    isPortal,
    clockOffsetMs: api.clockOffset(),
    evidence: {
      replies,
      readings: replies.flatMap(readingsOf),
      outcomes,
      droppedEntries: dropped ?? 0,
      envelope: secureChannel === 'binary' || secureChannel === 'json' ? secureChannel : 'other',
      namesLocale: options.locale !== undefined,
    },
  }
}

const isPortals = (form: string) => form === 'success' || form === 'refusal' || form === 'noContent'

function reportOf({ evidence, clockOffsetMs }: Check, options: ConformanceReport['options']): ConformanceReport {
  const problem = problemOf(evidence)
  const choices = inferredChoices.map((choice): ChoiceReport => {
    const { id, what, option, line } = choice
    const { verdict, seen } = (problem === null && finders[id]?.(evidence, choice)) || NOT_SEEN
    const remedy = option === null ? `${line.names.join(', ')} in ${line.file}` : `the option ${option}`
    return { id, what, verdict, seen, remedy: verdict === 'differs' ? remedy : null }
  })
  const differing = inferredChoices.filter((_, index) => choices[index]?.verdict === 'differs')
  const deviations = problem === null ? deviationsOf(evidence, differing) : []
  const isAsGiven = Object.keys(options).length === 0
  return {
    conforms: problem === null && differing.length === 0 && deviations.length === 0 && isAsGiven,
    problem,
    choices,
    deviations,
    outcomes: Object.fromEntries(evidence.outcomes),
    options,
    clockOffsetMs,
  }
}
