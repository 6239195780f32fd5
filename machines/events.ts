import type { AnyStateMachine, SnapshotFrom } from 'xstate'
import { type Failure, toFailure } from '../src/domain/failure.ts'
import type { Operation, PortalApi } from '../src/domain/portal-api.ts'
import type { StepContext, StepOutput } from './step.ts'

/** What an operation of the portal resolves with. */
export type ResultOf<Name extends Operation> = Awaited<ReturnType<PortalApi[Name]>>

/** The output in a `xstate.done.actor.*` event, whose type the charts' named actions cannot see. */
export const outputOf = <Output>(event: { type: string }): Output => (event as unknown as { output: Output }).output

/** The snapshot in a `xstate.snapshot.*` event of a child machine. */
export const snapshotOf = <Machine extends AnyStateMachine>(event: { type: string }): SnapshotFrom<Machine> =>
  (event as unknown as { snapshot: SnapshotFrom<Machine> }).snapshot

/** The failure in a `xstate.error.actor.*` event; whatever was thrown becomes a plain `Failure`. */
export const failureOf = (event: { type: string }): Failure => toFailure((event as { error?: unknown }).error)

/** What every step ends with: the outcome that its final state names, and the failure where that is why. */
export const endOf = (context: StepContext, event: { output: unknown }): Pick<StepOutput, 'outcome' | 'failure'> => {
  const { outcome } = event.output as Pick<StepOutput, 'outcome'>
  return { outcome, failure: outcome === 'signedOut' ? context.failure : null }
}
