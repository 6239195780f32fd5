import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { apiReport } from '../scripts/api-report.ts'

const written = readFileSync(new URL('../docs/public-surface.md', import.meta.url), 'utf8')
const lines = written.split('\n')

test('the report of the public surface is of this source: npm run api', () => {
  expect(apiReport()).toBe(written)
})

test('it can be read in a review: what XState infers of a machine is not spelled out', () => {
  expect(lines.length).toBeLessThan(3_000)
  expect(written).toContain('export interface WorkspaceMachine extends Chart<{')
  expect(written).not.toContain('PromiseActorLogic<Workspace[]')
})
