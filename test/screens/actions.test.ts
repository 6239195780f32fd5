/**
 * What a screen offers is accepted, and what it says is not possible is refused: on every screen that there is, and on those that
 * chance leads to. Nothing here names a state of a machine; the actions are found wherever on the screen they are.
 *
 * `WALKS` says how many ways chance takes (default 60), `SEED` repeats them: a failure prints the one it came from.
 */
import * as fc from 'fast-check'
import {
  type Action,
  activeStep,
  type Blocked,
  clientCodes,
  defaultOrder,
  type Failure,
  type onboardingMachine,
  type Policy,
} from 'postlogin'
import type { AccountOverrides, FakePortal, Fault, PortalOperation } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import type { ActorRefFrom, AnyActorRef, AnyMachineSnapshot } from 'xstate'
import { changes } from '../random/commands.ts'
import { seed } from '../support/sampling.ts'
import { turn } from '../support/test-clock.ts'
import { play, scenes, type Visitor } from './scenes.ts'
import { type Clickable, clickablesOf, HERE } from './visitor.ts'

type Flow = ActorRefFrom<typeof onboardingMachine>

/** The change of the account that an event is there for. */
const requestFor: Readonly<Record<string, PortalOperation>> = {
  'invitation.accept': 'acceptInvitation',
  'invitation.decline': 'declineInvitation',
  'otp.enrol': 'setupOtp',
  'setup.restart': 'setupOtp',
  'code.submit': 'verifyOtp',
  'revoke.confirm': 'revokeOtp',
  'whitelist.save': 'replaceIpWhitelist',
  'whitelist.enable': 'enableIpWhitelist',
  'whitelist.disable': 'disableIpWhitelist',
  'session.terminate': 'terminateSession',
  'sessions.terminateOthers': 'terminateOtherSessions',
  'workspace.choose': 'setDefaultWorkspace',
}

/** What is not offered although its machine would take the event, which changes nothing at the portal either. */
const keptFromTheUser: Readonly<Record<string, string>> = {
  'reset: unchanged': 'the same entries would be there again, with other ids',
  'addCurrentNetwork: addressCovered': 'the entry would add nothing',
  'addCurrentAddress: addressUnknown': 'the entry would be one that cannot be saved',
  'addCurrentAddress: addressCovered': 'the entry would add nothing',
  'chooseAsDefault: alreadyDefault': 'it would be the same as `choose`, which is offered beside it',
}

/** Refused only once the list has been read afresh: somebody may have changed it. */
const isJudgedLater = ({ event, blocked }: Action<object | undefined>) =>
  event.type.startsWith('whitelist.') && (blocked === 'lockout' || blocked === 'emptyEnforced')

/** Offered, for only what is read afresh tells: the list in force, and where the user is by then. */
const judgedAfresh: readonly string[] = ['client.keepLocksOut', 'client.undoLocksOut']

const nameOf = ({ place, action }: Clickable) => `${place.split('.').at(-1)}: ${action.blocked}`

/** What the user's phone shows; anything where it holds no secret yet. */
const codeOf = ({ authenticator }: FakePortal) => authenticator.code().catch(() => '271828')

/** What only the user knows, in a form that can be sent. */
function moreFor({ event }: Action<object | undefined>, code: string): object {
  if (event.type === 'code.submit') return { code }
  if (event.type === 'entries.replace') return { values: [HERE, '198.51.100.0/24'] }
  if (event.type === 'entries.paste') return { text: '198.51.100.7 - 198.51.100.9' }
  if (event.type === 'entry.add' && event.value === undefined) return { value: '192.0.2.0/24' }
  return event.type === 'invitation.decline' ? { reason: 'Not my team.' } : {}
}

/** The machine that the action is for: the one that has the user, the editor beside it, or the flow itself. */
function ownerNow(flow: Flow, { owner }: Action<object | undefined>): AnyActorRef {
  const snapshot = flow.getSnapshot()
  const step = activeStep(snapshot)
  const editor = owner === 'ipWhitelist' && step?.name === 'whitelistChange' ? snapshot.children.ipWhitelist : undefined
  return editor ?? step?.actor ?? flow
}

function contentOf(actor: AnyActorRef) {
  const { status, value, context } = actor.getSnapshot() as AnyMachineSnapshot
  const { failure, ...rest } = context as { readonly failure: Failure | null }
  return { failure, content: JSON.stringify([status, value, rest]) }
}

