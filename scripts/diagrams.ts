import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { AnyStateMachine, AnyStateNode } from 'xstate'
import {
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrolmentMachine,
  sessionsMachine,
  workspaceMachine,
} from '../machines/index.ts'

/** Writes `machines/README.md`: pictures and tables of the machines, made by walking them. */

const README = fileURLToPath(new URL('../machines/README.md', import.meta.url))

const machines: readonly AnyStateMachine[] = [
  onboardingMachine,
  invitationsMachine,
  mfaMachine,
  otpEnrolmentMachine,
  ipWhitelistMachine,
  sessionsMachine,
  workspaceMachine,
]

const INTRODUCTION = `# The machines

One chart for each part of what happens between a login and the portal. **This file is generated** from the machines by
\`npm run diagrams\`, and a test fails when it is out of date: change the machine, never this text.

## How to read them

A machine says what can happen and in what order; it sends nothing itself. What it needs done it *invokes*: an actor slot, named like the
operation of the portal (\`listInvitations\`), which \`createMachines\` fills. \`✓ listInvitations\` is its good end, \`✗ listInvitations\`
its bad one. A machine can fill a slot too (\`otpEnrolment\` inside \`mfa\`, every step inside \`onboarding\`): then the events are for that machine,
and \`↻ mfa\` says that something changed in it. Four slots need no portal: \`alarm\` waits for a time that stands in the context, \`readClock\` tells the
time, \`checkCode\` judges a code before an attempt is spent, and \`wake\`, at the root of each machine, says \`resumed\` when the machine was
started again from storage.

The steps are built alike, with the same names in the same order:

| state | what it is for |
| --- | --- |
| \`starting\` | Takes what the root has read already, else goes to read it. |
| \`reading\` | The state of the account is on its way. |
| the rest (\`inbox\`, \`overview\`, \`list\`, \`editing\` …) | It is on screen, and the user decides. |
| the act (\`accepting\`, \`revoking\`, \`saving\` …) | A change is on its way to the portal. It is sent once. |
| \`reconciling\` (\`readingBack\` where each change is read back) | What came of it is not known: it is read back, not sent again. |
| \`settling\` | What was read back decides: done, or offered again. |
| \`sortingFailure\` | Is the user signed out, does the portal ask to wait, did it refuse, or did something break down? |
| \`failed\` | Waits for \`retry\`; \`failure\` says why. |
| \`coolingDown\` | Waits until \`failure.retryAt\`, or for \`retry\`. |

Exactly one *status tag* holds in each machine that is not done:

| tag | in the pictures | meaning |
| --- | --- | --- |
| \`busy\` | blue | Work is in flight. |
| \`resting\` | green, bold frame | Waits for the user. |
| \`delegating\` | violet | A machine inside is at work: look there. |
| \`failed\` | red | Waits for \`retry\`. |
| \`coolingDown\` | amber | Waits for time. |
| none: passing | white, dashed frame | Never lasts: the first guard that holds decides at once. |
| none: final | dark | The machine is done; the state's name is the \`outcome\`. |

Each machine has two pictures. The first shows what can happen **as long as nothing fails**, the second **what happens when something fails**: where the
bad ends lead, and how it goes on from there. An arrow says \`event\` and \`[guard]\`; guards are asked in the order of the tables, and \`else\`
is for when none held. **The tables name every transition; the pictures leave some out**, to stay readable:

- no actions;
- no arrow for what leaves the state as it is;
- no arrow for \`step.skip\` out of a state at rest, nor for \`retry\` and \`resumed\`, which read again;
- no arrow for \`step.finish\`, \`step.skip\` and \`enrolment.cancel\` out of \`failed\` and \`coolingDown\`;
- arrows with the same two ends are one;
- a plain frame with a list of states: each of them leads to \`sortingFailure\` by a bad end, unless another arrow says otherwise;
- a state with states inside is one box; \`…\` in its name says that there is a picture of the inside.`

/** States that every machine shares and that only a failure leads to. */
const FAILURE_STATES = ['sortingFailure', 'signedOut']
/** Tags of states where time or `retry` is waited for. */
const FAILURE_TAGS = ['failed', 'coolingDown']
/** Ways out of every failure, in the tables only. */
const UNDRAWN_AFTER_FAILURE = ['step.finish', 'step.skip', 'enrolment.cancel']
/** What every state at rest answers alike, in the tables only, unless it leads to a state that is not reached otherwise. */
const UNDRAWN_AT_REST = ['step.skip', 'retry', 'resumed']

