import { clientFailure, PortalError } from '../domain/failure.ts'
import { SESSION_HEADER } from './choices.ts'
import type { SecureChannel } from './secure-channel.ts'

/** An ID that fits into a header. */
const SESSION_ID = /^[\x21-\x7e]{1,512}$/

/** What a host has whose gateway or SDK encrypts. */
export interface HostSession {
  sessionId(): string
}

/**
 * The channel of a host whose gateway or SDK encrypts: `SESSION_HEADER` is sent, bodies and replies are left as they are. The id
 * is asked for anew with each request, so a lost session is the host's to replace.
 */
export const createHostChannel = (host: HostSession): SecureChannel => ({
  async session() {
    const id: unknown = await host.sessionId()
    if (typeof id !== 'string' || !SESSION_ID.test(id)) {
      throw new PortalError(clientFailure('secureChannel', 'secureChannel', { field: 'sessionId', retryable: true }))
    }
    return { headers: { [SESSION_HEADER]: id }, encrypt: async (body) => body, decrypt: async (reply) => reply }
  },
  forget() {},
  async close() {},
})
