import { check } from '../schema.ts'
import { withoutUndefined } from '../without-undefined.ts'
import {
  defaultAccount,
  type FakeAccount,
  type FakeInvitation,
  type FakeMfaMethod,
  type FakeSession,
  type FakeWorkspace,
  fakeInvitation,
  fakeMfaMethod,
  fakeSession,
  fakeWorkspace,
} from './account.ts'
import { accountSchema } from './account-schema.ts'

/**
 * Parts of an account to start with. A list replaces the default list; what its items leave out is filled in, with ids of their
 * own where several items leave theirs out.
 */
export interface AccountOverrides
  extends Partial<
    Omit<
      FakeAccount,
      'mfaMethods' | 'backupCodes' | 'ipWhitelist' | 'sessions' | 'invitations' | 'workspaces' | 'attempts'
    >
  > {
  readonly mfaMethods?: readonly Partial<FakeMfaMethod>[]
  readonly backupCodes?: Partial<FakeAccount['backupCodes']>
  readonly ipWhitelist?: Partial<FakeAccount['ipWhitelist']>
  readonly sessions?: readonly Partial<FakeSession>[]
  readonly invitations?: readonly Partial<FakeInvitation>[]
  readonly workspaces?: readonly Partial<FakeWorkspace>[]
  readonly attempts?: Partial<FakeAccount['attempts']>
}

/** A secret for accounts that begin with OTP on and name none: the one that many pages about TOTP show. */
const SAMPLE_SECRET = 'JBSWY3DPEHPK3PXP'

/** The default account with `overrides`, which are of its shape, put over it. Throws a `TypeError` when it contradicts itself. */
export function createAccount(overrides: AccountOverrides, now: number): FakeAccount {
  const base = defaultAccount(now)
  const parts = withoutUndefined(overrides)
  const email = parts.email ?? base.email
  const account: FakeAccount = {
    ...base,
    ...parts,
    mfaMethods: parts.mfaMethods ? withEmail(parts.mfaMethods) : base.mfaMethods,
    backupCodes: { ...base.backupCodes, ...parts.backupCodes },
    ipWhitelist: { ...base.ipWhitelist, ...parts.ipWhitelist },
    attempts: { ...base.attempts, ...parts.attempts },
    sessions:
      parts.sessions?.map((part, index) =>
        fakeSession({ sessionId: `SESSION_OTHER_X_${ordinal(index)}`, createdAt: now, lastActiveAt: now, ...part }),
      ) ?? base.sessions,
    invitations: (parts.invitations ?? base.invitations).map((part, index) =>
      fakeInvitation({
        invitationBizId: `a1b2c3d4-e5f6-4890-abcd-ef1234567${ordinal(index)}`,
        workspaceBizId: `WS_ACME_${ordinal(index)}`,
        createdAt: now,
        ...part,
        inviteeEmail: (parts.invitations && part.inviteeEmail) ?? email,
      }),
    ),
    workspaces:
      parts.workspaces?.map((part, index) =>
        fakeWorkspace({ workspaceBizId: `WS_OTHER_${ordinal(index)}`, createdAt: now, ...part }),
      ) ?? base.workspaces,
  }
  account.address = parts.address ?? account.sessions.find(({ isCurrent }) => isCurrent)?.clientIp ?? base.address
  fillOtpSecret(account)
  check(account, accountSchema, 'account')
  return account
}

/** Where OTP is said to be on, there is a secret: else it could not be revoked, nor used to sign in. */
export function fillOtpSecret(account: FakeAccount): void {
  const isOn = account.mfaMethods.some(({ method, isEnabled }) => method === 'OTP' && isEnabled)
  if (isOn && account.otpSecret === null) account.otpSecret = SAMPLE_SECRET
}

/** EMAIL is virtual: it is there whether a list names it or not. */
function withEmail(methods: readonly Partial<FakeMfaMethod>[]): FakeMfaMethod[] {
  const email = methods.find(({ method }) => method === 'EMAIL')
  const others = methods.filter((method) => method !== email)
  return [
    fakeMfaMethod({ isEnabled: true, isPrimary: true, ...email, method: 'EMAIL' }),
    ...others.map((part) => fakeMfaMethod(part)),
  ]
}

const ordinal = (index: number) => String(index + 1).padStart(3, '0')
