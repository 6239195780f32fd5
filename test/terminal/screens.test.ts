import {
  type Action,
  activeStep,
  englishMessages,
  type IpWhitelistScreen,
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrollmentMachine,
  type Screen,
  type Session,
  screenOf,
  seal,
  sessionsMachine,
  whitelistChangeMachine,
  workspaceMachine,
} from 'postlogin'
import { describe, expect, it } from 'vitest'
import { type AnyStateMachine, createActor, type StateValue } from 'xstate'
import type { TextQuestion } from '../../examples/terminal/answers.ts'
import { viewOf } from '../../examples/terminal/screens/index.ts'
import type { Ask, Look } from '../../examples/terminal/screens/screen.ts'
import { plain } from '../../examples/terminal/wording.ts'

const look: Look = { now: () => 0, qrCode: () => [] }

interface StateNode {
  readonly path: readonly string[]
  readonly tags: readonly string[]
  readonly on: object
  readonly states: Readonly<Record<string, StateNode>>
}

const ofTheLibrary = ['restored', 'stepUp.demanded', 'stepUp.answered']
const wishesOf = ({ on }: Pick<StateNode, 'on'>) =>
  Object.keys(on).filter((type) => !ofTheLibrary.includes(type) && !type.startsWith('xstate.'))

/** What a state takes, its ancestors' events included, read out of the machine, but for what comes from the library itself. */
function waitingStates(machine: { readonly root: StateNode }): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>()
  const visit = (node: StateNode, above: Pick<StateNode, 'tags' | 'on'>) => {
    const tags = [...above.tags, ...node.tags]
    const on = { ...above.on, ...node.on }
    const isWaiting = tags.some((tag) => ['resting', 'failed', 'coolingDown', 'steppingUp'].includes(tag))
    const children = Object.values(node.states)
    if (isWaiting && children.length === 0) found.set(node.path.join('.'), new Set(wishesOf({ on })))
    for (const child of children) visit(child, { tags, on })
  }
  visit(machine.root, { tags: [], on: {} })
  return found
}

type Event = Action['event']
type Children = Readonly<Record<string, object>>

/** What an actor is stored as, in the state at the end of this path and with its context changed. */
function stored(machine: AnyStateMachine, path: string, input: object, parts: object, children: Children = {}) {
  const { context } = createActor(machine, { input }).getSnapshot()
  const [last = '', ...outer] = path.split('.').reverse()
  const value = outer.reduce<StateValue>((inner, name) => ({ [name]: inner }), last)
  const snapshot = machine.resolveState({ value, context: { ...context, ...parts } })
  return { ...(machine.getPersistedSnapshot(snapshot) as object), children }
}

const child = (name: string, snapshot: object): Children => ({ [name]: { snapshot, src: name, syncSnapshot: true } })

/** A flow that stands in a state of a step, not started: what is sent within it is noted, and nothing comes of it. */
function flowIn(step: string, value: string, input: object, parts: object) {
  const sent: Event[] = []
  const machine = machines[step as keyof typeof machines].machine
  const children = child(step, stored(machine, value, input, parts))
  const within = (outer: string, outerSnapshot: object) =>
    stored(onboardingMachine, `flow.steps.${outer}`, {}, {}, child(outer, outerSnapshot))
  const editor = { ...parts, wish: { enabled: true, entries: [] }, failure: null, isRevisable: value === AWAITING }
  const snapshot =
    step === 'otpEnrollment'
      ? within('mfa', stored(mfaMachine, 'enrolling', {}, {}, children))
      : step === 'whitelistChange'
        ? within('ipWhitelist', stored(ipWhitelistMachine, 'drafting.changing', input, editor, children))
        : stored(onboardingMachine, `flow.steps.${step}`, {}, {}, children)
  const flow = createActor(onboardingMachine, {
    snapshot: snapshot as never,
    inspect: (seen) => {
      if (seen.type === '@xstate.event') sent.push(seen.event)
    },
  })
  const view = viewOf({ flow, look })
  if (view === null) throw new Error(`There is nothing to see in ${step}.${value}.`)
  return { flow, view, sent, screen: screenOf(flow.getSnapshot()) }
}

