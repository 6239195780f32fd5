import type { TracedOperation } from '../../src/api/transport/trace.ts'
import type { JsonSchema } from './forms.ts'

export const tags = {
  MFA: 'The factors of the account.',
  'IP whitelist': 'Where the account may sign in from.',
  Sessions: 'Where the account is signed in.',
  Invitations: 'The inbox, and its answers.',
  Workspaces: 'Where the user may go.',
  'Secure channel': 'The encrypted channel inside TLS.',
} as const

/** What the endpoints of the adapter do not say about themselves: a title, the names of their forms, and examples. */
export interface OperationNote {
  readonly tag: keyof typeof tags
  readonly summary: string
  /** The section of docs/contract.md. */
  readonly section: string
  /** The body that is sent; null: none. */
  readonly body: { readonly schema: JsonSchema; readonly example: unknown; readonly isOptional?: true } | null
  /** The form of the data that comes back; null: none is needed. `isList`: it is of each row. */
  readonly data: { readonly form: string; readonly isList?: true; readonly example: unknown } | null
}

/** The time of the examples: 2026-11-24T12:00:00Z. */
export const EXAMPLE_TIME = Date.UTC(2026, 10, 24, 12)
const HOUR_MS = 3_600_000
const later = (hours: number) => new Date(EXAMPLE_TIME + hours * HOUR_MS).toISOString()

const TEXT: JsonSchema = { type: 'string', minLength: 1 }
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const WHITELIST = { enabled: false, entries: ['203.0.113.10', '2001:db8::/48'] }
/** The public half of a key that was made for this file; nobody has the other half. */
const PUBLIC_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsLZ6rfJHnlSXemZsQzNOoEb95HVoqQHm9+N441Oy+feM//tPnIvPZJrVzzSMKSdezX423Ir++ETzPjKFpBXsx1pZdgsmsSo7iZxgQ/EcpngtScC4JfuB+Xi8boQzXtHA4uUk0ghk2wzqXAVOSZfrCNVXlQkE7vQQ3jErQCwzNt4lxBgRj1vvMJL2Ar2p0AbqKqK7Sq5dgFvyxsr6Bz4AySzX5AM7wM171TdIBOSoZI0zaFo1fToLucryNX0hoLhnPZc8aULwMTWicDyvF21BRPJ5ePjB9zZUJ5pC58oP25kf45PQtzhl3CGr/YrQLp7l8Koe06OuAS7xsPnhNeodKQIDAQAB'

const body = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
})

