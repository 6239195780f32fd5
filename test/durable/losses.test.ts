/** Whatever a process was at when it was lost, another one goes on from the stored text, and comes to what would have come without it. */
import type { AccountOverrides } from 'postlogin/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { newcomer, reviser } from '../../examples/durable/users.ts'
import { writeOperations } from '../../src/domain/portal-api.ts'
import { createSetting } from '../support/setting.ts'
import { accountOf, doubledWrites } from '../support/user.ts'
import { createEngine, type EngineOptions, losses } from './engine.ts'

const stories = {
  newcomer: {
    user: newcomer,
    account: {},
    input: { policy: { invitations: 'require', mfa: 'require', ipWhitelist: 'require', sessions: 'require' } },
    writes: [
      'acceptInvitation',
      'declineInvitation',
      'setupOtp',
      'verifyOtp',
      'replaceIpWhitelist',
      'enableIpWhitelist',
      'terminateOtherSessions',
    ],
  },
  reviser: {
    user: reviser,
    account: {
      mfaMethods: [{ method: 'OTP', isEnabled: true }],
      ipWhitelist: { enabled: true, entries: ['203.0.113.10'] },
    },
    input: {
      order: ['mfa', 'ipWhitelist', 'sessions', 'workspace'],
      policy: { mfa: 'show', ipWhitelist: 'show', sessions: 'show', workspace: 'show' },
    },
    writes: ['revokeOtp', 'disableIpWhitelist', 'terminateSession', 'setDefaultWorkspace'],
  },
} as const

type Told = Awaited<ReturnType<typeof tell>>

async function tell({ user, account, input }: (typeof stories)[keyof typeof stories], options: EngineOptions = {}) {
  const setting = createSetting({ portal: { account: account as AccountOverrides } })
  const { portal } = setting
  const engine = createEngine(setting, { input, ...options })
  const { output, hops } = await engine.carryThrough(user).finally(engine.close)
  return { output, hops, account: accountOf(portal), portal, requests: setting.requestsSince() }
}

test('the two make each of the writes', () => {
  const all = Object.values(stories).flatMap(({ writes }) => writes)
  expect([...all].sort()).toEqual([...writeOperations].sort())
})

describe.each(Object.entries(stories))('the %s', (_, story) => {
  let undisturbed: Told
  beforeAll(async () => {
    undisturbed = await tell(story)
  })

  test('comes to an end from text to text, and each write is announced', () => {
    const writes: readonly unknown[] = writeOperations
    expect(undisturbed.output).toMatchObject({ outcome: 'completed', unconfirmedChange: null })
    expect(undisturbed.requests.filter((operation) => writes.includes(operation))).toEqual(story.writes)
  })

  test('does no more where each action comes to another process: no question is lost, nothing is read again', async () => {
    const told = await tell(story, { isForgetful: true })
    expect(told.output).toEqual(undisturbed.output)
    expect(told.requests).toEqual(undisturbed.requests)
    expect(told.hops.map(({ taken }) => taken)).toEqual(undisturbed.hops.map(() => true))
  })

  describe.each(losses)('the process is lost %s', (when) => {
    test.each(story.writes.map((name, at) => [name, at] as const))('%s', async (_, at) => {
      const told = await tell(story, { loss: { at, when } })
      expect(told.output).toEqual(undisturbed.output)
      expect(told.account).toEqual(undisturbed.account)
      expect(doubledWrites(told.portal)).toEqual([])
    })
  })
})

test('no text is longer than 4 kB', async () => {
  const { hops } = await tell(stories.newcomer)
  expect(Math.max(...hops.map(({ text }) => Buffer.byteLength(text)))).toBeLessThan(4_000)
})
