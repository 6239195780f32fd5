import type { AnyStateMachine } from 'xstate'
import {
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrollmentMachine,
  securityCenterMachine,
  sessionsMachine,
  whitelistChangeMachine,
  workspaceMachine,
} from '../../machines/index.ts'
import { loadingMachine } from '../../machines/loading.ts'

/** In the order of the page: the root, then the steps as the user meets them, the page that has them all, and what each of them is until it is loaded. */
export const machines: readonly AnyStateMachine[] = [
  onboardingMachine,
  invitationsMachine,
  mfaMachine,
  otpEnrollmentMachine,
  ipWhitelistMachine,
  whitelistChangeMachine,
  sessionsMachine,
  workspaceMachine,
  securityCenterMachine,
  loadingMachine,
]
