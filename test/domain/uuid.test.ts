import { afterEach, describe, expect, test, vi } from 'vitest'
import { isUuid, randomUuid } from '../../src/domain/uuid.ts'

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

afterEach(() => {
  vi.unstubAllGlobals()
})

describe.each([true, false])('crypto.randomUUID is there: %s', (isThere) => {
  test('a random one of version 4, another one each time', () => {
    const { randomUUID } = crypto
    vi.stubGlobal('crypto', {
      randomUUID: isThere ? randomUUID.bind(crypto) : undefined,
      getRandomValues: crypto.getRandomValues.bind(crypto),
    })
    const ids = Array.from({ length: 200 }, randomUuid)
    for (const id of ids) expect(id).toMatch(VERSION_4)
    expect(new Set(ids).size).toBe(200)
    expect(ids.every(isUuid)).toBe(true)
  })
})

test.each(['', 'r-1', '00000000-0000-4000-8000-00000000000', ' 00000000-0000-4000-8000-000000000000', 7, null])(
  'none: %j',
  (value) => {
    expect(isUuid(value)).toBe(false)
  },
)
