import { inspectWith } from 'postlogin/inspect'
import { bench, describe } from 'vitest'
import { byAdapterAlone, byHand, type Channel, throughMachines } from './journey.ts'

/** Long enough for a journey to be taken some dozens of times. */
const options = { time: 3_000, warmupTime: 500 }

describe('what the machines cost, beside the requests that they make', () => {
  bench('the adapter alone', () => byAdapterAlone('off'), options)
  bench('by hand', () => byHand('off'), options)
  bench('the machines on it', () => throughMachines('off'), options)
  bench('the machines, inspected', () => throughMachines('off', (flow) => inspectWith(flow, () => {})), options)
})

describe('what the secure channel costs, both ends of it', () => {
  bench('by hand, binary', () => byHand('binary'), options)
  for (const channel of ['off', 'binary', 'json'] satisfies Channel[]) {
    bench(channel, () => throughMachines(channel), options)
  }
})