/** Where a change waits to be kept, and the list can be edited on beside it. */
const AWAITING = 'confirming.deciding.awaiting'

type Flow = ReturnType<typeof flowIn>

/** Takes every way, with every answer that its questions allow. */
async function eventsSent({ view: { ways }, sent }: Flow): Promise<readonly Event[]> {
  expect(new Set(ways.map(({ key }) => key)).size).toBe(ways.length)
  for (const way of ways) {
    await way.take(askWith(0))
    await way.take(askWith(-1))
  }
  return sent
}

const askWith = (index: number): Ask => ({
  choose: async ({ choices }) => choices.at(index)?.key ?? '',
  text: async () => '192.0.2.7',
  show() {},
  draw() {},
  leave() {},
})

/** All actions of a screen, wherever in it they are. */
function actionsIn(part: unknown): readonly Action[] {
  if (typeof part !== 'object' || part === null) return []
  return 'owner' in part && 'event' in part ? [part as Action] : Object.values(part).flatMap(actionsIn)
}

/** Without what only the user knows. */
function bare({
  code: _code,
  force: _force,
  reason: _reason,
  text: _text,
  value: _value,
  values: _values,
  ...rest
}: Event) {
  return JSON.stringify(rest)
}

const comesOf = (event: Event, action: Action) =>
  bare(event) === bare(action.event) && (action.event.value ?? event.value) === event.value

/** Two actions that come to the same, of which one is offered; or on a row that is not shown beside a linked one, to which another leads. */
function isSaidOtherwise({ event: { type, invitationBizId } }: Action, screen: Screen): boolean {
  if (screen.name === 'invitations' && screen.linked !== null && invitationBizId !== undefined) {
    return invitationBizId !== screen.linked.invitationBizId && screen.showAll?.blocked === null
  }
  if (type === 'retry') return 'refresh' in screen && screen.refresh.blocked === null
  if (type === 'whitelist.enable') return screen.name === 'ipWhitelist' && screen.whitelist.enabled
  return type === 'step.skip' && 'aimHolds' in screen && screen.aimHolds && screen.name !== 'workspace'
}

const failure = {
  kind: 'rateLimited',
  code: 'AUTH.TOO_MANY_ATTEMPTS',
  status: 429,
  retryable: true,
  retryAt: 60_000,
  effect: 'none',
  field: null,
  requestId: null,
} as const

const invitation = {
  invitationBizId: 'i1',
  workspaceBizId: 'w1',
  workspaceName: 'One',
  inviterName: 'Ada',
  status: 'PENDING',
  expiresAt: 3 * 3_600_000,
  canAccept: true,
} as const
const invitations = [
  invitation,
  { ...invitation, invitationBizId: 'i2', workspaceName: 'Two', canAccept: false },
  { ...invitation, invitationBizId: 'i3', workspaceName: 'Three', status: 'PROCESSED', canAccept: false },
]
const workspace = { isDefault: false, enterable: true, defaultEligible: true }
const workspaces = [
  { ...workspace, workspaceBizId: 'w1', workspaceName: 'One', isDefault: true },
  { ...workspace, workspaceBizId: 'w2', workspaceName: 'Two' },
  { ...workspace, workspaceBizId: 'w3', workspaceName: 'Three', defaultEligible: false },
  { ...workspace, workspaceBizId: 'w4', workspaceName: 'Four', enterable: false },
]
const here = { sessionId: 's0', clientIp: '203.0.113.10', isCurrent: true }
const overIpv6 = { sessionId: 's3', clientIp: '[2001:db8:1:2::7]:443', isCurrent: true }
const phone = { ...here, isCurrent: false }
const others = ['s1', 's2', 's2'].map((sessionId) => ({ sessionId, clientIp: '192.0.2.1', isCurrent: false }))

const factors = [true, false].map((isEnabled) => ({ methods: [{ method: 'OTP', isEnabled, isPrimary: true }] }))
const otpSetup = { secret: seal('ABCDEFGH'), qrCodeUri: seal('otpauth://'), issuer: 'I', accountName: 'A' }

