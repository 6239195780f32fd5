import { expect, it } from 'vitest'
import { createBearer } from '../../../src/api/auth/bearer.ts'
import { TestClock } from '../../support/test-clock.ts'
import { NOON } from '../stub-portal.ts'

it('does not ask for a token in place of one that was replaced already', async () => {
  const asked: string[] = []
  const bearer = createBearer({
    accessToken: () => 'first',
    refreshAccessToken: async () => {
      asked.push('refresh')
      return `fresh-${asked.length}`
    },
    timeoutMs: 1_000,
    clock: new TestClock(NOON),
  })
  expect(await bearer.refresh('first', undefined)).toBe('renewed')
  expect(await bearer.refresh('fresh-1', undefined)).toBe('renewed')
  expect(await bearer.refresh('first', undefined)).toBe('renewed')
  expect(asked).toHaveLength(2)
  expect(await bearer.token(undefined)).toBe('fresh-2')
})
