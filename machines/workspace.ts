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
import type { AcceptedInvitation } from '../src/domain/invitations.ts'
import { resolveRoute, routeWithoutWorkspaces } from '../src/domain/next-action.ts'
import { mayLeaveStep, readPolicy } from '../src/domain/policy.ts'
import { present } from '../src/domain/present.ts'
import { unreadableRowsOf } from '../src/domain/rows.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import {
  choiceVerdict,
  isChoiceOpen,
  isDefaultWorkspace,
  type Route,
  refuseChoice,
  type Workspace,
} from '../src/domain/workspaces.ts'
import { endOf, failureOf, resultsOf } from './events.ts'
import { deadline, detectRestore, listWorkspaces, setDefaultWorkspace } from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput, StepUpEvent } from './step.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `workspaceMachine` knows. */
export interface WorkspaceContext extends StepContext {
  /** The workspaces, as they were read last. */
  readonly workspaces: readonly Workspace[]
  /** How many more rows the list had that cannot be read. */
  readonly unreadableRows: number
  /** Were the workspaces read? Nothing is known before. */
  readonly isRead: boolean
  /** The invitations that were accepted in this flow; the last one may decide the route. */
  readonly acceptedInvitations: readonly AcceptedInvitation[]
  /** Where to take the user; null while the user has to choose. */
  readonly route: Route | null
  /** The workspace that is being made the default, or whose outcome is unknown; otherwise null. */
  readonly newDefault: string | null
}

/** What `workspaceMachine` takes. */
export type WorkspaceEvent =
  | StepEvent
  | StepUpEvent
  /** Enters a workspace. `makeDefault` also makes it the account's default. */
  | { type: 'workspace.choose'; workspaceBizId: string; makeDefault?: boolean }

/** What `workspaceMachine` starts with. */
export type WorkspaceInput = StepInput<{
  readonly workspaces?: readonly Workspace[] | undefined
  readonly acceptedInvitations?: readonly AcceptedInvitation[] | undefined
}>

/** What `workspaceMachine` ends with. */
export interface WorkspaceOutput extends StepOutput {
  /** Where to take the user. */
  readonly route: Route
}

const actors = { detectRestore, deadline, listWorkspaces, setDefaultWorkspace }

/** What each invoke runs. */
type WorkspaceInvokes = {
  'workspace.detectRestore': 'detectRestore'
  'workspace.read': 'listWorkspaces'
  'workspace.setDefault': 'setDefaultWorkspace'
  'workspace.readBack': 'listWorkspaces'
  'workspace.coolDown': 'deadline'
}

const { outputOf } = resultsOf<typeof actors, WorkspaceInvokes>()

