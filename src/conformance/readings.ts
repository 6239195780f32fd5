import type * as z from 'zod/mini'
import { type Envelope, readEnvelope } from '../api/reply/envelope.ts'
import * as schemas from '../api/reply/schemas.ts'
import type { TracedOperation } from '../api/transport/trace.ts'
import { isRecord } from '../domain/record.ts'
import { counted } from './counted.ts'
import type { Observation } from './observer.ts'

/** One field of one row or object, as it came and as the adapter reads it. */
export interface Reading {
  readonly operation: TracedOperation
  readonly field: string
  /** Undefined: the field was not there. */
  readonly raw: unknown
  readonly isRead: boolean
  /** As the adapter reads it; null where it cannot. */
  readonly value: unknown
}

/** A reply with its envelope taken off; one that is encrypted stays closed. */
export interface Reply extends Observation {
  readonly envelope: Envelope
}

export const replyOf = (observation: Observation): Reply => ({
  ...observation,
  envelope: readEnvelope(observation.bytes),
})

type Fields = z.ZodMiniObject<Record<string, z.ZodMiniType>>

const rows: Partial<Record<TracedOperation, Fields>> = {
  listMfaMethods: schemas.mfaMethodRow,
  listSessions: schemas.sessionRow,
  listInvitations: schemas.invitationRow,
  listWorkspaces: schemas.workspaceRow,
}

const objects: Partial<Record<TracedOperation, Fields>> = {
  getBackupCodeStatus: schemas.backupCodesReply,
  getIpWhitelist: schemas.ipWhitelistReply,
  replaceIpWhitelist: schemas.ipWhitelistReply,
  getChannelKey: schemas.publicKeyReply,
  openChannel: schemas.channelSessionReply,
}

/** What the rows of a list are known by: one of these has to be there. */
export const identities: Partial<Record<TracedOperation, readonly string[]>> = {
  listMfaMethods: ['mfaMethod'],
  listSessions: ['sessionId'],
  listInvitations: ['bizId', 'invitationBizId'],
  listWorkspaces: ['workspaceBizId', 'bizId'],
}

/** The rows of a list, as they came; undefined where the reply is none. */
export function rowsOf({ operation, envelope }: Reply): readonly unknown[] | undefined {
  if (rows[operation] === undefined || envelope.form !== 'success') return undefined
  return Array.isArray(envelope.data) ? envelope.data : undefined
}

/** All fields that the adapter reads from a reply. */
export function readingsOf(reply: Reply): readonly Reading[] {
  const { operation, envelope } = reply
  if (envelope.form !== 'success') return []
  const row = rows[operation]
  if (row !== undefined) return (rowsOf(reply) ?? []).flatMap((one) => readingsBy(row, one, operation))
  const object = objects[operation]
  return object === undefined ? [] : readingsBy(object, envelope.data, operation)
}

function readingsBy(schema: Fields, value: unknown, operation: TracedOperation): readonly Reading[] {
  if (!isRecord(value)) return []
  return Object.entries(schema.shape).map(([field, type]) => {
    const raw = value[field]
    const { success, data } = type.safeParse(raw)
    const read = success ? data : null
    return { operation, field, raw, isRead: read !== null, value: read }
  })
}

/** Was anything said? Null, nothing and an empty text say the same. */
export const isStated = ({ raw }: Reading) => raw !== undefined && raw !== null && raw !== ''

/** Before the form of a text, in which each letter is an `a` and each digit a 9. */
export const TEXT_FORM = 'a text of the form'

/** The form of a value, without the value: what a report may show to anybody. */
export function formOf(raw: unknown): string {
  if (Array.isArray(raw)) return `a list of ${raw.length}`
  if (isRecord(raw)) return `an object of ${counted(Object.keys(raw).length, 'field')}`
  if (typeof raw === 'number' && raw !== 0 && raw !== 1)
    return `a number of ${counted(String(raw).length, 'character')}`
  if (typeof raw !== 'string') return String(raw)
  const pattern = raw
    .slice(0, 40)
    .replace(/\p{Nd}/gu, '9')
    .replace(/\p{L}/gu, 'a')
  return /^(true|false|yes|no|y|n|on|off)$/i.test(raw) ? `"${raw}"` : `${TEXT_FORM} "${pattern}"`
}
