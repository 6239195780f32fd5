import type { Failure } from './failure.ts'
import { type AcceptedInvitation, hasOpenInvitation, type Invitation } from './invitations.ts'
import type { IpWhitelist } from './ip-whitelist.ts'
import { isOtpListedOn, type MfaMethod } from './mfa.ts'
import { resolveRoute } from './next-action.ts'
import type { OnboardingPolicy, Policy, StepName } from './policy.ts'
import { unreadableRowsOf } from './rows.ts'
import { countOtherSessions, type Session } from './sessions.ts'
import type { UnconfirmedChange } from './whitelist-change.ts'
import type { Route, Workspace } from './workspaces.ts'

interface Readable {
  readonly invitations: readonly Invitation[]
  readonly methods: readonly MfaMethod[]
  readonly whitelist: IpWhitelist
  readonly sessions: readonly Session[]
  readonly workspaces: readonly Workspace[]
}

/** What the portal replied at the start, or why it did not. A part is missing while its read is under way. */
export type OnboardingReads = {
  readonly [Part in keyof Readable]?: { readonly value: Readable[Part] } | { readonly failure: Failure }
}

/** What each step reads. The lockout guard needs the address of the current session. */
const partsFor: Readonly<Record<StepName, readonly (keyof Readable)[]>> = {
  invitations: ['invitations'],
  mfa: ['methods'],
  ipWhitelist: ['whitelist', 'sessions'],
  sessions: ['sessions'],
  workspace: ['workspaces'],
}

/** A step of a host's own reads for itself. */
const partsOf = (step: StepName) => partsFor[step] ?? []

/** Is the portal's answer in, or its refusal? */
export const isReadFor = (step: StepName, reads: OnboardingReads) =>
  partsOf(step).every((part) => reads[part] !== undefined)

/** What a flow was asked to show. */
interface Plan {
  readonly order: readonly StepName[]
  readonly policy: OnboardingPolicy
}

/** The steps that may be shown: a step that is skipped or left out reads nothing. */
const stepsOf = ({ order, policy }: Plan) => order.filter((step) => policy[step] !== 'skip')

/** Is the part for a step that may be shown? */
export const isNeeded = (part: keyof Readable, plan: Plan) => stepsOf(plan).some((step) => needs(step, part))

/** Where a flow stands in its plan. */
interface Progress extends Plan {
  readonly reads: OnboardingReads
  readonly results: StepResults
}

const stepsAheadOf = ({ results, ...plan }: Progress) => stepsOf(plan).filter((step) => results[step] === undefined)

/** Is the part for a step to come that may be shown? */
export const isNeededAhead = (part: keyof Readable, progress: Progress) =>
  stepsAheadOf(progress).some((step) => needs(step, part))

/** Does the step start with this part? */
export const needs = (step: StepName, part: keyof Readable) => partsOf(step).includes(part)

/** Is everything in that the steps to come need? */
export const isAllRead = (progress: Progress) => stepsAheadOf(progress).every((step) => isReadFor(step, progress.reads))

/** The lists of an account can be long. Of the rest, the output tells. */
const lists = ['invitations', 'sessions'] as const

/** What was read, but for the lists that no step to come needs. */
export function withoutSpent(progress: Progress): OnboardingReads {
  const reads: { -readonly [Part in keyof OnboardingReads]: OnboardingReads[Part] } = { ...progress.reads }
  for (const list of lists) {
    if (!isNeededAhead(list, progress)) delete reads[list]
  }
  return reads
}

/** A part as a step takes it in `initialData`: the value under its name, or the failure. */
export function initialDataFor<Part extends keyof Readable>(
  reads: OnboardingReads,
  part: Part,
): { readonly [Name in Part]?: Readable[Name] } & { readonly failure?: Failure } {
  type InitialData = { readonly [Name in Part]?: Readable[Name] } & { readonly failure?: Failure }
  const read = reads[part]
  if (read === undefined) return {} as InitialData
  return ('failure' in read ? { failure: read.failure } : { [part]: read.value }) as InitialData
}

/** The value of a part, where it was read. */
export function readValue<Part extends keyof Readable>(reads: OnboardingReads, part: Part): Readable[Part] | undefined {
  const read = reads[part]
  return read !== undefined && 'value' in read ? (read.value as Readable[Part]) : undefined
}

