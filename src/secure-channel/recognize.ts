import { CHANNEL_VERSION } from './choices.ts'

/** The two documented envelopes (docs/contract.md#channel-envelopes): `binary` starts with `SC`, `json` is `{"v":2,"p":"…"}`. */
export type EnvelopeFormat = 'binary' | 'json'

/** What a body is, by looking at it: the portal does not say by its content type (docs/contract.md#channel-envelopes). */
export const recognize = (bytes: Uint8Array): EnvelopeFormat | 'plain' =>
  isBinaryEnvelope(bytes) ? 'binary' : isJsonEnvelope(readJson(bytes)) ? 'json' : 'plain'

/** `S`, `C`. */
export const MAGIC = [0x53, 0x43] as const

export const isBinaryEnvelope = (bytes: Uint8Array) => MAGIC.every((byte, index) => bytes[index] === byte)

export const isJsonEnvelope = ({ v, p }: JsonObject) => v === CHANNEL_VERSION && typeof p === 'string'

type JsonObject = { readonly v?: unknown; readonly p?: unknown }

/** The top level of a JSON object; empty for anything else. */
export function readJson(bytes: Uint8Array): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
