import { type AccountOverrides, createFakePortal, fakeInvitation, fakeSession, servePortal } from 'postlogin/testing'
import { describe, expect, it } from 'vitest'
import type { Answers } from '../../examples/terminal/answers.ts'
import { conversation, runInteractive } from './user.ts'

const ACME = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'
const GLOBEX = 'b2c3d4e5-f6a7-4901-bcde-f12345678901'

/** An account on which every step but the one named has nothing to do. */
const done: Required<Pick<AccountOverrides, 'invitations' | 'mfaMethods' | 'ipWhitelist' | 'sessions'>> = {
  invitations: [],
  mfaMethods: [{ method: 'OTP', isEnabled: true }],
  ipWhitelist: { enabled: true, entries: ['203.0.113.10'] },
  sessions: [{ sessionId: 'SESSION_CURRENT_C_001', clientIp: '203.0.113.10', isCurrent: true }],
}
const only = (step: keyof typeof done) => {
  const { [step]: _, ...rest } = done
  return rest
}

describe('the interactive onboarding', () => {
  it('goes through all steps to the workspace that was chosen', async () => {
    const { portal, ending, printed } = await runInteractive({
      answers: (portal) =>
        conversation([
          ['invitations.inbox', `decline ${ACME}`],
          ['invitations.decline', 'no'],
          ['invitations.inbox', `decline ${ACME}`],
          ['invitations.decline', 'yes'],
          ['invitations.reason', '  '],
          ['invitations.inbox', `accept ${GLOBEX}`],
          ['invitations.inbox', 'finish'],
          ['mfa.atRest.overview', 'enroll'],
          ['otpEnrollment.awaitingCode', 'code'],
          ['otpEnrollment.code', () => portal.authenticator.code()],
          ['mfa.atRest.overview', 'finish'],
          ['ipWhitelist.drafting.editing', 'add'],
          ['ipWhitelist.entry', ' 203.0.113.0/24 '],
          ['ipWhitelist.drafting.editing', 'save'],
          ['ipWhitelist.drafting.editing', 'enable'],
          ['whitelistChange.confirming.deciding.awaiting', 'confirm'],
          ['ipWhitelist.drafting.editing', 'finish'],
          ['sessions.atRest.list', 'end SESS...S_002'],
          ['sessions.atRest.confirming', 'confirm'],
          ['sessions.atRest.list', 'finish'],
          ['workspace.atRest.choosing', 'chooseAsDefault WS_GLOBEX_002'],
        ]),
    })
    expect(ending).toMatchObject({ exitCode: 0, problem: null })
    expect(printed).toMatch(/route +Next: workspace Globex Treasury \(WS_GLOBEX_002\), as you chose\./)
    const { invitations, ipWhitelist, sessions, workspaces, otpSecret } = portal.account
    expect(invitations.map(({ status }) => status)).toEqual(['DECLINED', 'ACCEPTED'])
    expect(otpSecret).not.toBeNull()
    expect(ipWhitelist).toEqual({ enabled: true, entries: ['203.0.113.0/24'] })
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual(['SESSION_CURRENT_C_001', 'SESSION_REMOTE_R_001'])
    expect(workspaces.find(({ isDefault }) => isDefault)?.workspaceBizId).toBe('WS_GLOBEX_002')
    expect(portal.requests.find(({ operation }) => operation === 'declineInvitation')?.body).toBeNull()
    expect(portal.processed('closeChannel')).toBe(1)
  })

  it('passes over what needs nothing, and shows it all where that is asked for', async () => {
    const passed = await runInteractive({ account: done, answers: () => conversation([]) })
    expect(passed.ending.exitCode).toBe(0)
    expect(passed.printed.match(/outcome +nothing to do/g)).toHaveLength(5)

    const shown = await runInteractive({
      account: done,
      policy: 'show',
      answers: () =>
        conversation([
          ['invitations.inbox', 'finish'],
          ['mfa.atRest.overview', 'revoke'],
          ['mfa.atRest.confirmingRevoke', 'cancel'],
          ['mfa.atRest.overview', 'revoke'],
          ['mfa.atRest.confirmingRevoke', 'confirm'],
          ['mfa.atRest.overview', 'skip'],
          ['ipWhitelist.drafting.editing', 'disable'],
          ['ipWhitelist.drafting.editing', 'skip'],
          ['sessions.atRest.list', 'finish'],
          ['workspace.atRest.routed', 'finish'],
        ]),
    })
    expect(shown.ending.exitCode).toBe(0)
    expect(shown.portal.account).toMatchObject({ otpSecret: null, ipWhitelist: { enabled: false } })
    expect(shown.printed).toMatch(/skipped +Two-step sign-in, IP whitelist/)
  })

  it('lets nobody past the required code but by cancelling', async () => {
    const waysSeen: string[][] = []
    const { ending } = await runInteractive({
      account: only('mfaMethods'),
      policy: 'gated',
      answers: () => ({
        choose: async ({ name, choices }) => {
          waysSeen.push(choices.map(({ key }) => key))
          return name === 'onboarding.cancel' ? 'yes' : 'cancelOnboarding'
        },
        text: async () => '',
      }),
    })
    expect(waysSeen[0]).toEqual(['enroll', 'refresh', 'cancelOnboarding'])
    expect(ending).toMatchObject({ exitCode: 1, problem: 'The onboarding was cancelled.' })
  })
})