const chart = setup({
  types: {
    context: {} as WorkspaceContext,
    events: {} as WorkspaceEvent,
    input: {} as WorkspaceInput | undefined,
    output: {} as WorkspaceOutput,
    tags: {} as StatusTag,
    children: {} as WorkspaceInvokes,
  },
  schemas: { context: 'workspace' },
  actors,
  guards: {
    isRead: ({ context }) => context.isRead,
    hasFailed: ({ context }) => context.failure !== null,
    isSignedOut: ({ context }) => isSignedOut(context.failure),
    mustWait: ({ context }) => mustWait(context.failure),
    wasRefused: ({ context }) => context.newDefault !== null && wasRefused(context.failure),
    hasUnknownOutcome: ({ event }) => hasUnknownOutcome(failureOf(event)),
    isWriteUnresolved: ({ context }) => context.newDefault !== null && hasUnknownOutcome(context.failure),
    mayLand: ({ context }) => isUnsettled(context.failure),
    mayLeave: ({ context }) => mayLeaveStep(context.policy, context.route !== null),
    isChoiceOpen: ({ context }) => isChoiceOpen(context.workspaces, context.route),
    isRouteClear: ({ context }) => routeOf(context) !== null,
    isRouted: ({ context }) => context.route !== null,
    isNewDefault: ({ context, event }) => {
      assertEvent(event, 'workspace.choose')
      return choiceVerdict(context.workspaces, event) === 'newDefault'
    },
    isEnterable: ({ context, event }) => {
      assertEvent(event, 'workspace.choose')
      return choiceVerdict(context.workspaces, event) === 'enterable'
    },
    isDefaultNow: ({ context }) => isDefaultWorkspace(context.workspaces, context.newDefault),
  },
  actions: {
    keepWorkspaces: assign(({ event }) => {
      const workspaces = outputOf(event, 'workspace.read', 'workspace.readBack')
      return { workspaces: [...workspaces], unreadableRows: unreadableRowsOf(workspaces), isRead: true }
    }),
    resolveRoute: assign(({ context }) => ({ route: routeOf(context) })),
    keepChoice: assign(({ event }) => {
      assertEvent(event, 'workspace.choose')
      const { workspaceBizId } = event
      return { route: { to: 'workspace', workspaceBizId, reason: 'chosen' } as const, failure: null }
    }),
    beginDefault: assign(({ event }) => {
      assertEvent(event, 'workspace.choose')
      return { newDefault: event.workspaceBizId }
    }),
    refuseChoice: assign(({ context, event }) => {
      assertEvent(event, 'workspace.choose')
      return { failure: refuseChoice(context.workspaces, event) }
    }),
    keepFailure: assign(({ event }) => ({ failure: failureOf(event) })),
    keepReadBackFailure: assign(({ context, event }) => ({
      failure: readBackFailure(context.failure, failureOf(event)),
    })),
    declineStepUp: assign({ failure: stepUpDeclined }),
    clearFailure: assign({ failure: null, newDefault: null }),
    forgetDefault: assign({ newDefault: null }),
    endWait: assign(({ context }) => ({ failure: withoutWait(context.failure) })),
    settleAsNotDone: assign(({ context }) => ({ newDefault: null, failure: withoutEffect(context.failure) })),
    refuseLeaving: assign({ failure: clientFailure('stepRequired', 'invalid') }),
  },
}).createMachine({
  id: 'workspace',
  description: 'Which workspace to enter: the portal or the user decides.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    failure: input?.initialData?.failure ?? null,
    workspaces: [...(input?.initialData?.workspaces ?? [])],
    unreadableRows: unreadableRowsOf(input?.initialData?.workspaces ?? []),
    isRead: input?.initialData?.workspaces !== undefined,
    acceptedInvitations: input?.initialData?.acceptedInvitations ?? [],
    route: null,
    newDefault: null,
  }),
  invoke: {
    id: 'workspace.detectRestore',
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
        { guard: 'isRead', target: 'routing' },
        { target: 'reading' },
      ],
    },

    reading: {
      tags: 'busy',
      invoke: {
        id: 'workspace.read',
        src: 'listWorkspaces',
        onDone: { target: 'routing', actions: 'keepWorkspaces' },
        onError: { target: 'sortingFailure', actions: 'keepFailure' },
      },
    },

    routing: {
      description: 'By the last acceptance, otherwise by the list of workspaces.',
      always: [
        { guard: 'isChoiceOpen', target: 'atRest.routed', description: 'The user has already chosen.' },
        { guard: 'isRouteClear', target: 'atRest.routed', actions: 'resolveRoute' },
        { target: 'atRest.choosing', actions: 'resolveRoute' },
      ],
    },

    atRest: {
      tags: 'resting',
      initial: 'routed',
      states: {
        routed: { description: '`route` is where to go; another workspace can still be chosen.' },
        choosing: { description: 'Several can be entered, so the user chooses.' },
      },
      on: {
        'workspace.choose': [
          { guard: 'isNewDefault', target: 'settingDefault', actions: ['keepChoice', 'beginDefault'] },
          { guard: 'isEnterable', target: 'done', actions: 'keepChoice' },
          { actions: 'refuseChoice', description: 'Not listed, cannot be entered, or cannot be the default.' },
        ],
        retry: { target: 'reading', actions: 'clearFailure' },
        restored: { target: 'reading', actions: 'clearFailure' },
        'step.finish': [{ guard: 'mayLeave', target: 'done' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'mayLeave', target: 'skipped' }, { actions: 'refuseLeaving' }],
      },
    },

    settingDefault: {
      invoke: {
        id: 'workspace.setDefault',
        src: 'setDefaultWorkspace',
        input: ({ context }) => ({ workspaceBizId: present(context.newDefault, 'newDefault'), ticket: issueTicket() }),
        onDone: { target: 'done', actions: 'forgetDefault' },
        onError: [
          { guard: 'hasUnknownOutcome', target: 'reconciling', actions: 'keepFailure' },
          { target: 'sortingFailure', actions: 'keepFailure' },
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
            'stepUp.cancel': { target: '#workspace.sortingFailure', actions: 'declineStepUp' },
            restored: { target: 'sending' },
          },
        },
      },
    },

    reconciling: {
      tags: 'busy',
      description: 'It is not known whether it became the default: the list of workspaces shows it.',
      invoke: {
        id: 'workspace.readBack',
        src: 'listWorkspaces',
        onDone: { target: 'settling', actions: 'keepWorkspaces' },
        onError: { target: 'sortingFailure', actions: 'keepReadBackFailure' },
      },
    },

    settling: {
      description: 'Decides the outcome by what was read back.',
      always: [
        { guard: 'isDefaultNow', target: 'done', actions: 'clearFailure' },
        {
          guard: 'mayLand',
          target: 'halted.coolingDown',
          description: 'One read that shows no change settles nothing: the portal may still be working on it.',
        },
        { target: 'atRest.routed', actions: 'settleAsNotDone' },
      ],
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
        {
          guard: 'wasRefused',
          target: 'atRest.routed',
          actions: 'forgetDefault',
          description: 'The choice stands; only the default could not be changed.',
        },
        { target: 'halted.failed' },
      ],
    },

    halted: {
      description: '`retry` continues; an optional step can also be left.',
      initial: 'failed',
      states: {
        failed: {
          tags: 'failed',
          on: {
            restored: [
              { guard: 'isWriteUnresolved', target: '#workspace.reconciling' },
              { target: '#workspace.reading', actions: 'clearFailure' },
            ],
          },
        },
        coolingDown: {
          tags: 'coolingDown',
          description: 'Waits until `failure.retryAt`: the portal asked for it, or the default may still change.',
          invoke: {
            id: 'workspace.coolDown',
            src: 'deadline',
            input: ({ context }) => ({ at: waitsUntil(context.failure) }),
            onDone: { target: '#workspace.recovering', actions: 'endWait' },
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
        { guard: 'isRouted', target: 'atRest.routed', actions: 'clearFailure' },
        { target: 'reading', actions: 'clearFailure' },
      ],
    },

    done: { type: 'final', output: { outcome: 'done' } },
    skipped: { type: 'final', output: { outcome: 'skipped' } },
    signedOut: { type: 'final', output: { outcome: 'signedOut' } },
  },
  output: ({ context, event }) => ({
    ...endOf(context, event),
    aimHolds: context.route !== null,
    route: context.route ?? routeWithoutChoice(context),
  }),
})

