import mermaid from 'mermaid'
import type { StateValue } from 'xstate'
import { machines } from '../../scripts/diagrams/machines.ts'
import { boxId, type Picture, picturesOf } from '../../scripts/diagrams/pictures.ts'
import { pathsOf } from './watch.ts'

/** The pictures of `machines/README.md`, drawn from the same definitions, with the active states highlighted. */

export const machineIds = machines.map(({ id }) => id)

interface Drawing {
  readonly element: HTMLElement
  readonly boxes: ReadonlyMap<string, Element>
  /** By its ends: a picture has one arrow for all transitions between two states. */
  readonly arrows: ReadonlyMap<string, Element>
}

export interface Transition {
  readonly from: StateValue | null
  readonly to: StateValue
}

/** A state that ends sooner is highlighted but not scrolled to. */
const SETTLED_MS = 400

/** A wide picture is scaled down to this at most, then it scrolls. */
const LEGIBLE = 0.8

mermaid.initialize({
  startOnLoad: false,
  securityLevel: 'strict',
  fontFamily: 'system-ui, sans-serif',
  state: { nodeSpacing: 32, rankSpacing: 36 },
})

const drawings = new Map<string, Promise<Drawing[]>>()
let pictures = 0

/** Drawn when first needed, because it takes a while. */
function drawingsOf(id: string): Promise<Drawing[]> {
  const known = drawings.get(id)
  if (known !== undefined) return known
  const machine = machines.find((one) => one.id === id)
  if (machine === undefined) throw new Error(`There is no machine ${id}`)
  const { smooth, failing, sideBySide, inside } = picturesOf(machine.root)
  const drawn = Promise.all([...smooth, ...sideBySide, ...inside, ...failing].map(draw))
  drawings.set(id, drawn)
  return drawn
}

async function draw({ title, text, arrows }: Picture): Promise<Drawing> {
  const id = `picture-${++pictures}`
  const { svg } = await mermaid.render(id, text)
  const element = document.createElement('figure')
  const caption = document.createElement('figcaption')
  caption.textContent = title.replaceAll('`', '')
  element.innerHTML = svg
  // Its style sheet has one theme and no active state; ours replaces it.
  element.querySelector('style')?.remove()
  element.prepend(caption)
  const picture = element.querySelector('svg')
  if (picture !== null) picture.style.minWidth = `${LEGIBLE * picture.viewBox.baseVal.width}px`
  // Mermaid names a box `<picture>-state-<box>-<number>`, and numbers the arrows as they come.
  const boxes = [...element.querySelectorAll('g.node')].map((box) => {
    const [, name = ''] = /-state-(.+)-\d+$/.exec(box.id) ?? []
    return [name, box] as const
  })
  const paths = arrows.flatMap(({ from, to }, index) => {
    const path = element.querySelector(`path[data-id="edge${index}"]`)
    return path === null ? [] : [[`${from} ${to}`, path] as const]
  })
  return { element, boxes: new Map(boxes), arrows: new Map(paths) }
}

let shown = ''
let settling: ReturnType<typeof setTimeout> | undefined

/** Shows the machine's charts, its active states lit; if there is one, the last transition's arrow too. */
export async function showCharts(place: HTMLElement, id: string, value?: StateValue, last?: Transition): Promise<void> {
  shown = id
  const all = await drawingsOf(id)
  if (shown !== id) return
  if (place.dataset.machine !== id) {
    place.replaceChildren(...all.map(({ element }) => element))
    place.dataset.machine = id
    place.scrollTop = 0
  }
  const lit = pathsOf(value).map((path) => boxId({ path }))
  const taken = last === undefined ? [] : arrowsOf(last)
  for (const { boxes, arrows } of all) {
    for (const [name, box] of boxes) box.classList.toggle('lit', lit.includes(name))
    for (const [ends, arrow] of arrows) arrow.classList.toggle('taken', taken.includes(ends))
  }
  clearTimeout(settling)
  settling = setTimeout(() => {
    const innermost = all.flatMap(({ boxes }) => boxes.get(lit.at(-1) ?? '') ?? [])[0]
    if (innermost !== undefined) bringIntoView(place, innermost)
  }, SETTLED_MS)
}

function arrowsOf({ from, to }: Transition): string[] {
  const targets = pathsOf(to).map((path) => boxId({ path }))
  const sources = from === null ? ['[*]'] : pathsOf(from).map((path) => boxId({ path }))
  return sources.flatMap((source) => targets.map((target) => `${source} ${target}`))
}

function bringIntoView(place: HTMLElement, box: Element): void {
  const { top, bottom, left, right } = box.getBoundingClientRect()
  const frame = place.getBoundingClientRect()
  const isSeen = top >= frame.top && bottom <= frame.bottom && left >= frame.left && right <= frame.right
  if (!isSeen) box.scrollIntoView({ block: 'center', inline: 'center' })
}
