/**
 * The account that the fake portal keeps: plain data, on the portal's clock (epoch ms). Read it from `portal.account`, change it
 * with `portal.update`, give parts of it to `createFakePortal({ account })`.
 */
export interface FakeAccount {
  /** The sign-in name, and the `accountName` of an OTP setup. */
  email: string
  password: string
  /** The login code that is in the user's mailbox. */
  emailCode: string
  /** What every request must carry as `X-PORTAL-ACCESS-CODE`. */
  portalAccessCode: string
  /** The `X-Client-Hash` of the login behind the current session; null where that login sent none. */
  clientHash: string | null
  /** The token of the current session. Change it, and the one before it is stale. */
  accessToken: string
  /** Null: it does not expire. */
  accessTokenExpiresAt: number | null
  refreshToken: string
  /** Where the user's requests come from, unless `CF-Connecting-IP` or `X-Real-IP` says otherwise. */
  address: string
  /** As listed; EMAIL is virtual and always first (docs/contract.md#mfa-methods). */
  mfaMethods: FakeMfaMethod[]
  /** The verified secret, base32; null while OTP was never verified. */
  otpSecret: string | null
  /** The setup that waits for its first code; null when there is none. */
  otpSetup: { secret: string; expiresAt: number } | null
  /** The time step of the last code that was accepted: no code is good twice (RFC 6238, 5.2). */
  otpLastStep: number | null
  backupCodes: { remainingCount: number; totalCount: number }
  /** What another client entered may be no address, empty or null. It lets nobody in. */
  ipWhitelist: { enabled: boolean; entries: (string | null)[] }
  /** At most one is current: the session that `accessToken` belongs to. */
  sessions: FakeSession[]
  /** All that exist on the portal; the inbox shows those addressed to `email`. */
  invitations: FakeInvitation[]
  workspaces: FakeWorkspace[]
  /** When each limited operation was tried, epoch ms: 5 in 300 s are let through (docs/contract.md#rate-limits). */
  attempts: { setupOtp: number[]; verifyOtp: number[]; revokeOtp: number[] }
}

/** A factor of the fake account. */
export interface FakeMfaMethod {
  /** The portal's code: `EMAIL`, `OTP`, `BACKUP_CODE`. */
  method: string
  isEnabled: boolean
  isPrimary: boolean
  /** Epoch ms, the portal's clock; null if never. */
  verifiedAt: number | null
}

/** A session of the fake account. */
export interface FakeSession {
  /** The whole id; the portal only ever shows it masked. */
  sessionId: string
  /** Where it was opened from. */
  clientIp: string
  /** The session that `account.accessToken` belongs to. */
  isCurrent: boolean
  deviceInfo: string
  location: string | null
  userAgent: string
  /** Epoch ms, the portal's clock. */
  createdAt: number
  /** Epoch ms, the portal's clock. */
  lastActiveAt: number
  /** Of a session that is not the current one and was opened by a login here; null where nobody here knows them. */
  credentials: FakeCredentials | null
}

/** The tokens of a session. */
export interface FakeCredentials {
  accessToken: string
  /** Epoch ms, the portal's clock; null: never. */
  accessTokenExpiresAt: number | null
  refreshToken: string
  /** The `X-Client-Hash` of its login; null where that sent none. */
  clientHash: string | null
}

/** An invitation that exists on the fake portal. */
export interface FakeInvitation {
  invitationBizId: string
  workspaceBizId: string
  workspaceName: string
  inviterBizId: string
  inviterName: string
  /** Somebody else's address makes it somebody else's invitation. */
  inviteeEmail: string
  /** A pending one past `expiresAt` is shown and treated as `EXPIRED`. */
  status: string
  message: string | null
  /** Epoch ms, the portal's clock; null: never. */
  expiresAt: number | null
  /** Epoch ms, the portal's clock; null if it was not accepted. */
  acceptedAt: number | null
  /** Epoch ms, the portal's clock. */
  createdAt: number
  /** False: the portal does not let it be accepted, for reasons of its own. */
  acceptable: boolean
  /** The status with which accepting and declining are both refused, although the inbox shows it as pending. Null: neither is. */
  refusedWith: number | null
  /** Accepting makes its workspace the default one. */
  becomesDefault: boolean
  /** What accepting names as the next step (docs/contract.md#accept). */
  nextAction: string
}

