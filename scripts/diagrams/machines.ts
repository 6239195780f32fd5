import type { AnyStateMachine } from 'xstate'
import {
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrollmentMachine,
  sessionsMachine,
  whitelistChangeMachine,
  workspaceMachine,
} from '../../machines/index.ts'

/** In the order of the page: the root, then the steps as the user meets them. */
export const machines: readonly AnyStateMachine[] = [
  onboardingMachine,
  invitationsMachine,
  mfaMachine,
  otpEnrollmentMachine,
  ipWhitelistMachine,
  whitelistChangeMachine,
  sessionsMachine,
  workspaceMachine,
]
