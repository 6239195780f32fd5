import type { ActorRefFromLogic, AnyActorRef, AnyMachineSnapshot } from 'xstate'
import type { OwnStepEvent } from '../../machines/step.ts'
import type { StepMachines } from '../../machines/with-steps.ts'
import { type Failure, isFailure } from '../domain/failure.ts'
import type { Policy } from '../domain/policy.ts'
import { type Action, type Blocked, cancelFlow, type ScreenStatus, statusOf } from './action.ts'

/**
 * A step of a host's own (`withSteps`), or a machine in the place of one of ours that ours cannot draw. Draw it by its
 * `actor`. An action of your own is `{ owner: screen.step, event, blocked: null }`.
 */
export interface CustomScreen<Name extends string = string, Actor = AnyActorRef> {
  readonly name: 'custom'
  /** The name of the step. */
  readonly step: Name
  /** The actor that runs its machine: what it knows, and where its own events go. */
  readonly actor: Actor
  readonly status: ScreenStatus
  /** What its context says under this name, where that is a `Failure`. */
  readonly failure: Failure | null
  readonly policy: Policy
  /** Leaves the step. Blocked where its machine does not take that now. */
  readonly finish: Action
  /** Leaves the step as skipped. Blocked where its machine does not take that now. */
  readonly skip: Action
  /** Tries again. */
  readonly retry: Action
  /** Gives up the proof that is being asked for; null where none is, or its machine does not take that. */
  readonly cancelStepUp: Action | null
  /** Ends the whole flow. */
  readonly cancelFlow: Action
}

/** What can be on screen of these steps. */
export type CustomScreens<Steps extends StepMachines> = {
  readonly [Name in keyof Steps & string]: CustomScreen<Name, ActorRefFromLogic<Steps[Name]>>
}[keyof Steps & string]

const stepUpCancel = { type: 'stepUp.cancel' } as const

/** @throws Error where it has no tag of a step. */
export function customScreen(step: string, actor: AnyActorRef, policy: Policy): CustomScreen {
  const snapshot: AnyMachineSnapshot = actor.getSnapshot()
  // Where a machine inside it is at work, the host's own page shows that.
  const status = snapshot.hasTag('delegating') ? 'resting' : statusOf(snapshot)
  const { failure } = snapshot.context as { readonly failure?: unknown }
  const action = (type: OwnStepEvent['type']): Action => {
    const blocked =
      status === 'busy' && type !== 'retry' ? status : snapshot.can({ type }) ? null : whyNot(status, type)
    return { owner: step, event: { type }, blocked }
  }
  return {
    name: 'custom',
    step,
    actor,
    status,
    failure: isFailure(failure) ? failure : null,
    policy,
    finish: action('step.finish'),
    skip: action('step.skip'),
    retry: action('retry'),
    cancelStepUp: snapshot.can(stepUpCancel) ? { owner: step, event: stepUpCancel, blocked: null } : null,
    cancelFlow,
  }
}

function whyNot(status: ScreenStatus, type: OwnStepEvent['type']): Blocked {
  if (status === 'coolingDown') return 'rateLimited'
  if (status !== 'resting') return status
  return type === 'retry' ? 'questionOpen' : 'stepRequired'
}
