import { assertEvent, assign, setup } from 'xstate'
import {
  clientFailure,
  isSignedOut,
  mustWait,
  outcomeIsOpen,
  readBackFailure,
  waitsUntil,
  wasRefused,
  withoutEffect,
} from '../src/domain/failure.ts'
import { entriesToSend, hasInvalidEntry, type IpWhitelist } from '../src/domain/ip-whitelist.ts'
import { mayLeaveStep, readDuration, readPolicy } from '../src/domain/policy.ts'
import { currentAddress, type Session } from '../src/domain/sessions.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import {
  changeTo,
  confirmable,
  emptiesEnforcedList,
  isEnforced,
  isHalfDone,
  isOurs,
  isRiskOpen,
  locksOut,
  mayBeEnabledAs,
  needsConfirmation,
  needsEnabling,
  needsReplacing,
  sameWhitelist,
  seeToAgainIn,
  type UnconfirmedChange,
  unconfirmedChange,
  undoNeedsDisabling,
  undoNeedsReplacing,
  type WhitelistChange,
  withSavedEntries,
} from '../src/domain/whitelist-change.ts'
import {
  emptyDraft,
  isDraftChanged,
  type WhitelistDraft,
  withCurrentAddress,
  withEntries,
  withEntry,
  withoutEntry,
} from '../src/domain/whitelist-draft.ts'
import { endOf, failureOf, outputOf } from './events.ts'
import {
  alarm,
  disableIpWhitelist,
  enableIpWhitelist,
  getIpWhitelist,
  listSessions,
  readClock,
  replaceIpWhitelist,
  wake,
} from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput } from './step.ts'

export interface IpWhitelistContext extends StepContext, WhitelistDraft {
  /** As the portal showed it last. */
  readonly whitelist: IpWhitelist
  /** Has it been read at all? */
  readonly isRead: boolean
  /** The change asked for, until it is kept, undone or given up. */
  readonly change: WhitelistChange | null
  /** Until when (epoch ms) the change has to be kept, else it is undone; null outside the window. */
  readonly confirmBy: number | null
  readonly confirmWithinMs: number
  /** Is the change being put back? */
  readonly isUndoing: boolean
  /** How often a change that is not settled was seen to again without the user. */
  readonly unattendedTries: number
  /** How the step ends once the change is put back; null where it goes on. */
  readonly leaveAs: 'done' | 'skipped' | null
  /**
   * `changedElsewhere`: someone else changed the list, nothing was overwritten. `changeUndone`: the former list is back.
   * `undoPending`: it is not, the change is in force still.
   */
  readonly notice: 'changedElsewhere' | 'changeUndone' | 'undoPending' | null
}

export type IpWhitelistEvent =
  | StepEvent
  | { type: 'entry.add'; value: string }
  | { type: 'entry.remove'; id: string }
  | { type: 'entries.replace'; values: readonly string[] }
  | { type: 'draft.reset' }
  | { type: 'whitelist.save' }
  /** Saves a changed draft first. */
  | { type: 'whitelist.enable' }
  | { type: 'whitelist.disable' }
  | { type: 'risk.accept' }
  | { type: 'risk.decline' }
  | { type: 'change.keep' }
  | { type: 'change.undo' }

export type IpWhitelistInput =
  | (StepInput<{
      readonly whitelist?: IpWhitelist | undefined
      readonly sessions?: readonly Session[] | undefined
    }> & {
      /** How long a change has to be kept before it is undone, in ms; default 60,000. */
      readonly confirmWithinMs?: number | undefined
    })
  | undefined

export interface IpWhitelistOutput extends StepOutput {
  /** Null where it is not known. */
  readonly ipWhitelistEnabled: boolean | null
  /** A change that may be in force although nobody confirmed it; null where there is none. */
  readonly unconfirmedChange: UnconfirmedChange | null
}

