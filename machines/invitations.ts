import { assertEvent, assign, setup } from 'xstate'
import {
  clientFailure,
  hasUnknownOutcome,
  isSignedOut,
  isUnsettled,
  mustWait,
  readBackFailure,
  waitsUntil,
  wasRefused,
  withoutEffect,
  withoutWait,
} from '../src/domain/failure.ts'
import {
  type AcceptedInvitation,
  acceptanceOf,
  acceptanceReadBack,
  type ClosedInvitations,
  canBeAccepted,
  canBeDeclined,
  findInvitation,
  ghostRefusal,
  type Invitation,
  type InvitationAttempt,
  type InvitationRefusals,
  type InvitationStatus,
  isDeclineReason,
  isInboxClear,
  isListedAsClosed,
  nextExpiry,
  refuseInvitation,
  statusByRefusal,
  wasAccepted,
  wasDeclined,
  withAcceptance,
  withClosed,
  withRefusal,
} from '../src/domain/invitations.ts'
import { mayLeaveStep, readPolicy } from '../src/domain/policy.ts'
import { present } from '../src/domain/present.ts'
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
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput } from './step.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `invitationsMachine` knows. */
export interface InvitationsContext extends StepContext {
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
  /** When the inbox was read again last because an invitation expired, epoch ms. */
  readonly expirySeen: number
}

/** What `invitationsMachine` takes. */
export type InvitationsEvent =
  | StepEvent
  /** Joins the workspace of an invitation. */
  | { type: 'invitation.accept'; invitationBizId: string }
  /** Declines for good; a reason has at most 500 characters. */
  | { type: 'invitation.decline'; invitationBizId: string; reason?: string }
  /** Reads the inbox again. */
  | { type: 'inbox.refresh' }

