import {
  createMachines,
  fromRead,
  fromWrite,
  type Invitation,
  type InvitationAcceptance,
  invitationsMachine,
  type PortalApi,
  PortalError,
  type Session,
  type SessionsMachine,
  type SlotInput,
  sessionsMachine,
  settled,
  type Workspace,
  type WriteOptions,
  type WriteScope,
} from 'postlogin'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type AnyStateMachine, createActor, fromPromise } from 'xstate'
import * as bareMachines from '../machines/index.ts'
import { late, lateChart } from '../machines/late.ts'
import { failure } from '../src/domain/failure.ts'
import { writeOperations } from '../src/domain/portal-api.ts'
import { close, reopen } from './support/reload.ts'
import { createSetting, NOON } from './support/setting.ts'
import { TestClock } from './support/test-clock.ts'
import { otpOn } from './support/writes.ts'

const refusalOf = (work: () => unknown) => {
  try {
    work()
  } catch (thrown) {
    return thrown
  }
  return 'not refused'
}

describe('createMachines refuses at once, naming the option', () => {
  test.each([
    ['api', undefined, {}],
    ['api', 'https://portal.example', {}],
    ['clock', {}, { clock: 5 }],
    ['clock', {}, { clock: { now: () => 0 } }],
  ])('%s', (field, api, options) => {
    const refusal = refusalOf(() => createMachines(api as PortalApi, options as never))
    expect(refusal).toMatchObject({ name: 'PortalError', failure: { kind: 'config', code: 'client.option', field } })
    expect(String(refusal)).toContain(field)
  })
})

test('a slot rejects with a plain failure: no error, no cause, nothing of the request', async () => {
  const { start, portal } = createSetting()
  portal.fault('listSessions', { status: 403 })
  const actor = await start('sessions')
  const { failure } = actor.getSnapshot().context
  expect(failure).not.toBeInstanceOf(Error)
  expect(JSON.stringify(failure)).not.toContain(portal.account.accessToken)
  expect(structuredClone(failure)).toEqual(failure)
})

describe('a write whose outcome is open says until when it may land', () => {
  const revoking = async (thrown: object) => {
    const setting = createSetting({ portal: { account: otpOn } })
    const revokeOtp = () => Promise.reject(new PortalError(failure({ kind: 'server', code: '5000', ...thrown })))
    const { mfa } = createMachines({ ...setting.api, revokeOtp }, { clock: setting.clock })
    const actor = createActor(mfa).start()
    onTestFinished(() => void actor.stop())
    await setting.rest(actor)
    const now = setting.clock.now()
    actor.send({ type: 'otp.revoke' })
    await setting.perform(actor, { type: 'revoke.confirm' })
    const { retryAt = null } = actor.getSnapshot().context.failure ?? {}
    return retryAt === null ? null : retryAt - now
  }

  test('after the settling time', async () => {
    expect(await revoking({ effect: 'unknown' })).toBe(15_000)
  })

  test('later, where the portal asks for a longer wait', async () => {
    expect(await revoking({ effect: 'unknown', retryAt: NOON + 60_000 })).toBe(60_000)
    expect(await revoking({ effect: 'unknown', retryAt: NOON + 1_000 })).toBe(15_000)
  })

  test('not where it was refused, or done in an unreadable reply', async () => {
    expect(await revoking({ effect: 'none' })).toBeNull()
    expect(await revoking({ effect: 'done' })).toBeNull()
  })
})

const session: Session = { sessionId: 'a', clientIp: '192.0.2.1', isCurrent: true }

test('a bare machine runs on services of the host’s own', async () => {
  const listSessions = fromRead<Session[]>(async () => [session])
  const actor = createActor(sessionsMachine.provide({ actors: { listSessions } })).start()
  onTestFinished(() => void actor.stop())
  await settled(actor)
  expect(actor.getSnapshot().value).toEqual({ atRest: 'list' })
  expect(actor.getSnapshot().context.sessions).toHaveLength(1)
})

test('what a stranger’s service throws is told without its text', async () => {
  const listSessions = fromRead<Session[]>(() => Promise.reject(new Error('Bearer abc123')))
  const actor = createActor(sessionsMachine.provide({ actors: { listSessions } })).start()
  onTestFinished(() => void actor.stop())
  await settled(actor)
  expect(actor.getSnapshot().context.failure).toMatchObject({ code: 'client.unexpected' })
  expect(JSON.stringify(actor.getSnapshot())).not.toContain('abc123')
})

