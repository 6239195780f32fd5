import { assertEvent, assign, setup } from 'xstate'
import {
  clientFailure,
  hasUnknownOutcome,
  isSignedOut,
  isUnsettled,
  mustWait,
  readBackFailure,
  stepUpDeclined,
  waitsUntil,
  wasRefused,
  withoutEffect,
  withoutWait,
} from '../src/domain/failure.ts'
import { followLink, type LinkNotice } from '../src/domain/invitation-link.ts'
import {
  type AcceptedInvitation,
  acceptanceOf,
  acceptanceReadBack,
  type ClosedInvitations,
  findInvitation,
  ghostRefusal,
  type Invitation,
  type InvitationAttempt,
  type InvitationRefusals,
  type InvitationStatus,
  isInboxClear,
  isListedAsClosed,
  isPossible,
  isWanted,
  mayBeAsked,
  nextExpiry,
  refuseInvitation,
  statusByRefusal,
  wasAccepted,
  wasDeclined,
  willInboxBeClear,
  withAcceptance,
  withClosed,
  withRefusal,
} from '../src/domain/invitations.ts'
import { mayLeaveStep, readBizId, readPolicy } from '../src/domain/policy.ts'
import { present } from '../src/domain/present.ts'
import {
  comeToRest,
  dequeue,
  dropQueue,
  emptyQueue,
  enqueue,
  leavesAs,
  type Queue,
  refuseNext,
  setFailureAside,
  signedOutFailure,
  takeNext,
} from '../src/domain/queue.ts'
import { unreadableRowsOf } from '../src/domain/rows.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import { endOf, failureOf, resultsOf } from './events.ts'
import {
  acceptInvitation,
  deadline,
  declineInvitation,
  detectRestore,
  listInvitations,
  listWorkspaces,
} from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput, StepUpEvent } from './step.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `invitationsMachine` knows. */
export interface InvitationsContext extends StepContext, Queue<InvitationAttempt> {
  /** The inbox, as it was read last; what is known to be closed is shown so. */
  readonly invitations: readonly Invitation[]
  /** How many more rows the inbox had that cannot be read. */
  readonly unreadableRows: number
  /** Was the inbox read? Nothing is known before. */
  readonly isRead: boolean
  /** In the order of acceptance; the last one decides the route. */
  readonly acceptedInvitations: readonly AcceptedInvitation[]
  /** What this flow learned of invitations that the inbox may still show as open. */
  readonly closed: ClosedInvitations
  /** How the portal refused what was asked for invitations which the inbox shows as open. */
  readonly refusals: InvitationRefusals
  /** The accept or decline that is under way, or whose outcome is unknown; otherwise null. */
  readonly attempt: InvitationAttempt | null
  /** What the user has to know although nothing failed; null if there is nothing. */
  readonly notice: 'notSent' | LinkNotice | null
  /** The open invitation that a link has led to, to be shown alone; null if there is none, or none any more. */
  readonly linkedBizId: string | null
  /** When the inbox was read again last because an invitation expired, epoch ms. */
  readonly expirySeen: number
}

/** What `invitationsMachine` takes. */
export type InvitationsEvent =
  | StepEvent
  | StepUpEvent
  /** Joins the workspace of an invitation. */
  | { type: 'invitation.accept'; invitationBizId: string }
  /** Declines for good; a reason has at most 500 characters. */
  | { type: 'invitation.decline'; invitationBizId: string; reason?: string }
  /** Takes back an accept or a decline that is still queued. */
  | { type: 'invitation.dequeue'; invitationBizId: string }
  /** Reads the inbox again. */
  | { type: 'inbox.refresh' }
  /** Shows the whole inbox, instead of the linked invitation alone. */
  | { type: 'inbox.showAll' }

/** What `invitationsMachine` starts with. */
export interface InvitationsInput
  extends StepInput<{
    readonly invitations?: readonly Invitation[] | undefined
    /** Those that an earlier flow accepted, in the order of acceptance. */
    readonly acceptedInvitations?: readonly AcceptedInvitation[] | undefined
  }> {
  /** The invitation that a link in an e-mail has named: it is shown first, and alone. */
  readonly invitationBizId?: string | undefined
}

/** What `invitationsMachine` ends with. */
export interface InvitationsOutput extends StepOutput {
  /** In the order of acceptance. */
  readonly acceptedInvitations: readonly AcceptedInvitation[]
}