/** Is the aim of the step already reached? No if the read that shows it failed, or if its row could not be read. */
function aimHolds(step: StepName, reads: OnboardingReads, accepted: readonly AcceptedInvitation[]): boolean {
  switch (step) {
    case 'invitations': {
      const invitations = readValue(reads, 'invitations')
      if (invitations === undefined || hasOpenInvitation(invitations)) return false
      return invitations.length > 0 || unreadableRowsOf(invitations) === 0
    }
    case 'mfa':
      return isOtpOnBy(reads) === true
    case 'ipWhitelist':
      return readValue(reads, 'whitelist')?.enabled === true
    case 'sessions': {
      const sessions = readValue(reads, 'sessions')
      return sessions !== undefined && countOtherSessions(sessions, unreadableRowsOf(sessions)) === 0
    }
    case 'workspace': {
      return routeBy(reads, accepted) !== null
    }
    default:
      // A host's own: nobody else knows whether it has something to do.
      step satisfies never
      return false
  }
}

/** Is OTP on? Null where that was not read, or where its row cannot be read. */
export function isOtpOnBy(reads: OnboardingReads): boolean | null {
  const methods = readValue(reads, 'methods')
  return methods === undefined ? null : isOtpListedOn(methods, unreadableRowsOf(methods))
}

/** Where to go; null where the user has to choose, or the workspaces were not read. */
export function routeBy(reads: OnboardingReads, accepted: readonly AcceptedInvitation[]): Route | null {
  const workspaces = readValue(reads, 'workspaces')
  if (workspaces === undefined) return null
  return resolveRoute({ workspaces, unreadableRows: unreadableRowsOf(workspaces), accepted })
}

/** Is there nothing to do in a step that is only shown where there is? What became of a linked invitation has to be said. */
export const isPassedOver = (
  step: StepName,
  policy: Policy,
  reads: OnboardingReads,
  accepted: readonly AcceptedInvitation[],
  linkedBizId: string | null = null,
): boolean => {
  if (step === 'invitations' && linkedBizId !== null) return false
  return (policy === 'offer' || policy === 'require') && aimHolds(step, reads, accepted)
}

/** How a step was left: with its aim reached (`done`), without it (`open`), or skipped. */
export type StepResult = 'done' | 'open' | 'skipped'

/** How a step was left, by its output. */
export const resultOf = ({
  outcome,
  aimHolds,
}: {
  readonly outcome: string | null
  readonly aimHolds: boolean
}): StepResult => {
  if (outcome === 'skipped') return 'skipped'
  return aimHolds ? 'done' : 'open'
}

/** How each step was left. Steps that are still to come are missing. */
export type StepResults = { readonly [Name in StepName]?: StepResult }

/** The output of an onboarding that ended before its last step: the session is over (`signedOut`), or the user left (`cancelled`). */
export interface UnfinishedOutput<Outcome extends 'signedOut' | 'cancelled'> {
  readonly outcome: Outcome
  /** Why, for `signedOut`. */
  readonly failure: Failure | null
  readonly acceptedInvitations: readonly AcceptedInvitation[]
  readonly unconfirmedChange: UnconfirmedChange | null
}

/** The output of the onboarding: branch on `outcome`. */
export type OnboardingOutput =
  | {
      readonly outcome: 'completed'
      /** Where to take the user. */
      readonly route: Route
      /** In the order of acceptance. */
      readonly acceptedInvitations: readonly AcceptedInvitation[]
      /** Null if it was not read: it could not be, or no step needed it. */
      readonly otpEnabled: boolean | null
      /** Null if it was not read: it could not be, or no step needed it. */
      readonly ipWhitelistEnabled: boolean | null
      /** How many sessions this flow has ended. */
      readonly sessionsTerminated: number
      /** The steps that the user skipped, and those whose policy is `skip`. */
      readonly skippedSteps: readonly StepName[]
      /** A whitelist change that may be in force although nobody confirmed it; null where there is none. */
      readonly unconfirmedChange: UnconfirmedChange | null
    }
  | UnfinishedOutput<'signedOut'>
  | UnfinishedOutput<'cancelled'>
