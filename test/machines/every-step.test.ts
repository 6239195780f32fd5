import { createMachines } from 'postlogin'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AnyStateMachine, createActor } from 'xstate'
import { placeOf } from '../support/place.ts'
import { createSetting } from '../support/setting.ts'
import { otpOn, writes } from '../support/writes.ts'

/** What holds in every step alike, each with the request that it starts with and the state that it then rests in. */
const steps = [
  ['invitations', 'listInvitations', 'inbox'],
  ['mfa', 'listMfaMethods', 'atRest.overview'],
  ['otpEnrollment', 'setupOtp', 'awaitingCode'],
  ['ipWhitelist', 'getIpWhitelist', 'drafting.editing'],
  ['sessions', 'listSessions', 'atRest.list'],
  ['workspace', 'listWorkspaces', 'atRest.routed'],
] as const

/** The steps that show a list, and where in the context it stands. */
const lists = [
  ['invitations', 'listInvitations', 'invitations'],
  ['mfa', 'listMfaMethods', 'methods'],
  ['ipWhitelist', 'getIpWhitelist', 'draft'],
  ['sessions', 'listSessions', 'sessions'],
  ['workspace', 'listWorkspaces', 'workspaces'],
] as const

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const leave = ['step.finish', 'step.skip'] as const
const outcomes = { 'step.finish': 'done', 'step.skip': 'skipped' } as const

describe.each(steps)('%s', (name, operation, rest) => {
  const broken = (fault: Parameters<ReturnType<typeof createSetting>['portal']['fault']>[1], times = 1) => {
    const setting = createSetting()
    setting.portal.fault(operation, fault, { times })
    return setting
  }

  test.each([undefined, {}, { initialData: {} }])('with %j for an input it asks the portal itself', async (input) => {
    const { start, requestsSince } = createSetting()
    const actor = await start(name, input)
    expect(placeOf(actor)).toBe(rest)
    expect(actor.getSnapshot().context).toMatchObject({ policy: 'offer', failure: null })
    expect(requestsSince()).toContain(operation)
  })

  test('a refused start fails, and is not tried again unasked', async () => {
    const { start, perform, requestsSince } = broken({ status: 403 })
    const actor = await start(name)
    expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'forbidden', effect: 'none' })
    expect(requestsSince().filter((sent) => sent === operation)).toHaveLength(1)
    const { context } = await perform(actor, { type: 'retry' })
    expect(placeOf(actor)).toBe(rest)
    expect(context.failure).toBeNull()
  })

  test('asked to wait, it waits until the time that the portal set, and then goes on by itself', async () => {
    const { start, clock, rest: settle, requestsSince } = broken({ retryAfter: 20 })
    const actor = await start(name)
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    expect(actor.getSnapshot().context.failure).toMatchObject({
      kind: 'rateLimited',
      retryAt: clock.now() + 20 * SECOND,
    })
    requestsSince()
    await clock.advance(19 * SECOND)
    expect(requestsSince()).toEqual([])
    await clock.advance(SECOND)
    await settle(actor)
    expect(placeOf(actor)).toBe(rest)
    expect(actor.getSnapshot().context.failure).toBeNull()
  })

  test('a wall clock that is set back by three hours makes the wait no longer', async () => {
    const { start, clock, rest: settle } = broken({ retryAfter: 20 })
    const actor = await start(name)
    clock.setBack(3 * HOUR)
    await clock.advance(19 * SECOND)
    expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    await clock.advance(SECOND)
    await settle(actor)
    expect(placeOf(actor)).toBe(rest)
  })

  test('a computer that sleeps through the wait notices within five seconds of waking', async () => {
    const { start, clock, rest: settle } = broken({ retryAfter: 300 })
    const actor = await start(name)
    clock.sleep(8 * HOUR)
    await clock.advance(5 * SECOND)
    await settle(actor)
    expect(placeOf(actor)).toBe(rest)
  })

  test('a wait can be cut short', async () => {
    const { start, perform } = broken({ retryAfter: 20 })
    const actor = await start(name)
    const { context } = await perform(actor, { type: 'retry' })
    expect(placeOf(actor)).toBe(rest)
    expect(context.failure).toBeNull()
  })

  test('a session that has ended ends the step, and says why', async () => {
    const { start } = broken({ status: 401 }, 9)
    expect((await start(name)).getSnapshot()).toMatchObject({
      status: 'done',
      output: { outcome: 'signedOut', failure: { kind: 'unauthorized' }, aimHolds: false },
    })
  })

  test.each(leave)('%s leads out where it rests, failed or has to wait', async (type) => {
    for (const setting of [createSetting(), broken({ status: 403 }), broken({ retryAfter: 20 })]) {
      const actor = await setting.start(name)
      expect((await setting.perform(actor, { type })).output).toMatchObject({ outcome: outcomes[type], failure: null })
    }
  })

  test.each(leave)('%s leads out of a required one neither where it failed nor where it has to wait', async (type) => {
    for (const fault of [{ status: 403 }, { retryAfter: 20 }]) {
      const { start, perform } = broken(fault)
      const actor = await start(name, { policy: 'require' })
      const before = actor.getSnapshot().value
      const { status, value } = await perform(actor, { type })
      expect({ status, value }).toEqual({ status: 'active', value: before })
    }
  })
})

