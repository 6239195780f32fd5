import type { AnyStateNode } from 'xstate'
import { groupBy, unique } from './lists.ts'
import { type Edge, edgesOf, isRoot, type Kind, kindOf, pathOf, statesOf, statusRegionOf } from './walk.ts'

/** Draws a chart in Mermaid's language. */

export interface Picture {
  readonly title: string
  readonly text: string
  /** The boxes at its ends, in the order of the text. */
  readonly arrows: readonly Arrow[]
}

interface Arrow {
  readonly from: string
  readonly to: string
}

/** How the boxes of a kind look, in Mermaid's words; where there is none, their class is all that they get. */
export type Palette = Readonly<Record<Kind | 'list', string>>

/** States that every machine shares and that only a failure leads to. */
const FAILURE_STATES = ['sortingFailure', 'signedOut']
/** Tags of states where time or `retry` is waited for. */
const FAILURE_TAGS = ['failed', 'coolingDown']
/** Ways out of every failure, in the tables only. */
const UNDRAWN_AFTER_FAILURE = ['step.finish', 'step.skip', 'enrollment.cancel']
/** What every state at rest answers alike, in the tables only, unless it leads to a state that is not reached otherwise. */
const UNDRAWN_AT_REST = ['step.skip', 'retry', 'restored']

/** As an arrow in a picture; its ends are boxes. */
type DrawnEdge = Edge & { readonly to: AnyStateNode }

export interface Pictures {
  readonly smooth: Picture
  readonly failing: Picture
  readonly inside: readonly Picture[]
  /** The states whose parts are active side by side, and share a status. */
  readonly sideBySide: readonly Picture[]
}

export function picturesOf(root: AnyStateNode, palette?: Palette): Pictures {
  const edges = statesOf(root)
    .flatMap(edgesOf)
    .flatMap((edge) => boxed(edge, root))
  const initial = boxOf(initialOf(root), root)
  const reached = reachable(initial, edges.filter(isSmooth))
  const main = edges.filter((edge) => isSmooth(edge) && reached.has(edge.from))
  const rest = edges.filter((edge) => {
    if (main.includes(edge)) return false
    if (isFailure(edge.from)) return !UNDRAWN_AFTER_FAILURE.includes(edge.event)
    return !UNDRAWN_AT_REST.includes(edge.event) || !(reached.has(edge.to) || edge.to.type === 'final')
  })
  const whole = statusRegionOf(initialOf(root))
  const insideOf = (states: readonly AnyStateNode[]) => states.map((state) => drawInside(state, palette))
  return {
    smooth: draw(main, { title: 'As long as nothing fails', initials: [initial], whole, palette }),
    failing: draw(rest, { title: 'When something fails', initials: [], whole, palette }),
    inside: insideOf([
      ...statesOf(root).filter((state) => statusRegionOf(state) !== undefined),
      ...Object.values(root.states).filter((state) => state.type === 'compound' && isClosed(state, root)),
    ]),
    sideBySide: insideOf(
      statesOf(root).filter((state) => state.type === 'parallel' && statusRegionOf(state) === undefined),
    ),
  }
}

/** The edge between the boxes of the picture; none where it stays inside one, or leads nowhere. */
function boxed(edge: Edge, whole: AnyStateNode): DrawnEdge[] {
  const { from, to } = edge
  if (to === null || from === whole) return []
  const target = boxOf(to, whole)
  return boxesOf(from, whole)
    .filter((box) => box !== target && !isAnsweredBelow(edge, box))
    .map((box) => ({ ...edge, from: box, to: target }))
}

/** The box that stands for a state, or for the first of the states inside it. */
function boxOf(state: AnyStateNode, whole: AnyStateNode): AnyStateNode {
  if (!isWithin(state, whole)) return boxOf(state, state.machine.root)
  return closedAbove(state, whole) ?? boxOf(initialOf(state), whole)
}

/** The boxes that a state stands for: its own, or those of all states inside it. */
function boxesOf(state: AnyStateNode, whole: AnyStateNode): AnyStateNode[] {
  const box = closedAbove(state, whole)
  return box ? [box] : Object.values(state.states).flatMap((inside) => boxesOf(inside, whole))
}

/** The outermost box that the state is, or lies in. */
function closedAbove(state: AnyStateNode, whole: AnyStateNode): AnyStateNode | undefined {
  if (state === whole || state.parent === undefined) return undefined
  return closedAbove(state.parent, whole) ?? (isClosed(state, whole) ? state : undefined)
}

