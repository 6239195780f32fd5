import type { AnyStateMachine } from 'xstate'
import type { Failure } from '../src/domain/failure.ts'
import type { Policy } from '../src/domain/policy.ts'

/** What a machine waits for. Each machine that is not done has exactly one of these tags. */
export type StatusTag =
  /** Work is under way. */
  | 'busy'
  /** It waits for the user. */
  | 'resting'
  /** It waits for `retry`. */
  | 'failed'
  /** It waits until `failure.retryAt`; `retry` ends the wait. */
  | 'coolingDown'
  /** The host asks the user for more proof of who they are; `stepUp.cancel` ends that. */
  | 'steppingUp'
  /** A child machine is at work: look at that. */
  | 'delegating'

/** The events that every step takes. */
export type StepEvent =
  /** The user has finished this step. Refused under `require` until the aim holds. */
  | { type: 'step.finish' }
  /** The user skips this step. Refused under `require` until the aim holds. */
  | { type: 'step.skip' }
  /** Reads the state again and continues from there. Repeats no write. */
  | { type: 'retry' }
  /** From `detectRestore`: the machine was started from a stored snapshot. */
  | { type: 'restored' }

/** The events of a write that the portal demands more proof for. */
export type StepUpEvent =
  /** From a write: the portal demands more proof, and the host asks the user for it. */
  | { type: 'stepUp.demanded' }
  /** From a write: that is over, and the write goes on. */
  | { type: 'stepUp.answered' }
  /** Gives up what the portal demands more proof for. Nothing was done. */
  | { type: 'stepUp.cancel' }

/** How a step ended. `cancelled`: only `otpEnrollment`, by `enrollment.cancel`. */
export type StepOutcome = 'done' | 'skipped' | 'signedOut' | 'cancelled'

/** What every step ends with. */
export interface StepOutput {
  /** How it ended. */
  readonly outcome: StepOutcome
  /** For `signedOut`: why it ended. Otherwise null. */
  readonly failure: Failure | null
  /** Was the aim of the step reached, as far as is known? */
  readonly aimHolds: boolean
}

/** What every step starts with. */
export interface StepInput<InitialData> {
  /** When the step may be left; default `offer`. */
  readonly policy?: Policy | undefined
  /** What was read already, so that the step does not read it again; with `failure` if that read failed. */
  readonly initialData?: (InitialData & { readonly failure?: Failure | undefined }) | undefined
}

/** What every step knows. */
export interface StepContext {
  /** When the step may be left. */
  readonly policy: Policy
  /** What went wrong last; null if nothing did. */
  readonly failure: Failure | null
}

/** The events that a host's own machine takes as a step. */
export type OwnStepEvent = Extract<StepEvent, { type: 'step.finish' | 'step.skip' | 'retry' }>

/**
 * A machine of a host's own that can be a step (`withSteps`). It starts with its `policy`, takes `step.finish`,
 * `step.skip`, and `retry`, says by a tag how it stands, and ends with an output.
 */
export type StepMachine = AnyStateMachine & StepLogic

/** What XState leaves open of any machine. The functions are properties, as tsc compares those strictly. */
interface StepLogic {
  readonly transition: (snapshot: never, event: OwnStepEvent, scope: never) => unknown
  readonly getInitialSnapshot: (scope: never, input: StepInput<object>) => StepSnapshot
}

interface StepSnapshot {
  readonly output: StepOutput | undefined
  hasTag(tag: StatusTag): boolean
}
