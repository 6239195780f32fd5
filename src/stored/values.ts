/** The rules' own types, as they are stored. */
import type { SecurityCenterContext } from '../../machines/security-center.ts'
import type { Failure } from '../domain/failure.ts'
import type { AcceptedInvitation, Invitation, InvitationAttempt, InvitationRefusals } from '../domain/invitations.ts'
import type { Assessment, DraftRow, EntryVerdict, IpWhitelist, ListWarning } from '../domain/ip-whitelist.ts'
import type { BackupCodes, MfaMethod } from '../domain/mfa.ts'
import type { OnboardingReads, StepResult, StepResults } from '../domain/onboarding.ts'
import type { OnboardingPolicy, Policy, StepName } from '../domain/policy.ts'
import type { CardFacts, CardName } from '../domain/security-center.ts'
import type { SessionAddresses } from '../domain/session-addresses.ts'
import type { Session, Termination } from '../domain/sessions.ts'
import type { UnconfirmedChange, WhitelistChange } from '../domain/whitelist-change.ts'
import type { Route, RouteReason, Workspace } from '../domain/workspaces.ts'
import {
  byName,
  count,
  either,
  flag,
  list,
  nullable,
  object,
  oneOf,
  optional,
  type Schema,
  text,
  time,
  variants,
} from './schema.ts'

export const failure = object<Failure>({
  kind: oneOf({
    network: true,
    timeout: true,
    unauthorized: true,
    forbidden: true,
    notFound: true,
    conflict: true,
    rateLimited: true,
    invalid: true,
    server: true,
    protocol: true,
    secureChannel: true,
    config: true,
  }),
  code: text,
  reason: nullable(
    oneOf({ wrongCode: true, setupGone: true, invitationExpired: true, invitationClosed: true, proofMissing: true }),
  ),
  status: nullable(count),
  retryable: flag,
  retryAt: nullable(time),
  effect: oneOf({ none: true, done: true, unknown: true }),
  field: nullable(text),
  requestId: nullable(text),
})

const policy = oneOf<Policy>({ require: true, offer: true, show: true, skip: true })

/** What every step has in its context. */
export const step = { policy, failure: nullable(failure) }

/** What a step has in its context that sends one wish after the other. */
export const queue = <Wish>(wish: Schema<Wish>) => ({
  queue: list(wish),
  earlierFailure: nullable(failure),
  leaveAs: nullable(oneOf({ done: true, skipped: true })),
})

export const invitation = object<Invitation>({
  invitationBizId: text,
  workspaceBizId: nullable(text),
  workspaceName: text,
  inviterName: text,
  status: text,
  expiresAt: nullable(time),
  canAccept: flag,
})

export const acceptedInvitation = object<AcceptedInvitation>({
  invitationBizId: text,
  workspaceBizId: nullable(text),
  becameDefaultWorkspace: flag,
  nextAction: text,
})

export const invitationAttempt = object<InvitationAttempt>({
  action: oneOf({ accept: true, decline: true }),
  invitationBizId: text,
  workspaceBizId: nullable(text),
  reason: optional(text),
})

export const invitationRefusals = byName(
  object<InvitationRefusals[string]>({ accept: nullable(failure), decline: nullable(failure) }),
)

export const mfaMethod = object<MfaMethod>({ method: text, isEnabled: flag, isPrimary: flag })

export const backupCodes = object<BackupCodes>({ remainingCount: count, totalCount: nullable(count) })

export const session = object<Session>({
  sessionId: text,
  clientIp: nullable(text),
  isCurrent: flag,
  deviceInfo: optional(text),
  location: optional(text),
  lastActiveAt: optional(time),
})

export const sessionAddresses = object<SessionAddresses>({ current: nullable(text), others: list(text) })

export const termination = variants<Termination, 'scope'>('scope', {
  one: { sessionId: text },
  others: { sessionIds: list(text) },
})

export const ipWhitelist = object<IpWhitelist>({ enabled: flag, entries: list(text) })

