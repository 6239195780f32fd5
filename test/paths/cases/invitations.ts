import { type Invitation, type InvitationsContext, invitationsMachine, type Workspace } from 'postlogin'
import { fakeInvitation, fakeWorkspace } from 'postlogin/testing'
import type { AnyMachineSnapshot } from 'xstate'
import { failure } from '../../../src/domain/failure.ts'
import { NOON } from '../../support/setting.ts'
import { type EventCase, type MachineCases, restored, said, stepUps } from '../event-case.ts'
import { deadlineEnds, detectRestoreEnds, type Reading, readEnds, refusal, seenOf, writeEnds } from '../outcomes.ts'

const { invitationBizId, workspaceBizId, workspaceName, inviterName } = fakeInvitation()
const DAY_MS = 24 * 60 * 60_000
const open: Invitation = {
  invitationBizId,
  workspaceBizId,
  workspaceName,
  inviterName,
  status: 'PENDING',
  expiresAt: NOON + DAY_MS,
  canAccept: true,
}

const other: Invitation = { ...open, invitationBizId: 'b2c3d4e5-f6a7-4901-bcde-f12345678901', workspaceBizId: 'WS_2' }

/** The inbox with this one invitation. */
const listed = (parts: Partial<Invitation>): Reading => {
  const invitation = { ...open, ...parts }
  const { status, expiresAt, canAccept: acceptable } = invitation
  return {
    output: [invitation],
    account: (draft) => {
      draft.invitations = [fakeInvitation({ inviteeEmail: draft.email, status, expiresAt, acceptable })]
    },
  }
}

const readings = {
  open: listed({}),
  'to be declined only': listed({ canAccept: false }),
  accepted: listed({ status: 'ACCEPTED', canAccept: false }),
  declined: listed({ status: 'DECLINED', canAccept: false }),
  cancelled: listed({ status: 'CANCELLED', canAccept: false }),
  empty: {
    output: [],
    account: (draft) => {
      draft.invitations = []
    },
  } satisfies Reading,
}

const bothOpen: Reading = {
  output: [open, other],
  account: (draft) => {
    draft.invitations = [open, other].map(({ invitationBizId, workspaceBizId, expiresAt }) =>
      fakeInvitation({ invitationBizId, workspaceBizId: workspaceBizId ?? '', inviteeEmail: draft.email, expiresAt }),
    )
  },
}

const contextOf = (snapshot: AnyMachineSnapshot) => snapshot.context as InvitationsContext

/** What is done while the first accept of all is under way shows what can be done while anything is: the rest would only multiply the places. */
const isFirstUnderWay: EventCase['isPossible'] = (snapshot) => {
  const { closed, earlierFailure, leaveAs, queue, refusals } = contextOf(snapshot)
  const isFirst = Object.keys({ ...closed, ...refusals }).length === 0 && earlierFailure === null
  return isFirst && leaveAs === null && queue.length === 0 && snapshot.matches({ working: 'accepting' })
}
const isAtRest: EventCase['isPossible'] = (snapshot) => !snapshot.matches('working')
const meanwhile = (end: EventCase): EventCase => ({ ...end, isPossible: isFirstUnderWay })
const atRest = (end: EventCase): EventCase => ({ ...end, isPossible: isAtRest })
const eitherWay = (end: EventCase): EventCase => ({
  ...end,
  isPossible: (snapshot) => isAtRest(snapshot) || isFirstUnderWay(snapshot),
})

/** From the linked invitation to all of them: at rest, and while it is being accepted. */
const showAll: EventCase = {
  ...said({ type: 'inbox.showAll' }),
  isPossible: (snapshot) =>
    contextOf(snapshot).linkedBizId !== null && (snapshot.matches('inbox') || isFirstUnderWay(snapshot) === true),
}

/** One more comes while the user leaves. */
const hasLeft: EventCase['isPossible'] = (snapshot) => contextOf(snapshot).leaveAs !== null

