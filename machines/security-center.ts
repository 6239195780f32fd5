import { type ActorRefFrom, type AnyActorRef, type AnyMachineSnapshot, assign, enqueueActions, setup } from 'xstate'
import type { Failure } from '../src/domain/failure.ts'
import { readDuration } from '../src/domain/policy.ts'
import {
  type CardFacts,
  type CardName,
  factsOfMfa,
  factsOfSessions,
  factsOfWhitelist,
  type SecurityCenterOutput,
  withFacts,
  withoutCard,
} from '../src/domain/security-center.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import type { UnconfirmedChange } from '../src/domain/whitelist-change.ts'
import { charts } from './charts.ts'
import { failureOf, resultsOf } from './events.ts'
import { invitationsMachine } from './invitations.ts'
import type { IpWhitelistContext } from './ip-whitelist.ts'
import { late, loadSteps } from './late.ts'
import type { MfaContext } from './mfa.ts'
import type { SessionsContext } from './sessions.ts'
import { detectRestore } from './slots.ts'
import type { StatusTag } from './step.ts'

/** What `securityCenterMachine` knows; what a card shows, its own machine knows. */
export interface SecurityCenterContext {
  /** How long a whitelist change may wait for its confirmation, in ms; undefined: the default of 60,000. */
  readonly confirmWithinMs: number | undefined
  /** What the open cards have found that bears on another one. */
  readonly facts: CardFacts
  /** The open cards that show something which another card has changed since. */
  readonly stale: readonly CardName[]
  /** Why a card broke down, by its name. */
  readonly failures: { readonly [Card in CardName]?: Failure }
  /** A whitelist change that may be in force though nobody confirmed it; null if there is none. */
  readonly unconfirmedChange: UnconfirmedChange | null
  /** Why the session ended; null while it has not. */
  readonly failure: Failure | null
}

/** What `securityCenterMachine` takes itself; the events of a card go to the machine of that card. */
export type SecurityCenterEvent =
  /** Opens a card, or tries one again that broke down. */
  | { type: 'card.open'; card: CardName }
  /** Closes a card, as `step.finish` leaves a step: a list once what is under way is done, the others not while they are busy. */
  | { type: 'card.close'; card: CardName }
  | { type: 'restored' }

/** What `securityCenterMachine` starts with. */
export interface SecurityCenterInput {
  /** How long a whitelist change waits for its confirmation before it is undone, in ms; default 60,000. */
  readonly confirmWithinMs?: number | undefined
}

const actors = {
  detectRestore,
  loadSteps,
  mfa: late(charts.mfa),
  ipWhitelist: late(charts.ipWhitelist),
  sessions: late(charts.sessions),
  invitations: invitationsMachine,
}

/** What each invoke runs. */
type SecurityCenterInvokes = { [Card in CardName as `securityCenter.${Card}`]: Card } & {
  [Card in CardName as `securityCenter.${Card}.load`]: 'loadSteps'
} & { 'securityCenter.detectRestore': 'detectRestore' }

const { outputOf, snapshotOf } = resultsOf<typeof actors, SecurityCenterInvokes>()

const CARDS = [
  'securityCenter.mfa',
  'securityCenter.ipWhitelist',
  'securityCenter.sessions',
  'securityCenter.invitations',
] as const

