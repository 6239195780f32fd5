import { type MachineActor, type Machines, type SecurityCard, screenOf } from 'postlogin'
import { createActor } from 'xstate'
import type { Kept } from '../shared/kept.ts'
import { isBusy, type SecurityPageScreen, showSecurity, withoutCards } from '../shared/page.ts'
import * as words from '../shared/words.ts'
import { h, patch, type View } from './dom.ts'
import { button, cardOf, contentOf, type Scene } from './page.ts'
import { type SceneOf, show } from './show.ts'

interface SecurityHost extends Kept<Machines['securityCenter']> {
  readonly machines: Pick<Machines, 'securityCenter'>
}

/** Shows the security page of the host's user: cards that are opened and closed. Returns what ends that. */
export function mountSecurity(app: Element, { machines, snapshot, keep }: SecurityHost): () => void {
  const center = createActor(machines.securityCenter, snapshot === undefined ? {} : { snapshot })
  return show(app, {
    flow: center,
    keep,
    look: () => screenOf(center.getSnapshot()),
    draw(scene) {
      patch(app, pageOf(scene))
      showSecurity(scene.screen)
    },
  })
}

function pageOf({ screen, ...scene }: SceneOf<SecurityPageScreen>): View[] {
  if (screen.name === 'securityCenter') {
    return page(
      words.security,
      Object.values(screen.cards).map((card) => section(scene, card)),
    )
  }
  const whole = withoutCards(screen)
  const content = h('section.card', { key: whole.name }, contentOf({ ...scene, screen: whole }) ?? '')
  return page({ title: words.titles[whole.name], lead: words.leads[whole.name] }, [content])
}

const page = ({ title, lead }: { readonly title: string; readonly lead: string }, cards: readonly View[]) => {
  const isAnyBusy = cards.some(({ props }) => props['aria-busy'] === 'true')
  return [
    h('header.bar', {}, h('p.brand', {}, 'SlaunchX')),
    h(
      'main.cards',
      { key: title, 'aria-busy': isAnyBusy ? 'true' : 'false' },
      h('h1', { tabindex: -1 }, title),
      h('p.lead', {}, lead),
      cards,
    ),
  ]
}

function section(scene: Omit<Scene, 'screen'>, { name, screen, open, close }: SecurityCard): View {
  const title = words.stepTitles[name]
  return h(
    'section.card.folded',
    { key: name, 'aria-labelledby': `card-${name}`, 'aria-busy': isBusy(screen) ? 'true' : 'false' },
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