const home: Workspace = {
  workspaceBizId: 'WS_HOME_001',
  workspaceName: 'Home',
  isDefault: true,
  enterable: true,
  defaultEligible: true,
}
const memberships = {
  member: {
    output: [home, { ...home, workspaceBizId, isDefault: false }],
    account: (draft) => {
      draft.workspaces = [fakeWorkspace({ ...home }), fakeWorkspace({ workspaceBizId })]
    },
  },
  'no member': {
    output: [home],
    account: (draft) => {
      draft.workspaces = [fakeWorkspace({ ...home })]
    },
  },
} satisfies Readonly<Record<string, Reading>>

const closed = [
  refusal('conflict', 409, 'WORKSPACE.INVITATION_EXPIRED'),
  refusal('conflict', 409, 'WORKSPACE.INVITATION_ALREADY_PROCESSED'),
  refusal('notFound', 404, '4040'),
]

/** Guards tell three of the statuses from the rest. */
const seenStatus = (status: string) => (['PENDING', 'ACCEPTED', 'DECLINED'].includes(status) ? status : 'closed')

export const invitationsCases: MachineCases = {
  name: 'invitations',
  machine: invitationsMachine,
  inputs: [
    undefined,
    { policy: 'require' },
    { initialData: { invitations: [open] } },
    { invitationBizId, initialData: { invitations: [open, other] } },
    { initialData: { failure: failure({ kind: 'server', code: '5000' }) } },
  ],
  events: [
    atRest(said({ type: 'invitation.accept', invitationBizId } as never)),
    atRest(said({ type: 'invitation.accept', invitationBizId: 'unknown' } as never, 'unknown')),
    atRest(said({ type: 'invitation.decline', invitationBizId } as never)),
    atRest(said({ type: 'invitation.decline', invitationBizId, reason: 'Not mine.' } as never, 'with a reason')),
    atRest(said({ type: 'invitation.decline', invitationBizId, reason: 'x'.repeat(501) } as never, 'at length')),
    meanwhile(said({ type: 'invitation.accept', invitationBizId: other.invitationBizId } as never, 'the other')),
    meanwhile(said({ type: 'invitation.decline', invitationBizId: other.invitationBizId } as never, 'the other')),
    said({ type: 'invitation.dequeue', invitationBizId: other.invitationBizId } as never),
    ...stepUps('invitations.accept', 'invitations.decline'),
    said({ type: 'inbox.refresh' }),
    showAll,
    said({ type: 'retry' }),
    eitherWay(said({ type: 'step.finish' })),
    eitherWay(said({ type: 'step.skip' })),
    restored,
  ],
  ends: {
    'invitations.detectRestore': detectRestoreEnds('invitations.detectRestore'),
    'invitations.read': [
      ...readEnds('invitations.read', readings),
      ...readEnds('invitations.read', { 'both open': bothOpen })
        .slice(0, 1)
        .map((end) => ({ ...end, isPossible: hasLeft })),
    ],
    'invitations.expiry': deadlineEnds('invitations.expiry'),
    'invitations.accept': writeEnds('invitations.accept', {
      output: { workspaceBizId, becameDefaultWorkspace: false, nextAction: 'ENTER_ACCEPTED_WORKSPACE' },
      account: bothOpen.account,
      codes: closed,
      isReplyRead: true,
    }),
    'invitations.decline': writeEnds('invitations.decline', { account: bothOpen.account, codes: closed }),
    'invitations.readBack': readEnds('invitations.readBack', readings),
    'invitations.readMemberships': readEnds('invitations.readMemberships', memberships),
    'invitations.coolDown': deadlineEnds('invitations.coolDown'),
  },
  project: ({ context }) => {
    const {
      policy,
      failure,
      invitations,
      isRead,
      closed,
      refusals,
      attempt,
      expirySeen,
      queue,
      earlierFailure,
      leaveAs,
    } = context as InvitationsContext
    const rows = invitations.map(({ status, canAccept }) => [seenStatus(status), canAccept])
    return [
      policy,
      seenOf(failure),
      rows,
      isRead,
      Object.values(closed).map(seenStatus),
      Object.values(refusals).map(({ accept, decline }) => [accept !== null, decline !== null]),
      attempt?.action,
      queue.map(({ action }) => action),
      earlierFailure !== null,
      leaveAs,
      expirySeen > 0,
    ]
  },
  unreachable: {},
}
