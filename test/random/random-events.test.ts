/**
 * Whatever happens, in whatever order: sequences of events with right and wrong contents, of faults, of changes made elsewhere, of time,
 * of stale tokens and of reloads, on the real machines, the real adapter and the fake portal.
 *
 * `SEQUENCES` says how many (default 300), `SEED` repeats a run: a failure prints the one it came from.
 */
import * as fc from 'fast-check'
import { defaultOrder, type Machines, type Policy } from 'postlogin'
import type { AccountOverrides } from 'postlogin/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { turn } from '../support/test-clock.ts'
import { type Command, commands } from './commands.ts'
import { createWorld, type Start } from './world.ts'

const sequences = Number(process.env.SEQUENCES ?? 300)
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
const EXPECTED_MS = 400

// Loaded here, so that no sequence waits for it: the machines load it when the first code is checked.
await import('../../src/domain/totp.ts')

const policy = fc.constantFrom<Policy>('require', 'offer', 'show', 'show', 'skip')
const onboarding = fc.record({
  order: fc.shuffledSubarray([...defaultOrder], { minLength: 1 }),
  policy: fc.record(
    { invitations: policy, mfa: policy, ipWhitelist: policy, sessions: policy, workspace: policy },
    { requiredKeys: [] },
  ),
})
const here = '203.0.113.10'
const accounts: readonly AccountOverrides[] = [
  {},
  { ipWhitelist: { enabled: true, entries: [here] } },
  { ipWhitelist: { enabled: true, entries: ['203.0.113.0/24', '198.51.100.0/24'] } },
  { ipWhitelist: { enabled: false, entries: ['198.51.100.0/24'] } },
  { mfaMethods: [{ method: 'OTP', isEnabled: true }] },
  { workspaces: [{}, { workspaceBizId: 'WS_LAB_001' }] },
]
const portal = {
  account: fc.constantFrom(...accounts),
  enforceOnEveryRequest: fc.constantFrom(false, false, true),
  // The handshake's cryptography takes most of the time of a sequence that has it.
  secureChannel: fc.constantFrom<Start['secureChannel']>(...Array<'off'>(19).fill('off'), 'binary'),
}
const alone: readonly (keyof Machines)[] = [
  'invitations',
  'mfa',
  'otpEnrollment',
  'ipWhitelist',
  'ipWhitelist',
  'sessions',
  'workspace',
]
const start: fc.Arbitrary<Start> = fc.oneof(
  fc.record({ name: fc.constant('onboarding' as const), input: onboarding, ...portal }),
  fc.record({ name: fc.constantFrom(...alone), input: fc.record({ policy }), ...portal }),
)

const unhandled: unknown[] = []
const note = (error: unknown) => void unhandled.push(error)

beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
})

async function run(start: Start, commands: readonly Command[]) {
  const world = createWorld(start)
  try {
    await world.rest()
    for (const command of commands) {
      await world.perform(command)
      if (command.pace === 'turn') await turn()
      if (command.pace === 'rest') await world.rest()
      expect(world.problems()).toEqual([])
    }
    await world.comeToAnEnd()
    expect([
      ...world.problems(),
      ...world.stuck(),
      ...world.unasked(),
      ...world.sentAgain(),
      ...world.lockedOut(),
    ]).toEqual([])
  } finally {
    await world.close()
    await turn()
  }
  expect(unhandled.map(String)).toEqual([])
}

test(
  `${sequences} sequences of random events (seed ${seed})`,
  async () => {
    const began = performance.now()
    await fc.assert(fc.asyncProperty(start, commands, run), {
      numRuns: sequences,
      seed,
    })
    const took = Math.round(performance.now() - began)
    process.stdout.write(`random events: ${sequences} sequences held (seed ${seed}), ${took} ms\n`)
  },
  60_000 + sequences * EXPECTED_MS,
)
