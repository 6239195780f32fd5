import { type Happening, isSame, nameOf } from './watch.ts'

const LINES = 200

/** Newest first; what the event carried is shown on demand. */
export function log(list: HTMLElement, { at, machine, event, from, to }: Happening): void {
  const line = document.createElement('li')
  line.innerHTML = '<details><summary><time></time> <b></b> <code></code> <span></span></summary><pre></pre></details>'
  const fill = (tag: string, text: string) => {
    const element = line.querySelector(tag)
    if (element !== null) element.textContent = text
  }
  fill('time', timeOf(at))
  fill('b', machine)
  fill('code', eventNameOf(event))
  fill('span', wayOf({ from, to }))
  fill('pre', JSON.stringify(event, null, 2))
  list.prepend(line)
  while (list.children.length > LINES) list.lastElementChild?.remove()
}

/** With the signs that the charts have. */
export const eventNameOf = ({ type }: Happening['event']) =>
  type
    .replace(/^xstate\.done\.(actor|state)\./, '✓ ')
    .replace(/^xstate\.error\.actor\./, '✗ ')
    .replace(/^xstate\.snapshot\./, '↻ ')

export const wayOf = ({ from, to }: Pick<Happening, 'from' | 'to'>) =>
  isSame(from, to) ? `stays in ${nameOf(to)}` : `${from === null ? '' : `${nameOf(from)} `}→ ${nameOf(to)}`

const timeOf = (at: number) => {
  const time = new Date(at)
  return `${time.toLocaleTimeString('en-GB')}.${String(time.getMilliseconds()).padStart(3, '0')}`
}
