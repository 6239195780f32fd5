// Written out here on purpose, not taken from src/domain/otp.ts or its library: the fake is the oracle that those are checked against.

import { decodeBase32 } from './base32.ts'

/** RFC 6238. `period` is in seconds. */
export interface TotpParameters {
  algorithm: 'SHA1' | 'SHA256' | 'SHA512'
  digits: number
  /** In seconds. */
  period: number
}

const hashes = { SHA1: 'SHA-1', SHA256: 'SHA-256', SHA512: 'SHA-512' } as const

/** The time step that `at` (epoch ms) lies in. */
export const stepAt = (at: number, { period }: TotpParameters) => Math.floor(at / 1000 / period)

/** The code of one time step. `secret` is base32. */
export async function totpCode(secret: string, step: number, parameters: TotpParameters): Promise<string> {
  const hash = hashes[parameters.algorithm]
  const key = await crypto.subtle.importKey('raw', decodeBase32(secret), { name: 'HMAC', hash }, false, ['sign'])
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(step))
  // The view, not its buffer: Node 20 refuses an ArrayBuffer that is not its own, such as that of jsdom.
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter))
  // RFC 4226, 5.3: the last four bits say where the 31 bits begin.
  const offset = mac.getUint8(mac.byteLength - 1) & 15
  const number = mac.getUint32(offset) & 0x7fff_ffff
  return String(number % 10 ** parameters.digits).padStart(parameters.digits, '0')
}

/**
 * The step whose code this is, of the one that `at` (epoch ms) lies in and its two neighbours; null if none.
 * A step up to `spentStep` is not considered, so that no code is good twice.
 */
export async function matchTotp(
  secret: string,
  code: string,
  at: number,
  parameters: TotpParameters,
  spentStep: number | null,
): Promise<number | null> {
  const now = stepAt(at, parameters)
  for (const step of [now, now - 1, now + 1]) {
    if (step < 0 || (spentStep !== null && step <= spentStep)) continue
    if ((await totpCode(secret, step, parameters)) === code) return step
  }
  return null
}