/**
 * Is it one box, whatever is inside? On the picture of the whole machine it is, unless all that is inside fails or waits: that is drawn
 * like the `failed` and `coolingDown` of other machines. On the picture of an inside, what goes on side by side is. A region that says
 * the status of the whole machine is drawn as the machine itself.
 */
function isClosed(state: AnyStateNode, whole: AnyStateNode): boolean {
  if (isRoot(whole) && (statusRegionOf(state) !== undefined || isStatusRegion(state))) return false
  return state.type !== 'compound' || (isRoot(whole) && !Object.values(state.states).every(isFailure))
}

const isStatusRegion = (state: AnyStateNode) => state.parent !== undefined && statusRegionOf(state.parent) === state

/** Does the box have an answer of its own, before the state around it is asked? */
const isAnsweredBelow = ({ event, from }: Edge, box: AnyStateNode) =>
  isWithin(box, from) && edgesOf(box).some((edge) => edge.event === event && edge.guard === null)

const isWithin = (state: AnyStateNode, whole: AnyStateNode): boolean =>
  state.parent !== undefined && (state.parent === whole || isWithin(state.parent, whole))

const initialOf = (state: AnyStateNode) => {
  const initial = statusRegionOf(state) ?? state.initial?.target?.[0]
  if (initial === undefined) throw new Error(`${state.id} has no initial state`)
  return initial as AnyStateNode
}

const isFailure = (state: AnyStateNode) =>
  FAILURE_STATES.includes(state.key) || state.tags.some((tag) => FAILURE_TAGS.includes(tag))

const isSmooth = ({ event, isError, from, to }: DrawnEdge) =>
  !isError && !isFailure(from) && !isFailure(to) && !UNDRAWN_AT_REST.includes(event)

function reachable(from: AnyStateNode, edges: readonly DrawnEdge[]): ReadonlySet<AnyStateNode> {
  const reached = new Set([from])
  for (const state of reached) for (const edge of edges) if (edge.from === state) reached.add(edge.to)
  return reached
}

/** What is inside one state, with the states that it is left for. */
function drawInside(whole: AnyStateNode, palette: Palette | undefined): Picture {
  const status = statusRegionOf(whole)
  const parts = whole.type === 'parallel' ? Object.values(whole.states).filter((part) => part !== status) : [whole]
  const edges = parts
    .flatMap(statesOf)
    .flatMap(edgesOf)
    .flatMap((edge) => boxed(edge, whole))
  const initials = parts.map((part) => boxOf(initialOf(part), whole))
  const entries = whole.type === 'parallel' ? [] : entriesOf(whole).filter(({ to }) => !initials.includes(to))
  return draw([...entries, ...edges], { title: titleOf(whole), initials, whole, palette })
}

const titleOf = (whole: AnyStateNode) => {
  const status = statusRegionOf(whole)
  return status === undefined ? `Inside \`${pathOf(whole)}\`` : `Beside \`${pathOf(status)}\``
}

/** The edges that lead into a state from outside, each to the box in its picture. */
const entriesOf = (whole: AnyStateNode): DrawnEdge[] =>
  statesOf(whole.machine.root)
    .filter((state) => state !== whole && !isWithin(state, whole))
    .flatMap(edgesOf)
    .flatMap(({ from, to, ...edge }) =>
      to !== null && isWithin(to, whole)
        ? [{ ...edge, from: closedAbove(from, whole.machine.root) ?? from, to: boxOf(to, whole) }]
        : [],
    )

interface DrawingOptions {
  readonly title: string
  readonly initials: readonly AnyStateNode[]
  readonly whole?: AnyStateNode | undefined
  readonly palette: Palette | undefined
}

/** Many states around one, and few elsewhere: their picture is drawn from left to right, or it would become too wide. */
function isStar(states: readonly AnyStateNode[], edges: readonly DrawnEdge[]): boolean {
  const largest = Math.max(
    ...states.map((hub) => {
      const around = edges.flatMap(({ from, to }) => (from === hub ? [to] : to === hub ? [from] : []))
      return unique(around).filter((state) => state !== hub).length
    }),
  )
  return largest >= 6 && states.length - 1 - largest <= 2
}

