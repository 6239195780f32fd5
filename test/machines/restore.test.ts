import type { Fault, FaultMatch, PortalOperation } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AnyActorRef, createActor } from 'xstate'
import { PATIENCE_MS } from '../support/patience.ts'
import { placeOf } from '../support/place.ts'
import { close, reopen } from '../support/reload.ts'
import { createSetting, type Setting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { otpOn, twoWorkspaces } from '../support/writes.ts'

/** The page is closed in each state of each step, and opened again the day after: nothing is written that nobody asked for since. */

const HOUR = 3_600_000

type Strikes = Partial<Record<PortalOperation, Fault>>
type Wish = object | ((setting: Setting) => Promise<object>)

interface Place {
  readonly account?: object
  /** What goes wrong from the start. */
  readonly first?: Strikes
  /** What goes wrong with what the user wishes. */
  readonly upon?: Strikes
  readonly wishes?: readonly Wish[]
  /** Where the page is closed … */
  readonly closedIn: string
  /** … and where its user is when it was opened again and no wait is left. */
  readonly endsIn: string
  /** Is there nothing to read on the way? */
  readonly isNotRead?: true
}

const never = 'hang'
const refused = { status: 403 }
const tooSoon = { retryAfter: 200 }
const open = { status: 504 }
const setupGone = { status: 400, code: 'AUTH.OTP_SETUP_SESSION_INVALID' }

const invitationBizId = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'
const accept = [{ type: 'invitation.accept', invitationBizId }]
const decline = [{ type: 'invitation.decline', invitationBizId }]
const enroll = [{ type: 'otp.enrol' }]
const revoke = [{ type: 'otp.revoke' }, { type: 'revoke.confirm' }]
const giveCode: readonly Wish[] = [
  async ({ portal }) => ({ type: 'code.submit', code: await portal.authenticator.code() }),
]
const endOne = [{ type: 'session.terminate', sessionId: 'SESS...R_001' }, { type: 'termination.confirm' }]
const endOthers = [{ type: 'sessions.terminateOthers' }, { type: 'termination.confirm' }]
const makeDefault = [{ type: 'workspace.choose', workspaceBizId: 'WS_B', makeDefault: true }]

const invitations: readonly Place[] = [
  { first: { listInvitations: never }, closedIn: 'working.reading', endsIn: 'inbox' },
  { closedIn: 'inbox', endsIn: 'inbox' },
  { first: { listInvitations: refused }, closedIn: 'halted.failed', endsIn: 'inbox' },
  { first: { listInvitations: tooSoon }, closedIn: 'halted.coolingDown', endsIn: 'inbox' },
  { upon: { acceptInvitation: never }, wishes: accept, closedIn: 'working.accepting.sending', endsIn: 'inbox' },
  { upon: { declineInvitation: never }, wishes: decline, closedIn: 'working.declining.sending', endsIn: 'inbox' },
  {
    upon: { acceptInvitation: open, listInvitations: never },
    wishes: accept,
    closedIn: 'working.reconciling',
    endsIn: 'inbox',
  },
  {
    upon: { acceptInvitation: open, listWorkspaces: never },
    wishes: accept,
    closedIn: 'working.reconcilingMembership',
    endsIn: 'inbox',
  },
  { upon: { acceptInvitation: open }, wishes: accept, closedIn: 'halted.coolingDown', endsIn: 'inbox' },
  { upon: { acceptInvitation: tooSoon }, wishes: accept, closedIn: 'halted.coolingDown', endsIn: 'inbox' },
]

const mfa: readonly Place[] = [
  { first: { listMfaMethods: never }, closedIn: 'reading', endsIn: 'atRest.overview' },
  { closedIn: 'atRest.overview', endsIn: 'atRest.overview' },
  { first: { listMfaMethods: refused }, closedIn: 'halted.failed', endsIn: 'atRest.overview' },
  { first: { listMfaMethods: tooSoon }, closedIn: 'halted.coolingDown', endsIn: 'atRest.overview' },
  { account: otpOn, wishes: revoke.slice(0, 1), closedIn: 'atRest.confirmingRevoke', endsIn: 'atRest.overview' },
  {
    account: otpOn,
    upon: { revokeOtp: never },
    wishes: revoke,
    closedIn: 'revoking.sending',
    endsIn: 'atRest.overview',
  },
  {
    account: otpOn,
    upon: { revokeOtp: open, listMfaMethods: never },
    wishes: revoke,
    closedIn: 'reconciling',
    endsIn: 'atRest.overview',
  },
  {
    account: otpOn,
    upon: { revokeOtp: open },
    wishes: revoke,
    closedIn: 'halted.coolingDown',
    endsIn: 'atRest.overview',
  },
  {
    account: otpOn,
    upon: { getBackupCodeStatus: never },
    wishes: [{ type: 'backupCodes.check' }],
    closedIn: 'checkingBackupCodes',
    endsIn: 'atRest.overview',
  },
  { wishes: enroll, closedIn: 'enrolling', endsIn: 'enrolling' },
  { upon: { setupOtp: never }, wishes: enroll, closedIn: 'enrolling', endsIn: 'enrolling' },
]

const otpEnrollment: readonly Place[] = [
  { first: { setupOtp: never }, closedIn: 'settingUp.sending', endsIn: 'halted.failed' },
  { closedIn: 'awaitingCode', endsIn: 'awaitingCode' },
  { wishes: giveCode, closedIn: 'checking', endsIn: 'awaitingCode', isNotRead: true },
  { upon: { verifyOtp: never }, wishes: giveCode, closedIn: 'verifying.sending', endsIn: 'awaitingCode' },
  {
    upon: { verifyOtp: open, listMfaMethods: never },
    wishes: giveCode,
    closedIn: 'reconciling',
    endsIn: 'awaitingCode',
  },
  {
    upon: { verifyOtp: setupGone, listMfaMethods: never },
    wishes: giveCode,
    closedIn: 'reconciling',
    endsIn: 'halted.failed',
  },
  { first: { setupOtp: open }, closedIn: 'halted.coolingDown', endsIn: 'halted.failed' },
  { first: { setupOtp: tooSoon }, closedIn: 'halted.coolingDown', endsIn: 'halted.failed', isNotRead: true },
  {
    upon: { verifyOtp: tooSoon },
    wishes: giveCode,
    closedIn: 'halted.coolingDown',
    endsIn: 'awaitingCode',
    isNotRead: true,
  },
  { first: { setupOtp: refused }, closedIn: 'halted.failed', endsIn: 'halted.failed' },
]

const sessions: readonly Place[] = [
  { first: { listSessions: never }, closedIn: 'working.reading', endsIn: 'atRest.list' },
  { closedIn: 'atRest.list', endsIn: 'atRest.list' },
  { first: { listSessions: refused }, closedIn: 'halted.failed', endsIn: 'atRest.list' },
  { first: { listSessions: tooSoon }, closedIn: 'halted.coolingDown', endsIn: 'atRest.list' },
  { wishes: endOne.slice(0, 1), closedIn: 'atRest.confirming', endsIn: 'atRest.list' },
  {
    upon: { terminateSession: never },
    wishes: endOne,
    closedIn: 'working.terminatingOne.sending',
    endsIn: 'atRest.list',
  },
  {
    upon: { terminateOtherSessions: never },
    wishes: endOthers,
    closedIn: 'working.terminatingOthers.sending',
    endsIn: 'atRest.list',
  },
  {
    upon: { terminateOtherSessions: open, listSessions: never },
    wishes: endOthers,
    closedIn: 'working.reconciling',
    endsIn: 'atRest.list',
  },
  { upon: { terminateSession: open }, wishes: endOne, closedIn: 'halted.coolingDown', endsIn: 'atRest.list' },
]

const workspace: readonly Place[] = [
  { first: { listWorkspaces: never }, closedIn: 'reading', endsIn: 'atRest.routed' },
  { closedIn: 'atRest.routed', endsIn: 'atRest.routed' },
  { account: twoWorkspaces, closedIn: 'atRest.choosing', endsIn: 'atRest.choosing' },
  { first: { listWorkspaces: refused }, closedIn: 'halted.failed', endsIn: 'atRest.routed' },
  { first: { listWorkspaces: tooSoon }, closedIn: 'halted.coolingDown', endsIn: 'atRest.routed' },
  {
    account: twoWorkspaces,
    upon: { setDefaultWorkspace: never },
    wishes: makeDefault,
    closedIn: 'settingDefault.sending',
    endsIn: 'atRest.routed',
  },
  {
    account: twoWorkspaces,
    upon: { setDefaultWorkspace: open, listWorkspaces: never },
    wishes: makeDefault,
    closedIn: 'reconciling',
    endsIn: 'atRest.routed',
  },
  {
    account: twoWorkspaces,
    upon: { setDefaultWorkspace: open },
    wishes: makeDefault,
    closedIn: 'halted.coolingDown',
    endsIn: 'atRest.routed',
  },
]

const onboarding: readonly Place[] = [
  { first: { listInvitations: never }, closedIn: 'flow.steps.reading', endsIn: 'flow.steps.invitations' },
  { closedIn: 'flow.steps.invitations', endsIn: 'flow.steps.invitations' },
]

const places = { invitations, mfa, otpEnrollment, sessions, workspace, onboarding }

/** What changes nothing of the account. */
const isRead = (operation: string | null) => operation !== null && /^(list|get)/.test(operation)

/** The user does all that, and the page is closed there. */
async function closedThere(
  step: keyof typeof places,
  { account, first = {}, upon = {}, wishes = [], closedIn }: Place,
) {
  const setting = createSetting({ portal: { account: account ?? {} } })
  const due = new Set<string | null>()
  const strike = (strikes: Strikes) => {
    for (const [operation, fault] of Object.entries(strikes)) {
      due.add(operation)
      const isMeant: FaultMatch = (request) => {
        if (request.operation === operation) due.delete(operation)
        return request.operation === operation
      }
      setting.portal.fault(isMeant, fault)
    }
  }
  strike(first)
  const actor = createActor(setting.machines[step] as typeof setting.machines.mfa).start()
  onTestFinished(() => void actor.stop())
  if (Object.keys(first).length === 0) await setting.rest(actor)
  strike(upon)
  for (const wish of wishes) actor.send((typeof wish === 'function' ? await wish(setting) : wish) as never)
  const isThere = () => placeOf(actor) === closedIn && due.size === 0
  const began = performance.now()
  while (!isThere() && performance.now() - began < PATIENCE_MS) await turn()
  expect({ place: placeOf(actor), due: [...due] }).toEqual({ place: closedIn, due: [] })
  return { setting, actor, text: close(actor) }
}

describe.each(Object.keys(places) as (keyof typeof places)[])('%s', (step) => {
  const named = places[step].map(
    (place) => [place.closedIn, JSON.stringify({ ...place.first, ...place.upon }), place] as const,
  )
  test.each(named)('closed in %s (%s): it is read, nothing is written, and the user goes on', async (_, __, place) => {
    const { setting, actor, text } = await closedThere(step, place)
    await setting.clock.advance(26 * HOUR)
    setting.requestsSince()
    const restored = reopen(actor, text)
    await setting.waitOut(restored as AnyActorRef)
    expect(placeOf(restored)).toBe(place.endsIn)
    const sent = setting.requestsSince()
    expect(sent.length > 0).toBe(place.isNotRead !== true)
    expect(sent.filter((operation) => !isRead(operation))).toEqual([])
  })
})

describe('an enrollment', () => {
  test.each<[string, Strikes]>([
    ['while a setup was being made', { setupOtp: never }],
    ['in a cool-down before one', { setupOtp: tooSoon }],
  ])('that was closed %s makes one when the user asks', async (_, first) => {
    const closedIn = first.setupOtp === never ? 'settingUp.sending' : 'halted.coolingDown'
    const { setting, actor, text } = await closedThere('otpEnrollment', { first, closedIn, endsIn: 'awaitingCode' })
    const restored = reopen(actor, text)
    await setting.waitOut(restored as AnyActorRef)
    setting.requestsSince()
    restored.send({ type: 'retry' })
    await setting.rest(restored as AnyActorRef)
    expect(restored.getSnapshot().value).toBe('awaitingCode')
    expect(setting.requestsSince()).toContain('setupOtp')
  })

  test('whose setup turns out to have expired when a code is given makes a new one: the user is at it', async () => {
    const { setting, actor, text } = await closedThere('otpEnrollment', {
      closedIn: 'awaitingCode',
      endsIn: 'awaitingCode',
    })
    const restored = reopen(actor, text)
    await setting.rest(restored as AnyActorRef)
    setting.portal.fault('verifyOtp', setupGone)
    restored.send({ type: 'code.submit', code: '123456' } as never)
    await setting.rest(restored as AnyActorRef)
    expect(restored.getSnapshot().value).toBe('awaitingCode')
    expect(restored.getSnapshot().context).toMatchObject({ notice: 'setupReplaced', otpSetup: expect.anything() })
  })
})
