import { assertEvent, assign, setup } from 'xstate'
import { systemClock } from '../src/domain/clock.ts'
import { type Consent, consentTo } from '../src/domain/consent.ts'
import {
  answeredReadBackFailure,
  clientFailure,
  type Failure,
  hasUnknownOutcome,
  isSignedOut,
  isUnsettled,
  lacksProof,
  mustWait,
  notDone,
  stepUpDeclined,
  waitsUntil,
  wasRefused,
  withoutEffect,
  withoutWait,
} from '../src/domain/failure.ts'
import type { IpWhitelist } from '../src/domain/ip-whitelist.ts'
import {
  isWhitelist,
  mayLeaveStep,
  type Policy,
  readDuration,
  readPolicy,
  readWhitelist,
} from '../src/domain/policy.ts'
import { addressesOf, noAddresses, type SessionAddresses } from '../src/domain/session-addresses.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import {
  changeTo,
  emptiesEnforcedList,
  hasLanded,
  isEnforced,
  isHalfDone,
  isRiskOpen,
  isSent,
  isUndone,
  locksOut,
  mayBeEnabled,
  mayBeInForce,
  mustNotBeInForce,
  needsConfirmation,
  needsEnabling,
  needsReplacing,
  onlyDisables,
  revisedTo,
  sameWhitelist,
  type UnconfirmedChange,
  unattendedRetryWait,
  unconfirmedChange,
  undoNeedsDisabling,
  undoNeedsReplacing,
  undoneTo,
  type WhitelistChange,
  wasRefusedAsAWhole,
  withEntriesSent,
  withEntriesUnsent,
  withSavedEntries,
  withSwitchSent,
  withSwitchUnsent,
} from '../src/domain/whitelist-change.ts'
import { failureOf, resultsOf } from './events.ts'
import {
  deadline,
  detectRestore,
  disableIpWhitelist,
  enableIpWhitelist,
  getIpWhitelist,
  listSessions,
  replaceIpWhitelist,
} from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepOutput, StepUpEvent } from './step.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `whitelistChangeMachine` knows. */
export interface WhitelistChangeContext extends StepContext {
  /** The change: the lists before and after it, and what was sent. */
  readonly change: WhitelistChange
  /** As the portal showed it last. */
  readonly whitelist: IpWhitelist
  /** Does the portal refuse to show it? Then `whitelist` is out of date. */
  readonly isHidden: boolean
  /** Where the user is signed in from, as the sessions told it last. */
  readonly addresses: SessionAddresses
  /** To a risk, for one list; gone once this is restored. */
  readonly consent: Consent | null
  /** Was the change asked for in this run of the page? */
  readonly isAskedHere: boolean
  /** How long it waits for its confirmation before it is undone, in ms. */
  readonly confirmWithinMs: number
  /** When the clock was looked at last, epoch ms. */
  readonly now: number
  /** Until when (epoch ms) the change has to be kept, else it is undone; null outside the window, and where the undo needs the user. */
  readonly confirmBy: number | null
  /** Is the change being put back? */
  readonly isUndoing: boolean
  /** Did the portal say that it has put it back? */
  readonly isUndoAccepted: boolean
  /** Did the user ask for the undo, so that there is somebody to answer a question? */
  readonly isAttended: boolean
  /** Until when (epoch ms) a write of ours may still land after it was undone; null where none can. */
  readonly mayLandUntil: number | null
  /** How often a change that is not settled was seen to again without the user. */
  readonly unattendedTries: number
  /** How the step ends after the change; null where it goes on. */
  readonly leaveAs: 'done' | 'skipped' | null
  /**
   * `changedElsewhere`: someone else changed the list meanwhile. `changeUndone`: the former list is back. `ownPartUndone`: what was
   * ours is, beside what someone else changed. `undoPending`: it is not, the change is in force still. `lockoutSuspected`: the portal
   * refuses everything since the change, which is being undone.
   */
  readonly notice: 'changedElsewhere' | 'changeUndone' | 'ownPartUndone' | 'undoPending' | 'lockoutSuspected' | null
}

/** What `whitelistChangeMachine` takes. */
export type WhitelistChangeEvent =
  | StepEvent
  | StepUpEvent
  /** Goes ahead though it is not known whether the list would lock the user out. */
  | { type: 'risk.accept' }
  /** Goes back instead. */
  | { type: 'risk.decline' }
  /** Confirms the change. */
  | { type: 'change.keep' }
  /** Puts the former list back. */
  | { type: 'change.undo' }
  /** From the editor: another change in the place of this one, while it waits to be kept. */
  | { type: 'change.revise'; wish: IpWhitelist }

/** What `whitelistChangeMachine` starts with. */
export interface WhitelistChangeInput {
  /** Default `offer`. */
  readonly policy?: Policy | undefined
  /** How long the change waits for its confirmation before it is undone, in ms; default 60,000. */
  readonly confirmWithinMs?: number | undefined
  /** The list as the user saw it. */
  readonly whitelist: IpWhitelist
  /** The list as the user wants it. */
  readonly wish: IpWhitelist
  /** Where the user is signed in from, as the sessions told it last. */
  readonly addresses?: SessionAddresses | undefined
}

/** What `whitelistChangeMachine` ends with. */
export interface WhitelistChangeOutput {
  /**
   * `kept`: it is in force for good, or is not enforced. `undone`: it was put back. `refused`: nothing of it is in force; `failure` says
   * why, null where the user gave it up. `changedElsewhere`: someone else was at the list. `interrupted`: it was not begun, for want
   * of a connection or because the portal asks to wait. `abandoned`: nor was it because the page was loaded anew. `unconfirmed`: it
   * was left while it may be in force. `signedOut`: the session ended.
   */
  readonly outcome:
    | 'kept'
    | 'undone'
    | 'refused'
    | 'changedElsewhere'
    | 'interrupted'
    | 'abandoned'
    | 'unconfirmed'
    | 'signedOut'
  /** How the step ends after the change; null where it continues. */
  readonly leaveAs: WhitelistChangeContext['leaveAs']
  /** The list as the portal showed it last. */
  readonly whitelist: IpWhitelist
  /** Where the user is signed in from, as the sessions told it last. */
  readonly addresses: SessionAddresses
  /** What to tell the user, for `noticeText`; null if there is nothing to tell. */
  readonly notice: WhitelistChangeContext['notice']
  /** Why it was refused, interrupted or left; null if nothing failed. */
  readonly failure: StepOutput['failure']
  /** The change, if it may be in force though nobody confirmed it; otherwise null. */
  readonly unconfirmedChange: UnconfirmedChange | null
}

