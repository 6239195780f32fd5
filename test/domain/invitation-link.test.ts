import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followLink, linkNotice } from '../../src/domain/invitation-link.ts'
import { canBeDeclined, type Invitation } from '../../src/domain/invitations.ts'

const ids = ['a', 'b', 'c', 'A', 'toString'] as const
const id = fc.constantFrom(...ids)
const status = fc.constantFrom(
  'PENDING',
  'ACCEPTED',
  'DECLINED',
  'CANCELLED',
  'EXPIRED',
  'PROCESSED',
  'REFUSED',
  'MOON',
)

const invitation: fc.Arbitrary<Invitation> = fc.record({
  invitationBizId: id,
  workspaceBizId: fc.constant('WS'),
  workspaceName: fc.constant('Acme'),
  inviterName: fc.constant('Ada'),
  status,
  expiresAt: fc.constant(null),
  canAccept: fc.boolean(),
})
const inbox = fc.uniqueArray(invitation, { selector: ({ invitationBizId }) => invitationBizId })
const accepted = fc.array(
  fc.record({
    invitationBizId: id,
    workspaceBizId: fc.constant('WS'),
    becameDefaultWorkspace: fc.boolean(),
    nextAction: fc.constant('CHOOSE_WORKSPACE'),
  }),
)
const state = fc.record({
  linkedBizId: fc.option(id),
  invitations: inbox,
  closed: fc.dictionary(id, status),
  acceptedInvitations: accepted,
  notice: fc.constantFrom(null, 'notSent' as const),
})

test('of a linked invitation nothing is said exactly while it can be acted on; by its own id, letter by letter', () => {
  fc.assert(
    fc.property(id, inbox, (linked, invitations) => {
      const row = invitations.find(({ invitationBizId }) => invitationBizId === linked)
      const notice = linkNotice(linked, invitations)
      expect(notice === null).toBe(row !== undefined && canBeDeclined(row))
      expect(notice === 'linkUnknown').toBe(row === undefined)
      expect(linkNotice(linked, invitations.toReversed())).toBe(notice)
    }),
  )
})

test.each([
  ['PENDING', null],
  ['EXPIRED', 'linkExpired'],
  ['ACCEPTED', 'linkHandled'],
  ['DECLINED', 'linkHandled'],
  ['CANCELLED', 'linkHandled'],
  ['MOON', 'linkHandled'],
])('%s: %s', (status, notice) => {
  const row = { invitationBizId: 'a', workspaceBizId: 'WS', workspaceName: '', inviterName: '', expiresAt: null }
  expect(linkNotice('a', [{ ...row, status, canAccept: false }])).toBe(notice)
})

test('a link holds while its invitation is open; what ends it is said once, unless the user did it', () => {
  fc.assert(
    fc.property(state, (before) => {
      const after = { ...before, ...followLink(before) }
      const { linkedBizId, invitations, closed, acceptedInvitations, notice } = before
      const isOpen = linkedBizId !== null && linkNotice(linkedBizId, invitations) === null
      expect(after.linkedBizId).toBe(isOpen ? linkedBizId : null)
      const isDone = (linked: string) =>
        Object.keys(closed).includes(linked) ||
        acceptedInvitations.some(({ invitationBizId }) => invitationBizId === linked)
      const isSaid = linkedBizId !== null && !isOpen && !isDone(linkedBizId)
      expect(after.notice).toBe(isSaid ? linkNotice(linkedBizId, invitations) : notice)
      expect(followLink(after)).toEqual({ linkedBizId: after.linkedBizId, notice: after.notice })
    }),
  )
})