/** A “no” that no portal was asked for. */
const isOurRefusal = (failure: Failure | null) =>
  failure?.code.startsWith('client.') === true &&
  (failure.kind === 'invalid' || failure.kind === 'conflict') &&
  failure.effect === 'none' &&
  failure.requestId === null

const isOwnCode = (blocked: Blocked) => Object.hasOwn(clientCodes, blocked) && blocked !== 'rateLimited'

type Seen = Pick<Visitor, 'flow' | 'press'>

/** What is wrong about an action that is offered, as soon as it is done. */
function offeredInVain({ flow, press }: Seen, { place, action }: Clickable, code: string): string[] {
  const owner = ownerNow(flow, action)
  const before = contentOf(owner)
  const isSent = press<object>(action as Action<object>, moreFor(action, code))
  const after = contentOf(owner)
  const isChanged = after.content !== before.content || after.failure !== before.failure
  return [
    ...(isSent ? [] : [`${place} is offered, and was not sent`]),
    ...(isChanged ? [] : [`${place} is offered, and changed nothing`]),
    ...refusalSince(before, owner).map((found) => `${place} is offered, and was refused with ${found}`),
  ]
}

/** The refusal that was not there before. */
const refusalSince = ({ failure: before }: ReturnType<typeof contentOf>, owner: AnyActorRef): string[] => {
  const { failure } = contentOf(owner)
  const isRefused = failure !== null && failure !== before && isOurRefusal(failure)
  return isRefused && !judgedAfresh.includes(failure.code) ? [failure.code] : []
}

/** What is wrong about an action that is blocked: it must not reach the machine, which would have said no. */
function blockedInVain({ flow, press }: Seen, clickable: Clickable, code: string): string[] {
  const { place, action } = clickable
  const owner = ownerNow(flow, action)
  const before = owner.getSnapshot()
  const isSent = press<object>(action as Action<object>, moreFor(action, code))
  const problems = [...(isSent ? ['was sent'] : []), ...(owner.getSnapshot() === before ? [] : ['reached the machine'])]
  return problems.map((problem) => `${place} is blocked (${action.blocked}), and ${problem}`)
}

/** Sends it past the screen. */
function force({ flow }: Seen, { action }: Clickable, code: string) {
  const owner = ownerNow(flow, action)
  const before = contentOf(owner)
  owner.send({ ...action.event, ...moreFor(action, code) })
  return { owner, before }
}

/** What is wrong about what a machine made of an action that is blocked. */
function takenInVain({ owner, before }: ReturnType<typeof force>, { place, action }: Clickable): string[] {
  const { blocked } = action
  const { content, failure } = contentOf(owner)
  const problems: string[] = []
  if (content !== before.content) problems.push('the machine took it')
  if (failure !== before.failure) {
    const isExpected = blocked === null || !isOwnCode(blocked) || failure?.code === `client.${blocked}`
    if (!isOurRefusal(failure) || !isExpected) problems.push(`the machine said ${failure?.code}`)
  }
  return problems.map((problem) => `${place} is blocked (${blocked}), and ${problem}`)
}

describe.each(Object.entries(scenes))('%s', (_, scene) => {
  test('offers what is accepted, and refuses the rest', async () => {
    const problems: string[] = []
    const { screen } = await play(scene)
    for (const { place } of clickablesOf(screen())) {
      // Each action finds the scene as it was.
      const visitor = await play(scene)
      const clickable = clickablesOf(visitor.screen()).find((one) => one.place === place)
      if (clickable === undefined) throw new Error(`${place} is not there any more`)
      const isOffered = clickable.action.blocked === null
      problems.push(...(await (isOffered ? problemsOfOffered : problemsOfBlocked)(visitor, clickable)))
    }
    expect(problems).toEqual([])
  })
})

async function problemsOfOffered(visitor: Visitor, clickable: Clickable): Promise<string[]> {
  const code = await codeOf(visitor.portal)
  const owner = ownerNow(visitor.flow, clickable.action)
  const before = contentOf(owner)
  const problems = offeredInVain(visitor, clickable, code)
  await visitor.rest(visitor.flow)
  const later = refusalSince(before, owner).map((found) => `${clickable.place} in the end was refused with ${found}`)
  return [...problems, ...later]
}

