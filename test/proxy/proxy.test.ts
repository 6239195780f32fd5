/**
 * The real thing between the browser and the portal: a proxy that gives up on a portal which goes on all the same. It answers 504 after
 * 400 ms, and the portal carries the request out 700 ms later.
 */
import { createMachines, createPortalApi, type Machines } from 'postlogin'
import { type AccountOverrides, createFakePortal, type PortalOperation, servePortal, settled } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AnyActorRef, type AnyMachineSnapshot, createActor, waitFor } from 'xstate'
import type { Clock } from '../../src/domain/clock.ts'
import { accountOf, carryThrough, doubledWrites, eagerPolicy } from '../support/user.ts'
import { proxies, READ_TIME_OUT_MS, startProxy } from './proxies.ts'

/** Nothing is expected to be quick. */
const TIME_OUT_MS = 180_000
/** When the portal is through with a request, counted from its arrival. */
const LANDS_AFTER_MS = READ_TIME_OUT_MS + 700
/** The settling time of 15 s takes 2.5 s of real time: still three times as long as a request that lands late. */
const SPEED = 6

/** What the machines wait by. The portal, the proxies and the requests take their own time. */
function fastClock(): Clock {
  const began = Date.now()
  return {
    now: () => began + (Date.now() - began) * SPEED,
    setTimeout: (fn, ms) => setTimeout(fn, ms / SPEED),
    clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
  }
}

async function open(kind: keyof typeof proxies, account: AccountOverrides = {}) {
  const portal = createFakePortal({ account })
  const server = await servePortal(portal)
  const proxy = await startProxy(proxies[kind], server.url)
  const { portalAccessCode, clientHash } = portal.account
  const api = createPortalApi({
    baseUrl: `${proxy.url}/prometheus`,
    portalAccessCode,
    clientHash,
    accessToken: () => portal.account.accessToken,
  })
  const clock = fastClock()
  const machines = createMachines(api, { clock })
  onTestFinished(async () => {
    await api.close()
    await proxy.close()
    await server.close()
  })

  const rest = (actor: AnyActorRef) => settled(actor, { timeoutMs: TIME_OUT_MS })
  const advance = (ms: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, ms))

  async function start(name: keyof Machines, input?: object) {
    const actor = createActor(machines[name], { input } as never) as AnyActorRef
    actor.start()
    onTestFinished(() => void actor.stop?.())
    await rest(actor)
    return actor
  }

  return { portal, rest, start, setting: { portal, rest, clock: { now: clock.now, advance } } }
}

/** The machine that has the user, of this one and the one inside it. */
function innermost(actor: AnyActorRef): AnyActorRef {
  const { children } = actor.getSnapshot() as AnyMachineSnapshot
  return (children.whitelistChange as AnyActorRef | undefined) ?? actor
}

interface Case {
  readonly machine: keyof Machines
  readonly account?: AccountOverrides
  readonly events: readonly (readonly object[])[]
  /** Where it ends, once the write has landed. */
  readonly isThere: (snapshot: AnyMachineSnapshot) => boolean
}

const HERE = '203.0.113.10'
const invitationBizId = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'
const otpOn = { mfaMethods: [{ method: 'OTP', isEnabled: true }] }
const isAwaiting = (snapshot: AnyMachineSnapshot) =>
  (snapshot.children.whitelistChange?.getSnapshot() as AnyMachineSnapshot | undefined)?.matches({
    confirming: { deciding: 'awaiting' },
  }) === true

