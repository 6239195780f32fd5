import { finite, integerFrom, orNull, text, yesOrNo } from '../checks.ts'
import { checkWhole, type Shape } from '../shape.ts'
import type { FakeAccount } from './account.ts'

const credentials = {
  accessToken: text,
  accessTokenExpiresAt: orNull(finite),
  refreshToken: text,
  clientHash: orNull(text),
}

const times = { list: finite }

export const accountShape = {
  object: {
    email: text,
    password: text,
    emailCode: text,
    portalAccessCode: text,
    ...credentials,
    address: text,
    mfaMethods: {
      list: { object: { method: text, isEnabled: yesOrNo, isPrimary: yesOrNo, verifiedAt: orNull(finite) } },
    },
    otpSecret: orNull(text),
    otpSetup: { object: { secret: text, expiresAt: finite }, nullable: true },
    otpLastStep: orNull(finite),
    backupCodes: { object: { remainingCount: finite, totalCount: finite } },
    ipWhitelist: { object: { enabled: yesOrNo, entries: { list: orNull(text) } } },
    sessions: {
      list: {
        object: {
          sessionId: text,
          clientIp: text,
          isCurrent: yesOrNo,
          deviceInfo: text,
          location: orNull(text),
          userAgent: text,
          createdAt: finite,
          lastActiveAt: finite,
          credentials: { object: credentials, nullable: true },
        },
      },
    },
    invitations: {
      list: {
        object: {
          invitationBizId: text,
          workspaceBizId: text,
          workspaceName: text,
          inviterBizId: text,
          inviterName: text,
          inviteeEmail: text,
          status: text,
          message: orNull(text),
          expiresAt: orNull(finite),
          acceptedAt: orNull(finite),
          createdAt: finite,
          acceptable: yesOrNo,
          refusedWith: orNull(integerFrom(400, 499)),
          becomesDefault: yesOrNo,
          nextAction: text,
        },
      },
    },
    workspaces: {
      list: {
        object: {
          workspaceBizId: text,
          workspaceName: text,
          isDefault: yesOrNo,
          enterable: yesOrNo,
          defaultEligible: yesOrNo,
          isOwner: yesOrNo,
          joinSource: text,
          createdAt: finite,
        },
      },
    },
    attempts: { object: { setupOtp: times, verifyOtp: times, revokeOtp: times } },
  },
} satisfies { object: Record<keyof FakeAccount, Shape> }

/** Throws a `TypeError` that names the place when the account has an unknown key, a wrong type or contradicts itself. */
export function checkAccount(account: FakeAccount): void {
  checkWhole(account, accountShape, 'account')
  if (account.mfaMethods[0]?.method !== 'EMAIL') throw new TypeError('account.mfaMethods[0] must be EMAIL')
  for (const [name, rows] of [
    ['sessions', account.sessions.filter(({ isCurrent }) => isCurrent)],
    ['workspaces', account.workspaces.filter(({ isDefault }) => isDefault)],
  ] as const) {
    if (rows.length > 1)
      throw new TypeError(`account.${name} has more than one ${name === 'sessions' ? 'current' : 'default'} row`)
  }
}
