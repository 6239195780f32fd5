import type { AnyStateMachine } from 'xstate'
import {
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrolmentMachine,
  sessionsMachine,
  whitelistChangeMachine,
  workspaceMachine,
} from '../../machines/index.ts'

/** In the order in which they are told of: the root, then as the user meets them. */
export const machines: readonly AnyStateMachine[] = [
  onboardingMachine,
  invitationsMachine,
  mfaMachine,
  otpEnrolmentMachine,
  ipWhitelistMachine,
  whitelistChangeMachine,
  sessionsMachine,
  workspaceMachine,
]
