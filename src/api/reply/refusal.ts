import { clientFailure, type Failure, type FailureKind, failure } from '../../domain/failure.ts'
import { isChannelCode } from '../../secure-channel/index.ts'
import type { PortalTime } from '../time/portal-time.ts'
import { retryAt } from '../time/retry-after.ts'
import { dottedCode, tellingStatus } from './codes.ts'
import type { Envelope } from './envelope.ts'
import { mayBeEcho, reasonOf } from './reasons.ts'

/** A reply that is not a success, with what is needed to say what it means. */
export interface Refused {
  readonly status: number
  readonly retryAfter: string | null
  readonly envelope: Envelope
  /** Null: the endpoint states no window. */
  readonly rateWindowMs: number | null
  readonly isWrite: boolean
}

const KINDS: Readonly<Record<number, FailureKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  408: 'server',
  // [I] Gone for good is gone.
  410: 'notFound',
  409: 'conflict',
  429: 'rateLimited',
}

/** Where the portal gives no code, ours says what its status does. */
const CODE_IF_NONE = { unauthorized: 'unauthorized', rateLimited: 'rateLimited', server: 'server' } as const

/** Kinds for which the same request may succeed later, unchanged. */
const RETRYABLE: readonly FailureKind[] = ['server', 'rateLimited', 'secureChannel']

/** What the portal's refusal means: the channel's codes first, then the status, then the code (docs/contract.md#errors). */
export function refusalOf({ status, retryAfter, envelope, rateWindowMs, isWrite }: Refused, time: PortalTime): Failure {
  const code = envelope.form === 'refusal' ? envelope.code : null
  const telling = tellingStatus(status, code)
  const kind = kindOf(code, telling)
  const parts = {
    kind,
    status,
    retryable: RETRYABLE.includes(kind),
    retryAt: kind === 'rateLimited' ? retryAt(retryAfter, rateWindowMs, time) : null,
    field: code === null ? null : fieldAtFault(envelope),
  }
  const ownCode = kind in CODE_IF_NONE ? CODE_IF_NONE[kind as keyof typeof CODE_IF_NONE] : 'refused'
  const refusal =
    code === null
      ? clientFailure(ownCode, kind, parts)
      : failure({ ...parts, code: dottedCode(code), reason: reasonOf(dottedCode(code)) })
  return isWrite && (mayHaveActed(kind, telling) || mayBeEcho(refusal)) ? { ...refusal, effect: 'unknown' } : refusal
}

function kindOf(code: string | null, status: number | null): FailureKind {
  if (code !== null && isChannelCode(code)) return 'secureChannel'
  if (status === null) return 'invalid'
  return KINDS[status] ?? (status >= 500 ? 'server' : 'invalid')
}

/** A portal that failed may have failed after the deed; one that refuses inside a success without a known code contradicts itself. */
const mayHaveActed = (kind: FailureKind, status: number | null) =>
  kind !== 'secureChannel' && (kind === 'server' || status === null)

const FIELD = /^[\w.[\]-]{1,80}$/

/** The first field that the portal's validation names; its texts are not shown (docs/contract.md#replies). */
function fieldAtFault(envelope: Envelope): string | null {
  if (envelope.form !== 'refusal' || envelope.code !== 'VALIDATION.INVALID_PARAMETER') return null
  const { data } = envelope
  const [field] = typeof data === 'object' && data !== null ? Object.keys(data) : []
  return field !== undefined && FIELD.test(field) ? field : null
}