type Kind = 'busy' | 'resting' | 'delegating' | 'failed' | 'coolingDown' | 'passing' | 'final'

const CLASSES: Readonly<Record<Kind, string>> = {
  busy: 'fill:#dbeafe,stroke:#2563eb,color:#1e3a8a',
  resting: 'fill:#dcfce7,stroke:#15803d,stroke-width:3px,color:#14532d',
  delegating: 'fill:#ede9fe,stroke:#7c3aed,stroke-width:2px,color:#4c1d95',
  failed: 'fill:#fee2e2,stroke:#dc2626,stroke-width:2px,color:#7f1d1d',
  coolingDown: 'fill:#fef3c7,stroke:#d97706,stroke-width:2px,color:#78350f',
  passing: 'fill:#ffffff,stroke:#6b7280,stroke-dasharray:4 3,color:#374151',
  final: 'fill:#374151,stroke:#111827,color:#ffffff',
}

/** One possible transition: an event, under a guard, from a state to another or to none. */
interface Edge {
  readonly event: string
  readonly isError: boolean
  readonly guard: string | null
  /** Without a guard, after others that have one. */
  readonly isElse: boolean
  readonly from: AnyStateNode
  readonly to: AnyStateNode | null
  readonly actions: readonly string[]
  readonly description: string | undefined
}

/** As an arrow in a picture; its ends are boxes. */
type DrawnEdge = Edge & { readonly to: AnyStateNode }

export function renderMachines(): string {
  const contents = machines.map(({ id, root }) => `- [${id}](#${id.toLowerCase()}): ${root.description}`)
  return `${[INTRODUCTION, contents.join('\n'), ...machines.map(renderMachine)].join('\n\n')}\n`
}

function renderMachine(machine: AnyStateMachine): string {
  const { root } = machine
  return [
    `## ${machine.id}`,
    root.description ?? '',
    ...renderPictures(root),
    '### States',
    renderStates(root),
    '### Events',
    renderEdges(root, (edge) => isSent(edge.event), ['event', 'in', 'leads to']),
    '### Ends of actors, and what is decided at once',
    renderEdges(root, (edge) => !isSent(edge.event), ['when', 'in', 'leads to']),
  ].join('\n\n')
}

// Walking the chart

const statesOf = (state: AnyStateNode): AnyStateNode[] => [state, ...Object.values(state.states).flatMap(statesOf)]
const isRoot = (state: AnyStateNode) => state.parent === undefined
const pathOf = (state: AnyStateNode) => state.path.join('.')

const tagOf = (state: AnyStateNode): string | undefined =>
  state.tags[0] ?? (state.parent === undefined ? undefined : tagOf(state.parent))

function kindOf(state: AnyStateNode): Kind {
  if (state.type === 'final') return 'final'
  const tag =
    tagOf(state) ??
    Object.values(state.states)
      .map(tagOf)
      .find((below) => below !== undefined)
  return (tag as Kind | undefined) ?? 'passing'
}

const NAMELESS = ''
const isSent = (event: string) => event !== NAMELESS && !/^[✓✗↻] /.test(event)

/** The event as it is written here: an actor's end by the slot, the end of the states inside as such. */
function eventOf(state: AnyStateNode, type: string): string {
  const slotOf = (id: string) => String(state.invoke.find((invoke) => invoke.id === id)?.src ?? id)
  const [, kind, id] = /^xstate\.(done\.actor|error\.actor|snapshot|done\.state)\.(.*)$/.exec(type) ?? []
  if (kind === undefined || id === undefined) return type
  if (kind === 'done.state') return '✓ all inside'
  const sign = { 'done.actor': '✓', 'error.actor': '✗', snapshot: '↻' }[kind] ?? '?'
  return `${sign} ${slotOf(id)}`
}

const nameOf = (reference: unknown): string => {
  if (typeof reference === 'string') return reference
  const { type, params } = reference as { type: string; params?: object }
  return params === undefined ? type : `${type}(${Object.values(params).join(', ')})`
}

