import { assign, setup } from 'xstate'
import { clientFailure } from '../src/domain/failure.ts'
import { mayLeaveStep, readPolicy } from '../src/domain/policy.ts'
import { failureOf } from './events.ts'
import { fromRun } from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput } from './step.ts'

/** What `loadingMachine` knows. */
export interface LoadingContext extends StepContext {
  /** What the machine starts with once it is loaded. */
  readonly input: StepInput<object> | undefined
}

const loadChart = fromRun<void, undefined>(() => Promise.reject(clientFailure('slotEmpty', 'config')))

/**
 * What a machine is until its chart is loaded (see `late`), where it runs alone: `onboardingMachine` loads a step
 * before it starts it.
 */
export const loadingMachine = setup({
  types: {
    context: {} as LoadingContext,
    events: {} as StepEvent,
    input: {} as StepInput<object> | undefined,
    output: {} as StepOutput,
    tags: {} as StatusTag,
    children: {} as { 'loading.chart': 'loadChart' },
  },
  actors: { loadChart },
  guards: {
    mayLeave: ({ context }) => mayLeaveStep(context.policy, false),
  },
  actions: {
    keepFailure: assign(({ event }) => ({ failure: failureOf(event) })),
    clearFailure: assign({ failure: null }),
    refuseLeaving: assign({ failure: clientFailure('stepRequired', 'invalid') }),
  },
}).createMachine({
  id: 'loading',
  description: 'A machine whose chart is being loaded. Once it is loaded, the actor goes on as that machine.',
  context: ({ input }) => ({ policy: readPolicy(input?.policy), failure: null, input }),
  initial: 'loading',
  states: {
    loading: {
      tags: 'busy',
      invoke: {
        id: 'loading.chart',
        src: 'loadChart',
        onDone: { target: 'ready' },
        onError: { target: 'failed', actions: 'keepFailure' },
      },
    },

    failed: {
      tags: 'failed',
      on: {
        retry: { target: 'loading', actions: 'clearFailure' },
        'step.finish': [{ guard: 'mayLeave', target: 'done' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'mayLeave', target: 'skipped' }, { actions: 'refuseLeaving' }],
      },
    },

    ready: { description: 'From here on the actor is the machine that was loaded.', tags: 'busy' },

    done: { type: 'final', output: { outcome: 'done' } },
    skipped: { type: 'final', output: { outcome: 'skipped' } },
  },
  output: ({ event }) => ({
    outcome: (event.output as Pick<StepOutput, 'outcome'>).outcome,
    failure: null,
    aimHolds: false,
  }),
})
