import * as fc from 'fast-check'
import type { FakeAccount, Fault, PortalOperation } from 'postlogin/testing'
import { fakeInvitation, fakeSession } from 'postlogin/testing'

/** One thing that happens: to a machine, to the portal, to the page, to the time. */
export type Command = { readonly pace: Pace } & (
  | { readonly do: 'click'; readonly pick: number }
  | { readonly do: 'tell'; readonly event: RandomEvent }
  | { readonly do: 'send'; readonly to: number; readonly event: RandomEvent }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'strike'; readonly operation: PortalOperation; readonly fault: Fault; readonly times: number }
  | { readonly do: 'change'; readonly change: keyof typeof changes }
  | { readonly do: 'expire' }
  | { readonly do: 'signOut' }
  | { readonly do: 'reload' }
)

/** How long is waited before the next thing: not at all, a turn of the event loop, until nothing is busy. */
type Pace = 'at once' | 'turn' | 'rest'

export interface RandomEvent {
  readonly type: string
  readonly [field: string]: unknown
}

const here = '203.0.113.10'
const office = '198.51.100.0/24'
const [acme, globex] = ['a1b2c3d4-e5f6-4890-abcd-ef1234567890', 'b2c3d4e5-f6a7-4901-bcde-f12345678901']

const common: readonly RandomEvent[] = [{ type: 'retry' }, { type: 'step.finish' }, { type: 'step.skip' }]

/** What a user of each machine's screen can do. */
export const clicks: Readonly<Record<string, readonly RandomEvent[]>> = {
  onboarding: [{ type: 'retry' }],
  invitations: [
    { type: 'invitation.accept', invitationBizId: acme },
    { type: 'invitation.accept', invitationBizId: globex },
    { type: 'invitation.decline', invitationBizId: acme },
    { type: 'invitation.decline', invitationBizId: globex, reason: 'Not mine.' },
    { type: 'invitation.dequeue', invitationBizId: globex },
    { type: 'inbox.refresh' },
    ...common,
  ],
  mfa: [
    { type: 'otp.enrol' },
    { type: 'otp.enrol' },
    { type: 'otp.revoke' },
    { type: 'revoke.confirm' },
    { type: 'revoke.cancel' },
    { type: 'backupCodes.check' },
    ...common,
  ],
  otpEnrollment: [
    { type: 'code.submit', code: 'right code' },
    { type: 'code.submit', code: 'wrong code' },
    { type: 'code.submit', code: 'wrong code', force: true },
    { type: 'code.submit', code: 'skewed code' },
    { type: 'setup.restart' },
    { type: 'enrollment.cancel' },
    ...common,
  ],
  ipWhitelist: [
    { type: 'entry.add', value: here },
    { type: 'entry.add', value: office },
    { type: 'entry.add', value: 'nonsense' },
    { type: 'entry.remove', id: 'row-1' },
    { type: 'entries.replace', values: [here] },
    { type: 'entries.replace', values: [office] },
    { type: 'entries.replace', values: [here, office] },
    { type: 'entries.replace', values: [] },
    { type: 'entries.paste', text: `${office} - ${office} # office` },
    { type: 'draft.reset' },
    { type: 'whitelist.save' },
    { type: 'whitelist.enable' },
    { type: 'whitelist.enable' },
    { type: 'whitelist.disable' },
    ...common,
  ],
  whitelistChange: [
    { type: 'risk.accept' },
    { type: 'risk.decline' },
    { type: 'change.keep' },
    { type: 'change.undo' },
    { type: 'change.revise', wish: { enabled: true, entries: [here] } },
    ...common,
  ],
  sessions: [
    { type: 'session.terminate', sessionId: 'SESS...R_001' },
    { type: 'session.terminate', sessionId: 'SESS...C_001' },
    { type: 'sessions.terminateOthers' },
    { type: 'termination.confirm' },
    { type: 'termination.cancel' },
    { type: 'sessions.refresh' },
    ...common,
  ],
  workspace: [
    { type: 'workspace.choose', workspaceBizId: 'WS_HOME_001' },
    { type: 'workspace.choose', workspaceBizId: 'WS_LAB_001' },
    { type: 'workspace.choose', workspaceBizId: 'WS_LAB_001', makeDefault: true },
    ...common,
  ],
}

