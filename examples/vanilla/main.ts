import { screenOf, stepsOf } from 'postlogin'
import { createActor } from 'xstate'
import { openHost } from '../shared/host.ts'
import { attend } from '../shared/page.ts'
import { patch } from './dom.ts'
import { pageOf } from './page.ts'

const { machines, snapshot, keep } = await openHost()
const flow = createActor(machines.onboarding, snapshot === undefined ? {} : { snapshot })
keep(flow)

const app = document.querySelector('#app') ?? document.body
let screen = screenOf(flow.getSnapshot())

function render(): void {
  patch(app, pageOf({ flow, screen, steps: stepsOf(flow.getSnapshot()), now: Date.now() }))
  attend(screen)
}

const look = () => {
  screen = screenOf(flow.getSnapshot())
  render()
}
flow.subscribe({ next: look, error: look })
flow.start()

// What is typed and counted down is no business of the flow's.
for (const event of ['input', 'click', 'submit']) app.addEventListener(event, () => queueMicrotask(render))
setInterval(render, 1000)
