import { clientFailure, type Failure, toFailure } from '../../domain/failure.ts'
import { isChannelCode, mayBePlain } from '../../secure-channel/index.ts'
import { type Endpoint, isWrite } from '../endpoints.ts'
import { readHttpDate } from '../time/http-date.ts'
import type { PortalTime } from '../time/portal-time.ts'
import type { HttpReply } from '../transport/transport.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { refusalOf } from './refusal.ts'
import type { ReplyReader } from './replies.ts'

/** What came of sending a request once. */
export type Attempt<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly failure: Failure }

/** A reply once the envelope, if any, is off. */
export interface OpenedReply {
  readonly reply: HttpReply
  /** Its bytes, decrypted; null where that failed. */
  readonly json: Uint8Array | null
  /** It is plain, although the portal encrypts its replies to requests like this one. */
  readonly lacksEncryption: boolean
}

/** What a reply means (docs/contract.md#replies), the portal's clock learned from it on the way. The failure's `requestId` is the caller's to say. */
export function understand<Result>(
  { reply, json, lacksEncryption }: OpenedReply,
  endpoint: Endpoint<never, Result>,
  read: ReplyReader<Result>,
  time: PortalTime,
): Attempt<Result> {
  const { status, headers } = reply
  const isSuccess = status >= 200 && status < 300
  const envelope: Envelope = json === null ? { form: 'encrypted' } : readEnvelope(json)
  const failed = (failure: Failure, effect: 'done' | 'unknown'): Attempt<Result> => ({
    ok: false,
    failure: { ...failure, status, effect: isWrite(endpoint) ? effect : 'none' },
  })
  // Whoever wrote it: nothing in it is believed.
  if (lacksEncryption && !mayLackEncryption(status, envelope)) {
    return failed(clientFailure('plainReply', 'secureChannel', { retryable: true }), 'unknown')
  }
  learnTime(reply, envelope, time)

  if (!isSuccess || envelope.form === 'refusal') {
    const retryAfter = headers.get('Retry-After')
    const { rateWindowMs } = endpoint
    return {
      ok: false,
      failure: refusalOf({ status, retryAfter, envelope, rateWindowMs, isWrite: isWrite(endpoint) }, time),
    }
  }
  // From here on the portal may well have done it, so that a write is not simply tried again.
  if (envelope.form === 'encrypted')
    return failed(clientFailure('encryptedReply', 'secureChannel', { retryable: true }), 'unknown')
  if (envelope.form === 'stranger' || (envelope.form === 'empty' && status !== 204)) {
    return failed(clientFailure('malformed', 'protocol', { retryable: true }), 'unknown')
  }
  try {
    return { ok: true, result: read(envelope.form === 'success' ? envelope.data : null, time) }
  } catch (thrown) {
    return failed(toFailure(thrown), 'done')
  }
}

const mayLackEncryption = (status: number, envelope: Envelope) =>
  mayBePlain(status) || (envelope.form === 'refusal' && isChannelCode(envelope.code))

function learnTime({ headers, sentAt, receivedAt }: HttpReply, envelope: Envelope, time: PortalTime): void {
  // A stranger's clock is not the portal's. A reply out of a cache says when it was written, not what time it is.
  if (envelope.form === 'stranger' || envelope.form === 'encrypted' || Number(headers.get('Age')) > 0) return
  const timestamp = 'timestamp' in envelope ? envelope.timestamp : null
  const date = readHttpDate(headers.get('Date') ?? '', receivedAt)
  time.learn({ sentAt, receivedAt, timestamp, date: date === null ? null : { at: date, resolutionMs: 1000 } })
}
