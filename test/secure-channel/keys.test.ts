import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromBase64, toBase64 } from '../../src/secure-channel/base64.ts'
import { encryptAesKey, importAesKey, importRsaPublicKey } from '../../src/secure-channel/keys.ts'

const spki = (modulusLength: number) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength })
  return { base64: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'), privateKey }
}

it('encrypts an AES key so that the portal reads it with RSA-OAEP and SHA-256', async () => {
  const { base64, privateKey } = spki(2048)
  const publicKey = await importRsaPublicKey(base64)
  if (publicKey === null) throw new Error('the key was refused')
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const encrypted = await encryptAesKey(raw, publicKey)
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  expect(Uint8Array.from(privateDecrypt({ key: privateKey, padding, oaepHash: 'sha256' }, encrypted))).toEqual(raw)
  expect(() => privateDecrypt({ key: privateKey, padding, oaepHash: 'sha1' }, encrypted)).toThrow()
})

it('refuses what is not an RSA key of 2048 bits or more', async () => {
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' })
  expect(await importRsaPublicKey('not base64 ~')).toBeNull()
  expect(await importRsaPublicKey('AAAA')).toBeNull()
  expect(await importRsaPublicKey('')).toBeNull()
  expect(await importRsaPublicKey(elliptic.toString('base64'))).toBeNull()
  expect(await importRsaPublicKey(spki(1024).base64)).toBeNull()
})

it('imports AES keys that cannot be read out, for what is asked only', async () => {
  const key = await importAesKey(new Uint8Array(32), ['encrypt'])
  expect(key.extractable).toBe(false)
  expect(key.usages).toEqual(['encrypt'])
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
})

it('writes base64 as node does, and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = toBase64(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(text)).toEqual(Uint8Array.from(bytes))
    }),
  )
  expect(fromBase64('~')).toBeNull()
})
