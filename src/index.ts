/**
 * `postlogin`: everything between a successful login and the portal, as XState statecharts.
 *
 * The examples of its exports use a fake portal of `postlogin/testing` (`portal`), an adapter to it (`api`), its machines
 * (`machines = createMachines(api)`) and the whole flow (`flow = createActor(machines.onboarding)`).
 *
 * @module postlogin
 */

export { loadMachines } from '../machines/charts.ts'
export type { ResultOf } from '../machines/events.ts'
export * from '../machines/index.ts'
export type { LoadStepsInput } from '../machines/late.ts'
export {
  type CheckCodeInput,
  createDeadline,
  type DeadlineInput,
  fromRead,
  fromWrite,
  type ReadScope,
  type SlotInput,
  type WriteOptions,
  type WriteScope,
} from '../machines/slots.ts'
export {
  type OnboardingContextWith,
  type OnboardingInputWith,
  type OnboardingMachineWith,
  type OnboardingOutputWith,
  type StepMachines,
  type StepNameWith,
  withSteps,
} from '../machines/with-steps.ts'
export {
  type ChannelChoice,
  type ChannelSession,
  createPortalApi,
  type Fetch,
  type HostSession,
  type PathChoice,
  type PortalApiOptions,
  type RequestTrace,
  type SecureChannel,
  type StepUpHook,
  type StepUpQuestion,
  type TracedOperation,
  type TraceHook,
} from './api/index.ts'
export type { Clock } from './domain/clock.ts'
export type { Consent } from './domain/consent.ts'
export {
  type ClientCode,
  type ClientKey,
  clientCodes,
  type Effect,
  type Failure,
  type FailureKind,
  type FailureParts,
  type FailureReason,
  PortalError,
  toFailure,
  withoutEffect,
} from './domain/failure.ts'
export type { LinkNotice } from './domain/invitation-link.ts'
export type {
  AcceptedInvitation,
  ClosedInvitations,
  Invitation,
  InvitationAcceptance,
  InvitationAttempt,
  InvitationRefusals,
  InvitationStatus,
  NextAction,
} from './domain/invitations.ts'
export type { EntryNotation, RefusedNotation } from './domain/ip-notation.ts'
export type { Assessment, DraftRow, EntryVerdict, IpWhitelist, ListWarning } from './domain/ip-whitelist.ts'
export { isolated } from './domain/isolated.ts'
export { type Language, languages, loadMessages } from './domain/languages.ts'
export { matchLocale } from './domain/match-locale.ts'
export {
  type BlockedKey,
  createMessages,
  type FailureDetails,
  type MessageOverrides,
  type Messages,
  type MessageTexts,
  type Notice,
  type PortalCode,
  type Text,
} from './domain/messages.ts'
export { chineseMessages } from './domain/messages-chinese.ts'
export { traditionalChineseMessages } from './domain/messages-chinese-traditional.ts'
export { englishMessages } from './domain/messages-english.ts'
export { germanMessages } from './domain/messages-german.ts'
export { japaneseMessages } from './domain/messages-japanese.ts'
export { vietnameseMessages } from './domain/messages-vietnamese.ts'
export type { BackupCodes, MfaMethod } from './domain/mfa.ts'
export type {
  OnboardingOutput,
  OnboardingReads,
  StepResult,
  StepResults,
  UnfinishedOutput,
} from './domain/onboarding.ts'
export type { CodeDoubt, CodeHint, CodeVerdict, OtpSetup } from './domain/otp.ts'
export { splitEntries } from './domain/pasted-list.ts'
export {
  defaultOrder,
  defaultPolicy,
  gatedPolicy,
  type OnboardingPolicy,
  type Policy,
  type StepName,
} from './domain/policy.ts'
export type { Operation, PortalApi, ReadOperation, RequestOptions, WriteOperation } from './domain/portal-api.ts'
export type { Queue } from './domain/queue.ts'
export type { Rows } from './domain/rows.ts'
export { isSealed, type Sealed, type SealedJson, seal } from './domain/sealed.ts'
export type { CardFacts, CardName, SecurityCenterOutput } from './domain/security-center.ts'
export type { SessionAddresses } from './domain/session-addresses.ts'
export type { Session, Termination } from './domain/sessions.ts'
export { issueTicket, type Ticket } from './domain/ticket.ts'
export type { UnconfirmedChange, WhitelistChange } from './domain/whitelist-change.ts'
export { previewEntry, type WhitelistDraft } from './domain/whitelist-draft.ts'
export type { Route, RouteReason, Workspace, WorkspaceChoice } from './domain/workspaces.ts'
export { fromStorage, type StorageOptions, type StoreOptions, toStorage } from './persist.ts'
export type { Action, ActionOwner, Blocked, ScreenStatus } from './screens/action.ts'
export type { CustomScreen, CustomScreens } from './screens/custom.ts'
export type { InvitationRow, InvitationStanding, InvitationsScreen } from './screens/invitations.ts'
export type { IpWhitelistScreen, WhitelistQuestion, WhitelistRow } from './screens/ip-whitelist.ts'
export type { MfaScreen } from './screens/mfa.ts'
export type { OtpEnrollmentScreen, ShownBackupCodes } from './screens/otp-enrollment.ts'
export type { QueueScreen } from './screens/queue-screen.ts'
export {
  type AnySnapshot,
  act,
  type BrokenScreen,
  type CrashedScreen,
  type FinishedScreen,
  type LoadingScreen,
  type MachineActor,
  type Screen,
  type ScreenAlone,
  type ScreenFrom,
  type ScreenWith,
  screenOf,
} from './screens/screen.ts'
export type { SecurityCard, SecurityCenterScreen } from './screens/security-center.ts'
export type { SessionRow, SessionsQuestion, SessionsScreen } from './screens/sessions.ts'
export type { Question, StepScreen } from './screens/step-screen.ts'
export {
  type ActiveStep,
  type ActiveStepIn,
  activeStep,
  type FlowSnapshot,
  type MachineSnapshot,
  type OwnStep,
  type OwnStepsIn,
  type SnapshotWithSteps,
  type StepActor,
  type StepNameIn,
  type StepStatus,
  stepsOf,
} from './screens/steps.ts'
export type { WhitelistChangeScreen } from './screens/whitelist-change.ts'
export type { WorkspaceRow, WorkspaceScreen } from './screens/workspace.ts'
export { createMachines, type MachineOptions, type Machines } from './services.ts'
export { type SettledOptions, type Settlement, settled, type WriteGate } from './settled.ts'
