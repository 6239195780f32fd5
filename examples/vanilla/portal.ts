import { screenOf, stepsOf } from 'postlogin'
import { createActor } from 'xstate'
import { type Host, startOf } from '../shared/host.ts'
import { showProgress } from '../shared/page.ts'
import { patch } from './dom.ts'
import { pageOf } from './page.ts'

/** Shows the host's flow. Returns what ends that: to be called before another account's is shown. */
export function mount(app: Element, host: Host<'onboarding' | 'withTerms'>): () => void {
  const { logic, options } = startOf(host)
  const flow = createActor(logic, options)
  const letGo = host.keep(flow)
  const typed = { declining: '', entry: '', list: '', copied: '' }
  let screen = screenOf(flow.getSnapshot())

  function render(): void {
    patch(app, pageOf({ flow, screen, steps: stepsOf(flow.getSnapshot()), typed, now: Date.now() }))
    showProgress(screen)
  }

  const look = () => {
    screen = screenOf(flow.getSnapshot())
    render()
  }
  const watch = flow.subscribe({ next: look, error: look })
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
