import * as z from 'zod/mini'
import { ENTRIES_IF_NULL, flags, isId } from '../inferred.ts'
import { readTime } from '../time/wire-time.ts'
import { optional, type Reader, required } from './fields.ts'

/**
 * The portal's replies as they are on the wire. Of a row, only what identifies it has to be there: what else cannot be read is null.
 * Fields that are not listed are ignored.
 */

const name: Reader<string> = (value) => (typeof value === 'string' ? value : null)
const text: Reader<string> = (value) => name(value) || null
const count: Reader<number> = (value) => (isCount(value) ? value : null)
const list: Reader<readonly unknown[]> = (value) => (Array.isArray(value) ? value : null)
const flag: Reader<boolean> = (value) => flags.get(value) ?? null

/** What the portal is told again when something is to be done about it. */
const id: Reader<string> = (value) => (isId(value) ? value : null)

/** An enum is `{code, value, label}`, on some pages with `name` for `label`; only its code says what it is (docs/contract.md#replies). Bare it is `[I]`. */
const enumCode: Reader<string> = (value) =>
  text(typeof value === 'object' && value !== null && 'code' in value ? value.code : value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** All lists are plain arrays (docs/contract.md#replies); each row is read by itself. */
export const listReply = required(list)

/** docs/contract.md#mfa-methods */
export const mfaMethodRow = z.object({
  mfaMethod: optional(enumCode),
  isEnabled: optional(flag),
  isPrimary: optional(flag),
})

/** docs/contract.md#otp-setup; an account's name that is null or missing is empty. `backupCodes` is `[I]`: what is no text in it is left out. */
export const otpSetupReply = z.object({
  secret: required(text),
  qrCodeUri: required(text),
  issuer: required(text),
  accountName: required((value) => name(value ?? '')),
  backupCodes: optional((value) => list(value)?.flatMap((code) => text(code) ?? []) ?? null),
})

/** docs/contract.md#backup-codes */
export const backupCodesReply = z.object({ remainingCount: required(count), totalCount: optional(count) })

/** docs/contract.md#whitelist-read; whether it is enforced has to be said. */
export const ipWhitelistReply = z.object({
  enabled: required(flag),
  entries: required((value) => list(value === null ? ENTRIES_IF_NULL : value)),
})

/** docs/contract.md#session-list; the address has another name on some pages. */
export const sessionRow = z.object({
  sessionId: optional(id),
  clientIp: optional(text),
  ipAddress: optional(text),
  isCurrent: optional(flag),
  deviceInfo: optional(name),
  location: optional(name),
  lastActiveAt: optional(readTime),
})

/** docs/contract.md#session-terminate-all */
export const terminatedCountReply = required(count)

/** docs/contract.md#inbox; `invitationBizId` as an alias is `[I]`. */
export const invitationRow = z.object({
  bizId: optional(id),
  invitationBizId: optional(id),
  workspaceBizId: optional(id),
  workspaceName: optional(name),
  inviterName: optional(name),
  invitationStatus: optional(enumCode),
  expiresAt: optional(readTime),
  canAccept: optional(flag),
})

/** docs/contract.md#accept */
export const acceptanceReply = z.object({
  workspaceBizId: optional(id),
  becameDefaultWorkspace: optional(flag),
  nextAction: optional(enumCode),
})

/** docs/contract.md#workspaces; the id has another name on some pages. */
export const workspaceRow = z.object({
  workspaceBizId: optional(id),
  bizId: optional(id),
  workspaceName: optional(name),
  isDefault: optional(flag),
  enterable: optional(flag),
  defaultEligible: optional(flag),
})

/** docs/contract.md#channel-key; whether the key is one is for the channel to say. */
export const publicKeyReply = z.object({ keyId: required(text), publicKey: required((value) => name(value) ?? '') })

/** docs/contract.md#channel-session */
export const channelSessionReply = z.object({ sessionId: required(text), expiresAt: optional(readTime) })