const actors = { detectRestore, deadline, listInvitations, listWorkspaces, acceptInvitation, declineInvitation }

/** What each invoke runs. */
type InvitationsInvokes = {
  'invitations.detectRestore': 'detectRestore'
  'invitations.read': 'listInvitations'
  'invitations.expiry': 'deadline'
  'invitations.accept': 'acceptInvitation'
  'invitations.decline': 'declineInvitation'
  'invitations.readBack': 'listInvitations'
  'invitations.readMemberships': 'listWorkspaces'
  'invitations.coolDown': 'deadline'
}

const { outputOf } = resultsOf<typeof actors, InvitationsInvokes>()

/** A guard on the wish that is being carried out; without one it does not hold. */
const ofAttempt =
  (rule: (attempt: InvitationAttempt, context: InvitationsContext, event: { type: string }) => boolean) =>
  ({ context, event }: { context: InvitationsContext; event: { type: string } }) =>
    context.attempt !== null && rule(context.attempt, context, event)

/** A guard on the wish whose turn it is; without one it does not hold. */
const ofNext =
  (rule: (wish: InvitationAttempt, context: InvitationsContext) => boolean) =>
  ({ context }: { context: InvitationsContext }) => {
    const [next] = context.queue
    return next !== undefined && rule(next, context)
  }

