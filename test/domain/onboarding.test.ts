import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientFailure } from '../../src/domain/failure.ts'
import type { AcceptedInvitation, Invitation } from '../../src/domain/invitations.ts'
import type { IpWhitelist } from '../../src/domain/ip-whitelist.ts'
import type { MfaMethod } from '../../src/domain/mfa.ts'
import {
  initialDataFor,
  isAllRead,
  isNeeded,
  isOtpOnBy,
  isPassedOver,
  isReadFor,
  type OnboardingReads,
  readValue,
  routeBy,
  type StepResults,
  withoutSpent,
} from '../../src/domain/onboarding.ts'
import { defaultOrder, defaultPolicy, type Policy, type StepName } from '../../src/domain/policy.ts'
import { withUnreadable } from '../../src/domain/rows.ts'
import type { Session } from '../../src/domain/sessions.ts'
import type { Workspace } from '../../src/domain/workspaces.ts'

const failed = { failure: clientFailure('network', 'network', { retryable: true }) } as const

const invitation: Invitation = {
  invitationBizId: 'a',
  workspaceBizId: 'W1',
  workspaceName: 'Acme',
  inviterName: 'Ada',
  status: 'PENDING',
  expiresAt: null,
  canAccept: true,
}
const expired: Invitation = { ...invitation, status: 'EXPIRED', canAccept: false }
const onlyDeclinable: Invitation = { ...invitation, canAccept: false }
const email: MfaMethod = { method: 'EMAIL', isEnabled: true, isPrimary: true }
const otp: MfaMethod = { method: 'OTP', isEnabled: true, isPrimary: false }
const enforced: IpWhitelist = { enabled: true, entries: ['8.8.8.8'] }
const current: Session = { sessionId: 'SESS...C_001', clientIp: '8.8.8.8', isCurrent: true }
const phone: Session = { sessionId: 'SESS...C_002', clientIp: '9.9.9.9', isCurrent: false }
const workspace: Workspace = {
  workspaceBizId: 'W1',
  workspaceName: 'Acme',
  isDefault: false,
  enterable: true,
  defaultEligible: true,
}
const another: Workspace = { ...workspace, workspaceBizId: 'W2' }
const accepted: AcceptedInvitation = {
  invitationBizId: 'a',
  workspaceBizId: 'W1',
  becameDefaultWorkspace: false,
  nextAction: 'ENTER_ACCEPTED_WORKSPACE',
}

const allRead: OnboardingReads = {
  invitations: { value: [] },
  methods: { value: [email, otp] },
  whitelist: { value: enforced },
  sessions: { value: [current] },
  workspaces: { value: [workspace] },
}

/** These, beside a row that nobody could read. */
const unread = <Row>(...rows: Row[]) => withUnreadable(rows, 1)

/** What each step needs to have been read. */
const parts = {
  invitations: 'invitations',
  mfa: 'methods',
  ipWhitelist: 'whitelist',
  sessions: 'sessions',
  workspace: 'workspaces',
} as const satisfies Record<StepName, keyof OnboardingReads>

const without = (part: keyof OnboardingReads): OnboardingReads => {
  const { [part]: _, ...rest } = allRead
  return rest
}

