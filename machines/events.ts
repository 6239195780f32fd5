import type { AnyActorLogic, OutputFrom, SnapshotFrom } from 'xstate'
import { type Failure, toFailure, withoutWait } from '../src/domain/failure.ts'
import type { Operation, OperationMethod } from '../src/domain/portal-api.ts'
import type { StepContext, StepOutput } from './step.ts'

/** What an operation of the portal resolves with. */
export type ResultOf<Name extends Operation> = Awaited<ReturnType<OperationMethod<Name>>>

/**
 * Reads what a machine's invokes bring, typed by what each of them runs: by invoke id, as `types.children` has it. Throws on the event
 * of another invoke.
 */
export const resultsOf = <
  Actors extends Readonly<Record<string, AnyActorLogic>>,
  Invokes extends { readonly [Id in keyof Invokes]: keyof Actors },
>() => ({
  /** The output in the `xstate.done.actor.*` event of one of these invokes. */
  outputOf<Id extends keyof Invokes & string>(
    event: { readonly type: string },
    ...ids: readonly [Id, ...Id[]]
  ): OutputFrom<Actors[Invokes[Id]]> {
    return payloadOf<{ output: OutputFrom<Actors[Invokes[Id]]> }>(event, 'done.actor', ids).output
  },
  /** The snapshot in the `xstate.snapshot.*` event of this invoke. */
  snapshotOf<Id extends keyof Invokes & string>(
    event: { readonly type: string },
    id: Id,
  ): SnapshotFrom<Actors[Invokes[Id]]> {
    return payloadOf<{ snapshot: SnapshotFrom<Actors[Invokes[Id]]> }>(event, 'snapshot', [id]).snapshot
  },
})

/** The charts' named actions see the type of what is sent to a machine, not of what its actors bring. */
function payloadOf<Payload>(event: { readonly type: string }, kind: string, ids: readonly string[]): Payload {
  if (!ids.some((id) => event.type === `xstate.${kind}.${id}`)) {
    throw new Error(`${event.type} is not of ${ids.join(' or ')}`)
  }
  return event as unknown as Payload
}

/** The failure in a `xstate.error.actor.*` event; whatever was thrown becomes a plain `Failure`. */
export const failureOf = (event: { type: string }): Failure => toFailure((event as { error?: unknown }).error)

/** What every step ends with: the outcome that its final state names, and the failure where that is why. Once signed out, nobody looks again. */
export const endOf = (context: StepContext, event: { output: unknown }): Pick<StepOutput, 'outcome' | 'failure'> => {
  const { outcome } = event.output as Pick<StepOutput, 'outcome'>
  return { outcome, failure: outcome === 'signedOut' ? withoutWait(context.failure) : null }
}
