import type { AcceptedInvitation } from './invitations.ts'

/** A workspace that the account belongs to. */
export interface Workspace {
  readonly workspaceBizId: string
  readonly workspaceName: string
  readonly isDefault: boolean
  /** May it be entered now? */
  readonly enterable: boolean
  /** May it be made the default? */
  readonly defaultEligible: boolean
}

/** Where the host goes from here. */
export type Route =
  | { readonly to: 'workspace'; readonly workspaceBizId: string; readonly reason: RouteReason }
  | { readonly to: 'noWorkspace' }
  | { readonly to: 'unresolved' }

/** `accepted`: an invitation led there. `default`: the account's own. `only`: no other can be entered. `chosen`: by the user. */
export type RouteReason = 'accepted' | 'default' | 'only' | 'chosen'
export type { AcceptedInvitation }
