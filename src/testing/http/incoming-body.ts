import { Refusal } from '../endpoints/refusal.ts'
import type { ChannelSession } from './channel.ts'

/** A body once the envelope, if any, is off. */
export interface IncomingBody {
  /** The JSON; undefined where there was no body, or none that can be read. */
  readonly value: unknown
  readonly encrypted: boolean
  /** The channel session whose response key the reply is encrypted with; null for a plain reply. */
  readonly replyTo: ChannelSession | null
  /** Why the request must be refused for its body; null if it need not. */
  readonly refusal: Refusal | null
}

/** A body that came without an envelope. */
export function plainBody(bytes: Uint8Array): IncomingBody {
  const plain = { encrypted: false, replyTo: null }
  if (bytes.length === 0) return { ...plain, value: undefined, refusal: null }
  try {
    return { ...plain, value: parseJson(bytes), refusal: null }
  } catch {
    return { ...plain, value: undefined, refusal: new Refusal(400, '4000') }
  }
}

/** Throws on anything that is not JSON in UTF-8. */
export const parseJson = (bytes: Uint8Array): unknown =>
  JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