const chart = setup({
  types: {
    context: {} as SecurityCenterContext,
    events: {} as SecurityCenterEvent,
    input: {} as SecurityCenterInput | undefined,
    output: {} as SecurityCenterOutput,
    tags: {} as StatusTag,
    children: {} as SecurityCenterInvokes,
  },
  schemas: { context: 'securityCenter' },
  actors,
  guards: {
    isCard: ({ event }, params: { card: CardName }) => 'card' in event && event.card === params.card,
    isSignedOut: ({ event }) => outputOf(event, ...CARDS).outcome === 'signedOut',
  },
  actions: {
    keepBreakdown: assign(({ context, event }, params: { card: CardName }) => ({
      failures: { ...context.failures, [params.card]: failureOf(event) },
    })),
    clearBreakdown: assign(({ context }, params: { card: CardName }) => {
      const { [params.card]: _former, ...failures } = context.failures
      return { failures }
    }),
    forgetCard: assign(({ context }, params: { card: CardName }) => withoutCard(context, params.card)),
    leave: enqueueActions(({ enqueue, self }, params: { card: CardName }) => {
      const actor = innermost(self.getSnapshot() as Center, params.card)
      if (actor !== undefined) enqueue.sendTo(actor, { type: 'step.finish' })
    }),
    watchMfa: assign(({ context, event }) => {
      const factors = contextOf('mfa', snapshotOf(event, 'securityCenter.mfa'))
      return factors === null ? {} : withFacts(context, factsOfMfa(factors))
    }),
    watchWhitelist: assign(({ context, event }) => {
      const editor = contextOf('ipWhitelist', snapshotOf(event, 'securityCenter.ipWhitelist'))
      if (editor === null) return {}
      return { ...withFacts(context, factsOfWhitelist(editor)), unconfirmedChange: editor.unconfirmedChange }
    }),
    watchSessions: assign(({ context, event }) => {
      const list = contextOf('sessions', snapshotOf(event, 'securityCenter.sessions'))
      return list === null ? {} : withFacts(context, factsOfSessions(list))
    }),
    // XState emits a snapshot only when something is assigned; a host that watches the center alone must hear of every change below it.
    republish: assign({}),
    refreshOthers: enqueueActions(({ context, enqueue, self }) => {
      for (const card of context.stale) {
        const refresh = refreshOf(card, self.getSnapshot() as Center, context.facts)
        if (refresh === null) continue
        enqueue.sendTo(`securityCenter.${card}`, refresh)
        enqueue.assign(({ context }) => ({ stale: context.stale.filter((name) => name !== card) }))
      }
    }),
    keepSignOut: assign(({ event }) => ({ failure: outputOf(event, ...CARDS).failure })),
    closeWhitelist: assign(({ event }) => ({
      unconfirmedChange: outputOf(event, 'securityCenter.ipWhitelist').unconfirmedChange,
    })),
  },
}).createMachine({
  id: 'securityCenter',
  description: 'The security page of an account: cards that are opened and closed in any order, several at once.',
  context: ({ input }) => ({
    confirmWithinMs:
      input?.confirmWithinMs === undefined
        ? undefined
        : readDuration(input.confirmWithinMs, 'confirmWithinMs', input.confirmWithinMs),
    facts: {},
    stale: [],
    failures: {},
    unconfirmedChange: null,
    failure: null,
  }),
  invoke: {
    id: 'securityCenter.detectRestore',
    src: 'detectRestore',
    input: () => ({ ticket: issueTicket() }),
    onError: {},
  },
  on: { restored: { description: 'Each card continues by itself.' } },
  initial: 'cards',
  states: {
    cards: {
      description: 'Each card has a status of its own.',
      type: 'parallel',
      states: {
        mfa: {
          initial: 'closed',
          states: {
            closed: {
              tags: 'resting',
              description: 'Nothing of it is read.',
              entry: { type: 'forgetCard', params: { card: 'mfa' } },
              on: { 'card.open': { guard: { type: 'isCard', params: { card: 'mfa' } }, target: 'loading' } },
            },
            loading: {
              tags: 'busy',
              invoke: {
                id: 'securityCenter.mfa.load',
                src: 'loadSteps',
                input: { steps: ['mfa'] },
                onDone: { target: 'open' },
                onError: { target: 'failed', actions: { type: 'keepBreakdown', params: { card: 'mfa' } } },
              },
              on: { 'card.close': { guard: { type: 'isCard', params: { card: 'mfa' } }, target: 'closed' } },
            },
            open: {
              tags: 'delegating',
              invoke: {
                id: 'securityCenter.mfa',
                src: 'mfa',
                input: { policy: 'show' },
                onSnapshot: { actions: ['watchMfa', 'refreshOthers'] },
                onDone: [
                  { guard: 'isSignedOut', target: '#securityCenter.signedOut', actions: 'keepSignOut' },
                  { target: 'closed' },
                ],
                onError: { target: 'failed', actions: { type: 'keepBreakdown', params: { card: 'mfa' } } },
              },
              on: {
                'card.close': {
                  guard: { type: 'isCard', params: { card: 'mfa' } },
                  actions: { type: 'leave', params: { card: 'mfa' } },
                },
              },
            },
            failed: {
              tags: 'failed',
              description: 'The machine of the card could not be loaded, or has crashed; the others go on.',
              entry: { type: 'forgetCard', params: { card: 'mfa' } },
              exit: { type: 'clearBreakdown', params: { card: 'mfa' } },
              on: {
                'card.open': { guard: { type: 'isCard', params: { card: 'mfa' } }, target: 'loading' },
                'card.close': { guard: { type: 'isCard', params: { card: 'mfa' } }, target: 'closed' },
              },
            },
          },
        },

        ipWhitelist: {
          initial: 'closed',
          states: {
            closed: {
              tags: 'resting',
              description: 'Nothing of it is read.',
              entry: { type: 'forgetCard', params: { card: 'ipWhitelist' } },
              on: { 'card.open': { guard: { type: 'isCard', params: { card: 'ipWhitelist' } }, target: 'loading' } },
            },
            loading: {
              tags: 'busy',
              invoke: {
                id: 'securityCenter.ipWhitelist.load',
                src: 'loadSteps',
                input: { steps: ['ipWhitelist'] },
                onDone: { target: 'open' },
                onError: { target: 'failed', actions: { type: 'keepBreakdown', params: { card: 'ipWhitelist' } } },
              },
              on: { 'card.close': { guard: { type: 'isCard', params: { card: 'ipWhitelist' } }, target: 'closed' } },
            },
            open: {
              tags: 'delegating',
              invoke: {
                id: 'securityCenter.ipWhitelist',
                src: 'ipWhitelist',
                input: ({ context }) => ({ policy: 'show', confirmWithinMs: context.confirmWithinMs }),
                onSnapshot: { actions: ['watchWhitelist', 'refreshOthers'] },
                onDone: [
                  {
                    guard: 'isSignedOut',
                    target: '#securityCenter.signedOut',
                    actions: ['keepSignOut', 'closeWhitelist'],
                  },
                  { target: 'closed', actions: 'closeWhitelist' },
                ],
                onError: { target: 'failed', actions: { type: 'keepBreakdown', params: { card: 'ipWhitelist' } } },
              },
              on: {
                'card.close': {
                  guard: { type: 'isCard', params: { card: 'ipWhitelist' } },
                  actions: { type: 'leave', params: { card: 'ipWhitelist' } },
                },
              },
            },
            failed: {
              tags: 'failed',
              description: 'The machine of the card could not be loaded, or has crashed; the others go on.',
              entry: { type: 'forgetCard', params: { card: 'ipWhitelist' } },
              exit: { type: 'clearBreakdown', params: { card: 'ipWhitelist' } },
              on: {
                'card.open': { guard: { type: 'isCard', params: { card: 'ipWhitelist' } }, target: 'loading' },
                'card.close': { guard: { type: 'isCard', params: { card: 'ipWhitelist' } }, target: 'closed' },
              },
            },
          },
        },

        sessions: {
          initial: 'closed',
          states: {
            closed: {
              tags: 'resting',
              description: 'Nothing of it is read.',
              entry: { type: 'forgetCard', params: { card: 'sessions' } },
              on: { 'card.open': { guard: { type: 'isCard', params: { card: 'sessions' } }, target: 'loading' } },
            },
            loading: {
              tags: 'busy',
              invoke: {
                id: 'securityCenter.sessions.load',
                src: 'loadSteps',
                input: { steps: ['sessions'] },
                onDone: { target: 'open' },
                onError: { target: 'failed', actions: { type: 'keepBreakdown', params: { card: 'sessions' } } },
              },
              on: { 'card.close': { guard: { type: 'isCard', params: { card: 'sessions' } }, target: 'closed' } },
            },
            open: {
              tags: 'delegating',
              invoke: {
                id: 'securityCenter.sessions',
                src: 'sessions',
                input: { policy: 'show' },
                onSnapshot: { actions: ['watchSessions', 'refreshOthers'] },
                onDone: [
                  { guard: 'isSignedOut', target: '#securityCenter.signedOut', actions: 'keepSignOut' },
                  { target: 'closed' },
                ],
                onError: { target: 'failed', actions: { type: 'keepBreakdown', params: { card: 'sessions' } } },
              },
              on: {
                'card.close': {
                  guard: { type: 'isCard', params: { card: 'sessions' } },
                  actions: { type: 'leave', params: { card: 'sessions' } },
                },
              },
            },
            failed: {
              tags: 'failed',
              description: 'The machine of the card could not be loaded, or has crashed; the others go on.',
              entry: { type: 'forgetCard', params: { card: 'sessions' } },
              exit: { type: 'clearBreakdown', params: { card: 'sessions' } },
              on: {
                'card.open': { guard: { type: 'isCard', params: { card: 'sessions' } }, target: 'loading' },
                'card.close': { guard: { type: 'isCard', params: { card: 'sessions' } }, target: 'closed' },
              },
            },
          },
        },

        invitations: {
          initial: 'closed',
          states: {
            closed: {
              tags: 'resting',
              description: 'Nothing of it is read.',
              entry: { type: 'forgetCard', params: { card: 'invitations' } },
              on: { 'card.open': { guard: { type: 'isCard', params: { card: 'invitations' } }, target: 'loading' } },
            },
            loading: {
              tags: 'busy',
              invoke: {
                id: 'securityCenter.invitations.load',
                src: 'loadSteps',
                input: { steps: ['invitations'] },
                onDone: { target: 'open' },
                onError: { target: 'failed', actions: { type: 'keepBreakdown', params: { card: 'invitations' } } },
              },
              on: { 'card.close': { guard: { type: 'isCard', params: { card: 'invitations' } }, target: 'closed' } },
            },
            open: {
              tags: 'delegating',
              invoke: {
                id: 'securityCenter.invitations',
                src: 'invitations',
                input: { policy: 'show' },
                onSnapshot: { actions: 'republish' },
                onDone: [
                  { guard: 'isSignedOut', target: '#securityCenter.signedOut', actions: 'keepSignOut' },
                  { target: 'closed' },
                ],
                onError: { target: 'failed', actions: { type: 'keepBreakdown', params: { card: 'invitations' } } },
              },
              on: {
                'card.close': {
                  guard: { type: 'isCard', params: { card: 'invitations' } },
                  actions: { type: 'leave', params: { card: 'invitations' } },
                },
              },
            },
            failed: {
              tags: 'failed',
              description: 'The machine of the card could not be loaded, or has crashed; the others go on.',
              entry: { type: 'forgetCard', params: { card: 'invitations' } },
              exit: { type: 'clearBreakdown', params: { card: 'invitations' } },
              on: {
                'card.open': { guard: { type: 'isCard', params: { card: 'invitations' } }, target: 'loading' },
                'card.close': { guard: { type: 'isCard', params: { card: 'invitations' } }, target: 'closed' },
              },
            },
          },
        },
      },
    },

    signedOut: { type: 'final', output: { outcome: 'signedOut' } },
  },
  output: ({ context: { failure, unconfirmedChange } }) => ({ outcome: 'signedOut', failure, unconfirmedChange }),
})

