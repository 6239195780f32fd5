/**
 * Complete flows over HTTP through a real nginx and a real haproxy, which give up on a slow portal sooner than the portal does.
 *
 * `npm run test:proxy` runs it; the programs are found, or installed where Debian's root asks for it.
 */
import type { OnboardingInput } from 'postlogin'
import type { AccountOverrides, Fault, PortalOperation } from 'postlogin/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { only, visitorOf } from '../screens/visitor.ts'
import { accountOf, carryThrough, doubledWrites, eagerPolicy } from '../support/user.ts'
import { openProxied } from './proxied.ts'
import { prepareProxies, proxyNames } from './proxies.ts'

type Proxied = Awaited<ReturnType<typeof openProxied>>

const here = '203.0.113.10'
beforeAll(() => prepareProxies())

const completed = {
  outcome: 'completed',
  otpEnabled: true,
  ipWhitelistEnabled: true,
  unconfirmedChange: null,
  route: { to: 'workspace', workspaceBizId: 'WS_ACME_001' },
}

/** What the portal holds once the user of `carryThrough` has what he wants. */
const allDone = {
  invitations: [
    { workspaceBizId: 'WS_ACME_001', status: 'ACCEPTED' },
    { workspaceBizId: 'WS_GLOBEX_002', status: 'DECLINED' },
  ],
  isOtpOn: true,
  ipWhitelist: { enabled: true, entries: [here] },
  sessions: ['SESSION_CURRENT_C_001'],
  workspaces: [
    { workspaceBizId: 'WS_HOME_001', isDefault: true },
    { workspaceBizId: 'WS_LAB_001', isDefault: false },
    { workspaceBizId: 'WS_ACME_001', isDefault: false },
  ],
}

const writes = [
  'acceptInvitation',
  'declineInvitation',
  'verifyOtp',
  'replaceIpWhitelist',
  'enableIpWhitelist',
  'terminateOtherSessions',
] as const

/** The requests for this, as the portal got them. */
const arrivals = ({ portal }: Proxied, operation: PortalOperation) =>
  portal.requests.filter((request) => request.operation === operation)

/** The answers to them, as they came out of the proxy. */
const answersTo = ({ answers }: Proxied, operation: PortalOperation) =>
  answers.flatMap((answer) => (answer.operation === operation ? [answer.status] : []))

/** The proxy gave up on the one request for this, and the portal did not. */
function expectLate(proxied: Proxied, operation: PortalOperation) {
  expect(answersTo(proxied, operation)).toEqual([504])
  expect(arrivals(proxied, operation)).toMatchObject([{ processed: true }])
}

