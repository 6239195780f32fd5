import * as schemas from '../../src/api/reply/schemas.ts'
import { ISO_TIME, NUMBER } from '../../src/api/time/wire-time.ts'

/**
 * What a field may hold on the wire, as JSON Schema. The adapter reads each field with a function, of which `toJSONSchema` of zod can
 * say nothing.
 */

/** A JSON Schema of dialect 2020-12, which is that of OpenAPI 3.1. */
export type JsonSchema = { readonly [keyword: string]: unknown }

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })

const TEXT: JsonSchema = { type: 'string', minLength: 1 }
const COUNT: JsonSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const optional = {
  id: orNull(ref('Id')),
  flag: orNull(ref('Flag')),
  time: orNull(ref('Time')),
  enumCode: orNull(ref('Enum')),
  text: { type: ['string', 'null'] },
  count: orNull(COUNT),
} as const

/** The forms that several fields have. */
export const sharedForms: Readonly<Record<string, JsonSchema>> = {
  Id: { description: 'Opaque.', type: 'string', pattern: '^(?!\\.{1,2}$)[^\\s\\p{C}]{1,256}$' },
  Flag: { enum: [true, false, 'true', 'false', 1, 0] },
  Time: {
    description: 'ISO 8601 in UTC. Numbers count from 1970 on.',
    anyOf: [
      { type: 'string', pattern: ISO_TIME.source },
      { type: 'string', pattern: NUMBER.source },
      { type: 'number' },
    ],
  },
  Enum: {
    description: 'Only the code says what it is.',
    anyOf: [
      {
        type: 'object',
        required: ['code'],
        properties: {
          code: TEXT,
          value: { type: 'integer' },
          label: { type: 'string' },
          name: { type: 'string', description: 'On some pages, in place of `label`.' },
        },
      },
      TEXT,
    ],
  },
}

type Shaped = { readonly shape: object; safeParse(value: unknown): Outcome }
interface Outcome {
  readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] } | undefined
}

/** The fields of one object of the adapter's, and those that it does not read. What the adapter does without is not required. */
function objectOf<Schema extends Shaped>(
  schema: Schema,
  forms: { readonly [Field in keyof Schema['shape']]: JsonSchema },
  more: JsonSchema = {},
  unread: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  const required = (schema.safeParse({}).error?.issues ?? []).map(({ path }) => String(path[0]))
  return { type: 'object', ...(required.length > 0 ? { required } : {}), properties: { ...forms, ...unread }, ...more }
}

/** A row is dropped that does not say which one it is. */
const identifiedBy = (...names: readonly string[]): JsonSchema => ({
  anyOf: names.map((name) => ({ required: [name], properties: { [name]: ref('Id') } })),
})

/** What the data of a reply may be, by the name that docs/openapi.yaml has for it. Fields that are not listed are ignored. */
export const dataForms: Readonly<Record<string, JsonSchema>> = {
  MfaMethod: objectOf(
    schemas.mfaMethodRow,
    { mfaMethod: ref('Enum'), isEnabled: optional.flag, isPrimary: optional.flag },
    { required: ['mfaMethod'] },
    { verifiedAt: optional.time },
  ),
  OtpSetup: objectOf(schemas.otpSetupReply, {
    secret: { ...TEXT, description: 'Base32. Secret.' },
    qrCodeUri: { ...TEXT, description: '`otpauth://totp/` with the same secret. Secret.' },
    issuer: TEXT,
    accountName: optional.text,
    backupCodes: { type: ['array', 'null'], items: {}, description: 'Each used once in place of a code. Secret.' },
  }),
  BackupCodes: objectOf(schemas.backupCodesReply, { remainingCount: COUNT, totalCount: optional.count }),
  IpWhitelist: objectOf(schemas.ipWhitelistReply, {
    enabled: ref('Flag'),
    entries: { type: ['array', 'null'], items: {}, description: 'Addresses and CIDR ranges.' },
  }),
  Session: objectOf(
    schemas.sessionRow,
    {
      sessionId: ref('Id'),
      clientIp: optional.text,
      ipAddress: { ...optional.text, description: 'On some pages, in place of `clientIp`.' },
      isCurrent: optional.flag,
      deviceInfo: optional.text,
      location: optional.text,
      lastActiveAt: optional.time,
    },
    { required: ['sessionId'] },
  ),
  Invitation: objectOf(
    schemas.invitationRow,
    {
      bizId: optional.id,
      invitationBizId: optional.id,
      workspaceBizId: optional.id,
      workspaceName: optional.text,
      inviterName: optional.text,
      invitationStatus: optional.enumCode,
      expiresAt: optional.time,
      canAccept: optional.flag,
    },
    identifiedBy('bizId', 'invitationBizId'),
  ),
  Acceptance: objectOf(schemas.acceptanceReply, {
    workspaceBizId: optional.id,
    becameDefaultWorkspace: optional.flag,
    nextAction: optional.enumCode,
  }),
  Workspace: objectOf(
    schemas.workspaceRow,
    {
      workspaceBizId: optional.id,
      bizId: optional.id,
      workspaceName: optional.text,
      isDefault: optional.flag,
      enterable: optional.flag,
      defaultEligible: optional.flag,
    },
    identifiedBy('workspaceBizId', 'bizId'),
  ),
  ChannelKey: objectOf(
    schemas.publicKeyReply,
    { keyId: TEXT, publicKey: { type: 'string' } },
    {},
    { algorithm: TEXT, keySize: { type: 'integer' }, createdAt: optional.time, expiresAt: optional.time },
  ),
  ChannelSession: objectOf(schemas.channelSessionReply, { sessionId: TEXT, expiresAt: optional.time }),
  Count: COUNT,
}
