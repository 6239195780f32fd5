import type { Invitation, InvitationAcceptance } from './invitations.ts'
import type { IpWhitelist } from './ip-whitelist.ts'
import type { BackupCodes, MfaMethod } from './mfa.ts'
import type { OtpSetup } from './otp.ts'
import type { Sealed } from './sealed.ts'
import type { Session } from './sessions.ts'
import type { Workspace } from './workspaces.ts'

/** What every method takes beside its input; null is none. */
export interface RequestOptions {
  /** Abandons the request; for a write, whether it took effect is then unknown. */
  readonly signal?: AbortSignal | null
  /** A UUID, sent as `X-Request-Id` on every attempt (contract 1); a new one where none is given. */
  readonly requestId?: string | null
}

/**
 * The portal as this package sees it: one flat method for each endpoint. A method's name is that of the machines' actor slot
 * which it fills. Every method rejects with `PortalError`. Every time in a result is in epoch ms **on the host's clock**: the
 * portal's offset, learnt from its replies, is taken off on the way in.
 */
export interface PortalApi {
  listMfaMethods(input?: undefined, options?: RequestOptions): Promise<MfaMethod[]>
  /** A new secret; the one before it stops working. It cannot be read again. */
  setupOtp(input?: undefined, options?: RequestOptions): Promise<OtpSetup>
  verifyOtp(input: { readonly code: string | Sealed }, options?: RequestOptions): Promise<void>
  revokeOtp(input?: undefined, options?: RequestOptions): Promise<void>
  getBackupCodeStatus(input?: undefined, options?: RequestOptions): Promise<BackupCodes>

  getIpWhitelist(input?: undefined, options?: RequestOptions): Promise<IpWhitelist>
  /**
   * Replaces the whole list; the switch stays as it is. `asListed`: these are entries that the portal listed before, to be put back
   * as they stand, whatever we make of them. Default false.
   */
  replaceIpWhitelist(
    input: { readonly entries: readonly string[]; readonly asListed?: boolean },
    options?: RequestOptions,
  ): Promise<IpWhitelist>
  enableIpWhitelist(input?: undefined, options?: RequestOptions): Promise<void>
  disableIpWhitelist(input?: undefined, options?: RequestOptions): Promise<void>

  listSessions(input?: undefined, options?: RequestOptions): Promise<Session[]>
  terminateSession(input: { readonly sessionId: string }, options?: RequestOptions): Promise<void>
  /** How many sessions were ended; the current one stays. */
  terminateOtherSessions(input?: undefined, options?: RequestOptions): Promise<number>

  listInvitations(input?: undefined, options?: RequestOptions): Promise<Invitation[]>
  acceptInvitation(input: { readonly invitationBizId: string }, options?: RequestOptions): Promise<InvitationAcceptance>
  declineInvitation(
    input: { readonly invitationBizId: string; readonly reason?: string | undefined },
    options?: RequestOptions,
  ): Promise<void>

  listWorkspaces(input?: undefined, options?: RequestOptions): Promise<Workspace[]>
  setDefaultWorkspace(input: { readonly workspaceBizId: string }, options?: RequestOptions): Promise<void>

  /** Ends the secure channel. The api may outlive a flow, so no machine calls this: the host does. Never rejects. */
  close(): Promise<void>
  /**
   * How far the portal's clock is ahead of the host's, in ms, as its last reply showed; 0 until one came. An api of the host's own
   * may leave it out: then the clocks are taken to agree.
   */
  clockOffset?(): number
}

/** The methods that fill an actor slot of the machines. */
export type Operation = Exclude<keyof PortalApi, 'close' | 'clockOffset'>

/** The operations that change something on the portal: sent once, with a ticket, never repeated blindly. */
export type WriteOperation =
  | 'setupOtp'
  | 'verifyOtp'
  | 'revokeOtp'
  | 'replaceIpWhitelist'
  | 'enableIpWhitelist'
  | 'disableIpWhitelist'
  | 'terminateSession'
  | 'terminateOtherSessions'
  | 'acceptInvitation'
  | 'declineInvitation'
  | 'setDefaultWorkspace'

export type ReadOperation = Exclude<Operation, WriteOperation>