/** A workspace of the fake account. */
export interface FakeWorkspace {
  workspaceBizId: string
  workspaceName: string
  isDefault: boolean
  /** Can it be entered now? */
  enterable: boolean
  /** Can it be made the default? */
  defaultEligible: boolean
  isOwner: boolean
  /** How the user became a member: `CREATED`, `INVITED`. */
  joinSource: string
  /** Epoch ms, the portal's clock. */
  createdAt: number
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/**
 * An invitation for `portal.update`: pending and without a time limit, unless `parts` says otherwise.
 *
 * @example
 * ```ts
 * portal.update((account) => {
 *   account.invitations = [fakeInvitation({ workspaceName: 'Initech', becomesDefault: true })]
 * })
 * const [invitation] = await api.listInvitations()
 * invitation?.workspaceName // => 'Initech'
 * ```
 */
export function fakeInvitation(parts: Partial<FakeInvitation> = {}): FakeInvitation {
  return {
    invitationBizId: 'a1b2c3d4-e5f6-4890-abcd-ef1234567890',
    workspaceBizId: 'WS_ACME_001',
    workspaceName: 'Acme Operations',
    inviterBizId: 'USER_INVITER_001',
    inviterName: 'Ada Quist',
    inviteeEmail: 'maya@example.com',
    status: 'PENDING',
    message: null,
    expiresAt: null,
    acceptedAt: null,
    createdAt: 0,
    acceptable: true,
    refusedWith: null,
    becomesDefault: false,
    nextAction: 'ENTER_ACCEPTED_WORKSPACE',
    ...parts,
  }
}

/**
 * A session for `portal.update`: not the current one, unless `parts` says otherwise.
 *
 * @example
 * ```ts
 * portal.update((account) => {
 *   account.sessions.push(fakeSession({ clientIp: '192.0.2.1' }))
 * })
 * const sessions = await api.listSessions()
 * sessions.at(-1)?.clientIp // => '192.0.2.1'
 * ```
 */
export function fakeSession(parts: Partial<FakeSession> = {}): FakeSession {
  return {
    sessionId: 'SESSION_OTHER_X_001',
    clientIp: '198.51.100.90',
    isCurrent: false,
    deviceInfo: 'Ubuntu - Firefox 121',
    location: null,
    userAgent: 'Mozilla/5.0',
    createdAt: 0,
    lastActiveAt: 0,
    credentials: null,
    ...parts,
  }
}

/**
 * A workspace for `portal.update`: it can be entered and made the default, unless `parts` says otherwise.
 *
 * @example
 * ```ts
 * portal.update((account) => {
 *   account.workspaces = [fakeWorkspace({ workspaceName: 'Archive', enterable: false })]
 * })
 * const [workspace] = await api.listWorkspaces()
 * workspace?.enterable // => false
 * ```
 */
export function fakeWorkspace(parts: Partial<FakeWorkspace> = {}): FakeWorkspace {
  return {
    workspaceBizId: 'WS_OTHER_001',
    workspaceName: 'Other Workspace',
    isDefault: false,
    enterable: true,
    defaultEligible: true,
    isOwner: false,
    joinSource: 'INVITED',
    createdAt: 0,
    ...parts,
  }
}

/**
 * A factor for `portal.update`: OTP, turned off, unless `parts` says otherwise.
 *
 * @example
 * ```ts
 * portal.update((account) => {
 *   account.mfaMethods = [fakeMfaMethod({ method: 'EMAIL', isEnabled: true }), fakeMfaMethod({ isEnabled: true })]
 * })
 * const methods = await api.listMfaMethods()
 * methods.map(({ isEnabled }) => isEnabled) // => [true, true]
 * ```
 */
export function fakeMfaMethod(parts: Partial<FakeMfaMethod> = {}): FakeMfaMethod {
  return { method: 'OTP', isEnabled: false, isPrimary: false, verifiedAt: null, ...parts }
}

/** An account with something to do in every step: two invitations, no OTP, no whitelist, three sessions, two workspaces. */
export function defaultAccount(now: number): FakeAccount {
  return {
    email: 'maya@example.com',
    password: 'correct horse battery',
    emailCode: 'K7M2QX',
    portalAccessCode: 'SYSTEM_PORTAL',
    clientHash: 'client-hash-0001',
    accessToken: 'access-token-0001',
    accessTokenExpiresAt: null,
    refreshToken: 'refresh-token-0001',
    address: '203.0.113.10',
    mfaMethods: [fakeMfaMethod({ method: 'EMAIL', isEnabled: true, isPrimary: true }), fakeMfaMethod()],
    otpSecret: null,
    otpSetup: null,
    otpLastStep: null,
    backupCodes: { remainingCount: 8, totalCount: 10 },
    ipWhitelist: { enabled: false, entries: [] },
    sessions: [
      fakeSession({
        sessionId: 'SESSION_CURRENT_C_001',
        clientIp: '203.0.113.10',
        isCurrent: true,
        deviceInfo: 'Windows 10 - Chrome 120',
        location: 'Lisbon, Portugal',
        createdAt: now - 5 * MINUTE_MS,
        lastActiveAt: now,
      }),
      fakeSession({
        sessionId: 'SESSION_REMOTE_R_001',
        clientIp: '198.51.100.24',
        deviceInfo: 'iPhone - Safari 17',
        location: 'Porto, Portugal',
        createdAt: now - 3 * DAY_MS,
        lastActiveAt: now - 40 * MINUTE_MS,
      }),
      fakeSession({
        sessionId: 'SESSION_STALE_S_002',
        clientIp: '192.0.2.77',
        createdAt: now - 40 * DAY_MS,
        lastActiveAt: now - 39 * DAY_MS,
      }),
    ],
    invitations: [
      fakeInvitation({
        message: 'Welcome aboard.',
        expiresAt: now + 7 * DAY_MS,
        createdAt: now - DAY_MS,
      }),
      fakeInvitation({
        invitationBizId: 'b2c3d4e5-f6a7-4901-bcde-f12345678901',
        workspaceBizId: 'WS_GLOBEX_002',
        workspaceName: 'Globex Treasury',
        inviterBizId: 'USER_INVITER_002',
        inviterName: 'Bo Lindqvist',
        expiresAt: now + 2 * DAY_MS,
        createdAt: now - 2 * DAY_MS,
        nextAction: 'CHOOSE_WORKSPACE',
      }),
    ],
    workspaces: [
      fakeWorkspace({
        workspaceBizId: 'WS_HOME_001',
        workspaceName: 'Maya’s Workspace',
        isDefault: true,
        isOwner: true,
        joinSource: 'CREATED',
        createdAt: now - 100 * DAY_MS,
      }),
      fakeWorkspace({
        workspaceBizId: 'WS_LAB_001',
        workspaceName: 'Reporting Lab',
        createdAt: now - 50 * DAY_MS,
      }),
    ],
    attempts: { setupOtp: [], verifyOtp: [], revokeOtp: [] },
  }
}
