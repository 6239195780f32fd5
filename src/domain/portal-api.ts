import type { Invitation, InvitationAcceptance } from './invitations.ts'
import type { IpWhitelist } from './ip-whitelist.ts'
import type { BackupCodes, MfaMethod } from './mfa.ts'
import type { OtpSetup } from './otp.ts'
import type { StepName } from './policy.ts'
import type { Rows } from './rows.ts'
import type { Sealed } from './sealed.ts'
import type { Session } from './sessions.ts'
import type { Workspace } from './workspaces.ts'

/** The options of every method of `PortalApi`. Null means the same as left out. */
export interface RequestOptions {
  /** Abandons the request. Whether a write took effect is unknown then. */
  readonly signal?: AbortSignal | null
  /** A UUID, sent as `X-Request-Id` with every attempt (docs/contract.md#headers). Default: a new one. */
  readonly requestId?: string | null
  /**
   * Hears `true` when the user is asked for more proof of who they are, and `false` when that is over: right before the
   * request is repeated, or fails.
   */
  readonly onStepUp?: ((isAsked: boolean) => void) | null
}

/**
 * The portal as this package sees it, with one method for each endpoint. A method has the name of the actor slot that
 * it fills.
 *
 * Every method rejects with `PortalError`. A write that is refused the way a repeated write would be (404, 409, already
 * done) rejects with `effect: 'unknown'`, because it may have arrived twice. Every time in a result is in epoch ms **on
 * the host's clock**: the portal's offset, known from its replies, is already subtracted.
 *
 * `createPortalApi` makes one for the portal of docs/contract.md, with every method. For another portal, write one: say by
 * `Failure.reason` what a refusal means, by `effect` what became of a write, and leave out the optional methods that the portal has no
 * endpoint for. Where the portal wants a password, ask for it in the method, between `onStepUp(true)` and `onStepUp(false)`: it is in no
 * event, no context, and no stored text (docs/another-portal.md).
 */
export interface PortalApi {
  /** The factors of the account, EMAIL always among them (docs/contract.md#mfa-methods). */
  listMfaMethods(input?: undefined, options?: RequestOptions): Promise<Rows<MfaMethod>>
  /**
   * Makes a new secret, which cannot be read again; the one before it stops working. 5 calls in 300 s
   * (docs/contract.md#otp-setup).
   */
  setupOtp(input?: undefined, options?: RequestOptions): Promise<OtpSetup>
  /** Turns OTP on with a code of six digits; spaces are dropped. 5 calls in 300 s (docs/contract.md#otp-verify). */
  verifyOtp(input: { readonly code: string | Sealed }, options?: RequestOptions): Promise<void>
  /** Turns OTP off and deletes its secret for good (docs/contract.md#otp-revoke). */
  revokeOtp(input?: undefined, options?: RequestOptions): Promise<void>
  /** How many backup codes are left (docs/contract.md#backup-codes). */
  getBackupCodeStatus?(input?: undefined, options?: RequestOptions): Promise<BackupCodes>

  /** The account's list, and whether it is enforced at login (docs/contract.md#whitelist-read). */
  getIpWhitelist?(input?: undefined, options?: RequestOptions): Promise<IpWhitelist>
  /**
   * Replaces the whole list and resolves with what the portal keeps; the switch stays as it is
   * (docs/contract.md#whitelist-replace). With `asListed`, the entries go back exactly as the portal listed them
   * before, even those that cannot be read. Default false.
   */
  replaceIpWhitelist?(
    input: { readonly entries: readonly string[]; readonly asListed?: boolean },
    options?: RequestOptions,
  ): Promise<IpWhitelist>
  /** Enforces the list as it is; the result has to be read back (docs/contract.md#whitelist-switch). */
  enableIpWhitelist?(input?: undefined, options?: RequestOptions): Promise<void>
  /** Stops enforcing the list and leaves its entries alone (docs/contract.md#whitelist-switch). */
  disableIpWhitelist?(input?: undefined, options?: RequestOptions): Promise<void>

