/** The machines' own types, as they are stored. */
import type { InvitationsContext } from '../../machines/invitations.ts'
import type { IpWhitelistContext } from '../../machines/ip-whitelist.ts'
import type { MfaContext } from '../../machines/mfa.ts'
import type { OnboardingContext } from '../../machines/onboarding.ts'
import type { OtpEnrollmentContext } from '../../machines/otp-enrollment.ts'
import type { SecurityCenterContext } from '../../machines/security-center.ts'
import type { SessionsContext } from '../../machines/sessions.ts'
import type { DeadlineInput } from '../../machines/slots.ts'
import type { WhitelistChangeContext } from '../../machines/whitelist-change.ts'
import type { WorkspaceContext } from '../../machines/workspace.ts'
import type { Consent } from '../domain/consent.ts'
import type { InvitationStatus } from '../domain/invitations.ts'
import type { CodeDoubt, CodeHint, OtpSetup } from '../domain/otp.ts'
import type { Sealed } from '../domain/sealed.ts'
import {
  byName,
  count,
  flag,
  id,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  type Schema,
  span,
  text,
  time,
  unstored,
  variants,
} from './schema.ts'
import * as stored from './values.ts'

const codeDoubts = { wrong: {}, skewed: { offsetMs: number }, parametersIgnored: {} }

/** Of the root, with the names of the steps of a host's own. */
export const onboarding = (own: readonly string[]) =>
  object<OnboardingContext>({
    policy: stored.onboardingPolicy(own),
    order: list(stored.stepName(own)),
    confirmWithinMs: optional(span),
    linkedBizId: nullable(id),
    reads: stored.onboardingReads,
    loadedSteps: list(stored.stepName(own)),
    areWorkspacesStale: flag,
    areSessionsStale: flag,
    results: stored.stepResults(own),
    acceptedInvitations: list(stored.acceptedInvitation),
    otpEnabled: nullable(flag),
    ipWhitelistEnabled: nullable(flag),
    sessionsTerminated: count,
    route: nullable(stored.route),
    unconfirmedChange: nullable(stored.unconfirmedChange),
    failure: nullable(stored.failure),
  })

/** The contexts, by the name that a chart has in its `schemas`. The charts know no schema: who stores nothing does not load them. */
export const contexts = {
  onboarding: onboarding([]),
  invitations: object<InvitationsContext>({
    ...stored.step,
    invitations: list(stored.invitation),
    isRead: flag,
    unreadableRows: count,
    acceptedInvitations: list(stored.acceptedInvitation),
    closed: byName<InvitationStatus>(text),
    refusals: stored.invitationRefusals,
    attempt: nullable(stored.invitationAttempt),
    notice: nullable(oneOf({ notSent: true, linkUnknown: true, linkExpired: true, linkHandled: true })),
    linkedBizId: nullable(id),
    expirySeen: time,
    ...stored.queue(stored.invitationAttempt),
  }),
  mfa: object<MfaContext>({
    ...stored.step,
    methods: list(stored.mfaMethod),
    isRead: flag,
    unreadableRows: count,
    backupCodes: nullable(stored.backupCodes),
    isRevoking: flag,
    isEnrollmentOpen: flag,
    notice: nullable(oneOf({ backupCodesUnsaved: true })),
  }),
  otpEnrollment: object<OtpEnrollmentContext>({
    ...stored.step,
    otpSetup: unstored<OtpSetup>(),
    isSetUp: flag,
    attempt: unstored<{ readonly code: Sealed }>(),
    doubted: unstored<NonNullable<OtpEnrollmentContext['doubted']>>(),
    codeHint: nullable(
      variants<NonNullable<CodeHint>, 'kind'>('kind', {
        malformed: {},
        ...codeDoubts,
        refused: { doubt: nullable(variants<CodeDoubt, 'kind'>('kind', codeDoubts)) },
      }),
    ),
    refusedCodes: count,
    notice: nullable(oneOf({ setupReplaced: true })),
    isReplacing: flag,
    isAskedHere: flag,
    otpEnabled: flag,
    backupCodes: unstored<readonly Sealed[]>(),
    hasUnsavedBackupCodes: flag,
  }),
  ipWhitelist: object<IpWhitelistContext>({
    ...stored.step,
    draft: list(stored.draftRow),
    assessment: stored.assessment,
    unreadable: list(text),
    otherAddresses: list(text),
    rowsMade: count,
    whitelist: stored.ipWhitelist,
    isRead: flag,
    wish: nullable(stored.ipWhitelist),
    isRevisable: flag,
    unconfirmedChange: nullable(stored.unconfirmedChange),
    confirmWithinMs: span,
    notice: stored.whitelistNotice,
  }),
  whitelistChange: object<WhitelistChangeContext>({
    ...stored.step,
    change: stored.whitelistChange,
    whitelist: stored.ipWhitelist,
    isHidden: flag,
    addresses: stored.sessionAddresses,
    consent: unstored<Consent>(),
    isAskedHere: flag,
    confirmWithinMs: span,
    now: time,
    confirmBy: nullable(time),
    isUndoing: flag,
    isUndoAccepted: flag,
    isAttended: flag,
    mayLandUntil: nullable(time),
    unattendedTries: count,
    leaveAs: nullable(oneOf({ done: true, skipped: true })),
    notice: stored.whitelistNotice,
  }),
  securityCenter: object<SecurityCenterContext>({
    confirmWithinMs: optional(span),
    facts: stored.cardFacts,
    stale: list(stored.cardName),
    failures: stored.cardFailures,
    unconfirmedChange: nullable(stored.unconfirmedChange),
    failure: nullable(stored.failure),
  }),
  sessions: object<SessionsContext>({
    ...stored.step,
    sessions: list(stored.session),
    isRead: flag,
    unreadableRows: count,
    question: nullable(stored.termination),
    termination: nullable(stored.termination),
    notice: nullable(oneOf({ notSent: true })),
    ...stored.queue(stored.termination),
    sessionsTerminated: count,
    notTerminated: list(text),
    areOthersEnded: flag,
    now: time,
  }),
  workspace: object<WorkspaceContext>({
    ...stored.step,
    workspaces: list(stored.workspace),
    isRead: flag,
    unreadableRows: count,
    acceptedInvitations: list(stored.acceptedInvitation),
    route: nullable(stored.route),
    newDefault: nullable(text),
  }),
}

/** A part of each context. */
type Parts = { readonly [Name in keyof typeof contexts]?: Partial<ContextOf<(typeof contexts)[Name]>> }
type ContextOf<Stored> = Stored extends Schema<infer Context> ? Context : never

/**
 * What the machines read again once they are restored at rest, before anything is done with it, as it is before it was read. It is stored
 * like this: the lists of an account can be long. The others need what they read last: to compare, or in case that a read fails.
 */
export const unreadContexts = {
  onboarding: { reads: {} },
  invitations: { invitations: [], unreadableRows: 0, isRead: false },
  sessions: { sessions: [], unreadableRows: 0, isRead: false, question: null, notTerminated: [] },
} satisfies Parts

/** What goes from a flow that cannot go on to the next one, part by part. */
export const carried = {
  acceptedInvitations: list(stored.acceptedInvitation),
  unconfirmedChange: nullable(stored.unconfirmedChange),
}

/** The input that the slot `loadSteps` restarts with. A step that is not there, it passes over. */
export const loadStepsInput = object<{ readonly steps: readonly string[] }>({ steps: list(text) })

/** The input that the slot `deadline` restarts with. */
export const deadlineInput = object<DeadlineInput>({ at: nullable(time), atMostMs: optional(span) })
