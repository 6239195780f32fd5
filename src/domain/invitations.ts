/** An invitation in the inbox of the signed-in user. */
export interface Invitation {
  readonly invitationBizId: string
  readonly workspaceBizId: string
  readonly workspaceName: string
  readonly inviterName: string
  readonly status: InvitationStatus
  /** Epoch ms, the host's clock; null where the portal sets no limit. */
  readonly expiresAt: number | null
  /** The portal's word on whether it can be accepted now. */
  readonly canAccept: boolean
}

/** The portal's code, kept as it is where it is not one of these `[I]`. */
export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'DECLINED' | 'CANCELLED' | 'EXPIRED' | (string & {})

/** What the portal says on accepting. */
export interface InvitationAcceptance {
  readonly workspaceBizId: string
  readonly becameDefaultWorkspace: boolean
  readonly nextAction: NextAction
}

export interface AcceptedInvitation extends InvitationAcceptance {
  readonly invitationBizId: string
}

/** Where the portal sends an invited user next (contract 7.2); a code nobody knows yet is kept as it is. */
export type NextAction = 'ENTER_DEFAULT_WORKSPACE' | 'CHOOSE_WORKSPACE' | 'ENTER_ACCEPTED_WORKSPACE' | (string & {})
