import type * as z from 'zod/mini'
import { clientFailure, PortalError } from '../domain/failure.ts'
import type { Invitation, InvitationAcceptance } from '../domain/invitations.ts'
import type { IpWhitelist } from '../domain/ip-whitelist.ts'
import type { BackupCodes, MfaMethod } from '../domain/mfa.ts'
import { type OtpSetup, otpSetupMismatch, readBase32 } from '../domain/otp.ts'
import { seal } from '../domain/sealed.ts'
import type { Session } from '../domain/sessions.ts'
import type { Workspace } from '../domain/workspaces.ts'
import {
  ENTRIES_IF_NULL,
  IS_PRIMARY_IF_UNSTATED,
  invitationStanding,
  NAME_IF_UNSTATED,
  workspaceFlags,
} from './inferred.ts'
import { accountNameOf } from './otp-label.ts'
import type { PortalTime } from './portal-time.ts'
import * as schemas from './schemas.ts'

/** Makes a method's result of the envelope's `data`. Throws `PortalError` `protocol` where that is not what is documented. */
export type ReplyReader<Result> = (data: unknown, time: PortalTime) => Result

/** The data by a schema, or `client.shape` with the path of the first thing that is wrong. The value itself is never told. */
function checked<Schema extends z.ZodMiniType>(schema: Schema, data: unknown): z.output<Schema> {
  const { success, data: value, error } = schema.safeParse(data)
  if (success) return value
  const path = error.issues[0]?.path ?? []
  throw new PortalError(clientFailure('shape', 'protocol', { field: ['data', ...path].reduce(joinPath, '') }))
}

const joinPath = (path: string, step: PropertyKey): string =>
  typeof step === 'number' ? `${path}[${step}]` : path === '' ? String(step) : `${path}.${String(step)}`

/** Any success will do: nothing, null, `{}`, or an object that is read again anyway (contract 2, 5.3). */
export const nothing: ReplyReader<void> = () => undefined

/** contract 4.1 */
export const mfaMethods: ReplyReader<MfaMethod[]> = (data) =>
  checked(schemas.mfaMethodsReply, data).map(({ mfaMethod, isEnabled, isPrimary }) => ({
    method: mfaMethod,
    isEnabled,
    isPrimary: isPrimary ?? IS_PRIMARY_IF_UNSTATED,
  }))

/** contract 4.2; the secrets are sealed before anything else sees them, the key as every app takes it when it is typed in. */
export const otpSetup: ReplyReader<OtpSetup> = (data) => {
  const { secret, qrCodeUri, issuer, accountName } = checked(schemas.otpSetupReply, data)
  const setup: OtpSetup = {
    secret: seal(readBase32(secret) ?? secret),
    qrCodeUri: seal(qrCodeUri),
    issuer,
    accountName: accountName ?? accountNameOf(qrCodeUri),
  }
  const field = otpSetupMismatch(setup)
  if (field === null) return setup
  throw new PortalError(clientFailure('otpSetupMismatch', 'protocol', { field: `data.${field}`, retryable: true }))
}

/** contract 4.6 */
export const backupCodes: ReplyReader<BackupCodes> = (data) => checked(schemas.backupCodesReply, data)

/** contract 5.1; an entry that says nothing is left out, one that we cannot read is kept as it stands. */
export const ipWhitelist: ReplyReader<IpWhitelist> = (data) => {
  const { enabled, entries } = checked(schemas.ipWhitelistReply, data)
  const listed = entries?.filter((entry): entry is string => entry !== null && entry.trim() !== '')
  return { enabled, entries: listed ?? ENTRIES_IF_NULL }
}

/** contract 6.1; a detail that is null is left out. */
export const sessions: ReplyReader<Session[]> = (data, time) =>
  checked(schemas.sessionsReply, data).map(
    ({ sessionId, clientIp, isCurrent, deviceInfo, location, lastActiveAt }): Session => ({
      sessionId,
      clientIp,
      isCurrent,
      ...(deviceInfo == null ? {} : { deviceInfo }),
      ...(location == null ? {} : { location }),
      ...(lastActiveAt == null ? {} : { lastActiveAt: time.toHost(lastActiveAt) }),
    }),
  )

/** contract 6.3: how many other sessions ended. */
export const terminatedCount: ReplyReader<number> = (data) => checked(schemas.terminatedCountReply, data)

/** contract 7.1, with what is inferred about a standing filled in. */
export const invitations: ReplyReader<Invitation[]> = (data, time) =>
  checked(schemas.invitationsReply, data).map((row) => {
    const expiresAt = row.expiresAt == null ? null : time.toHost(row.expiresAt)
    return {
      invitationBizId: row.bizId,
      workspaceBizId: row.workspaceBizId,
      workspaceName: row.workspaceName ?? NAME_IF_UNSTATED,
      inviterName: row.inviterName ?? NAME_IF_UNSTATED,
      expiresAt,
      ...invitationStanding({ status: row.invitationStatus, expiresAt, canAccept: row.canAccept ?? null }, time.now()),
    }
  })

/** contract 7.2 */
export const acceptance: ReplyReader<InvitationAcceptance> = (data) => checked(schemas.acceptanceReply, data)

/** contract 8, with the flags filled in that shorter items lack. */
export const workspaces: ReplyReader<Workspace[]> = (data) =>
  checked(schemas.workspacesReply, data).map((row) => ({
    workspaceBizId: row.workspaceBizId,
    workspaceName: row.workspaceName ?? NAME_IF_UNSTATED,
    ...workspaceFlags({
      isDefault: row.isDefault ?? null,
      enterable: row.enterable ?? null,
      defaultEligible: row.defaultEligible ?? null,
    }),
  }))

/** contract 3.1 */
export const publicKey: ReplyReader<{ readonly keyId: string; readonly publicKey: string }> = (data) =>
  checked(schemas.publicKeyReply, data)

/** contract 3.2; `expiresAt` stays on the portal's clock. */
export const channelSession: ReplyReader<{ readonly sessionId: string; readonly expiresAt: number | null }> = (
  data,
) => {
  const { sessionId, expiresAt } = checked(schemas.channelSessionReply, data)
  return { sessionId, expiresAt: expiresAt ?? null }
}
