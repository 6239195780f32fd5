import type { Machines, OnboardingInput } from 'postlogin'
import { fromStorage, toStorage } from 'postlogin'
import type { AccountOverrides, PortalOperation } from 'postlogin/testing'
import { onTestFinished } from 'vitest'
import { createActor, setup } from 'xstate'
import { SETTLING_MS } from '../../src/domain/settling.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { HERE, only, visit } from './visitor.ts'

const subject = 'maya'
const OFFICE = '198.51.100.0/24'

export type Visitor = Awaited<ReturnType<typeof visit>>
type Setting = ReturnType<typeof createSetting>

/** How to get a certain screen on screen. */
export interface Scene {
  readonly input: OnboardingInput
  readonly account?: AccountOverrides
  /** Before the flow starts. */
  readonly trouble?: (setting: Setting) => void
  /** Before the flow starts, too: machines of the host's. */
  readonly replace?: (machines: Machines) => Partial<Machines>
  readonly go?: (visitor: Visitor) => Promise<unknown>
}

export async function play({ input, account = {}, trouble, replace, go }: Scene) {
  const setting = createSetting({ portal: { account, secureChannel: 'off' } })
  trouble?.(setting)
  const machines = { ...setting.machines, ...replace?.(setting.machines) }
  const start: typeof setting.start = async (name, input) => {
    const actor = createActor(machines[name], { input } as never).start()
    onTestFinished(() => void actor.stop())
    await setting.rest(actor)
    return actor as never
  }
  const visitor = await visit({ input, setting: { ...setting, machines, start } })
  await go?.(visitor)
  return visitor
}

/** Does it, and looks while the portal has not answered: it never will. */
const hanging =
  (operation: PortalOperation, press: (visitor: Visitor) => boolean) =>
  async (visitor: Visitor): Promise<void> => {
    const { portal } = visitor
    portal.fault(operation, 'hang', { times: Number.POSITIVE_INFINITY })
    const sent = () => portal.requests.filter((request) => request.operation === operation).length
    const before = sent()
    press(visitor)
    while (sent() === before) await turn()
  }

/** A machine that throws, as only a host's own can. */
const throwing = setup({}).createMachine({
  initial: 'broken',
  states: {
    broken: {
      entry: () => {
        throw new Error('out of order')
      },
    },
  },
})

const withThrowing =
  (name: 'mfa' | 'invitations') =>
  ({ onboarding }: Machines): Partial<Machines> => ({
    onboarding: onboarding.provide({ actors: { [name]: throwing as never } }),
  })

const fails =
  (operation: PortalOperation, times = 1) =>
  ({ portal }: Setting) =>
    void portal.fault(operation, { status: 403 }, { times })

const limits =
  (operation: PortalOperation) =>
  ({ portal }: Setting) =>
    void portal.fault(operation, { retryAfter: 30 })

const otpOn: AccountOverrides = { mfaMethods: [{ method: 'OTP', isEnabled: true }] }
const off = (...entries: string[]): AccountOverrides => ({ ipWhitelist: { enabled: false, entries } })
const enforced = (...entries: string[]): AccountOverrides => ({ ipWhitelist: { enabled: true, entries } })
const masked: AccountOverrides = { sessions: [{ clientIp: '203.0.113.*', isCurrent: true }] }

const replaceBy =
  (...values: string[]) =>
  ({ click, on }: Visitor) =>
    click(on('ipWhitelist').replace, { values })

const enableHere = async (visitor: Visitor) => {
  await replaceBy(HERE)(visitor)
  await visitor.click(visitor.on('ipWhitelist').enable)
}

/** One entry more on a list that is in force. */
const extendTo =
  (value: string) =>
  async ({ click, on }: Visitor) => {
    await click(on('ipWhitelist').add, { value })
    await click(on('ipWhitelist').save)
  }

/** The user has gone elsewhere when asked whether a change is kept. */
const answerFrom = (address: string, answer: 'confirm' | 'cancel') => async (visitor: Visitor) => {
  await extendTo(OFFICE)(visitor)
  const { portal, click, on } = visitor
  portal.moveTo(address)
  const { question } = on('ipWhitelist')
  await click(question?.kind === 'keep' ? question[answer] : never())
}

const enroll = ({ click, on }: Visitor) => click(on('mfa').enroll)

