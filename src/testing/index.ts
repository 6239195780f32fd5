/**
 * `postlogin/testing`: the portal's contract (docs/contract.md) as an in-memory server, and what a test needs beside it.
 *
 * @module
 */
export {
  type FakeAccount,
  type FakeCredentials,
  type FakeInvitation,
  type FakeMfaMethod,
  type FakeSession,
  type FakeWorkspace,
  fakeInvitation,
  fakeMfaMethod,
  fakeSession,
  fakeWorkspace,
} from './account.ts'
export type { AccountOverrides } from './account-overrides.ts'
export type { Authenticator } from './authenticator.ts'
export type { Behavior, BehaviorChanges, Dialect } from './behavior.ts'
export {
  createFakePortal,
  type FakePortal,
  type FakePortalOptions,
  type LoginResult,
} from './fake-portal.ts'
export type { DelayFault, Fault, FaultMatch, FaultOptions, LateFault, RateLimitFault, StatusFault } from './faults.ts'
export type { Frozen } from './frozen.ts'
export type { InterjectionOptions } from './interjections.ts'
export type { PortalRequest } from './requests.ts'
export type { PortalOperation } from './routes.ts'
export { type PortalServer, servePortal } from './serve.ts'
export { settled } from './settled.ts'
export type { TotpParameters } from './totp.ts'