/** What takes more than one step, and chance would seldom get to the end of. */
const intentions: readonly (readonly RandomEvent[])[] = [
  [{ type: 'otp.enrol' }, { type: 'code.submit', code: 'right code' }],
  [{ type: 'otp.enrol' }, { type: 'code.submit', code: 'wrong code' }, { type: 'code.submit', code: 'wrong code' }],
  [{ type: 'otp.revoke' }, { type: 'revoke.confirm' }],
  [{ type: 'entries.replace', values: [here] }, { type: 'whitelist.enable' }],
  [{ type: 'entries.replace', values: [here, office] }, { type: 'whitelist.enable' }],
  [{ type: 'entries.replace', values: [here] }, { type: 'whitelist.enable' }, { type: 'change.keep' }],
  [{ type: 'entries.replace', values: [here] }, { type: 'whitelist.enable' }, { type: 'change.undo' }],
  [{ type: 'entries.replace', values: [here, office] }, { type: 'whitelist.save' }],
  [{ type: 'entries.replace', values: [here, office] }, { type: 'whitelist.save' }, { type: 'change.keep' }],
  [{ type: 'whitelist.enable' }, { type: 'risk.accept' }, { type: 'change.keep' }],
  [{ type: 'change.keep' }, { type: 'risk.accept' }],
  [{ type: 'change.undo' }, { type: 'risk.accept' }],
  [{ type: 'entries.replace', values: [office] }, { type: 'whitelist.save' }, { type: 'whitelist.enable' }],
  [{ type: 'session.terminate', sessionId: 'SESS...R_001' }, { type: 'termination.confirm' }],
  [{ type: 'sessions.terminateOthers' }, { type: 'termination.confirm' }],
  [{ type: 'workspace.choose', workspaceBizId: 'WS_LAB_001', makeDefault: true }],
]

/** The fields of all events, to be filled with what does not belong there. */
const FIELDS = [
  'invitationBizId',
  'reason',
  'code',
  'force',
  'value',
  'id',
  'values',
  'sessionId',
  'workspaceBizId',
  'makeDefault',
  'wish',
]

const garbage: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    7,
    Number.NaN,
    true,
    '',
    'nonsense',
    '__proto__',
    {},
    [],
    [null],
    ['::/0'],
    '../x',
  ),
  fc.constantFrom('x'.repeat(501), '0.0.0.0/0', '12 34', '１２３４５６', here, office),
)

/** Any event of any machine, its fields now right, now wrong, now missing. */
const anyEvent: fc.Arbitrary<RandomEvent> = fc
  .tuple(
    fc.constantFrom<RandomEvent>(
      ...Object.values(clicks).flat(),
      { type: 'onboarding.cancel' },
      { type: 'restored' },
      { type: 'no.such.event' },
    ),
    fc.option(fc.tuple(fc.constantFrom(...FIELDS), garbage), { freq: 2 }),
  )
  .map(([event, wrong]) => (wrong === null ? event : { ...event, [wrong[0]]: wrong[1] }))

/** What another tab, another device or an administrator does. `isExcuse`: it may lock the user out by itself. */
export const changes = {
  'an invitation comes': {
    make: (draft) => {
      draft.invitations.push(
        fakeInvitation({ invitationBizId: `new-${draft.invitations.length}`, inviteeEmail: draft.email }),
      )
    },
  },
  'an invitation is withdrawn': {
    make: (draft) => {
      const open = draft.invitations.find(({ status }) => status === 'PENDING')
      if (open !== undefined) open.status = 'CANCELLED'
    },
  },
  'an invitation is accepted elsewhere': {
    make: (draft) => {
      const open = draft.invitations.find(({ status }) => status === 'PENDING')
      if (open !== undefined) open.status = 'ACCEPTED'
    },
  },
  'another device signs in': {
    make: (draft) => {
      draft.sessions.push(fakeSession({ sessionId: `SESSION_NEW_N_00${draft.sessions.length}` }))
    },
  },
  'the session ends': {
    make: (draft) => {
      draft.sessions = draft.sessions.filter(({ isCurrent }) => !isCurrent)
    },
  },
  'OTP goes on': { make: (draft) => setOtp(draft, true) },
  'OTP goes off': { make: (draft) => setOtp(draft, false) },
  'a workspace is left': {
    make: (draft) => {
      draft.workspaces.shift()
    },
  },
  'the address is not told any more': {
    make: (draft) => {
      for (const session of draft.sessions) session.clientIp = 'unknown'
    },
  },
  'the whitelist is changed': {
    isExcuse: true,
    make: (draft) => {
      draft.ipWhitelist = { enabled: true, entries: [office] }
    },
  },
  'the whitelist is emptied': {
    isExcuse: true,
    make: (draft) => {
      draft.ipWhitelist = { enabled: false, entries: [] }
    },
  },
  'the user moves': {
    isExcuse: true,
    make: (draft) => {
      draft.address = '192.0.2.200'
      for (const session of draft.sessions) if (session.isCurrent) session.clientIp = draft.address
    },
  },
} satisfies Readonly<Record<string, { readonly isExcuse?: true; readonly make: (draft: FakeAccount) => void }>>

