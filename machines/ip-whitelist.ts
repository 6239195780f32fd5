import { assertEvent, assign, sendTo, setup } from 'xstate'
import { clientFailure, isSignedOut, mustWait, waitsUntil, wasRefused } from '../src/domain/failure.ts'
import { entriesToSend, hasInvalidEntry, type IpWhitelist, letsSomebodyIn } from '../src/domain/ip-whitelist.ts'
import { mayLeaveStep, readDuration, readPolicy } from '../src/domain/policy.ts'
import { present } from '../src/domain/present.ts'
import { addressesOf, isAddresses, noAddresses, type SessionAddresses } from '../src/domain/session-addresses.ts'
import type { Session } from '../src/domain/sessions.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import { isEnforced, sameWhitelist, type UnconfirmedChange, unconfirmedChange } from '../src/domain/whitelist-change.ts'
import {
  addressesIn,
  beside,
  emptyDraft,
  isDraftChanged,
  type WhitelistDraft,
  withAddresses,
  withEntries,
  withEntry,
  withoutEntry,
  withPasted,
} from '../src/domain/whitelist-draft.ts'
import { endOf, failureOf, resultsOf } from './events.ts'
import { deadline, detectRestore, getIpWhitelist, listSessions } from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput } from './step.ts'
import { type WhitelistChangeContext, whitelistChangeMachine } from './whitelist-change.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `ipWhitelistMachine` knows. */
export interface IpWhitelistContext extends StepContext, WhitelistDraft {
  /** As the portal showed it last. */
  readonly whitelist: IpWhitelist
  /** Has it been read at all? */
  readonly isRead: boolean
  /** What is being changed to; null while nothing is. */
  readonly wish: IpWhitelist | null
  /** Does a change wait to be kept, so that another one can take its place? */
  readonly isRevisable: boolean
  /** A change that may be in force although nobody confirmed it; null where there is none. */
  readonly unconfirmedChange: UnconfirmedChange | null
  /** How long a change waits for its confirmation before it is undone, in ms. */
  readonly confirmWithinMs: number
  /** What became of the last change. */
  readonly notice: WhitelistChangeContext['notice']
}

/** What `ipWhitelistMachine` takes. */
export type IpWhitelistEvent =
  | StepEvent
  /** Adds an entry to the draft. */
  | { type: 'entry.add'; value: string }
  /** Removes a row of the draft, by its id. */
  | { type: 'entry.remove'; id: string }
  /** Replaces all entries of the draft. */
  | { type: 'entries.replace'; values: readonly string[] }
  /** Adds the entries of pasted text to the draft; `splitEntries` tells how it is read. */
  | { type: 'entries.paste'; text: string }
  /** Puts the draft back to the list in force. */
  | { type: 'draft.reset' }
  /** Sends the draft. */
  | { type: 'whitelist.save' }
  /** Enforces the list. Saves a changed draft first. */
  | { type: 'whitelist.enable' }
  /** Stops enforcing the list. */
  | { type: 'whitelist.disable' }
  /** From the security center: where the user is signed in from by now. */
  | { type: 'addresses.update'; addresses: SessionAddresses }

/** What `ipWhitelistMachine` starts with. */
export type IpWhitelistInput =
  | (StepInput<{
      readonly whitelist?: IpWhitelist | undefined
      readonly sessions?: readonly Session[] | undefined
      /** One of an earlier flow, to be reported until another change is kept. */
      readonly unconfirmedChange?: UnconfirmedChange | null | undefined
    }> & {
      /** How long a change has to be kept before it is undone, in ms; default 60,000. */
      readonly confirmWithinMs?: number | undefined
    })
  | undefined

/** What `ipWhitelistMachine` ends with. */
export interface IpWhitelistOutput extends StepOutput {
  /** Is the whitelist enforced? Null where that is not known. */
  readonly ipWhitelistEnabled: boolean | null
  /** A change that may be in force though nobody confirmed it; null if there is none. */
  readonly unconfirmedChange: UnconfirmedChange | null
}