describe.each(steps.filter(([name]) => name !== 'otpEnrollment'))(
  '%s, its first read made by the root',
  (name, operation, rest) => {
    const failure = (parts: object) => ({
      kind: 'server',
      code: '5000',
      status: 500,
      retryable: true,
      retryAt: null,
      effect: 'none',
      field: null,
      requestId: 'r',
      ...parts,
    })

    test('in vain: the failure is shown, and nothing sent before it is wanted', async () => {
      const { start, perform, requestsSince } = createSetting()
      const actor = await start(name, { initialData: { failure: failure({}) } })
      expect(actor.getSnapshot().value).toEqual({ halted: 'failed' })
      expect(actor.getSnapshot().context.failure).toEqual(failure({}))
      expect(requestsSince()).toEqual([])
      await perform(actor, { type: 'retry' })
      expect(placeOf(actor)).toBe(rest)
      expect(requestsSince()).toContain(operation)
    })

    test('too soon for the portal: it waits', async () => {
      const { start, clock } = createSetting()
      const limited = failure({ kind: 'rateLimited', code: '4290', status: 429, retryAt: clock.now() + 20 * SECOND })
      const actor = await start(name, { initialData: { failure: limited } })
      expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
    })
  },
)

describe.each([
  ['invitations', { invitations: [] }, 'inbox'],
  ['mfa', { methods: [] }, 'atRest.overview'],
  ['ipWhitelist', { whitelist: { enabled: false, entries: [] }, sessions: [] }, 'drafting.editing'],
  ['sessions', { sessions: [] }, 'atRest.list'],
  ['workspace', { workspaces: [] }, 'atRest.routed'],
] as const)('%s, all that it needs read by the root', (name, initialData, rest) => {
  test('it rests at once, and asks the portal nothing', async () => {
    const { start, portal } = createSetting()
    const actor = await start(name, { initialData })
    expect(placeOf(actor)).toBe(rest)
    expect(portal.requests).toEqual([])
  })
})

