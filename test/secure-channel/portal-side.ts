import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { clientFailure, PortalError } from '../../src/domain/failure.ts'
import type { ChannelEndpoints } from '../../src/secure-channel/index.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

const PUBLIC_KEY = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')

const decryptKey = (base64: string) =>
  privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    Buffer.from(base64, 'base64'),
  )

/** Rejects on abort, as a request does. */
const abortOf = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** The portal's end of the handshake, made with node:crypto only. */
export function createPortalSide({ expiresAt = () => null as number | null } = {}) {
  const sessions = new Map<string, { readonly requestKey: Buffer; readonly responseKey: Buffer }>()
  const log: string[] = []
  /** Held back until released; undefined: answered at once. */
  let gate: Promise<void> | undefined
  let failure: unknown

  const endpoints: ChannelEndpoints = {
    async getPublicKey(signal) {
      log.push('public-key')
      await Promise.race([gate, abortOf(signal)])
      if (failure !== undefined) throw failure
      return { keyId: 'rsa-key-1', publicKey: PUBLIC_KEY }
    },
    async openSession({ keyId, encReqKey, encRespKey }) {
      if (keyId !== 'rsa-key-1') throw new Error('unknown key')
      const sessionId = `sess_${sessions.size + 1}`
      log.push(`session ${sessionId}`)
      sessions.set(sessionId, { requestKey: decryptKey(encReqKey), responseKey: decryptKey(encRespKey) })
      return { sessionId, expiresAt: expiresAt() }
    },
    async closeSession(headers) {
      log.push(`close ${headers['X-Secure-Channel-Session-Id']}`)
      if (failure !== undefined) throw failure
    },
  }

  return {
    endpoints,
    log,
    keysOf: (sessionId: string) => sessions.get(sessionId),
    fail(thrown: unknown = new PortalError(clientFailure('network', 'network'))) {
      failure = thrown
    },
    recover() {
      failure = undefined
    },
    /** Holds the next handshakes back; call what it gives to let them go on. */
    hold() {
      let release = () => {}
      gate = new Promise((resolve) => {
        release = () => {
          gate = undefined
          resolve()
        }
      })
      return release
    },
    /** What is in a binary request. */
    read(sessionId: string, envelope: Uint8Array): string {
      const keys = sessions.get(sessionId)
      if (keys === undefined) throw new Error('no such session')
      const payload = envelope.subarray(4)
      const decipher = createDecipheriv('aes-256-gcm', keys.requestKey, payload.subarray(0, 12))
      decipher.setAuthTag(payload.subarray(-16))
      return Buffer.concat([decipher.update(payload.subarray(12, -16)), decipher.final()]).toString('utf8')
    },
  }
}
