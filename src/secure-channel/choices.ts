/**
 * The secure channel's public text (docs/contract.md#secure-channel) leaves these open. Each choice stands here once, so that a portal which turns out
 * to differ is met by one change. All of them are `[I]`: inferred, not read.
 */

/** `[I]` OAEP's hash, and that of its mask (MGF1): the text names RSA-OAEP only; this is what WebCrypto makes of it (docs/contract.md#channel-session). */
export const OAEP_HASH = 'SHA-256'

/**
 * `[I]` AES-256-GCM, a tag of 16 bytes, **no additional data**: none is mentioned, although the vendor's SDK has a third argument
 * that might be some (docs/contract.md#channel-envelopes). So nothing binds an encrypted reply to its request: within a session, another one encrypted by the portal
 * opens as well. `additionalData` would be added here, for both directions; nowhere else is a cipher set up.
 */
export const gcmParameters = (iv: Uint8Array<ArrayBuffer>): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  tagLength: TAG_BYTES * 8,
})

/** `[I]` The payload is IV, ciphertext, tag: stated for the binary format, taken to hold inside `p` of the JSON one too. */
export const IV_BYTES = 12
export const TAG_BYTES = 16

/** Both formats are version 2 of the channel (stated). */
export const CHANNEL_VERSION = 2

/**
 * The type byte of the binary format (stated). `[I]` After POST `session` the portal has both keys, so a request is of type 2 and
 * type 1, which brings the keys along, is never sent. Were it, its 2-byte lengths would be big-endian: the usual network order.
 */
export const MESSAGE_TYPE = { request: 2, response: 129 } as const

/**
 * `[I]` The public key is DER of the kind `spki`: the SDK's page says so, the API's page says "PKCS#8/X.509" (docs/contract.md#channel-key). Other forms
 * of a key become it (`public-key.ts`).
 */
export const PUBLIC_KEY_FORMAT = 'spki'

/** The documented header (docs/contract.md#channel-headers). A gateway or SDK that encrypts on the host's behalf reads this one. */
export const SESSION_HEADER = 'X-Secure-Channel-Session-Id'

/** `[I]` Newer pages use another name and a version beside it; sending both pairs does no harm (docs/contract.md#channel-headers). */
export const sessionHeaders = (sessionId: string): Readonly<Record<string, string>> => ({
  [SESSION_HEADER]: sessionId,
  'X-SC-Session-Id': sessionId,
  'X-SC-Version': String(CHANNEL_VERSION),
})

/** The type of an encrypted body, whose bytes tell what it is (docs/contract.md#channel-envelopes). `[I]` for the JSON format too. */
export const ENCRYPTED_CONTENT_TYPE = 'application/json;charset=UTF-8'

/** `[I]` Every code of this family says that the portal did not take the request's envelope: nothing was done (docs/contract.md#channel-failures). */
export const isChannelCode = (code: string) => code.startsWith('SECURE_CHANNEL.')

/**
 * `[I]` Replies to an encrypted request that may be plain although the portal encrypts its replies (docs/contract.md#channel-use): refusals from before its body
 * was opened, which are those of gateways and of the token; and 204, which has no body. The codes above come on top.
 */
export const mayBePlain = (status: number) => status === 204 || status >= 500 || [401, 408, 413, 429].includes(status)

/** `[I]` A session is renewed this long before the portal ends it, so that no request is under way with one that just ended. */
export const RENEW_BEFORE_MS = 60_000

/** `[I]` Where the portal states no end of a session: nothing is known of its lifetime, so this is short (docs/contract.md#channel-session). */
export const LIFETIME_IF_UNSTATED_MS = 10 * 60_000
