import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clientFailure,
  type Failure,
  type FailureKind,
  type FailureReason,
  failure,
  stepUpDeclined,
} from '../../src/domain/failure.ts'
import {
  type AcceptedInvitation,
  acceptanceOf,
  acceptanceReadBack,
  canBeAccepted,
  canBeDeclined,
  findInvitation,
  ghostRefusal,
  hasOpenInvitation,
  type Invitation,
  type InvitationAttempt,
  type InvitationRefusals,
  type InvitationStatus,
  isDeclineReason,
  isListedAsClosed,
  nextExpiry,
  refuseInvitation,
  statusByRefusal,
  wasAccepted,
  wasDeclined,
  withAcceptance,
  withClosed,
  withRefusal,
} from '../../src/domain/invitations.ts'
import type { Workspace } from '../../src/domain/workspaces.ts'

const invitation = (invitationBizId: string, traits: Partial<Invitation> = {}): Invitation => ({
  invitationBizId,
  workspaceBizId: `workspace-of-${invitationBizId}`,
  workspaceName: 'Acme',
  inviterName: 'Ada',
  status: 'PENDING',
  expiresAt: null,
  canAccept: true,
  ...traits,
})

const workspace = (workspaceBizId: string): Workspace => ({
  workspaceBizId,
  workspaceName: workspaceBizId,
  isDefault: false,
  enterable: true,
  defaultEligible: true,
})

const CLOSED: readonly InvitationStatus[] = ['ACCEPTED', 'DECLINED', 'CANCELLED', 'EXPIRED']
/** What this flow writes on a row itself, and what the portal may. */
const knownAsClosed = fc.constantFrom<InvitationStatus>(...CLOSED, 'PROCESSED')
const ids = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__')
const anyInvitation: fc.Arbitrary<Invitation> = fc.record({
  invitationBizId: ids,
  workspaceBizId: fc.constantFrom('W1', 'W2'),
  workspaceName: fc.string(),
  inviterName: fc.string(),
  status: fc.oneof(fc.constantFrom('PENDING', ...CLOSED, 'ON_HOLD'), fc.string()),
  expiresAt: fc.option(fc.nat(50)),
  canAccept: fc.boolean(),
})
const anyInbox = fc.uniqueArray(anyInvitation, { selector: ({ invitationBizId }) => invitationBizId })
const anyClosed = fc
  .array(fc.tuple(ids, knownAsClosed))
  .map((pairs): Readonly<Record<string, InvitationStatus>> => Object.fromEntries(pairs))

describe('what can be done about an invitation', () => {
  test.each<[string, InvitationStatus, boolean, { accept: boolean; decline: boolean }]>([
    ['pending: both', 'PENDING', true, { accept: true, decline: true }],
    ['pending, but the portal says it cannot be accepted: decline', 'PENDING', false, { accept: false, decline: true }],
    ['accepted: nothing', 'ACCEPTED', false, { accept: false, decline: false }],
    ['declined: nothing', 'DECLINED', false, { accept: false, decline: false }],
    ['cancelled: nothing', 'CANCELLED', false, { accept: false, decline: false }],
    ['expired: nothing', 'EXPIRED', false, { accept: false, decline: false }],
    ['accepted, whatever the portal says: nothing', 'ACCEPTED', true, { accept: false, decline: false }],
    ['declined, whatever the portal says: nothing', 'DECLINED', true, { accept: false, decline: false }],
    ['cancelled, whatever the portal says: nothing', 'CANCELLED', true, { accept: false, decline: false }],
    ['expired, whatever the portal says: nothing', 'EXPIRED', true, { accept: false, decline: false }],
    ['a status nobody knows yet: both, if the portal says so', 'ON_HOLD', true, { accept: true, decline: true }],
    ['a status nobody knows yet: nothing, if it does not', 'ON_HOLD', false, { accept: false, decline: false }],
  ])('%s', (_, status, canAccept, { accept, decline }) => {
    const row = invitation('a', { status, canAccept })
    expect(canBeAccepted(row)).toBe(accept)
    expect(canBeDeclined(row)).toBe(decline)
  })

  test('its time is no verdict: one past its expiry is what the portal says it is', () => {
    expect(canBeAccepted(invitation('a', { expiresAt: 0 }))).toBe(true)
  })

  test('never without the word of the portal, and whatever can be accepted can be declined', () => {
    fc.assert(
      fc.property(anyInvitation, (row) => {
        if (canBeAccepted(row)) {
          expect(row.canAccept).toBe(true)
          expect(canBeDeclined(row)).toBe(true)
        }
      }),
    )
  })

  test('an inbox is open while one of its invitations can be accepted or declined', () => {
    const closed = invitation('closed', { status: 'EXPIRED', canAccept: false })
    expect(hasOpenInvitation([])).toBe(false)
    expect(hasOpenInvitation([closed])).toBe(false)
    expect(hasOpenInvitation([closed, invitation('a', { canAccept: false })])).toBe(true)
    expect(hasOpenInvitation([closed, invitation('a', { status: 'ON_HOLD' })])).toBe(true)
  })

  test('an invitation is found by its id', () => {
    const [first, second] = [invitation('a'), invitation('b')]
    expect(findInvitation([first, second], 'b')).toBe(second)
    expect(findInvitation([first, second], 'c')).toBeUndefined()
  })
})