/** What `invitationsMachine` starts with. */
export type InvitationsInput = StepInput<{ readonly invitations?: readonly Invitation[] | undefined }>

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
    mayLeave: ({ context }) => mayLeaveStep(context.policy, isInboxClear(context)),
    canBeAccepted: ({ context, event }) => {
      assertEvent(event, 'invitation.accept')
      const invitation = findInvitation(context.invitations, event.invitationBizId)
      return invitation !== undefined && canBeAccepted(invitation)
    },
    canBeDeclined: ({ context, event }) => {
      assertEvent(event, 'invitation.decline')
      const invitation = findInvitation(context.invitations, event.invitationBizId)
      return invitation !== undefined && canBeDeclined(invitation) && isDeclineReason(event.reason)
    },
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
    noteAttempt: assign(({ context, event }) => {
      assertEvent(event, ['invitation.accept', 'invitation.decline'])
      const invitation = findInvitation(context.invitations, event.invitationBizId)
      return invitation === undefined ? {} : { attempt: attemptOn(invitation, event), failure: null }
    }),
    forgetAttempt: assign({ attempt: null }),
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
  description: 'The invitation inbox: accept or decline, one at a time.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    failure: input?.initialData?.failure ?? null,
    invitations: [...(input?.initialData?.invitations ?? [])],
    unreadableRows: unreadableRowsOf(input?.initialData?.invitations ?? []),
    isRead: input?.initialData?.invitations !== undefined,
    acceptedInvitations: [],
    closed: {},
    refusals: {},
    attempt: null,
    expirySeen: 0,
  }),
  invoke: {
    id: 'invitations.detectRestore',
    src: 'detectRestore',
    input: () => ({ ticket: issueTicket() }),
    onError: {},
  },
  on: {
    restored: {
      description: 'A read starts again; a write in progress is read back, not sent again; a wait continues.',
    },
  },
  initial: 'starting',
  states: {
    starting: {
      description: 'Initial data is not read again.',
      always: [
        { guard: 'hasFailed', target: 'sortingFailure' },
        { guard: 'isRead', target: 'inbox' },
        { target: 'reading' },
      ],
    },

    reading: {
      tags: 'busy',
      invoke: {
        id: 'invitations.read',
        src: 'listInvitations',
        onDone: { target: 'inbox', actions: 'keepInvitations' },
        onError: { target: 'sortingFailure', actions: 'keepFailure' },
      },
    },

    inbox: {
      tags: 'resting',
      description: 'The invitations are on screen; `failure` says why the last request failed.',
      invoke: {
        id: 'invitations.expiry',
        src: 'deadline',
        input: ({ context }) => ({ at: nextExpiry(context.invitations, context.expirySeen) }),
        onDone: {
          target: 'reading',
          actions: 'noteExpiry',
          description: 'One of them expires now by our clock. The inbox is read, because the portal decides.',
        },
        onError: {},
      },
      on: {
        'invitation.accept': [
          { guard: 'canBeAccepted', target: 'accepting', actions: 'noteAttempt' },
          {
            actions: 'refuseAttempt',
            description: 'Not listed, expired, handled, or not acceptable according to the portal.',
          },
        ],
        'invitation.decline': [
          { guard: 'canBeDeclined', target: 'declining', actions: 'noteAttempt' },
          { actions: 'refuseAttempt', description: 'Not listed, not open any more, or the reason is too long.' },
        ],
        'inbox.refresh': { target: 'reading', actions: 'clearFailure' },
        retry: { target: 'reading', actions: 'clearFailure' },
        restored: { target: 'reading', actions: 'clearFailure' },
        'step.finish': [{ guard: 'mayLeave', target: 'done' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'mayLeave', target: 'skipped' }, { actions: 'refuseLeaving' }],
      },
    },

    accepting: {
      tags: 'busy',
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
          { target: 'sortingFailure', actions: 'keepFailure' },
        ],
      },
    },

    declining: {
      tags: 'busy',
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
          { target: 'sortingFailure', actions: 'keepFailure' },
        ],
      },
    },

    reconciling: {
      tags: 'busy',
      description: 'The outcome is not known: the inbox shows it.',
      invoke: {
        id: 'invitations.readBack',
        src: 'listInvitations',
        onDone: { target: 'settling', actions: 'keepInvitations' },
        onError: { target: 'sortingFailure', actions: 'keepReadBackFailure' },
      },
    },

    settling: {
      description: 'Decides the outcome by what was read back.',
      always: [
        { guard: 'wasDeclined', target: 'inbox', actions: ['closeAsDeclined', 'settleAsDone'] },
        {
          guard: 'mayDeclineLand',
          target: 'halted.coolingDown',
          description: 'One read that shows no change settles nothing: the portal may still be working on it.',
        },
        { guard: 'isAboutDecline', target: 'inbox', actions: ['noteRefusal', 'settleAsNotDone'] },
        { guard: 'inboxSaysAccepted', target: 'inbox', actions: ['keepAcceptanceReadBack', 'settleAsDone'] },
        { guard: 'inboxSaysClosed', target: 'inbox', actions: 'settleAsNotDone' },
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
            target: 'inbox',
            actions: ['keepAcceptanceReadBack', 'closeAsAccepted', 'settleAsDone'],
          },
          { guard: 'mayLand', target: 'halted.coolingDown' },
          { target: 'inbox', actions: ['noteRefusal', 'settleAsNotDone'] },
        ],
        onError: { target: 'sortingFailure', actions: 'keepReadBackFailure' },
      },
    },

    sortingFailure: {
      description: 'Sorts the failure: signed out, wait, back to the user, or `failed`.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut' },
        { guard: 'mustWait', target: 'halted.coolingDown' },
        {
          guard: 'mayLand',
          target: 'halted.coolingDown',
          description: 'Read back once the write can no longer take effect.',
        },
        { guard: 'wasRefused', target: 'reading', actions: ['noteRefusal', 'forgetAttempt'] },
        { target: 'halted.failed' },
      ],
    },

    halted: {
      description: '`retry` continues; an optional step can also be left.',
      initial: 'failed',
      states: {
        failed: { tags: 'failed', on: { restored: { target: '#invitations.recovering' } } },
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
        { guard: 'isWriteUnresolved', target: 'reconciling' },
        { target: 'reading', actions: 'clearFailure' },
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

function attemptOn(
  { invitationBizId, workspaceBizId }: Invitation,
  event: InvitationsEvent & { type: 'invitation.accept' | 'invitation.decline' },
): InvitationAttempt {
  if (event.type === 'invitation.accept') return { action: 'accept', invitationBizId, workspaceBizId }
  return { action: 'decline', invitationBizId, workspaceBizId, reason: event.reason }
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
