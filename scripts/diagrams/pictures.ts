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
  readonly smooth: readonly Picture[]
  readonly failing: readonly Picture[]
  readonly inside: readonly Picture[]
  /** The states whose parts are active side by side, and share a status. */
  readonly sideBySide: readonly Picture[]
}

/**
 * A chart with more arrows gets several pictures: GitHub would scale one down until its letters are too small to read. Fewer fit where
 * nothing says where to start: then several boxes stand side by side at the top.
 */
const MOST_ARROWS = 9
const MOST_ARROWS_FROM_ANYWHERE = 9

export function picturesOf(root: AnyStateNode, palette?: Palette): Pictures {
  const edges = statesOf(root)
    .flatMap(edgesOf)
    .flatMap((edge) => boxed(edge, root))
  const initial = boxOf(initialOf(root), root)
  const { smooth, rest } = sorted(edges, [initial])
  const whole = statusRegionOf(initialOf(root))
  const insideOf = (states: readonly AnyStateNode[]) => states.flatMap((state) => drawInside(state, palette))
  return {
    smooth: drawAll(smooth, { title: 'As long as nothing fails', initials: [initial], whole, palette }),
    failing: drawAll(rest, { title: 'When something fails', initials: [], whole, palette }),
    inside: insideOf([
      ...statesOf(root).filter((state) => statusRegionOf(state) !== undefined || isApart(state)),
      ...Object.values(root.states).filter((state) => state.type === 'compound' && isClosed(state, root)),
    ]),
    sideBySide: insideOf(
      statesOf(root).filter(
        (state) => state.type === 'parallel' && statusRegionOf(state) === undefined && !isApart(state),
      ),
    ),
  }
}