describe('an inbox that lags behind', () => {
  test('a row known to be closed is shown as closed', () => {
    expect(withClosed([invitation('a'), invitation('b')], { a: 'ACCEPTED' })).toEqual([
      invitation('a', { status: 'ACCEPTED', canAccept: false }),
      invitation('b'),
    ])
  })

  test('a status nobody knows yet does not keep it open', () => {
    expect(withClosed([invitation('a', { status: 'ON_HOLD' })], { a: 'PROCESSED' })).toEqual([
      invitation('a', { status: 'PROCESSED', canAccept: false }),
    ])
  })

  test('once the inbox says that it is closed, its own word stands', () => {
    const row = invitation('a', { status: 'ACCEPTED', canAccept: false })
    expect(withClosed([row], { a: 'PROCESSED' })).toEqual([row])
  })

  test('what is known of a row that is not listed adds none', () => {
    expect(withClosed([], { a: 'DECLINED' })).toEqual([])
  })

  test('nothing known: the inbox as it is, whatever the ids are called', () => {
    const inbox = ['constructor', '__proto__', 'toString'].map((id) => invitation(id))
    expect(withClosed(inbox, {})).toEqual(inbox)
  })

  test('never reopens an invitation, closes each that is known to be closed, and leaves the rest alone', () => {
    fc.assert(
      fc.property(anyInbox, anyClosed, (inbox, closed) => {
        const shown = withClosed(inbox, closed)
        expect(shown.map(({ invitationBizId }) => invitationBizId)).toEqual(
          inbox.map(({ invitationBizId }) => invitationBizId),
        )
        for (const [index, before] of inbox.entries()) {
          const row = shown[index] ?? before
          const isKnown = Object.hasOwn(closed, before.invitationBizId)
          expect(canBeDeclined(row)).toBe(canBeDeclined(before) && !isKnown)
          expect(canBeAccepted(row)).toBe(canBeAccepted(before) && !isKnown)
          if (!isKnown) expect(row).toBe(before)
        }
        expect(withClosed(shown, closed)).toEqual(shown)
      }),
      { numRuns: 500 },
    )
  })
})

describe('what a refusal proves of an invitation', () => {
  test.each<[FailureReason | null, FailureKind, InvitationStatus | null]>([
    ['invitationExpired', 'conflict', 'EXPIRED'],
    ['invitationClosed', 'conflict', 'PROCESSED'],
    ['invitationClosed', 'invalid', 'PROCESSED'],
    ['wrongCode', 'invalid', null],
    [null, 'notFound', null],
    [null, 'conflict', null],
    [null, 'network', null],
  ])('%s (%s): %s', (reason, kind, status) => {
    expect(statusByRefusal(failure({ kind, code: 'X', reason }))).toBe(status)
  })

  test('whatever it proves takes the row out of play', () => {
    for (const reason of ['invitationExpired', 'invitationClosed'] as const) {
      const status = statusByRefusal(failure({ kind: 'conflict', code: 'X', reason })) ?? 'PENDING'
      expect(hasOpenInvitation(withClosed([invitation('a')], { a: status }))).toBe(false)
    }
  })
})