/** The same flow in a new page: what was `Sealed` is gone. */
export function reload({ flow, machines, ...visitor }: Visitor) {
  const text = toStorage(flow, { subject })
  flow.stop()
  const snapshot = fromStorage(machines.onboarding, text, { subject })
  const start: Visitor['start'] = async () => {
    const actor = createActor(machines.onboarding, { snapshot } as never).start()
    onTestFinished(() => void actor.stop())
    await visitor.rest(actor)
    return actor as never
  }
  return visit({ setting: { ...visitor, machines, start } })
}

/** Every state that has a screen of its own, and every reason for which something is not possible there. */
export const scenes: Readonly<Record<string, Scene>> = {
  'an inbox with every standing': {
    input: only('invitations'),
    account: {
      invitations: [
        {},
        { acceptable: false },
        { status: 'ACCEPTED' },
        { status: 'DECLINED' },
        { status: 'CANCELLED' },
        { status: 'EXPIRED' },
        { status: 'SUSPENDED', acceptable: false },
      ],
    },
  },
  'an inbox that is required': { input: only('invitations', 'require') },
  'an inbox with nothing in it': { input: only('invitations'), account: { invitations: [] } },
  'an inbox whose invitation was handled elsewhere': {
    input: only('invitations'),
    async go({ portal, click, on }) {
      portal.fault('acceptInvitation', { status: 409, code: 'WORKSPACE.INVITATION_ALREADY_PROCESSED' })
      await click(on('invitations').rows[0]?.accept ?? on('invitations').refresh)
    },
  },
  'an inbox with a ghost': {
    input: only('invitations', 'require'),
    account: { invitations: [{ refusedWith: 410 }] },
    async go({ click, on }) {
      await click(on('invitations').rows[0]?.accept ?? never())
      await click(on('invitations').rows[0]?.decline ?? never(), {})
    },
  },
  'an inbox while an invitation is accepted': {
    input: only('invitations'),
    go: hanging('acceptInvitation', ({ press, on }) => press(on('invitations').rows[0]?.accept ?? never())),
  },
  'an inbox while an invitation is declined': {
    input: only('invitations'),
    go: hanging('declineInvitation', ({ press, on }) => press(on('invitations').rows[0]?.decline ?? never(), {})),
  },
  'an inbox in which one waits until another is accepted': {
    input: only('invitations'),
    async go(visitor) {
      await hanging('acceptInvitation', ({ press, on }) => press(on('invitations').rows[0]?.accept ?? never()))(visitor)
      visitor.press(visitor.on('invitations').rows[1]?.decline ?? never(), {})
    },
  },
  'an inbox that the user has left while an invitation is accepted': {
    input: only('invitations'),
    async go(visitor) {
      await hanging('acceptInvitation', ({ press, on }) => press(on('invitations').rows[0]?.accept ?? never()))(visitor)
      visitor.press(visitor.on('invitations').finish)
    },
  },
  'a required inbox while one of two is accepted': {
    input: only('invitations', 'require'),
    go: hanging('acceptInvitation', ({ press, on }) => press(on('invitations').rows[0]?.accept ?? never())),
  },
  'an inbox that has to wait, and one invitation with it': {
    input: only('invitations'),
    async go({ portal, press, on, rest, flow }) {
      portal.fault('acceptInvitation', { retryAfter: 30 })
      press(on('invitations').rows[0]?.accept ?? never())
      press(on('invitations').rows[1]?.accept ?? never())
      await rest(flow)
    },
  },
  'an inbox that cannot be read': { input: only('invitations'), trouble: fails('listInvitations') },
  'a required inbox that cannot be read': { input: only('invitations', 'require'), trouble: fails('listInvitations') },
  'an inbox that has to wait': { input: only('invitations'), trouble: limits('listInvitations') },
  'an inbox after an acceptance of which nothing is known': {
    input: only('invitations'),
    async go({ portal, click, on }) {
      portal.fault('acceptInvitation', 'loseReply')
      portal.fault('listInvitations', { status: 403 })
      await click(on('invitations').rows[0]?.accept ?? never())
    },
  },

  'factors without OTP': { input: only('mfa') },
  'factors without OTP, which is required': { input: only('mfa', 'require') },
  'factors with OTP': { input: only('mfa'), account: otpOn },
  'factors with the backup codes': {
    input: only('mfa'),
    account: otpOn,
    go: ({ click, on }) => click(on('mfa').checkBackupCodes ?? never()),
  },
  'the question whether OTP is to be revoked': {
    input: only('mfa'),
    account: otpOn,
    go: ({ click, on }) => click(on('mfa').revoke),
  },
  'factors while OTP is revoked': {
    input: only('mfa'),
    account: otpOn,
    async go(visitor) {
      await visitor.click(visitor.on('mfa').revoke)
      await hanging('revokeOtp', ({ press, on }) => press(on('mfa').question?.confirm ?? never()))(visitor)
    },
  },
  'factors that cannot be read': { input: only('mfa'), trouble: fails('listMfaMethods') },
  'required factors that cannot be read': { input: only('mfa', 'require'), trouble: fails('listMfaMethods') },
  'factors that have to wait': { input: only('mfa'), trouble: limits('listMfaMethods') },

  'a setup': { input: only('mfa'), go: enroll },
  'a setup with codes of its own': {
    input: only('mfa'),
    trouble: ({ portal }) => portal.configure({ totp: { algorithm: 'SHA256' } }),
    go: enroll,
  },
  'a setup that is required': { input: only('mfa', 'require'), go: enroll },
  'a setup under way': {
    input: only('mfa'),
    go: hanging('setupOtp', ({ press, on }) => press(on('mfa').enroll)),
  },
  'a setup after a wrong code': {
    input: only('mfa'),
    async go(visitor) {
      await enroll(visitor)
      await visitor.click(visitor.on('otpEnrollment').submit, { code: '000000' })
    },
  },
  'a setup while a code is verified': {
    input: only('mfa'),
    async go(visitor) {
      await enroll(visitor)
      const submit = ({ press, on }: Visitor) => press(on('otpEnrollment').submit, { code: '000000', force: true })
      await hanging('verifyOtp', submit)(visitor)
    },
  },
  'a setup that was refused': { input: only('mfa'), trouble: fails('setupOtp'), go: enroll },
  'a required setup that was refused': { input: only('mfa', 'require'), trouble: fails('setupOtp'), go: enroll },
  'a setup that has to wait': { input: only('mfa'), trouble: limits('setupOtp'), go: enroll },

  'a whitelist with nothing in it': { input: only('ipWhitelist') },
  'a whitelist that is required': { input: only('ipWhitelist', 'require') },
  'a draft that lets the user in': { input: only('ipWhitelist'), go: replaceBy(HERE, OFFICE) },
  'a draft that does not let the user in': { input: only('ipWhitelist'), go: replaceBy(OFFICE) },
  'a draft with an entry that cannot be saved': { input: only('ipWhitelist'), go: replaceBy(HERE, 'office') },
  'a whitelist with entries, off': { input: only('ipWhitelist'), account: off(HERE, OFFICE) },
  'a whitelist in force': { input: only('ipWhitelist'), account: enforced(HERE, OFFICE) },
  'a whitelist in force that does not let the user in': { input: only('ipWhitelist'), account: enforced(OFFICE) },
  'a whitelist in force, an entry taken out': {
    input: only('ipWhitelist'),
    account: enforced(HERE, OFFICE),
    go: replaceBy(HERE),
  },
  'a whitelist in force, its user taken out': {
    input: only('ipWhitelist'),
    account: enforced(HERE, OFFICE),
    go: replaceBy(OFFICE),
  },
  'a whitelist in force, all entries taken out': {
    input: only('ipWhitelist'),
    account: enforced(HERE, OFFICE),
    go: replaceBy(),
  },
  'a whitelist in force, an entry added that cannot be saved': {
    input: only('ipWhitelist'),
    account: enforced(HERE),
    go: ({ click, on }) => click(on('ipWhitelist').add, { value: '203.0.113' }),
  },
  'a whitelist of a user whose address is masked': { input: only('ipWhitelist'), account: masked },
  'a whitelist of a user without an address': {
    input: only('ipWhitelist'),
    account: off(HERE),
    trouble: fails('listSessions', Number.POSITIVE_INFINITY),
  },
  'the question whether the risk is taken': { input: only('ipWhitelist'), account: masked, go: enableHere },
  'the question whether the risk is taken, in a required step': {
    input: only('ipWhitelist', 'require'),
    account: masked,
    go: enableHere,
  },
  'the question whether the change is kept': { input: only('ipWhitelist'), go: enableHere },
  'the question whether the change is kept, in a required step': {
    input: only('ipWhitelist', 'require'),
    go: enableHere,
  },
  'the question whether a change is kept that does not let the user in': {
    input: only('ipWhitelist'),
    account: enforced(HERE),
    go: answerFrom('192.0.2.77', 'confirm'),
  },
  'the question whether a change is kept from where nobody knows': {
    input: only('ipWhitelist'),
    account: enforced(HERE),
    go: answerFrom('10.0.0.9', 'confirm'),
  },
  'the question whether a change is undone from where nobody knows': {
    input: only('ipWhitelist'),
    account: enforced(HERE),
    go: answerFrom('10.0.0.9', 'cancel'),
  },
  'a change that is not undone by itself, for that would lock the user out': {
    input: only('ipWhitelist'),
    account: enforced(OFFICE),
    async go(visitor) {
      await extendTo(HERE)(visitor)
      const { clock, rest, flow } = visitor
      await clock.advance(60_000)
      await rest(flow)
    },
  },
  'another list in the place of a change that is in force': {
    input: only('ipWhitelist'),
    account: enforced(HERE),
    async go(visitor) {
      await extendTo(OFFICE)(visitor)
      const { click, on } = visitor
      await click(on('ipWhitelist').add, { value: '192.0.2.0/24' })
      await click(on('ipWhitelist').save)
    },
  },
  'another list in the place of a change, from where nobody knows': {
    input: only('ipWhitelist'),
    account: enforced(HERE),
    async go(visitor) {
      await extendTo(OFFICE)(visitor)
      visitor.portal.moveTo('10.0.0.9')
      await extendTo('192.0.2.0/24')(visitor)
    },
  },
  'the question whether the change is kept, while that is looked into': {
    input: only('ipWhitelist'),
    async go(visitor) {
      await enableHere(visitor)
      const keep = ({ press, on }: Visitor) => press(on('ipWhitelist').question?.confirm ?? never())
      await hanging('getIpWhitelist', keep)(visitor)
    },
  },
  'the question whether the change is kept, which could not be looked into': {
    input: only('ipWhitelist'),
    async go(visitor) {
      await enableHere(visitor)
      const { portal, click, on } = visitor
      portal.fault('getIpWhitelist', { status: 500 }, { times: 3 })
      await click(on('ipWhitelist').question?.confirm ?? never())
    },
  },
  'a change that could not be put back yet': {
    input: only('ipWhitelist'),
    async go(visitor) {
      await enableHere(visitor)
      const { portal, click, on } = visitor
      portal.fault('disableIpWhitelist', { status: 500 }, { times: 9 })
      await click(on('ipWhitelist').question?.cancel ?? never())
    },
  },
  'a whitelist of which nobody knows yet whether it is on': {
    input: only('ipWhitelist'),
    async go(visitor) {
      visitor.portal.fault('enableIpWhitelist', { landsAfterMs: 8_000, answer: 504 })
      await enableHere(visitor)
    },
  },
  'a whitelist with an entry that nobody here can read': {
    input: only('ipWhitelist'),
    account: enforced(HERE, '198.51.100.1-198.51.100.9'),
  },
  'a whitelist of a user who comes over IPv6': {
    input: only('ipWhitelist'),
    account: { ...off('2600::7'), sessions: [{ isCurrent: true, clientIp: '2600::7' }] },
  },
  'a draft without the network of a user who comes over IPv6': {
    input: only('ipWhitelist'),
    account: { sessions: [{ isCurrent: true, clientIp: '2600::7' }] },
    go: replaceBy(HERE),
  },
  'a whitelist of a user who seems to come from the portal’s own proxy': {
    input: only('ipWhitelist'),
    account: { sessions: [{ clientIp: '10.0.0.2', isCurrent: true }], ...off('10.0.0.0/8') },
  },
  'a draft that lets everybody in, in pieces': {
    input: only('ipWhitelist'),
    go: replaceBy('0.0.0.0/1', '128.0.0.0/1'),
  },
  'a draft with an entry that may be meant in two ways': {
    input: only('ipWhitelist'),
    go: replaceBy(HERE, '::ffff:198.51.100.0/24'),
  },
  'a whitelist while it is saved': {
    input: only('ipWhitelist'),
    async go(visitor) {
      await replaceBy(HERE)(visitor)
      await hanging('replaceIpWhitelist', ({ press, on }) => press(on('ipWhitelist').save))(visitor)
    },
  },
  'a whitelist that cannot be read': { input: only('ipWhitelist'), trouble: fails('getIpWhitelist') },
  'a required whitelist that cannot be read': {
    input: only('ipWhitelist', 'require'),
    trouble: fails('getIpWhitelist'),
  },
  'a whitelist that has to wait': { input: only('ipWhitelist'), trouble: limits('getIpWhitelist') },
  'a whitelist whose change cannot be undone': {
    input: only('ipWhitelist'),
    async go(visitor) {
      await enableHere(visitor)
      const { portal, click, on } = visitor
      portal.fault('disableIpWhitelist', { status: 403 })
      const { question } = on('ipWhitelist')
      await click(question?.kind === 'keep' ? question.cancel : never())
    },
  },

  'sessions with others': { input: only('sessions') },
  'sessions with others, where none may be left': { input: only('sessions', 'require') },
  'no other session': { input: only('sessions'), account: { sessions: [{ isCurrent: true }] } },
  'sessions that look alike': {
    input: only('sessions'),
    account: {
      sessions: [
        { sessionId: 'SESSION_CURRENT_C_001', isCurrent: true },
        { sessionId: 'SESSION_REMOTE_R_001' },
        { sessionId: 'SESSION_RENTED_R_001' },
        { sessionId: 'SESSION_CLONED_C_001' },
      ],
    },
  },
  'the question whether a session is to end': {
    input: only('sessions'),
    go: ({ click, on }) => click(on('sessions').rows[1]?.terminate ?? never()),
  },
  'the question whether all other sessions are to end, where none may be left': {
    input: only('sessions', 'require'),
    go: ({ click, on }) => click(on('sessions').terminateOthers),
  },
  'sessions while one is ended': {
    input: only('sessions'),
    async go(visitor) {
      await visitor.click(visitor.on('sessions').rows[1]?.terminate ?? never())
      const confirm = ({ press, on }: Visitor) => press(on('sessions').question?.confirm ?? never())
      await hanging('terminateSession', confirm)(visitor)
    },
  },
  'sessions that are listed although they were ended': {
    input: only('sessions'),
    trouble: ({ portal }) => portal.configure({ endsSessions: false }),
    async go({ click, on, portal, clock, flow, rest }) {
      await click(on('sessions').terminateOthers)
      await click(on('sessions').question?.confirm ?? never())
      portal.update((account) => void account.sessions.pop())
      await clock.advance(SETTLING_MS)
      await rest(flow)
    },
  },
  'sessions that cannot be read': { input: only('sessions'), trouble: fails('listSessions') },
  'required sessions that cannot be read': { input: only('sessions', 'require'), trouble: fails('listSessions') },
  'sessions that have to wait': { input: only('sessions'), trouble: limits('listSessions') },

  'workspaces with a default one': { input: only('workspace') },
  'workspaces to choose from': {
    input: only('workspace', 'require'),
    account: {
      workspaces: [{}, { isDefault: true, enterable: false }, { enterable: false }, { defaultEligible: false }],
    },
  },
  'no workspace': { input: only('workspace'), account: { workspaces: [] } },
  'workspaces while one is made the default': {
    input: only('workspace'),
    go: hanging('setDefaultWorkspace', ({ press, on }) => press(on('workspace').rows[1]?.chooseAsDefault ?? never())),
  },
  'workspaces of which none could be made the default': {
    input: only('workspace'),
    async go({ portal, click, on }) {
      portal.fault('setDefaultWorkspace', 'loseRequest')
      portal.fault('listWorkspaces', { status: 403 })
      await click(on('workspace').rows[1]?.chooseAsDefault ?? never())
    },
  },
  'workspaces that cannot be read': { input: only('workspace'), trouble: fails('listWorkspaces') },
  'required workspaces that cannot be read': { input: only('workspace', 'require'), trouble: fails('listWorkspaces') },
  'workspaces that have to wait': { input: only('workspace'), trouble: limits('listWorkspaces') },

  'a step that is out of order': { input: only('mfa'), replace: withThrowing('mfa') },
  'a required step that is out of order': { input: only('mfa', 'require'), replace: withThrowing('mfa') },
}

function never(): never {
  throw new Error('There is nothing to click')
}
