/**
 * The encrypted channel between this client and the portal, as the adapter uses it (docs/contract.md#secure-channel). `createSecureChannel` makes the
 * documented one; a host may bring its own, for instance around the vendor's SDK.
 */
export interface SecureChannel {
  /**
   * A session that can be used now: the one at hand, or a new one. Aborting ends this wait only. Rejects when there is no session
   * to be had; the request it was meant for is then not sent.
   */
  session(signal?: AbortSignal): Promise<ChannelSession>
  /** The portal does not know this session any more. Ignored where another one has taken its place. */
  forget(session: ChannelSession): void
  /** Called once, after the first reply to the signed-in user: a moment to make a session before one is needed. Must not throw. */
  warmUp?(): void
  /**
   * Ends the session at hand, and one that is being made: who waits for it gets none. Never rejects; a session asked for later is a
   * new one.
   */
  close(): Promise<void>
}

/** One session of a channel. */
export interface ChannelSession {
  /** What names the session to the portal (docs/contract.md#channel-headers). */
  readonly headers: Readonly<Record<string, string>>
  /** The `Content-Type` of an encrypted body; `application/json` where it is left out. */
  readonly contentType?: string
  /** What is sent for a body (JSON, UTF-8). */
  encrypt(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
  /**
   * The JSON (UTF-8) in a reply. One that is not encrypted is given back as it is, the same object; once the portal has encrypted its
   * reply to an encrypted request in this session, such a one is refused. Rejects where it cannot be decrypted.
   */
  decrypt(reply: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
}
