import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { defaultOrder } from '../src/domain/policy.ts'
import { groupBy, unique } from './diagrams/lists.ts'
import { machines } from './diagrams/machines.ts'
import { type Palette, type Picture, picturesOf } from './diagrams/pictures.ts'
import {
  type Edge,
  edgesOf,
  isRoot,
  isSent,
  kindOf,
  NAMELESS,
  nameOf,
  pathOf,
  statesOf,
  tagOf,
} from './diagrams/walk.ts'

/** Writes `machines/README.md`: pictures and tables of the machines, made by walking them. */

const README = fileURLToPath(new URL('../machines/README.md', import.meta.url))

const INTRODUCTION = `# The machines

One chart for each part of what happens between a login and the portal. **This file is generated** from the machines by
\`npm run diagrams\`, and a test fails when it is out of date: change the machine, never this text.

## How to read them

A machine says what can happen and in what order; it sends no request itself. It *invokes* actor slots, which \`createMachines\` fills and which have the
name of a portal operation (\`listInvitations\`). \`✓ listInvitations\` means that it is done, \`✗ listInvitations\` that it failed. A slot can also
hold a machine (\`otpEnrollment\` in \`mfa\`, \`whitelistChange\` in \`ipWhitelist\`, every step in \`onboarding\`): events then go to that machine,
and \`↻ mfa\` means that something changed in it. Four slots need no portal: \`deadline\` waits for a time in the context, \`checkCode\` checks a code
before an attempt is spent, \`loadSteps\` loads the machines of steps, and \`detectRestore\`, at the root of each machine, sends \`restored\` after a start from storage. The action \`readClock\`
puts the host's time into the context.

All steps are built the same way, with the same names in the same order:

| state | purpose |
| --- | --- |
| \`starting\` | Takes the initial data from the root, or goes to read it. |
| \`reading\` | Reads the state of the account. |
| the rest (\`inbox\`, \`overview\`, \`list\`, \`editing\` …), in \`atRest\` where there are more | Shows it on screen; the user decides. |
| the act (\`accepting\`, \`revoking\`, \`saving\` …) | Sends a change to the portal, once: \`sending\`, and \`steppingUp\` while the portal demands more proof. |
| \`reconciling\` (\`readingBack\` where each change is read back) | Reads back a change whose outcome is not known, or not proved by the reply. It is not sent again. |
| \`settling\` | Decides by what was read back: done, not done, or not known yet, because it may still take effect. |
| \`sortingFailure\` | Sorts the failure: signed out, wait, refused, or broken down. |
| \`halted\` | What \`failed\` and \`coolingDown\` share: both can be tried again, finished and skipped. |
| \`failed\` | Waits for \`retry\`; \`failure\` says why. |
| \`coolingDown\` | Waits until \`failure.retryAt\`, or for \`retry\`: the portal asked for it, or the outcome of a change is not known yet. |
| \`recovering\` | Goes on: an unresolved write is read back, otherwise everything is read again. |

A machine that is not done has exactly one *status tag*:

| tag | in the pictures | meaning |
| --- | --- | --- |
| \`busy\` | blue | Work is in progress. |
| \`resting\` | green, bold frame | Waits for the user. |
| \`delegating\` | violet | A child machine is active: look there. |
| \`steppingUp\` | pink | The host asks the user for more proof of who they are. |
| \`failed\` | red | Waits for \`retry\`. |
| \`coolingDown\` | amber | Waits for time. |
| none: passing | white, dashed frame | Left at once, by the first guard that holds. |
| none: final | dark | The machine is done; the state's name is the \`outcome\`. |
| none: beside | white, plain frame | Another region of the machine has the tag: in \`onboarding\` that is \`steps\`, which the pictures show as the machine. |

There are two kinds of pictures. The first shows what can happen **as long as nothing fails**, the second **what happens when something fails**: where
failures lead, and how the flow continues. A long one is *continued* in a second picture. An arrow has an \`event\` and a \`[guard]\`; guards are tested in the order of the tables, and \`else\`
applies if none holds. **The tables name every transition; the pictures leave some out**, to stay readable:

- no actions;
- no arrow for a transition that stays in its state;
- no arrow for \`step.skip\` out of a state at rest, nor for \`retry\` and \`restored\`, which read again;
- no arrow for \`step.finish\`, \`step.skip\` and \`enrollment.cancel\` out of \`failed\` and \`coolingDown\`;
- arrows with the same two ends are one;
- a plain frame with a list of states: its arrows lead out of each of them. One of these lists has the states that lead to \`sortingFailure\` if their
  actor fails (\`✗\`), unless another arrow says otherwise;
- out of a blue or violet state that waits for one actor, \`✓\` and \`✗\` stand without its name;
- a long name continues on the next line;
- a state with states inside is one box; \`…\` in its name means that there is a picture of the inside. If everything inside fails or waits
  (\`halted\`), the inside is drawn instead, with the outer state's transitions at each.`