/** As an Arabic keyboard writes it, with a direction mark. */
const inArabicDigits = (code: string) =>
  `\u200f${code.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))}`

describe('a link to an invitation', () => {
  it('shows that one alone, then the others', async () => {
    const seen: string[] = []
    const { ending, portal } = await runInteractive({
      account: only('invitations'),
      options: { invitation: GLOBEX },
      answers(_, printed) {
        const { choose, text } = conversation([
          ['invitations.inbox', `accept ${GLOBEX}`],
          ['invitations.inbox', `decline ${ACME}`],
          ['invitations.decline', 'yes'],
          ['invitations.reason', ''],
          ['invitations.inbox', 'finish'],
          ['workspace.atRest.choosing', 'choose WS_GLOBEX_002'],
        ])
        return {
          text,
          choose(question, signal) {
            seen.push(printed())
            return choose(question, signal)
          },
        }
      },
    })
    expect(ending).toMatchObject({ exitCode: 0 })
    expect(seen[0]).toContain('Globex Treasury')
    expect(seen[0]).not.toContain('Acme Operations')
    expect(seen[1]).toContain('Acme Operations')
    expect(portal.account.invitations.map(({ status }) => status)).toEqual(['DECLINED', 'ACCEPTED'])
  })

  it('that leads nowhere is said, and shows the inbox', async () => {
    const { printed } = await runInteractive({
      account: only('invitations'),
      options: { invitation: 'nothing of that name' },
      answers: () => conversation([['invitations.inbox', 'skip']]),
    })
    expect(printed).toContain('The invitation that the link names is not in your inbox.')
    expect(printed).toContain('Acme Operations')
  })
})