describe.each(lists)('%s', (name, operation, list) => {
  test('before anything was read it shows nothing, and says that nothing was read', async () => {
    const { start, perform, portal } = createSetting()
    portal.fault(operation, { status: 403 })
    const actor = await start(name)
    expect(actor.getSnapshot().context).toMatchObject({ isRead: false, [list]: [] })
    expect((await perform(actor, { type: 'retry' })).context).toMatchObject({ isRead: true })
  })

  test.each([
    ['off', {}],
    ['on', otpOn],
  ])(
    'a read that breaks down in a way of the host’s own, OTP %s, is made again: no change waits for its outcome',
    async (_, account) => {
      const { api, clock, rest, perform, requestsSince } = createSetting({ portal: { account } })
      let isBroken = true
      const mended = api[operation]
      const broken = () => Promise.reject(new Error('a slip'))
      const own = { ...api, [operation]: () => (isBroken ? broken() : mended()) }
      const actor = createActor(createMachines(own, { clock })[name] as AnyStateMachine).start()
      onTestFinished(() => void actor.stop())
      await rest(actor)
      expect(actor.getSnapshot()).toMatchObject({
        value: { halted: 'failed' },
        context: { failure: { effect: 'unknown' } },
      })
      isBroken = false
      requestsSince()
      await perform(actor, { type: 'retry' })
      expect(actor.getSnapshot()).toMatchObject({ context: { failure: null, isRead: true } })
      expect(actor.getSnapshot().hasTag('resting')).toBe(true)
      expect(requestsSince()).toContain(operation)
    },
  )
})

describe.each(writes.filter(({ step }) => step !== 'otpEnrollment'))(
  '$step: $write, its outcome not known',
  ({ step, account, write, read, wish }) => {
    /** The reply is lost, and the read that would tell meets a fault of its own. */
    async function lose(
      readFault: Parameters<ReturnType<typeof createSetting>['portal']['fault']>[1],
      times = 1,
      writeFault: 'loseReply' | 'loseRequest' = 'loseReply',
    ) {
      const setting = createSetting({ portal: { account } })
      const actor = await setting.start(step)
      setting.portal.fault(write, writeFault)
      setting.portal.fault(read, readFault, { times })
      for (const event of await wish(setting)) await setting.perform(actor, event as never)
      return { ...setting, actor }
    }

    test('where the read-back has to wait, so does the step; then it is read, and not sent again', async () => {
      const { actor, clock, rest, portal } = await lose({ retryAfter: 20 })
      expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
      expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'rateLimited', effect: 'unknown' })
      await clock.advance(20 * SECOND)
      await rest(actor)
      expect(actor.getSnapshot().context.failure).toBeNull()
      expect(portal.requests.filter(({ operation }) => operation === write)).toHaveLength(1)
    })

    test('a wait cut short leads to the read-back too', async () => {
      const { actor, perform, portal } = await lose({ retryAfter: 20 })
      expect((await perform(actor, { type: 'retry' })).context.failure).toBeNull()
      expect(portal.requests.filter(({ operation }) => operation === write)).toHaveLength(1)
    })

    test('where the read-back fails, the outcome stays unknown until one succeeds', async () => {
      const { actor, perform, portal } = await lose({ status: 500 }, 3)
      expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
      expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'server', status: 500, effect: 'unknown' })
      expect((await perform(actor, { type: 'retry' })).context.failure).toBeNull()
      expect(portal.requests.filter(({ operation }) => operation === write)).toHaveLength(1)
    })

    test('where it then turns out that it did not take place, the user is told so, and no sooner', async () => {
      const { actor, perform, waitOut, portal } = await lose({ status: 500 }, 3, 'loseRequest')
      expect(actor.getSnapshot().context.failure).toMatchObject({ effect: 'unknown' })
      await perform(actor, { type: 'retry' })
      expect(actor.getSnapshot().value).toEqual({ halted: 'coolingDown' })
      expect(actor.getSnapshot().context.failure).toMatchObject({ effect: 'unknown' })
      await waitOut(actor)
      expect(actor.getSnapshot().hasTag('resting')).toBe(true)
      expect(actor.getSnapshot().context.failure).toMatchObject({ effect: 'none' })
      expect(portal.processed(write)).toBe(0)
    })

    test('where the session has ended meanwhile, the step ends', async () => {
      const { actor } = await lose({ status: 401 }, 9)
      expect(actor.getSnapshot().output).toMatchObject({ outcome: 'signedOut', failure: { kind: 'unauthorized' } })
    })
  },
)
