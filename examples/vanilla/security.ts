import { type MachineActor, type Screen, type SecurityCard, screenOf } from 'postlogin'
import { createActor } from 'xstate'
import type { Host } from '../shared/host.ts'
import { showCards, showProgress } from '../shared/page.ts'
import * as words from '../shared/words.ts'
import { h, patch, type View } from './dom.ts'
import { button, cardOf, contentOf, type Scene } from './page.ts'

/** Shows the security page of the host's user: cards that are opened and closed. Returns what ends that. */
export function mountSecurity(app: Element, { machines, snapshot, keep }: Host<'securityCenter'>): () => void {
  const center = createActor(machines.securityCenter, snapshot === undefined ? {} : { snapshot })
  const letGo = keep(center)
  const typed = { declining: '', entry: '', list: '', copied: '' }
  let screen = screenOf(center.getSnapshot())

  function render(): void {
    const scene = { flow: center, typed, now: Date.now() }
    if (screen.name === 'securityCenter') {
      patch(
        app,
        page(
          words.security,
          Object.values(screen.cards).map((card) => section(scene, card)),
        ),
      )
      showCards(screen)
      return
    }
    const whole: Screen =
      screen.name === 'finished' ? { name: 'signedOut', output: { ...screen.output, acceptedInvitations: [] } } : screen
    const content = h('section.card', { key: whole.name }, contentOf({ ...scene, screen: whole }) ?? '')
    patch(app, page({ title: words.titles[whole.name], lead: words.leads[whole.name] }, [content]))
    showProgress(whole)
  }

  const look = () => {
    screen = screenOf(center.getSnapshot())
    render()
  }
  const watch = center.subscribe({ next: look, error: look })
  center.start()

  // The machines do not know what is typed or counted down.
  const renderSoon = () => queueMicrotask(render)
  const events = ['input', 'click', 'submit']
  for (const event of events) app.addEventListener(event, renderSoon)
  const clock = setInterval(render, 1000)

  return () => {
    clearInterval(clock)
    for (const event of events) app.removeEventListener(event, renderSoon)
    watch.unsubscribe()
    letGo()
    center.stop()
  }
}

const page = ({ title, lead }: { readonly title: string; readonly lead: string }, cards: readonly View[]) => {
  const isBusy = cards.some(({ props }) => props['aria-busy'] === 'true')
  return [
    h('header.bar', {}, h('p.brand', {}, 'SlaunchX')),
    h(
      'main.cards',
      { key: title, 'aria-busy': isBusy ? 'true' : 'false' },
      h('h1', { tabindex: -1 }, title),
      h('p.lead', {}, lead),
      cards,
    ),
  ]
}

function section(scene: Omit<Scene, 'screen'>, { name, screen, open, close }: SecurityCard): View {
  const title = words.stepTitles[name]
  const isBusy = screen !== null && (screen.name === 'loading' || ('status' in screen && screen.status === 'busy'))
  return h(
    'section.card.folded',
    { key: name, 'aria-labelledby': `card-${name}`, 'aria-busy': isBusy ? 'true' : 'false' },
    h('div.head', {}, h('h2', { id: `card-${name}` }, title), toggle(scene.flow, title, open, close)),
    screen && cardOf({ ...scene, screen }),
  )
}

/** One button, so that the focus stays on it. */
function toggle(flow: MachineActor, title: string, open: SecurityCard['open'], close: SecurityCard['close']) {
  const action = open ?? close
  if (action === null) return null
  const { security } = words
  const [label, name] =
    open === null ? [security.close, security.closeCard(title)] : [security.open, security.openCard(title)]
  return button({ flow }, label, action, 'plain', name, {
    key: 'toggle',
    'aria-expanded': open === null ? 'true' : 'false',
  })
}
