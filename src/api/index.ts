/** The adapter: the portal's HTTP contract (docs/contract.md) behind `PortalApi`. */

export type { ChannelSession, SecureChannel } from '../secure-channel/index.ts'
export { createPortalApi } from './create-portal-api.ts'
export type { PortalApiOptions } from './options.ts'
export type { RequestTrace, TracedOperation } from './trace.ts'
export type { Fetch } from './transport.ts'
