import { clientFailure, type Failure, toFailure } from '../domain/failure.ts'
import { type Endpoint, isWrite } from './endpoints.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { readHttpDate } from './http-date.ts'
import type { PortalTime } from './portal-time.ts'
import { refusalOf } from './refusal.ts'
import type { HttpReply } from './transport.ts'

/** What came of sending a request once. */
export type Attempt<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly failure: Failure }

/** A reply with the JSON that was in it; null where it is encrypted and cannot be decrypted. */
export interface OpenedReply {
  readonly reply: HttpReply
  readonly json: Uint8Array | null
}

/** What a reply means (contract 2), the portal's clock learnt from it on the way. The failure's `requestId` is the caller's to say. */
export function understand<Result>(
  { reply, json }: OpenedReply,
  endpoint: Endpoint<never, Result>,
  time: PortalTime,
): Attempt<Result> {
  const { status, headers } = reply
  const isSuccess = status >= 200 && status < 300
  const envelope: Envelope = json === null ? { form: 'stranger' } : readEnvelope(json)
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
  const failed = (failure: Failure, effect: 'done' | 'unknown'): Attempt<Result> => ({
    ok: false,
    failure: { ...failure, status, effect: isWrite(endpoint) ? effect : 'none' },
  })
  if (json === null) return failed(clientFailure('sealedReply', 'secureChannel', { retryable: true }), 'unknown')
  if (envelope.form === 'stranger' || (envelope.form === 'empty' && status !== 204)) {
    return failed(clientFailure('malformed', 'protocol', { retryable: true }), 'unknown')
  }
  try {
    return { ok: true, result: endpoint.reply(envelope.form === 'success' ? envelope.data : null, time) }
  } catch (thrown) {
    return failed(toFailure(thrown), 'done')
  }
}

function learnTime({ headers, sentAt, receivedAt }: HttpReply, envelope: Envelope, time: PortalTime): void {
  // A stranger's clock is not the portal's.
  if (envelope.form === 'stranger') return
  if ('timestamp' in envelope && envelope.timestamp !== null) {
    time.learn({ sentAt, receivedAt, portalTime: envelope.timestamp, resolutionMs: 0 })
    return
  }
  const date = readHttpDate(headers.get('Date') ?? '')
  if (date !== null) time.learn({ sentAt, receivedAt, portalTime: date, resolutionMs: 1000 })
}
