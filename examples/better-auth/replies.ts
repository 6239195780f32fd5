/** What the server answers, as far as it is read here. */

export interface Session {
  readonly id: string
  readonly token: string
  readonly ipAddress: string | null
  readonly userAgent: string | null
  readonly updatedAt: string
  readonly activeOrganizationId?: string | null
}

export interface SignedIn {
  readonly session: Session
  readonly user: { readonly twoFactorEnabled: boolean }
}

export interface Setup {
  readonly totpURI: string
  readonly backupCodes: readonly string[]
}

export interface Organization {
  readonly id: string
  readonly name: string
}

export interface PendingInvitation {
  readonly id: string
  readonly organizationId: string
  readonly organizationName: string
  readonly expiresAt: string
}

export interface Acceptance {
  readonly invitation: { readonly organizationId: string }
}