const addressIn = ({ addresses }: WhitelistChangeContext) => addresses.current
/** Was the one waited for by waiting for the other? Null is nothing to wait for. */
const isOver = (time: number | null, waitedFor: number | null) =>
  time !== null && waitedFor !== null && waitedFor >= time
/** Is nothing of ours left, as far as the portal shows it? */
const isUndoneIn = ({ change, isHidden, whitelist }: WhitelistChangeContext) => !isHidden && isUndone(change, whitelist)
/** For want of proof, which the user can still give, nobody is locked out. */
const lockedOut = (failure: Failure): Failure =>
  lacksProof(failure) ? failure : { ...failure, code: 'client.lockedOut' }
const shownIn = ({ isHidden, whitelist }: WhitelistChangeContext) => (isHidden ? null : whitelist)

const actors = {
  detectRestore,
  deadline,
  getIpWhitelist,
  listSessions,
  replaceIpWhitelist,
  enableIpWhitelist,
  disableIpWhitelist,
}

/** What each invoke runs. */
type WhitelistChangeInvokes = {
  'whitelistChange.detectRestore': 'detectRestore'
  'whitelistChange.check': 'getIpWhitelist'
  'whitelistChange.checkAddress': 'listSessions'
  'whitelistChange.riskWindow': 'deadline'
  'whitelistChange.save': 'replaceIpWhitelist'
  'whitelistChange.saveWindow': 'deadline'
  'whitelistChange.enable': 'enableIpWhitelist'
  'whitelistChange.disable': 'disableIpWhitelist'
  'whitelistChange.disableWindow': 'deadline'
  'whitelistChange.readBack': 'getIpWhitelist'
  'whitelistChange.window': 'deadline'
  'whitelistChange.readKept': 'getIpWhitelist'
  'whitelistChange.readKeptAddress': 'listSessions'
  'whitelistChange.readUndo': 'getIpWhitelist'
  'whitelistChange.undoEnable': 'disableIpWhitelist'
  'whitelistChange.undoEnableWindow': 'deadline'
  'whitelistChange.readSwitchBack': 'getIpWhitelist'
  'whitelistChange.readUndoAddress': 'listSessions'
  'whitelistChange.undoSave': 'replaceIpWhitelist'
  'whitelistChange.undoSaveWindow': 'deadline'
  'whitelistChange.readUndoBack': 'getIpWhitelist'
  'whitelistChange.coolDown': 'deadline'
}

const { outputOf } = resultsOf<typeof actors, WhitelistChangeInvokes>()

const WHITELIST_READS = [
  'whitelistChange.check',
  'whitelistChange.readBack',
  'whitelistChange.readKept',
  'whitelistChange.readUndo',
  'whitelistChange.readSwitchBack',
  'whitelistChange.readUndoBack',
] as const
const SESSION_READS = [
  'whitelistChange.checkAddress',
  'whitelistChange.readKeptAddress',
  'whitelistChange.readUndoAddress',
] as const