describe('a write by a service of the host’s own', () => {
  const invitation: Invitation = {
    invitationBizId: 'INV_1',
    workspaceBizId: 'WS_1',
    workspaceName: 'Lab',
    inviterName: 'Ada',
    status: 'PENDING',
    expiresAt: null,
    canAccept: true,
  }

  /** An inbox with one invitation that waits for its acceptance, which a service of the host's carries out. */
  const inboxAccepting = async (acceptance: () => Promise<InvitationAcceptance>, options?: WriteOptions) => {
    const calls: WriteScope[] = []
    const machine = invitationsMachine.provide({
      actors: {
        listInvitations: fromRead<Invitation[]>(async () => [invitation]),
        listWorkspaces: fromRead<Workspace[]>(async () => []),
        acceptInvitation: fromWrite<InvitationAcceptance, { invitationBizId: string }>((argument, scope) => {
          expect(argument).toEqual({ invitationBizId: 'INV_1' })
          calls.push(scope)
          return acceptance()
        }, options),
      },
    })
    const inbox = createActor(machine).start()
    onTestFinished(() => void inbox.stop())
    await settled(inbox)
    inbox.send({ type: 'invitation.accept', invitationBizId: 'INV_1' })
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    return { inbox, calls }
  }

  test('is not sent again by a restored machine, which reads back what came of it', async () => {
    const { inbox, calls } = await inboxAccepting(() => new Promise(() => {}))
    const restored = reopen(inbox, close(inbox))
    await settled(restored)
    expect(calls).toHaveLength(1)
    expect(restored.getSnapshot().context.failure).toMatchObject({ code: 'client.ticketSpent', effect: 'unknown' })
  })

  test('has the id of its intent, and is aborted with its machine', async () => {
    const { inbox, calls } = await inboxAccepting(() => new Promise(() => {}))
    expect(calls[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(calls[0]?.signal.aborted).toBe(false)
    inbox.stop()
    expect(calls[0]?.signal.aborted).toBe(true)
  })

  test('says until when it may land, by the host’s clock and timeout', async () => {
    const lost = () => Promise.reject(new Error('socket hang up'))
    // The machine itself goes by the system's clock, so the host's is ahead: what it says is not over yet.
    const clock = new TestClock(Date.now() + 3_600_000)
    const { inbox } = await inboxAccepting(lost, { clock, timeoutMs: 40_000 })
    await settled(inbox)
    expect(inbox.getSnapshot().context.failure).toMatchObject({
      code: 'client.unexpected',
      effect: 'unknown',
      retryAt: clock.now() + 40_000,
    })
  })
})

describe('a slot that writes refuses what may send a write twice', () => {
  const { machines } = createSetting()
  const bare = Object.fromEntries(Object.entries(bareMachines).map(([name, machine]) => [`bare ${name}`, machine]))
  const all = Object.entries({ ...bare, ...machines } as Readonly<Record<string, AnyStateMachine>>)
  const refusal = (field: string) => ({
    name: 'PortalError',
    failure: { kind: 'config', code: 'client.option', field },
  })
  const twice = fromPromise<void, SlotInput<'terminateSession'>>(async () => {})

  test.each(all)('%s', (_, machine) => {
    const slots = Object.keys(machine.implementations.actors)
    for (const field of writeOperations.filter((name) => slots.includes(name))) {
      const provided = machine.provide({}).provide({ actors: {} })
      expect(refusalOf(() => provided.provide({ actors: { [field]: twice } }))).toMatchObject(refusal(field))
    }
  })

  test('before a late machine is loaded', () => {
    const machine = late(lateChart<SessionsMachine>('sessions', () => new Promise(() => {})))
    const field = 'terminateSession'
    expect(refusalOf(() => machine.provide({ actors: { [field]: twice as never } }))).toMatchObject(refusal(field))
    const provided = machine.provide({})
    expect(refusalOf(() => provided.provide({ actors: { [field]: twice as never } }))).toMatchObject(refusal(field))
  })

  test('and says what to do', () => {
    const refused = refusalOf(() => sessionsMachine.provide({ actors: { terminateSession: twice } }))
    expect(String(refused)).toMatch(/terminateSession.*fromWrite/)
  })

  test('but takes an empty slot, and one of another machine', () => {
    const { terminateSession } = sessionsMachine.implementations.actors
    expect(refusalOf(() => machines.sessions.provide({ actors: { terminateSession } as never }))).toBe('not refused')
  })
})
