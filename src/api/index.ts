/** The adapter: the portal's HTTP contract (docs/contract.md) behind `PortalApi`. */

// create-portal-api.ts builds it, endpoints.ts lists every endpoint, call.ts carries out one call, inferred.ts holds each choice that
// the contract leaves open. The folders: options/ what a host passes in; request/ what is sent; transport/ how it is sent, repeated and
// traced; auth/ the bearer token and when a user is signed out; reply/ how replies and refusals are read; time/ the portal's clock,
// its dates and `Retry-After`.

export type { ChannelSession, HostSession, SecureChannel } from '../secure-channel/index.ts'
export type { StepUpHook, StepUpQuestion } from './auth/step-up.ts'
export { createPortalApi } from './create-portal-api.ts'
export type { ChannelChoice } from './options/channel-choice.ts'
export type { PortalApiOptions } from './options/options.ts'
export type { PathChoice } from './options/paths.ts'
export type { RequestTrace, TracedOperation, TraceHook } from './transport/trace.ts'
export type { Fetch } from './transport/transport.ts'