export const operationNotes: Readonly<Record<TracedOperation, OperationNote>> = {
  listMfaMethods: {
    tag: 'MFA',
    summary: 'The factors of the account',
    section: 'mfa-methods',
    body: null,
    data: {
      form: 'MfaMethod',
      isList: true,
      example: [
        {
          mfaMethod: { code: 'EMAIL', value: 10020101, label: 'Email' },
          isEnabled: true,
          isPrimary: true,
          verifiedAt: later(-720),
        },
        {
          mfaMethod: { code: 'OTP', value: 10020102, label: 'Authenticator app' },
          isEnabled: false,
          isPrimary: false,
          verifiedAt: null,
        },
      ],
    },
  },
  setupOtp: {
    tag: 'MFA',
    summary: 'A new OTP secret, shown once',
    section: 'otp-setup',
    body: null,
    data: {
      form: 'OtpSetup',
      example: {
        secret: SECRET,
        qrCodeUri: `otpauth://totp/SlaunchX:maya%40example.org?secret=${SECRET}&issuer=SlaunchX`,
        issuer: 'SlaunchX',
        accountName: 'maya@example.org',
      },
    },
  },
  verifyOtp: {
    tag: 'MFA',
    summary: 'Turns OTP on with a code of the app',
    section: 'otp-verify',
    body: { schema: body({ code: { type: 'string', pattern: '^[0-9]{6}$' } }, ['code']), example: { code: '123456' } },
    data: null,
  },
  revokeOtp: {
    tag: 'MFA',
    summary: 'Turns OTP off and deletes the secret',
    section: 'otp-revoke',
    body: null,
    data: null,
  },
  getBackupCodeStatus: {
    tag: 'MFA',
    summary: 'How many backup codes are left',
    section: 'backup-codes',
    body: null,
    data: { form: 'BackupCodes', example: { remainingCount: 8, totalCount: 10 } },
  },
  getIpWhitelist: {
    tag: 'IP whitelist',
    summary: 'The list, and whether it is enforced',
    section: 'whitelist-read',
    body: null,
    data: { form: 'IpWhitelist', example: WHITELIST },
  },
  replaceIpWhitelist: {
    tag: 'IP whitelist',
    summary: 'Replaces the whole list',
    section: 'whitelist-replace',
    body: {
      schema: body({ entries: { type: 'array', items: {}, description: 'Addresses and CIDR ranges.' } }, ['entries']),
      example: { entries: WHITELIST.entries },
    },
    data: { form: 'IpWhitelist', example: WHITELIST },
  },
  enableIpWhitelist: {
    tag: 'IP whitelist',
    summary: 'Enforces the list from the next login on',
    section: 'whitelist-switch',
    body: null,
    data: null,
  },
  disableIpWhitelist: {
    tag: 'IP whitelist',
    summary: 'Enforces the list no more',
    section: 'whitelist-switch',
    body: null,
    data: null,
  },
  listSessions: {
    tag: 'Sessions',
    summary: 'Where the account is signed in',
    section: 'session-list',
    body: null,
    data: {
      form: 'Session',
      isList: true,
      example: [
        {
          sessionId: 'SESS...C_001',
          clientIp: '203.0.113.10',
          isCurrent: true,
          deviceInfo: 'Firefox on Linux',
          location: 'Lisbon',
          lastActiveAt: later(0),
        },
        {
          sessionId: 'SESS...O_002',
          clientIp: '198.51.100.7',
          isCurrent: false,
          deviceInfo: 'Safari on iPhone',
          location: null,
          lastActiveAt: later(-26),
        },
      ],
    },
  },
  terminateSession: {
    tag: 'Sessions',
    summary: 'Ends one session',
    section: 'session-terminate',
    body: { schema: body({ sessionId: TEXT }, ['sessionId']), example: { sessionId: 'SESS...O_002' } },
    data: null,
  },
  terminateOtherSessions: {
    tag: 'Sessions',
    summary: 'Ends all sessions but the current one',
    section: 'session-terminate-all',
    body: null,
    data: { form: 'Count', example: 2 },
  },
  listInvitations: {
    tag: 'Invitations',
    summary: 'The inbox of the user',
    section: 'inbox',
    body: null,
    data: {
      form: 'Invitation',
      isList: true,
      example: [
        {
          bizId: 'a1b2c3d4-e5f6-4890-abcd-ef1234567890',
          workspaceBizId: 'WS_ACME_001',
          workspaceName: 'Acme',
          inviterName: 'Noor',
          invitationStatus: { code: 'PENDING', value: 10050301, label: 'Pending' },
          expiresAt: later(24 * 365),
          canAccept: true,
        },
      ],
    },
  },
  acceptInvitation: {
    tag: 'Invitations',
    summary: 'Joins the workspace',
    section: 'accept',
    body: null,
    data: {
      form: 'Acceptance',
      example: {
        workspaceBizId: 'WS_ACME_001',
        becameDefaultWorkspace: false,
        nextAction: { code: 'ENTER_ACCEPTED_WORKSPACE', value: 10050403, label: 'Enter accepted workspace' },
      },
    },
  },
  declineInvitation: {
    tag: 'Invitations',
    summary: 'Declines for good',
    section: 'decline',
    body: {
      schema: body({ reason: { type: 'string', maxLength: 500 } }, []),
      example: { reason: 'Wrong account' },
      isOptional: true,
    },
    data: null,
  },
  listWorkspaces: {
    tag: 'Workspaces',
    summary: 'The workspaces of the user',
    section: 'workspaces',
    body: null,
    data: {
      form: 'Workspace',
      isList: true,
      example: [
        {
          workspaceBizId: 'WS_HOME_001',
          workspaceName: 'Home',
          isDefault: true,
          enterable: true,
          defaultEligible: true,
        },
      ],
    },
  },
  setDefaultWorkspace: {
    tag: 'Workspaces',
    summary: 'Where the user starts',
    section: 'workspaces',
    body: null,
    data: null,
  },
  getChannelKey: {
    tag: 'Secure channel',
    summary: 'The public key of the portal',
    section: 'channel-key',
    body: null,
    data: {
      form: 'ChannelKey',
      example: {
        keyId: 'rsa-key-1',
        publicKey: PUBLIC_KEY,
        algorithm: 'RSA-OAEP-2048',
        keySize: 2048,
        createdAt: later(-720),
        expiresAt: null,
      },
    },
  },
  openChannel: {
    tag: 'Secure channel',
    summary: 'Gives the portal the two keys of a session',
    section: 'channel-session',
    body: {
      schema: body({ keyId: TEXT, encReqKey: TEXT, encRespKey: TEXT }, ['keyId', 'encReqKey', 'encRespKey']),
      example: { keyId: 'rsa-key-1', encReqKey: 'c2VhbGVkIHJlcXVlc3Qga2V5', encRespKey: 'c2VhbGVkIHJlcGx5IGtleQ==' },
    },
    data: { form: 'ChannelSession', example: { sessionId: 'sc-0002', expiresAt: EXAMPLE_TIME + 24 * HOUR_MS } },
  },
  closeChannel: {
    tag: 'Secure channel',
    summary: 'Ends a session of the channel',
    section: 'channel-close',
    body: null,
    data: null,
  },
}