  /** The signed-in sessions, their ids masked (docs/contract.md#session-list). */
  listSessions(input?: undefined, options?: RequestOptions): Promise<Rows<Session>>
  /** Ends one session, by its id as listed (docs/contract.md#session-terminate). */
  terminateSession(input: { readonly sessionId: string }, options?: RequestOptions): Promise<void>
  /**
   * Ends all sessions but the current one, and resolves with how many it ended, null where the portal does not say
   * (docs/contract.md#session-terminate-all). The machines count by reading.
   */
  terminateOtherSessions(input?: undefined, options?: RequestOptions): Promise<number | null>

  /** The inbox (docs/contract.md#inbox). */
  listInvitations(input?: undefined, options?: RequestOptions): Promise<Rows<Invitation>>
  /** Joins the workspace, and resolves with where to go next (docs/contract.md#accept). */
  acceptInvitation(input: { readonly invitationBizId: string }, options?: RequestOptions): Promise<InvitationAcceptance>
  /** Declines for good. A reason has at most 500 characters (docs/contract.md#decline). */
  declineInvitation(
    input: { readonly invitationBizId: string; readonly reason?: string | undefined },
    options?: RequestOptions,
  ): Promise<void>

  /** The workspaces that the account belongs to (docs/contract.md#workspaces). */
  listWorkspaces(input?: undefined, options?: RequestOptions): Promise<Rows<Workspace>>
  /** Makes the workspace the account's default; it has to be eligible (docs/contract.md#workspaces). */
  setDefaultWorkspace?(input: { readonly workspaceBizId: string }, options?: RequestOptions): Promise<void>

  /**
   * Ends the secure channel, even one that is still being opened. No machine calls this, because the api may outlive a
   * flow: the host does. It takes two timeouts at most, never rejects, and the api can still be used afterwards.
   */
  close(): Promise<void>
  /**
   * How far the portal's clock is ahead of the host's, in ms, by its last reply; 0 until one came. An api of your own
   * may leave it out if the clocks agree.
   */
  clockOffset?(): number
  /**
   * How long one request may take, in ms. A write whose outcome is unknown may still take effect for that long, and for
   * at least 15 s.
   */
  readonly timeoutMs?: number
}

/** The methods of `PortalApi` that fill an actor slot of the machines. */
export type Operation = Exclude<keyof PortalApi, 'close' | 'clockOffset' | 'timeoutMs'>

/** The method of an operation, where the api has it. */
export type OperationMethod<Name extends Operation> = NonNullable<PortalApi[Name]>

/** The operations without which a step cannot be shown, of those that an api may lack. */
export const optionalOperations = {
  ipWhitelist: ['getIpWhitelist', 'replaceIpWhitelist', 'enableIpWhitelist', 'disableIpWhitelist'],
} as const satisfies Partial<Record<StepName, readonly Operation[]>>

/** Every `WriteOperation`. */
export const writeOperations = [
  'setupOtp',
  'verifyOtp',
  'revokeOtp',
  'replaceIpWhitelist',
  'enableIpWhitelist',
  'disableIpWhitelist',
  'terminateSession',
  'terminateOtherSessions',
  'acceptInvitation',
  'declineInvitation',
  'setDefaultWorkspace',
] as const satisfies readonly Operation[]

/**
 * The operations that change something on the portal. The machines send each write once, with a ticket, and never
 * repeat it blindly.
 */
export type WriteOperation = (typeof writeOperations)[number]

/** Every `ReadOperation`. */
export const readOperations = [
  'listMfaMethods',
  'getBackupCodeStatus',
  'getIpWhitelist',
  'listSessions',
  'listInvitations',
  'listWorkspaces',
] as const satisfies readonly Exclude<Operation, WriteOperation>[]

/** The operations that only read. They can be repeated at any time. */
export type ReadOperation = Exclude<Operation, WriteOperation>