/** The edges that lead on as long as nothing fails, and the rest of those that are drawn. */
function sorted(edges: readonly DrawnEdge[], initials: readonly AnyStateNode[]) {
  const reached = reachable(initials, edges.filter(isSmooth))
  const smooth = edges.filter((edge) => isSmooth(edge) && reached.has(edge.from))
  const rest = edges.filter((edge) => {
    if (smooth.includes(edge)) return false
    if (isFailure(edge.from)) return !UNDRAWN_AFTER_FAILURE.includes(edge.event)
    if (!mayRest(edge.from) || !UNDRAWN_AT_REST.includes(edge.event)) return true
    return !(reached.has(edge.to) || edge.to.type === 'final')
  })
  return { smooth, rest }
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

/** Regions side by side, beside the one that says the status. */
const isApart = (state: AnyStateNode) => state.type === 'parallel' && kindOf(state) === 'beside'

const isStatusRegion = (state: AnyStateNode) => state.parent !== undefined && statusRegionOf(state.parent) === state

/** Does the box have an answer of its own, before the state around it is asked? */
const isAnsweredBelow = ({ event, from }: Edge, box: AnyStateNode) =>
  isWithin(box, from) && edgesOf(box).some((edge) => edge.event === event && edge.guard === null)

const isWithin = (state: AnyStateNode, whole: AnyStateNode): boolean =>
  state.parent !== undefined && (state.parent === whole || isWithin(state.parent, whole))

const initialOf = (state: AnyStateNode) => {
  // Regions without a status are one box, where they are not drawn themselves.
  const initial = statusRegionOf(state) ?? (state.type === 'parallel' ? state : state.initial?.target?.[0])
  if (initial === undefined) throw new Error(`${state.id} has no initial state`)
  return initial as AnyStateNode
}

const isFailure = (state: AnyStateNode) =>
  FAILURE_STATES.includes(state.key) || state.tags.some((tag) => FAILURE_TAGS.includes(tag))

/** Does the state wait for the user, or can one inside it? */
const mayRest = (state: AnyStateNode) => kindOf(state) === 'resting' || state.type === 'compound'

const isSmooth = ({ event, isError, from, to }: DrawnEdge) =>
  !isError && !isFailure(from) && !isFailure(to) && !UNDRAWN_AT_REST.includes(event)

function reachable(from: readonly AnyStateNode[], edges: readonly DrawnEdge[]): ReadonlySet<AnyStateNode> {
  const reached = new Set(from)
  for (const state of reached) for (const edge of edges) if (edge.from === state) reached.add(edge.to)
  return reached
}

/** What is inside one state, with the states that it is left for. */
function drawInside(whole: AnyStateNode, palette: Palette | undefined): Picture[] {
  const status = statusRegionOf(whole)
  const parts = whole.type === 'parallel' ? Object.values(whole.states).filter((part) => part !== status) : [whole]
  const edges = parts
    .flatMap(statesOf)
    .flatMap(edgesOf)
    .flatMap((edge) => boxed(edge, whole))
  const initials = parts.map((part) => boxOf(initialOf(part), whole))
  const entries = whole.type === 'parallel' ? [] : entriesOf(whole).filter(({ to }) => !initials.includes(to))
  const options = { title: titleOf(whole), whole, palette }
  const { smooth, rest } = sorted([...entries, ...edges], [...initials, ...entries.map(({ from }) => from)])
  const all = [...smooth, ...rest]
  if (countArrows(all) <= MOST_ARROWS) return drawAll(all, { ...options, initials })
  return [
    ...drawAll(smooth, { ...options, initials }),
    ...drawAll(rest, { ...options, title: `${options.title}, when something fails`, initials: [] }),
  ]
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

const START = '[*]'
const PLAIN_FAILURES = 'anyOf'

const endsOf = ({ from, to }: DrawnEdge) => `${boxId(from)} --> ${boxId(to)}`

/** Nearly every bad end leads to `sortingFailure`: one box with a list stands for all those arrows. */
const isPlainFailure = ({ isError, to }: DrawnEdge) => isError && to.key === 'sortingFailure'

const countArrows = (edges: readonly DrawnEdge[]) =>
  unique(edges.map((edge) => (isPlainFailure(edge) ? PLAIN_FAILURES : endsOf(edge)))).length

/** Draws as many pictures as it takes, in the order of the chart, each with about as many arrows. */
function drawAll(edges: readonly DrawnEdge[], options: DrawingOptions): Picture[] {
  const limit = options.initials.length > 0 ? MOST_ARROWS : MOST_ARROWS_FROM_ANYWHERE
  const most = countArrows(edges) / Math.ceil(countArrows(edges) / limit)
  const plainFirst = [...edges.filter(isPlainFailure), ...edges.filter((edge) => !isPlainFailure(edge))]
  const bySource = groupBy(plainFirst, (edge) => (isPlainFailure(edge) ? PLAIN_FAILURES : boxId(edge.from)))
  let before = 0
  const parts = groupBy(bySource.values(), (group) => {
    const middle = before + countArrows(group) / 2
    before += countArrows(group)
    return String(Math.floor(middle / most))
  })
  return [...parts.values()].map((groups, index) =>
    index === 0
      ? draw(groups.flat(), options)
      : draw(groups.flat(), { ...options, title: `${options.title}, continued`, initials: [] }),
  )
}

interface Box {
  readonly id: string
  readonly name: string
  readonly kind: Kind | 'list'
}

interface DrawnArrow extends Arrow {
  readonly label: string
}

function draw(all: readonly DrawnEdge[], { title, initials, whole, palette }: DrawingOptions): Picture {
  const plain = all.filter(isPlainFailure)
  const edges = all.filter((edge) => !plain.includes(edge))
  const states = unique([...initials, ...plain.map(({ to }) => to), ...edges.flatMap(({ from, to }) => [from, to])])
  const nameOf = (state: AnyStateNode) => brokenAtHump(boxName(state, whole)).map(escapeLabel).join('<br/>')
  const { boxes, arrows } = withLists(
    states.map((state) => ({ id: boxId(state), name: nameOf(state), kind: kindOf(state) })),
    [...groupBy(edges, endsOf).values()].flatMap((group) => renderArrow(group, edges)),
    initials.map(boxId),
  )
  const failing = plain.slice(0, 1).map(({ to }) => ({ from: PLAIN_FAILURES, to: boxId(to), label: '✗' }))
  const list = {
    id: PLAIN_FAILURES,
    name: unique(plain.map(({ from }) => nameOf(from))).join('<br/>'),
    kind: 'list' as const,
  }
  const drawn = {
    boxes: failing.length === 0 ? boxes : [list, ...boxes],
    arrows: [...initials.map((initial) => ({ from: START, to: boxId(initial), label: '' })), ...failing, ...arrows],
  }
  const text = [
    'stateDiagram-v2',
    ...(isWide(drawn) ? ['  direction LR'] : []),
    ...drawn.boxes.map(({ id, name }) => `  state "${name}" as ${id}`),
    ...drawn.arrows.map(({ from, to, label }) => `  ${from} --> ${to}${label === '' ? '' : ` : ${label}`}`),
    ...(palette
      ? unique(drawn.boxes.map(({ kind }) => kind)).map((kind) => `  classDef ${kind} ${palette[kind]}`)
      : []),
    ...drawn.boxes.map(({ id, kind }) => `  class ${id} ${kind}`),
  ].join('\n')
  return { title, text, arrows: drawn.arrows }
}

interface Drawing {
  readonly boxes: readonly Box[]
  readonly arrows: readonly DrawnArrow[]
}

/** Draws boxes as one, with a list of their names, where no arrow leads to them and the same arrows lead out of them. */
function withLists(boxes: readonly Box[], arrows: readonly DrawnArrow[], initials: readonly string[]): Drawing {
  const from = (id: string) => arrows.filter((arrow) => arrow.from === id)
  const isSource = ({ id }: Box) => !initials.includes(id) && !arrows.some(({ to }) => to === id)
  const sources = boxes.filter(isSource).filter(({ id }) => from(id).length > 0)
  const alike = [...groupBy(sources, ({ id }) => JSON.stringify(from(id).map(({ to, label }) => [to, label]))).values()]
  const lists = alike.filter(({ length }) => length > 1)
  const merged = lists.flatMap((list) => list.slice(1))
  return {
    boxes: boxes
      .filter((box) => !merged.includes(box))
      .map((box) => {
        const list = lists.find(([first]) => first === box)
        return list
          ? { id: `${box.id}_andOthers`, name: list.map(({ name }) => name).join('<br/>'), kind: 'list' }
          : box
      }),
    arrows: arrows
      .filter((arrow) => !merged.some(({ id }) => id === arrow.from))
      .map((arrow) =>
        lists.some(([first]) => first?.id === arrow.from) ? { ...arrow, from: `${arrow.from}_andOthers` } : arrow,
      ),
  }
}

/**
 * Would it be too wide from top to bottom? No way through it is longer than one arrow, or two where it starts anywhere, or one box leads
 * to nearly all the others.
 */
function isWide({ boxes, arrows }: Drawing): boolean {
  const targetsOf = (id: string) => unique(arrows.filter(({ from }) => from === id).map(({ to }) => to))
  const isFlat = !arrows.some(({ to }) => targetsOf(to).length > 0)
  const isShort = !arrows.some(({ to }) => targetsOf(to).some((next) => targetsOf(next).length > 0))
  const startsAnywhere = !arrows.some(({ from }) => from === START)
  const isHub = ({ id }: Box) => {
    const around = targetsOf(id).length
    return around >= 6 && boxes.length - 1 - around <= (startsAnywhere ? 2 : 1)
  }
  return isFlat || (isShort && startsAnywhere) || boxes.some(isHub)
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

function renderArrow(group: readonly DrawnEdge[], edges: readonly DrawnEdge[]): DrawnArrow[] {
  const label = labelFor(group.map((edge) => ({ ...edge, isElse: isElseOf(edge, edges) })))
  return group.slice(0, 1).map(({ from, to }) => ({ from: boxId(from), to: boxId(to), label }))
}

/** The events with the same guard share a line; the guards of one event share one as well. */
function labelFor(edges: readonly DrawnEdge[]): string {
  const byGuard = groupBy(edges, ({ guard, isElse }) => guard ?? (isElse ? 'else' : ''))
  const lines = [...groupBy(byGuard, ([, group]) => unique(group.map(eventLabel)).join(', '))].map(
    ([events, guards]) => {
      const condition = guards.map(([guard]) => guard).filter((guard) => guard !== '')
      return [events, condition.length === 0 ? '' : `[${condition.join(' |\n')}]`].filter(Boolean).join('\n')
    },
  )
  return lines.filter(Boolean).join('\n').split('\n').flatMap(brokenAtHump).map(escapeLabel).join('<br/>')
}

/** In letters; a longer line is broken inside its name. */
const LONGEST_LINE = 12

function brokenAtHump(line: string): string[] {
  if (line.length <= LONGEST_LINE) return [line]
  const humps = [...line.matchAll(/(?<=[a-z])(?=[A-Z](?!.*\)))|(?=\()|(?<=[,.])/g)].map(({ index }) => index)
  const distance = (hump: number) => Math.abs(hump - line.length / 2)
  const middle = humps.toSorted((one, other) => distance(one) - distance(other))[0]
  return middle === undefined ? [line] : [line.slice(0, middle), line.slice(middle).trimStart()]
}

/** Where a state waits for one actor only, the sign says enough. */
function eventLabel({ event, from }: DrawnEdge): string {
  const isOnlyWork = from.invoke.length === 1 && ['busy', 'delegating'].includes(kindOf(from))
  return isOnlyWork ? event.replace(/^([✓✗]) .*/, '$1') : event
}

/** Mermaid takes a character that means something to it as `#code;`. */
const escapeLabel = (text: string) =>
  text.replace(/[^\p{L}\p{N} .,()[\]|✓✗↻…]/gu, (character) => `#${character.codePointAt(0)};`)
