import { connectPortal } from '../api/create-portal-api.ts'
import type { PortalApiOptions } from '../api/index.ts'
import { inferredChoices } from '../api/inferred-choices.ts'
import type { TracedOperation } from '../api/transport/trace.ts'
import { systemClock } from '../domain/clock.ts'
import { type Failure, type FailureKind, toFailure } from '../domain/failure.ts'
import type { IpWhitelist } from '../domain/ip-whitelist.ts'
import { randomUuid } from '../domain/uuid.ts'
import type { Workspace } from '../domain/workspaces.ts'
import { type Deviation, deviationsOf } from './deviations.ts'
import { byEncryption, type Evidence, finders, NOT_SEEN, type Verdict } from './findings.ts'
import { createObserver } from './observer.ts'
import { problemOf } from './problem.ts'
import { readingsOf, replyOf } from './readings.ts'
import { type Unseen, unseenBecause } from './unseen.ts'

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
  /** Forms, codes and counts, never a value of the account's; null where nothing was seen. In the form of a text, `a` is a letter, 9 a digit. */
  readonly seen: string | null
  /** Why nothing was seen; null where something was. */
  readonly unseen: Unseen | null
  /** Where it differs: the option of `createPortalApi` to set, or where it stands in our code and what to do; otherwise null. */
  readonly remedy: string | null
}

/**
 * What a check comes to. `nothingDiffers`: of what was seen, and the choices say what was. `differs`: from an inferred choice, from the
 * documentation, or from the options that were given. `notAnswered`: nothing differs, but of some operation nothing is known.
 * `notChecked`: nothing could be checked.
 */
export type ConformanceResult = 'nothingDiffers' | 'differs' | 'notAnswered' | 'notChecked'

/** What `checkConformance` gives: plain JSON, without a secret or anything of the account's. */
export interface ConformanceReport {
  readonly result: ConformanceResult
  /** Why nothing could be checked, and what to do; null where something was. */
  readonly problem: string | null
  readonly choices: readonly ChoiceReport[]
  /** What is documented, and is otherwise here. */
  readonly deviations: readonly Deviation[]
  /** What came of each operation that was called: an answer that could be read, or why there is none. */
  readonly outcomes: Readonly<Partial<Record<TracedOperation, 'answered' | Failure>>>
  /** Operations of which nothing is known: refused for a reason that says nothing of them, such as a missing right, or not answered. */
  readonly notAnswered: readonly TracedOperation[]
  /** Did the portal open a body in the envelope of the secure channel (or a plain one, where that is off)? Only a write shows it. */
  readonly isEnvelopeChecked: boolean
  /** How many entries this run removed from the whitelist: the portal did not keep them when the list was saved as it was. */
  readonly removedEntries: number
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
 * report.result // => 'nothingDiffers'
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

  const harmless = harmlessWrites(api, whitelist, workspaces)
  let removed: number | null = null
  if (allowWrites) {
    for (const [operation, send] of harmless) await call(operation, send)
    if (whitelist !== null) {
      const after = await call('getIpWhitelist', () => api.getIpWhitelist())
      if (after !== null) removed = whitelist.entries.filter((entry) => !after.entries.includes(entry)).length
    }
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
      harmlessWrites: harmless.map(([operation]) => operation),
      removedEntries: removed ?? 0,
      envelope: typeof secureChannel === 'string' ? secureChannel : 'own',
      namesLocale: options.locale !== undefined,
    },
  }
}

type Write = readonly [operation: TracedOperation, send: () => Promise<unknown>]

/** Writes that change nothing in this account. */
function harmlessWrites(
  api: ReturnType<typeof connectPortal>['api'],
  whitelist: IpWhitelist | null,
  workspaces: readonly Workspace[] | null,
): readonly Write[] {
  const nobody = randomUuid()
  const own = workspaces?.find(({ isDefault }) => isDefault)
  const ofWhitelist = ({ enabled, entries }: IpWhitelist): readonly Write[] => [
    ['replaceIpWhitelist', () => api.replaceIpWhitelist({ entries })],
    enabled
      ? ['enableIpWhitelist', () => api.enableIpWhitelist()]
      : ['disableIpWhitelist', () => api.disableIpWhitelist()],
  ]
  return [
    ...(whitelist === null ? [] : ofWhitelist(whitelist)),
    ['terminateSession', () => api.terminateSession({ sessionId: nobody })],
    ['acceptInvitation', () => api.acceptInvitation({ invitationBizId: nobody })],
    ['declineInvitation', () => api.declineInvitation({ invitationBizId: nobody })],
    ...(own === undefined ? [] : [['setDefaultWorkspace', () => api.setDefaultWorkspace(own)] as const]),
  ]
}

const isPortals = (form: string) => form === 'success' || form === 'refusal' || form === 'noContent'

/** Refusals that say what they are about: a deviation, or what was asked for on purpose and does not exist. */
const TELLING: readonly FailureKind[] = ['notFound', 'conflict', 'invalid', 'protocol']

function reportOf({ evidence, clockOffsetMs }: Check, options: ConformanceReport['options']): ConformanceReport {
  const problem = problemOf(evidence)
  const choices = inferredChoices.map((choice): ChoiceReport => {
    const { id, what, option, line } = choice
    const finder = finders[id]
    const isUsed = finder?.envelopes?.includes(evidence.envelope) ?? true
    const { verdict, seen } = (problem === null && isUsed && finder?.find(evidence, choice)) || NOT_SEEN
    const remedy =
      option === null
        ? `No option meets it: it is ${line.names.join(', ')} in ${line.file}. See docs/conformance.md#where-it-differs.`
        : `Set the option ${option}.`
    const unseen = finder === undefined || problem !== null ? 'notAnswered' : unseenBecause(finder, choice, evidence)
    return {
      id,
      what,
      verdict,
      seen,
      unseen: verdict === 'notSeen' ? unseen : null,
      remedy: verdict === 'differs' ? remedy : null,
    }
  })
  const differing = inferredChoices.filter((_, index) => choices[index]?.verdict === 'differs')
  const deviations = problem === null ? deviationsOf(evidence, differing) : []
  const outcomes = [...evidence.outcomes]
  const notAnswered = outcomes.flatMap(([operation, failure]) =>
    failure === null || TELLING.includes(failure.kind) ? [] : [operation],
  )
  const isAsGiven = Object.keys(options).length === 0
  const result = () => {
    if (problem !== null) return 'notChecked'
    if (differing.length > 0 || deviations.length > 0 || !isAsGiven) return 'differs'
    return notAnswered.length > 0 ? 'notAnswered' : 'nothingDiffers'
  }
  return {
    result: result(),
    problem,
    choices,
    deviations,
    outcomes: Object.fromEntries(outcomes.map(([operation, failure]) => [operation, failure ?? 'answered'])),
    notAnswered,
    isEnvelopeChecked: byEncryption(evidence).verdict === 'holds',
    removedEntries: evidence.removedEntries,
    options,
    clockOffsetMs,
  }
}