interface Center {
  readonly children: { readonly [Card in CardName as `securityCenter.${Card}`]?: ActorRefFrom<(typeof actors)[Card]> }
}

/** The machine of an open card; the one inside it, where that is at work. */
function innermost({ children }: Center, card: CardName): AnyActorRef | undefined {
  const actor: AnyActorRef | undefined = children[`securityCenter.${card}`]
  const inside: Partial<Record<string, AnyActorRef>> = actor?.getSnapshot().children ?? {}
  return inside.otpEnrollment ?? inside.whitelistChange ?? actor
}

interface Contexts {
  readonly mfa: MfaContext
  readonly ipWhitelist: IpWhitelistContext
  readonly sessions: SessionsContext
}

/** What our machine in a card knows. A host may have put one of its own there, of which nothing is known: null. */
function contextOf<Card extends keyof Contexts>(card: Card, snapshot: object): Contexts[Card] | null {
  const { machine, context } = snapshot as Partial<AnyMachineSnapshot>
  const isOurs = (machine?.schemas as { readonly context?: unknown } | undefined)?.context === card
  return isOurs ? (context as Contexts[Card]) : null
}

/** What brings a card up to date; null while it would take a question, a failure, or work from the screen. A draft keeps its rows. */
function refreshOf(card: CardName, { children }: Center, { addresses }: CardFacts) {
  if (card === 'ipWhitelist') {
    const editor = children['securityCenter.ipWhitelist']?.getSnapshot()
    const isEditing = editor !== undefined && contextOf('ipWhitelist', editor) !== null && editor.hasTag('resting')
    return isEditing && addresses ? ({ type: 'addresses.update', addresses } as const) : null
  }
  const refresh = { type: 'sessions.refresh' } as const
  const sessions = children['securityCenter.sessions']?.getSnapshot()
  const isUndisturbed = sessions !== undefined && contextOf('sessions', sessions)?.failure === null
  return isUndisturbed && sessions.can(refresh) ? refresh : null
}

type Chart = typeof chart

/** The type of `securityCenterMachine`, named so that the declarations of a host stay short. */
export interface SecurityCenterMachine extends Chart {}

/**
 * The security page of an account, after the onboarding: the factors, the IP whitelist, the sessions, and the
 * invitations, each a card with the step's own machine. A closed card reads nothing; what is changed in one card, the
 * others show without a reload. It ends when the user is signed out. Its actor slots are empty: take it from
 * `createMachines`, or fill them with `.provide()`.
 *
 * @example
 * ```ts
 * const center = createActor(machines.securityCenter).start()
 * center.send({ type: 'card.open', card: 'sessions' })
 * center.send({ type: 'card.open', card: 'ipWhitelist' })
 * await settled(center)
 * const screen = screenOf(center.getSnapshot())
 * screen.name === 'securityCenter' && screen.cards.sessions.screen?.name // => 'sessions'
 * ```
 */
export const securityCenterMachine: SecurityCenterMachine = chart