describe('after an accept whose reply was lost', () => {
  const attempt = { invitationBizId: 'a', workspaceBizId: 'W' }
  const member = [workspace('V'), workspace('W')]
  const stranger = [workspace('V')]

  test.each<[string, readonly Invitation[], readonly Workspace[], boolean]>([
    ['the inbox says accepted: accepted', [invitation('a', { status: 'ACCEPTED', canAccept: false })], stranger, true],
    ['it says declined: not, even of a member', [invitation('a', { status: 'DECLINED' })], member, false],
    ['it says cancelled: not, even of a member', [invitation('a', { status: 'CANCELLED' })], member, false],
    ['it says expired: not, even of a member', [invitation('a', { status: 'EXPIRED' })], member, false],
    ['still open, but a member of its workspace: accepted', [invitation('a')], member, true],
    ['still open and no member: not', [invitation('a')], stranger, false],
    ['gone from the inbox, but a member of its workspace: accepted', [], member, true],
    ['gone from the inbox and no member: not', [], stranger, false],
    [
      'a status nobody knows says nothing: a member of its workspace',
      [invitation('a', { status: 'ON_HOLD' })],
      member,
      true,
    ],
    ['another one was accepted: not', [invitation('b', { status: 'ACCEPTED', canAccept: false })], stranger, false],
  ])('%s', (_, inbox, workspaces, accepted) => {
    expect(wasAccepted(inbox, workspaces, attempt)).toBe(accepted)
  })

  test('a workspace that cannot be entered yet proves the membership too', () => {
    expect(wasAccepted([], [{ ...workspace('W'), enterable: false }], attempt)).toBe(true)
  })

  test('more memberships never turn an accepted one into one that is not', () => {
    fc.assert(
      fc.property(anyInbox, fc.subarray(['W1', 'W2', 'W3']), ids, (inbox, of, id) => {
        const one = { invitationBizId: id, workspaceBizId: 'W1' }
        const workspaces = of.map(workspace)
        if (wasAccepted(inbox, [], one)) expect(wasAccepted(inbox, workspaces, one)).toBe(true)
        // Without the workspace only the inbox can say so.
        if (!of.includes('W1')) {
          expect(wasAccepted(inbox, workspaces, one)).toBe(findInvitation(inbox, id)?.status === 'ACCEPTED')
        }
      }),
    )
  })

  test('the route is the workspace itself, since what the portal said is lost', () => {
    const more = { ...attempt, action: 'accept', reason: 'none' } as const
    expect(acceptanceReadBack(more)).toEqual({
      invitationBizId: 'a',
      workspaceBizId: 'W',
      becameDefaultWorkspace: false,
      nextAction: 'ENTER_ACCEPTED_WORKSPACE',
    })
  })
})

describe('after a decline whose reply was lost', () => {
  test.each<[string, readonly Invitation[], boolean]>([
    ['the inbox says declined: declined', [invitation('a', { status: 'DECLINED', canAccept: false })], true],
    ['gone from the inbox: declined', [invitation('b')], true],
    ['still open: not', [invitation('a')], false],
    ['accepted before: not', [invitation('a', { status: 'ACCEPTED', canAccept: false })], false],
    ['cancelled: not', [invitation('a', { status: 'CANCELLED', canAccept: false })], false],
  ])('%s', (_, inbox, declined) => {
    expect(wasDeclined(inbox, 'a')).toBe(declined)
  })

  test.each<[string, readonly Invitation[], boolean]>([
    ['one that is open is not', [invitation('a')], false],
    ['one that can only be declined is not', [invitation('a', { canAccept: false })], false],
    ['one that is expired is', [invitation('a', { status: 'EXPIRED' })], true],
    ['one that is not listed is not', [invitation('b', { status: 'EXPIRED' })], false],
  ])('listed as closed: %s', (_, inbox, closed) => {
    expect(isListedAsClosed(inbox, 'a')).toBe(closed)
  })
})