export function renderMachines(): string {
  const contents = machines.map(({ id, root }) => `- [${id}](#${id.toLowerCase()}): ${root.description}`)
  return `${[INTRODUCTION, contents.join('\n'), ...machines.map(renderMachine)].join('\n\n')}\n`
}

function renderMachine(machine: AnyStateMachine): string {
  const { root } = machine
  return [
    `## ${machine.id}`,
    root.description ?? '',
    ...(machine.id === 'onboarding' ? [`In the default order: ${defaultOrder.map(code).join(' → ')}.`] : []),
    ...renderPictures(root),
    '### States',
    renderStates(root),
    '### Events',
    renderEdges(root, (edge) => isSent(edge.event), ['event', 'in', 'leads to']),
    '### Ends of actors, and what is decided at once',
    renderEdges(root, (edge) => !isSent(edge.event), ['when', 'in', 'leads to']),
  ].join('\n\n')
}

// Pictures

const PALETTE: Palette = {
  busy: 'fill:#dbeafe,stroke:#2563eb,color:#1e3a8a',
  resting: 'fill:#dcfce7,stroke:#15803d,stroke-width:3px,color:#14532d',
  delegating: 'fill:#ede9fe,stroke:#7c3aed,stroke-width:2px,color:#4c1d95',
  steppingUp: 'fill:#fce7f3,stroke:#be185d,stroke-width:2px,color:#831843',
  failed: 'fill:#fee2e2,stroke:#dc2626,stroke-width:2px,color:#7f1d1d',
  coolingDown: 'fill:#fef3c7,stroke:#d97706,stroke-width:2px,color:#78350f',
  passing: 'fill:#ffffff,stroke:#6b7280,stroke-dasharray:4 3,color:#374151',
  final: 'fill:#374151,stroke:#111827,color:#ffffff',
  beside: 'fill:#ffffff,stroke:#9ca3af,color:#374151',
  list: 'fill:#ffffff,stroke:#9ca3af,color:#374151,text-align:left',
}

function renderPictures(root: AnyStateNode): string[] {
  const { smooth, failing, inside } = picturesOf(root, PALETTE)
  return [...smooth.map(render), ...renderEverywhere(root), ...[...failing, ...inside].map(render)]
}

const render = ({ title, text }: Picture) => `### ${title}\n\n\`\`\`mermaid\n${text}\n\`\`\``

function renderEverywhere(root: AnyStateNode): string[] {
  const ways = edgesOf(root).filter(({ to }) => to !== null)
  return ways.map(({ event, to }) => `From any state: \`${event}\` leads to \`${to && pathOf(to)}\`.`)
}

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
  const tag = tagOf(state)
  if (state.type === 'parallel') return [...(tag === undefined ? [] : [code(tag)]), 'side by side'].join(', ')
  if (tag !== undefined) return code(tag)
  return state.type === 'compound' ? 'see inside' : kindOf(state)
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

function renderAnswer({ guard, isElse, to, alsoTo, actions, description }: Edge): string {
  const condition = guard === null ? (isElse ? 'else ' : '') : `[${code(guard)}] `
  const way = to === null ? 'stays' : `→ ${[to, ...alsoTo].map((state) => code(pathOf(state))).join(', ')}`
  const doing = actions.length === 0 ? '' : ` / ${actions.map(code).join(', ')}`
  const reason = description === undefined ? '' : ` (${cell(description)})`
  return `${condition}${way}${doing}${reason}`
}

const code = (text: string) => `\`${cell(text)}\``
const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ')

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(README, renderMachines())
