/**
 * A flow that is stopped at any of its snapshots leaves nothing behind: no timer, no request, no unhandled rejection. Stored only then, as
 * bindings make hosts do, and restored in a new page, it is finished as without the stop.
 */
import { createMachines, fromStorage, toStorage } from 'postlogin'
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import { createRandom, isComplete, sample, seed } from '../support/sampling.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { accountOf, carryThrough, doubledWrites, eagerPolicy } from '../support/user.ts'

const SAMPLE = 20
const subject = { subject: 'maya@example.com' }

/** Stops the flow at its snapshot number `stopAt`, if it gets that far. */
async function run(stopAt: number) {
  const setting = createSetting()
  // So that there is something to stop in.
  setting.portal.fault(() => true, { delayMs: 1 }, { times: 999 })
  const flow = createActor(setting.machines.onboarding, { input: { policy: eagerPolicy } })
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
  return { ...setting, flow, snapshots }
}

const whole = await run(-1)
const places = Array.from({ length: whole.snapshots }, (_, place) => place)
const stops = isComplete ? places : sample(places, SAMPLE, createRandom(seed))
const timeout = 10 * 60_000

test(`stopped at any of ${whole.snapshots} snapshots (seed ${seed})`, { timeout }, async () => {
  for (const place of stops) {
    const { api, clock, whileTimePasses, portal } = await run(place)
    await whileTimePasses(api.close())
    await turn()
    const timersLeft = clock.pending
    const requestsMade = portal.requests.length
    await clock.advance(10 * 60_000)
    const laterRequests = portal.requests.length - requestsMade
    expect({ place, timersLeft, laterRequests }).toEqual({ place, timersLeft: 0, laterRequests: 0 })
  }
  process.stdout.write(`stops (seed ${seed}): ${stops.length} runs, 0 timers, 0 requests left behind\n`)
})

test(`stored only after it was stopped at any of them (seed ${seed})`, { timeout }, async () => {
  for (const place of stops) {
    const { flow, portal, ...setting } = await run(place)
    // The last ones are those of a flow that is done, which nothing stops any more.
    const stored = toStorage(flow, subject)
    const { onboarding } = createMachines(setting.api, { clock: setting.clock })
    const restored = createActor(onboarding, { snapshot: fromStorage(onboarding, stored, subject) }).start()
    const { actor } = await carryThrough({ ...setting, portal }, restored)
    expect({ place, account: accountOf(portal), doubled: doubledWrites(portal) }).toEqual({
      place,
      account: accountOf(whole.portal),
      doubled: [],
    })
    const output = { outcome: 'completed', otpEnabled: true, ipWhitelistEnabled: true }
    expect(actor.getSnapshot().output).toMatchObject(output)
    await setting.whileTimePasses(setting.api.close())
  }
  process.stdout.write(`stops (seed ${seed}): ${stops.length} stored afterwards, restored and finished, 0 lost\n`)
})
