import * as z from 'zod/mini'
import { flags, isId } from '../inferred.ts'
import { readTime } from '../time/wire-time.ts'

/**
 * The portal's replies as they are on the wire. Of a row, only what identifies it has to be there: what else cannot be read is null.
 * Fields that are not listed are ignored.
 */

const text = z.string().check(z.minLength(1))
const count = z.int().check(z.gte(0))

/** What the portal is told again when something is to be done about it. */
const id = z.string().check(z.refine(isId))

/** Null where it is missing or not of this kind. */
const orNull = <Schema extends z.ZodMiniType>(schema: Schema) => z.catch(z.nullable(schema), null)

/** What is made of it; null where it is missing too. */
const readBy = <Result>(read: (value: unknown) => Result | null) =>
  z.catch(z.pipe(z.unknown(), z.transform(read)), null)

const name = orNull(z.string())
const flag = readBy((value) => flags.get(value) ?? null)
const time = readBy(readTime)

/** An enum is `{code, value, label}`, on some pages with `name` for `label`; only its code says what it is (docs/contract.md#replies). Bare it is `[I]`. */
const enumCode = z.union([
  text,
  z.pipe(
    z.object({ code: text }),
    z.transform(({ code }) => code),
  ),
])

/** All lists are plain arrays (docs/contract.md#replies); each row is read by itself. */
export const listReply = z.array(z.unknown())

/** docs/contract.md#mfa-methods */
export const mfaMethodRow = z.object({ mfaMethod: orNull(enumCode), isEnabled: flag, isPrimary: flag })

/** docs/contract.md#otp-setup */
export const otpSetupReply = z.object({
  secret: text,
  qrCodeUri: text,
  issuer: text,
  accountName: z.nullish(z.string()),
})

/** docs/contract.md#backup-codes */
export const backupCodesReply = z.object({ remainingCount: count, totalCount: orNull(count) })

/** docs/contract.md#whitelist-read; whether it is enforced has to be said. */
export const ipWhitelistReply = z.object({
  enabled: z.pipe(flag, z.boolean()),
  entries: z.nullable(z.array(z.unknown())),
})

/** docs/contract.md#session-list; the address has another name on some pages. */
export const sessionRow = z.object({
  sessionId: orNull(id),
  clientIp: orNull(text),
  ipAddress: orNull(text),
  isCurrent: flag,
  deviceInfo: name,
  location: name,
  lastActiveAt: time,
})

/** docs/contract.md#session-terminate-all */
export const terminatedCountReply = count

/** docs/contract.md#inbox; `invitationBizId` as an alias is `[I]`. */
export const invitationRow = z.object({
  bizId: orNull(id),
  invitationBizId: orNull(id),
  workspaceBizId: orNull(id),
  workspaceName: name,
  inviterName: name,
  invitationStatus: orNull(enumCode),
  expiresAt: time,
  canAccept: flag,
})

/** docs/contract.md#accept; it was accepted, whatever the reply looks like. */
export const acceptanceReply = z.catch(
  z.object({ workspaceBizId: orNull(id), becameDefaultWorkspace: flag, nextAction: orNull(enumCode) }),
  { workspaceBizId: null, becameDefaultWorkspace: null, nextAction: null },
)

/** docs/contract.md#workspaces; the id has another name on some pages. */
export const workspaceRow = z.object({
  workspaceBizId: orNull(id),
  bizId: orNull(id),
  workspaceName: name,
  isDefault: flag,
  enterable: flag,
  defaultEligible: flag,
})

/** docs/contract.md#channel-key */
export const publicKeyReply = z.object({ keyId: text, publicKey: z.catch(z.string(), '') })

/** docs/contract.md#channel-session */
export const channelSessionReply = z.object({ sessionId: text, expiresAt: time })