/** The whitelist with a draft that was edited. */
function edited(
  enabled: boolean,
  entries: readonly string[],
  added: readonly string[],
  sessions: readonly Session[] = [here],
) {
  const initialData = { whitelist: { enabled, entries }, sessions }
  const actor = createActor(ipWhitelistMachine, { input: { initialData } }).start()
  for (const value of added) actor.send({ type: 'entry.add', value })
  const { draft, assessment, rowsMade } = actor.getSnapshot().context
  actor.stop()
  const wish = { enabled: true, entries: [...entries, ...added] }
  return { input: { initialData, ...initialData, wish }, parts: { draft, assessment, rowsMade, confirmBy: 60_000 } }
}

type Setting = readonly [input: object, parts: object]

/** For each machine, settings that differ in what is offered. */
const machines = {
  invitations: {
    machine: invitationsMachine,
    settings: [
      [{ initialData: { invitations } }, { queue: [{ action: 'accept', invitationBizId: 'i1', reason: null }] }],
      [{ initialData: { invitations } }, {}],
      [{ initialData: { invitations: [] } }, {}],
      [{ initialData: { invitations }, invitationBizId: 'i1' }, {}],
    ],
  },
  mfa: { machine: mfaMachine, settings: factors.map((initialData): Setting => [{ initialData }, {}]) },
  otpEnrollment: {
    machine: otpEnrollmentMachine,
    settings: [
      [{}, { otpSetup, codeHint: { kind: 'wrong' } }],
      [{}, { isSetUp: true }],
    ],
  },
  ipWhitelist: {
    machine: ipWhitelistMachine,
    settings: [
      edited(true, ['203.0.113.10'], ['192.0.2.2']),
      edited(false, ['203.0.113.10'], ['192.0.2.2']),
      edited(true, ['203.0.113.10'], []),
      edited(false, [], ['192.0.2.1', 'nonsense', '192.0.2.1']),
      edited(false, ['198.51.100.*'], ['2001:db8:1:2::7'], [overIpv6, phone]),
    ].map(({ input, parts }): Setting => [input, parts]),
  },
  whitelistChange: {
    machine: whitelistChangeMachine,
    settings: [
      edited(true, ['203.0.113.10'], ['192.0.2.2']),
      edited(true, ['203.0.113.10'], []),
      edited(false, ['203.0.113.10'], ['192.0.2.2']),
    ].map(({ input, parts }): Setting => [input, parts]),
  },
  sessions: {
    machine: sessionsMachine,
    settings: [
      [{ initialData: { sessions: [here, ...others] } }, {}],
      [{ initialData: { sessions: [here, ...others] } }, { queue: [{ scope: 'one', sessionId: 's1' }] }],
      [{ initialData: { sessions: [here] } }, {}],
    ],
  },
  workspace: {
    machine: workspaceMachine,
    settings: [[{ initialData: { workspaces } }, {}]],
  },
} as const satisfies Readonly<
  Record<string, { readonly machine: AnyStateMachine; readonly settings: readonly Setting[] }>
>

/** What goes with a state of a machine. */
function partsOf(step: keyof typeof machines, value: string): object {
  if (step === 'workspace') return { route: value === 'atRest.routed' ? { to: 'noWorkspace' } : null }
  return value === 'atRest.confirming' ? { question: { scope: 'others' } } : {}
}

/** The flow in this state, in each setting and by each policy. */
function flowsIn(step: keyof typeof machines, value: string): readonly Flow[] {
  return machines[step].settings.flatMap(([input, parts]) =>
    ['offer', 'require'].map((policy) =>
      flowIn(step, value, { ...input, policy }, { ...parts, ...partsOf(step, value), failure }),
    ),
  )
}

/** What the editor takes while a change waits to be kept. */
const takenBeside = ['drafting', 'drafting.changing'].flatMap((path) =>
  wishesOf(ipWhitelistMachine.getStateNodeById(`ipWhitelist.${path}`)),
)

const names = Object.keys(machines) as (keyof typeof machines)[]