/** A guard on the change that was asked for; without one it does not hold. */
const ofChange =
  (rule: (change: WhitelistChange, context: IpWhitelistContext, event: { type: string }) => boolean) =>
  ({ context, event }: { context: IpWhitelistContext; event: { type: string } }) =>
    context.change !== null && rule(context.change, context, event)

export const ipWhitelistMachine = setup({
  types: {
    context: {} as IpWhitelistContext,
    events: {} as IpWhitelistEvent,
    input: {} as IpWhitelistInput,
    output: {} as IpWhitelistOutput,
    tags: {} as StatusTag,
  },
  actors: {
    wake,
    alarm,
    readClock,
    getIpWhitelist,
    listSessions,
    replaceIpWhitelist,
    enableIpWhitelist,
    disableIpWhitelist,
  },
  guards: {
    isRead: ({ context }) => context.isRead,
    hasFailed: ({ context }) => context.failure !== null,
    isSignedOut: ({ context }) => isSignedOut(context.failure),
    mustWait: ({ context }) => mustWait(context.failure),
    wasRefused: ({ event }) => wasRefused(failureOf(event)),
    outcomeIsOpen: ({ event }) => outcomeIsOpen(failureOf(event)),
    changeIsPending: ({ context }) => context.change?.isSent === true,
    undoIsPending: ({ context }) => context.isUndoing,
    isOptional: ({ context }) => context.policy !== 'require',
    mayLeave: ({ context }) => mayLeaveStep(context.policy, isEnforced(context) === true),
    isSeenToAgain: ofChange(
      ({ isSent }, { failure, isUndoing, unattendedTries }) =>
        (isSent || isUndoing) && seeToAgainIn(failure, unattendedTries) !== null,
    ),
    addressShouldBeTold: ({ context, event }) =>
      context.assessment.currentAddress !== null && !wasRefused(failureOf(event)),
    isText: ({ event }) => {
      assertEvent(event, 'entry.add')
      return typeof event.value === 'string'
    },
    areTexts: ({ event }) => {
      assertEvent(event, 'entries.replace')
      return areTexts(event.values)
    },
    isEnabled: ({ context }) => context.whitelist.enabled,
    hasInvalidEntry: ({ context }) => hasInvalidEntry(context.draft),
    hasNoEntry: ({ context }) => entriesToSend(context.draft).length === 0,
    isDraftChanged: ({ context }) => isDraftChanged(context.draft, context.whitelist),
    isEnableable: ({ context }) => !context.whitelist.enabled || isDraftChanged(context.draft, context.whitelist),
    wasChangedElsewhere: ofChange(({ before }, { whitelist }) => !sameWhitelist(whitelist, before)),
    emptiesEnforcedList: ofChange(emptiesEnforcedList),
    locksOut: ofChange((change, { assessment }) => locksOut(change, assessment.currentAddress)),
    isRiskOpen: ofChange((change, { assessment }) => isRiskOpen(change, assessment.currentAddress)),
    needsReplacing: ofChange(needsReplacing),
    needsEnabling: ofChange(needsEnabling),
    isAsBefore: ofChange(({ before }, { whitelist }) => sameWhitelist(whitelist, before)),
    isAsAsked: ofChange(({ after }, { whitelist }) => sameWhitelist(whitelist, after)),
    isHalfDone: ofChange((change, { whitelist }) => isHalfDone(change, whitelist)),
    needsConfirmation: ofChange((change, { failure, whitelist }) => needsConfirmation(change, whitelist, failure)),
    mayBeEnabled: ofChange((change, { assessment }, event) =>
      mayBeEnabledAs(change, outputOf<IpWhitelist>(event), assessment.currentAddress),
    ),
    isOurs: ofChange((change, { whitelist }) => isOurs(change, whitelist)),
    undoNeedsDisabling: ofChange((change, { whitelist }) => undoNeedsDisabling(change, whitelist)),
    undoNeedsReplacing: ofChange((change, { whitelist }) => undoNeedsReplacing(change, whitelist)),
    leavesAsDone: ({ context }) => context.leaveAs === 'done',
    leavesAsSkipped: ({ context }) => context.leaveAs === 'skipped',
  },
  actions: {
    keepWhitelist: assign(({ context, event }) => {
      const whitelist = outputOf<IpWhitelist>(event)
      const isDraftKept = context.isRead && isDraftChanged(context.draft, context.whitelist)
      return { ...(isDraftKept ? {} : withEntries(context, whitelist.entries)), whitelist, isRead: true }
    }),
    keepAddress: assign(({ context, event }) =>
      withCurrentAddress(context, currentAddress(outputOf<Session[]>(event))),
    ),
    forgetAddress: assign(({ context }) => withCurrentAddress(context, null)),
    addEntry: assign(({ context, event }) => {
      assertEvent(event, 'entry.add')
      return withEntry(context, event.value)
    }),
    removeEntry: assign(({ context, event }) => {
      assertEvent(event, 'entry.remove')
      return withoutEntry(context, event.id)
    }),
    replaceEntries: assign(({ context, event }) => {
      assertEvent(event, 'entries.replace')
      return withEntries(context, event.values)
    }),
    resetDraft: assign(({ context }) => withEntries(context, context.whitelist.entries)),
    clearFailure: assign({ failure: null, notice: null }),
    forgetChange: assign({ change: null, confirmBy: null, isUndoing: false, unattendedTries: 0, leaveAs: null }),
    refuseInvalidEntries: assign({ failure: clientFailure('entriesInvalid', 'invalid', { field: 'entries' }) }),
    refuseNoEntries: assign(({ context }) => ({
      failure: clientFailure(context.whitelist.enabled ? 'emptyEnforced' : 'entriesMissing', 'invalid', {
        field: 'entries',
      }),
    })),
    refuseEmptying: assign({ failure: clientFailure('emptyEnforced', 'invalid', { field: 'entries' }) }),
    refuseLockout: assign({ failure: clientFailure('lockout', 'invalid', { field: 'entries' }) }),
    refuseLeaving: assign({ failure: clientFailure('stepRequired', 'invalid') }),
    refuseUnconfirmed: assign({ failure: clientFailure('unconfirmed', 'invalid') }),
    askToSave: assign(({ context }) => ({
      change: changeTo(context.whitelist, {
        enabled: context.whitelist.enabled,
        entries: entriesToSend(context.draft),
      }),
    })),
    askToEnable: assign(({ context }) => ({
      change: changeTo(context.whitelist, { enabled: true, entries: entriesToSend(context.draft) }),
    })),
    askToDisable: assign(({ context }) => ({
      change: changeTo(context.whitelist, { ...context.whitelist, enabled: false }),
    })),
    acceptRisk: assign(({ context }) => ({ change: context.change && { ...context.change, isRiskAccepted: true } })),
    noteSent: assign(({ context }) => ({ change: context.change && { ...context.change, isSent: true } })),
    noteSaved: assign(({ context, event }) => ({
      change: context.change && withSavedEntries(context.change, outputOf<IpWhitelist>(event)),
    })),
    noteSaveNotSent: assign(({ context }) => ({ change: context.change && { ...context.change, isSent: false } })),
    noteSwitchNotSent: assign(({ context }) => ({
      change: context.change && { ...context.change, isSent: needsReplacing(context.change) },
    })),
    noteUndoSent: assign(({ context }) => ({ change: context.change && { ...context.change, isUndoSent: true } })),
    noteChangedElsewhere: assign({
      notice: 'changedElsewhere',
      failure: clientFailure('changedElsewhere', 'conflict', { field: 'entries' }),
    }),
    noteUndone: assign(({ context }) => ({
      ...withEntries(context, context.whitelist.entries),
      notice: 'changeUndone' as const,
      failure: null,
    })),
    keepFailure: assign(({ event }) => ({ failure: failureOf(event) })),
    keepReadBackFailure: assign(({ context, event }) => ({
      failure:
        context.failure === null
          ? { ...failureOf(event), effect: 'done' as const }
          : readBackFailure(context.failure, failureOf(event)),
    })),
    keepLockedOut: assign(({ event }) => ({ failure: { ...failureOf(event), code: 'client.lockedOut' } })),
    settleAsDone: assign(({ context }) => ({
      // Switching it off says nothing about the entries that are being edited.
      ...(context.change && needsReplacing(context.change) ? withEntries(context, context.whitelist.entries) : {}),
      failure: null,
    })),
    settleAsNotDone: assign(({ context }) => ({
      failure: withoutEffect(context.failure) ?? clientFailure('notDone', 'protocol', { retryable: true }),
    })),
    settleAsHalfDone: assign({ failure: clientFailure('savedNotEnabled', 'conflict', { retryable: true }) }),
    keepWhatIsInForce: assign(({ context }) => ({
      ...withEntries(context, context.whitelist.entries),
      change: context.change && confirmable(context.change, context.whitelist),
      notice:
        context.change && !sameWhitelist(context.whitelist, context.change.after)
          ? ('changedElsewhere' as const)
          : null,
      failure: null,
    })),
    postpone: assign(({ context, event }) => {
      const wait = seeToAgainIn(context.failure, context.unattendedTries)
      if (context.failure === null || wait === null) return {}
      return {
        failure: { ...context.failure, retryAt: outputOf<number>(event) + wait },
        unattendedTries: context.unattendedTries + 1,
        ...(context.isUndoing ? { notice: 'undoPending' as const } : {}),
      }
    }),
    attend: assign({ unattendedTries: 0 }),
    openWindow: assign(({ context, event }) => ({ confirmBy: outputOf<number>(event) + context.confirmWithinMs })),
    beginUndo: assign({ isUndoing: true, failure: null }),
    leaveAsDone: assign({ leaveAs: 'done' }),
    leaveAsSkipped: assign({ leaveAs: 'skipped' }),
  },
}).createMachine({
  id: 'ipWhitelist',
  description: 'From which addresses the account can be signed in to, changed so that nobody locks himself out.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    confirmWithinMs: readDuration(input?.confirmWithinMs, 'confirmWithinMs', 60_000),
    failure: input?.loaded?.failure ?? null,
    ...withCurrentAddress(
      withEntries(emptyDraft, input?.loaded?.whitelist?.entries ?? []),
      currentAddress(input?.loaded?.sessions ?? []),
    ),
    whitelist: input?.loaded?.whitelist ?? { enabled: false, entries: [] },
    isRead: input?.loaded?.whitelist !== undefined && input.loaded.sessions !== undefined,
    change: null,
    confirmBy: null,
    isUndoing: false,
    unattendedTries: 0,
    leaveAs: null,
    notice: null,
  }),
  invoke: { id: 'ipWhitelist.wake', src: 'wake', input: () => ({ ticket: issueTicket() }), onError: {} },
  initial: 'starting',
  states: {
    starting: {
      description: 'What has been read already is not read again.',
      always: [
        { guard: 'hasFailed', target: 'sortingFailure' },
        { guard: 'isRead', target: 'editing' },
        { target: 'reading' },
      ],
    },

    reading: {
      tags: 'busy',
      type: 'parallel',
      states: {
        whitelist: {
          initial: 'asking',
          states: {
            asking: {
              invoke: {
                id: 'ipWhitelist.read',
                src: 'getIpWhitelist',
                onDone: { target: 'told', actions: 'keepWhitelist' },
                onError: { target: '#ipWhitelist.sortingFailure', actions: 'keepFailure' },
              },
            },
            told: { type: 'final' },
          },
        },
        address: {
          initial: 'asking',
          states: {
            asking: {
              invoke: {
                id: 'ipWhitelist.readAddress',
                src: 'listSessions',
                onDone: { target: 'told', actions: 'keepAddress' },
                onError: [
                  { guard: 'addressShouldBeTold', target: 'told' },
                  { target: 'told', actions: 'forgetAddress' },
                ],
              },
            },
            told: { type: 'final' },
          },
        },
      },
      onDone: { target: 'editing' },
    },

    editing: {
      tags: 'resting',
      description: 'The draft is on screen, judged entry by entry; nothing of it is in force before it is saved.',
      on: {
        'entry.add': { guard: 'isText', actions: ['addEntry', 'clearFailure'] },
        'entry.remove': { actions: ['removeEntry', 'clearFailure'] },
        'entries.replace': { guard: 'areTexts', actions: ['replaceEntries', 'clearFailure'] },
        'draft.reset': { actions: ['resetDraft', 'clearFailure'] },
        'whitelist.save': [
          { guard: 'hasInvalidEntry', actions: 'refuseInvalidEntries' },
          { guard: 'isDraftChanged', target: 'checking', actions: ['clearFailure', 'askToSave'] },
        ],
        'whitelist.enable': [
          { guard: 'hasInvalidEntry', actions: 'refuseInvalidEntries' },
          { guard: 'hasNoEntry', actions: 'refuseNoEntries' },
          { guard: 'isEnableable', target: 'checking', actions: ['clearFailure', 'askToEnable'] },
        ],
        'whitelist.disable': { guard: 'isEnabled', target: 'disabling', actions: ['clearFailure', 'askToDisable'] },
        retry: { target: 'reading', actions: 'clearFailure' },
        resumed: { target: 'reading', actions: 'clearFailure' },
        'step.finish': [{ guard: 'mayLeave', target: 'done' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'mayLeave', target: 'skipped' }, { actions: 'refuseLeaving' }],
      },
    },

    checking: {
      tags: 'busy',
      description: 'Read afresh before anything is written: the list may have been changed elsewhere, the address too.',
      type: 'parallel',
      states: {
        whitelist: {
          initial: 'asking',
          states: {
            asking: {
              invoke: {
                id: 'ipWhitelist.check',
                src: 'getIpWhitelist',
                onDone: { target: 'told', actions: 'keepWhitelist' },
                onError: { target: '#ipWhitelist.sortingFailure', actions: ['keepFailure', 'forgetChange'] },
              },
            },
            told: { type: 'final' },
          },
        },
        address: {
          initial: 'asking',
          states: {
            asking: {
              invoke: {
                id: 'ipWhitelist.checkAddress',
                src: 'listSessions',
                onDone: { target: 'told', actions: 'keepAddress' },
                onError: [
                  {
                    guard: 'addressShouldBeTold',
                    target: '#ipWhitelist.sortingFailure',
                    actions: ['keepFailure', 'forgetChange'],
                    description: 'It was told before: a bad moment is no reason to ask the user to take a risk.',
                  },
                  { target: 'told', actions: 'forgetAddress' },
                ],
              },
            },
            told: { type: 'final' },
          },
        },
      },
      onDone: { target: 'judging' },
    },

    judging: {
      description: 'What is judged is the list that would be in force, against the address of this session.',
      always: [
        { guard: 'wasChangedElsewhere', target: 'editing', actions: ['forgetChange', 'noteChangedElsewhere'] },
        { guard: 'emptiesEnforcedList', target: 'editing', actions: ['forgetChange', 'refuseEmptying'] },
        { guard: 'locksOut', target: 'editing', actions: ['forgetChange', 'refuseLockout'] },
        { guard: 'isRiskOpen', target: 'confirmingRisk' },
        { guard: 'needsReplacing', target: 'saving' },
        { guard: 'needsEnabling', target: 'enabling' },
        { target: 'editing', actions: 'forgetChange' },
      ],
    },

    confirmingRisk: {
      tags: 'resting',
      description: 'The portal did not say from which address: whether the user would be locked out is not known.',
      on: {
        'risk.accept': {
          target: 'checking',
          actions: 'acceptRisk',
          description: 'The question may have stood for long: what it was asked about is read once more.',
        },
        'risk.decline': { target: 'editing', actions: 'forgetChange' },
        resumed: { target: 'reading', actions: 'forgetChange' },
        'step.finish': [{ guard: 'mayLeave', target: 'done', actions: 'forgetChange' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'mayLeave', target: 'skipped', actions: 'forgetChange' }, { actions: 'refuseLeaving' }],
      },
    },

    saving: {
      tags: 'busy',
      entry: 'noteSent',
      invoke: {
        id: 'ipWhitelist.save',
        src: 'replaceIpWhitelist',
        input: ({ context }) => ({ entries: context.change?.after.entries ?? [], ticket: issueTicket() }),
        onDone: [
          {
            guard: 'mayBeEnabled',
            target: 'enabling',
            actions: 'noteSaved',
            description: 'What the portal says it has saved still lets the user in.',
          },
          { target: 'readingBack', actions: 'noteSaved' },
        ],
        onError: [
          { guard: 'outcomeIsOpen', target: 'readingBack', actions: 'keepFailure' },
          { guard: 'wasRefused', target: 'readingBack', actions: 'keepFailure' },
          { target: 'sortingFailure', actions: ['keepFailure', 'noteSaveNotSent'] },
        ],
      },
    },

    enabling: {
      tags: 'busy',
      entry: 'noteSent',
      invoke: {
        id: 'ipWhitelist.enable',
        src: 'enableIpWhitelist',
        input: () => ({ ticket: issueTicket() }),
        onDone: { target: 'readingBack' },
        onError: [
          { guard: 'outcomeIsOpen', target: 'readingBack', actions: 'keepFailure' },
          { guard: 'wasRefused', target: 'readingBack', actions: 'keepFailure' },
          { target: 'sortingFailure', actions: ['keepFailure', 'noteSwitchNotSent'] },
        ],
      },
    },

    disabling: {
      tags: 'busy',
      entry: 'noteSent',
      invoke: {
        id: 'ipWhitelist.disable',
        src: 'disableIpWhitelist',
        input: () => ({ ticket: issueTicket() }),
        onDone: { target: 'readingBack' },
        onError: [
          { guard: 'outcomeIsOpen', target: 'readingBack', actions: 'keepFailure' },
          { guard: 'wasRefused', target: 'readingBack', actions: 'keepFailure' },
          { target: 'sortingFailure', actions: ['keepFailure', 'noteSwitchNotSent'] },
        ],
      },
    },

    readingBack: {
      tags: 'busy',
      description: 'Saved is what the portal shows, whatever it answered, or did not.',
      invoke: {
        id: 'ipWhitelist.readBack',
        src: 'getIpWhitelist',
        onDone: { target: 'settling', actions: 'keepWhitelist' },
        onError: { target: 'sortingFailure', actions: 'keepReadBackFailure' },
      },
    },

    settling: {
      description: 'What came of the change, by what the portal shows.',
      always: [
        { guard: 'isAsBefore', target: 'editing', actions: ['settleAsNotDone', 'forgetChange'] },
        { guard: 'needsConfirmation', target: 'openingWindow', actions: 'keepWhatIsInForce' },
        { guard: 'isAsAsked', target: 'editing', actions: ['settleAsDone', 'forgetChange'] },
        {
          guard: 'isHalfDone',
          target: 'editing',
          actions: ['settleAsHalfDone', 'forgetChange'],
          description: 'Saved but not enabled: it can be enabled again.',
        },
        {
          target: 'editing',
          actions: ['forgetChange', 'noteChangedElsewhere'],
          description: 'Neither as before nor as asked: someone else was at it, and the draft waits beside that.',
        },
      ],
    },

    openingWindow: {
      tags: 'busy',
      description:
        'A lockout would show at the next login only: from now on the change has to be kept, or it is undone.',
      invoke: {
        id: 'ipWhitelist.openWindow',
        src: 'readClock',
        onDone: { target: 'awaitingConfirmation', actions: 'openWindow' },
        onError: { target: 'undoing', actions: 'beginUndo' },
      },
    },

    awaitingConfirmation: {
      tags: 'resting',
      description: 'The change is in force until `confirmBy`, for good once it is kept.',
      invoke: {
        id: 'ipWhitelist.window',
        src: 'alarm',
        input: ({ context }) => ({ at: context.confirmBy }),
        onDone: { target: 'undoing', actions: 'beginUndo' },
        onError: { target: 'undoing', actions: 'beginUndo' },
      },
      on: {
        'change.keep': { target: 'editing', actions: ['forgetChange', 'clearFailure'] },
        'change.undo': { target: 'undoing', actions: 'beginUndo' },
        'step.finish': [
          { guard: 'isOptional', target: 'undoing', actions: ['leaveAsDone', 'beginUndo'] },
          { actions: 'refuseUnconfirmed' },
        ],
        'step.skip': [
          { guard: 'isOptional', target: 'undoing', actions: ['leaveAsSkipped', 'beginUndo'] },
          { actions: 'refuseUnconfirmed' },
        ],
      },
    },

    undoing: {
      description: 'The former list and switch are put back, unless someone else changed them meanwhile.',
      initial: 'checking',
      states: {
        checking: {
          tags: 'busy',
          invoke: {
            id: 'ipWhitelist.checkUndo',
            src: 'getIpWhitelist',
            onDone: { target: 'judging', actions: 'keepWhitelist' },
            onError: [
              {
                guard: 'wasRefused',
                target: 'puttingBack',
                description: 'Perhaps the lockout bites already: then the undo is the only way out.',
              },
              { target: '#ipWhitelist.sortingFailure', actions: 'keepFailure' },
            ],
          },
        },
        judging: {
          always: [
            { guard: 'isAsBefore', target: 'undone' },
            { guard: 'isOurs', target: 'puttingBack' },
            { target: '#ipWhitelist.editing', actions: ['forgetChange', 'noteChangedElsewhere'] },
          ],
        },
        puttingBack: {
          always: [
            {
              guard: 'undoNeedsDisabling',
              target: 'disabling',
              description: 'First of all, so that nobody is locked out.',
            },
            { target: 'replacing' },
          ],
        },
        disabling: {
          tags: 'busy',
          entry: 'noteUndoSent',
          invoke: {
            id: 'ipWhitelist.undoEnable',
            src: 'disableIpWhitelist',
            input: () => ({ ticket: issueTicket() }),
            onDone: [{ guard: 'undoNeedsReplacing', target: 'replacing' }, { target: 'readingBack' }],
            onError: [
              { guard: 'outcomeIsOpen', target: 'readingBack', actions: 'keepFailure' },
              { guard: 'wasRefused', target: '#ipWhitelist.sortingFailure', actions: 'keepLockedOut' },
              { target: '#ipWhitelist.sortingFailure', actions: 'keepFailure' },
            ],
          },
        },
        replacing: {
          tags: 'busy',
          entry: 'noteUndoSent',
          invoke: {
            id: 'ipWhitelist.undoSave',
            src: 'replaceIpWhitelist',
            input: ({ context }) => ({
              entries: context.change?.before.entries ?? [],
              asListed: true,
              ticket: issueTicket(),
            }),
            onDone: { target: 'readingBack' },
            onError: [
              { guard: 'outcomeIsOpen', target: 'readingBack', actions: 'keepFailure' },
              { guard: 'wasRefused', target: '#ipWhitelist.sortingFailure', actions: 'keepLockedOut' },
              { target: '#ipWhitelist.sortingFailure', actions: 'keepFailure' },
            ],
          },
        },
        readingBack: {
          tags: 'busy',
          invoke: {
            id: 'ipWhitelist.readUndoBack',
            src: 'getIpWhitelist',
            onDone: { target: 'settling', actions: 'keepWhitelist' },
            onError: { target: '#ipWhitelist.sortingFailure', actions: 'keepReadBackFailure' },
          },
        },
        settling: {
          always: [
            { guard: 'isAsBefore', target: 'undone' },
            { target: '#ipWhitelist.sortingFailure', actions: 'settleAsNotDone' },
          ],
        },
        undone: {
          always: [
            { guard: 'leavesAsDone', target: '#ipWhitelist.done', actions: ['noteUndone', 'forgetChange'] },
            { guard: 'leavesAsSkipped', target: '#ipWhitelist.skipped', actions: ['noteUndone', 'forgetChange'] },
            { target: '#ipWhitelist.editing', actions: ['noteUndone', 'forgetChange'] },
          ],
        },
      },
    },

    sortingFailure: {
      description: 'Where a failure leads: out, into a wait, back to where the user was, or to `failed`.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut' },
        { guard: 'mustWait', target: 'coolingDown' },
        { guard: 'isSeenToAgain', target: 'postponing' },
        { target: 'failed' },
      ],
    },

    postponing: {
      tags: 'busy',
      description:
        'A change that may be in force must not wait for a user who may be gone: it is seen to again by itself.',
      invoke: {
        id: 'ipWhitelist.postpone',
        src: 'readClock',
        onDone: { target: 'coolingDown', actions: 'postpone' },
        onError: { target: 'failed' },
      },
    },

    failed: {
      tags: 'failed',
      description: 'It goes on with `retry`; a step that is not required can be left as well.',
      on: {
        retry: [
          { guard: 'undoIsPending', target: 'undoing', actions: ['attend', 'beginUndo'] },
          { guard: 'changeIsPending', target: 'readingBack', actions: 'attend' },
          { target: 'reading', actions: ['clearFailure', 'forgetChange'] },
        ],
        'step.finish': { guard: 'mayLeave', target: 'done' },
        'step.skip': { guard: 'mayLeave', target: 'skipped' },
      },
    },

    coolingDown: {
      tags: 'coolingDown',
      description: 'Until `failure.retryAt`: the portal asked for it, or a change is seen to again then.',
      invoke: {
        id: 'ipWhitelist.coolDown',
        src: 'alarm',
        input: ({ context }) => ({ at: waitsUntil(context.failure) }),
        onDone: [
          { guard: 'undoIsPending', target: 'undoing', actions: 'beginUndo' },
          { guard: 'changeIsPending', target: 'readingBack' },
          { target: 'reading', actions: ['clearFailure', 'forgetChange'] },
        ],
        onError: { target: 'failed' },
      },
      on: {
        retry: [
          { guard: 'undoIsPending', target: 'undoing', actions: ['attend', 'beginUndo'] },
          { guard: 'changeIsPending', target: 'readingBack', actions: 'attend' },
          { target: 'reading', actions: ['clearFailure', 'forgetChange'] },
        ],
        'step.finish': { guard: 'mayLeave', target: 'done' },
        'step.skip': { guard: 'mayLeave', target: 'skipped' },
      },
    },

    done: { type: 'final', output: { outcome: 'done' } },
    skipped: { type: 'final', output: { outcome: 'skipped' } },
    signedOut: { type: 'final', output: { outcome: 'signedOut' } },
  },
  output: ({ context, event }) => ({
    ...endOf(context, event),
    aimHolds: isEnforced(context) === true,
    ipWhitelistEnabled: isEnforced(context),
    unconfirmedChange: unconfirmedChange(context),
  }),
})

const areTexts = (values: unknown) => Array.isArray(values) && values.every((value) => typeof value === 'string')