describe('the code', () => {
  it('is judged here first, with words for what is wrong with it; the key is shown on request only', async () => {
    let secret = ''
    let code = ''
    let shownUnasked = true
    const grouped = () => secret.replace(/(.{4})(?=.)/g, '$1 ')
    const { ending, printed, portal } = await runInteractive({
      account: only('mfaMethods'),
      answers: (portal, printedSoFar) =>
        conversation([
          ['mfa.atRest.overview', 'enroll'],
          ['otpEnrollment.awaitingCode', 'code'],
          ['otpEnrollment.code', '١٢ ٣٤'],
          ['otpEnrollment.awaitingCode', 'code'],
          [
            'otpEnrollment.code',
            async () => {
              secret = portal.account.otpSetup?.secret ?? ''
              code = await portal.authenticator.code()
              shownUnasked = printedSoFar().includes(secret) || printedSoFar().includes(grouped())
              return code === '000000' ? '000001' : '000000'
            },
          ],
          ['otpEnrollment.awaitingCode', 'code'],
          ['otpEnrollment.code', () => portal.authenticator.code({ skewMs: 5 * 60_000 })],
          ['otpEnrollment.awaitingCode', 'key'],
          ['otpEnrollment.awaitingCode', 'force'],
          ['otpEnrollment.code', () => (code === '111111' ? '111112' : '111111')],
          ['otpEnrollment.awaitingCode', 'code'],
          ['otpEnrollment.code', async () => inArabicDigits(await portal.authenticator.code())],
          ['mfa.atRest.overview', 'finish'],
        ]),
    })
    expect(ending.exitCode).toBe(0)
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(shownUnasked).toBe(false)
    expect(printed).toContain(grouped())
    expect(printed).toContain('Codes refused by the portal: 1.')
    expect(printed).toContain('A code has six digits.')
    expect(printed).toContain('This code is wrong')
    expect(printed).toContain('The clock of your phone is about 5 minutes ahead.')
    // Of the wrong ones, only the one that the portal was to judge cost an attempt.
    expect(portal.requests.filter(({ operation }) => operation === 'verifyOtp').map(({ status }) => status)).toEqual([
      400, 204,
    ])
    expect(printed.match(/\(QR code\)/g)).toHaveLength(1)
  })

  it('of an app that ignores what the QR code asks for is held back, with words for that', async () => {
    const { ending, printed, portal } = await runInteractive({
      portal: createFakePortal({ account: only('mfaMethods'), totp: { algorithm: 'SHA256' } }),
      answers: (portal) =>
        conversation([
          ['mfa.atRest.overview', 'enroll'],
          ['otpEnrollment.awaitingCode', 'code'],
          ['otpEnrollment.code', () => portal.authenticator.code({ ignores: ['algorithm'] })],
          ['otpEnrollment.awaitingCode', 'code'],
          ['otpEnrollment.code', () => portal.authenticator.code()],
          ['mfa.atRest.overview', 'finish'],
        ]),
    })
    expect(ending.exitCode).toBe(0)
    expect(printed).toContain('Your app ignores settings in the QR code')
    expect(portal.processed('verifyOtp')).toBe(1)
  })

  it('comes from a new QR code where the setup is started again, and can be left', async () => {
    const { ending, printed, portal } = await runInteractive({
      account: only('mfaMethods'),
      answers: () =>
        conversation([
          ['mfa.atRest.overview', 'enroll'],
          ['otpEnrollment.awaitingCode', 'restart'],
          ['otpEnrollment.awaitingCode', 'qrCode'],
          ['otpEnrollment.awaitingCode', 'refresh'],
          ['otpEnrollment.awaitingCode', 'cancel'],
          ['mfa.atRest.overview', 'skip'],
        ]),
    })
    expect(ending.exitCode).toBe(0)
    // Not again after the QR code alone was shown, since nothing had changed; again after the factors were read.
    expect(printed.match(/There is a new QR code\. The previous one no longer works\./g)).toHaveLength(2)
    expect(printed.match(/\(QR code\)/g)).toHaveLength(4)
    expect(portal.processed('setupOtp')).toBe(2)
    expect(portal.account.otpSecret).toBeNull()
  })

  it('has to wait where the portal says so, and is not all that can be done meanwhile', async () => {
    const portal = createFakePortal({ account: only('mfaMethods') })
    portal.fault('setupOtp', { retryAfter: 120 })
    const { ending, printed } = await runInteractive({
      portal,
      answers: () =>
        conversation([
          ['mfa.atRest.overview', 'enroll'],
          ['otpEnrollment.halted.coolingDown', 'wait'],
          ['otpEnrollment.waiting', 'stop'],
          ['otpEnrollment.halted.coolingDown', 'retry'],
          ['otpEnrollment.awaitingCode', 'cancel'],
          ['mfa.atRest.overview', 'skip'],
        ]),
    })
    expect(ending.exitCode).toBe(0)
    expect(printed.replace(/\s+/g, ' ')).toContain('The portal asks you to wait before you try again.')
    expect(printed).toMatch(/It continues automatically at [\d:]+\s[AP]M, in (2 min, 0 sec|1 min, 5\d sec)\./)
  })
})

