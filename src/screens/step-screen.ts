import type { StepContext } from '../../machines/step.ts'
import { clientFailure, type Failure, isFailure, PortalError } from '../domain/failure.ts'
import { mayLeaveStep, type Policy, readPolicy } from '../domain/policy.ts'
import {
  type Action,
  type ActionOwner,
  type Blocked,
  cancelFlow,
  isAtWork,
  type ScreenStatus,
  statusOf,
} from './action.ts'

/** What the screens of all steps have in common. */
export interface StepScreen<Name extends ActionOwner> {
  readonly name: Name
  readonly status: ScreenStatus
  /** Why the last action was not carried out; or, when `failed` or `coolingDown`, why the step does not continue. */
  readonly failure: Failure | null
  readonly policy: Policy
  /** Is the aim of the step reached? If so, `finish` continues; if not, it leaves the rest undone. */
  readonly aimHolds: boolean
  /** Leaves the step. */
  readonly finish: Action
  /** Leaves the step as skipped. */
  readonly skip: Action
  /** Reads the state again. Continues after `failed` or `coolingDown`. */
  readonly retry: Action
  /** Gives up what the portal demands more proof for, and withdraws the host's question. Null where none is demanded. */
  readonly cancelStepUp: Action | null
  /**
   * Ends the whole flow, at any time: the only way to leave a required step that cannot be completed. Blocked where the
   * machine runs alone, as there is no flow.
   */
  readonly cancelFlow: Action
}

/** A question to the user. Until it is answered, nothing else on the screen is possible. */
export interface Question<Kind extends string> {
  /** What it is about. */
  readonly kind: Kind
  /** Yes. */
  readonly confirm: Action
  /** No. */
  readonly cancel: Action
}

/** What is read of a step’s snapshot. */
export interface StepSnapshot {
  readonly status: string
  readonly context: StepContext
  hasTag(tag: ScreenStatus): boolean
  can(event: { type: 'step.finish' } | { type: 'step.skip' } | { type: 'retry' }): boolean
}

/** What every step has in its context. @throws PortalError where a machine of the host's does not. */
function readContext({ policy, failure }: StepContext): StepContext {
  if (failure !== null && !isFailure(failure)) throw new PortalError(clientFailure('stepUnreadable', 'config'))
  return { policy: readPolicy(policy), failure }
}

/**
 * `owner`: the machine at work, where that is one inside the step's. `leaveBlocked`: what keeps the user in the step beside its policy.
 *
 * Spread the result behind the properties of your own, and a row likewise: V8 11 (Node 20) takes about 1 µs for each new property that
 * follows a spread, a hundred times as much as for one before it.
 */
export function stepScreen<Name extends ActionOwner>(
  name: Name,
  snapshot: StepSnapshot,
  {
    aimHolds,
    owner = name,
    leaveBlocked = null,
  }: { readonly aimHolds: boolean; readonly owner?: ActionOwner; readonly leaveBlocked?: Blocked | null },
): StepScreen<Name> {
  const { policy, failure } = readContext(snapshot.context)
  const status = statusOf(snapshot)
  const leave = (type: 'step.finish' | 'step.skip'): Action => {
    if (isAtWork(status)) return { owner, event: { type }, blocked: status }
    const blocked = leaveBlocked ?? (mayLeaveStep(policy, aimHolds) ? null : 'stepRequired')
    return { owner, event: { type }, blocked }
  }
  const retry = snapshot.can({ type: 'retry' }) ? null : isAtWork(status) ? status : 'questionOpen'
  return {
    name,
    status,
    failure,
    policy,
    aimHolds,
    finish: leave('step.finish'),
    skip: leave('step.skip'),
    retry: { owner, event: { type: 'retry' }, blocked: retry },
    cancelStepUp: status === 'steppingUp' ? { owner, event: { type: 'stepUp.cancel' }, blocked: null } : null,
    cancelFlow,
  }
}
