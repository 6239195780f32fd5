type Props = Readonly<Record<string, unknown>>

/** A description of an element. Handlers are properties (`onclick`), everything else an attribute; `key` tells rows of a list apart. */
export interface View {
  readonly tag: string
  readonly props: Props
  readonly children: readonly (View | string)[]
}

/** What is null or false is left out. */
export type Child = View | string | null | false | readonly Child[]

/** `h('p.note.bad', { role: 'alert' }, 'Gone.')` */
export function h(selector: string, props: Props, ...children: readonly Child[]): View {
  const [tag = 'div', ...classes] = selector.split('.')
  return { tag, props: classes.length === 0 ? props : { ...props, class: classes.join(' ') }, children: flat(children) }
}

const flat = (children: readonly Child[]): (View | string)[] =>
  children.flatMap((child) => {
    if (child === null || child === false) return []
    return isList(child) ? flat(child) : [child]
  })

const isList = (child: Child): child is readonly Child[] => Array.isArray(child)

const shown = new WeakMap<Node, View>()

/** Makes the children of `parent` what is described, and leaves alone what is so already: the focus stays, and what was typed. */
export function patch(parent: Element, children: readonly (View | string)[]): void {
  children.forEach((child, index) => {
    const node = find(parent, child, index) ?? create(child)
    if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] ?? null)
    if (typeof child !== 'string') update(node as HTMLElement, child)
    else if (node.nodeValue !== child) node.nodeValue = child
  })
  while (parent.childNodes.length > children.length) parent.lastChild?.remove()
}

/** The node that already shows this child: at its index or, after an insertion or removal before it, further on. */
function find(parent: Element, child: View | string, index: number): Node | undefined {
  const later = [...parent.childNodes].slice(index)
  if (typeof child === 'string') return later[0] instanceof Text ? later[0] : undefined
  return later.find((node) => {
    const view = shown.get(node)
    return view?.tag === child.tag && view.props.key === child.props.key && view.props.class === child.props.class
  })
}

const create = (child: View | string): Node =>
  typeof child === 'string' ? document.createTextNode(child) : document.createElement(child.tag)

function update(element: HTMLElement, view: View): void {
  const before = shown.get(element)?.props ?? {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(view.props)])) {
    const value = view.props[name]
    if (name === 'key' || value === before[name]) continue
    if (name.startsWith('on')) Object.assign(element, { [name]: value ?? null })
    else if (value === undefined || value === null || value === false) element.removeAttribute(name)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  shown.set(element, view)
  patch(element, view.children)
}
