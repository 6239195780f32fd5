import * as z from 'zod/mini'
import { type FakeMfaMethod, fakeMfaMethod } from '../account/account.ts'
import { encodeBase32 } from '../oracle/base32.ts'
import { matchTotp } from '../oracle/totp.ts'
import type { Schema } from '../schema.ts'
import type { Call, Result, World } from '../world.ts'
import { countAttempt } from './rate-limit.ts'
import { notFound, Refusal } from './refusal.ts'
import { noBody, readBody } from './request-body.ts'
import { optional, wireEnum, wireRows, wireTime } from './wire.ts'

const ISSUER = 'SlaunchX'

const knownMethods: Readonly<Record<string, readonly [value: number, text: string]>> = {
  EMAIL: [10011001, 'Email'],
  OTP: [10011002, 'OTP'],
  BACKUP_CODE: [10011005, 'Backup code'],
}

/** A factor as an enum object. The value of one that is not documented is made up (docs/contract.md#mfa). */
export function wireMethod(world: World, method: string) {
  const [value, text] = knownMethods[method] ?? [10011099, method]
  return wireEnum(world, method, value, text)
}

export function listMfaMethods(world: World): Result {
  const rows = world.account.mfaMethods.map(({ method, isEnabled, isPrimary, verifiedAt }) => ({
    mfaMethod: wireMethod(world, method),
    isEnabled,
    ...optional(world, { isPrimary, verifiedAt: wireTime(world, verifiedAt) }),
  }))
  return {
    data: wireRows(world, rows, ({ mfaMethod, isEnabled }) => ({ mfaMethod, ...(isEnabled ? { isEnabled } : {}) })),
  }
}

export function setupOtp(world: World, { body }: Call): Result {
  noBody(body)
  countAttempt(world, 'setupOtp')
  const { account, behavior } = world
  const secret = encodeBase32(crypto.getRandomValues(new Uint8Array(20)))
  account.otpSetup = { secret, expiresAt: world.now() + behavior.otpSetupLifetimeMs }
  world.lastSecret = secret
  return {
    data: {
      secret: behavior.dialect.otpUri === 'groupedKey' ? inGroups(secret, ' ') : secret,
      qrCodeUri: qrCodeUri(world, secret),
      issuer: ISSUER,
      ...optional(world, { accountName: account.email }),
      ...(behavior.setupBringsBackupCodes ? { backupCodes: newBackupCodes() } : {}),
    },
  }
}

const BACKUP_CODES = 10

/** Such as `k3f2a-9qw7e`. */
const newBackupCodes = () =>
  Array.from({ length: BACKUP_CODES }, () => {
    const letters = encodeBase32(crypto.getRandomValues(new Uint8Array(10))).toLowerCase()
    return `${letters.slice(0, 5)}-${letters.slice(5, 10)}`
  })

/** In the portal's dialect, and beside that whatever differs from what an authenticator app takes for granted. */
function qrCodeUri({ account, behavior }: World, secret: string): string {
  const { algorithm, digits, period } = behavior.totp
  const name = encodeURIComponent(account.email).replaceAll('%40', '@')
  const named = {
    algorithm: algorithm === 'SHA1' ? '' : algorithm,
    digits: digits === 6 ? '' : digits,
    period: period === 30 ? '' : period,
  }
  const others = Object.entries(named)
    .map(([parameter, value]) => (value === '' ? '' : `&${parameter}=${value}`))
    .join('')
  const loose = `ALGORITHM=Hmac${algorithm.replace('SHA', 'SHA-')}&Digits=${named.digits}&Period=${named.period}&image=`
  const uris = {
    documented: `totp/${ISSUER}:${name}?secret=${secret}&issuer=${ISSUER}${others}`,
    tenantLabel: `totp/Acme%20GmbH%3A%20${name}?secret=${secret}&issuer=${ISSUER}${others}`,
    noIssuer: `totp/${name}?secret=${secret}${others}`,
    looseNames: `TOTP/${ISSUER.toLowerCase()}:${name}?Secret=${secret}&ISSUER=${ISSUER}&${loose}`,
    groupedKey: `totp/${ISSUER}:${name}?secret=${inGroups(secret, '-')}%3D%3D&issuer=${ISSUER}${others}`,
  }
  return `otpauth://${uris[behavior.dialect.otpUri]}`
}

const inGroups = (secret: string, mark: string) => secret.toLowerCase().replace(/.{4}(?=.)/g, `$&${mark}`)

const sixDigits: Schema<string> = z.string('must be a string').check(z.regex(/^\d{6}$/, 'must be six digits'))

export async function verifyOtp(world: World, { body }: Call): Promise<Result> {
  const { code } = readBody(body, { code: sixDigits })
  countAttempt(world, 'verifyOtp')
  const setup = liveSetup(world)
  const step = await matchTotp(setup.secret, code, world.now(), world.behavior.totp, null)
  // Another request may have used or replaced the setup while the code was computed.
  if (world.account.otpSetup?.secret !== setup.secret) throw setupInvalid()
  if (step === null) throw new Refusal(400, 'AUTH.MFA_CODE_INVALID')
  const { account } = world
  account.otpSecret = setup.secret
  account.otpLastStep = step
  account.otpSetup = null
  if (world.behavior.setupBringsBackupCodes) {
    account.backupCodes = { remainingCount: BACKUP_CODES, totalCount: BACKUP_CODES }
  }
  const otp = otpRow(account.mfaMethods) ?? fakeMfaMethod()
  if (!account.mfaMethods.includes(otp)) account.mfaMethods.push(otp)
  otp.isEnabled = true
  otp.verifiedAt = world.now()
  return { noContent: '204' }
}

const setupInvalid = () => new Refusal(400, 'AUTH.OTP_SETUP_SESSION_INVALID')

function liveSetup({ account, now }: World) {
  const setup = account.otpSetup
  if (setup === null || now() >= setup.expiresAt) throw setupInvalid()
  return setup
}

const otpRow = (methods: readonly FakeMfaMethod[]) => methods.find(({ method }) => method === 'OTP')

export function revokeOtp(world: World, { body }: Call): Result {
  noBody(body)
  countAttempt(world, 'revokeOtp')
  const { account } = world
  const otp = otpRow(account.mfaMethods)
  if (account.otpSecret === null || otp === undefined) throw notFound()
  account.otpSecret = null
  account.otpLastStep = null
  otp.isEnabled = false
  otp.verifiedAt = null
  return { noContent: '204' }
}

/** Enable and disable of one factor (docs/contract.md#mfa-switch). EMAIL is refused; one that is not set up is not there. */
export const switchMethod =
  (isEnabled: boolean) =>
  ({ account }: World, { params, body }: Call): Result => {
    noBody(body)
    if (params.method === 'EMAIL') throw new Refusal(409, 'AUTH.MFA_EMAIL_IMMUTABLE')
    const row = account.mfaMethods.find(({ method }) => method === params.method)
    if (row === undefined || (row.method === 'OTP' && account.otpSecret === null)) throw notFound()
    row.isEnabled = isEnabled
    return { noContent: '204' }
  }

export function getBackupCodeStatus({ account }: World): Result {
  return { data: { ...account.backupCodes } }
}
