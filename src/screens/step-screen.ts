import type { StepContext } from '../../machines/step.ts'
import { clientFailure, type Failure, isFailure, PortalError } from '../domain/failure.ts'
import { mayLeaveStep, type Policy, readPolicy } from '../domain/policy.ts'
import { type Action, type ActionOwner, type Blocked, cancelFlow, type ScreenStatus, statusOf } from './action.ts'

/** What is alike on the screens of all steps. */
export interface StepScreen<Name extends ActionOwner> {
  readonly name: Name
  readonly status: ScreenStatus
  /** Why the last action failed, or, when `failed` or `coolingDown`, why the step cannot continue. */
  readonly failure: Failure | null
  readonly policy: Policy
  /** Is the aim of the step reached? If not, `finish` leaves it undone. */
  readonly aimHolds: boolean
  readonly finish: Action
  readonly skip: Action
  /** Reads the state again. From `failed` or `coolingDown`, this is how to go on. */
  readonly retry: Action
  /** Ends the whole flow, whatever is in progress: the only way out of a required step that cannot be completed. */
  readonly cancelFlow: Action
}

/** What the user is asked before it goes on. Everything else on the screen waits for the answer. */
export interface Question<Kind extends string> {
  readonly kind: Kind
  /** Yes. */
  readonly confirm: Action
  readonly cancel: Action
}

interface StepSnapshot {
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

/** `owner`: the machine at work, where that is one inside the step's. `leaveBlocked`: what keeps the user in the step beside its policy. */
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
    if (status === 'busy') return { owner, event: { type }, blocked: 'busy' }
    const blocked = leaveBlocked ?? (mayLeaveStep(policy, aimHolds) ? null : 'stepRequired')
    return { owner, event: { type }, blocked }
  }
  const retry = snapshot.can({ type: 'retry' }) ? null : status === 'busy' ? 'busy' : 'questionOpen'
  return {
    name,
    status,
    failure,
    policy,
    aimHolds,
    finish: leave('step.finish'),
    skip: leave('step.skip'),
    retry: { owner, event: { type: 'retry' }, blocked: retry },
    cancelFlow,
  }
}
