import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, toBase64 } from '../../src/secure-channel/base64.ts'
import { encryptAesKey, importAesKey, importRsaPublicKey } from '../../src/secure-channel/keys.ts'

const generate = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength })
const spkiOf = ({ publicKey }: ReturnType<typeof generate>) => publicKey.export({ type: 'spki', format: 'der' })
let portal = generate(2048)
// One key in some hundred has no plus sign, which a case below is about.
while (!spkiOf(portal).toString('base64').includes('+')) portal = generate(2048)
const spki = spkiOf(portal)
const pkcs1 = portal.publicKey.export({ type: 'pkcs1', format: 'der' })
const base64 = spki.toString('base64')
const pem = String(portal.publicKey.export({ type: 'spki', format: 'pem' }))
const pkcs1Pem = String(portal.publicKey.export({ type: 'pkcs1', format: 'pem' }))

const padding = constants.RSA_PKCS1_OAEP_PADDING
const decrypt = (encrypted: Uint8Array, oaepHash: string) =>
  Uint8Array.from(privateDecrypt({ key: portal.privateKey, padding, oaepHash }, encrypted))

async function encryptFor(text: string, raw = crypto.getRandomValues(new Uint8Array(32))) {
  const publicKey = await importRsaPublicKey(text)
  if (publicKey === null) throw new Error('the key was refused')
  return { raw, encrypted: await encryptAesKey(raw, publicKey) }
}

it('encrypts an AES key so that the portal reads it with RSA-OAEP and SHA-256', async () => {
  const { raw, encrypted } = await encryptFor(base64)
  expect(decrypt(encrypted, 'sha256')).toEqual(raw)
  expect(() => decrypt(encrypted, 'sha1')).toThrow()
})

describe('a public key is read', () => {
  const lines = (text: string, width: number, end: string) =>
    text.replace(new RegExp(`.{${width}}(?=.)`, 'g'), `$&${end}`)
  const body = lines(base64, 64, '\n')

  it.each<[string, string]>([
    ['as base64', base64],
    ['as base64 without padding', base64.replaceAll('=', '')],
    ['as base64 with padding too much', `${base64.replaceAll('=', '')}====`],
    ['as base64url', spki.toString('base64url')],
    ['as base64url with padding', base64.replaceAll('+', '-').replaceAll('/', '_')],
    ['in lines of 64', body],
    ['in lines of 76 that end as in MIME', lines(base64, 76, '\r\n')],
    ['in lines that are indented', lines(base64, 64, '\n\t  ')],
    ['with white space around it', ` \n${base64}\u00a0\r\n`],
    ['with a byte order mark before it', `\ufeff${base64}`],
    ['with zero-width spaces in it', lines(base64, 64, '\u200b')],
    ['in quotes', `"${base64}"`],
    ['in quotes of the other kind', `'${pem}'`],
    ['as PEM', pem],
    ['as PEM whose last line does not end', pem.trimEnd()],
    ['as PEM with CRLF', pem.replaceAll('\n', '\r\n')],
    ['as PEM with CR alone', pem.replaceAll('\n', '\r')],
    ['as PEM with the characters \\n for line breaks', pem.replaceAll('\n', '\\n')],
    ['as PEM with the characters \\r\\n for line breaks', pem.replaceAll('\n', '\\r\\n')],
    ['as PEM with line breaks that were escaped twice', pem.replaceAll('\n', '\\\\n')],
    ['as PEM in quotes with escapes, as it stands in an .env file', `"${pem.replaceAll('\n', '\\n')}"`],
    ['as PEM on one line, blanks for line breaks', pem.replaceAll('\n', ' ')],
    ['as PEM on one line, nothing for line breaks', pem.replaceAll('\n', '')],
    ['as PEM with shell continuations', pem.replaceAll('\n', '\\\n')],
    ['as PEM with escaped slashes', pem.replaceAll('/', '\\/')],
    ['as PEM with text before and after', `-keyPath /etc/portal.pem\nComment: x\n${pem}\nthe end`],
    ['as base64 of a PEM file', Buffer.from(pem).toString('base64')],
    [
      'as wrapped base64 of a PEM file with CRLF',
      lines(Buffer.from(pem.replaceAll('\n', '\r\n')).toString('base64'), 76, '\n'),
    ],
    ['as PKCS#1 in PEM', pkcs1Pem],
    ['as PKCS#1 in PEM with CRLF and escapes', pkcs1Pem.replaceAll('\n', '\\r\\n')],
    ['as PKCS#1 in base64', pkcs1.toString('base64')],
    ['as PKCS#1 under the label of the other', pkcs1Pem.replaceAll('RSA PUBLIC', 'PUBLIC')],
    ['as SPKI under the label of PKCS#1', pem.replaceAll('PUBLIC', 'RSA PUBLIC')],
  ])('%s', async (_, text) => {
    const { raw, encrypted } = await encryptFor(text)
    expect(decrypt(encrypted, 'sha256')).toEqual(raw)
  })

  it.each([3072, 4096])('of %i bits, PKCS#1 too', async (bits) => {
    const { publicKey } = generate(bits)
    for (const type of ['spki', 'pkcs1'] as const) {
      const key = await importRsaPublicKey(publicKey.export({ type, format: 'der' }).toString('base64'))
      expect(key?.algorithm).toMatchObject({ modulusLength: bits })
    }
  })

  it('however it is wrapped and quoted', async () => {
    const filling = fc.constantFrom(' ', '\t', '\n', '\r\n', '\\n', '\\r\\n', '"', "'", '\u200b', '\ufeff')
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(base64, spki.toString('base64url'), pkcs1.toString('base64')),
        fc.integer({ min: 1, max: 500 }),
        fc.array(filling, { minLength: 1, maxLength: 4 }),
        async (text, width, fillings) => {
          const between = fillings.join('')
          expect(await importRsaPublicKey(between + lines(text, width, between) + between)).not.toBeNull()
        },
      ),
    )
  })
})

