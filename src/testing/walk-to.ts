import type { AnyActorRef } from 'xstate'
import type { Action } from '../screens/action.ts'
import { type AnySnapshot, act, type ScreenFrom, screenOf } from '../screens/screen.ts'
import { settled } from '../settled.ts'

/** A flow, or a machine that runs alone. */
export interface WalkedActor extends AnyActorRef {
  getSnapshot(): AnySnapshot
}

/** What can be on screen of it. */
type ScreenOf<Actor extends WalkedActor> = ScreenFrom<ReturnType<Actor['getSnapshot']>>

/** What the walk needs of any screen. */
interface AnyScreen {
  readonly name: string
  /** Of a step of a host's own, and of one that is broken. */
  readonly step?: string | null
  readonly enroll?: Action
  readonly finish?: Action
  readonly skip?: Action
}

/**
 * Takes a flow to a screen, as a user would who does nothing else on the way: each step before it is finished, or skipped where that is
 * the only thing possible, and the setup of an authenticator app is started for `otpEnrollment`. Resolves with the screen, at rest,
 * failed, or cooling down. For a story or a test of one screen; a step that has nothing to do is on screen with the policy `show`. Starts
 * a flow that was not started.
 *
 * @throws Error where no such screen comes; the message names those that came. Rejects as `settled` does.
 *
 * @example
 * ```ts
 * const screen = await walkTo(flow, 'otpEnrollment')
 * screen.isSetUp // => true
 * ```
 */
export async function walkTo<Actor extends WalkedActor, Name extends ScreenOf<Actor>['name']>(
  actor: Actor,
  name: Name,
): Promise<Extract<ScreenOf<Actor>, { readonly name: Name }>>
export async function walkTo(actor: WalkedActor, name: string): Promise<AnyScreen> {
  if (actor.getSnapshot().status === 'active') actor.start()
  const passed: string[] = []
  for (let wayOn: Action | undefined; ; act(actor, wayOn)) {
    await settled(actor)
    const screen: AnyScreen = screenOf(actor.getSnapshot())
    if (screen.name === name) return screen
    wayOn = wayOnFrom(screen, name)
    passed.push(screen.step ?? screen.name)
    if (wayOn === undefined || passed.at(-1) === passed.at(-2))
      throw new Error(`No screen ${name} came after ${passed.join(', ')}`)
  }
}

function wayOnFrom({ name, enroll, finish, skip }: AnyScreen, aim: string): Action | undefined {
  if (aim === 'otpEnrollment' && name === 'mfa') return enroll
  return [finish, skip].find((action) => action?.blocked === null)
}