describe.each(names)('the screens of %s', (name) => {
  const states = waitingStates(machines[name].machine)

  it('exist for states that fail and wait', () => {
    const ends = [...states.keys()].map((path) => path.split('.').at(-1))
    expect(ends).toEqual(expect.arrayContaining(['failed', 'coolingDown']))
  })

  it.each([...states.keys()])('offer all that %s takes, and nothing else', async (state) => {
    const offered = new Set<string>()
    for (const flow of flowsIn(name, state)) {
      for (const { type } of await eventsSent(flow)) offered.add(type)
    }
    offered.delete('onboarding.cancel')
    // Both read the list again.
    if (offered.has('inbox.refresh') || offered.has('sessions.refresh')) offered.add('retry')
    const taken = new Set(states.get(state))
    // Comes from the security center.
    taken.delete('addresses.update')
    if (state === AWAITING) {
      // Comes from the editor, which can be used meanwhile.
      taken.delete('change.revise')
      for (const type of takenBeside) taken.add(type)
    }
    // The question is answered first: no leads back to where it is offered.
    if (state === 'confirming.deciding.confirmingRisk') taken.delete('change.undo')
    if (state === 'atRest.confirming') taken.delete('termination.dequeue')
    // Comes once a row is chosen.
    if (name === 'sessions' && state.endsWith('.steppingUp')) {
      for (const type of ['termination.confirm', 'termination.cancel']) taken.delete(type)
    }
    expect([...offered].sort()).toEqual([...taken].sort())
  })

  it.each([...states.keys()])('have a way to each action of %s that is not blocked, and no other', async (state) => {
    for (const flow of flowsIn(name, state)) {
      const open = actionsIn(flow.screen).filter(({ blocked }) => blocked === null)
      const sent = await eventsSent(flow)
      const missing = open.filter((action) => !sent.some((event) => comesOf(event, action)))
      expect(missing).toEqual(open.filter((action) => isSaidOtherwise(action, flow.screen)))
      expect(sent.filter((event) => !open.some((action) => comesOf(event, action)))).toEqual([])
    }
  })

  it.each([...states.keys()])('name %s and say what went wrong there', (state) => {
    for (const { view } of flowsIn(name, state)) {
      expect(view.name).toBe(`${name}.${state}`)
      expect(view.lines.join(' ')).toContain('The portal asks you to wait before you try again.')
    }
  })
})

/** As they are printed. */
const linesIn = (step: keyof typeof machines, state: string, input: object, parts: object = {}) =>
  flowIn(step, state, input, parts).view.lines.map(plain)

