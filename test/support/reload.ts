import { fromStorage, toStorage } from 'postlogin'
import { onTestFinished } from 'vitest'
import { type AnyActor, type AnyStateMachine, createActor } from 'xstate'

const subject = { subject: 'maya' }

/** The page is closed: what it stored. */
export function close(actor: AnyActor): string {
  const text = toStorage(actor, subject)
  actor.stop()
  return text
}

/** The page is opened again: the flow goes on from what was stored. */
export function reopen<Actor extends AnyActor>({ logic }: Actor, text: string): Actor {
  const machine = logic as AnyStateMachine
  const restored = createActor(machine, { snapshot: fromStorage(machine, text, subject) }).start()
  onTestFinished(() => void restored.stop())
  return restored as AnyActor as Actor
}
