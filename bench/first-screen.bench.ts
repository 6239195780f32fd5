import { bench, describe } from 'vitest'
import { firstScreen, firstScreenByHand } from './journey.ts'

/** What a reply takes, in ms: much longer than anything that is computed meanwhile. */
const ROUND_TRIP_MS = 40

for (const latencyMs of [0, ROUND_TRIP_MS]) {
  describe(`how long until the first screen, where a reply takes ${latencyMs} ms`, () => {
    bench('by hand', async () => {
      const end = await firstScreenByHand('off', { latencyMs })
      await end()
    })
    bench('the flow', async () => {
      const end = await firstScreen('off', { latencyMs })
      await end()
    })
  })
}
