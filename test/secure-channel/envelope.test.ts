import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decryptEnvelope, EnvelopeError, encryptEnvelope } from '../../src/secure-channel/envelope.ts'
import { importAesKey } from '../../src/secure-channel/keys.ts'
import { recognize } from '../../src/secure-channel/recognize.ts'

const FORMATS = ['binary', 'json'] as const
const DIRECTIONS = ['request', 'response'] as const

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const utf8 = (text: string) => new TextEncoder().encode(text)
const fromUtf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const key = (raw: Uint8Array<ArrayBuffer>) => importAesKey(raw, ['encrypt', 'decrypt'])
const someRaw = Uint8Array.from({ length: 32 }, (_, index) => index * 7)

const faultOf = (opening: Promise<unknown>) =>
  opening.then(
    () => 'opened',
    (error: unknown) => (error instanceof EnvelopeError ? error.fault : error),
  )

/** Test cases 13 and 14 of the specification of GCM (McGrew and Viega): key and IV all zero. */
const zeroKey = new Uint8Array(32)
const zeroIv = new Uint8Array(12)
const published = [
  { plaintext: '', encrypted: '530f8afbc74536b9a963b4f1c4cb738b' },
  { plaintext: '00'.repeat(16), encrypted: 'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919' },
]

describe('published vectors', () => {
  it.each(published)('binary, $plaintext', async ({ plaintext, encrypted }) => {
    const options = { fixedIvForVectors: zeroIv }
    const request = await encryptEnvelope('binary', await key(zeroKey), fromHex(plaintext), 'request', options)
    const response = await encryptEnvelope('binary', await key(zeroKey), fromHex(plaintext), 'response', options)
    expect(toHex(request)).toBe(`53430202${'00'.repeat(12)}${encrypted}`)
    expect(toHex(response)).toBe(`53430281${'00'.repeat(12)}${encrypted}`)
    expect(toHex(await decryptEnvelope(await key(zeroKey), request, 'request'))).toBe(plaintext)
  })

  it.each(published)('json, $plaintext', async ({ plaintext, encrypted }) => {
    const payload = Buffer.from('00'.repeat(12) + encrypted, 'hex').toString('base64')
    const envelope = await encryptEnvelope('json', await key(zeroKey), fromHex(plaintext), 'request', {
      fixedIvForVectors: zeroIv,
    })
    expect(fromUtf8(envelope)).toBe(`{"v":2,"p":"${payload}"}`)
    expect(toHex(await decryptEnvelope(await key(zeroKey), envelope))).toBe(plaintext)
  })
})

describe('against another implementation', () => {
  const encryptElsewhere = (raw: Uint8Array, plaintext: string) => {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', raw, iv)
    return Buffer.concat([iv, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
  }

  it('opens what it encrypted, in both formats', async () => {
    const payload = encryptElsewhere(someRaw, '{"entries":["203.0.113.10"]}')
    const binary = Uint8Array.from(Buffer.concat([Buffer.from([0x53, 0x43, 2, 129]), payload]))
    const json = utf8(JSON.stringify({ v: 2, p: payload.toString('base64') }))
    for (const envelope of [binary, json]) {
      expect(fromUtf8(await decryptEnvelope(await key(someRaw), envelope, 'response'))).toBe(
        '{"entries":["203.0.113.10"]}',
      )
    }
  })

  it('encrypts what it opens', async () => {
    const envelope = await encryptEnvelope('binary', await key(someRaw), utf8('{"code":"482916"}'), 'request')
    const payload = envelope.subarray(4)
    const decipher = createDecipheriv('aes-256-gcm', someRaw, payload.subarray(0, 12))
    decipher.setAuthTag(payload.subarray(-16))
    const plaintext = Buffer.concat([decipher.update(payload.subarray(12, -16)), decipher.final()])
    expect(plaintext.toString('utf8')).toBe('{"code":"482916"}')
  })
})

describe.each(FORMATS)('%s', (format) => {
  it('gives back what was encrypted, whatever that was', async () => {
    const aes = await key(someRaw)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...DIRECTIONS), async (bytes, direction) => {
        const plaintext = Uint8Array.from(bytes)
        const envelope = await encryptEnvelope(format, aes, plaintext, direction)
        expect(recognize(envelope)).toBe(format)
        expect(await decryptEnvelope(aes, envelope, direction)).toEqual(plaintext)
      }),
    )
  })

  it('notices every change of the payload', async () => {
    const aes = await key(someRaw)
    const plaintext = utf8('{"code":"482916"}')
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 7 }), async (position, bit) => {
        const envelope = await encryptEnvelope(format, aes, plaintext, 'response')
        const payload =
          format === 'binary' ? envelope.slice(4) : fromBuffer(Buffer.from(JSON.parse(fromUtf8(envelope)).p, 'base64'))
        const index = position % payload.length
        payload[index] = (payload[index] ?? 0) ^ (1 << bit)
        expect(await faultOf(decryptEnvelope(aes, wrap(format, payload), 'response'))).toBe('tampered')
      }),
    )
  })

  it('notices every cut', async () => {
    const aes = await key(someRaw)
    const payload = Uint8Array.from(await payloadOf(aes, 'some plaintext'))
    for (let length = 0; length < payload.length; length++) {
      const fault = await faultOf(decryptEnvelope(aes, wrap(format, payload.slice(0, length)), 'response'))
      expect(fault).toBe(length < 28 ? 'truncated' : 'tampered')
    }
  })

  it('cannot be opened with another key', async () => {
    const envelope = await encryptEnvelope(format, await key(someRaw), utf8('x'), 'response')
    expect(await faultOf(decryptEnvelope(await key(zeroKey), envelope, 'response'))).toBe('tampered')
  })

  it('never uses an IV twice', async () => {
    const aes = await key(someRaw)
    const envelopes = await Promise.all(
      Array.from({ length: 50 }, () => encryptEnvelope(format, aes, utf8('the same'), 'request')),
    )
    expect(new Set(envelopes.map(toHex)).size).toBe(50)
  })
})

