import { bench, describe } from 'vitest'
import { byHand, type Channel, throughMachines } from './journey.ts'

/** Long enough for a journey to be taken some dozens of times. */
const options = { time: 3_000, warmupTime: 500 }

for (const channel of ['off', 'binary'] satisfies Channel[]) {
  describe(`what an onboarding costs beside one that is written by hand, channel ${channel}`, () => {
    bench('by hand', async () => void (await byHand(channel)), options)
    bench('the flow', async () => void (await throughMachines(channel)), options)
  })
}