describe('the whitelist', () => {
  it('is edited, corrected, enabled and undone', async () => {
    const { ending, portal, printed } = await runInteractive({
      account: only('ipWhitelist'),
      answers: () =>
        conversation([
          ['ipWhitelist.drafting.editing', 'replace'],
          ['ipWhitelist.entries', '198.51.100.7/24, nonsense'],
          ['ipWhitelist.drafting.editing', 'remove row-2'],
          ['ipWhitelist.drafting.editing', 'add'],
          ['ipWhitelist.entry', ''],
          ['ipWhitelist.drafting.editing', 'add'],
          ['ipWhitelist.entry', '198.51.100.1'],
          ['ipWhitelist.verdict', 'no'],
          ['ipWhitelist.drafting.editing', 'addMine'],
          ['ipWhitelist.drafting.editing', 'enable'],
          ['whitelistChange.confirming.deciding.awaiting', 'cancel'],
          ['ipWhitelist.drafting.editing', 'addMine'],
          ['ipWhitelist.drafting.editing', 'reset'],
          ['ipWhitelist.drafting.editing', 'addMine'],
          ['ipWhitelist.drafting.editing', 'enable'],
          ['whitelistChange.confirming.deciding.awaiting', 'finish'],
        ]),
    })
    expect(ending.exitCode).toBe(0)
    expect(printed).toContain('198.51.100.7/24 → 198.51.100.0/24')
    expect(printed.replace(/\s+/g, ' ')).toContain('so the list would lock you out. Add it.')
    expect(printed).toContain('The change was undone. The previous whitelist is back.')
    expect(printed).toMatch(/(1 min, 0 sec|5\d sec) left, until [\d:]+\s[AP]M\./)
    expect(portal.account.ipWhitelist).toEqual({ enabled: false, entries: [] })
  })

  it('takes a list that is pasted, and says what it makes of each line', async () => {
    const { portal, printed } = await runInteractive({
      account: only('ipWhitelist'),
      answers: () =>
        conversation([
          ['ipWhitelist.drafting.editing', 'paste'],
          ['ipWhitelist.list', '198.51.100.0 255.255.255.0 # office\r\n192.0.2.6 - 192.0.2.9;\nvpn.example.com\n'],
          ['ipWhitelist.drafting.editing', 'remove row-3'],
          ['ipWhitelist.drafting.editing', 'paste'],
          ['ipWhitelist.list', ' \n'],
          ['ipWhitelist.drafting.editing', 'save'],
          ['ipWhitelist.drafting.editing', 'finish'],
        ]),
    })
    expect(printed).toContain('198.51.100.0 255.255.255.0 → 198.51.100.0/24')
    expect(printed).toContain('An address with its netmask')
    expect(printed).toContain('192.0.2.6 - 192.0.2.9 → 192.0.2.6/31, 192.0.2.8/31')
    expect(printed).toContain('Neither an address nor a range.')
    expect(portal.account.ipWhitelist.entries).toEqual(['198.51.100.0/24', '192.0.2.6/31', '192.0.2.8/31'])
  })

  it('is not enabled unasked where the portal does not say from which address', async () => {
    const portal = createFakePortal({ account: only('ipWhitelist') })
    portal.fault('listSessions', { status: 403 }, { times: Number.POSITIVE_INFINITY })
    const { ending, printed } = await runInteractive({
      portal,
      answers: (portal) =>
        conversation([
          ['ipWhitelist.drafting.editing', 'add'],
          ['ipWhitelist.entry', '192.0.2.1'],
          ['ipWhitelist.drafting.editing', 'enable'],
          ['whitelistChange.making.confirmingRisk', 'cancel'],
          ['ipWhitelist.drafting.editing', 'add'],
          [
            'ipWhitelist.entry',
            () => {
              expect(portal.account.ipWhitelist).toEqual({ enabled: false, entries: [] })
              return '192.0.2.2'
            },
          ],
          ['ipWhitelist.drafting.editing', 'enable'],
          ['whitelistChange.making.confirmingRisk', 'confirm'],
          ['whitelistChange.confirming.deciding.awaiting', 'confirm'],
          ['ipWhitelist.drafting.editing', 'finish'],
          ['sessions.halted.failed', 'skip'],
        ]),
    })
    expect(ending.exitCode).toBe(0)
    expect(printed.replace(/\s+/g, ' ')).toContain('The address you are signed in from is not known')
    expect(portal.account.ipWhitelist).toEqual({ enabled: true, entries: ['192.0.2.1', '192.0.2.2'] })
  })

  it('is reported where the flow ends with a change that nobody confirmed', async () => {
    const { ending, portal, printed } = await runInteractive({
      account: only('ipWhitelist'),
      answers: () =>
        conversation([
          // The address may not have been read yet when the step begins.
          ['ipWhitelist.drafting.editing', 'refresh'],
          ['ipWhitelist.drafting.editing', 'addMine'],
          ['ipWhitelist.drafting.editing', 'enable'],
          ['whitelistChange.confirming.deciding.awaiting', 'cancelOnboarding'],
          ['onboarding.cancel', 'yes'],
        ]),
    })
    expect(ending.exitCode).toBe(1)
    expect(portal.account.ipWhitelist.enabled).toBe(true)
    expect(printed.replace(/\s+/g, ' ')).toContain('A whitelist change is in force that nobody has confirmed.')
    expect(printed).toContain('203.0.113.10')
  })
})