const writes: Partial<Record<PortalOperation, Case>> = {
  acceptInvitation: {
    machine: 'invitations',
    events: [[{ type: 'invitation.accept', invitationBizId }]],
    isThere: ({ context }) => context.acceptedInvitations.length === 1,
  },
  declineInvitation: {
    machine: 'invitations',
    events: [[{ type: 'invitation.decline', invitationBizId }]],
    isThere: ({ context }) => context.invitations[0].status === 'DECLINED',
  },
  verifyOtp: { machine: 'otpEnrolment', events: [], isThere: ({ output }) => output?.otpEnabled === true },
  revokeOtp: {
    machine: 'mfa',
    account: otpOn,
    events: [[{ type: 'otp.revoke' }], [{ type: 'revoke.confirm' }]],
    isThere: ({ value, context }) => value === 'overview' && context.failure === null && !context.isRevoking,
  },
  replaceIpWhitelist: {
    machine: 'ipWhitelist',
    account: { ipWhitelist: { enabled: true, entries: [HERE] } },
    events: [[{ type: 'entry.add', value: '198.51.100.0/24' }], [{ type: 'whitelist.save' }]],
    isThere: isAwaiting,
  },
  enableIpWhitelist: {
    machine: 'ipWhitelist',
    account: { ipWhitelist: { enabled: false, entries: [HERE] } },
    events: [[{ type: 'whitelist.enable' }]],
    isThere: isAwaiting,
  },
  disableIpWhitelist: {
    machine: 'ipWhitelist',
    account: { ipWhitelist: { enabled: true, entries: [HERE] } },
    events: [[{ type: 'whitelist.disable' }]],
    isThere: ({ value, context }) => value === 'editing' && !context.whitelist.enabled,
  },
  terminateSession: {
    machine: 'sessions',
    events: [[{ type: 'session.terminate', sessionId: 'SESS...R_001' }], [{ type: 'termination.confirm' }]],
    isThere: ({ context }) => context.sessionsTerminated === 1,
  },
  terminateOtherSessions: {
    machine: 'sessions',
    events: [[{ type: 'sessions.terminateOthers' }], [{ type: 'termination.confirm' }]],
    isThere: ({ context }) => context.sessionsTerminated === 2,
  },
  setDefaultWorkspace: {
    machine: 'workspace',
    account: { workspaces: [{}, { workspaceBizId: 'WS_LAB_001' }] },
    events: [[{ type: 'workspace.choose', workspaceBizId: 'WS_LAB_001', makeDefault: true }]],
    isThere: ({ output }) => output?.route?.workspaceBizId === 'WS_LAB_001',
  },
}

describe.each(Object.keys(proxies) as (keyof typeof proxies)[])('behind %s', (kind) => {
  test('a complete onboarding', { timeout: TIME_OUT_MS }, async () => {
    const { portal, start, setting } = await open(kind)
    const flow = await start('onboarding', { policy: eagerPolicy })
    await carryThrough(setting, flow as never)
    expect(flow.getSnapshot().output).toMatchObject({
      outcome: 'completed',
      otpEnabled: true,
      ipWhitelistEnabled: true,
    })
    expect(doubledWrites(portal)).toEqual([])
    expect(portal.login().ok).toBe(true)
  })

  test('a complete onboarding of which every change lands late', { timeout: TIME_OUT_MS }, async () => {
    const whole = await open(kind)
    await carryThrough(whole.setting, (await whole.start('onboarding', { policy: eagerPolicy })) as never)
    const { portal, start, setting } = await open(kind)
    // Set-up shows its secret once: one that is lost is made anew by whoever wants it.
    const isChange = (operation: PortalOperation | null) => operation !== null && operation in writes
    portal.fault(
      ({ operation }) => isChange(operation),
      { landsAfterMs: LANDS_AFTER_MS, answer: 'never' },
      { times: 99 },
    )
    const flow = await start('onboarding', { policy: eagerPolicy })
    await carryThrough(setting, flow as never)
    expect(flow.getSnapshot().output).toMatchObject({
      outcome: 'completed',
      otpEnabled: true,
      ipWhitelistEnabled: true,
    })
    expect(accountOf(portal)).toEqual(accountOf(whole.portal))
    expect(doubledWrites(portal)).toEqual([])
    expect(portal.login().ok).toBe(true)
  })

  test.each(Object.entries(writes))(
    '%s that lands late is found',
    { timeout: TIME_OUT_MS },
    async (operation, write) => {
      const { portal, start, rest } = await open(kind, write.account)
      const actor = await start(write.machine)
      portal.fault(operation as PortalOperation, { landsAfterMs: LANDS_AFTER_MS, answer: 'never' })
      const code = { type: 'code.submit', code: await portal.authenticator.code().catch(() => ''), force: true }
      for (const event of operation === 'verifyOtp' ? [code] : write.events.flat()) {
        actor.send(event as never)
        await rest(actor)
      }
      // Not known yet, so that it is not offered again.
      expect((innermost(actor).getSnapshot() as AnyMachineSnapshot).context.failure).toMatchObject({
        status: 504,
        effect: 'unknown',
      })
      await waitFor(actor, (snapshot) => write.isThere(snapshot as AnyMachineSnapshot), { timeout: TIME_OUT_MS })
      const sent = portal.requests.filter((request) => request.operation === operation)
      expect(sent).toMatchObject([{ processed: true }])
      expect(portal.login().ok).toBe(true)
    },
  )
})
