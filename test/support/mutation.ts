/** What a mutation run does before every test file. */
import fc from 'fast-check'
import { afterEach, inject } from 'vitest'

/** What one mutant is judged by, every other one is. */
fc.configureGlobal({ seed: 20261124 })

const memory = globalThis as { judgedMutant?: string }
const mutant = (inject as (key: string) => string | undefined)('activeMutant')

/** One test that fails is enough to judge a mutant: the files that are left are not even loaded. */
if (mutant !== undefined && memory.judgedMutant === mutant) throw new Error('This mutant is judged already')
afterEach(({ task }) => {
  if (mutant !== undefined && task.result?.state === 'fail') memory.judgedMutant = mutant
})