function draw(all: readonly DrawnEdge[], { title, initials, whole, palette }: DrawingOptions): Picture {
  const failing = initials.length === 0 ? all.filter(whole === undefined ? isPlainFailure : isEndOfStep) : []
  const edges = all.filter((edge) => !failing.includes(edge))
  const states = unique([...initials, ...edges.flatMap(({ from, to }) => [from, to]), ...failing.map(({ to }) => to)])
  const arrows = [...groupBy(edges, ({ from, to }) => `${boxId(from)} --> ${boxId(to)}`).values()]
  const kinds = unique(states.map(kindOf))
  const text = [
    'stateDiagram-v2',
    ...(isStar(states, edges) ? ['  direction LR'] : []),
    ...states.map((state) => `  state "${escapeLabel(boxName(state, whole))}" as ${boxId(state)}`),
    ...initials.map((initial) => `  [*] --> ${boxId(initial)}`),
    ...renderList(failing, whole, palette),
    ...arrows.map((group) => renderArrow(group, edges)),
    ...(palette ? kinds.map((kind) => `  classDef ${kind} ${palette[kind]}`) : []),
    ...states.map((state) => `  class ${boxId(state)} ${kindOf(state)}`),
  ].join('\n')
  return {
    title,
    text,
    arrows: [
      ...initials.map((initial) => ({ from: '[*]', to: boxId(initial) })),
      ...unique(failing.map(({ to }) => boxId(to))).map((to) => ({ from: LIST, to })),
      ...arrows.flatMap(([edge]) => (edge ? [{ from: boxId(edge.from), to: boxId(edge.to) }] : [])),
    ],
  }
}

/** Nearly every bad end leads there in the end: one box with a list stands for all those arrows. */
const isPlainFailure = ({ isError, to }: DrawnEdge) => isError && to.key === 'sortingFailure'

/** The steps of the root end alike. */
const isEndOfStep = ({ from }: DrawnEdge) => kindOf(from) === 'delegating'

const LIST = 'anyOf'

/** One box for all states that lead to the same ends, whichever actor's end it is. */
function renderList(
  edges: readonly DrawnEdge[],
  whole: AnyStateNode | undefined,
  palette: Palette | undefined,
): string[] {
  if (edges.length === 0) return []
  const names = unique(edges.map(({ from }) => escapeLabel(boxName(from, whole))))
  const ends = edges.map(({ event, isError, guard, to }) => ({
    label: [event.slice(0, 1), isError || guard === null ? '' : `<br/>[${guard}]`].join(''),
    to: boxId(to),
  }))
  return [
    `  state "${names.join('<br/>')}" as ${LIST}`,
    ...unique(ends.map(({ label, to }) => `  ${LIST} --> ${to} : ${label}`)),
    ...(palette ? [`  classDef list ${palette.list}`] : []),
    `  class ${LIST} list`,
  ]
}

export const boxId = ({ path }: Pick<AnyStateNode, 'path'>) => path.join('_')

const boxName = (state: AnyStateNode, whole: AnyStateNode | undefined) => {
  const isInside = whole !== undefined && state !== whole && statesOf(whole).includes(state)
  const name = isInside ? state.path.slice(whole.path.length).join('.') : pathOf(state)
  return state.type === 'compound' ? `${name} …` : name
}

/** Does the picture show what else the event may lead to from there? */
const isElseOf = ({ event, from, guard, isElse }: DrawnEdge, edges: readonly DrawnEdge[]) =>
  isElse && edges.some((other) => other.event === event && other.from === from && other.guard !== guard)

function renderArrow(group: readonly DrawnEdge[], edges: readonly DrawnEdge[]): string {
  const [first] = group
  const ends = first === undefined ? '' : `  ${boxId(first.from)} --> ${boxId(first.to)}`
  return ends + labelFor(group.map((edge) => ({ ...edge, isElse: isElseOf(edge, edges) })))
}

/** The events with the same guard share a line; the guards of one event share one as well. */
function labelFor(edges: readonly DrawnEdge[]): string {
  const byGuard = groupBy(edges, ({ guard, isElse }) => guard ?? (isElse ? 'else' : ''))
  const lines = [...groupBy(byGuard, ([, group]) => unique(group.map(({ event }) => event)).join(', '))].map(
    ([events, guards]) => {
      const condition = guards.map(([guard]) => guard).filter((guard) => guard !== '')
      return [events, condition.length === 0 ? '' : `[${condition.join(' |\n')}]`].filter(Boolean).join('\n')
    },
  )
  const label = lines.filter(Boolean).join('\n').split('\n').map(escapeLabel).join('<br/>')
  return label === '' ? '' : ` : ${label}`
}

/** Mermaid takes a character that means something to it as `#code;`. */
const escapeLabel = (text: string) =>
  text.replace(/[^\p{L}\p{N} .,()[\]|✓✗↻…]/gu, (character) => `#${character.codePointAt(0)};`)
