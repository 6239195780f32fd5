import { type Invitation, type PortalApi, PortalError, type RequestOptions, seal } from 'postlogin'
import { type CallOptions, createCalls, TIMEOUT_MS } from './calls.ts'
import type { Acceptance, Organization, PendingInvitation, Session, Setup, SignedIn } from './replies.ts'

/** better-auth with its plugins `organization` and `twoFactor`, as the machines see it. It has no IP whitelist. */
export function createBetterAuthApi(options: CallOptions): PortalApi {
  const { call, callWithPassword } = createCalls(options)
  /** By the ids of the sessions: what the server calls them, which is what signs them in. It goes nowhere from here. */
  let tokens = new Map<string, string>()
  /** By their ids, what the inbox has shown so far. */
  const shown = new Map<string, Invitation>()

  /** Says 200 and null where nobody is signed in. */
  async function readSession(options: RequestOptions): Promise<SignedIn> {
    const reply = await call<SignedIn | null>('/get-session', options)
    if (reply === null) throw new PortalError({ kind: 'unauthorized', code: 'client.unauthorized', status: 200 })
    return reply
  }

  const readOrganizations = (options: RequestOptions) => call<readonly Organization[]>('/organization/list', options)

  return {
    async listMfaMethods(_, options = {}) {
      const { user } = await readSession(options)
      return [{ method: 'OTP', isEnabled: user.twoFactorEnabled, isPrimary: user.twoFactorEnabled }]
    },
    async setupOtp(_, options = {}) {
      const { totpURI, backupCodes } = await callWithPassword<Setup>('/two-factor/enable', options)
      const { pathname, searchParams } = new URL(totpURI)
      return {
        secret: seal(searchParams.get('secret') ?? ''),
        qrCodeUri: seal(totpURI),
        issuer: searchParams.get('issuer') ?? '',
        accountName: decodeURIComponent(pathname.slice(pathname.indexOf(':') + 1)),
        backupCodes: backupCodes.map((code) => seal(code)),
      }
    },
    /** Puts another session in the place of this one. Its token is in the cookie; the one in the reply is dead. */
    async verifyOtp({ code }, options = {}) {
      await call('/two-factor/verify-totp', options, { code: typeof code === 'string' ? code : code.reveal() })
    },
    async revokeOtp(_, options = {}) {
      await callWithPassword('/two-factor/disable', options)
    },

    async listSessions(_, options = {}) {
      const [{ session }, sessions] = await Promise.all([
        readSession(options),
        call<readonly Session[]>('/list-sessions', options),
      ])
      tokens = new Map(sessions.map(({ id, token }) => [id, token]))
      return sessions.map(({ id, ipAddress, userAgent, updatedAt }) => ({
        sessionId: id,
        clientIp: ipAddress || null,
        isCurrent: id === session.id,
        lastActiveAt: Date.parse(updatedAt),
        ...(userAgent && { deviceInfo: userAgent }),
      }))
    },
    async terminateSession({ sessionId }, options = {}) {
      const token = tokens.get(sessionId)
      if (token === undefined) throw new PortalError({ kind: 'notFound', code: 'client.sessionUnknown' })
      await call('/revoke-session', options, { token })
    },
    async terminateOtherSessions(_, options = {}) {
      await call('/revoke-other-sessions', options, {})
      return null
    },

    /** The server lists only what is pending, whether or not it has expired. What has led into its organization was accepted. */
    async listInvitations(_, options = {}) {
      const [pending, organizations] = await Promise.all([
        call<readonly PendingInvitation[]>('/organization/list-user-invitations', options),
        readOrganizations(options),
      ])
      for (const row of pending) shown.set(row.id, invitationOf(row))
      return [...shown.values()].flatMap((row) => {
        if (pending.some(({ id }) => id === row.invitationBizId)) return row
        const isMember = organizations.some(({ id }) => id === row.workspaceBizId)
        return isMember ? { ...row, status: 'ACCEPTED', canAccept: false } : []
      })
    },
    async acceptInvitation({ invitationBizId }, options = {}) {
      const body = { invitationId: invitationBizId }
      const { invitation } = await call<Acceptance>('/organization/accept-invitation', options, body)
      return {
        workspaceBizId: invitation.organizationId,
        becameDefaultWorkspace: false,
        nextAction: 'ENTER_ACCEPTED_WORKSPACE',
      }
    },
    async declineInvitation({ invitationBizId }, options = {}) {
      await call('/organization/reject-invitation', options, { invitationId: invitationBizId })
    },

    /** The session's active organization is where the user was last. */
    async listWorkspaces(_, options = {}) {
      const [{ session }, organizations] = await Promise.all([readSession(options), readOrganizations(options)])
      return organizations.map(({ id, name }) => ({
        workspaceBizId: id,
        workspaceName: name,
        isDefault: id === session.activeOrganizationId,
        enterable: true,
        defaultEligible: false,
      }))
    },

    close: async () => {},
    timeoutMs: TIMEOUT_MS,
  }
}

const invitationOf = (row: PendingInvitation): Invitation => {
  const isOpen = Date.parse(row.expiresAt) > Date.now()
  return {
    invitationBizId: row.id,
    workspaceBizId: row.organizationId,
    workspaceName: row.organizationName,
    inviterName: '',
    status: isOpen ? 'PENDING' : 'EXPIRED',
    expiresAt: Date.parse(row.expiresAt),
    canAccept: isOpen,
  }
}