describe('what has been read', () => {
  test.each(defaultOrder)('%s is read for once its own part is there, and by no other', (step) => {
    expect(isReadFor(step, without(parts[step]))).toBe(false)
    const forTheAddress = step === 'ipWhitelist' ? { sessions: failed } : {}
    expect(isReadFor(step, { [parts[step]]: failed, ...forTheAddress })).toBe(true)
    expect(isReadFor(step, allRead)).toBe(true)
  })

  test('the whitelist is read for once the sessions are there as well: they tell the current address', () => {
    expect(isReadFor('ipWhitelist', without('sessions'))).toBe(false)
  })

  const everything = { order: defaultOrder, policy: defaultPolicy, results: {} }

  test.each(defaultOrder)('not all is read while the part of %s is missing', (step) => {
    expect(isAllRead({ ...everything, reads: without(parts[step]) })).toBe(false)
  })

  test('a read that failed has been read', () => {
    expect(isAllRead({ ...everything, reads: allRead })).toBe(true)
    expect(isAllRead({ ...everything, reads: { ...allRead, workspaces: failed } })).toBe(true)
    expect(isAllRead({ ...everything, reads: {} })).toBe(false)
  })

  const policies = fc.constantFrom<Policy>('require', 'offer', 'show', 'skip')
  const plans = fc.record({
    order: fc.shuffledSubarray([...defaultOrder]),
    policy: fc.record({
      invitations: policies,
      mfa: policies,
      ipWhitelist: policies,
      sessions: policies,
      workspace: policies,
    }),
    results: fc.constant({}),
  })

  test('of a step that was left, the lists are dropped that no step to come needs, and nobody misses them', () => {
    const left = fc.record(
      { ...Object.fromEntries(defaultOrder.map((step) => [step, fc.constant('done')])) },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(plans, left as fc.Arbitrary<StepResults>, (plan, results) => {
        const progress = { ...plan, results, reads: allRead }
        const reads = withoutSpent(progress)
        const ahead = plan.order.filter((step) => plan.policy[step] !== 'skip' && results[step] === undefined)
        expect(isAllRead({ ...progress, reads })).toBe(true)
        expect(ahead.every((step) => isReadFor(step, reads))).toBe(true)
        expect('invitations' in reads).toBe(ahead.includes('invitations'))
        expect('sessions' in reads).toBe(ahead.includes('sessions') || ahead.includes('ipWhitelist'))
        for (const fact of ['methods', 'whitelist', 'workspaces'] as const) expect(reads[fact]).toBe(allRead[fact])
      }),
    )
  })

  test('what no step needs that may be shown is not read, and not waited for', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const shown = plan.order.filter((step) => plan.policy[step] !== 'skip')
        const needed = Object.entries(allRead).filter(([part]) => isNeeded(part as keyof OnboardingReads, plan))
        const reads = Object.fromEntries(needed)
        expect(isAllRead({ ...plan, reads })).toBe(true)
        expect(shown.every((step) => isReadFor(step, reads))).toBe(true)
        const isOfShown = (part: string) =>
          shown.some((step) => !isReadFor(step, without(part as keyof OnboardingReads)))
        expect(needed.every(([part]) => isOfShown(part))).toBe(true)
      }),
    )
  })

  test('a step takes the value under its name, or the failure, or nothing yet', () => {
    expect(initialDataFor(allRead, 'whitelist')).toStrictEqual({ whitelist: enforced })
    expect(initialDataFor({ whitelist: failed }, 'whitelist')).toStrictEqual(failed)
    expect(initialDataFor({ methods: failed }, 'whitelist')).toStrictEqual({})
  })

  test('a value is there only where it was read', () => {
    expect(readValue(allRead, 'sessions')).toEqual([current])
    expect(readValue({ sessions: failed }, 'sessions')).toBeUndefined()
    expect(readValue({}, 'sessions')).toBeUndefined()
  })
})

type Case = readonly [string, StepName, OnboardingReads, boolean]

