import type { MachineActor } from 'postlogin'
import type { Actor, AnyActorRef, AnyStateMachine } from 'xstate'
import type { Host } from '../shared/host.ts'
import type { Scene } from './page.ts'

/** What a page draws, whatever its machine shows. */
export type SceneOf<Screen> = Omit<Scene, 'screen'> & { readonly screen: Screen }

interface Page<Screen> extends Pick<Host, 'keep'> {
  readonly flow: MachineActor & AnyActorRef & Pick<Actor<AnyStateMachine>, 'start' | 'stop'>
  look(): Screen
  draw(scene: SceneOf<Screen>): void
}

/** Starts the flow, and draws the page whenever something has changed. Returns what ends that. */
export function show<Screen>(app: Element, { flow, keep, look, draw }: Page<Screen>): () => void {
  const letGo = keep(flow)
  const typed = { declining: '', entry: '', list: '', copied: '' }
  let screen = look()
  const render = () => draw({ flow, screen, typed, now: Date.now() })

  const next = () => {
    screen = look()
    render()
  }
  const watch = flow.subscribe({ next, error: next })
  flow.start()

  // The flow does not know what is typed or counted down.
  const renderSoon = () => queueMicrotask(render)
  const events = ['input', 'click', 'submit']
  for (const event of events) app.addEventListener(event, renderSoon)
  const clock = setInterval(render, 1000)

  return () => {
    clearInterval(clock)
    for (const event of events) app.removeEventListener(event, renderSoon)
    watch.unsubscribe()
    letGo()
    flow.stop()
  }
}
