import type { Invitation, InvitationAcceptance } from './invitations.ts'
import type { IpWhitelist } from './ip-whitelist.ts'
import type { BackupCodes, MfaMethod } from './mfa.ts'
import type { OtpSetup } from './otp.ts'
import type { Rows } from './rows.ts'
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
 * which it fills. Every method rejects with `PortalError`; a write that was refused as a repeat of it would be (404, 409, done already)
 * with `effect: 'unknown'`, for it may have arrived twice. Every time in a result is in epoch ms **on the host's clock**: the
 * portal's offset, learnt from its replies, is taken off on the way in.
 */
export interface PortalApi {
  /** The factors of the account, EMAIL always among them (contract 4.1). */
  listMfaMethods(input?: undefined, options?: RequestOptions): Promise<Rows<MfaMethod>>
  /** A new secret; the one before it stops working. It cannot be read again. 5 in 300 s (contract 4.2). */
  setupOtp(input?: undefined, options?: RequestOptions): Promise<OtpSetup>
  /** Turns OTP on with a code of six digits; spaces are dropped. 5 in 300 s (contract 4.3). */
  verifyOtp(input: { readonly code: string | Sealed }, options?: RequestOptions): Promise<void>
  /** Turns OTP off and deletes its secret for good (contract 4.4). */
  revokeOtp(input?: undefined, options?: RequestOptions): Promise<void>
  /** How many backup codes are left (contract 4.6). */
  getBackupCodeStatus(input?: undefined, options?: RequestOptions): Promise<BackupCodes>

  /** The account's list, and whether it is enforced at login (contract 5.1). */
  getIpWhitelist(input?: undefined, options?: RequestOptions): Promise<IpWhitelist>
  /**
   * Replaces the whole list; the switch stays as it is (contract 5.2). `asListed`: these are entries that the portal listed before, to be put back
   * as they stand, whatever we make of them. Default false.
   */
  replaceIpWhitelist(
    input: { readonly entries: readonly string[]; readonly asListed?: boolean },
    options?: RequestOptions,
  ): Promise<IpWhitelist>
  /** Enforces the list as it is; the result has to be read back (contract 5.3). */
  enableIpWhitelist(input?: undefined, options?: RequestOptions): Promise<void>
  /** Ends that, and leaves the entries alone (contract 5.4). */
  disableIpWhitelist(input?: undefined, options?: RequestOptions): Promise<void>

  /** The signed-in sessions, their ids masked (contract 6.1). */
  listSessions(input?: undefined, options?: RequestOptions): Promise<Rows<Session>>
  /** Ends one session, by its id as listed (contract 6.2). */
  terminateSession(input: { readonly sessionId: string }, options?: RequestOptions): Promise<void>
  /** Ends all sessions but the current one, and tells how many those were (contract 6.3). */
  terminateOtherSessions(input?: undefined, options?: RequestOptions): Promise<number>

  /** The inbox (contract 7.1). */
  listInvitations(input?: undefined, options?: RequestOptions): Promise<Rows<Invitation>>
  /** Joins the workspace, and tells where to go next (contract 7.2). */
  acceptInvitation(input: { readonly invitationBizId: string }, options?: RequestOptions): Promise<InvitationAcceptance>
  /** Final. A reason has at most 500 characters (contract 7.3). */
  declineInvitation(
    input: { readonly invitationBizId: string; readonly reason?: string | undefined },
    options?: RequestOptions,
  ): Promise<void>

  /** The workspaces that the account belongs to (contract 8). */
  listWorkspaces(input?: undefined, options?: RequestOptions): Promise<Rows<Workspace>>
  /** Makes it the account's default; it has to be eligible (contract 8). */
  setDefaultWorkspace(input: { readonly workspaceBizId: string }, options?: RequestOptions): Promise<void>

  /**
   * Ends the secure channel, one that is being made included; a call that is under way makes no other. The api may outlive a flow, so no
   * machine calls this: the host does. Takes two time-outs at most, never rejects, and leaves the api usable.
   */
  close(): Promise<void>
  /**
   * How far the portal's clock is ahead of the host's, in ms, as its last reply showed; 0 until one came. An api of the host's own
   * may leave it out: then the clocks are taken to agree.
   */
  clockOffset?(): number
  /** How long a request may take, in ms: as long as that, and no less than 15 s, a write whose outcome is open may still land. */
  readonly timeoutMs?: number
}

/** The methods that fill an actor slot of the machines. */
export type Operation = Exclude<keyof PortalApi, 'close' | 'clockOffset' | 'timeoutMs'>

/** The operations that change something on the portal: sent once by us, with a ticket, never repeated blindly. */
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