function edgesOf(state: AnyStateNode): Edge[] {
  const lists = [
    ...[...state.transitions].map(([type, list]) => ({ type, list })),
    { type: NAMELESS, list: state.always ?? [] },
  ]
  return lists.flatMap(({ type, list }) =>
    list.map(({ guard, target, actions, description }, index) => ({
      event: eventOf(state, type),
      isError: type.startsWith('xstate.error.'),
      guard: guard === undefined ? null : nameOf(guard),
      isElse: guard === undefined && index > 0,
      from: state,
      to: target?.[0] ?? null,
      actions: actions.map(nameOf),
      description,
    })),
  )
}

// Pictures

function renderPictures(root: AnyStateNode): string[] {
  const edges = statesOf(root)
    .flatMap(edgesOf)
    .flatMap((edge) => boxed(edge, root))
  const initial = initialOf(root)
  const smooth = reachable(initial, edges.filter(isSmooth))
  const main = edges.filter((edge) => isSmooth(edge) && smooth.has(edge.from))
  const rest = edges.filter((edge) => {
    if (main.includes(edge)) return false
    if (isFailure(edge.from)) return !UNDRAWN_AFTER_FAILURE.includes(edge.event)
    return !UNDRAWN_AT_REST.includes(edge.event) || !(smooth.has(edge.to) || edge.to.type === 'final')
  })
  return [
    '### As long as nothing fails',
    renderPicture(main, { initial }),
    ...renderEverywhere(root),
    '### When something fails',
    renderPicture(rest, {}),
    ...Object.values(root.states)
      .filter((state) => state.type === 'compound')
      .flatMap((state) => [`### Inside \`${pathOf(state)}\``, renderInside(state)]),
  ]
}

/** The edge between the boxes of the picture; none where it stays inside one, or leads nowhere. */
function boxed(edge: Edge, whole: AnyStateNode): DrawnEdge[] {
  if (edge.to === null || edge.from === whole) return []
  const from = boxOf(edge.from, whole)
  const to = boxOf(edge.to, whole)
  return from === to ? [] : [{ ...edge, from, to }]
}

const boxOf = (state: AnyStateNode, whole: AnyStateNode): AnyStateNode =>
  state.parent === undefined || state.parent === whole ? state : boxOf(state.parent, whole)

