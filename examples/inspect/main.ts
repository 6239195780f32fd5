import type { StateValue } from 'xstate'
import { openChannel, type Told, type Wish } from '../shared/inspection.ts'
import { machineIds, showCharts } from './charts.ts'
import { jsonTree } from './json.ts'
import { eventNameOf, log, wayOf } from './log.ts'
import { createWatch, type Happening, nameOf } from './watch.ts'

const find = <Kind extends HTMLElement = HTMLElement>(selector: string): Kind => {
  const element = document.querySelector<Kind>(selector)
  if (element === null) throw new Error(`The page has no ${selector}`)
  return element
}
const lines = find('#log ol')
const charts = find('#charts')
// So that the keyboard can scroll it.
charts.tabIndex = 0

/** A page opened on its own, with `?inspect` in its address. */
const ELSEWHERE = 'elsewhere'

const watch = createWatch()
const lastOf = new Map<string, Happening>()
let followed: string | null = null
let pinned: string | null = null

const channel = openChannel()
const wish = (text: Wish) => channel.postMessage(text)

channel.onmessage = ({ data }: MessageEvent<Told | Wish>) => {
  if (typeof data === 'string') return
  if (data.isAnew) {
    followed = data.page
    watch.clear()
    lastOf.clear()
    lines.replaceChildren()
  }
  if (data.page !== followed) return
  for (const event of data.events) {
    const happening = watch.take(event)
    if (happening === null) continue
    lastOf.set(happening.machine, happening)
    log(lines, happening)
  }
  show()
}

const tabs = machineIds.map((id) => {
  const tab = document.createElement('button')
  tab.type = 'button'
  tab.textContent = id
  tab.addEventListener('click', () => {
    pinned = pinned === id ? null : id
    show()
  })
  return { id, tab }
})
find('#tabs').append(...tabs.map(({ tab }) => tab))

/** The active machine comes to the front, unless another one is pinned. */
function show(): void {
  const atWork = watch.atWork()?.id ?? 'onboarding'
  const selected = pinned ?? atWork
  for (const { id, tab } of tabs) {
    tab.ariaCurrent = String(id === selected)
    tab.ariaPressed = String(id === pinned)
    tab.dataset.status = id === atWork ? 'atWork' : (watch.find(id)?.status ?? 'upcoming')
    tab.title = id === pinned ? 'Pinned; click to follow the flow again' : 'Click to pin'
  }
  const machine = watch.find(selected)
  const last = lastOf.get(selected)
  find('#last').textContent = last ? `${eventNameOf(last.event)}: ${wayOf(last)}` : quiet(machine?.value)
  const { value, status, tags, context } = machine ?? {}
  find('#state-title').textContent = `State of ${selected}`
  find('#state div').replaceChildren(
    ...Object.entries({ value, status, tags, context })
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => jsonTree(key, part)),
  )
  void showCharts(charts, selected, value, last)
}

const quiet = (value: StateValue | undefined) => (value === undefined ? 'Not started yet' : `In ${nameOf(value)}`)

const frontEnd = find<HTMLSelectElement>('#front-end')
const frame = find<HTMLIFrameElement>('#page')
const { account = 'inspect', page = 'vanilla' } = Object.fromEntries(new URLSearchParams(location.search))
frontEnd.append(...['vanilla', 'react', 'vue', 'svelte', 'solid'].map((name) => new Option(name)))
frontEnd.append(new Option('in another tab', ELSEWHERE))
frontEnd.value = page

function open(): void {
  frame.hidden = frontEnd.value === ELSEWHERE
  if (frame.hidden) {
    frame.removeAttribute('src')
    wish('publishAnew')
  } else {
    frame.src = `/${frontEnd.value}/?${new URLSearchParams({ inspect: '', account })}`
  }
}
frontEnd.addEventListener('change', open)
find('#stately').addEventListener('click', () => wish('openStately'))

show()
open()