describe('the accepted invitations', () => {
  const accepted = (invitationBizId: string, nextAction = 'CHOOSE_WORKSPACE'): AcceptedInvitation => ({
    invitationBizId,
    workspaceBizId: `workspace-of-${invitationBizId}`,
    becameDefaultWorkspace: false,
    nextAction,
  })

  test('are in the order of acceptance', () => {
    const one = withAcceptance([], accepted('a'))
    expect(withAcceptance(one, accepted('b'))).toEqual([accepted('a'), accepted('b')])
  })

  test('one that was there already moves to the end, as it is now', () => {
    const now = accepted('a', 'ENTER_ACCEPTED_WORKSPACE')
    expect(withAcceptance([accepted('a'), accepted('b')], now)).toEqual([accepted('b'), now])
  })

  test('the one accepted last is last, each is listed once and none is lost', () => {
    fc.assert(
      fc.property(fc.array(ids, { minLength: 1 }), (order) => {
        const made = order.reduce<readonly AcceptedInvitation[]>((all, id) => withAcceptance(all, accepted(id)), [])
        const listed = made.map(({ invitationBizId }) => invitationBizId)
        expect(listed.at(-1)).toBe(order.at(-1))
        expect(new Set(listed).size).toBe(listed.length)
        expect(new Set(listed)).toEqual(new Set(order))
      }),
    )
  })
})

describe('when the next invitation expires', () => {
  test.each<[string, readonly Invitation[], number, number | null]>([
    ['none: never', [], 0, null],
    ['none with a limit: never', [invitation('a')], 0, null],
    ['shortly after the nearest', [invitation('a', { expiresAt: 90 }), invitation('b', { expiresAt: 70 })], 0, 2_070],
    [
      'of those not asked about',
      [invitation('a', { expiresAt: 90 }), invitation('b', { expiresAt: 70 })],
      2_070,
      2_090,
    ],
    ['expired when it was asked last, but for the other clock', [invitation('a', { expiresAt: 90 })], 90, 2_090],
    ['all asked about: never', [invitation('a', { expiresAt: 90 })], 2_090, null],
    ['one that is closed does not count', [invitation('a', { expiresAt: 70, status: 'ACCEPTED' })], 0, null],
    ['one that can only be declined does', [invitation('a', { expiresAt: 70, canAccept: false })], 0, 2_070],
  ])('%s', (_, inbox, seen, at) => {
    expect(nextExpiry(inbox, seen)).toBe(at)
  })

  test('going from one to the next comes to an end, each time later than before, and passes over none', () => {
    fc.assert(
      fc.property(fc.array(anyInvitation), (inbox) => {
        const times: number[] = []
        let at = nextExpiry(inbox, Number.NEGATIVE_INFINITY)
        while (at !== null && times.length < inbox.length) {
          times.push(at)
          at = nextExpiry(inbox, at)
        }
        expect(at).toBeNull()
        const open = inbox
          .filter(canBeDeclined)
          .flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt + 2_000]))
        expect(times).toEqual([...new Set(open)].sort((a, b) => a - b))
      }),
    )
  })
})