describe('passed over is a step with nothing to do', () => {
  test.each<Case>([
    ['no invitation', 'invitations', { invitations: { value: [] } }, true],
    ['only invitations that are closed', 'invitations', { invitations: { value: [expired] } }, true],
    ['one that can be accepted', 'invitations', { invitations: { value: [expired, invitation] } }, false],
    ['one that can only be declined', 'invitations', { invitations: { value: [onlyDeclinable] } }, false],
    ['OTP is on', 'mfa', { methods: { value: [email, otp] } }, true],
    ['OTP is off', 'mfa', { methods: { value: [email, { ...otp, isEnabled: false }] } }, false],
    ['there is no OTP row', 'mfa', { methods: { value: [email] } }, false],
    ['the whitelist is on', 'ipWhitelist', { whitelist: { value: enforced } }, true],
    ['the whitelist is off', 'ipWhitelist', { whitelist: { value: { ...enforced, enabled: false } } }, false],
    ['no other session', 'sessions', { sessions: { value: [current] } }, true],
    ['another session', 'sessions', { sessions: { value: [current, phone] } }, false],
    ['one workspace: a route', 'workspace', { workspaces: { value: [workspace] } }, true],
    ['no workspace: that is a route too', 'workspace', { workspaces: { value: [] } }, true],
    ['several and no default: to be chosen', 'workspace', { workspaces: { value: [workspace, another] } }, false],
  ])('%s (%s)', (_, step, reads, isOver) => {
    expect(isPassedOver(step, 'offer', reads, [])).toBe(isOver)
    expect(isPassedOver(step, 'require', reads, [])).toBe(isOver)
  })

  test.each<Case>([
    ['no row of the inbox', 'invitations', { invitations: { value: unread() } }, false],
    ['all but a closed one', 'invitations', { invitations: { value: unread(expired) } }, true],
    ['the row of OTP, perhaps', 'mfa', { methods: { value: unread(email) } }, false],
    ['a row beside that of OTP', 'mfa', { methods: { value: unread(email, otp) } }, true],
    ['a session beside the own one', 'sessions', { sessions: { value: unread(current) } }, false],
    ['the only session, which is the own one', 'sessions', { sessions: { value: unread() } }, true],
    ['a workspace beside one to enter', 'workspace', { workspaces: { value: unread(workspace) } }, true],
    ['the only workspace: the host decides', 'workspace', { workspaces: { value: unread() } }, true],
  ])('where nobody could read %s (%s)', (_, step, reads, isOver) => {
    expect(isPassedOver(step, 'offer', reads, [])).toBe(isOver)
  })

  test('what cannot be read is not said to be off, or not to be there', () => {
    expect(isOtpOnBy({ methods: { value: unread(email) } })).toBeNull()
    expect(isOtpOnBy({ methods: { value: [email] } })).toBe(false)
    expect(routeBy({ workspaces: { value: unread() } }, [])).toEqual({ to: 'unresolved' })
    expect(routeBy({}, [])).toBeNull()
  })

  test('an invitation accepted in this visit tells the workspace', () => {
    const reads: OnboardingReads = { workspaces: { value: [workspace, another] } }
    expect(isPassedOver('workspace', 'offer', reads, [accepted])).toBe(true)
    const chosen = { ...accepted, nextAction: 'CHOOSE_WORKSPACE' }
    expect(isPassedOver('workspace', 'offer', { workspaces: { value: [workspace] } }, [chosen])).toBe(false)
  })

  test.each(defaultOrder)('%s is not, where the read that would tell failed or is missing', (step) => {
    for (const policy of ['offer', 'require'] as const) {
      expect(isPassedOver(step, policy, { ...allRead, [parts[step]]: failed }, [accepted])).toBe(false)
      expect(isPassedOver(step, policy, without(parts[step]), [accepted])).toBe(false)
    }
  })

  test.each(defaultOrder)('%s is shown anyway under show', (step) => {
    expect(isPassedOver(step, 'offer', allRead, [])).toBe(true)
    expect(isPassedOver(step, 'offer', allRead, [], 'linked')).toBe(step !== 'invitations')
    expect(isPassedOver(step, 'show', allRead, [])).toBe(false)
  })

  test('require never lets through what offer would show, and only the own part of a step counts', () => {
    const read = <Value>(...values: readonly Value[]) =>
      fc.option(
        fc.oneof(
          fc.constant(failed),
          fc.constantFrom(...values).map((value) => ({ value })),
        ),
        {
          nil: undefined,
        },
      )
    const reads = fc
      .record({
        invitations: read<readonly Invitation[]>([], [invitation], [expired]),
        methods: read<readonly MfaMethod[]>([email], [email, otp]),
        whitelist: read(enforced, { ...enforced, enabled: false }),
        sessions: read<readonly Session[]>([current], [current, phone]),
        workspaces: read<readonly Workspace[]>([], [workspace], [workspace, another]),
      })
      .map((all) => Object.fromEntries(Object.entries(all).filter(([, part]) => part !== undefined)) as OnboardingReads)
    const policies = fc.constantFrom<Policy>('require', 'offer', 'show', 'skip')
    fc.assert(
      fc.property(fc.constantFrom(...defaultOrder), policies, reads, (step, policy, all) => {
        const isOver = isPassedOver(step, policy, all, [])
        const part = all[parts[step]]
        expect(isPassedOver(step, policy, part === undefined ? {} : { [parts[step]]: part }, [])).toBe(isOver)
        expect(isPassedOver(step, 'require', all, [])).toBe(isPassedOver(step, 'offer', all, []))
        if (isOver) expect(readValue(all, parts[step])).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })
})
