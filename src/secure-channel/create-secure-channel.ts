import type { Clock } from '../domain/clock.ts'
import { clientFailure, PortalError } from '../domain/failure.ts'
import { untilAborted } from '../domain/until-aborted.ts'
import { toBase64 } from './base64.ts'
import { channelFailure } from './channel-failure.ts'
import { ENCRYPTED_CONTENT_TYPE, LIFETIME_IF_UNSTATED_MS, RENEW_BEFORE_MS, sessionHeaders } from './choices.ts'
import { decryptEnvelope, encryptEnvelope } from './envelope.ts'
import { AES_KEY_BYTES, encryptAesKey, importAesKey, importRsaPublicKey } from './keys.ts'
import { type EnvelopeFormat, recognize } from './recognize.ts'
import type { ChannelSession, SecureChannel } from './secure-channel.ts'

/** The portal's own endpoints of the channel (docs/contract.md#secure-channel). Each rejects with `PortalError`. */
export interface ChannelEndpoints {
  getPublicKey(signal: AbortSignal): Promise<{ readonly keyId: string; readonly publicKey: string }>
  /** The keys are RSA-encrypted, in base64. `expiresAt` is epoch ms on the portal's clock; null if the portal does not say. */
  openSession(keys: {
    readonly keyId: string
    readonly encReqKey: string
    readonly encRespKey: string
  }): Promise<{ readonly sessionId: string; readonly expiresAt: number | null }>
  closeSession(headers: Readonly<Record<string, string>>): Promise<void>
}

/** What a channel is made of. */
export interface SecureChannelParts {
  /** The envelope of requests. Replies are recognized in either form. */
  readonly format: EnvelopeFormat
  readonly endpoints: ChannelEndpoints
  readonly clock: Clock
  /** How far the portal's clock is ahead, in ms. */
  clockOffset(): number
}

/** An open session, and when to open the next one (epoch ms, the portal's clock). */
interface LiveSession {
  readonly session: ChannelSession
  readonly renewAt: number
}

interface Handshake {
  /** Aborted if the channel is closed in the meantime: then nobody gets the session. */
  readonly controller: AbortController
  /** The portal's result, even if the channel was closed: a session that it opened has to be closed. */
  readonly opening: Promise<LiveSession>
  readonly outcome: Promise<ChannelSession>
}

/**
 * The documented channel: the handshake is made once for all who wait for it, its session reused until shortly before it ends.
 * A failed handshake is not kept. The keys live in this closure, as `CryptoKey`s that cannot be read out.
 */
export function createSecureChannel({ format, endpoints, clock, clockOffset }: SecureChannelParts): SecureChannel {
  let current: LiveSession | null = null
  let pending: Handshake | null = null
  let closing = Promise.resolve()

  const portalNow = () => clock.now() + clockOffset()
  const usable = () => (current !== null && portalNow() < current.renewAt ? current.session : null)

  function handshake(): Promise<ChannelSession> {
    if (pending !== null) return pending.outcome
    const controller = new AbortController()
    const opening = openSession(controller.signal)
    const outcome = adopt(opening, controller.signal)
    pending = { controller, opening, outcome }
    return outcome
  }

  async function adopt(opening: Promise<LiveSession>, closed: AbortSignal): Promise<ChannelSession> {
    try {
      const live = await untilAborted(opening, closed)
      closed.throwIfAborted()
      current = live
      return live.session
    } catch (thrown) {
      throw channelFailure(thrown)
    } finally {
      // Otherwise another handshake may have begun.
      if (!closed.aborted) pending = null
    }
  }

  /** A request for a session goes on after an abort: only its reply names the session to close. */
  async function openSession(signal: AbortSignal): Promise<LiveSession> {
    if (crypto.subtle === undefined) throw new PortalError(clientFailure('insecureContext', 'config'))
    const { keyId, publicKey: text } = await endpoints.getPublicKey(signal)
    const publicKey = await importRsaPublicKey(text)
    if (publicKey === null)
      throw new PortalError(clientFailure('channelKey', 'secureChannel', { field: 'data.publicKey' }))

    const rawRequestKey = crypto.getRandomValues(new Uint8Array(AES_KEY_BYTES))
    const rawResponseKey = crypto.getRandomValues(new Uint8Array(AES_KEY_BYTES))
    try {
      const [encReqKey, encRespKey, requestKey, responseKey] = await Promise.all([
        encryptAesKey(rawRequestKey, publicKey),
        encryptAesKey(rawResponseKey, publicKey),
        importAesKey(rawRequestKey, ['encrypt']),
        importAesKey(rawResponseKey, ['decrypt']),
      ])
      signal.throwIfAborted()
      const { sessionId, expiresAt } = await endpoints.openSession({
        keyId,
        encReqKey: toBase64(encReqKey),
        encRespKey: toBase64(encRespKey),
      })
      const lifetime = expiresAt === null ? LIFETIME_IF_UNSTATED_MS : expiresAt - portalNow()
      return {
        session: channelSession(format, sessionId, requestKey, responseKey),
        // A short-lived session is used for half of its life, so that a portal with short sessions is not asked before each request.
        renewAt: portalNow() + Math.max(lifetime - RENEW_BEFORE_MS, lifetime / 2),
      }
    } finally {
      rawRequestKey.fill(0)
      rawResponseKey.fill(0)
    }
  }

  async function closeSession(opened: Promise<LiveSession> | LiveSession | null): Promise<void> {
    const live = await opened
    if (live !== null) await endpoints.closeSession(live.session.headers)
  }

  return {
    session: async (signal) => usable() ?? (await untilAborted(handshake(), signal)),

    forget(session) {
      if (current?.session === session) current = null
    },

    warmUp() {
      // A failure is ignored here: the request that needs the channel tries again and reports it.
      if (usable() === null) handshake().catch(() => {})
    },

    close() {
      const open = [current, pending?.opening ?? null]
      current = null
      pending?.controller.abort()
      pending = null
      closing = Promise.allSettled([closing, ...open.map(closeSession)]).then(() => {})
      return closing
    },
  }
}

const channelSession = (
  format: EnvelopeFormat,
  sessionId: string,
  requestKey: CryptoKey,
  responseKey: CryptoKey,
): ChannelSession => ({
  headers: sessionHeaders(sessionId),
  contentType: ENCRYPTED_CONTENT_TYPE,
  encrypt: (body) => encryptEnvelope(format, requestKey, body, 'request'),
  decrypt: async (reply) => (recognize(reply) === 'plain' ? reply : decryptEnvelope(responseKey, reply, 'response')),
})
