import fc from 'fast-check'
import { expect, test } from 'vitest'
import { serdeFor } from '../../examples/durable/serde.ts'

const { serialize, deserialize } = serdeFor('a secret of the workers')

test('any JSON comes back as it was', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const value: unknown = JSON.parse(json)
      expect(deserialize(serialize(value))).toEqual(value)
    }),
  )
})

test('nothing is no bytes', () => {
  expect(serialize(undefined)).toHaveLength(0)
  expect(deserialize(new Uint8Array())).toBeUndefined()
})

test('the same value gives the same bytes, also in another process: else a replay would not match the journal', () => {
  expect(serialize({ code: '123456' })).toEqual(serdeFor('a secret of the workers').serialize({ code: '123456' }))
})

test('another value has another IV', () => {
  const [one, other] = ['123456', '123457'].map((code) => Buffer.from(serialize({ code })).subarray(0, 12))
  expect(one).not.toEqual(other)
})

test('what was changed, or written with another secret, is refused', () => {
  const bytes = Buffer.from(serialize({ code: '123456' }))
  expect(() => serdeFor('another secret').deserialize(bytes)).toThrow()
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => deserialize(changed)).toThrow()
  }
})