const actors = { detectRestore, deadline, getIpWhitelist, listSessions, whitelistChange: whitelistChangeMachine }

/** What each invoke runs. */
type IpWhitelistInvokes = {
  'ipWhitelist.detectRestore': 'detectRestore'
  'ipWhitelist.read': 'getIpWhitelist'
  'ipWhitelist.readAddress': 'listSessions'
  whitelistChange: 'whitelistChange'
  'ipWhitelist.coolDown': 'deadline'
}

const { outputOf, snapshotOf } = resultsOf<typeof actors, IpWhitelistInvokes>()

const chart = setup({
  types: {
    context: {} as IpWhitelistContext,
    events: {} as IpWhitelistEvent,
    input: {} as IpWhitelistInput,
    output: {} as IpWhitelistOutput,
    tags: {} as StatusTag,
    children: {} as IpWhitelistInvokes,
  },
  schemas: { context: 'ipWhitelist' },
  actors,
  guards: {
    isRead: ({ context }) => context.isRead,
    hasFailed: ({ context }) => context.failure !== null,
    isSignedOut: ({ context }) => isSignedOut(context.failure),
    mustWait: ({ context }) => mustWait(context.failure),
    mayLeave: ({ context }) => mayLeaveStep(context.policy, isEnforced(context) === true),
    addressShouldBeReadable: ({ context, event }) =>
      context.assessment.currentAddress !== null && !wasRefused(failureOf(event)),
    isText: ({ event }) => {
      assertEvent(event, 'entry.add')
      return typeof event.value === 'string'
    },
    areTexts: ({ event }) => {
      assertEvent(event, 'entries.replace')
      return areTexts(event.values)
    },
    isPastedText: ({ event }) => {
      assertEvent(event, 'entries.paste')
      return typeof event.text === 'string'
    },
    areAddresses: ({ event }) => {
      assertEvent(event, 'addresses.update')
      return isAddresses(event.addresses)
    },
    isEnabled: ({ context }) => context.whitelist.enabled,
    hasInvalidEntry: ({ context }) => hasInvalidEntry(context.draft),
    hasNoEntry: ({ context }) => !letsSomebodyIn(entriesToSend(context.draft)),
    isDraftChanged: ({ context }) => isDraftChanged(context.draft, context.whitelist),
    isEnableable: ({ context }) => !context.whitelist.enabled || isDraftChanged(context.draft, context.whitelist),
    isDraftLocked: ({ context }) => context.wish !== null && !context.isRevisable,
    changeSignedOut: ({ event }) => outputOf(event, 'whitelistChange').outcome === 'signedOut',
    changeWasAbandoned: ({ event }) => outputOf(event, 'whitelistChange').outcome === 'abandoned',
    leavesAsDone: ({ event }) => outputOf(event, 'whitelistChange').leaveAs === 'done',
    leavesAsSkipped: ({ event }) => outputOf(event, 'whitelistChange').leaveAs === 'skipped',
    changeWasInterrupted: ({ event }) => outputOf(event, 'whitelistChange').outcome === 'interrupted',
  },
  actions: {
    keepWhitelist: assign(({ context, event }) => {
      const whitelist = outputOf(event, 'ipWhitelist.read')
      return { ...withList(context, whitelist), whitelist, isRead: true }
    }),
    keepAddresses: assign(({ context, event }) =>
      withAddresses(context, addressesOf(outputOf(event, 'ipWhitelist.readAddress'))),
    ),
    updateAddresses: assign(({ context, event }) => {
      assertEvent(event, 'addresses.update')
      return withAddresses(context, event.addresses)
    }),
    forgetAddresses: assign(({ context }) => withAddresses(context, noAddresses)),
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
    pasteEntries: assign(({ context, event }) => {
      assertEvent(event, 'entries.paste')
      return withPasted(context, event.text)
    }),
    resetDraft: assign(({ context }) => withEntries(context, context.whitelist.entries)),
    clearFailure: assign({ failure: null, notice: null }),
    refuseInvalidEntries: assign({ failure: clientFailure('entriesInvalid', 'invalid', { field: 'entries' }) }),
    refuseNoEntries: assign(({ context }) => ({
      failure: clientFailure(context.whitelist.enabled ? 'emptyEnforced' : 'entriesMissing', 'invalid', {
        field: 'entries',
      }),
    })),
    refuseLeaving: assign({ failure: clientFailure('stepRequired', 'invalid') }),
    wishToSave: assign(({ context }) => ({
      wish: { enabled: context.whitelist.enabled, entries: entriesToSend(context.draft) },
    })),
    wishToEnable: assign(({ context }) => ({ wish: { enabled: true, entries: entriesToSend(context.draft) } })),
    wishToDisable: assign(({ context }) => ({ wish: { ...context.whitelist, enabled: false } })),
    revise: sendTo('whitelistChange', ({ context }) => ({
      type: 'change.revise',
      wish: present(context.wish, 'wish'),
    })),
    watchChange: assign(({ context, event }) => {
      const snapshot = snapshotOf(event, 'whitelistChange')
      const { addresses, change, confirmBy, whitelist } = snapshot.context
      return {
        ...withListAndAddresses(context, whitelist, addresses),
        // What the editor refused before the change went on is old.
        failure: null,
        unconfirmedChange: unconfirmedChange({ change, confirmBy }),
        isRevisable: snapshot.matches({ confirming: { deciding: 'awaiting' } }),
      }
    }),
    closeChange: assign(({ context, event }) => {
      const { addresses, failure, notice, unconfirmedChange, whitelist } = outputOf(event, 'whitelistChange')
      return {
        ...withListAndAddresses(context, whitelist, addresses),
        failure,
        notice,
        unconfirmedChange,
        wish: null,
        isRevisable: false,
      }
    }),
    forgetWish: assign({ wish: null, isRevisable: false }),
    keepFailure: assign(({ event }) => ({ failure: failureOf(event) })),
  },
}).createMachine({
  id: 'ipWhitelist',
  description: 'The editor of the IP whitelist, the addresses that may sign in; `whitelistChange` makes each change.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    confirmWithinMs: readDuration(input?.confirmWithinMs, 'confirmWithinMs', 60_000),
    failure: input?.initialData?.failure ?? null,
    ...withAddresses(
      listed(emptyDraft, input?.initialData?.whitelist ?? unread),
      addressesOf(input?.initialData?.sessions ?? []),
    ),
    whitelist: input?.initialData?.whitelist ?? unread,
    isRead: input?.initialData?.whitelist !== undefined && input.initialData.sessions !== undefined,
    wish: null,
    isRevisable: false,
    unconfirmedChange: input?.initialData?.unconfirmedChange ?? null,
    notice: null,
  }),
  invoke: {
    id: 'ipWhitelist.detectRestore',
    src: 'detectRestore',
    input: () => ({ ticket: issueTicket() }),
    onError: {},
  },
  on: { restored: { description: 'A read starts again; `whitelistChange` handles the event itself.' } },
  initial: 'starting',
  states: {
    starting: {
      description: 'Initial data is not read again.',
      always: [
        { guard: 'hasFailed', target: 'sortingFailure' },
        { guard: 'isRead', target: 'drafting' },
        { target: 'reading' },
      ],
    },

    reading: {
      tags: 'busy',
      type: 'parallel',
      states: {
        whitelist: {
          initial: 'reading',
          states: {
            reading: {
              invoke: {
                id: 'ipWhitelist.read',
                src: 'getIpWhitelist',
                onDone: { target: 'read', actions: 'keepWhitelist' },
                onError: { target: '#ipWhitelist.sortingFailure', actions: 'keepFailure' },
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
                id: 'ipWhitelist.readAddress',
                src: 'listSessions',
                onDone: { target: 'read', actions: 'keepAddresses' },
                onError: [
                  { guard: 'addressShouldBeReadable', target: 'read' },
                  { target: 'read', actions: 'forgetAddresses' },
                ],
              },
            },
            read: { type: 'final' },
          },
        },
      },
      onDone: { target: 'drafting' },
    },

    drafting: {
      initial: 'editing',
      states: {
        editing: {
          tags: 'resting',
          description: 'The list is on screen; `failure` says why the last request failed.',
          on: {
            'whitelist.save': [
              { guard: 'hasInvalidEntry', actions: 'refuseInvalidEntries' },
              { guard: 'isDraftChanged', target: 'changing', actions: ['clearFailure', 'wishToSave'] },
            ],
            'whitelist.enable': [
              { guard: 'hasInvalidEntry', actions: 'refuseInvalidEntries' },
              { guard: 'hasNoEntry', actions: 'refuseNoEntries' },
              { guard: 'isEnableable', target: 'changing', actions: ['clearFailure', 'wishToEnable'] },
            ],
            'whitelist.disable': { guard: 'isEnabled', target: 'changing', actions: ['clearFailure', 'wishToDisable'] },
            'addresses.update': { guard: 'areAddresses', actions: 'updateAddresses' },
            retry: { target: '#ipWhitelist.reading', actions: 'clearFailure' },
            restored: { target: '#ipWhitelist.reading', actions: 'clearFailure' },
            'step.finish': [{ guard: 'mayLeave', target: '#ipWhitelist.done' }, { actions: 'refuseLeaving' }],
            'step.skip': [{ guard: 'mayLeave', target: '#ipWhitelist.skipped' }, { actions: 'refuseLeaving' }],
          },
        },
        changing: {
          tags: 'delegating',
          description:
            'The change is active until it is kept or undone; while it waits to be kept, the list can still be edited.',
          invoke: {
            id: 'whitelistChange',
            src: 'whitelistChange',
            input: ({ context }) => ({
              policy: context.policy,
              confirmWithinMs: context.confirmWithinMs,
              whitelist: context.whitelist,
              wish: present(context.wish, 'wish'),
              addresses: addressesIn(context),
            }),
            onSnapshot: { actions: 'watchChange' },
            onDone: [
              { guard: 'changeSignedOut', target: '#ipWhitelist.signedOut', actions: 'closeChange' },
              { guard: 'leavesAsDone', target: '#ipWhitelist.done', actions: 'closeChange' },
              { guard: 'leavesAsSkipped', target: '#ipWhitelist.skipped', actions: 'closeChange' },
              { guard: 'changeWasInterrupted', target: '#ipWhitelist.sortingFailure', actions: 'closeChange' },
              {
                guard: 'changeWasAbandoned',
                target: '#ipWhitelist.reading',
                actions: 'closeChange',
                description: 'Requested before a reload, and not begun.',
              },
              { target: 'editing', actions: 'closeChange' },
            ],
            onError: { target: '#ipWhitelist.halted.failed', actions: ['keepFailure', 'forgetWish'] },
          },
          on: {
            'whitelist.save': [
              { guard: 'isDraftLocked' },
              { guard: 'hasInvalidEntry', actions: 'refuseInvalidEntries' },
              { guard: 'isDraftChanged', actions: ['clearFailure', 'wishToSave', 'revise'] },
            ],
            'whitelist.enable': [
              { guard: 'isDraftLocked' },
              { guard: 'hasInvalidEntry', actions: 'refuseInvalidEntries' },
              { guard: 'hasNoEntry', actions: 'refuseNoEntries' },
              { guard: 'isEnableable', actions: ['clearFailure', 'wishToEnable', 'revise'] },
            ],
            'whitelist.disable': [
              { guard: 'isDraftLocked' },
              { guard: 'isEnabled', actions: ['clearFailure', 'wishToDisable', 'revise'] },
            ],
          },
        },
      },
      on: {
        'entry.add': [{ guard: 'isDraftLocked' }, { guard: 'isText', actions: ['addEntry', 'clearFailure'] }],
        'entry.remove': [{ guard: 'isDraftLocked' }, { actions: ['removeEntry', 'clearFailure'] }],
        'entries.replace': [
          { guard: 'isDraftLocked' },
          { guard: 'areTexts', actions: ['replaceEntries', 'clearFailure'] },
        ],
        'entries.paste': [
          { guard: 'isDraftLocked' },
          { guard: 'isPastedText', actions: ['pasteEntries', 'clearFailure'] },
        ],
        'draft.reset': [{ guard: 'isDraftLocked' }, { actions: ['resetDraft', 'clearFailure'] }],
      },
    },

    sortingFailure: {
      description: 'Sorts the failure: signed out, wait, or `failed`.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut' },
        { guard: 'mustWait', target: 'halted.coolingDown' },
        { target: 'halted.failed' },
      ],
    },

    halted: {
      description: '`retry` continues; an optional step can also be left.',
      initial: 'failed',
      states: {
        failed: { tags: 'failed', on: { restored: { target: '#ipWhitelist.reading', actions: 'clearFailure' } } },
        coolingDown: {
          tags: 'coolingDown',
          description: 'Waits until `failure.retryAt`: the portal asked for it.',
          invoke: {
            id: 'ipWhitelist.coolDown',
            src: 'deadline',
            input: ({ context }) => ({ at: waitsUntil(context.failure) }),
            onDone: { target: '#ipWhitelist.reading', actions: 'clearFailure' },
            onError: { target: 'failed' },
          },
        },
      },
      on: {
        retry: { target: 'reading', actions: 'clearFailure' },
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
    unconfirmedChange: context.unconfirmedChange,
  }),
})

