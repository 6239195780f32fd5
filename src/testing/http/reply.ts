import type { Refusal } from '../endpoints/refusal.ts'
import type { Result, World } from '../world.ts'
import { wireTimestamp } from './wire-clock.ts'

/** A reply before it is encrypted. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Null: no body at all. */
  readonly body: string | null
}

/** The older names of codes; all of them come with HTTP 400 (docs/contract.md#errors). */
const numericCodes: Readonly<Record<string, string>> = {
  'WORKSPACE.INVITATION_EXPIRED': 'U1041',
  'WORKSPACE.INVITATION_ALREADY_PROCESSED': 'U1042',
  'AUTH.SESSION_NOT_FOUND': 'U1060',
  'AUTH.MFA_SEND_COOLDOWN': 'U1061',
  'AUTH.MFA_CODE_INVALID': 'U1062',
  'AUTH.TOO_MANY_ATTEMPTS': 'U1063',
  'AUTH.INVALID_CREDENTIALS': 'U1065',
  'AUTH.FINGERPRINT_MISMATCH': 'U1069',
}

const envelope = ({ behavior, now }: World, success: boolean, fields: object) =>
  JSON.stringify(
    behavior.dialect.envelopeExtras
      ? { version: '2.0.0', timestamp: wireTimestamp[behavior.dialect.timestamp](now()), success, ...fields }
      : fields,
  )

/** A success in the form that the portal's dialect has for it (docs/contract.md#replies). */
export function replyWith(world: World, result: Result): Reply {
  const headers = {}
  if ('data' in result) {
    return {
      status: 200,
      headers,
      body: envelope(world, true, { code: '2000', message: 'SUCCESS', data: result.data }),
    }
  }
  const { noContent } = world.behavior.dialect
  const form = noContent === 'documented' ? result.noContent : noContent
  switch (form) {
    case '204':
      return { status: 204, headers, body: null }
    case 'literal':
      return { status: 200, headers, body: '{"status":204,"body":null}' }
    case '2040':
      return { status: 200, headers, body: envelope(world, true, { code: '2040', message: 'NO_CONTENT', data: null }) }
    case '2000':
      return { status: 200, headers, body: envelope(world, true, { code: '2000', message: 'SUCCESS', data: null }) }
  }
}

/** A refusal. Its message is worded so that a test can see whether it is shown to anybody: it must not be. */
export function replyRefusing(world: World, { status, code, data, headers }: Refusal): Reply {
  const numeric = world.behavior.dialect.errorCodes === 'numeric' ? numericCodes[code] : undefined
  const fields = {
    code: numeric ?? code,
    message: `Server text for ${code}`,
    ...(world.behavior.dialect.envelopeExtras || data !== null ? { data } : {}),
  }
  return { status: numeric === undefined ? status : 400, headers, body: envelope(world, false, fields) }
}