const entryVerdict = oneOf<EntryVerdict>({
  address: true,
  range: true,
  hostBits: true,
  span: true,
  netmask: true,
  wildcardMask: true,
  wildcard: true,
  duplicate: true,
  covered: true,
  private: true,
  everything: true,
  temporary: true,
  unreadable: true,
  backwards: true,
  mixedFamilies: true,
  scattered: true,
  ambiguousMask: true,
  ambiguous: true,
  notAnAddress: true,
})

export const draftRow = object<DraftRow>({ id: text, value: text, normalized: nullable(text), verdict: entryVerdict })

export const assessment = object<Assessment>({
  lockout: oneOf({ covered: true, notCovered: true, unknown: true }),
  currentAddress: nullable(text),
  validCount: count,
  warnings: list(oneOf<ListWarning>({ temporaryAddress: true, otherFamily: true, everybody: true })),
  problems: list(object<Assessment['problems'][number]>({ id: text, verdict: entryVerdict })),
})

export const whitelistChange = object<WhitelistChange>({
  former: ipWhitelist,
  before: ipWhitelist,
  after: ipWhitelist,
  isRevision: flag,
  isSwitchSent: flag,
  sentEntries: nullable(list(text)),
  readBack: nullable(ipWhitelist),
})

/** What became of a change of the whitelist. */
export const whitelistNotice = nullable(
  oneOf({
    changedElsewhere: true,
    changeUndone: true,
    ownPartUndone: true,
    undoPending: true,
    lockoutSuspected: true,
  }),
)

export const unconfirmedChange = object<UnconfirmedChange>({
  before: ipWhitelist,
  after: ipWhitelist,
  confirmBy: nullable(time),
})

export const workspace = object<Workspace>({
  workspaceBizId: text,
  workspaceName: text,
  isDefault: flag,
  enterable: flag,
  defaultEligible: flag,
})

export const route = variants<Route, 'to'>('to', {
  workspace: {
    workspaceBizId: text,
    reason: oneOf<RouteReason>({ accepted: true, default: true, only: true, chosen: true }),
  },
  noWorkspace: {},
  unresolved: {},
})

/** What holds for each step of ours, for those of a host's own as well. */
const withOwn = <Value>(own: readonly string[], ours: Readonly<Record<StepName, Value>>, value: Value) => ({
  ...Object.fromEntries(own.map((name) => [name, value])),
  ...ours,
})

/** `own`: the names of the steps of a host's own. */
export const stepName = (own: readonly string[]) =>
  oneOf<StepName>(
    withOwn(own, { invitations: true, mfa: true, ipWhitelist: true, sessions: true, workspace: true }, true),
  )

export const onboardingPolicy = (own: readonly string[]) =>
  object<OnboardingPolicy>(
    withOwn(
      own,
      { invitations: policy, mfa: policy, ipWhitelist: policy, sessions: policy, workspace: policy },
      policy,
    ),
  )

const result = optional(oneOf<StepResult>({ done: true, open: true, skipped: true }))

export const stepResults = (own: readonly string[]) =>
  object<StepResults>(
    withOwn(
      own,
      { invitations: result, mfa: result, ipWhitelist: result, sessions: result, workspace: result },
      result,
    ),
  )

const read = <Value>(value: Schema<Value>) =>
  optional(either(object<{ readonly value: Value }>({ value }), object<{ readonly failure: Failure }>({ failure })))

export const cardName = oneOf<CardName>({ mfa: true, ipWhitelist: true, sessions: true, invitations: true })

export const cardFacts = object<CardFacts>({
  otpEnabled: optional(flag),
  whitelist: optional(ipWhitelist),
  addresses: optional(sessionAddresses),
})

export const cardFailures = object<SecurityCenterContext['failures']>({
  mfa: optional(failure),
  ipWhitelist: optional(failure),
  sessions: optional(failure),
  invitations: optional(failure),
})

export const onboardingReads = object<OnboardingReads>({
  invitations: read(list(invitation)),
  methods: read(list(mfaMethod)),
  whitelist: read(ipWhitelist),
  sessions: read(list(session)),
  workspaces: read(list(workspace)),
})