describe('what goes wrong', () => {
  it('is told at once where nothing could be done: nobody there, not let in, no portal', async () => {
    const answers = () => conversation([])
    const nobody = await servePortal(createFakePortal())
    await nobody.close()
    const unreachable = await runInteractive({ answers, options: { baseUrl: nobody.url } })
    expect(unreachable.ending).toEqual({
      exitCode: 1,
      problem: 'The portal could not be reached: check the base URL and the connection.',
    })
    const stale = await runInteractive({ answers, token: 'stale' })
    expect(stale.ending).toEqual({
      exitCode: 1,
      problem: 'The portal does not accept the access token: sign in again to get a new one.',
    })
    const wrongHash = await runInteractive({ answers, options: { clientHash: null } })
    expect(wrongHash.ending).toEqual({
      exitCode: 1,
      problem: 'The portal refuses access: the portal code or the client hash may be the wrong one.',
    })
    const noPortal = createFakePortal()
    noPortal.fault({ method: 'GET' }, { status: 200, body: '<html>' }, { times: Number.POSITIVE_INFINITY })
    const website = await runInteractive({ answers, portal: noPortal })
    expect(website.ending).toEqual({ exitCode: 1, problem: 'What answers at this base URL is not such a portal.' })
    for (const { printed } of [unreachable, stale, wrongHash, website]) expect(printed).toBe('')
  })

  it('can go on where a step fails', async () => {
    const portal = createFakePortal({ account: only('sessions') })
    portal.fault('listSessions', 'wrongShape')
    const { ending, printed } = await runInteractive({
      portal,
      answers: () =>
        conversation([
          ['sessions.halted.failed', 'retry'],
          ['sessions.atRest.list', 'others'],
          ['sessions.atRest.confirming', 'cancel'],
          ['sessions.atRest.list', 'refresh'],
          ['sessions.atRest.list', 'skip'],
        ]),
    })
    expect(ending.exitCode).toBe(0)
    expect(printed.replace(/\s+/g, ' ')).toContain('The reply lacks a field, or a field has the wrong type.')
  })

  it('is told in our words, never in the portal’s', async () => {
    const portal = createFakePortal({ account: only('invitations') })
    portal.fault('acceptInvitation', { status: 403, body: '{"code":"ACCESS.MFA_REQUIRED","message":"Their words"}' })
    portal.fault('declineInvitation', { status: 403, body: '{"code":"ODD.CODE","message":"Their words"}' })
    const { printed } = await runInteractive({
      portal,
      answers: () =>
        conversation([
          ['invitations.inbox', `accept ${ACME}`],
          ['invitations.inbox', `decline ${ACME}`],
          ['invitations.decline', 'yes'],
          ['invitations.reason', ''],
          ['invitations.inbox', 'skip'],
        ]),
    })
    expect(printed).toContain('The portal requires another proof')
    expect(printed.replace(/\s+/g, ' ')).toMatch(/\[ACCESS\.MFA_REQUIRED, request [\w-]+\]/)
    expect(printed.replace(/\s+/g, ' ')).toMatch(
      /The portal does not allow this\. If you need it, ask an administrator\. This attempt changed nothing\. \[ODD\.CODE, request [\w-]+\]/,
    )
    expect(printed).not.toContain('Their words')
  })

  it('ends the onboarding where the session ended', async () => {
    const portal = createFakePortal({ account: only('sessions') })
    const { ending } = await runInteractive({
      portal,
      answers: () => ({
        choose: async () => {
          portal.update((account) => {
            account.accessToken = 'another'
          })
          return 'refresh'
        },
        text: async () => '',
      }),
    })
    expect(ending).toMatchObject({ exitCode: 1 })
    expect(ending.problem).toMatch(/^Your session has ended\. Sign in again\./)
  })

  it('cannot make the terminal obey', async () => {
    const asked: string[] = []
    const { printed } = await runInteractive({
      account: {
        ...only('invitations'),
        invitations: [fakeInvitation({ workspaceName: 'Evil\u001b[2J\u202eteam', inviterName: 'A\r\nB' })],
      },
      answers: () => ({
        choose: async ({ name, message, choices }) => {
          asked.push(message, ...choices.map(({ label }) => label))
          if (name === 'invitations.decline') return 'no'
          return asked.length > 10 ? 'finish' : `decline ${ACME}`
        },
        text: async () => '',
      }),
    })
    expect(asked).toEqual(expect.arrayContaining(['Accept Evil [2Jteam', 'Decline Evil [2Jteam?']))
    expect(printed).toContain('Evil [2Jteam')
    expect(printed).toContain('by AB')
  })

  it('offers no way that could end another session than the one meant', async () => {
    const { printed } = await runInteractive({
      account: {
        ...only('sessions'),
        sessions: [
          ...done.sessions,
          fakeSession({ sessionId: 'SESSION_ONE_X_001' }),
          fakeSession({ sessionId: 'SESSION_TWO_X_001' }),
        ],
      },
      answers: () => ({
        choose: async ({ choices }) => {
          expect(choices.map(({ key }) => key)).toEqual(['others', 'refresh', 'finish', 'skip', 'cancelOnboarding'])
          return 'finish'
        },
        text: async () => '',
      }),
    })
    expect(printed.match(/Cannot be ended alone/g)).toHaveLength(2)
  })
})

