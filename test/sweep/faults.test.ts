/**
 * Every request of a complete onboarding meets every kind of fault: the flow ends completed, the portal holds what it holds
 * without the fault, no write was carried out twice, and nobody is locked out.
 *
 * `npm test` takes a sample, by a seed that is printed; `npm run test:sweep` takes them all.
 */
import type { Fault, PortalRequest } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { SETTLING_MS } from '../../src/domain/settling.ts'
import { createRandom, isComplete, sample, seed } from '../support/sampling.ts'
import { createSetting } from '../support/setting.ts'
import { accountOf, carryThrough, doubledWrites, eagerPolicy } from '../support/user.ts'
import { faults } from './faults.ts'

const SINGLE_SAMPLE = 60
const DOUBLE_SAMPLE = isComplete ? 400 : 25

/** Nobody reads the reply to the channel’s close, an accept is understood whatever its reply looks like, and a second reply is often as good. */
const mayPassUnfelt = (fault: Fault, { operation }: PortalRequest) =>
  operation === 'closeChannel' || (operation === 'acceptInvitation' && fault === 'wrongShape') || fault === 'resent'

interface Strike {
  readonly request: number
  readonly fault: string
}

async function run(strikes: readonly Strike[]) {
  const struck: PortalRequest[] = []
  const failed = new Set<string>()
  const setting = createSetting({
    quietMs: strikes.length === 0 ? 3_000 : 200,
    api: {
      refreshAccessToken: async () => setting.portal.refreshAccessToken(),
      onRequest: ({ requestId, failureKind }) => void (failureKind !== null && failed.add(requestId)),
    },
  })
  const { portal, machines, clock } = setting
  for (const { request, fault } of strikes) {
    let count = 0
    const definition = faults[fault]
    if (definition === undefined) throw new Error(`There is no fault ${fault}`)
    portal.fault((arrived) => {
      const isStruck = count++ === request
      if (isStruck && !mayPassUnfelt(definition, arrived)) struck.push(arrived)
      return isStruck
    }, definition)
  }
  const flow = createActor(machines.onboarding, { input: { policy: eagerPolicy } }).start()
  const { actor, seen, enablings } = await carryThrough(setting, flow)
  await setting.whileTimePasses(setting.api.close())
  // What is yet to land lands.
  if (strikes.length > 0) await clock.advance(SETTLING_MS)
  return {
    output: actor.getSnapshot().output,
    account: accountOf(portal),
    doubled: doubledWrites(portal, enablings),
    isLockedOut: !portal.login().ok,
    timersLeft: clock.pending,
    requests: portal.requests.length,
    /** Strikes that nobody felt: a fault that changes nothing proves nothing. */
    unfelt: struck.filter(({ headers }) => !failed.has(headers['x-request-id'] ?? '')),
    seen,
  }
}

const faultless = await run([])
const random = createRandom(seed)
const all = Array.from({ length: faultless.requests }, (_, request) =>
  Object.keys(faults).map((fault): Strike => ({ request, fault })),
).flat()
const singles = isComplete ? all : sample(all, SINGLE_SAMPLE, random)
const pick = () => all[Math.floor(random() * all.length)] ?? { request: 0, fault: 'lost before' }
/** A token that is refused twice in a row is a sign-out, so at most one of two faults is a 401. */
const pickTwo = (): Strike[] => {
  const two = [pick(), pick()]
  return two.every(({ fault }) => fault === 'HTTP 401') ? pickTwo() : two
}
const doubles = Array.from({ length: DOUBLE_SAMPLE }, pickTwo)

async function sweep(runs: readonly (readonly Strike[])[]) {
  const tally = { lost: [] as string[], doubled: [] as string[], lockedOut: [] as string[] }
  for (const strikes of runs) {
    const name = strikes.map(({ request, fault }) => `request ${request}: ${fault}`).join(', ')
    try {
      const result = await run(strikes)
      expect(result.output).toMatchObject({ outcome: 'completed', otpEnabled: true, ipWhitelistEnabled: true })
      expect(result.account).toEqual(faultless.account)
      if (result.doubled.length > 0) tally.doubled.push(`${name}: ${result.doubled.flat().join(' ')}`)
      if (result.isLockedOut) tally.lockedOut.push(name)
      expect(result.timersLeft).toBe(0)
      expect(result.unfelt).toEqual([])
    } catch (thrown) {
      tally.lost.push(
        `${name}: ${thrown instanceof Error ? thrown.message.split('\n').slice(0, 70).join('\n') : thrown}`,
      )
    }
  }
  return tally
}

const inWords = (runs: readonly unknown[], { lost, doubled, lockedOut }: Awaited<ReturnType<typeof sweep>>) =>
  `${runs.length} runs, ${lost.length} lost, ${doubled.length} doubled, ${lockedOut.length} locked out`

describe(`a complete onboarding of ${faultless.requests} requests (seed ${seed})`, () => {
  test('without a fault it is completed', () => {
    expect(faultless.output).toMatchObject({ outcome: 'completed', route: { workspaceBizId: 'WS_ACME_001' } })
    expect(faultless).toMatchObject({ doubled: [], isLockedOut: false, timersLeft: 0 })
  })

  test('one fault', { timeout: 30 * 60_000 }, async () => {
    const tally = await sweep(singles.map((strike) => [strike]))
    process.stdout.write(`single faults: ${inWords(singles, tally)}\n`)
    expect(tally).toEqual({ lost: [], doubled: [], lockedOut: [] })
  })

  test('two faults', { timeout: 30 * 60_000 }, async () => {
    const tally = await sweep(doubles)
    process.stdout.write(`double faults (seed ${seed}): ${inWords(doubles, tally)}\n`)
    expect(tally).toEqual({ lost: [], doubled: [], lockedOut: [] })
  })
})