describe('a public key is refused', () => {
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  const ofShort = generate(1024).publicKey
  const privateKeys = (['pkcs8', 'pkcs1'] as const).flatMap((type) => [
    String(portal.privateKey.export({ type, format: 'pem' })),
    portal.privateKey.export({ type, format: 'der' }).toString('base64'),
  ])

  it.each<[string, string]>([
    ['that is empty', ''],
    ['that is not base64', 'not base64 ~'],
    ['that is base64 of nothing', 'AAAA'],
    ['that is base64 of text', Buffer.from('hello, world').toString('base64')],
    ['that is a page', '<!doctype html><title>Bad gateway</title>'],
    ['that was cut off', base64.slice(0, 300)],
    ['that was cut off in PEM', pem.slice(0, 300)],
    ['with nothing between its PEM lines', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----'],
    ['whose plus signs became blanks', base64.replaceAll('+', ' ')],
    ['of an elliptic curve', elliptic.export({ type: 'spki', format: 'der' }).toString('base64')],
    ['of an elliptic curve in PEM', String(elliptic.export({ type: 'spki', format: 'pem' }))],
    [
      'for signatures only',
      String(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' })),
    ],
    ['of 1024 bits', ofShort.export({ type: 'spki', format: 'der' }).toString('base64')],
    ['of 1024 bits in PKCS#1', ofShort.export({ type: 'pkcs1', format: 'der' }).toString('base64')],
    ['that is a certificate', `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`],
    ['of SSH', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDYwKDs portal@example.com'],
    ['that is a JWK', JSON.stringify(portal.publicKey.export({ format: 'jwk' }))],
    ...privateKeys.map((text, index): [string, string] => [`that is private (${index})`, text]),
  ])('%s', async (_, text) => {
    expect(await importRsaPublicKey(text)).toBeNull()
  })

  it('whatever it is, without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'grapheme' }), fc.base64String()), async (text) => {
        expect(await importRsaPublicKey(text)).toBeNull()
      }),
    )
  })
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