describe('a question', () => {
  it('is withdrawn when the machine moves on by itself, and asked anew', async () => {
    const asked: string[][] = []
    const withdrawn: unknown[] = []
    const answers: Answers = {
      choose({ choices }, signal) {
        asked.push(choices.map(({ key }) => key))
        if (asked.length > 1) return Promise.resolve('finish')
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            withdrawn.push(signal.reason)
            reject(new Error('withdrawn'))
          })
        })
      },
      text: async () => '',
    }
    const { ending, printed } = await runInteractive({
      // It expires while the question stands: the machine reads the inbox again by itself.
      account: { ...only('invitations'), invitations: [fakeInvitation({ expiresAt: Date.now() + 700 })] },
      policy: 'show',
      answers: () => ({
        ...answers,
        choose: (question, signal) =>
          question.name === 'invitations.inbox' ? answers.choose(question, signal) : Promise.resolve('finish'),
      }),
    })
    expect(ending.exitCode).toBe(0)
    expect(withdrawn).toHaveLength(1)
    expect(asked[0]).toContain(`accept ${ACME}`)
    expect(asked.at(-1)).not.toContain(`accept ${ACME}`)
    expect(printed).toMatch(/Acme Operations +by Ada Quist +Expired/)
  })

  it('that is not in the script ends the run', async () => {
    await expect(runInteractive({ answers: () => conversation([['mfa.atRest.overview', 'finish']]) })).rejects.toThrow(
      'The script was to answer mfa.atRest.overview, but was asked about invitations.inbox.',
    )
  })

  it('has the answer Ctrl-C: all stops, and the channel is closed', async () => {
    const interruption = new AbortController()
    const { ending, portal } = await runInteractive({
      account: only('mfaMethods'),
      signal: interruption.signal,
      answers: () => ({
        choose: async ({ name }) => {
          if (name !== 'otpEnrollment.awaitingCode') return 'enroll'
          interruption.abort()
          return new Promise(() => {})
        },
        text: async () => '',
      }),
    })
    expect(ending).toMatchObject({ exitCode: 130, problem: 'Interrupted; nothing more was sent.' })
    expect(portal.processed('closeChannel')).toBe(1)
  })

  it('obeys nothing that a name of the portal’s holds, and asks no question of 4,000 characters', async () => {
    const name = `\u001b[2J\u001b]0;title\u0007\u009b31m\r\u202E${'Acme'.repeat(1_000)}`
    const asked: string[] = []
    const { printed } = await runInteractive({
      policy: 'show',
      account: {
        invitations: [fakeInvitation({ workspaceName: name, inviterName: name })],
        sessions: [
          fakeSession({ sessionId: 'S1', isCurrent: true, deviceInfo: name, location: name }),
          fakeSession({ sessionId: 'S2', isCurrent: false, deviceInfo: name, location: name }),
        ],
        ipWhitelist: { enabled: false, entries: [name] },
      },
      answers: () => ({
        async choose({ choices }) {
          asked.push(...choices.map(({ label }) => label))
          return choices.find(({ key }) => key === 'finish')?.key ?? choices[0]?.key ?? ''
        },
        text: async () => '',
      }),
    })
    expect(`${printed.replaceAll('\n', '')}${asked.join('')}`).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(asked.some((label) => label.startsWith('Accept'))).toBe(true)
    expect(Math.max(...asked.map((label) => label.length))).toBeLessThan(150)
  })
})