const areTexts = (values: unknown) => Array.isArray(values) && values.every((value) => typeof value === 'string')

const unread: IpWhitelist = { enabled: false, entries: [] }

/** The draft of what the portal lists. */
const listed = (draft: WhitelistDraft, whitelist: IpWhitelist) =>
  withEntries(beside(draft, whitelist), whitelist.entries)

/** The list as it is now, and the draft anew unless it says something else than both the list before and this one. */
const withList = (context: IpWhitelistContext, whitelist: IpWhitelist): WhitelistDraft => {
  if (context.isRead && sameWhitelist(context.whitelist, whitelist)) return context
  const isDraftKept =
    context.isRead && isDraftChanged(context.draft, context.whitelist) && isDraftChanged(context.draft, whitelist)
  return isDraftKept ? beside(context, whitelist) : listed(context, whitelist)
}

const withListAndAddresses = (context: IpWhitelistContext, whitelist: IpWhitelist, addresses: SessionAddresses) => ({
  ...withAddresses(withList(context, whitelist), addresses),
  whitelist,
})

type Chart = typeof chart

/** The type of `ipWhitelistMachine`, named so that the declarations of a host stay short. */
export interface IpWhitelistMachine extends Chart {}

/**
 * The editor of the IP whitelist. It refuses a list that would lock the user out, and undoes a change that nobody
 * confirms (by `whitelistChange`). Its aim holds when the whitelist is enforced. Its actor slots are empty: take it
 * from `createMachines`, or fill them by `fromRead` and `fromWrite`.
 *
 * @example
 * ```ts
 * const whitelist = createActor(machines.ipWhitelist, { input: { policy: 'show', confirmWithinMs: 30_000 } }).start()
 * await settled(whitelist)
 * whitelist.send({ type: 'entry.add', value: '203.0.113.0/24' })
 * whitelist.getSnapshot().context.assessment.lockout // => 'covered'
 * whitelist.send({ type: 'whitelist.enable' })
 * await settled(whitelist)
 * whitelist.getSnapshot().children.whitelistChange?.send({ type: 'change.keep' })
 * await settled(whitelist)
 * portal.account.ipWhitelist.enabled // => true
 * ```
 */
export const ipWhitelistMachine: IpWhitelistMachine = withCheckedSlots(chart)
