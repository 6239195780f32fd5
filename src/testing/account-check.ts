import type { FakeAccount } from './account.ts'

/** What a value of the account may be; `?` allows null too. */
type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'string?'
  | 'number?'
  | { readonly list: Shape }
  | { readonly object: Readonly<Record<string, Shape>>; readonly nullable?: true }

const credentials = {
  accessToken: 'string',
  accessTokenExpiresAt: 'number?',
  refreshToken: 'string',
  clientHash: 'string?',
} as const

const times = { list: 'number' } as const

const accountShape = {
  object: {
    email: 'string',
    password: 'string',
    emailCode: 'string',
    portalAccessCode: 'string',
    ...credentials,
    address: 'string',
    mfaMethods: {
      list: { object: { method: 'string', isEnabled: 'boolean', isPrimary: 'boolean', verifiedAt: 'number?' } },
    },
    otpSecret: 'string?',
    otpSetup: { object: { secret: 'string', expiresAt: 'number' }, nullable: true },
    otpLastStep: 'number?',
    backupCodes: { object: { remainingCount: 'number', totalCount: 'number' } },
    ipWhitelist: { object: { enabled: 'boolean', entries: { list: 'string' } } },
    sessions: {
      list: {
        object: {
          sessionId: 'string',
          clientIp: 'string',
          isCurrent: 'boolean',
          deviceInfo: 'string',
          location: 'string?',
          userAgent: 'string',
          createdAt: 'number',
          lastActiveAt: 'number',
          credentials: { object: credentials, nullable: true },
        },
      },
    },
    invitations: {
      list: {
        object: {
          invitationBizId: 'string',
          workspaceBizId: 'string',
          workspaceName: 'string',
          inviterBizId: 'string',
          inviterName: 'string',
          inviteeEmail: 'string',
          status: 'string',
          message: 'string?',
          expiresAt: 'number?',
          acceptedAt: 'number?',
          createdAt: 'number',
          acceptable: 'boolean',
          becomesDefault: 'boolean',
          nextAction: 'string',
        },
      },
    },
    workspaces: {
      list: {
        object: {
          workspaceBizId: 'string',
          workspaceName: 'string',
          isDefault: 'boolean',
          enterable: 'boolean',
          defaultEligible: 'boolean',
          isOwner: 'boolean',
          joinSource: 'string',
          createdAt: 'number',
        },
      },
    },
    attempts: { object: { setupOtp: times, verifyOtp: times, revokeOtp: times } },
  },
} as const satisfies { object: Record<keyof FakeAccount, Shape> }

/** Throws a `TypeError` that names the place when the account has an unknown key, a wrong type or contradicts itself. */
export function checkAccount(account: FakeAccount): void {
  check(account, accountShape, 'account')
  if (account.mfaMethods[0]?.method !== 'EMAIL') throw new TypeError('account.mfaMethods[0] must be EMAIL')
  for (const [name, rows] of [
    ['sessions', account.sessions.filter(({ isCurrent }) => isCurrent)],
    ['workspaces', account.workspaces.filter(({ isDefault }) => isDefault)],
  ] as const) {
    if (rows.length > 1)
      throw new TypeError(`account.${name} has more than one ${name === 'sessions' ? 'current' : 'default'} row`)
  }
}

function check(value: unknown, shape: Shape, path: string): void {
  if (typeof shape === 'string') {
    const nullable = shape.endsWith('?')
    const type = nullable ? shape.slice(0, -1) : shape
    if (typeof value === type && !Number.isNaN(value)) return
    if (nullable && value === null) return
    throw new TypeError(`${path} must be a ${type}${nullable ? ' or null' : ''}`)
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) throw new TypeError(`${path} must be an array`)
    value.forEach((item, index) => {
      check(item, shape.list, `${path}[${index}]`)
    })
    return
  }
  if (value === null && shape.nullable) return
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${path} must be an object`)
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(shape.object, key)) throw new TypeError(`${path}.${key} is not a part of the account`)
  }
  for (const [key, part] of Object.entries(shape.object)) {
    check((value as Record<string, unknown>)[key], part, `${path}.${key}`)
  }
}
