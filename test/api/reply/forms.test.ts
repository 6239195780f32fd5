/** The forms of docs/openapi.yaml and the adapter's schemas take the same values for each field. */
import Ajv2020 from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { openApiDocument } from '../../../scripts/openapi/document.ts'
import * as schemas from '../../../src/api/reply/schemas.ts'

const ajv = new Ajv2020({ strict: false })
ajv.addSchema({ $id: 'portal', ...openApiDocument() })

const TIME = '2026-11-24T12:00:00Z'
const values: readonly unknown[] = [
  ...[true, false, 'true', 'false', 'yes', 'TRUE', 0, 1, 2, -1, 1.5, '', 'a', 'a b', '..', '.', 'x'.repeat(257)],
  ...[
    TIME,
    '2026-11-24 12:00',
    `${TIME}[UTC]`,
    '2026-11-24T12:00:00+01:00',
    '24.11.2026',
    '1795521600',
    1795521600,
    1795521600000,
  ],
  ...[{}, { code: 'OTP' }, { code: '' }, { code: 7 }, { value: 7 }, [], ['OTP'], [2026, 11, 24, 12, 0]],
]

/** Times that mean "never" and texts that are empty are read as nothing; the wire may hold them all the same. */
const isReadAsNothing = (value: unknown) =>
  value === '' || value === 0 || value === 1 || value === 2 || value === -1 || value === 1.5

/** Not the channel's key: whether it is one is for the channel to say. */
const objects = {
  MfaMethod: schemas.mfaMethodRow,
  OtpSetup: schemas.otpSetupReply,
  BackupCodes: schemas.backupCodesReply,
  IpWhitelist: schemas.ipWhitelistReply,
  Session: schemas.sessionRow,
  Invitation: schemas.invitationRow,
  Acceptance: schemas.acceptanceReply,
  Workspace: schemas.workspaceRow,
  ChannelSession: schemas.channelSessionReply,
} as const

describe.each(Object.entries(objects))('%s', (name, schema) => {
  test.each(Object.entries(schema.shape))('%s', (field, reader) => {
    const takes = ajv.getSchema(`portal#/components/schemas/${name}/properties/${field}`)
    const differing = values.filter((value) => {
      const { success, data } = reader.safeParse(value)
      const isRead = success && data !== null
      return isRead !== (takes?.(value) === true) && !(isReadAsNothing(value) && !isRead)
    })
    expect(differing).toEqual([])
  })
})