describe.each(proxyNames)('behind %s', (proxy) => {
  async function onboard(prepare: (proxied: Proxied) => void) {
    const proxied = await openProxied(proxy)
    prepare(proxied)
    const flow = await proxied.start('onboarding', { policy: eagerPolicy })
    const { actor } = await carryThrough(proxied, flow)
    return { ...proxied, output: actor.getSnapshot().output }
  }

  /** A user at one step of a flow. */
  async function visit(input: OnboardingInput, account: AccountOverrides) {
    const proxied = await openProxied(proxy, account)
    const flow = await proxied.start('onboarding', input)
    return { ...proxied, flow, ...visitorOf(flow, proxied) }
  }

  test('a complete onboarding is completed', async () => {
    const { portal, output, answers } = await onboard(() => {})
    expect(output).toMatchObject(completed)
    expect(accountOf(portal)).toEqual(allDone)
    expect(answers.filter(({ status }) => status === null || status >= 400)).toEqual([])
  })

  describe('a portal that is slower than the proxy waits', () => {
    test.each(writes)('%s: sent once, and the onboarding is completed', async (operation) => {
      const onboarded = await onboard(({ delay }) => delay(operation))
      expectLate(onboarded, operation)
      expect(onboarded.output).toMatchObject(completed)
      expect(accountOf(onboarded.portal)).toEqual(allDone)
      expect(doubledWrites(onboarded.portal)).toEqual([])
      expect(onboarded.portal.login().ok).toBe(true)
    })

    test('each of them in turn', async () => {
      const onboarded = await onboard(({ delay }) => writes.forEach(delay))
      for (const operation of writes) expectLate(onboarded, operation)
      expect(onboarded.output).toMatchObject(completed)
      expect(accountOf(onboarded.portal)).toEqual(allDone)
      expect(onboarded.portal.login().ok).toBe(true)
    })

    test('the whitelist is enabled late: the window opens, and what is not kept in it is undone', async () => {
      const visited = await visit(only('ipWhitelist'), { ipWhitelist: { entries: [here] } })
      const { on, click, flow, waitOut, clock, portal, rest } = visited
      visited.delay('enableIpWhitelist')
      await click(on('ipWhitelist').enable)
      expect(on('ipWhitelist')).toMatchObject({
        status: 'coolingDown',
        failure: { status: 504, effect: 'unknown' },
        unconfirmedChange: { after: { enabled: true, entries: [here] } },
      })
      expect(on('ipWhitelist').enable.blocked).not.toBeNull()
      await waitOut(flow)
      expectLate(visited, 'enableIpWhitelist')
      expect(on('ipWhitelist').question).toMatchObject({ kind: 'keep', lockout: 'covered' })
      await clock.advance(60_000)
      await rest(flow)
      expect(on('ipWhitelist')).toMatchObject({ question: null, whitelist: { enabled: false, entries: [here] } })
      expect(portal.account.ipWhitelist).toEqual({ enabled: false, entries: [here] })
      expect(portal.login().ok).toBe(true)
    })

    test('the whitelist is disabled late', async () => {
      const visited = await visit(only('ipWhitelist'), { ipWhitelist: { enabled: true, entries: [here] } })
      const { on, click, flow, waitOut, portal } = visited
      visited.delay('disableIpWhitelist')
      await click(on('ipWhitelist').disable)
      await waitOut(flow)
      expectLate(visited, 'disableIpWhitelist')
      expect(on('ipWhitelist')).toMatchObject({ status: 'resting', failure: null, whitelist: { enabled: false } })
      await click(on('ipWhitelist').finish)
      expect(on('completed').output).toMatchObject({ ipWhitelistEnabled: false, unconfirmedChange: null })
      expect(portal.account.ipWhitelist).toEqual({ enabled: false, entries: [here] })
    })

    test('OTP is revoked late', async () => {
      const visited = await visit(only('mfa'), { mfaMethods: [{ method: 'OTP', isEnabled: true }] })
      const { on, click, flow, waitOut } = visited
      visited.delay('revokeOtp')
      await click(on('mfa').revoke)
      await click(asked(on('mfa').question).confirm)
      await waitOut(flow)
      expectLate(visited, 'revokeOtp')
      expect(on('mfa')).toMatchObject({ status: 'resting', failure: null, isOtpEnabled: false })
      await click(on('mfa').finish)
      expect(on('completed').output).toMatchObject({ otpEnabled: false })
    })

    test('a session is ended late', async () => {
      const visited = await visit(only('sessions'), {})
      const { on, click, flow, waitOut } = visited
      visited.delay('terminateSession')
      const row = on('sessions').rows.find(({ sessionId }) => sessionId === 'SESS...R_001')
      if (row === undefined) throw new Error('The session is not listed')
      await click(row.terminate)
      await click(asked(on('sessions').question).confirm)
      await waitOut(flow)
      expectLate(visited, 'terminateSession')
      expect(on('sessions')).toMatchObject({ status: 'resting', failure: null, sessionsTerminated: 1 })
      expect(on('sessions').rows).toHaveLength(2)
    })

    test('a workspace is made the default late', async () => {
      const visited = await visit(only('workspace'), {})
      const { on, click, flow, waitOut, portal } = visited
      visited.delay('setDefaultWorkspace')
      const row = on('workspace').rows.find(({ workspaceBizId }) => workspaceBizId === 'WS_LAB_001')
      if (!row?.chooseAsDefault) throw new Error('The workspace is not listed')
      await click(row.chooseAsDefault)
      await waitOut(flow)
      expectLate(visited, 'setDefaultWorkspace')
      expect(on('completed').output.route).toMatchObject({ workspaceBizId: 'WS_LAB_001' })
      expect(portal.account.workspaces.find(({ isDefault }) => isDefault)?.workspaceBizId).toBe('WS_LAB_001')
    })
  })

  describe('a connection to the portal that breaks', () => {
    const breaks: Readonly<Record<string, Fault>> = {
      'before the deed': 'loseRequest',
      'after the deed': 'loseReply',
      'in the middle of the reply': 'stallBody',
    }

    test.each(Object.entries(breaks))('%s: whatever was sent, the onboarding is completed', async (_, fault) => {
      const onboarded = await onboard(({ portal }) => {
        for (const operation of writes) portal.fault(operation, fault)
      })
      expect(onboarded.output).toMatchObject(completed)
      expect(accountOf(onboarded.portal)).toEqual(allDone)
      expect(doubledWrites(onboarded.portal)).toEqual([])
      expect(onboarded.portal.login().ok).toBe(true)
    })
  })
})

/** The question on screen, which has to be there. */
function asked<Question>(question: Question | null): Question {
  if (question === null) throw new Error('Nothing is asked')
  return question
}
