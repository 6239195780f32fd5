import type { Setting, SettingOptions } from './setting.ts'

type Account = NonNullable<NonNullable<SettingOptions['portal']>['account']>

/** A write of a step: what the account is like, the write, what tells its outcome, and how the user gets there. */
export interface Write {
  readonly step: 'invitations' | 'mfa' | 'otpEnrollment' | 'sessions' | 'workspace'
  readonly account: Account
  readonly write:
    | 'acceptInvitation'
    | 'declineInvitation'
    | 'revokeOtp'
    | 'verifyOtp'
    | 'terminateSession'
    | 'terminateOtherSessions'
    | 'setDefaultWorkspace'
  readonly read: 'listInvitations' | 'listMfaMethods' | 'listSessions' | 'listWorkspaces'
  readonly wish: (setting: Setting) => Promise<readonly object[]>
}

const acme = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'
const always =
  (...events: readonly object[]) =>
  async () =>
    events

export const otpOn: Account = { mfaMethods: [{ method: 'OTP', isEnabled: true }] }
export const twoWorkspaces: Account = { workspaces: [{ workspaceBizId: 'WS_A' }, { workspaceBizId: 'WS_B' }] }

export const writes: readonly Write[] = [
  {
    step: 'invitations',
    account: {},
    write: 'acceptInvitation',
    read: 'listInvitations',
    wish: always({ type: 'invitation.accept', invitationBizId: acme }),
  },
  {
    step: 'invitations',
    account: {},
    write: 'declineInvitation',
    read: 'listInvitations',
    wish: always({ type: 'invitation.decline', invitationBizId: acme }),
  },
  {
    step: 'mfa',
    account: otpOn,
    write: 'revokeOtp',
    read: 'listMfaMethods',
    wish: always({ type: 'otp.revoke' }, { type: 'revoke.confirm' }),
  },
  {
    step: 'otpEnrollment',
    account: {},
    write: 'verifyOtp',
    read: 'listMfaMethods',
    wish: async ({ portal }) => [{ type: 'code.submit', code: await portal.authenticator.code() }],
  },
  {
    step: 'sessions',
    account: {},
    write: 'terminateSession',
    read: 'listSessions',
    wish: always({ type: 'session.terminate', sessionId: 'SESS...R_001' }, { type: 'termination.confirm' }),
  },
  {
    step: 'sessions',
    account: {},
    write: 'terminateOtherSessions',
    read: 'listSessions',
    wish: always({ type: 'sessions.terminateOthers' }, { type: 'termination.confirm' }),
  },
  {
    step: 'workspace',
    account: twoWorkspaces,
    write: 'setDefaultWorkspace',
    read: 'listWorkspaces',
    wish: always({ type: 'workspace.choose', workspaceBizId: 'WS_B', makeDefault: true }),
  },
]
