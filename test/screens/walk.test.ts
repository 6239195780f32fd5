/** The whole flow by somebody who knows nothing but what is on screen: no machine, no event. */
import type { Action, OnboardingInput, Screen } from 'postlogin'
import { expect, test } from 'vitest'
import { accountOf, doubledWrites } from '../support/user.ts'
import { HERE, visit } from './visitor.ts'

const PATIENCE = 40

async function carryThrough(input?: OnboardingInput) {
  const { screen, click, portal } = await visit(input === undefined ? {} : { input })
  const seen: Screen['name'][] = []
  const refused: string[] = []

  /** Only what the screen says is possible. */
  async function take<More extends object | undefined>(
    action: Action<More>,
    ...more: More extends undefined ? [] : [More]
  ) {
    expect(await click<More>(action, ...more)).toBe(true)
    const now = screen()
    if ('failure' in now && now.failure !== null) refused.push(now.failure.code)
  }

  async function look(now: Screen): Promise<boolean> {
    switch (now.name) {
      case 'invitations': {
        const open = now.rows.find(({ standing }) => standing === 'open')
        if (open === undefined) await take(now.finish)
        else if (open.workspaceName.startsWith('Acme')) await take(open.accept)
        else await take(open.decline, { reason: 'Not my team.' })
        return true
      }
      case 'mfa':
        await take(now.isOtpEnabled ? now.finish : now.enroll)
        return true
      case 'otpEnrollment':
        await take(now.submit, { code: await portal.authenticator.code() })
        return true
      case 'ipWhitelist': {
        if (now.question?.kind === 'keep') await take(now.question.confirm)
        else if (now.whitelist.enabled) await take(now.finish)
        else if (now.addCurrentAddress.blocked === null) await take(now.addCurrentAddress)
        else await take(now.enable)
        return true
      }
      case 'sessions': {
        if (now.question !== null) await take(now.question.confirm)
        else await take(now.terminateOthers.blocked === null ? now.terminateOthers : now.finish)
        return true
      }
      case 'workspace':
        await take(now.finish)
        return true
      default:
        return false
    }
  }

  for (let turns = 0; await look(screen()); turns++) {
    if (turns > PATIENCE) throw new Error(`No end in sight: ${seen.join(', ')}`)
    const { name } = screen()
    if (name !== seen.at(-1)) seen.push(name)
  }
  return { end: screen(), seen, refused, portal }
}

test.each<[string, OnboardingInput | undefined]>([
  ['as it is offered', undefined],
  [
    'where every step is required',
    {
      policy: {
        invitations: 'require',
        mfa: 'require',
        ipWhitelist: 'require',
        sessions: 'require',
        workspace: 'require',
      },
    },
  ],
])('a user gets through the whole flow, %s', async (_, input) => {
  const { end, seen, refused, portal } = await carryThrough(input)
  expect(end).toEqual({
    name: 'completed',
    output: {
      outcome: 'completed',
      route: { to: 'workspace', workspaceBizId: 'WS_ACME_001', reason: 'accepted' },
      acceptedInvitations: [
        {
          invitationBizId: 'a1b2c3d4-e5f6-4890-abcd-ef1234567890',
          workspaceBizId: 'WS_ACME_001',
          becameDefaultWorkspace: false,
          nextAction: 'ENTER_ACCEPTED_WORKSPACE',
        },
      ],
      otpEnabled: true,
      ipWhitelistEnabled: true,
      sessionsTerminated: 2,
      skippedSteps: [],
      unconfirmedChange: null,
    },
  })
  expect(seen).toEqual(['invitations', 'mfa', 'otpEnrollment', 'mfa', 'ipWhitelist', 'sessions', 'completed'])
  expect(refused).toEqual([])
  expect(accountOf(portal)).toEqual({
    invitations: [
      { workspaceBizId: 'WS_ACME_001', status: 'ACCEPTED' },
      { workspaceBizId: 'WS_GLOBEX_002', status: 'DECLINED' },
    ],
    isOtpOn: true,
    ipWhitelist: { enabled: true, entries: [HERE] },
    sessions: ['SESSION_CURRENT_C_001'],
    workspaces: [
      { workspaceBizId: 'WS_HOME_001', isDefault: true },
      { workspaceBizId: 'WS_LAB_001', isDefault: false },
      { workspaceBizId: 'WS_ACME_001', isDefault: false },
    ],
  })
  expect(doubledWrites(portal)).toEqual([])
  expect(portal.requests.find(({ operation }) => operation === 'declineInvitation')?.body).toEqual({
    reason: 'Not my team.',
  })
  expect(portal.login()).toMatchObject({ ok: true })
})

test('a user who may not leave before the aim holds is told so on the way, and by no failure', async () => {
  const { on, click } = await visit({ input: { policy: { invitations: 'require', mfa: 'require' } } })
  const { finish, skip } = on('invitations')
  expect([finish.blocked, skip.blocked]).toEqual(['stepRequired', 'stepRequired'])
  expect(await click(finish)).toBe(false)
  expect(on('invitations').failure).toBeNull()
  for (const { decline } of on('invitations').rows) await click(decline, {})
  expect(on('invitations')).toMatchObject({ aimHolds: true, finish: { blocked: null } })
  expect(await click(on('invitations').finish)).toBe(true)
  expect(on('mfa')).toMatchObject({ aimHolds: false, finish: { blocked: 'stepRequired' } })
})
