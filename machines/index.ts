export {
  type InvitationsContext,
  type InvitationsEvent,
  type InvitationsInput,
  type InvitationsMachine,
  type InvitationsOutput,
  invitationsMachine,
} from './invitations.ts'
export {
  type IpWhitelistContext,
  type IpWhitelistEvent,
  type IpWhitelistInput,
  type IpWhitelistMachine,
  type IpWhitelistOutput,
  ipWhitelistMachine,
} from './ip-whitelist.ts'
export { type MfaContext, type MfaEvent, type MfaInput, type MfaMachine, type MfaOutput, mfaMachine } from './mfa.ts'
export {
  type CarriedOver,
  type OnboardingContext,
  type OnboardingEvent,
  type OnboardingInput,
  type OnboardingMachine,
  onboardingMachine,
} from './onboarding.ts'
export {
  type OtpEnrollmentContext,
  type OtpEnrollmentEvent,
  type OtpEnrollmentInput,
  type OtpEnrollmentMachine,
  type OtpEnrollmentOutput,
  otpEnrollmentMachine,
} from './otp-enrollment.ts'
export {
  type SecurityCenterContext,
  type SecurityCenterEvent,
  type SecurityCenterInput,
  type SecurityCenterMachine,
  securityCenterMachine,
} from './security-center.ts'
export {
  type SessionsContext,
  type SessionsEvent,
  type SessionsInput,
  type SessionsMachine,
  type SessionsOutput,
  sessionsMachine,
} from './sessions.ts'
export type {
  OwnStepEvent,
  StatusTag,
  StepContext,
  StepEvent,
  StepInput,
  StepMachine,
  StepOutcome,
  StepOutput,
  StepUpEvent,
} from './step.ts'
export {
  type WhitelistChangeContext,
  type WhitelistChangeEvent,
  type WhitelistChangeInput,
  type WhitelistChangeMachine,
  type WhitelistChangeOutput,
  whitelistChangeMachine,
} from './whitelist-change.ts'
export {
  type WorkspaceContext,
  type WorkspaceEvent,
  type WorkspaceInput,
  type WorkspaceMachine,
  type WorkspaceOutput,
  workspaceMachine,
} from './workspace.ts'
