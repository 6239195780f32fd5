/**
 * The promise that this library is known for, on a model of everything that could break it: a portal that carries things out late, keeps
 * less than it shows, or refuses; a second editor between any two requests; a user who moves, sleeps, reloads, and clicks on.
 *
 * **If the list in force does not cover the user's address in the end, then** the user took that risk for that list in this run of the
 * page, **or** the host was told of an `unconfirmedChange`, **or** someone else made that list after our last write.
 *
 * A user who moves after the portal told his address for the last time before the list was kept is out of anybody's sight, and of this.
 * So is what lands later than the settling time.
 *
 * `SEQUENCES` says how many (default 500), `SEED` repeats a run.
 */
import * as fc from 'fast-check'
import type { Policy } from 'postlogin'
import { expect, test } from 'vitest'
import { seed } from '../support/sampling.ts'
import { turn } from '../support/test-clock.ts'
import { type Command, commands, type Ending, ending, HOME, OFFICE } from './commands.ts'
import { createWorld, type Start } from './world.ts'

const sequences = Number(process.env.LOCKOUT_SEQUENCES ?? 500)
const EXPECTED_MS = 200

const start: fc.Arbitrary<Start> = fc.record({
  policy: fc.constantFrom<Policy>('show', 'show', 'require', 'offer'),
  whitelist: fc.constantFrom(
    { enabled: false, entries: [] },
    { enabled: false, entries: [HOME] },
    { enabled: false, entries: [OFFICE] },
    { enabled: true, entries: [HOME] },
    { enabled: true, entries: [HOME, OFFICE] },
    { enabled: true, entries: [OFFICE] },
  ),
  onEveryRequest: fc.constantFrom(false, false, true),
})

async function run(start: Start, commands: readonly Command[], ending: Ending) {
  const world = createWorld(start)
  try {
    await world.rest()
    for (const command of commands) {
      await world.perform(command)
      if (command.pace === 'turn') await turn()
      if (command.pace === 'rest') await world.rest()
    }
    const report = await world.end(ending)
    expect([...world.problems(), ...world.lockedOut(report)]).toEqual([])
  } finally {
    await world.close()
  }
}

test(
  `nobody is locked out in silence, in ${sequences} sequences (seed ${seed})`,
  async () => {
    await fc.assert(fc.asyncProperty(start, commands, ending, run), { numRuns: sequences, seed })
    process.stdout.write(`lockouts: 0 in ${sequences} sequences (seed ${seed})\n`)
  },
  60_000 + sequences * EXPECTED_MS,
)
