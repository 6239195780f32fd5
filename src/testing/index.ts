/**
 * `postlogin/testing`: the portal's contract (docs/contract.md) as an in-memory server, what a test needs beside it, and a check of how far
 * another portal keeps to that contract.
 *
 * @module postlogin/testing
 */

// fake-portal.ts builds it, world.ts is all that its endpoints share, behavior.ts is how it behaves; fake-portals.ts is many of them,
// serve.ts puts them on a port, and walk-to.ts
// takes a flow to a screen. The folders: account/ the data that it keeps; endpoints/ one file for each part of the contract;
// http/ from a `Request` to a `Response`, the secure channel included; faults/ what goes wrong on the way; oracle/ its own TOTP,
// base32 and CIDR, which share no code with what they are there to check.

export {
  type ChoiceReport,
  type ConformanceOptions,
  type ConformanceReport,
  type ConformanceResult,
  checkConformance,
} from '../conformance/check-conformance.ts'
export type { Deviation } from '../conformance/deviations.ts'
export type { Verdict } from '../conformance/findings.ts'
export type { Unseen } from '../conformance/unseen.ts'
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
} from './account/account.ts'
export type { AccountOverrides } from './account/account-overrides.ts'
export type { Behavior, BehaviorChanges, Dialect, StepUpDemand } from './behavior.ts'
export type { PortalOperation } from './endpoints/routes.ts'
export {
  createFakePortal,
  type FakePortal,
  type FakePortalOptions,
  type LoginOrigin,
  type LoginResult,
} from './fake-portal.ts'
export { createFakePortals, type FakePortals } from './fake-portals.ts'
export type {
  DelayFault,
  Fault,
  FaultMatch,
  FaultOptions,
  LateFault,
  RateLimitFault,
  RequestPattern,
  StatusFault,
} from './faults/faults.ts'
export type { InterjectionOptions } from './faults/interjections.ts'
export type { Frozen } from './frozen.ts'
export type { PortalRequest } from './http/requests.ts'
export type { Authenticator, CodeOptions } from './oracle/authenticator.ts'
export type { TotpParameters } from './oracle/totp.ts'
export { type PortalServer, type ServeOptions, servePortal } from './serve.ts'
export { type WalkedActor, walkTo } from './walk-to.ts'
