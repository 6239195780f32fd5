/**
 * A complete onboarding, cut off at each snapshot that the flow ever shows: stored, forgotten, restored in a new page, finished.
 * The portal holds what it holds without the crash, and no write was carried out twice.
 *
 * `npm test` takes a sample, by a seed that is printed; `npm run test:sweep` takes them all.
 */
import { createMachines, fromStorage, toStorage } from 'postlogin'
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import { createRandom, isComplete, sample, seed } from '../support/sampling.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { accountOf, carryThrough, doubledWrites, eagerPolicy } from '../support/user.ts'

const SAMPLE = 25
const subject = 'maya@example.com'

/** How many turns of the event loop a write gets to arrive at the portal. */
const TURNS_TO_ARRIVE = 60

/**
 * Cuts the flow off at its snapshot number `crashAt`, if it gets that far, and finishes it in a new page. The worst moment is
 * taken: a write that is under way then is still carried out, but its reply comes too late.
 */
async function run(crashAt: number) {
  const setting = createSetting()
  const { portal, machines, api, clock } = setting
  const flow = createActor(machines.onboarding, { input: { policy: eagerPolicy } })
  const userLeft = new AbortController()
  let snapshots = 0
  let stored: string | null = null

  async function crash() {
    userLeft.abort()
    stored = toStorage(flow, { subject })
    const carriedOut = () => portal.requests.filter(({ method, processed }) => method === 'POST' && processed).length
    const before = carriedOut()
    const removeFault = portal.fault(({ method, path }) => method === 'POST' && !isHandshake(path), 'hangReply')
    for (let turns = 0; turns < TURNS_TO_ARRIVE && carriedOut() === before; turns++) await turn()
    removeFault()
    flow.stop()
  }

  let crashed: Promise<void> | null = null
  flow.subscribe(() => {
    if (snapshots++ === crashAt) crashed = crash()
    // What comes after the stored snapshot has not been seen by anybody: it must not be acted upon either.
    else if (stored !== null) flow.stop()
  })
  flow.start()
  const first = await carryThrough(setting, flow, userLeft.signal).catch((thrown: unknown) => {
    if (stored === null) throw thrown
    return null
  })
  await crashed
  let finished = first?.actor ?? flow
  if (stored !== null && flow.getSnapshot().status !== 'done') {
    const anew = createMachines(api, { clock })
    const snapshot = fromStorage(anew.onboarding, stored, { subject })
    finished = (await carryThrough(setting, createActor(anew.onboarding, { snapshot }).start())).actor
  }
  await setting.whileTimePasses(api.close())
  return {
    output: finished.getSnapshot().output,
    account: accountOf(portal),
    doubled: doubledWrites(portal),
    isLockedOut: !portal.login().ok,
    timersLeft: clock.pending,
    snapshots,
    stored: stored as string | null,
    secrets: [portal.account.accessToken, portal.account.otpSecret ?? '', portal.account.portalAccessCode],
  }
}

/** Making the channel changes nothing, and may be under way at any time. */
const isHandshake = (path: string) => path.includes('/secure-channel/')

const uncut = await run(-1)
const random = createRandom(seed)
const places = Array.from({ length: uncut.snapshots }, (_, place) => place)
const crashes = isComplete ? places : sample(places, SAMPLE, random)

test(`cut off at any of ${uncut.snapshots} snapshots (seed ${seed})`, { timeout: 30 * 60_000 }, async () => {
  const tally = { lost: [] as string[], doubled: [] as string[], lockedOut: [] as string[], leaked: [] as string[] }
  for (const place of crashes) {
    try {
      const result = await run(place)
      expect(result.output).toMatchObject({ outcome: 'completed', otpEnabled: true, ipWhitelistEnabled: true })
      expect(result.account).toEqual(uncut.account)
      expect(result.timersLeft).toBe(0)
      if (result.doubled.length > 0) tally.doubled.push(`snapshot ${place}: ${result.doubled.flat().join(' ')}`)
      if (result.isLockedOut) tally.lockedOut.push(`snapshot ${place}`)
      if (result.secrets.some((secret) => result.stored?.includes(secret))) tally.leaked.push(`snapshot ${place}`)
    } catch (thrown) {
      tally.lost.push(`snapshot ${place}: ${thrown instanceof Error ? thrown.message : thrown}`)
    }
  }
  const { lost, doubled, lockedOut, leaked } = tally
  process.stdout.write(
    `crashes (seed ${seed}): ${crashes.length} runs, ${lost.length} lost, ${doubled.length} doubled, ${lockedOut.length} locked out, ${leaked.length} leaked\n`,
  )
  expect(tally).toEqual({ lost: [], doubled: [], lockedOut: [], leaked: [] })
})
