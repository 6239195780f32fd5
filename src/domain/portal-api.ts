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
  /** A UUID, sent as `X-Request-Id` on every attempt (docs/contract.md#headers); a new one where none is given. */
  readonly requestId?: string | null
}

/**
 * The portal as this package sees it: one flat method for each endpoint. A method's name is that of the machines' actor slot
 * which it fills. Every method rejects with `PortalError`; a write that was refused as a repeat of it would be (404, 409, done already)
 * with `effect: 'unknown'`, for it may have arrived twice. Every time in a result is in epoch ms **on the host's clock**: the
 * portal's offset, learnt from its replies, is taken off on the way in.
 */
export interface PortalApi {
  /** The factors of the account, EMAIL always among them (docs/contract.md#mfa-methods). */
  listMfaMethods(input?: undefined, options?: RequestOptions): Promise<Rows<MfaMethod>>
  /** A new secret; the one before it stops working. It cannot be read again. 5 in 300 s (docs/contract.md#otp-setup). */
  setupOtp(input?: undefined, options?: RequestOptions): Promise<OtpSetup>
  /** Turns OTP on with a code of six digits; spaces are dropped. 5 in 300 s (docs/contract.md#otp-verify). */
  verifyOtp(input: { readonly code: string | Sealed }, options?: RequestOptions): Promise<void>
  /** Turns OTP off and deletes its secret for good (docs/contract.md#otp-revoke). */
  revokeOtp(input?: undefined, options?: RequestOptions): Promise<void>
  /** How many backup codes are left (docs/contract.md#backup-codes). */
  getBackupCodeStatus(input?: undefined, options?: RequestOptions): Promise<BackupCodes>

  /** The account's list, and whether it is enforced at login (docs/contract.md#whitelist-read). */
  getIpWhitelist(input?: undefined, options?: RequestOptions): Promise<IpWhitelist>
  /**
   * Replaces the whole list; the switch stays as it is (docs/contract.md#whitelist-replace). `asListed`: these are entries that the portal listed before, to be put back
   * as they stand, whatever we make of them. Default false.
   */
  replaceIpWhitelist(
    input: { readonly entries: readonly string[]; readonly asListed?: boolean },
    options?: RequestOptions,
  ): Promise<IpWhitelist>
  /** Enforces the list as it is; the result has to be read back (docs/contract.md#whitelist-switch). */
  enableIpWhitelist(input?: undefined, options?: RequestOptions): Promise<void>
  /** Ends that, and leaves the entries alone (docs/contract.md#whitelist-switch). */
  disableIpWhitelist(input?: undefined, options?: RequestOptions): Promise<void>

  /** The signed-in sessions, their ids masked (docs/contract.md#session-list). */
  listSessions(input?: undefined, options?: RequestOptions): Promise<Rows<Session>>
  /** Ends one session, by its id as listed (docs/contract.md#session-terminate). */
  terminateSession(input: { readonly sessionId: string }, options?: RequestOptions): Promise<void>
  /** Ends all sessions but the current one, and tells how many those were (docs/contract.md#session-terminate-all). */
  terminateOtherSessions(input?: undefined, options?: RequestOptions): Promise<number>

  /** The inbox (docs/contract.md#inbox). */
  listInvitations(input?: undefined, options?: RequestOptions): Promise<Rows<Invitation>>
  /** Joins the workspace, and tells where to go next (docs/contract.md#accept). */
  acceptInvitation(input: { readonly invitationBizId: string }, options?: RequestOptions): Promise<InvitationAcceptance>
  /** Final. A reason has at most 500 characters (docs/contract.md#decline). */
  declineInvitation(
    input: { readonly invitationBizId: string; readonly reason?: string | undefined },
    options?: RequestOptions,
  ): Promise<void>

  /** The workspaces that the account belongs to (docs/contract.md#workspaces). */
  listWorkspaces(input?: undefined, options?: RequestOptions): Promise<Rows<Workspace>>
  /** Makes it the account's default; it has to be eligible (docs/contract.md#workspaces). */
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
