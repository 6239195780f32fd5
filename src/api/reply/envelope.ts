import * as z from 'zod/mini'
import { isBinaryEnvelope, isJsonEnvelope } from '../../secure-channel/index.ts'
import { isLiteralNoContent, isSuccessCode } from '../inferred.ts'
import { readStamp, type Stamp } from '../time/wire-time.ts'
import { optional, required } from './fields.ts'

/**
 * A reply's body, read without knowing which endpoint it is from (docs/contract.md#replies). `empty`: there was none. `noContent`:
 * the literal note of that. `encrypted`: it cannot be read. `stranger`: not written by this portal.
 */
export type Envelope =
  | {
      readonly form: 'success'
      readonly code: string
      readonly data: unknown
      readonly timestamp: Stamp | null
    }
  | {
      readonly form: 'refusal'
      readonly code: string
      /** The portal's `data`: with `VALIDATION.INVALID_PARAMETER`, texts by field. */
      readonly data: unknown
      readonly timestamp: Stamp | null
    }
  | { readonly form: 'empty' | 'noContent' | 'encrypted' | 'stranger' }

/** The form of a code. Anything else is not shown as one: it might be the server's text. */
export const CODE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/

/** Only `code` is in every sample. It is a string; a number is what a careless server makes of `4010`. */
const envelopeSchema = z.object({
  code: required((value) => {
    const code = Number.isSafeInteger(value) ? String(value) : value
    return typeof code === 'string' && CODE.test(code) ? code : null
  }),
  success: required((value) => (typeof (value ?? true) === 'boolean' ? value !== false : null)),
  timestamp: optional(readStamp),
  data: optional((value) => value ?? null),
})

/** Reads a reply's bytes, decrypted if they were encrypted. Never throws. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length === 0) return { form: 'empty' }
  if (isBinaryEnvelope(bytes)) return { form: 'encrypted' }
  const value = parse(bytes)
  if (value === null) return { form: 'stranger' }
  if (isJsonEnvelope(value)) return { form: 'encrypted' }
  if (!('code' in value) && isLiteralNoContent(value)) return { form: 'noContent' }
  const { data: envelope } = envelopeSchema.safeParse(value)
  if (envelope === undefined) return { form: 'stranger' }

  const { code, success, data, timestamp } = envelope
  const isSuccess = isSuccessCode(code)
  // A failure that carries the code of a success says nothing.
  if (isSuccess && !success) return { form: 'stranger' }
  return { form: isSuccess ? 'success' : 'refusal', code: portalCode(code), data, timestamp }
}

/** A code under our own prefix would pass for a word of ours, text and all: it is kept as the portal's. */
const portalCode = (code: string) => (code.startsWith('client.') ? `portal.${code}` : code)

function parse(bytes: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