const chart = setup({
  types: {
    context: {} as WhitelistChangeContext,
    events: {} as WhitelistChangeEvent,
    input: {} as WhitelistChangeInput,
    output: {} as WhitelistChangeOutput,
    tags: {} as StatusTag,
    children: {} as WhitelistChangeInvokes,
  },
  schemas: { context: 'whitelistChange' },
  actors,
  guards: {
    isSignedOut: ({ context }) => isSignedOut(context.failure),
    mustWait: ({ context }) => mustWait(context.failure),
    isRetriedUnattended: ({ context }) => unattendedRetryWait(context.failure, context.unattendedTries) !== null,
    endsSession: ({ event }) => isSignedOut(failureOf(event)),
    hasUnknownOutcome: ({ event }) => hasUnknownOutcome(failureOf(event)),
    wasUndoAccepted: ({ context, event }) => context.isUndoAccepted && wasRefused(failureOf(event)),
    wasRefused: ({ event }) => wasRefused(failureOf(event)),
    hasToBeReadBack: ({ event }) => hasUnknownOutcome(failureOf(event)) || wasRefused(failureOf(event)),
    addressShouldBeReadable: ({ context, event }) => addressIn(context) !== null && !wasRefused(failureOf(event)),
    isHiddenAsWell: ({ context, event }) => context.isHidden && wasRefused(failureOf(event)),
    isRequired: ({ context }) => context.policy === 'require',
    mayLeave: ({ context }) => mayLeaveStep(context.policy, isEnforced({ ...context, isRead: true }) === true),

    onlyDisables: ({ context }) => onlyDisables(context.change),
    wasChangedElsewhere: ({ context }) => !sameWhitelist(context.whitelist, context.change.before),
    emptiesEnforcedList: ({ context }) => emptiesEnforcedList(context.change.after),
    locksOut: ({ context }) => locksOut(context.change.after, addressIn(context)),
    isRiskOpen: ({ context }) => isRiskOpen(context.change.after, addressIn(context), context.consent),
    needsReplacing: ({ context }) => needsReplacing(context.change),
    needsEnabling: ({ context }) => needsEnabling(context.change),

    wasRefusedAsAWhole: ({ context }) => wasRefusedAsAWhole(context.change, context.failure),
    isLockoutLikely: ({ context, event }) => isSent(context.change) && wasRefused(failureOf(event)),
    isDisabled: ({ context }) => onlyDisables(context.change) && !context.whitelist.enabled,
    mayBeEnabled: ({ context }) =>
      context.isAskedHere &&
      context.failure === null &&
      mayBeEnabled(context.change, context.whitelist, addressIn(context), context.consent),
    isAsAsked: ({ context }) => sameWhitelist(context.whitelist, context.change.after),
    mayLand: ({ context }) => isUnsettled(context.failure) && !hasLanded(context.change, context.whitelist),
    isAsBefore: ({ context }) => sameWhitelist(context.whitelist, context.change.before),
    isHalfDone: ({ context }) => isHalfDone(context.change, context.whitelist),
    needsConfirmation: ({ context }) => needsConfirmation(context.change, context.whitelist),

    isWish: ({ event }) => {
      assertEvent(event, 'change.revise')
      return isWhitelist(event.wish)
    },
    isRevision: ({ context }) => context.change.isRevision,
    isWindowOver: ({ context }) => context.confirmBy !== null && context.now >= context.confirmBy,
    isNotEnforced: ({ context }) => !context.whitelist.enabled,
    keepingLocksOut: ({ context }) => mustNotBeInForce(context.whitelist, addressIn(context)),
    isKeepingRisky: ({ context }) => isRiskOpen(context.whitelist, addressIn(context), context.consent),

    isUndoing: ({ context }) => context.isUndoing,
    undoNeedsUser: ({ context }) => context.confirmBy === null,
    isUndone: ({ context }) => isUndoneIn(context),
    isUndoneForNow: ({ context }) => isUndoneIn(context) && context.mayLandUntil !== null,
    isUndoneAndOff: ({ context }) => isUndoneIn(context) && !context.whitelist.enabled,
    isUndoneAndLetsIn: ({ context }) =>
      isUndoneIn(context) && mayBeInForce(context.whitelist, addressIn(context), context.consent),
    isUndoUnsettled: ({ context }) => isUnsettled(context.failure),
    wasUndoRefused: ({ context }) => wasRefused(withoutEffect(context.failure)),
    undoNeedsDisabling: ({ context }) => undoNeedsDisabling(context.change, shownIn(context)),
    undoIsEnforced: ({ context }) => undoneTo(context.change, shownIn(context)).enabled,
    undoNeedsReplacing: ({ context }) => undoNeedsReplacing(context.change, shownIn(context)),
    undoLetsIn: ({ context }) =>
      mayBeInForce(undoneTo(context.change, shownIn(context)), addressIn(context), context.consent),
    isUndoRisky: ({ context }) =>
      context.isAttended && isRiskOpen(undoneTo(context.change, shownIn(context)), addressIn(context), context.consent),
  },
  actions: {
    readClock: assign({ now: () => systemClock.now() }),
    noteRestored: assign({ isAskedHere: false }),
    keepWhitelist: assign(({ event }) => ({ whitelist: outputOf(event, ...WHITELIST_READS), isHidden: false })),
    keepAddresses: assign(({ event }) => ({ addresses: addressesOf(outputOf(event, ...SESSION_READS)) })),
    forgetAddresses: assign({ addresses: noAddresses }),
    keepFailure: assign(({ event }) => ({ failure: failureOf(event) })),
    keepReadBackFailure: assign(({ context, event }) => ({
      failure: answeredReadBackFailure(context.failure, failureOf(event)),
    })),
    declineStepUp: assign({ failure: stepUpDeclined }),
    clearFailure: assign({ failure: null, notice: null }),
    forgetFailure: assign({ failure: null }),
    revise: assign(({ context, event }) => {
      assertEvent(event, 'change.revise')
      const change = revisedTo(context.change, context.whitelist, event.wish)
      return { change, isAskedHere: true, failure: null, notice: null }
    }),
    noteChangedElsewhere: assign(({ context }) => ({
      change: { ...context.change, before: context.whitelist },
      notice: 'changedElsewhere' as const,
      failure: clientFailure('changedElsewhere', 'conflict', { field: 'entries' }),
    })),
    refuseEmptying: assign({ failure: clientFailure('emptyEnforced', 'invalid', { field: 'entries' }) }),
    refuseLockout: assign({ failure: clientFailure('lockout', 'invalid', { field: 'entries' }) }),
    refuseLeaving: assign({ failure: clientFailure('stepRequired', 'invalid') }),
    acceptRisk: assign(({ context }) => ({ consent: consentTo(context.change.after.entries) })),

    noteEntriesSent: assign(({ context }) => ({ change: withEntriesSent(context.change) })),
    noteSwitchSent: assign(({ context }) => ({ change: withSwitchSent(context.change) })),
    noteEntriesNotSent: assign(({ context }) => ({ change: withEntriesUnsent(context.change) })),
    noteSwitchNotSent: assign(({ context }) => ({ change: withSwitchUnsent(context.change) })),
    noteSaved: assign(({ context, event }) => ({
      change: withSavedEntries(context.change, outputOf(event, 'whitelistChange.save')),
    })),
    settleAsDone: assign({ failure: null, notice: null }),
    settleAsNotDone: assign(({ context }) => ({
      failure: withoutEffect(context.failure) ?? notDone(),
    })),
    settleAsHalfDone: assign({ failure: clientFailure('savedNotEnabled', 'conflict', { retryable: true }) }),
    settleAsSomethingElse: assign({ failure: clientFailure('notAsAsked', 'conflict', { field: 'entries' }) }),
    tellOfOthers: assign({ notice: 'changedElsewhere' }),

    openWindow: assign(({ context }) => ({
      change: { ...context.change, readBack: context.whitelist },
      confirmBy: context.now + context.confirmWithinMs,
      notice: sameWhitelist(context.whitelist, context.change.after) ? null : ('changedElsewhere' as const),
      failure: null,
    })),
    refuseUnconfirmed: assign({ failure: clientFailure('unconfirmed', 'invalid') }),
    refuseKeeping: assign({ failure: clientFailure('keepLocksOut', 'invalid', { field: 'entries' }) }),
    acceptRiskOfKeeping: assign(({ context }) => ({ consent: consentTo(context.whitelist.entries) })),
    noteKept: assign(({ context }) => ({
      notice: sameWhitelist(context.whitelist, context.change.readBack ?? context.whitelist)
        ? null
        : ('changedElsewhere' as const),
      failure: null,
    })),

    beginUndo: assign({ isUndoing: true, isUndoAccepted: false, isAttended: false, failure: null }),
    markAttended: assign({ isAttended: true, unattendedTries: 0 }),
    suspectLockout: assign(({ context }) => ({
      isUndoing: true,
      isUndoAccepted: false,
      isHidden: true,
      mayLandUntil: isUnsettled(context.failure) ? waitsUntil(context.failure) : null,
      failure: null,
      notice: 'lockoutSuspected' as const,
    })),
    noteHidden: assign({ isHidden: true }),
    noteUndoAccepted: assign({ isUndoAccepted: true }),
    acceptRiskOfUndo: assign(({ context }) => ({
      consent: consentTo(undoneTo(context.change, shownIn(context)).entries),
    })),
    keepLockedOut: assign(({ event }) => ({ failure: lockedOut(failureOf(event)) })),
    settleAsLockedOut: assign(({ context }) => ({
      failure: context.failure && lockedOut({ ...context.failure, effect: 'none' }),
    })),
    expectLateLanding: assign(({ context }) => ({
      failure: clientFailure('outcomeUnknown', 'timeout', { effect: 'unknown', retryAt: context.mayLandUntil }),
    })),
    askAboutUndo: assign({
      confirmBy: null,
      isUndoing: false,
      leaveAs: null,
      failure: clientFailure('undoLocksOut', 'invalid', { field: 'entries' }),
    }),
    stopUndo: assign({ confirmBy: null, isUndoing: false, leaveAs: null, failure: null }),
    noteUndone: assign(({ context }) => ({
      notice: sameWhitelist(context.whitelist, context.change.former)
        ? ('changeUndone' as const)
        : ('ownPartUndone' as const),
      failure:
        context.notice === 'lockoutSuspected'
          ? clientFailure('lockoutSuspected', 'forbidden', { field: 'entries' })
          : null,
    })),

    postpone: assign(({ context }) => {
      const wait = unattendedRetryWait(context.failure, context.unattendedTries)
      if (context.failure === null || wait === null) return {}
      const notice = context.isUndoing && context.notice !== 'lockoutSuspected' ? 'undoPending' : context.notice
      return {
        failure: { ...context.failure, retryAt: context.failure.retryAt ?? context.now + wait },
        unattendedTries: context.unattendedTries + 1,
        notice,
      }
    }),
    endWait: assign(({ context }) => ({
      failure: withoutWait(context.failure),
      mayLandUntil: isOver(context.mayLandUntil, waitsUntil(context.failure)) ? null : context.mayLandUntil,
    })),
    leaveAsDone: assign({ leaveAs: 'done' }),
    leaveAsSkipped: assign({ leaveAs: 'skipped' }),
  },
}).createMachine({
  id: 'whitelistChange',
  description: 'One change of the whitelist: judged, written, read back, and permanent only once the user keeps it.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    failure: null,
    change: changeTo(readWhitelist(input?.whitelist, 'whitelist'), readWhitelist(input?.wish, 'wish')),
    whitelist: input.whitelist,
    isHidden: false,
    addresses: input.addresses ?? noAddresses,
    consent: null,
    isAskedHere: true,
    confirmWithinMs: readDuration(input.confirmWithinMs, 'confirmWithinMs', 60_000),
    now: 0,
    confirmBy: null,
    isUndoing: false,
    isUndoAccepted: false,
    isAttended: false,
    mayLandUntil: null,
    unattendedTries: 0,
    leaveAs: null,
    notice: null,
  }),
  invoke: {
    id: 'whitelistChange.detectRestore',
    src: 'detectRestore',
    input: () => ({ ticket: issueTicket() }),
    onError: {},
  },
  on: {
    restored: {
      actions: 'noteRestored',
      description: 'A read starts again; a write in progress is read back, not sent again; a wait continues.',
    },
  },
  initial: 'making',
  states: {
    making: {
      description: 'Checks the change, sends it, and reads back what came of it.',
      initial: 'starting',
      states: {
        starting: {
          always: [
            {
              guard: 'onlyDisables',
              target: 'disabling',
              description: 'Turning it off locks nobody out, so it is always possible.',
            },
            { target: 'checking' },
          ],
        },

        checking: {
          tags: 'busy',
          description: 'Reads everything again before it writes: the list or the address may have changed elsewhere.',
          type: 'parallel',
          states: {
            whitelist: {
              initial: 'reading',
              states: {
                reading: {
                  invoke: {
                    id: 'whitelistChange.check',
                    src: 'getIpWhitelist',
                    onDone: { target: 'read', actions: 'keepWhitelist' },
                    onError: { target: '#whitelistChange.notBegun', actions: 'keepFailure' },
                  },
                },
                read: { type: 'final' },
              },
            },
            address: {
              initial: 'reading',
              states: {
                reading: {
                  invoke: {
                    id: 'whitelistChange.checkAddress',
                    src: 'listSessions',
                    onDone: { target: 'read', actions: 'keepAddresses' },
                    onError: [
                      {
                        guard: 'addressShouldBeReadable',
                        target: '#whitelistChange.notBegun',
                        actions: 'keepFailure',
                        description:
                          'The address was known before: one failed read is no reason to ask the user to take a risk.',
                      },
                      { target: 'read', actions: 'forgetAddresses' },
                    ],
                  },
                },
                read: { type: 'final' },
              },
            },
          },
          onDone: { target: 'judging' },
          on: { restored: { target: '#whitelistChange.forgetting' } },
        },

        judging: {
          description: 'Judges the list that would be in force against the address of this session.',
          always: [
            { guard: 'wasChangedElsewhere', target: '#whitelistChange.notMade', actions: 'noteChangedElsewhere' },
            { guard: 'emptiesEnforcedList', target: '#whitelistChange.notMade', actions: 'refuseEmptying' },
            { guard: 'locksOut', target: '#whitelistChange.notMade', actions: 'refuseLockout' },
            { guard: 'isRiskOpen', target: 'confirmingRisk' },
            { guard: 'needsReplacing', target: 'saving' },
            { guard: 'needsEnabling', target: 'enabling' },
            { target: '#whitelistChange.notMade' },
          ],
        },

        confirmingRisk: {
          tags: 'resting',
          description: 'The address is not known, so it is not known whether the user would be locked out.',
          invoke: {
            id: 'whitelistChange.riskWindow',
            src: 'deadline',
            input: ({ context }) => ({ at: context.confirmBy, atMostMs: context.confirmWithinMs }),
            onDone: {
              target: '#whitelistChange.undoing',
              actions: 'beginUndo',
              description: 'The time to keep an earlier change is up.',
            },
            onError: { target: '#whitelistChange.undoing', actions: 'beginUndo' },
          },
          on: {
            'risk.accept': {
              target: 'checking',
              actions: 'acceptRisk',
              description: 'The question may be old: what it is about is read once more.',
            },
            'risk.decline': { target: '#whitelistChange.notMade' },
            restored: { target: '#whitelistChange.forgetting' },
            'step.finish': [
              {
                guard: 'isRevision',
                target: '#whitelistChange.notMade',
                description: 'An earlier change comes first.',
              },
              { guard: 'mayLeave', target: '#whitelistChange.refused', actions: 'leaveAsDone' },
              { actions: 'refuseLeaving' },
            ],
            'step.skip': [
              { guard: 'isRevision', target: '#whitelistChange.notMade' },
              { guard: 'mayLeave', target: '#whitelistChange.refused', actions: 'leaveAsSkipped' },
              { actions: 'refuseLeaving' },
            ],
          },
        },

        saving: {
          entry: 'noteEntriesSent',
          invoke: {
            id: 'whitelistChange.save',
            src: 'replaceIpWhitelist',
            input: ({ context }) => ({ entries: context.change.after.entries, asListed: true, ticket: issueTicket() }),
            onDone: { target: 'readingBack', actions: 'noteSaved' },
            onError: [
              { guard: 'hasToBeReadBack', target: 'readingBack', actions: 'keepFailure' },
              { target: '#whitelistChange.notBegun', actions: ['keepFailure', 'noteEntriesNotSent'] },
            ],
          },
          initial: 'sending',
          states: {
            sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
            steppingUp: {
              tags: 'steppingUp',
              description:
                'The portal demands more proof of who the user is, and the host asks for it. Nothing is sent meanwhile.',
              invoke: {
                id: 'whitelistChange.saveWindow',
                src: 'deadline',
                input: ({ context }) => ({ at: context.confirmBy, atMostMs: context.confirmWithinMs }),
                onDone: {
                  target: '#whitelistChange.undoing',
                  actions: 'beginUndo',
                  description: 'The time to keep an earlier change is up.',
                },
                onError: { target: '#whitelistChange.undoing', actions: 'beginUndo' },
              },
              on: {
                'stepUp.answered': { target: 'sending' },
                'stepUp.cancel': { target: '#whitelistChange.making.readingBack', actions: 'declineStepUp' },
                restored: { target: 'sending', actions: 'noteRestored' },
              },
            },
          },
        },

        enabling: {
          entry: 'noteSwitchSent',
          invoke: {
            id: 'whitelistChange.enable',
            src: 'enableIpWhitelist',
            input: () => ({ ticket: issueTicket() }),
            onDone: { target: 'readingBack' },
            onError: [
              { guard: 'hasToBeReadBack', target: 'readingBack', actions: 'keepFailure' },
              {
                guard: 'needsReplacing',
                target: 'readingBack',
                actions: ['keepFailure', 'noteSwitchNotSent'],
                description: 'The list is already saved.',
              },
              { target: '#whitelistChange.notBegun', actions: ['keepFailure', 'noteSwitchNotSent'] },
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
                'stepUp.cancel': { target: '#whitelistChange.making.readingBack', actions: 'declineStepUp' },
                restored: { target: 'sending', actions: 'noteRestored' },
              },
            },
          },
        },

        disabling: {
          invoke: {
            id: 'whitelistChange.disable',
            src: 'disableIpWhitelist',
            input: () => ({ ticket: issueTicket() }),
            onDone: { target: 'readingBack' },
            onError: [
              { guard: 'hasToBeReadBack', target: 'readingBack', actions: 'keepFailure' },
              { target: '#whitelistChange.notBegun', actions: 'keepFailure' },
            ],
          },
          initial: 'sending',
          states: {
            sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
            steppingUp: {
              tags: 'steppingUp',
              description:
                'The portal demands more proof of who the user is, and the host asks for it. Nothing is sent meanwhile.',
              invoke: {
                id: 'whitelistChange.disableWindow',
                src: 'deadline',
                input: ({ context }) => ({ at: context.confirmBy, atMostMs: context.confirmWithinMs }),
                onDone: {
                  target: '#whitelistChange.undoing',
                  actions: 'beginUndo',
                  description: 'The time to keep an earlier change is up.',
                },
                onError: { target: '#whitelistChange.undoing', actions: 'beginUndo' },
              },
              on: {
                'stepUp.answered': { target: 'sending' },
                'stepUp.cancel': { target: '#whitelistChange.making.readingBack', actions: 'declineStepUp' },
                restored: { target: 'sending', actions: 'noteRestored' },
              },
            },
          },
        },

        readingBack: {
          tags: 'busy',
          description: 'The list counts as saved when the portal shows it, whatever it replied.',
          invoke: {
            id: 'whitelistChange.readBack',
            src: 'getIpWhitelist',
            onDone: { target: 'settling', actions: 'keepWhitelist' },
            onError: [
              { guard: 'endsSession', target: '#whitelistChange.signedOut', actions: 'keepFailure' },
              { guard: 'wasRefusedAsAWhole', target: '#whitelistChange.notMade' },
              {
                guard: 'isLockoutLikely',
                target: '#whitelistChange.undoing',
                actions: 'suspectLockout',
                description: 'Refused right after the change: perhaps the user is already locked out.',
              },
              { target: '#whitelistChange.sortingFailure', actions: 'keepReadBackFailure' },
            ],
          },
        },

        settling: {
          description: 'Decides the outcome by what the portal shows.',
          always: [
            { guard: 'isDisabled', target: '#whitelistChange.kept', actions: 'settleAsDone' },
            { guard: 'mayBeEnabled', target: 'enabling', description: 'The saved list lets the user in.' },
            {
              guard: 'mayLand',
              target: '#whitelistChange.sortingFailure',
              description: 'One read that shows no change settles nothing: the portal may still be working on it.',
            },
            { guard: 'isAsBefore', target: '#whitelistChange.notMade', actions: 'settleAsNotDone' },
            { guard: 'needsConfirmation', target: '#whitelistChange.confirming', actions: ['readClock', 'openWindow'] },
            { guard: 'isAsAsked', target: '#whitelistChange.kept', actions: 'settleAsDone' },
            {
              guard: 'isHalfDone',
              target: '#whitelistChange.refused',
              actions: 'settleAsHalfDone',
              description: 'Saved but not enabled: the user can try again.',
            },
            {
              guard: 'onlyDisables',
              target: '#whitelistChange.changedElsewhere',
              actions: ['settleAsNotDone', 'tellOfOthers'],
            },
            { target: '#whitelistChange.changedElsewhere', actions: ['settleAsSomethingElse', 'tellOfOthers'] },
          ],
        },
      },
    },

    confirming: {
      description:
        'A lockout would only show at the next login: the change is undone unless it is kept by `confirmBy`.',
      invoke: {
        id: 'whitelistChange.window',
        src: 'deadline',
        input: ({ context }) => ({ at: context.confirmBy, atMostMs: context.confirmWithinMs }),
        onDone: { target: 'undoing', actions: 'beginUndo' },
        onError: { target: 'undoing', actions: 'beginUndo' },
      },
      initial: 'deciding',
      states: {
        deciding: {
          tags: 'resting',
          initial: 'awaiting',
          states: {
            awaiting: {
              description: 'In force: keep it, undo it, or replace it with another change.',
              on: {
                'change.keep': { target: '#whitelistChange.confirming.reading', actions: 'clearFailure' },
                'change.revise': { guard: 'isWish', target: '#whitelistChange.making.starting', actions: 'revise' },
              },
            },
            confirmingRisk: {
              description: 'It is not known whether the list in force locks the user out.',
              on: {
                'risk.accept': { target: '#whitelistChange.confirming.reading', actions: 'acceptRiskOfKeeping' },
                'risk.decline': { target: 'awaiting' },
              },
            },
          },
          on: {
            'change.undo': { target: '#whitelistChange.undoing', actions: ['beginUndo', 'markAttended'] },
            restored: {
              target: '.awaiting',
              actions: 'noteRestored',
              description: 'The time to keep it runs on until its deadline.',
            },
            'step.finish': [
              { guard: 'isRequired', actions: 'refuseUnconfirmed' },
              { guard: 'undoNeedsUser', target: '#whitelistChange.unconfirmed', actions: 'leaveAsDone' },
              { target: '#whitelistChange.undoing', actions: ['beginUndo', 'markAttended', 'leaveAsDone'] },
            ],
            'step.skip': [
              { guard: 'isRequired', actions: 'refuseUnconfirmed' },
              { guard: 'undoNeedsUser', target: '#whitelistChange.unconfirmed', actions: 'leaveAsSkipped' },
              { target: '#whitelistChange.undoing', actions: ['beginUndo', 'markAttended', 'leaveAsSkipped'] },
            ],
          },
        },
        reading: {
          tags: 'busy',
          description: "Keeps the list that is in force now, judged by the user's address now.",
          type: 'parallel',
          states: {
            whitelist: {
              initial: 'reading',
              states: {
                reading: {
                  invoke: {
                    id: 'whitelistChange.readKept',
                    src: 'getIpWhitelist',
                    onDone: { target: 'read', actions: 'keepWhitelist' },
                    onError: [
                      { guard: 'endsSession', target: '#whitelistChange.signedOut', actions: 'keepFailure' },
                      { guard: 'wasRefused', target: '#whitelistChange.undoing', actions: 'suspectLockout' },
                      { target: '#whitelistChange.confirming.deciding', actions: 'keepFailure' },
                    ],
                  },
                },
                read: { type: 'final' },
              },
            },
            address: {
              initial: 'reading',
              states: {
                reading: {
                  invoke: {
                    id: 'whitelistChange.readKeptAddress',
                    src: 'listSessions',
                    onDone: { target: 'read', actions: 'keepAddresses' },
                    onError: [
                      { guard: 'endsSession', target: '#whitelistChange.signedOut', actions: 'keepFailure' },
                      {
                        guard: 'addressShouldBeReadable',
                        target: '#whitelistChange.confirming.deciding',
                        actions: 'keepFailure',
                      },
                      { target: 'read', actions: 'forgetAddresses' },
                    ],
                  },
                },
                read: { type: 'final' },
              },
            },
          },
          onDone: { target: 'judging' },
          on: { restored: { target: 'deciding', actions: 'noteRestored' } },
        },
        judging: {
          entry: 'readClock',
          always: [
            { guard: 'isWindowOver', target: '#whitelistChange.undoing', actions: 'beginUndo' },
            { guard: 'isNotEnforced', target: '#whitelistChange.kept', actions: 'noteKept' },
            { guard: 'keepingLocksOut', target: 'deciding', actions: 'refuseKeeping' },
            { guard: 'isKeepingRisky', target: 'deciding.confirmingRisk' },
            { target: '#whitelistChange.kept', actions: 'noteKept' },
          ],
        },
      },
    },

    undoing: {
      description: 'Undoes our change; what others changed in the meantime stays.',
      initial: 'reading',
      states: {
        reading: {
          tags: 'busy',
          invoke: {
            id: 'whitelistChange.readUndo',
            src: 'getIpWhitelist',
            onDone: { target: 'judging', actions: 'keepWhitelist' },
            onError: [
              {
                guard: 'wasUndoAccepted',
                target: '#whitelistChange.sortingFailure',
                actions: 'keepReadBackFailure',
                description:
                  'The undo was accepted but not seen: once is enough, because others may have changed the list since.',
              },
              {
                guard: 'wasRefused',
                target: 'puttingBack',
                actions: 'noteHidden',
                description: 'Perhaps the user is already locked out: then only the undo helps.',
              },
              { target: '#whitelistChange.sortingFailure', actions: 'keepFailure' },
            ],
          },
        },
        judging: {
          always: [
            {
              guard: 'isUndoneForNow',
              target: '#whitelistChange.sortingFailure',
              actions: 'expectLateLanding',
              description: 'The change itself may still take effect, and would then be in force unseen.',
            },
            { guard: 'isUndoneAndOff', target: '#whitelistChange.undone', actions: 'noteUndone' },
            { guard: 'isUndone', target: 'readingAddress' },
            { guard: 'isUndoUnsettled', target: '#whitelistChange.sortingFailure' },
            { target: 'puttingBack' },
          ],
        },
        puttingBack: {
          always: [
            {
              guard: 'undoNeedsDisabling',
              target: 'disabling',
              description: 'First, so that nobody is locked out.',
            },
            { guard: 'undoIsEnforced', target: 'readingAddress' },
            { target: 'replacing' },
          ],
        },
        disabling: {
          invoke: {
            id: 'whitelistChange.undoEnable',
            src: 'disableIpWhitelist',
            input: () => ({ ticket: issueTicket() }),
            onDone: [
              { guard: 'undoNeedsReplacing', target: 'replacing' },
              { target: 'readingBack', actions: 'noteUndoAccepted' },
            ],
            onError: [
              { guard: 'hasUnknownOutcome', target: 'readingSwitchBack', actions: 'keepFailure' },
              { guard: 'wasRefused', target: '#whitelistChange.sortingFailure', actions: 'keepLockedOut' },
              { target: '#whitelistChange.sortingFailure', actions: 'keepFailure' },
            ],
          },
          initial: 'sending',
          states: {
            sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
            steppingUp: {
              tags: 'steppingUp',
              description:
                'As for the change itself, but not for ever: the change that is in force may lock the user out, so the undo is tried again later.',
              entry: 'readClock',
              invoke: {
                id: 'whitelistChange.undoEnableWindow',
                src: 'deadline',
                input: ({ context }) => ({ at: context.now + context.confirmWithinMs }),
                onDone: { target: '#whitelistChange.sortingFailure', actions: 'declineStepUp' },
                onError: { target: '#whitelistChange.sortingFailure', actions: 'declineStepUp' },
              },
              on: {
                'stepUp.answered': { target: 'sending' },
                'stepUp.cancel': { target: '#whitelistChange.sortingFailure', actions: 'declineStepUp' },
                restored: { target: 'sending', actions: 'noteRestored' },
              },
            },
          },
        },
        readingSwitchBack: {
          tags: 'busy',
          description: 'It is not known whether it was turned off; the entries come after that.',
          invoke: {
            id: 'whitelistChange.readSwitchBack',
            src: 'getIpWhitelist',
            onDone: { target: 'judgingSwitch', actions: 'keepWhitelist' },
            onError: { target: '#whitelistChange.sortingFailure', actions: 'keepReadBackFailure' },
          },
        },
        judgingSwitch: {
          always: [
            { guard: 'undoNeedsDisabling', target: 'settling' },
            { guard: 'undoNeedsReplacing', target: 'replacing', actions: 'forgetFailure' },
            { target: 'settling' },
          ],
        },
        readingAddress: {
          tags: 'busy',
          description: 'The remaining list will be enforced, so it has to let the user in from the current address.',
          invoke: {
            id: 'whitelistChange.readUndoAddress',
            src: 'listSessions',
            onDone: { target: 'judgingAddress', actions: 'keepAddresses' },
            onError: [
              {
                guard: 'isHiddenAsWell',
                target: 'judgingAddress',
                description: 'Perhaps the user is already locked out: the last known address has to do.',
              },
              { guard: 'wasRefused', target: 'judgingAddress', actions: 'forgetAddresses' },
              { target: '#whitelistChange.sortingFailure', actions: 'keepFailure' },
            ],
          },
        },
        judgingAddress: {
          always: [
            { guard: 'isUndoneAndLetsIn', target: '#whitelistChange.undone', actions: 'noteUndone' },
            { guard: 'undoLetsIn', target: 'replacing' },
            { guard: 'isUndoRisky', target: 'confirmingRisk' },
            {
              target: '#whitelistChange.confirming',
              actions: 'askAboutUndo',
              description: 'It may lock the user out, so it is neither restored nor left without asking.',
            },
          ],
        },
        confirmingRisk: {
          tags: 'resting',
          description: 'It is not known whether the former list locks the user out.',
          on: {
            'risk.accept': [
              { guard: 'isUndone', target: '#whitelistChange.undone', actions: ['acceptRiskOfUndo', 'noteUndone'] },
              { target: 'replacing', actions: 'acceptRiskOfUndo' },
            ],
            'risk.decline': { target: '#whitelistChange.confirming', actions: 'stopUndo' },
            restored: { target: 'reading', actions: 'noteRestored' },
            'step.finish': { target: '#whitelistChange.confirming', actions: 'stopUndo' },
            'step.skip': { target: '#whitelistChange.confirming', actions: 'stopUndo' },
          },
        },
        replacing: {
          invoke: {
            id: 'whitelistChange.undoSave',
            src: 'replaceIpWhitelist',
            input: ({ context }) => ({
              entries: undoneTo(context.change, shownIn(context)).entries,
              asListed: true,
              ticket: issueTicket(),
            }),
            onDone: { target: 'readingBack', actions: 'noteUndoAccepted' },
            onError: [
              { guard: 'hasUnknownOutcome', target: 'readingBack', actions: 'keepFailure' },
              { guard: 'wasRefused', target: '#whitelistChange.sortingFailure', actions: 'keepLockedOut' },
              { target: '#whitelistChange.sortingFailure', actions: 'keepFailure' },
            ],
          },
          initial: 'sending',
          states: {
            sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
            steppingUp: {
              tags: 'steppingUp',
              description:
                'As for the change itself, but not for ever: the change that is in force may lock the user out, so the undo is tried again later.',
              entry: 'readClock',
              invoke: {
                id: 'whitelistChange.undoSaveWindow',
                src: 'deadline',
                input: ({ context }) => ({ at: context.now + context.confirmWithinMs }),
                onDone: { target: '#whitelistChange.sortingFailure', actions: 'declineStepUp' },
                onError: { target: '#whitelistChange.sortingFailure', actions: 'declineStepUp' },
              },
              on: {
                'stepUp.answered': { target: 'sending' },
                'stepUp.cancel': { target: '#whitelistChange.sortingFailure', actions: 'declineStepUp' },
                restored: { target: 'sending', actions: 'noteRestored' },
              },
            },
          },
        },
        readingBack: {
          tags: 'busy',
          invoke: {
            id: 'whitelistChange.readUndoBack',
            src: 'getIpWhitelist',
            onDone: { target: 'settling', actions: 'keepWhitelist' },
            onError: { target: '#whitelistChange.sortingFailure', actions: 'keepReadBackFailure' },
          },
        },
        settling: {
          always: [
            { guard: 'isUndoneForNow', target: '#whitelistChange.sortingFailure', actions: 'expectLateLanding' },
            { guard: 'isUndoneAndOff', target: '#whitelistChange.undone', actions: 'noteUndone' },
            { guard: 'isUndone', target: 'judgingAddress' },
            { guard: 'isUndoUnsettled', target: '#whitelistChange.sortingFailure' },
            { guard: 'wasUndoRefused', target: '#whitelistChange.sortingFailure', actions: 'settleAsLockedOut' },
            { target: '#whitelistChange.sortingFailure', actions: 'settleAsNotDone' },
          ],
        },
      },
    },

    notMade: {
      description: 'The change did not take effect: back to the earlier one, if that is still in force.',
      always: [{ guard: 'isRevision', target: 'confirming' }, { target: 'refused' }],
    },

    notBegun: {
      description: 'The portal could not be reached, or nothing could be sent.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut' },
        { guard: 'isRevision', target: 'confirming' },
        { target: 'interrupted' },
      ],
    },

    forgetting: {
      description: 'Not requested since the page was loaded.',
      always: [{ guard: 'isRevision', target: 'confirming' }, { target: 'abandoned' }],
    },

    sortingFailure: {
      description: 'Sorts a failure while a change of ours may be in force: signed out, wait, or `failed`.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut' },
        {
          guard: 'isRetriedUnattended',
          target: 'halted.coolingDown',
          actions: ['readClock', 'postpone'],
          description: 'The user may be gone, so it is retried automatically.',
        },
        { guard: 'mustWait', target: 'halted.coolingDown' },
        { target: 'halted.failed' },
      ],
    },

    halted: {
      description: 'The outcome of the change, or of its undo, is not known.',
      initial: 'failed',
      states: {
        failed: {
          tags: 'failed',
          description: '`retry` continues.',
          on: {
            restored: { target: '#whitelistChange.recovering', actions: 'noteRestored' },
          },
        },
        coolingDown: {
          tags: 'coolingDown',
          description:
            'Waits until `failure.retryAt`: the portal asked for it, a write may still take effect, or the next automatic attempt is due.',
          invoke: {
            id: 'whitelistChange.coolDown',
            src: 'deadline',
            input: ({ context }) => ({ at: waitsUntil(context.failure) }),
            onDone: { target: '#whitelistChange.recovering', actions: 'endWait' },
            onError: { target: 'failed' },
          },
        },
      },
      on: {
        retry: { target: 'recovering', actions: 'markAttended' },
        'step.finish': { guard: 'mayLeave', target: 'unconfirmed', actions: 'leaveAsDone' },
        'step.skip': { guard: 'mayLeave', target: 'unconfirmed', actions: 'leaveAsSkipped' },
      },
    },

    recovering: {
      description: 'Continues an undo; otherwise reads back the change.',
      always: [{ guard: 'isUndoing', target: 'undoing' }, { target: 'making.readingBack' }],
    },

    kept: { type: 'final', output: { outcome: 'kept' } },
    undone: { type: 'final', output: { outcome: 'undone' } },
    refused: { type: 'final', output: { outcome: 'refused' } },
    changedElsewhere: { type: 'final', output: { outcome: 'changedElsewhere' } },
    interrupted: { type: 'final', output: { outcome: 'interrupted' } },
    abandoned: { type: 'final', output: { outcome: 'abandoned' } },
    unconfirmed: { type: 'final', output: { outcome: 'unconfirmed' } },
    signedOut: { type: 'final', output: { outcome: 'signedOut' } },
  },
  output: ({ context, event }) => {
    const { outcome } = event.output as Pick<WhitelistChangeOutput, 'outcome'>
    const { addresses, failure, leaveAs, notice, whitelist } = context
    const isOpen = outcome === 'unconfirmed' || outcome === 'signedOut'
    return {
      outcome,
      failure,
      leaveAs,
      notice,
      addresses,
      whitelist,
      unconfirmedChange: isOpen ? unconfirmedChange(context) : null,
    }
  },
})

type Chart = typeof chart

/** The type of `whitelistChangeMachine`, named so that the declarations of a host stay short. */
export interface WhitelistChangeMachine extends Chart {}

/**
 * One change of the whitelist: reads the list afresh, writes it, reads it back, and undoes it unless the user keeps it
 * in time. It runs inside `ipWhitelist`, or alone. Its actor slots are empty: take it from `createMachines`, or fill
 * them by `fromRead` and `fromWrite`.
 *
 * @example
 * ```ts
 * const before = { enabled: false, entries: [] }
 * const wish = { enabled: true, entries: ['203.0.113.10'] }
 * const change = createActor(machines.whitelistChange, { input: { whitelist: before, wish } }).start()
 * await settled(change)
 * change.send({ type: 'change.keep' })
 * await settled(change)
 * change.getSnapshot().output?.outcome // => 'kept'
 * ```
 */
export const whitelistChangeMachine: WhitelistChangeMachine = withCheckedSlots(chart)
