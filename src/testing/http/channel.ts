import { fromBase64, toBase64 } from '../../secure-channel/base64.ts'
import { CHANNEL_VERSION, OAEP_HASH, PUBLIC_KEY_FORMAT, SESSION_HEADER } from '../../secure-channel/choices.ts'
import { decryptEnvelope, encryptEnvelope } from '../../secure-channel/envelope.ts'
import { AES_KEY_BYTES, importAesKey } from '../../secure-channel/keys.ts'
import { type EnvelopeFormat, recognize } from '../../secure-channel/recognize.ts'
import type { Dialect } from '../behavior.ts'
import { Refusal } from '../endpoints/refusal.ts'
import { noBody, readBody } from '../endpoints/request-body.ts'
import type { ChannelNeed, PortalOperation, Route } from '../endpoints/routes.ts'
import { wireTime } from '../endpoints/wire.ts'
import { text } from '../schema.ts'
import type { Call, Result, World } from '../world.ts'
import { type IncomingBody, parseJson, plainBody } from './incoming-body.ts'

const RSA_BITS = 2048

/** A channel session as the portal keeps it. */
export interface ChannelSession {
  readonly requestKey: CryptoKey
  readonly responseKey: CryptoKey
  /** Epoch ms, the portal's clock. */
  readonly expiresAt: number
}

/** Making an RSA key takes long, so all portals of a process share one. */
let sharedKeyPair: Promise<CryptoKeyPair> | undefined

function keyPair(): Promise<CryptoKeyPair> {
  sharedKeyPair ??= crypto.subtle.generateKey(
    { name: 'RSA-OAEP', modulusLength: RSA_BITS, publicExponent: Uint8Array.of(1, 0, 1), hash: OAEP_HASH },
    // The public half has to be handed out.
    true,
    ['encrypt', 'decrypt'],
  )
  return sharedKeyPair
}

/** Before the PKCS#1 of an RSA key of that size, in its `spki`: the algorithm and the heads of what is around it. */
const SPKI_HEAD_BYTES = 24

/** The text of the public key, in the form that the portal's dialect has for it. */
function writeKey(spki: Uint8Array, form: Dialect['publicKey']): string {
  const wrapped = (der: Uint8Array) => toBase64(der).replace(/.{64}(?=.)/g, '$&\n')
  const pem = (label: string, der: Uint8Array) => `-----BEGIN ${label}-----\n${wrapped(der)}\n-----END ${label}-----\n`
  switch (form) {
    case 'base64':
      return toBase64(spki)
    case 'base64url':
      return toBase64(spki).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    case 'wrapped':
      return wrapped(spki)
    case 'pem':
      return pem('PUBLIC KEY', spki)
    case 'pkcs1':
      return pem('RSA PUBLIC KEY', spki.subarray(SPKI_HEAD_BYTES))
    case 'escaped':
      return pem('PUBLIC KEY', spki).replaceAll('\n', '\\n')
    case 'file':
      return btoa(pem('PUBLIC KEY', spki))
  }
}

const badRequest = () => new Refusal(400, '4000')
const invalidPayload = () => new Refusal(400, 'SECURE_CHANNEL.INVALID_PAYLOAD')

/** The portal's end of the secure channel (docs/contract.md#secure-channel). */
export class ChannelServer {
  readonly routes: readonly Route[]
  readonly #format: EnvelopeFormat
  readonly #world: World
  readonly #sessions = new Map<string, ChannelSession>()
  readonly #createdAt: number