const initialOf = (state: AnyStateNode) => {
  const initial = state.initial?.target?.[0]
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

function renderEverywhere(root: AnyStateNode): string[] {
  const ways = edgesOf(root).filter(({ to }) => to !== null)
  return ways.map(({ event, to }) => `From any state: \`${event}\` leads to \`${to && pathOf(to)}\`.`)
}

/** What is inside one state, with the states that it is left for. */
function renderInside(whole: AnyStateNode): string {
  const edges = statesOf(whole)
    .slice(1)
    .flatMap(edgesOf)
    .filter((edge): edge is DrawnEdge => edge.to !== null)
  return renderPicture(edges, { initial: initialOf(whole), whole })
}

interface PictureOptions {
  readonly initial?: AnyStateNode
  readonly whole?: AnyStateNode
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

function renderPicture(all: readonly DrawnEdge[], { initial, whole }: PictureOptions): string {
  const failing = initial === undefined ? all.filter(isPlainFailure) : []
  const edges = all.filter((edge) => !failing.includes(edge))
  const states = unique([...(initial ? [initial] : []), ...edges.flatMap(({ from, to }) => [from, to])])
  const arrows = [...groupBy(edges, ({ from, to }) => `  ${boxId(from)} --> ${boxId(to)}`)].map(
    ([arrow, group]) => arrow + labelFor(group.map((edge) => ({ ...edge, isElse: isElseOf(edge, edges) }))),
  )
  const kinds = unique(states.map(kindOf))
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...(isStar(states, edges) ? ['  direction LR'] : []),
    ...states.map((state) => `  state "${escapeLabel(boxName(state, whole))}" as ${boxId(state)}`),
    ...(initial ? [`  [*] --> ${boxId(initial)}`] : []),
    ...renderPlainFailures(failing),
    ...arrows,
    ...kinds.map((kind) => `  classDef ${kind} ${CLASSES[kind]}`),
    ...states.map((state) => `  class ${boxId(state)} ${kindOf(state)}`),
    '```',
  ].join('\n')
}

/** Nearly every bad end leads there in the end: one box with a list stands for all those arrows. */
const isPlainFailure = ({ isError, to }: DrawnEdge) => isError && to.key === 'sortingFailure'

function renderPlainFailures(edges: readonly DrawnEdge[]): string[] {
  const [first] = edges
  if (first === undefined) return []
  const names = unique(edges.map(({ from }) => escapeLabel(boxName(from, undefined))))
  return [
    `  state "${names.join('<br/>')}" as anyOf`,
    `  anyOf --> ${boxId(first.to)} : ✗`,
    '  classDef list fill:#ffffff,stroke:#9ca3af,color:#374151,text-align:left',
    '  class anyOf list',
  ]
}

const boxId = (state: AnyStateNode) => state.path.join('_')

const boxName = (state: AnyStateNode, whole: AnyStateNode | undefined) => {
  const name = whole !== undefined && state.parent === whole ? state.key : pathOf(state)
  return state.type === 'compound' ? `${name} …` : name
}

/** Does the picture show what else the event may lead to from there? */
const isElseOf = ({ event, from, guard, isElse }: DrawnEdge, edges: readonly DrawnEdge[]) =>
  isElse && edges.some((other) => other.event === event && other.from === from && other.guard !== guard)

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

// Tables

function renderStates(root: AnyStateNode): string {
  const rows = statesOf(root)
    .filter((state) => !isRoot(state) || state.invoke.length > 0)
    .map((state) => [
      isRoot(state) ? 'the machine' : code(pathOf(state)),
      statusOf(state),
      cell(isRoot(state) ? '' : (state.description ?? '')),
      worksOf(state).join('<br>'),
    ])
  return table(['state', 'status', 'description', 'does'], rows)
}

const worksOf = ({ entry, invoke, exit }: AnyStateNode) => [
  ...entry.map((action) => `on entry ${code(nameOf(action))}`),
  ...invoke.map(({ id, src }) => `invokes ${code(String(src))} as ${code(id)}`),
  ...exit.map((action) => `on exit ${code(nameOf(action))}`),
]

function statusOf(state: AnyStateNode): string {
  if (isRoot(state)) return ''
  if (state.type === 'final') return state.parent?.parent === undefined ? 'final' : 'the end of its part'
  if (state.type === 'parallel') return `${code(tagOf(state) ?? '')}, side by side`
  const tag = tagOf(state)
  if (tag !== undefined) return code(tag)
  return state.type === 'compound' ? 'see inside' : 'passing'
}

function renderEdges(root: AnyStateNode, isWanted: (edge: Edge) => boolean, head: readonly string[]): string {
  const answers = statesOf(root).flatMap((state) => {
    const edges = edgesOf(state).filter(isWanted)
    return [...groupBy(edges, ({ event }) => event)].map(([event, group]) => ({
      event,
      state: isRoot(state) ? 'any state' : code(pathOf(state)),
      leadsTo: group.map(renderAnswer).join('<br>'),
    }))
  })
  const byEvent = [...groupBy(answers, ({ event }) => event).values()].flat()
  const rows = [...groupBy(byEvent, ({ event, leadsTo }) => `${event}\n${leadsTo}`).values()].map((group) => {
    const { event, leadsTo } = group[0] ?? { event: '', leadsTo: '' }
    return [event === NAMELESS ? 'at once' : code(event), unique(group.map(({ state }) => state)).join(', '), leadsTo]
  })
  return table(head, rows)
}

function renderAnswer({ guard, isElse, to, actions, description }: Edge): string {
  const condition = guard === null ? (isElse ? 'else ' : '') : `[${code(guard)}] `
  const way = to === null ? 'stays' : `→ ${code(pathOf(to))}`
  const doing = actions.length === 0 ? '' : ` / ${actions.map(code).join(', ')}`
  const reason = description === undefined ? '' : ` (${cell(description)})`
  return `${condition}${way}${doing}${reason}`
}

const code = (text: string) => `\`${cell(text)}\``
const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ')

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

// Lists

const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)]

function groupBy<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(README, renderMachines())
