import * as z from 'zod/mini'
import { ZONE_IF_UNSTATED } from './inferred.ts'

/**
 * The portal's replies as they are on the wire. Optional fields may be null. Fields that are not listed are ignored.
 */

const text = z.string().check(z.minLength(1))
const count = z.int().check(z.gte(0))

/** A detail for the eye only: one of the wrong kind is left out, rather than the row lost. */
const detail = z.catch(z.nullish(z.string()), null)

/** An enum is `{code, value, label}`, on some pages with `name` for `label`; only its code says what it is (contract 2). */
const enumCode = z.pipe(
  z.object({ code: text }),
  z.transform(({ code }) => code),
)

/** Epoch ms (stated for `timestamp`) or ISO 8601 in UTC (all other dates). */
const time = z.pipe(
  z.union([z.int(), z.string()]),
  z.transform((value, context) => {
    const at = typeof value === 'number' ? value : parseTime(value)
    if (!Number.isNaN(at)) return at
    context.issues.push({ code: 'custom', path: [], input: value, message: 'not a time' })
    return z.NEVER
  }),
)

const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/

function parseTime(value: string): number {
  const match = ISO_TIME.exec(value)
  if (match === null) return Number.NaN
  return Date.parse(match[3] === undefined ? `${value}${ZONE_IF_UNSTATED}` : value)
}

/** The first of two names of one field. Reported under the first where neither is there. */
const eitherName = <
  Name extends string,
  Alias extends string,
  Row extends { readonly [K in Name | Alias]?: string | null | undefined },
>(
  row: Row,
  name: Name,
  alias: Alias,
  issues: z.core.$ZodRawIssue[],
): string => {
  const value = row[name] ?? row[alias]
  if (value != null) return value
  issues.push({ code: 'custom', path: [name], input: row, message: 'missing' })
  return ''
}

/** contract 4.1 */
export const mfaMethodsReply = z.array(
  z.object({ mfaMethod: enumCode, isEnabled: z.boolean(), isPrimary: z.nullish(z.boolean()) }),
)

/** contract 4.2 */
export const otpSetupReply = z.object({
  secret: text,
  qrCodeUri: text,
  issuer: text,
  accountName: z.nullish(z.string()),
})

/** contract 4.6 */
export const backupCodesReply = z.object({ remainingCount: count, totalCount: count })

/** contract 5.1 */
export const ipWhitelistReply = z.object({
  enabled: z.boolean(),
  entries: z.nullable(z.array(z.nullable(z.string()))),
})

/** contract 6.1; the address has another name on some pages. */
export const sessionsReply = z.array(
  z.pipe(
    z.object({
      sessionId: text,
      clientIp: z.nullish(text),
      ipAddress: z.nullish(text),
      isCurrent: z.boolean(),
      deviceInfo: detail,
      location: detail,
      lastActiveAt: z.catch(z.nullish(time), null),
    }),
    z.transform((row, { issues }) => ({ ...row, clientIp: eitherName(row, 'clientIp', 'ipAddress', issues) })),
  ),
)

/** contract 6.3 */
export const terminatedCountReply = count

/** contract 7.1; `invitationBizId` as an alias is `[I]`, and so is the status as a bare code. */
export const invitationsReply = z.array(
  z.pipe(
    z.object({
      bizId: z.nullish(text),
      invitationBizId: z.nullish(text),
      workspaceBizId: text,
      workspaceName: z.nullish(z.string()),
      inviterName: z.nullish(z.string()),
      invitationStatus: z.union([text, enumCode]),
      expiresAt: z.nullish(time),
      canAccept: z.nullish(z.boolean()),
    }),
    z.transform((row, { issues }) => ({ ...row, bizId: eitherName(row, 'bizId', 'invitationBizId', issues) })),
  ),
)

/** contract 7.2 */
export const acceptanceReply = z.object({
  workspaceBizId: text,
  becameDefaultWorkspace: z.boolean(),
  nextAction: enumCode,
})

/** contract 8; the id has another name on some pages. */
export const workspacesReply = z.array(
  z.pipe(
    z.object({
      workspaceBizId: z.nullish(text),
      bizId: z.nullish(text),
      workspaceName: z.nullish(z.string()),
      isDefault: z.nullish(z.boolean()),
      enterable: z.nullish(z.boolean()),
      defaultEligible: z.nullish(z.boolean()),
    }),
    z.transform((row, { issues }) => ({ ...row, workspaceBizId: eitherName(row, 'workspaceBizId', 'bizId', issues) })),
  ),
)

/** contract 3.1 */
export const publicKeyReply = z.object({ keyId: text, publicKey: z.catch(z.string(), '') })

/** contract 3.2 */
export const channelSessionReply = z.object({ sessionId: text, expiresAt: z.nullish(time) })