describe('a screen', () => {
  it('says once that more proof is demanded, and has a way out of it also beside a question', () => {
    const state = 'working.terminatingOne.steppingUp'
    const [input] = machines.sessions.settings[0]
    const termination = { scope: 'one', sessionId: 's1' }
    const waits = 'The portal requires another proof of identity. Give it first, or cancel.'
    expect(linesIn('sessions', state, input, { termination }).filter((line) => line.includes(waits))).toEqual([waits])
    const { view } = flowIn('sessions', state, input, { termination, question: { scope: 'others' } })
    expect(view.ways.map(({ key }) => key)).toEqual(expect.arrayContaining(['cancelStepUp', 'confirm', 'cancel']))
  })

  it('says how an invitation stands, how long it is open, and why it cannot be accepted', () => {
    expect(linesIn('invitations', 'inbox', { initialData: { invitations } })).toEqual([
      'One                 by Ada            Open, 3 hr, 0 min left',
      'Two                 by Ada            Open, 3 hr, 0 min left',
      'Accept Two: This invitation can no longer be accepted or declined. Refresh the inbox.',
      'Three               by Ada            Handled elsewhere',
    ])
    expect(linesIn('invitations', 'inbox', { initialData: { invitations: [] } })).toEqual(['There are no invitations.'])
  })

  it('counts the codes that the portal refused', () => {
    const lines = linesIn('otpEnrollment', 'awaitingCode', {}, { otpSetup, refusedCodes: 3 })
    expect(lines).toContain('Codes refused by the portal: 3. After five within five minutes you have to wait.')
  })

  it('judges each line of the whitelist, and says why it cannot be turned on', () => {
    const { input, parts } = edited(false, [], ['192.0.2.1', '198.51.100.7/24', 'nonsense'])
    expect(linesIn('ipWhitelist', 'drafting.editing', input, parts)).toEqual([
      'Off: sign-in from any address.',
      '192.0.2.1',
      '  A single address.',
      '198.51.100.7/24 → 198.51.100.0/24',
      '  Not the first address of its range: the whole range is saved.',
      'nonsense',
      '  Neither an address nor a range. Correct or remove it.',
      'The list on screen is not saved.',
      'Your address, 203.0.113.10, is not in the list, so the list would lock you out. Add it.',
      'Turn on: The list has an entry that is neither an address nor a range. Nothing was saved. Correct or remove the entry.',
    ])
    const unknown = linesIn('ipWhitelist', 'drafting.editing', {
      initialData: { whitelist: { enabled: false, entries: [] } },
    })
    expect(unknown).toContain('Add my address: The address you are signed in from is not known.')
  })

  it('offers a user who comes over IPv6 the network first, and says what an address alone and one family come to', () => {
    const { input, parts } = edited(false, ['198.51.100.*'], ['2001:db8:1:2::7'], [overIpv6, phone])
    const { view } = flowIn('ipWhitelist', 'drafting.editing', input, parts)
    expect(view.lines.map(plain)).toEqual([
      'Off: sign-in from any address.',
      '198.51.100.*',
      `  ${englishMessages.verdict.unreadable}`,
      '2001:db8:1:2::7',
      `  ${englishMessages.verdict.temporary}`,
      'The list on screen is not saved.',
      'Your address, 2001:db8:1:2::7, is in the list.',
      englishMessages.warning.temporaryAddress,
      englishMessages.warning.otherFamily,
    ])
    const labels = view.ways.map(({ label }) => label)
    expect(labels).toContain('Add my network, 2001:db8:1:2::/64')
    expect(labels.filter((label) => label.startsWith('Add my address'))).toEqual([])
    const fresh = flowIn(
      'ipWhitelist',
      'drafting.editing',
      { initialData: { whitelist: { enabled: false, entries: [] }, sessions: [overIpv6] } },
      {},
    )
    expect(fresh.view.ways.slice(0, 2).map(({ label }) => label)).toEqual([
      'Add my network, 2001:db8:1:2::/64',
      'Add my address, 2001:db8:1:2::7',
    ])
  })

  it('names the address where it is the portal’s own proxy that it sees', () => {
    const proxied = { ...here, clientIp: '10.0.0.2' }
    const { input, parts } = edited(false, ['10.0.0.0/8'], [], [proxied])
    const lines = linesIn('ipWhitelist', 'drafting.editing', input, parts)
    expect(lines.join(' ')).toContain('The portal sees you at 10.0.0.2, a private address')
  })

  it('says why an enforced list cannot be saved, and of a wish not to save it', () => {
    const { input, parts } = edited(true, ['203.0.113.10'], ['nonsense'])
    const { view } = flowIn('ipWhitelist', 'drafting.editing', input, parts)
    expect(view.lines.at(-1)).toMatch(/^Save: The list has an entry that is neither an address/)
    expect(view.ways.map(({ label }) => label)).toContain('Continue without saving')
  })

  it('judges an entry while it is typed, and before it is added where it may be unwise', async () => {
    const { input, parts } = edited(false, ['192.0.2.1'], [])
    const flow = flowIn('ipWhitelist', 'drafting.editing', input, parts)
    const add = flow.view.ways.find(({ key }) => key === 'add')
    const heard: string[] = []
    const type = (text: string, answer = 'yes') =>
      add?.take({
        ...askWith(0),
        text: async ({ problemWith }: TextQuestion) => {
          heard.push(problemWith?.(text) ?? 'taken')
          return text
        },
        choose: async ({ message }) => {
          heard.push(message)
          return answer
        },
      })
    await type('203.0.113.9')
    await type(' ')
    await type('nonsense', 'no')
    await type('192.0.2.1', 'no')
    await type('10.0.0.1')
    expect(heard).toEqual([
      'taken',
      'taken',
      'Neither an address nor a range. Correct or remove it.',
      'nonsense: Neither an address nor a range. Correct or remove it.',
      'taken',
      '192.0.2.1: Already in the list. It is saved only once.',
      'taken',
      '10.0.0.1: A private address. Nobody can connect from it over the internet.',
    ])
    expect(flow.sent).toEqual([
      { type: 'entry.add', value: '203.0.113.9' },
      { type: 'entry.add', value: '10.0.0.1' },
    ])
  })

  it('says how long a change can be kept, and what holds the user there', () => {
    const { input, parts } = edited(true, ['203.0.113.10'], [])
    const { view, screen } = flowIn('whitelistChange', AWAITING, { ...input, policy: 'require' }, parts)
    expect((screen as IpWhitelistScreen).question?.kind).toBe('keep')
    expect(view.lines[0]).toBe('Keep this change?')
    expect(view.lines[2]).toMatch(/^1 min, 0 sec left, until [\d:]+\s[AP]M\.$/)
    expect(view.lines.at(-1)).toBe('The whitelist change is not confirmed yet. Keep it or undo it first.')
    // The list can be edited on meanwhile, but not left.
    expect(view.ways.map(({ key }) => key)).toEqual([
      'confirm',
      'cancel',
      'add',
      'paste',
      'replace',
      'remove row-1',
      'disable',
      'cancelOnboarding',
    ])
  })

  it('puts the answer first that does no harm to a key that was pressed twice', () => {
    const sessions = [here, ...others]
    const question = { scope: 'others' }
    const risk = edited(false, [], ['203.0.113.10'], [])
    for (const flow of [
      flowIn('mfa', 'atRest.confirmingRevoke', { initialData: factors[0] }, {}),
      flowIn('whitelistChange', 'making.confirmingRisk', risk.input, risk.parts),
      flowIn('sessions', 'atRest.confirming', { initialData: { sessions } }, { question }),
    ]) {
      expect(flow.view.ways.slice(0, 2).map(({ key }) => key)).toEqual(['cancel', 'confirm'])
    }
  })

  it('marks the session in use, and says which one cannot be ended alone', () => {
    const sessions = [here, { ...here, isCurrent: false, sessionId: 's2' }, ...others]
    const lines = linesIn('sessions', 'atRest.list', { initialData: { sessions } })
    expect(lines[1]).toBe('  203.0.113.10, This one')
    expect(lines.filter((line) => line.startsWith('Cannot be ended alone: More than one session'))).toHaveLength(3)
  })

  it('says which workspace is the default one, which cannot be, and which cannot be entered', () => {
    const route = { to: 'workspace', workspaceBizId: 'w1', reason: 'default' }
    expect(linesIn('workspace', 'atRest.routed', { initialData: { workspaces } }, { route })).toEqual([
      'One                       w1  Default',
      'Two                       w2',
      'Three                     w3',
      'Three: This workspace cannot be your default, but you can still enter it.',
      'Four                      w4',
      'Four: You cannot enter this workspace. Choose another one.',
      'Next: workspace One (w1), your default one.',
    ])
  })

  it('says that a required step has to be completed', () => {
    expect(linesIn('mfa', 'atRest.overview', { initialData: factors[1], policy: 'require' })).toContain(
      'This step is required. Complete it to continue.',
    )
  })

  it('is there where a step broke down, with a way to leave it out unless it is required', () => {
    for (const [policy, keys] of [
      ['offer', ['retry', 'skip', 'cancelOnboarding']],
      ['require', ['retry', 'cancelOnboarding']],
    ] as const) {
      const snapshot = stored(onboardingMachine, 'flow.steps.failed', { policy: { invitations: policy } }, { failure })
      const flow = createActor(onboardingMachine, { snapshot: snapshot as never })
      expect(activeStep(flow.getSnapshot())).toBeNull()
      const view = viewOf({ flow, look })
      expect(view?.ways.map(({ key }) => key)).toEqual(keys)
      expect(view?.lines[0]).toBe('This step is not working: Invitations')
    }
  })

  it('is not there while the flow is at work', () => {
    const flow = createActor(onboardingMachine, { input: {} })
    expect(viewOf({ flow, look })).toBeNull()
  })
})
