import type * as z from 'zod/mini'
import { isTime } from '../../domain/clock.ts'
import { clientFailure, PortalError } from '../../domain/failure.ts'
import type { Invitation, InvitationAcceptance } from '../../domain/invitations.ts'
import type { IpWhitelist } from '../../domain/ip-whitelist.ts'
import type { BackupCodes, MfaMethod } from '../../domain/mfa.ts'
import type { OtpSetup } from '../../domain/otp.ts'
import { type Rows, withUnreadable } from '../../domain/rows.ts'
import type { Session } from '../../domain/sessions.ts'
import type { Workspace } from '../../domain/workspaces.ts'
import {
  BECAME_DEFAULT_IF_UNSTATED,
  entryText,
  IS_CURRENT_IF_UNSTATED,
  IS_ENABLED_IF_UNSTATED,
  IS_PRIMARY_IF_UNSTATED,
  invitationStanding,
  NAME_IF_UNSTATED,
  NEXT_ACTION_IF_UNSTATED,
  STATUS_IF_UNSTATED,
  workspaceFlags,
} from '../inferred.ts'
import type { PortalTime } from '../time/portal-time.ts'
import * as schemas from './schemas.ts'

/** Makes a method's result of the envelope's `data`. Throws `PortalError` `protocol` where that is not what is documented. */
export type ReplyReader<Result> = (data: unknown, time: PortalTime) => Result

/** A reader in a chunk of its own. */
export interface LateReader<Result> {
  load(): Promise<ReplyReader<Result>>
}

/** The data by a schema, or `client.shape` with the path of the first thing that is wrong. The value itself is never told. */
function checked<Schema extends z.ZodMiniType>(schema: Schema, data: unknown): z.output<Schema> {
  const { success, data: value, error } = schema.safeParse(data)
  if (success) return value
  const path = error.issues.slice(0, 1).flatMap((issue) => issue.path)
  throw new PortalError(clientFailure('shape', 'protocol', { field: ['data', ...path].reduce(joinPath, '') }))
}

const joinPath = (path: string, step: PropertyKey): string =>
  typeof step === 'number' ? `${path}[${step}]` : path === '' ? String(step) : `${path}.${String(step)}`

/**
 * The rows that say which ones they are; the others are left out and counted. `toRow` gives null for such a one. With `idOf`, a row that
 * comes twice, as out of a database's join, is one. Only what is no list at all is refused.
 */
function readRows<Schema extends z.ZodMiniType, Row>(
  data: unknown,
  schema: Schema,
  toRow: (row: z.output<Schema>) => Row | null,
  idOf: ((row: Row) => string) | null = null,
): Rows<Row> {
  const listed = checked(schemas.listReply, data)
  const rows = listed.flatMap((item) => {
    const { success, data: row } = schema.safeParse(item)
    return (success ? toRow(row) : null) ?? []
  })
  return withUnreadable(idOf === null ? rows : firstOfEach(rows, idOf), listed.length - rows.length)
}

function firstOfEach<Row>(rows: readonly Row[], idOf: (row: Row) => string): Row[] {
  const seen = new Set<string>()
  return rows.filter((row) => !seen.has(idOf(row)) && seen.add(idOf(row)))
}

/** Any success will do: nothing, null, `{}`, or an object that is read again anyway (docs/contract.md#replies). */
export const nothing: ReplyReader<void> = () => undefined

/** docs/contract.md#mfa-methods */
export const mfaMethods: ReplyReader<Rows<MfaMethod>> = (data) =>
  readRows(data, schemas.mfaMethodRow, ({ mfaMethod, isEnabled, isPrimary }) =>
    mfaMethod === null
      ? null
      : {
          method: mfaMethod,
          isEnabled: isEnabled ?? IS_ENABLED_IF_UNSTATED,
          isPrimary: isPrimary ?? IS_PRIMARY_IF_UNSTATED,
        },
  )

/** docs/contract.md#otp-setup. What reads it is loaded before it is asked for: a secret that came and cannot be read is lost. */
export const otpSetup: LateReader<OtpSetup> = {
  async load() {
    const { readOtpSetup } = await import('./otp-setup.ts')
    return (data) => readOtpSetup(checked(schemas.otpSetupReply, data))
  },
}

