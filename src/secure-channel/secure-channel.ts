/**
 * The encrypted channel between this client and the portal, as the adapter uses it (docs/contract.md#secure-channel). `createSecureChannel` makes the
 * documented one; a host may bring its own, for instance around the vendor's SDK.
 */
export interface SecureChannel {
  /**
   * A usable session: the current one or a new one. Aborting ends only this wait. Rejects if no session can be opened; the
   * request that needs it is then not sent.
   */
  session(signal?: AbortSignal): Promise<ChannelSession>
  /** The portal no longer knows this session. Ignored if another one has replaced it. */
  forget(session: ChannelSession): void
  /**
   * Called once, after the first reply from the security center: a change that goes through the channel may follow, and this is a chance
   * to open its session before it is needed. Must not throw.
   */
  warmUp?(): void
  /**
   * Ends the current session and one that is being opened: calls that wait for it get none. Never rejects. A later call opens a
   * new session.
   */
  close(): Promise<void>
}

/** One session of a channel. */
export interface ChannelSession {
  /** The headers that name the session to the portal (docs/contract.md#channel-headers). */
  readonly headers: Readonly<Record<string, string>>
  /** The `Content-Type` of an encrypted body. Default `application/json`. */
  readonly contentType?: string
  /** Encrypts a body (JSON, UTF-8). */
  encrypt(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
  /**
   * The JSON (UTF-8) in a reply. A plain reply is returned as the same object. The caller refuses it once the portal has
   * encrypted a reply to an encrypted request in this session. Rejects if it cannot be decrypted.
   */
  decrypt(reply: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
}