describe('what is not an envelope of this channel', () => {
  const head = (...bytes: number[]) => Uint8Array.from([0x53, 0x43, ...bytes, ...new Uint8Array(40)])

  it.each([
    ['nothing', new Uint8Array(), 'notAnEnvelope'],
    ['plain JSON', utf8('{"code":"2000"}'), 'notAnEnvelope'],
    ['a page', utf8('<!doctype html>'), 'notAnEnvelope'],
    ['null', utf8('null'), 'notAnEnvelope'],
    ['JSON with p of another kind', utf8('{"v":2,"p":1}'), 'notAnEnvelope'],
    ['JSON of another version', utf8('{"v":3,"p":"AAAA"}'), 'version'],
    ['JSON without a version', utf8('{"p":"AAAA"}'), 'version'],
    ['JSON whose p is not base64', utf8('{"v":2,"p":"~~~"}'), 'encoding'],
    ['the magic alone', Uint8Array.of(0x53, 0x43), 'truncated'],
    ['a head without its type', Uint8Array.of(0x53, 0x43, 2), 'truncated'],
    ['a head alone', Uint8Array.of(0x53, 0x43, 2, 129), 'truncated'],
    ['binary of another version', head(1, 129), 'version'],
    ['a key exchange', head(2, 1), 'type'],
    ['an unknown type', head(2, 7), 'type'],
  ])('%s', async (_, bytes, fault) => {
    expect(await faultOf(decryptEnvelope(await key(someRaw), bytes))).toBe(fault)
  })

  it('goes the other way', async () => {
    const aes = await key(someRaw)
    const request = await encryptEnvelope('binary', aes, utf8('x'), 'request')
    const response = await encryptEnvelope('binary', aes, utf8('x'), 'response')
    expect(await faultOf(decryptEnvelope(aes, request, 'response'))).toBe('type')
    expect(await faultOf(decryptEnvelope(aes, response, 'request'))).toBe('type')
    expect(await faultOf(decryptEnvelope(aes, request))).toBe('opened')
  })
})

describe('recognize', () => {
  it.each([
    ['SC…', 'binary'],
    ['{"v":2,"p":"AAAA"}', 'json'],
    [' {"p":"AAAA","v":2} ', 'json'],
    ['{"v":"2","p":"AAAA"}', 'plain'],
    ['{"v":2}', 'plain'],
    ['{"code":"2000","message":"SUCCESS","data":{"v":2,"p":"AAAA"}}', 'plain'],
    ['[{"v":2,"p":"AAAA"}]', 'plain'],
    ['S', 'plain'],
    ['', 'plain'],
    ['null', 'plain'],
    ['<html>', 'plain'],
  ])('%s is %s', (text, form) => {
    expect(recognize(utf8(text))).toBe(form)
  })

  it('copes with any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(['binary', 'json', 'plain']).toContain(recognize(bytes))
      }),
    )
  })
})

const fromBuffer = (buffer: Buffer) => Uint8Array.from(buffer)

const wrap = (format: (typeof FORMATS)[number], payload: Uint8Array) =>
  format === 'binary'
    ? Uint8Array.from([0x53, 0x43, 2, 129, ...payload])
    : utf8(JSON.stringify({ v: 2, p: Buffer.from(payload).toString('base64') }))

const payloadOf = async (aes: CryptoKey, text: string) =>
  (await encryptEnvelope('binary', aes, utf8(text), 'response')).subarray(4)