function setOtp(draft: FakeAccount, isEnabled: boolean) {
  draft.otpSecret = isEnabled ? 'JBSWY3DPEHPK3PXP' : null
  for (const method of draft.mfaMethods) if (method.method === 'OTP') method.isEnabled = isEnabled
}

const operations: readonly PortalOperation[] = [
  'listMfaMethods',
  'setupOtp',
  'verifyOtp',
  'revokeOtp',
  'getBackupCodeStatus',
  'getIpWhitelist',
  'replaceIpWhitelist',
  'enableIpWhitelist',
  'disableIpWhitelist',
  'listSessions',
  'terminateSession',
  'terminateOtherSessions',
  'listInvitations',
  'acceptInvitation',
  'declineInvitation',
  'listWorkspaces',
  'setDefaultWorkspace',
]

/** None that is carried out and then answered as if it could not have been (`401` after the deed): nobody could tell. */
const faults: readonly Fault[] = [
  'loseRequest',
  'loseReply',
  'resent',
  'malformed',
  'wrongShape',
  'unencrypted',
  'hang',
  'hangReply',
  'stallBody',
  { delayMs: 3_000 },
  { delayMs: 10_001 },
  { delayMs: 10_001, before: 'processing' },
  { landsAfterMs: 700, answer: 504 },
  { landsAfterMs: 8_000, answer: 'lost' },
  { landsAfterMs: 18_000, answer: 'never' },
  { retryAfter: 30 },
  ...[400, 401, 403, 404, 408, 409, 429, 500, 503].map((status) => ({ status })),
  { status: 500, process: true },
  { status: 409, code: '4090', process: true },
  { status: 502, body: '<html>Bad gateway</html>' },
  { status: 400, code: 'AUTH.MFA_CODE_INVALID' },
  { status: 400, code: 'AUTH.OTP_SETUP_SESSION_INVALID' },
  { status: 409, code: 'WORKSPACE.INVITATION_EXPIRED' },
  { status: 409, code: 'WORKSPACE.INVITATION_ALREADY_PROCESSED' },
]

const pace = fc.constantFrom<Pace>('rest', 'rest', 'rest', 'turn', 'at once')
const number = fc.nat({ max: 99 })

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('click' as const), pick: number, pace }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), to: number, event: anyEvent, pace }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(50, 1_000, 10_001, 30_000, 61_000, 301_000, 3 * 24 * 3_600_000),
      pace,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('strike' as const),
      operation: fc.constantFrom(...operations),
      fault: fc.constantFrom(...faults),
      times: fc.constantFrom(1, 1, 2, 3),
      pace: fc.constant<Pace>('at once'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      change: fc.constantFrom(...(Object.keys(changes) as (keyof typeof changes)[])),
      pace,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('expire' as const, 'reload' as const, 'reload' as const), pace }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('signOut' as const), pace }) },
)

/** The page is loaded anew while a change is on its way. */
const interrupted = fc.tuple(number, fc.constantFrom<Pace>('turn', 'at once')).map(([pick, pace]): Command[] => [
  { do: 'click', pick, pace },
  { do: 'reload', pace: 'rest' },
])

/** Now this and now that, or one thing after another, for as long as nothing comes between. */
export const commands: fc.Arbitrary<readonly Command[]> = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: command.map((one) => [one]) },
      { weight: 1, arbitrary: interrupted },
      {
        weight: 2,
        arbitrary: fc
          .tuple(
            fc.constantFrom(...intentions),
            fc.array(fc.tuple(pace, fc.option(command, { freq: 3 })), { minLength: 3, maxLength: 3 }),
          )
          .map(([events, between]) =>
            events.flatMap((event, index): Command[] => {
              const [pace, other] = between[index] ?? ['rest', null]
              const step: Command = { do: 'tell', event, pace }
              return other === null ? [step] : [step, other]
            }),
          ),
      },
    ),
    { minLength: 1, maxLength: 20, size: 'max' },
  )
  .map((parts) => parts.flat())