const chart = setup({
  types: {
    context: {} as InvitationsContext,
    events: {} as InvitationsEvent,
    input: {} as InvitationsInput | undefined,
    output: {} as InvitationsOutput,
    tags: {} as StatusTag,
    children: {} as InvitationsInvokes,
  },
  schemas: { context: 'invitations' },
  actors,
  guards: {
    isRead: ({ context }) => context.isRead,
    hasFailed: ({ context }) => context.failure !== null,
    isSignedOut: ({ context }) => isSignedOut(context.failure),
    mustWait: ({ context }) => mustWait(context.failure),
    wasRefused: ofAttempt((_, { failure }) => wasRefused(failure)),
    hasUnknownOutcome: ({ event }) => hasUnknownOutcome(failureOf(event)),
    isWriteUnresolved: ofAttempt((_, { failure }) => hasUnknownOutcome(failure)),
    mayLand: ({ context }) => isUnsettled(context.failure),
    mayLeave: ({ context }) => context.queue.length === 0 && mayLeaveStep(context.policy, isInboxClear(context)),
    mayLeaveSoon: ({ context }) => context.leaveAs === null && mayLeaveStep(context.policy, willInboxBeClear(context)),
    mayLeaveNow: ({ context }, params: { as: 'done' | 'skipped' }) =>
      leavesAs(context) === params.as && mayLeaveStep(context.policy, isInboxClear(context)),
    isKeptFromLeaving: ({ context }) => leavesAs(context) !== null,
    mayBeAsked: ({ context, event }) => {
      const wish = wishOf(context, event)
      return wish !== null && mayBeAsked(context, wish)
    },
    isQueued: ({ context, event }) => {
      assertEvent(event, 'invitation.dequeue')
      return isWanted(context.queue, event.invitationBizId)
    },
    isNextImpossible: ofNext((wish, { invitations }) => !isPossible(wish, invitations)),
    isNextAcceptance: ofNext(({ action }) => action === 'accept'),
    hasMoreToDo: ofAttempt((_, { queue }) => queue.length > 0),
    isNextDecline: ofNext(({ action }) => action === 'decline'),
    isExpired: ({ event }) => statusByRefusal(failureOf(event)) === 'EXPIRED',
    isAboutDecline: ofAttempt(({ action }) => action === 'decline'),
    mayDeclineLand: ofAttempt(({ action }, { failure }) => action === 'decline' && isUnsettled(failure)),
    wasDeclined: ofAttempt(
      ({ action, invitationBizId }, { invitations }) =>
        action === 'decline' && wasDeclined(invitations, invitationBizId),
    ),
    inboxSaysAccepted: ofAttempt((attempt, { invitations }) => wasAccepted(invitations, [], attempt)),
    inboxSaysClosed: ofAttempt(({ invitationBizId }, { invitations }) =>
      isListedAsClosed(invitations, invitationBizId),
    ),
    workspacesSayAccepted: ofAttempt((attempt, { invitations }, event) =>
      wasAccepted(invitations, outputOf(event, 'invitations.readMemberships'), attempt),
    ),
  },
  actions: {
    keepInvitations: assign(({ context, event }) => {
      const invitations = outputOf(event, 'invitations.read', 'invitations.readBack')
      return {
        invitations: withClosed(invitations, context.closed),
        unreadableRows: unreadableRowsOf(invitations),
        isRead: true,
      }
    }),
    keepFailure: assign(({ event }) => ({ failure: failureOf(event) })),
    keepReadBackFailure: assign(({ context, event }) => ({
      failure: readBackFailure(context.failure, failureOf(event)),
    })),
    clearFailure: assign({ failure: null, attempt: null }),
    clearNotice: assign({ notice: null }),
    followLink: assign(({ context }) => followLink(context)),
    endLink: assign({ linkedBizId: null }),
    enqueue: assign(({ context, event }) => {
      const wish = wishOf(context, event)
      return wish === null ? {} : enqueue(context, wish)
    }),
    dequeue: assign(({ context, event }) => {
      assertEvent(event, 'invitation.dequeue')
      return dequeue(context, ({ invitationBizId }) => invitationBizId === event.invitationBizId)
    }),
    takeNext: assign(({ context }) => ({ attempt: context.queue[0] ?? null, ...takeNext(context) })),
    refuseNext: assign(({ context }) => refusingNext(context)),
    dropQueue: assign(({ context }) => dropQueue(context)),
    declineStepUp: assign({ failure: stepUpDeclined }),
    comeToRest: assign(({ context }) => comeToRest(context)),
    forgetAttempt: assign(({ context }) => ({ attempt: null, ...setFailureAside(context) })),
    noteLeaving: assign(({ event }) => ({
      leaveAs: event.type === 'step.skip' ? ('skipped' as const) : ('done' as const),
    })),
    stay: assign({ leaveAs: null }),
    noteUnsent: assign(({ context }) => ({ failure: signedOutFailure(context) })),
    refuseAttempt: assign(({ context, event }) => {
      assertEvent(event, ['invitation.accept', 'invitation.decline'])
      const reason = event.type === 'invitation.decline' ? event.reason : undefined
      return { failure: refuseInvitation(context.invitations, event.invitationBizId, reason) }
    }),
    refuseLeaving: assign({ failure: clientFailure('stepRequired', 'invalid') }),
    noteExpiry: assign(({ event }) => ({ expirySeen: outputOf(event, 'invitations.expiry') })),
    close: assign(({ context, event }) => closing(context, statusByRefusal(failureOf(event)))),
    closeAsAccepted: assign(({ context }) => closing(context, 'ACCEPTED')),
    closeAsDeclined: assign(({ context }) => closing(context, 'DECLINED')),
    noteRefusal: assign(({ context }) => refusing(context)),
    keepAcceptance: assign(({ context, event }) => {
      if (context.attempt === null) return {}
      const acceptance = acceptanceOf(context.attempt, outputOf(event, 'invitations.accept'))
      return { acceptedInvitations: withAcceptance(context.acceptedInvitations, acceptance) }
    }),
    keepAcceptanceReadBack: assign(({ context }) =>
      context.attempt === null
        ? {}
        : { acceptedInvitations: withAcceptance(context.acceptedInvitations, acceptanceReadBack(context.attempt)) },
    ),
    endWait: assign(({ context }) => ({ failure: withoutWait(context.failure) })),
    settleAsDone: assign({ attempt: null, failure: null }),
    settleAsNotDone: assign(({ context }) => ({ attempt: null, failure: withoutEffect(context.failure) })),
  },
}).createMachine({
  id: 'invitations',
  description: 'The invitation inbox: accept or decline. What is asked for meanwhile is sent one after the other.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    failure: input?.initialData?.failure ?? null,
    invitations: [...(input?.initialData?.invitations ?? [])],
    unreadableRows: unreadableRowsOf(input?.initialData?.invitations ?? []),
    isRead: input?.initialData?.invitations !== undefined,
    acceptedInvitations: [...(input?.initialData?.acceptedInvitations ?? [])],
    closed: {},
    refusals: {},
    attempt: null,
    notice: null,
    linkedBizId: readBizId(input?.invitationBizId, 'invitationBizId'),
    expirySeen: 0,
    ...emptyQueue,
  }),
  invoke: {
    id: 'invitations.detectRestore',
    src: 'detectRestore',
    input: () => ({ ticket: issueTicket() }),
    onError: {},
  },
  on: {
    restored: {
      actions: 'dropQueue',
      description:
        'A read starts again; a write in progress is read back, not sent again; a wait continues. What was queued was never sent, and is not sent unasked.',
    },
    'invitation.dequeue': { guard: 'isQueued', actions: 'dequeue' },
    'inbox.showAll': { actions: 'endLink' },
  },
  initial: 'starting',
  states: {
    starting: {
      description: 'Initial data is not read again.',
      always: [
        { guard: 'hasFailed', target: 'sortingFailure' },
        { guard: 'isRead', target: 'inbox' },
        { target: 'working' },
      ],
    },

    inbox: {
      tags: 'resting',
      description:
        'The invitations are on screen: first a linked one alone, as long as it is open. `failure` says why the last request failed.',
      entry: 'followLink',
      invoke: {
        id: 'invitations.expiry',
        src: 'deadline',
        input: ({ context }) => ({ at: nextExpiry(context.invitations, context.expirySeen) }),
        onDone: {
          target: 'working',
          actions: 'noteExpiry',
          description: 'One of them expires now by our clock. The inbox is read, because the portal decides.',
        },
        onError: {},
      },
      on: {
        'invitation.accept': [
          { guard: 'mayBeAsked', target: 'choosingNext', actions: ['clearFailure', 'clearNotice', 'enqueue'] },
          {
            actions: 'refuseAttempt',
            description: 'Not listed, expired, handled, or not acceptable according to the portal.',
          },
        ],
        'invitation.decline': [
          { guard: 'mayBeAsked', target: 'choosingNext', actions: ['clearFailure', 'clearNotice', 'enqueue'] },
          { actions: 'refuseAttempt', description: 'Not listed, not open any more, or the reason is too long.' },
        ],
        'inbox.refresh': { target: 'working', actions: ['clearFailure', 'clearNotice'] },
        retry: { target: 'working', actions: ['clearFailure', 'clearNotice'] },
        restored: { target: 'working', actions: 'clearFailure' },
        'step.finish': [{ guard: 'mayLeave', target: 'done' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'mayLeave', target: 'skipped' }, { actions: 'refuseLeaving' }],
      },
    },

    choosingNext: {
      description: 'Carries out what was asked for next. Once nothing is left, it ends if the user wanted to leave.',
      always: [
        {
          guard: 'isNextImpossible',
          target: 'choosingNext',
          reenter: true,
          actions: 'refuseNext',
          description: 'It expired or was handled while it was queued.',
        },
        { guard: 'isNextAcceptance', target: 'working.accepting', actions: 'takeNext' },
        { guard: 'isNextDecline', target: 'working.declining', actions: 'takeNext' },
        { guard: { type: 'mayLeaveNow', params: { as: 'done' } }, target: 'done' },
        { guard: { type: 'mayLeaveNow', params: { as: 'skipped' } }, target: 'skipped' },
        { guard: 'isKeptFromLeaving', target: 'inbox', actions: ['comeToRest', 'refuseLeaving'] },
        { target: 'inbox', actions: 'comeToRest' },
      ],
    },

    working: {
      description: 'The inbox stays usable: what is asked for is queued, and leaving waits until it is done.',
      initial: 'reading',
      states: {
        reading: {
          tags: 'busy',
          invoke: {
            id: 'invitations.read',
            src: 'listInvitations',
            onDone: { target: '#invitations.choosingNext', actions: 'keepInvitations' },
            onError: { target: '#invitations.sortingFailure', actions: 'keepFailure' },
          },
        },

        accepting: {
          invoke: {
            id: 'invitations.accept',
            src: 'acceptInvitation',
            input: ({ context }) => ({
              invitationBizId: present(context.attempt, 'attempt').invitationBizId,
              ticket: issueTicket(),
            }),
            onDone: { target: 'reading', actions: ['keepAcceptance', 'closeAsAccepted', 'settleAsDone'] },
            onError: [
              {
                guard: 'hasUnknownOutcome',
                target: 'reconciling',
                actions: ['keepFailure', 'close'],
                description: 'A refusal that says “already done” may be the reply to a repeat of this request.',
              },
              { guard: 'isExpired', target: 'reading', actions: ['keepFailure', 'close', 'forgetAttempt'] },
              { target: '#invitations.sortingFailure', actions: 'keepFailure' },
            ],
          },
          initial: 'sending',
          states: {
            sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
            steppingUp: {
              tags: 'steppingUp',
              description:
                'The portal demands more proof of who the user is, and the host asks for it. Nothing is sent meanwhile.',
              on: {
                'stepUp.answered': { target: 'sending' },
                'stepUp.cancel': { target: '#invitations.sortingFailure', actions: 'declineStepUp' },
                restored: { target: 'sending', actions: 'dropQueue' },
              },
            },
          },
        },

        declining: {
          invoke: {
            id: 'invitations.decline',
            src: 'declineInvitation',
            input: ({ context }) => ({
              invitationBizId: present(context.attempt, 'attempt').invitationBizId,
              reason: present(context.attempt, 'attempt').reason,
              ticket: issueTicket(),
            }),
            onDone: { target: 'reading', actions: ['closeAsDeclined', 'settleAsDone'] },
            onError: [
              { guard: 'hasUnknownOutcome', target: 'reconciling', actions: ['keepFailure', 'close'] },
              { guard: 'isExpired', target: 'reading', actions: ['keepFailure', 'close', 'forgetAttempt'] },
              { target: '#invitations.sortingFailure', actions: 'keepFailure' },
            ],
          },
          initial: 'sending',
          states: {
            sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
            steppingUp: {
              tags: 'steppingUp',
              description:
                'The portal demands more proof of who the user is, and the host asks for it. Nothing is sent meanwhile.',
              on: {
                'stepUp.answered': { target: 'sending' },
                'stepUp.cancel': { target: '#invitations.sortingFailure', actions: 'declineStepUp' },
                restored: { target: 'sending', actions: 'dropQueue' },
              },
            },
          },
        },

        reconciling: {
          tags: 'busy',
          description: 'The outcome is not known: the inbox shows it.',
          invoke: {
            id: 'invitations.readBack',
            src: 'listInvitations',
            onDone: { target: 'settling', actions: 'keepInvitations' },
            onError: { target: '#invitations.sortingFailure', actions: 'keepReadBackFailure' },
          },
        },

        settling: {
          description: 'Decides the outcome by what was read back.',
          always: [
            {
              guard: 'wasDeclined',
              target: '#invitations.choosingNext',
              actions: ['closeAsDeclined', 'settleAsDone'],
            },
            {
              guard: 'mayDeclineLand',
              target: '#invitations.halted.coolingDown',
              description: 'One read that shows no change settles nothing: the portal may still be working on it.',
            },
            {
              guard: 'isAboutDecline',
              target: '#invitations.choosingNext',
              actions: ['noteRefusal', 'settleAsNotDone'],
            },
            {
              guard: 'inboxSaysAccepted',
              target: '#invitations.choosingNext',
              actions: ['keepAcceptanceReadBack', 'settleAsDone'],
            },
            { guard: 'inboxSaysClosed', target: '#invitations.choosingNext', actions: 'settleAsNotDone' },
            { target: 'reconcilingMembership' },
          ],
        },

        reconcilingMembership: {
          tags: 'busy',
          description: 'The inbox does not show whether the invitation was accepted; membership in its workspace does.',
          invoke: {
            id: 'invitations.readMemberships',
            src: 'listWorkspaces',
            onDone: [
              {
                guard: 'workspacesSayAccepted',
                target: '#invitations.choosingNext',
                actions: ['keepAcceptanceReadBack', 'closeAsAccepted', 'settleAsDone'],
              },
              { guard: 'mayLand', target: '#invitations.halted.coolingDown' },
              { target: '#invitations.choosingNext', actions: ['noteRefusal', 'settleAsNotDone'] },
            ],
            onError: { target: '#invitations.sortingFailure', actions: 'keepReadBackFailure' },
          },
        },
      },
      on: {
        'invitation.accept': { guard: 'mayBeAsked', actions: 'enqueue' },
        'invitation.decline': { guard: 'mayBeAsked', actions: 'enqueue' },
        'step.finish': { guard: 'mayLeaveSoon', actions: 'noteLeaving' },
        'step.skip': { guard: 'mayLeaveSoon', actions: 'noteLeaving' },
      },
    },

    sortingFailure: {
      description: 'Sorts the failure: signed out, wait, back to the user, or `failed`.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut', actions: 'noteUnsent' },
        { guard: 'mustWait', target: 'halted.coolingDown' },
        {
          guard: 'mayLand',
          target: 'halted.coolingDown',
          description: 'Read back once the write can no longer take effect.',
        },
        { guard: 'wasRefused', target: 'working', actions: ['noteRefusal', 'forgetAttempt'] },
        { target: 'halted.failed' },
      ],
    },

    halted: {
      description: '`retry` continues, and sends what is queued. An optional step can be left once nothing is queued.',
      entry: 'stay',
      initial: 'failed',
      states: {
        failed: { tags: 'failed', on: { restored: { target: '#invitations.recovering', actions: 'dropQueue' } } },
        coolingDown: {
          tags: 'coolingDown',
          description:
            'Waits until `failure.retryAt`: the portal asked for it, or the last request may still take effect.',
          invoke: {
            id: 'invitations.coolDown',
            src: 'deadline',
            input: ({ context }) => ({ at: waitsUntil(context.failure) }),
            onDone: { target: '#invitations.recovering', actions: 'endWait' },
            onError: { target: 'failed' },
          },
        },
      },
      on: {
        retry: { target: 'recovering' },
        'step.finish': { guard: 'mayLeave', target: 'done' },
        'step.skip': { guard: 'mayLeave', target: 'skipped' },
      },
    },

    recovering: {
      description: 'Reads back an unresolved write; otherwise reads everything again.',
      always: [
        { guard: 'isWriteUnresolved', target: 'working.reconciling' },
        {
          guard: 'hasMoreToDo',
          target: 'working',
          actions: 'forgetAttempt',
          description: 'It was not sent, or refused for now: that is said once the others are done.',
        },
        { target: 'working', actions: 'clearFailure' },
      ],
    },

    done: { type: 'final', output: { outcome: 'done' } },
    skipped: { type: 'final', output: { outcome: 'skipped' } },
    signedOut: { type: 'final', output: { outcome: 'signedOut' } },
  },
  output: ({ context, event }) => ({
    ...endOf(context, event),
    aimHolds: isInboxClear(context),
    acceptedInvitations: context.acceptedInvitations,
  }),
})

