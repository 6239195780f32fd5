import * as z from 'zod/mini'
import { type FakeCredentials, type FakeSession, fakeSession } from '../account/account.ts'
import { matchTotp } from '../oracle/totp.ts'
import { text } from '../schema.ts'
import type { Call, Result, SignedInCall, World } from '../world.ts'
import { addressRefusal } from './ip-whitelist.ts'
import { wireMethod } from './mfa.ts'
import { leadToSignIn, Refusal, staleToken } from './refusal.ts'
import { noBody, readBody, textOfLength } from './request-body.ts'

const LOGIN_LIFETIME_MS = 300_000
const EMAIL = 10011001
const OTP = 10011002

/** The tokens of a session: the account's own for the current one, its own for the others. */
export function credentialsOf({ account }: World, session: FakeSession): FakeCredentials | null {
  return session.isCurrent ? account : session.credentials
}

/** The session that this access token belongs to. Throws 401, or 302 by that dialect, for a token that is stale or unknown. */
export function sessionByToken(world: World, accessToken: string): FakeSession {
  const session = world.account.sessions.find((candidate) => {
    const credentials = credentialsOf(world, candidate)
    if (credentials?.accessToken !== accessToken) return false
    return credentials.accessTokenExpiresAt === null || world.now() < credentials.accessTokenExpiresAt
  })
  if (session === undefined) throw world.behavior.dialect.staleToken === '302' ? leadToSignIn() : staleToken()
  return session
}

/** The fingerprint of a login must not change while its session lasts (docs/contract.md#headers). */
export function checkFingerprint({ clientHash }: FakeCredentials, sent: string | null): void {
  if (sent !== clientHash) throw new Refusal(403, 'AUTH.FINGERPRINT_MISMATCH')
}

function newTokens(world: World) {
  const { accessTokenLifetimeMs } = world.behavior
  return {
    accessToken: world.nextId('access-token'),
    accessTokenExpiresAt: accessTokenLifetimeMs === null ? null : world.now() + accessTokenLifetimeMs,
    refreshToken: world.nextId('refresh-token'),
  }
}

/** A new pair in place of the one that `refreshToken` belongs to; both old ones are void from then on. */
export function rotateTokens(world: World, refreshToken: string): FakeCredentials {
  for (const session of world.account.sessions) {
    const credentials = credentialsOf(world, session)
    if (credentials?.refreshToken === refreshToken) return Object.assign(credentials, newTokens(world))
  }
  throw staleToken()
}

/** Opens one more session, unless the whitelist keeps this address out: the rule at every login (docs/contract.md#ip-whitelist). */
export function openSession(
  world: World,
  address: string,
  clientHash: string | null,
): { readonly sessionId: string; readonly credentials: FakeCredentials } {
  const refusal = addressRefusal(world, address)
  if (refusal !== null) throw refusal
  const now = world.now()
  const credentials = { ...newTokens(world), clientHash }
  const sessionId = world.nextId('SESSION_LOGIN_L')
  world.account.sessions.push(
    fakeSession({ sessionId, clientIp: address, createdAt: now, lastActiveAt: now, credentials }),
  )
  return { sessionId, credentials }
}

export function initiateLogin(world: World, { body, address }: Call): Result {
  const { email, password } = readBody(body, { email: textOfLength(1, 255), password: textOfLength(8, 128) })
  const { account } = world
  if (email !== account.email || password !== account.password) throw new Refusal(401, 'AUTH.INVALID_CREDENTIALS')
  const refusal = addressRefusal(world, address)
  if (refusal !== null) throw refusal
  const sessionId = world.nextId('login')
  world.loginAttempts.set(sessionId, { expiresAt: world.now() + LOGIN_LIFETIME_MS })
  return {
    data: {
      sessionId,
      mfaMethods: account.mfaMethods
        .filter(({ isEnabled }) => isEnabled)
        .map(({ method }) => wireMethod(world, method)),
      expiresIn: LOGIN_LIFETIME_MS / 1000,
      accountStatus: null,
      pendingApproval: false,
    },
  }
}

export async function completeLogin(world: World, { body, address, header }: Call): Promise<Result> {
  const { sessionId, method, code } = readBody(body, {
    sessionId: text,
    method: z.int('must be an integer'),
    code: textOfLength(6, 10),
  })
  const attempt = world.loginAttempts.get(sessionId)
  if (attempt === undefined || world.now() >= attempt.expiresAt) throw new Refusal(404, 'AUTH.SESSION_NOT_FOUND')
  await checkLoginCode(world, method, code)
  // Another request may have completed this login while the code was computed.
  if (world.loginAttempts.get(sessionId) !== attempt) throw new Refusal(404, 'AUTH.SESSION_NOT_FOUND')
  const { credentials } = openSession(world, address, header('X-Client-Hash'))
  world.loginAttempts.delete(sessionId)
  return {
    data: {
      accessToken: credentials.accessToken,
      refreshToken: credentials.refreshToken,
      expiresIn: secondsLeft(world, credentials),
      accountStatus: null,
      pendingApproval: false,
    },
  }
}

async function checkLoginCode(world: World, method: number, code: string): Promise<void> {
  const { account, behavior } = world
  if (method === EMAIL && code === account.emailCode) return
  const isOtpOn = account.mfaMethods.some((row) => row.method === 'OTP' && row.isEnabled)
  if (method === OTP && isOtpOn && account.otpSecret !== null) {
    const step = await matchTotp(account.otpSecret, code, world.now(), behavior.totp, account.otpLastStep)
    // Read again: another request may have used this code while it was computed.
    const current = world.account
    if (step !== null && (current.otpLastStep === null || step > current.otpLastStep)) {
      current.otpLastStep = step
      return
    }
  }
  throw new Refusal(400, 'AUTH.MFA_CODE_INVALID')
}

/** `expiresIn`; the documented hour for a token that does not expire. */
const secondsLeft = ({ now }: World, { accessTokenExpiresAt }: FakeCredentials) =>
  accessTokenExpiresAt === null ? 3600 : Math.floor((accessTokenExpiresAt - now()) / 1000)

export function refreshToken(world: World, { body, header, address }: Call): Result {
  const { refreshToken: given } = readBody(body, { refreshToken: text })
  const owner = world.account.sessions
    .map((session) => credentialsOf(world, session))
    .find((credentials) => credentials?.refreshToken === given)
  if (owner != null) checkFingerprint(owner, header('X-Client-Hash'))
  const refusal = world.behavior.enforceOnEveryRequest ? addressRefusal(world, address) : null
  if (refusal !== null) throw refusal
  const credentials = rotateTokens(world, given)
  return {
    data: {
      accessToken: credentials.accessToken,
      refreshToken: credentials.refreshToken,
      expiresIn: secondsLeft(world, credentials),
    },
  }
}

export function logout({ account }: World, { body, session }: SignedInCall): Result {
  noBody(body)
  account.sessions = account.sessions.filter((candidate) => candidate !== session)
  return { data: { success: true, terminatedSessions: 1 } }
}
