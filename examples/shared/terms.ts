/** A step of a host's own: the user accepts the terms of service, before anything else. */
import {
  type Action,
  type CustomScreens,
  createDeadline,
  type Failure,
  fromRead,
  fromWrite,
  issueTicket,
  type OwnStepEvent,
  type Policy,
  type ScreenWith,
  type StatusTag,
  type StepInput,
  type StepOutput,
  toFailure,
  type WriteOptions,
  withoutEffect,
} from 'postlogin'
import { assign, setup } from 'xstate'

/** The terms in force, and whether this user has accepted them. */
export interface Terms {
  readonly version: number
  readonly text: string
  readonly isAccepted: boolean
}

/** Where the terms are: a service of the host's, not of the portal's. */
export interface TermsService {
  read(options: { readonly signal: AbortSignal }): Promise<Terms>
  accept(version: number, options: { readonly signal: AbortSignal; readonly requestId: string }): Promise<void>
}

interface TermsContext {
  readonly policy: Policy
  readonly failure: Failure | null
  /** Until then (epoch ms) an acceptance whose outcome is unknown may still land; null if there is none. */
  readonly landsUntil: number | null
  readonly terms: Terms | null
}

export const createTermsMachine = (service: TermsService, options: WriteOptions = {}) =>
  setup({
    types: {
      context: {} as TermsContext,
      input: {} as StepInput<object> | undefined,
      events: {} as OwnStepEvent | { type: 'terms.accept' },
      output: {} as StepOutput,
      tags: {} as StatusTag,
    },
    actors: {
      readTerms: fromRead<Terms>((_, scope) => service.read(scope)),
      acceptTerms: fromWrite<void, { version: number }>(
        ({ version }, scope) => service.accept(version, scope),
        options,
      ),
      deadline: createDeadline(options.clock),
    },
    guards: {
      isAccepted: ({ context }) => context.terms?.isAccepted === true,
      isOptional: ({ context }) => context.policy !== 'require',
      isSignedOut: ({ context }) => context.failure?.kind === 'unauthorized',
      mayHaveHappened: ({ context }) => context.failure?.effect !== 'none',
      mayLand: ({ context }) => context.landsUntil !== null,
    },
    actions: {
      keepFailure: assign((_, { error }: { error: unknown }) => ({ failure: toFailure(error) })),
      keepLanding: assign(({ context: { failure } }) => ({
        landsUntil: failure?.effect === 'unknown' ? failure.retryAt : null,
      })),
      endLanding: assign({ landsUntil: null }),
      settleAsNotDone: assign(({ context }) => ({ failure: withoutEffect(context.failure) })),
      clearFailure: assign({ failure: null }),
    },
  }).createMachine({
    id: 'terms',
    context: ({ input }) => ({ policy: input?.policy ?? 'offer', failure: null, landsUntil: null, terms: null }),
    initial: 'reading',
    states: {
      reading: {
        tags: 'busy',
        invoke: {
          src: 'readTerms',
          onDone: { target: 'sorting', actions: assign(({ event }) => ({ terms: event.output })) },
          onError: {
            target: 'sortingFailure',
            actions: { type: 'keepFailure', params: ({ event }) => ({ error: event.error }) },
          },
        },
      },
      sorting: {
        always: [
          { guard: 'isAccepted', target: 'done', actions: 'clearFailure' },
          { guard: 'mayLand', target: 'waiting' },
          { target: 'asking', actions: 'settleAsNotDone' },
        ],
      },
      // One read that shows no acceptance settles nothing: it may still be under way, and a second one must not be sent.
      waiting: {
        tags: 'coolingDown',
        invoke: {
          src: 'deadline',
          input: ({ context }) => ({ at: context.landsUntil }),
          onDone: { target: 'reading', actions: 'endLanding' },
        },
        on: {
          retry: { target: 'reading' },
          'step.finish': { guard: 'isOptional', target: 'done' },
          'step.skip': { guard: 'isOptional', target: 'skipped' },
        },
      },
      asking: {
        tags: 'resting',
        on: {
          'terms.accept': { target: 'accepting', actions: 'clearFailure' },
          retry: { target: 'reading', actions: 'clearFailure' },
          'step.finish': { guard: 'isOptional', target: 'done' },
          'step.skip': { guard: 'isOptional', target: 'skipped' },
        },
      },
      accepting: {
        tags: 'busy',
        invoke: {
          src: 'acceptTerms',
          input: ({ context }) => ({ version: context.terms?.version ?? 0, ticket: issueTicket() }),
          onDone: { target: 'reading' },
          onError: {
            target: 'sortingRefusal',
            actions: [{ type: 'keepFailure', params: ({ event }) => ({ error: event.error }) }, 'keepLanding'],
          },
        },
      },
      sortingRefusal: {
        always: [
          { guard: 'isSignedOut', target: 'signedOut' },
          { guard: 'mayHaveHappened', target: 'reading' },
          { target: 'asking' },
        ],
      },
      sortingFailure: { always: [{ guard: 'isSignedOut', target: 'signedOut' }, { target: 'failed' }] },
      failed: {
        tags: 'failed',
        on: {
          retry: { target: 'reading', actions: 'clearFailure' },
          'step.finish': { guard: 'isOptional', target: 'done' },
          'step.skip': { guard: 'isOptional', target: 'skipped' },
        },
      },
      done: { type: 'final', output: { outcome: 'done' } },
      skipped: { type: 'final', output: { outcome: 'skipped' } },
      signedOut: { type: 'final', output: { outcome: 'signedOut' } },
    },
    output: ({ context, event }) => ({
      outcome: (event.output as Pick<StepOutput, 'outcome'>).outcome,
      failure: context.failure,
      aimHolds: context.terms?.isAccepted === true,
    }),
  })

/** The name of the step, and its machine. */
export type TermsStep = { readonly terms: ReturnType<typeof createTermsMachine> }

export type TermsScreen = CustomScreens<TermsStep>

/** Everything that can be on screen of a page that has this step. */
export type PageScreen = ScreenWith<TermsStep>

/** What is to be accepted; '' until it is read. */
export const termsText = ({ actor }: TermsScreen) => actor.getSnapshot().context.terms?.text ?? ''

/** An action of the host's own, for `act`. */
export const acceptTerms = ({ step, status }: Pick<TermsScreen, 'step' | 'status'>): Action => ({
  owner: step,
  event: { type: 'terms.accept' },
  blocked: status === 'resting' ? null : status === 'coolingDown' ? 'unsettled' : status,
})
