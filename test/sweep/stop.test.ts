/** A flow that is stopped at any of its snapshots leaves nothing behind: no timer, no request, no unhandled rejection. */
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import { createRandom, isComplete, sample, seed } from '../support/sampling.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { carryThrough, eagerPolicy } from '../support/user.ts'

const SAMPLE = 20

async function run(stopAt: number) {
  const setting = createSetting()
  const { portal, machines, api, clock } = setting
  // So that there is something to stop in.
  portal.fault(() => true, { delayMs: 1 }, { times: 999 })
  const flow = createActor(machines.onboarding, { input: { policy: eagerPolicy } })
  const userLeft = new AbortController()
  let snapshots = 0
  flow.subscribe(() => {
    if (snapshots++ !== stopAt) return
    userLeft.abort()
    flow.stop()
  })
  flow.start()
  await carryThrough(setting, flow, userLeft.signal).catch((thrown: unknown) => {
    if (!userLeft.signal.aborted) throw thrown
  })
  await setting.patiently(api.close())
  await turn()
  const timersLeft = clock.pending
  const requestsMade = portal.requests.length
  await clock.advance(10 * 60_000)
  return { snapshots, timersLeft, laterRequests: portal.requests.length - requestsMade }
}

const whole = await run(-1)
const places = Array.from({ length: whole.snapshots }, (_, place) => place)
const stops = isComplete ? places : sample(places, SAMPLE, createRandom(seed))

test(`stopped at any of ${whole.snapshots} snapshots (seed ${seed})`, { timeout: 10 * 60_000 }, async () => {
  for (const place of stops) {
    const { timersLeft, laterRequests } = await run(place)
    expect({ place, timersLeft, laterRequests }).toEqual({ place, timersLeft: 0, laterRequests: 0 })
  }
  process.stdout.write(`stops (seed ${seed}): ${stops.length} runs, 0 timers, 0 requests left behind\n`)
})
