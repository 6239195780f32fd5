import * as z from 'zod/mini'
import {
  type Fields,
  finite,
  finiteOrNull,
  flag,
  list,
  nullable,
  object,
  partial,
  type Schema,
  text,
  textOrNull,
  wholeNumber,
} from '../schema.ts'
import type {
  FakeAccount,
  FakeCredentials,
  FakeInvitation,
  FakeMfaMethod,
  FakeSession,
  FakeWorkspace,
} from './account.ts'
import type { AccountOverrides } from './account-overrides.ts'

const credentials: Fields<FakeCredentials> = {
  accessToken: text,
  accessTokenExpiresAt: finiteOrNull,
  refreshToken: text,
  clientHash: textOrNull,
}

const mfaMethod: Fields<FakeMfaMethod> = { method: text, isEnabled: flag, isPrimary: flag, verifiedAt: finiteOrNull }

const session: Fields<FakeSession> = {
  sessionId: text,
  clientIp: text,
  isCurrent: flag,
  deviceInfo: text,
  location: textOrNull,
  userAgent: text,
  createdAt: finite,
  lastActiveAt: finite,
  credentials: nullable(object(credentials)),
}

const REFUSAL_STATUS = 'must be a whole number from 400 to 499 or null'

const invitation: Fields<FakeInvitation> = {
  invitationBizId: text,
  workspaceBizId: text,
  workspaceName: text,
  inviterBizId: text,
  inviterName: text,
  inviteeEmail: text,
  status: text,
  message: textOrNull,
  expiresAt: finiteOrNull,
  acceptedAt: finiteOrNull,
  createdAt: finite,
  acceptable: flag,
  refusedWith: nullable(wholeNumber(400, 499, REFUSAL_STATUS)),
  becomesDefault: flag,
  nextAction: text,
}

const workspace: Fields<FakeWorkspace> = {
  workspaceBizId: text,
  workspaceName: text,
  isDefault: flag,
  enterable: flag,
  defaultEligible: flag,
  isOwner: flag,
  joinSource: text,
  createdAt: finite,
}

const backupCodes: Fields<FakeAccount['backupCodes']> = { remainingCount: finite, totalCount: finite }
const ipWhitelist: Fields<FakeAccount['ipWhitelist']> = { enabled: flag, entries: list(textOrNull) }
const attempts: Fields<FakeAccount['attempts']> = {
  setupOtp: list(finite),
  verifyOtp: list(finite),
  revokeOtp: list(finite),
}

/** What an override gives as it is, or not at all. */
const simple = {
  email: text,
  password: text,
  emailCode: text,
  portalAccessCode: text,
  ...credentials,
  address: text,
  otpSecret: textOrNull,
  otpSetup: nullable(object<NonNullable<FakeAccount['otpSetup']>>({ secret: text, expiresAt: finite })),
  otpLastStep: finiteOrNull,
}

const atMostOne = <Row>(isOne: (row: Row) => boolean, error: string) =>
  z.refine<readonly Row[]>((rows) => rows.filter(isOne).length <= 1, error)

/** An account that does not contradict itself. */
export const accountSchema: Schema<FakeAccount> = object<FakeAccount>({
  ...simple,
  mfaMethods: list<FakeMfaMethod[]>(object(mfaMethod)).check(
    z.refine(([first]) => first?.method === 'EMAIL', { path: [0], error: 'must be EMAIL' }),
  ),
  backupCodes: object(backupCodes),
  ipWhitelist: object(ipWhitelist),
  sessions: list<FakeSession[]>(object(session)).check(
    atMostOne<FakeSession>(({ isCurrent }) => isCurrent, 'has more than one current row'),
  ),
  invitations: list(object(invitation)),
  workspaces: list<FakeWorkspace[]>(object(workspace)).check(
    atMostOne<FakeWorkspace>(({ isDefault }) => isDefault, 'has more than one default row'),
  ),
  attempts: object(attempts),
})

export const overridesSchema: Schema<AccountOverrides> = partial<AccountOverrides>({
  ...simple,
  mfaMethods: list(partial(mfaMethod)),
  backupCodes: partial(backupCodes),
  ipWhitelist: partial(ipWhitelist),
  sessions: list(partial(session)),
  invitations: list(partial(invitation)),
  workspaces: list(partial(workspace)),
  attempts: partial(attempts),
})