describe('a ghost: listed as open, and refused whatever is done with it', () => {
  const wish = (action: 'accept' | 'decline', reason?: string): InvitationAttempt => ({
    action,
    invitationBizId: 'a',
    workspaceBizId: 'W',
    reason,
  })
  const refused = (code = '4040', field: string | null = null) => failure({ kind: 'notFound', code, field })
  const both = withRefusal(withRefusal({}, wish('accept'), refused('1')), wish('decline'), refused('2'))

  test.each<[string, Invitation, InvitationRefusals, string | null]>([
    ['nothing was refused yet', invitation('a'), {}, null],
    ['only accepting was', invitation('a'), withRefusal({}, wish('accept'), refused()), null],
    ['only declining was', invitation('a'), withRefusal({}, wish('decline'), refused()), null],
    ['both were: a ghost, and the refused decline says why', invitation('a'), both, '2'],
    [
      'it could only be declined, and that was refused: a ghost',
      invitation('a', { canAccept: false }),
      withRefusal({}, wish('decline'), refused('2')),
      '2',
    ],
    ['another one was', invitation('b'), both, null],
    ['its id is that of a method', invitation('toString'), {}, null],
  ])('%s', (_, row, refusals, code) => {
    expect(ghostRefusal(row, refusals)?.code ?? null).toBe(code)
  })

  test.each<[string, Failure | null]>([
    ['no failure', null],
    ['a lost connection', failure({ kind: 'network', code: 'client.network' })],
    ['a portal in trouble', failure({ kind: 'server', code: '5000', status: 503 })],
    ['a wait that the portal asks for', failure({ kind: 'rateLimited', code: 'X' })],
    ['a refusal that may be an echo, before it is read back', { ...refused(), effect: 'unknown' }],
    ['a refusal of the reason', refused('VALIDATION.INVALID_PARAMETER', 'reason')],
    ['a proof that the user did not give', stepUpDeclined],
    ['a proof that could not be obtained', failure({ kind: 'forbidden', code: 'X', reason: 'proofMissing' })],
  ])('%s is no refusal of the invitation', (_, one) => {
    expect(withRefusal({}, wish('decline', 'x'), one)).toEqual({})
  })

  test('the last refusal of a wish is the one that counts', () => {
    const again = withRefusal(both, wish('decline'), refused('3'))
    expect(again).toEqual({ a: { accept: refused('1'), decline: refused('3') } })
  })
})

describe('a reason for a decline', () => {
  test.each<[string, boolean, unknown]>([
    ['none', true, undefined],
    ['an empty one', true, ''],
    ['one of 500 characters', true, 'x'.repeat(500)],
    ['one of 501 characters', false, 'x'.repeat(501)],
    ['null', false, null],
    ['a number', false, 7],
    ['a list', false, ['no']],
  ])('%s: may be sent is %s', (_, may, reason) => {
    expect(isDeclineReason(reason)).toBe(may)
  })
})

describe('why an invitation is not acted on', () => {
  const expired = [invitation('a', { status: 'EXPIRED', canAccept: false })]
  const by = (field: string) => ({ field })

  test('it is not in the inbox, whatever the reason', () => {
    const failed = clientFailure('invitationUnknown', 'invalid', by('invitationBizId'))
    expect(refuseInvitation(expired, 'b')).toEqual(failed)
    expect(refuseInvitation(expired, 'b', 'x'.repeat(501))).toEqual(failed)
  })

  test('it is closed', () => {
    const failed = clientFailure('invitationUnavailable', 'invalid', by('invitationBizId'))
    expect(refuseInvitation(expired, 'a')).toEqual(failed)
    expect(refuseInvitation(expired, 'a', 'no time')).toEqual(failed)
  })

  test('the reason is too long, or no text', () => {
    const failed = clientFailure('reasonTooLong', 'invalid', by('reason'))
    expect(refuseInvitation([invitation('a')], 'a', 'x'.repeat(501))).toEqual(failed)
    expect(refuseInvitation([invitation('a')], 'a', null)).toEqual(clientFailure('input', 'invalid', by('reason')))
  })
})

describe('an acceptance by the portal’s reply', () => {
  const reply = { workspaceBizId: 'W', becameDefaultWorkspace: true, nextAction: 'CHOOSE_WORKSPACE' } as const

  test.each([
    ['W', 'V', 'W'],
    [null, 'V', 'V'],
    ['W', null, 'W'],
    [null, null, null],
  ])('is of the workspace %j, where the inbox said %j: %j', (replied, listed, workspaceBizId) => {
    expect(
      acceptanceOf({ invitationBizId: 'a', workspaceBizId: listed }, { ...reply, workspaceBizId: replied }),
    ).toEqual({ ...reply, invitationBizId: 'a', workspaceBizId })
  })

  test('membership of no workspace at all proves nothing', () => {
    expect(wasAccepted([], [workspace('W')], { invitationBizId: 'a', workspaceBizId: null })).toBe(false)
  })
})