/** The list was seen and nothing chosen: then the host decides. Never seen: then the portal's `nextAction` alone decides. */
const routeWithoutChoice = ({ isRead, acceptedInvitations }: WorkspaceContext): Route =>
  isRead ? { to: 'unresolved' } : routeWithoutWorkspaces(acceptedInvitations)

const routeOf = ({ workspaces, unreadableRows, acceptedInvitations }: WorkspaceContext) =>
  resolveRoute({ workspaces, unreadableRows, accepted: acceptedInvitations })

type Chart = typeof chart

/** The type of `workspaceMachine`, named so that the declarations of a host stay short. */
export interface WorkspaceMachine extends Chart {}

/**
 * Where to go next: by an accepted invitation, the default workspace, or the user's choice. It always ends with a
 * `Route`. Its actor slots are empty: take it from `createMachines`, or fill them by `fromRead` and `fromWrite`.
 *
 * @example
 * ```ts
 * const workspace = createActor(machines.workspace, { input: { policy: 'show' } }).start()
 * await settled(workspace)
 * workspace.send({ type: 'workspace.choose', workspaceBizId: 'WS_LAB_001' })
 * workspace.getSnapshot().output?.route // => { to: 'workspace', workspaceBizId: 'WS_LAB_001', reason: 'chosen' }
 * ```
 */
export const workspaceMachine: WorkspaceMachine = withCheckedSlots(chart)
