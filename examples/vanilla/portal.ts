import { screenOf, stepsOf } from 'postlogin'
import { createActor } from 'xstate'
import type { Host, Start } from '../shared/host.ts'
import { showProgress } from '../shared/page.ts'
import { patch } from './dom.ts'
import { pageOf } from './page.ts'
import { show } from './show.ts'

/** Shows the host's flow. Returns what ends that: to be called before another account's is shown. */
export function mount(app: Element, { logic, options, keep }: Start & Pick<Host, 'keep'>): () => void {
  const flow = createActor(logic, options)
  return show(app, {
    flow,
    keep,
    look: () => screenOf(flow.getSnapshot()),
    draw(scene) {
      patch(app, pageOf({ ...scene, steps: stepsOf(flow.getSnapshot()) }))
      showProgress(scene.screen)
    },
  })
}
