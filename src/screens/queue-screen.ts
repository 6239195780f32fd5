import type { StepContext } from '../../machines/step.ts'
import type { Queue } from '../domain/queue.ts'
import { type Action, type ActionOwner, type Blocked, blockedOnScreen, isAtWork } from './action.ts'
import { type StepScreen, type StepSnapshot, stepScreen } from './step-screen.ts'

/** What the screens have in common whose rows can be acted on while another one is pending. */
export interface QueueScreen<Name extends ActionOwner> extends StepScreen<Name> {
  /** Did the user leave while something was pending? The step ends once that is done, and stays where it fails. */
  readonly isLeaving: boolean
}

/** The step’s screen, on which the user can leave while something is under way, but not while something waits for `retry`. */
export function queueScreen<Name extends ActionOwner>(
  name: Name,
  snapshot: StepSnapshot & { readonly context: StepContext & Queue<unknown> },
  { aimHolds }: { readonly aimHolds: boolean },
): QueueScreen<Name> {
  const { earlierFailure, leaveAs, queue } = snapshot.context
  const screen = stepScreen(name, snapshot, { aimHolds })
  const leave = (action: Action, type: 'step.finish' | 'step.skip'): Action => {
    if (isAtWork(screen.status)) return { ...action, blocked: snapshot.can({ type }) ? null : screen.status }
    return queue.length === 0 ? action : { ...action, blocked: blockedOnScreen(screen, false) }
  }
  return {
    isLeaving: leaveAs !== null,
    ...screen,
    failure: screen.failure ?? earlierFailure,
    finish: leave(screen.finish, 'step.finish'),
    skip: leave(screen.skip, 'step.skip'),
  }
}

/** What keeps a row from being acted on: the queue does not move, the user has left, or something is asked for with it already. */
export const blockedBesideQueue = (screen: QueueScreen<ActionOwner>, isUnderWay: boolean): Blocked | null => {
  if (!isAtWork(screen.status)) return blockedOnScreen(screen, false)
  return screen.isLeaving || isUnderWay ? screen.status : null
}