  constructor(format: EnvelopeFormat, world: World) {
    this.#format = format
    this.#world = world
    this.#createdAt = world.now()
    this.routes = [
      channelRoute('getChannelKey', 'GET', '/public-key', (call) => this.#publicKey(call)),
      channelRoute('openChannel', 'POST', '/session', (call) => this.#openSession(call)),
      channelRoute('closeChannel', 'POST', '/session/close', (call) => this.#closeSession(call)),
    ]
  }

  dropSessions(): void {
    this.#sessions.clear()
  }

  /** Takes the envelope off a request's body, as far as its endpoint has to do with the channel. */
  async open({ channel, operation }: Route, headers: Headers, bytes: Uint8Array<ArrayBuffer>): Promise<IncomingBody> {
    if (channel === 'none') return plainBody(bytes)
    const format = recognize(bytes)
    const refuse = (refusal: Refusal): IncomingBody => ({ ...plainBody(bytes), refusal })
    if (channel === 'encrypted' && format === 'plain') return refuse(invalidPayload())
    const sessionId = headers.get(SESSION_HEADER)
    if (sessionId === null && format === 'plain' && !this.#demandsHeader(channel)) return plainBody(bytes)
    if (contradictsItself(headers)) return refuse(invalidPayload())
    const session = this.#liveSession(sessionId)
    if (session === null) {
      return refuse(new Refusal(this.#world.behavior.channelLossStatus, 'SECURE_CHANNEL.SESSION_NOT_FOUND'))
    }
    const { encryptsReplies, encryptsSetupReply } = this.#world.behavior
    if (format === 'plain') {
      return { ...plainBody(bytes), replyTo: operation === 'setupOtp' && encryptsSetupReply ? session : null }
    }
    if (format !== this.#format) return refuse(invalidPayload())
    try {
      const value = parseJson(await decryptEnvelope(session.requestKey, bytes, 'request'))
      return { value, encrypted: true, replyTo: encryptsReplies ? session : null, refusal: null }
    } catch {
      return { value: undefined, encrypted: false, replyTo: null, refusal: invalidPayload() }
    }
  }

  /** Encrypts a reply's body for its session. */
  encrypt({ responseKey }: ChannelSession, body: string): Promise<Uint8Array<ArrayBuffer>> {
    return encryptEnvelope(this.#format, responseKey, new TextEncoder().encode(body), 'response')
  }

  #demandsHeader(need: ChannelNeed): boolean {
    return need === 'encrypted' || this.#world.behavior.channelHeaderOn === 'securityPosts'
  }

  #liveSession(sessionId: string | null): ChannelSession | null {
    const session = sessionId === null ? undefined : this.#sessions.get(sessionId)
    return session !== undefined && this.#world.now() < session.expiresAt ? session : null
  }

  async #publicKey({ body }: Call): Promise<Result> {
    noBody(body)
    const { publicKey } = await keyPair()
    return {
      data: {
        keyId: this.#world.behavior.channelKeyId,
        publicKey: writeKey(
          new Uint8Array(await crypto.subtle.exportKey(PUBLIC_KEY_FORMAT, publicKey)),
          this.#world.behavior.dialect.publicKey,
        ),
        algorithm: `RSA-OAEP-${RSA_BITS}`,
        keySize: RSA_BITS,
        createdAt: wireTime(this.#world, this.#createdAt),
        expiresAt: null,
      },
    }
  }

  async #openSession({ body }: Call): Promise<Result> {
    const { keyId, encReqKey, encRespKey } = readBody(body, { keyId: text, encReqKey: text, encRespKey: text })
    const { behavior, nextId, now } = this.#world
    if (keyId !== behavior.channelKeyId) throw badRequest()
    const requestKey = await importAesKey(await decryptKey(encReqKey), ['decrypt'])
    const responseKey = await importAesKey(await decryptKey(encRespKey), ['encrypt'])
    const sessionId = nextId('channel')
    const expiresAt = now() + behavior.channelLifetimeMs
    this.#sessions.set(sessionId, { requestKey, responseKey, expiresAt })
    return { data: { sessionId, expiresAt } }
  }

  /** Idempotent: a session that is over is no error (docs/contract.md#channel-close). */
  #closeSession({ body, header }: Call): Result {
    noBody(body)
    const sessionId = header(SESSION_HEADER)
    if (sessionId === null) throw badRequest()
    this.#sessions.delete(sessionId)
    return { data: null }
  }
}

/** Public, and outside the channel that it is about (docs/contract.md#secure-channel). */
const channelRoute = (
  operation: PortalOperation,
  method: Route['method'],
  path: string,
  handle: (call: Call) => Result | Promise<Result>,
): Route => ({
  operation,
  method,
  path: `/web/v1/secure-channel${path}`,
  access: 'public',
  channel: 'none',
  handle: (_world, call) => handle(call),
})

/** The other pair of headers may be sent, but must not say something else (docs/contract.md#channel-headers). */
function contradictsItself(headers: Headers): boolean {
  const other = headers.get('X-SC-Session-Id')
  const version = headers.get('X-SC-Version')
  return (
    (other !== null && other !== headers.get(SESSION_HEADER)) ||
    (version !== null && version !== String(CHANNEL_VERSION))
  )
}

async function decryptKey(encrypted: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = fromBase64(encrypted)
  if (bytes === null) throw badRequest()
  const { privateKey } = await keyPair()
  let raw: ArrayBuffer
  try {
    raw = await crypto.subtle.decrypt({ name: 'RSA-OAEP' }, privateKey, bytes)
  } catch {
    throw badRequest()
  }
  if (raw.byteLength !== AES_KEY_BYTES) throw badRequest()
  return new Uint8Array(raw)
}
