import type { Failure } from '../src/domain/failure.ts'
import type { Policy } from '../src/domain/policy.ts'

/** Exactly one holds in each machine that is not done. */
export type StatusTag =
  /** Work in flight. */
  | 'busy'
  /** Waits for the user. */
  | 'resting'
  /** Waits for `retry`. */
  | 'failed'
  /** Waits for time, until `failure.retryAt`; `retry` ends the wait. */
  | 'coolingDown'
  /** A child machine is at work: look there. */
  | 'delegating'

/** What every step takes. */
export type StepEvent =
  /** The user is through with this step. Refused under `require` until the aim holds. */
  | { type: 'step.finish' }
  /** The user wants none of it. Refused under `require` until the aim holds. */
  | { type: 'step.skip' }
  /** Reads the state again and goes on from what it shows; repeats no change. */
  | { type: 'retry' }
  /** From `detectRestore`: this machine was started again from a stored snapshot. */
  | { type: 'restored' }

export type StepOutcome = 'done' | 'skipped' | 'signedOut' | 'cancelled'

/** What every step ends with. */
export interface StepOutput {
  readonly outcome: StepOutcome
  /** Why it ended, for `signedOut`. */
  readonly failure: Failure | null
  /** Was what the step is for reached, as far as is known? */
  readonly aimHolds: boolean
}

export interface StepInput<InitialData> {
  /** Default `offer`. */
  readonly policy?: Policy | undefined
  /** What has been read already, so that the step need not read it again; with `failure` where that read failed. */
  readonly initialData?: (InitialData & { readonly failure?: Failure | undefined }) | undefined
}

export interface StepContext {
  readonly policy: Policy
  readonly failure: Failure | null
}
