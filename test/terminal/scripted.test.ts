import { createFakePortal, type FakePortal } from 'postlogin/testing'
import { describe, expect, it } from 'vitest'
import type { FlowName } from '../../examples/terminal/arguments.ts'
import { createNarrator } from '../../examples/terminal/narrate.ts'
import { createScriptedPortal, scripted, shortcomingsOf } from '../../examples/terminal/scripted.ts'

async function run(
  portal: FakePortal,
  { flow = 'onboarding', signal = new AbortController().signal }: { flow?: FlowName; signal?: AbortSignal } = {},
) {
  const lines: string[] = []
  const ending = await scripted({ flow, narrator: createNarrator((line) => lines.push(line), false), signal, portal })
  return { ending, printed: lines.join('\n') }
}

describe('the scripted onboarding', () => {
  it('leaves the portal as it was meant to be, and prints none of its secrets', async () => {
    const portal = createScriptedPortal()
    const { ending, printed } = await run(portal)
    expect(ending).toEqual({ exitCode: 0, problem: null })
    const { account } = portal
    expect(account.invitations.map(({ status }) => status)).toEqual(['ACCEPTED', 'DECLINED'])
    expect(account.ipWhitelist).toEqual({ enabled: true, entries: ['203.0.113.10'] })
    // The current one, and the sign-in that was tried at the end.
    expect(account.sessions.map(({ isCurrent }) => isCurrent)).toEqual([true, false])
    const sent = portal.requests.find(({ operation }) => operation === 'verifyOtp')?.body
    const { code } = sent as { code: string }
    expect(code).toMatch(/^\d{6}$/)
    for (const secret of [account.otpSecret ?? '', code, account.accessToken, account.refreshToken]) {
      expect(secret).not.toBe('')
      expect(printed).not.toContain(secret)
    }
  })

  it('says what the portal does not show at the end, and ends with 1', async () => {
    const portal = createScriptedPortal()
    // Somebody else is at work: the whitelist is turned off as soon as the last step reads the workspaces.
    portal.fault((request) => {
      if (request.operation === 'listWorkspaces' && portal.processed('terminateOtherSessions') > 0) {
        portal.update((account) => {
          account.ipWhitelist.enabled = false
        })
      }
      return false
    }, 'hang')
    const { ending, printed } = await run(portal)
    expect(ending).toEqual({
      exitCode: 1,
      problem: 'The portal is not as it was meant to be: the whitelist is off.',
    })
    expect(printed).not.toContain('checked')
  })

  it('knows each thing that can be missing', () => {
    const untouched = shortcomingsOf(createScriptedPortal(), { to: 'unresolved' })
    expect(untouched).toEqual([
      'the first invitation is not accepted',
      'the second invitation is not declined',
      'the one-time code is off',
      'the whitelist is off',
      'the current address is not in the whitelist',
      'other sessions are left',
      'the route leads elsewhere',
      'a secret went unencrypted',
      'the secure channel was left open',
    ])
    const lockedOut = createFakePortal({ account: { ipWhitelist: { enabled: true, entries: ['192.0.2.1'] } } })
    expect(shortcomingsOf(lockedOut, { to: 'unresolved' })).toContain('the user cannot sign in again')
  })

  it('does not take a refusal for a success', async () => {
    const portal = createScriptedPortal()
    portal.fault('acceptInvitation', { status: 403 })
    const { ending } = await run(portal)
    expect(ending).toEqual({
      exitCode: 1,
      problem:
        'The portal is not as it was meant to be: the first invitation is not accepted, the route leads elsewhere.',
    })
  })

  it('says where the flow went another way than the script', async () => {
    const portal = createScriptedPortal()
    portal.fault('setupOtp', { status: 403 })
    await expect(run(portal)).rejects.toThrow(
      'The script was to answer otpEnrollment.awaitingCode, but was asked about otpEnrollment.halted.failed.',
    )
  })

  it('stops on Ctrl-C with 130', async () => {
    const interruption = new AbortController()
    const portal = createScriptedPortal()
    portal.fault(({ operation }) => {
      if (operation === 'verifyOtp') interruption.abort()
      return false
    }, 'hang')
    const { ending } = await run(portal, interruption)
    expect(ending).toMatchObject({ exitCode: 130, problem: 'Interrupted; nothing more was sent.' })
  })
})
