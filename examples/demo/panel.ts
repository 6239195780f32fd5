import { h, patch, type View } from '../vanilla/dom.ts'
import { linkedInvitation } from './linked-invitation.ts'
import type { Mishap } from './portals.ts'
import type { FrontEnd } from './site.ts'

/** The panel beside the page: mishaps at the portal and on the network, and the user's phone. */

const frontEnds: Readonly<Record<FrontEnd, string>> = {
  vanilla: 'DOM',
  react: 'React',
  vue: 'Vue',
  svelte: 'Svelte',
  solid: 'Solid',
}

const labels: readonly (readonly [title: string, mishaps: Partial<Record<Mishap, string>>])[] = [
  [
    'On the network',
    {
      loseReply: 'Lose the reply to the next change',
      loseRequest: 'Lose the next change itself',
      breakDown: 'Let the portal break down',
      rateLimit: 'Ask to wait for 15 s',
    },
  ],
  [
    'At the portal',
    {
      demandProof: 'Demand more proof for each change',
    },
  ],
  [
    'Elsewhere',
    {
      acceptElsewhere: 'Another tab accepts an invitation',
      changeWhitelistElsewhere: 'An admin changes the whitelist',
      changeAddress: 'The user’s address changes',
    },
  ],
  [
    'Running out',
    {
      expireSetup: 'The OTP setup expires',
      expireToken: 'The access token expires',
      endSession: 'The session is ended',
    },
  ],
]

const account = new URLSearchParams(location.search).get('account') ?? 'maya'
const frame = document.querySelector<HTMLIFrameElement>('#page')
const panel = document.querySelector('#panel')
const status = document.querySelector('#status')

/** What the e-mail of the demo's invitation asks for. */
const link = `invitation=${linkedInvitation}` as const

let frontEnd: FrontEnd = 'vanilla'
let skewMs = 0
let phone: { readonly code: string | null; readonly changesAt: number } = { code: null, changesAt: 0 }

const host = (action: string, method = 'POST') => fetch(`/host/${account}/${action}`, { method })

function show(chosen: FrontEnd, asked: '' | 'page=security' | 'step=terms' | typeof link = ''): void {
  frontEnd = chosen
  if (frame !== null) frame.src = `/${chosen}/?account=${account}&${asked}`
  draw()
}

async function happen(mishap: Mishap, label: string) {
  await host(`mishaps/${mishap}`)
  if (status !== null) status.textContent = `Done: ${label}`
}

async function startOver() {
  await host('reset')
  sessionStorage.clear()
  show(frontEnd)
}

async function readPhone() {
  const response = await host(`phone/${skewMs}`, 'GET')
  phone = await response.json()
  draw()
}

function draw(): void {
  if (panel === null) return
  const { code, changesAt } = phone
  patch(panel, [
    h('h2', {}, 'Written with'),
    h(
      'div.buttons.tabs',
      { role: 'group', 'aria-label': 'Front end' },
      (Object.keys(frontEnds) as FrontEnd[]).map((name) =>
        h(
          'button',
          { key: name, 'aria-pressed': String(name === frontEnd), onclick: () => show(name) },
          frontEnds[name],
        ),
      ),
    ),
    h('button', { key: 'security', onclick: () => show(frontEnd, 'page=security') }, 'Show the security page'),
    h('button', { key: 'terms', onclick: () => show(frontEnd, 'step=terms') }, 'Begin with a step of the host’s own'),
    h(
      'button',
      {
        key: 'link',
        onclick() {
          // A flow that is stored goes on, with the link that it began with.
          sessionStorage.clear()
          show(frontEnd, link)
        },
      },
      'Follow the link in an e-mail',
    ),
    h('h2', {}, 'The phone'),
    h(
      'div.phone',
      {},
      h(
        'output',
        { 'aria-label': 'Code on the phone' },
        code === null ? '––– –––' : `${code.slice(0, 3)} ${code.slice(3)}`,
      ),
      h(
        'p.countdown',
        {},
        code === null ? 'no setup yet' : `${Math.max(0, Math.ceil((changesAt - Date.now()) / 1000))} s`,
      ),
      h(
        'label',
        { for: 'skew' },
        `Its clock is ${skewMs === 0 ? 'right' : `${Math.abs(skewMs / 1000)} s ${skewMs > 0 ? 'ahead' : 'behind'}`}`,
      ),
      h('input', {
        id: 'skew',
        type: 'range',
        min: -180,
        max: 180,
        step: 30,
        value: 0,
        oninput({ target }: Event) {
          skewMs = Number((target as HTMLInputElement).value) * 1000
          void readPhone()
        },
      }),
    ),
    ...labels.flatMap(([title, mishaps]): View[] => [
      h('h2', {}, title),
      ...(Object.entries(mishaps) as [Mishap, string][]).map(([name, label]) =>
        h('button', { key: name, onclick: () => void happen(name, label) }, label),
      ),
    ]),
    h('h2', {}, 'More'),
    h('button', { key: 'startOver', onclick: () => void startOver() }, 'Start over with a new account'),
  ])
}

show(frontEnd)
setInterval(readPhone, 1000)