/** docs/contract.md#backup-codes */
export const backupCodes: ReplyReader<BackupCodes> = (data) => checked(schemas.backupCodesReply, data)

/** docs/contract.md#whitelist-read; an entry that says nothing is left out, one that we cannot read is kept as it stands. */
export const ipWhitelist: ReplyReader<IpWhitelist> = (data) => {
  const { enabled, entries } = checked(schemas.ipWhitelistReply, data)
  const listed = entries.filter((entry) => entry !== null).map(entryText)
  return { enabled, entries: listed.filter((entry) => entry.trim() !== '') }
}

/** docs/contract.md#session-list; a detail that cannot be read is left out. */
export const sessions: ReplyReader<Rows<Session>> = (data, time) =>
  readRows(data, schemas.sessionRow, ({ sessionId, isCurrent, deviceInfo, location, ...row }) => {
    if (sessionId === null) return null
    const lastActiveAt = hostTime(row.lastActiveAt, time)
    return {
      sessionId,
      clientIp: row.clientIp ?? row.ipAddress,
      isCurrent: isCurrent ?? IS_CURRENT_IF_UNSTATED,
      ...(deviceInfo === null ? {} : { deviceInfo }),
      ...(location === null ? {} : { location }),
      ...(lastActiveAt === null ? {} : { lastActiveAt }),
    }
  })

/** On the host's clock; null where that cannot be a time. */
function hostTime(at: number | null, time: PortalTime): number | null {
  const shown = at === null ? null : time.toHost(at)
  return shown !== null && isTime(shown) ? shown : null
}

/** docs/contract.md#session-terminate-all: how many other sessions ended. */
export const terminatedCount: ReplyReader<number> = (data) => checked(schemas.terminatedCountReply, data)

/** docs/contract.md#inbox, with what is inferred about a standing filled in. */
export const invitations: ReplyReader<Rows<Invitation>> = (data, time) =>
  readRows(
    data,
    schemas.invitationRow,
    (row) => {
      const invitationBizId = row.bizId ?? row.invitationBizId
      if (invitationBizId === null) return null
      const expiresAt = hostTime(row.expiresAt, time)
      const status = row.invitationStatus ?? STATUS_IF_UNSTATED
      return {
        invitationBizId,
        workspaceBizId: row.workspaceBizId,
        workspaceName: row.workspaceName ?? NAME_IF_UNSTATED,
        inviterName: row.inviterName ?? NAME_IF_UNSTATED,
        expiresAt,
        ...invitationStanding({ status, expiresAt, canAccept: row.canAccept }, time.now()),
      }
    },
    ({ invitationBizId }) => invitationBizId,
  )

/** docs/contract.md#accept; it was accepted, whatever the reply looks like. */
export const acceptance: ReplyReader<InvitationAcceptance> = (data) => {
  const { data: reply } = schemas.acceptanceReply.safeParse(data)
  return {
    workspaceBizId: reply?.workspaceBizId ?? null,
    becameDefaultWorkspace: reply?.becameDefaultWorkspace ?? BECAME_DEFAULT_IF_UNSTATED,
    nextAction: reply?.nextAction ?? NEXT_ACTION_IF_UNSTATED,
  }
}

/** docs/contract.md#workspaces, with the flags filled in that shorter items lack. */
export const workspaces: ReplyReader<Rows<Workspace>> = (data) =>
  readRows(
    data,
    schemas.workspaceRow,
    (row) => {
      const workspaceBizId = row.workspaceBizId ?? row.bizId
      if (workspaceBizId === null) return null
      return { workspaceBizId, workspaceName: row.workspaceName ?? NAME_IF_UNSTATED, ...workspaceFlags(row) }
    },
    ({ workspaceBizId }) => workspaceBizId,
  )

/** docs/contract.md#channel-key */
export const publicKey: ReplyReader<{ readonly keyId: string; readonly publicKey: string }> = (data) =>
  checked(schemas.publicKeyReply, data)

/** docs/contract.md#channel-session; `expiresAt` stays on the portal's clock. */
export const channelSession: ReplyReader<{ readonly sessionId: string; readonly expiresAt: number | null }> = (data) =>
  checked(schemas.channelSessionReply, data)
