import { createMachines, createPortalApi } from 'postlogin'
import { type AccountOverrides, createFakePortal, fakeInvitation } from 'postlogin/testing'
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { drive } from '../../examples/terminal/drive.ts'
import { createNarrator } from '../../examples/terminal/narrate.ts'
import { createScriptedPortal, scripted } from '../../examples/terminal/scripted.ts'
import { conversation, runInteractive } from './user.ts'

const CARDS = 'securityCenter.cards'
const LIST = 'ipWhitelist.drafting.editing'

const account: AccountOverrides = { invitations: [fakeInvitation({ invitationBizId: 'i1' })] }

describe('the scripted security page', () => {
  it('leaves the portal as it was meant to be', async () => {
    const portal = createScriptedPortal()
    const lines: string[] = []
    const narrator = createNarrator((line) => lines.push(line), false)
    const ending = await scripted({ flow: 'security', narrator, signal: new AbortController().signal, portal })
    expect(ending).toEqual({ exitCode: 0, problem: null })
    expect(portal.account.ipWhitelist).toEqual({ enabled: true, entries: ['203.0.113.10'] })
    expect(portal.account.invitations.map(({ status }) => status)).toEqual(['ACCEPTED', 'DECLINED'])
    expect(lines.filter((line) => line === 'Security')).toHaveLength(5)
  })
})

describe('the security page', () => {
  it('has four cards, of which one is opened, changed, and closed, then another; then the user leaves', async () => {
    const { ending, portal, printed } = await runInteractive({
      flow: 'security',
      account,
      answers: () =>
        conversation([
          [CARDS, 'open ipWhitelist'],
          [LIST, 'addMine'],
          [LIST, 'enable'],
          ['whitelistChange.confirming.deciding.awaiting', 'confirm'],
          [LIST, 'close'],
          [CARDS, 'open invitations'],
          ['invitations.inbox', 'accept i1'],
          ['invitations.inbox', 'close'],
          [CARDS, 'leave'],
        ]),
    })
    expect(ending).toEqual({ exitCode: 0, problem: null })
    expect(portal.account.ipWhitelist).toEqual({ enabled: true, entries: ['203.0.113.10'] })
    expect(portal.account.invitations.map(({ status }) => status)).toEqual(['ACCEPTED'])
    const headings = printed.split('\n').filter((line) => /^[A-Z]/.test(line))
    expect(headings).toEqual(['Security', 'IP whitelist', 'Security', 'Invitations', 'Security'])
    expect(printed.replace(/\s+/g, ' ')).toContain('IP whitelist. Allow sign-in only from these addresses.')
    // The first request is a small one, to see whether the portal answers. No other card was read.
    expect(portal.processed('listMfaMethods')).toBe(1)
    expect(portal.processed('closeChannel')).toBe(1)
  })

  it('says on the way out of a card what becomes of what is not saved, and of a change that nobody has kept', async () => {
    const labels: string[] = []
    const { portal } = await runInteractive({
      flow: 'security',
      answers: () => {
        const { choose, text } = conversation([
          [CARDS, 'open ipWhitelist'],
          [LIST, 'addMine'],
          [LIST, 'enable'],
          ['whitelistChange.confirming.deciding.awaiting', 'close'],
          [CARDS, 'leave'],
        ])
        return {
          text,
          choose(question, signal) {
            labels.push(question.choices.find(({ key }) => key === 'close')?.label ?? '')
            return choose(question, signal)
          },
        }
      },
    })
    expect(labels).toEqual(['', 'Close', 'Close without saving', 'Undo the change and continue', ''])
    expect(portal.account.ipWhitelist.enabled).toBe(false)
  })

  it('offers to try a card again that fails, and to close it', async () => {
    const portal = createFakePortal({ account })
    portal.fault('listSessions', { status: 403 }, { times: 2 })
    const { ending, printed } = await runInteractive({
      flow: 'security',
      portal,
      answers: () =>
        conversation([
          [CARDS, 'open sessions'],
          ['sessions.halted.failed', 'retry'],
          ['sessions.halted.failed', 'close'],
          [CARDS, 'open sessions'],
          ['sessions.atRest.list', 'close'],
          [CARDS, 'leave'],
        ]),
    })
    expect(ending.exitCode).toBe(0)
    expect(printed.replace(/\s+/g, ' ')).toContain('You do not have permission for this.')
  })

  it('ends with 1 where the session ended', async () => {
    const portal = createFakePortal({ account })
    const { ending } = await runInteractive({
      flow: 'security',
      portal,
      answers: () => ({
        choose: async () => {
          portal.update((account) => {
            account.accessToken = 'another'
          })
          return 'open sessions'
        },
        text: async () => '',
      }),
    })
    expect(ending).toMatchObject({ exitCode: 1 })
    expect(ending.problem).toMatch(/^Your session has ended\. Sign in again\./)
  })

  it('ends with 130 on Ctrl-C', async () => {
    const interruption = new AbortController()
    const { ending } = await runInteractive({
      flow: 'security',
      signal: interruption.signal,
      answers: () => ({
        choose: async () => {
          interruption.abort()
          return new Promise(() => {})
        },
        text: async () => '',
      }),
    })
    expect(ending).toEqual({ exitCode: 130, problem: 'Interrupted; nothing more was sent.' })
  })

  it('lets the user cancel in a card what the portal demands more proof for', async () => {
    const portal = createFakePortal({ account })
    portal.fault('setupOtp', { status: 403, body: '{"code":"ACCESS.MFA_REQUIRED"}' })
    const api = createPortalApi({
      baseUrl: 'https://portal.example.com/prometheus',
      portalAccessCode: portal.account.portalAccessCode,
      clientHash: portal.account.clientHash,
      accessToken: () => portal.account.accessToken,
      fetch: portal.fetch,
      stepUp: () => new Promise(() => {}),
    })
    const answers = conversation([
      [CARDS, 'open mfa'],
      ['mfa.atRest.overview', 'enroll'],
      ['otpEnrollment.settingUp.steppingUp', 'cancelStepUp'],
      ['otpEnrollment.halted.failed', 'cancel'],
      ['mfa.atRest.overview', 'close'],
      [CARDS, 'leave'],
    ])
    const lines: string[] = []
    await drive(createActor(createMachines(api).securityCenter), {
      answers,
      narrator: createNarrator((line) => lines.push(line), false),
      look: { now: () => Date.now(), qrCode: () => [] },
      signal: new AbortController().signal,
    })
    expect(portal.processed('setupOtp')).toBe(0)
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('and none was given. Try again')
  })
})
