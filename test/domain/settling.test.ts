import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SETTLING_MS, settlingTime } from '../../src/domain/settling.ts'

test('a write may land for 15 s, or for as long as a request may take where that is longer', () => {
  expect(SETTLING_MS).toBe(15_000)
  expect(settlingTime()).toBe(15_000)
  expect(settlingTime(10_000)).toBe(15_000)
  expect(settlingTime(40_000)).toBe(40_000)
})

test('it is never less than either', () => {
  fc.assert(
    fc.property(fc.nat(600_000), (timeoutMs) => {
      expect(settlingTime(timeoutMs)).toBeGreaterThanOrEqual(Math.max(SETTLING_MS, timeoutMs))
    }),
  )
})