/** What the user asks for; null where the inbox does not have it. */
function wishOf({ invitations }: InvitationsContext, event: InvitationsEvent): InvitationAttempt | null {
  assertEvent(event, ['invitation.accept', 'invitation.decline'])
  const invitation = findInvitation(invitations, event.invitationBizId)
  if (invitation === undefined) return null
  const { invitationBizId, workspaceBizId } = invitation
  if (event.type === 'invitation.accept') return { action: 'accept', invitationBizId, workspaceBizId }
  return { action: 'decline', invitationBizId, workspaceBizId, reason: event.reason }
}

/** The next wish given up, for the reason that the user would have been told. */
function refusingNext(context: InvitationsContext) {
  const [next] = context.queue
  return next === undefined
    ? {}
    : refuseNext(context, refuseInvitation(context.invitations, next.invitationBizId, next.reason))
}

/** The invitation of the attempt taken out of play, now and in every later reading. */
function closing({ attempt, closed, invitations }: InvitationsContext, status: InvitationStatus | null) {
  if (attempt === null || status === null) return {}
  const known = { ...closed, [attempt.invitationBizId]: status }
  return { closed: known, invitations: withClosed(invitations, known) }
}

/** The refusal of the attempt kept; a ghost is out of play as well. */
function refusing(context: InvitationsContext) {
  const { attempt, failure, invitations } = context
  if (attempt === null) return {}
  const refusals = withRefusal(context.refusals, attempt, withoutEffect(failure))
  const invitation = findInvitation(invitations, attempt.invitationBizId)
  const isGhost = invitation !== undefined && ghostRefusal(invitation, refusals) !== null
  return { refusals, ...closing(context, isGhost ? 'REFUSED' : null) }
}

type Chart = typeof chart

/** The type of `invitationsMachine`, named so that the declarations of a host stay short. */
export interface InvitationsMachine extends Chart {}

/**
 * The inbox of invitations: accept them, decline them. Its aim holds when none is left to act on. Its actor slots are
 * empty: take it from `createMachines`, or fill them by `fromRead` and `fromWrite`.
 *
 * @example
 * ```ts
 * const inbox = createActor(machines.invitations).start()
 * await settled(inbox)
 * const [first] = inbox.getSnapshot().context.invitations
 * if (first) inbox.send({ type: 'invitation.accept', invitationBizId: first.invitationBizId })
 * await settled(inbox)
 * inbox.getSnapshot().context.acceptedInvitations.length // => 1
 * ```
 */
export const invitationsMachine: InvitationsMachine = withCheckedSlots(chart)