async function problemsOfBlocked(visitor: Visitor, clickable: Clickable): Promise<string[]> {
  const { place, action } = clickable
  const code = await codeOf(visitor.portal)
  const problems = blockedInVain(visitor, clickable, code)
  const operation = requestFor[action.event.type]
  const count = () => visitor.portal.requests.filter((request) => request.operation === operation).length
  const asked = count()
  const now = visitor.screen()
  const forced = force(visitor, clickable, code)
  // What hangs would never come to rest; what is ignored there has started nothing.
  if ('status' in now && now.status === 'busy') await turn()
  else await visitor.rest(visitor.flow)
  if (operation !== undefined && count() !== asked) problems.push(`${place} was requested all the same`)
  return nameOf(clickable) in keptFromTheUser ? problems : [...problems, ...takenInVain(forced, clickable)]
}

const policy = fc.constantFrom<Policy>('require', 'offer', 'show', 'show')
const start = fc.record({
  order: fc.shuffledSubarray([...defaultOrder], { minLength: 1 }),
  policy: fc.record({ invitations: policy, mfa: policy, ipWhitelist: policy, sessions: policy, workspace: policy }),
})
const account = fc.constantFrom<AccountOverrides>(
  {},
  { ipWhitelist: { enabled: true, entries: [HERE, '198.51.100.0/24'] } },
  { mfaMethods: [{ method: 'OTP', isEnabled: true }] },
  { workspaces: [{}, { workspaceBizId: 'WS_LAB_001', defaultEligible: false }] },
)

const operations: readonly PortalOperation[] = [
  ...new Set(Object.values(requestFor)),
  'listInvitations',
  'listMfaMethods',
  'getBackupCodeStatus',
  'getIpWhitelist',
  'listSessions',
  'listWorkspaces',
]

/** None for which a walk would have to wait: that something hangs is a scene of its own. */
const faults: readonly Fault[] = [
  'loseRequest',
  'loseReply',
  'malformed',
  'wrongShape',
  { retryAfter: 30 },
  ...[400, 403, 404, 409, 500].map((status) => ({ status })),
  { status: 500, process: true },
  { status: 400, code: 'AUTH.MFA_CODE_INVALID' },
  { status: 400, code: 'AUTH.OTP_SETUP_SESSION_INVALID' },
  { status: 409, code: 'WORKSPACE.INVITATION_EXPIRED' },
  { status: 409, code: 'WORKSPACE.INVITATION_ALREADY_PROCESSED' },
]

const pick = fc.nat({ max: 999 })
const stride = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('click' as const), pick, isPatient: fc.boolean() }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('click' as const), pick, isPatient: fc.constant(true) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('strike' as const),
      operation: fc.constantFrom(...operations),
      fault: fc.constantFrom(...faults),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      change: fc.constantFrom(...(Object.keys(changes) as (keyof typeof changes)[])),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 30_000, 61_000) }),
  },
)

const walks = Number(process.env.WALKS ?? 60)
const EXPECTED_MS = 1_000

// Loaded here, so that no walk waits for it: the machines load it when the first code is checked.
await import('otpauth')

test(
  `so do the screens on ${walks} ways that chance takes (seed ${seed})`,
  async () => {
    const walk = fc.asyncProperty(
      start,
      account,
      fc.array(stride, { minLength: 5, maxLength: 25, size: 'max' }),
      async (input, account, strides) => {
        const visitor = await play({ input, account })
        const { flow, portal, clock, screen, rest } = visitor
        for (const step of strides) {
          if (flow.getSnapshot().status !== 'active') break
          if (step.do === 'strike') portal.fault(step.operation, step.fault)
          else if (step.do === 'change') portal.update(changes[step.change].make)
          else if (step.do === 'pass') await clock.advance(step.ms)
          else {
            const code = await codeOf(portal)
            const all = clickablesOf(screen())
            const chosen = all[step.pick % Math.max(1, all.length)]
            if (chosen?.action.blocked === null) expect(offeredInVain(visitor, chosen, code)).toEqual([])
            else if (chosen !== undefined) {
              expect(blockedInVain(visitor, chosen, code)).toEqual([])
              if (!(nameOf(chosen) in keptFromTheUser) && !isJudgedLater(chosen.action)) {
                expect(takenInVain(force(visitor, chosen, code), chosen)).toEqual([])
              }
            }
            if (step.isPatient) await rest(flow)
          }
        }
        flow.stop()
        await visitor.api.close()
      },
    )
    await fc.assert(walk, { numRuns: walks, seed })
  },
  60_000 + walks * EXPECTED_MS,
)
