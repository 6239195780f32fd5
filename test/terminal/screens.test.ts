import {
  type Action,
  activeStep,
  type IpWhitelistScreen,
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrolmentMachine,
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
import { changeTo } from '../../src/domain/whitelist-change.ts'

const look: Look = { now: () => 0, qrCode: () => [] }

interface StateNode {
  readonly path: readonly string[]
  readonly tags: readonly string[]
  readonly on: object
  readonly states: Readonly<Record<string, StateNode>>
}

const waitingTags = ['resting', 'failed', 'coolingDown']

/** What a state takes, the states around it included, read out of the machine; `resumed` comes from the library itself. */
function waitingStates(machine: { readonly root: StateNode }): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>()
  const visit = (node: StateNode, tags: readonly string[], heard: readonly string[]) => {
    const isWaiting = waitingTags.some((tag) => [...tags, ...node.tags].includes(tag))
    const wishes = [...heard, ...Object.keys(node.on)].filter(
      (type) => type !== 'resumed' && !type.startsWith('xstate.'),
    )
    const inside = Object.values(node.states)
    if (isWaiting && inside.length === 0) found.set(node.path.join('.'), new Set(wishes))
    for (const child of inside) visit(child, [...tags, ...node.tags], wishes)
  }
  visit(machine.root, [], [])
  return found
}

/**
 * What is offered of it. Another change in the place of one comes from the editor, which can be used meanwhile; and where a risk is
 * asked about, to undo is one answer away.
 */
function offeredOf(taken: ReadonlySet<string>): readonly string[] {
  const isRevisable = taken.has('change.revise')
  const isUndoAway = taken.has('risk.accept')
  const editing = Object.keys(ipWhitelistMachine.root.states.changing?.on ?? {}).filter((type) =>
    /^\w+\.\w+$/.test(type),
  )
  return [...taken, ...(isRevisable ? editing : [])].filter(
    (type) => type !== 'change.revise' && !(isUndoAway && type === 'change.undo'),
  )
}

type Event = Action['event']
type Children = Readonly<Record<string, object>>

/** What an actor is stored as, in this state and with its context changed. */
function stored(machine: AnyStateMachine, place: string, input: object, parts: object, children: Children = {}) {
  const { context } = createActor(machine, { input }).getSnapshot()
  const snapshot = machine.resolveState({ value: valueAt(place), context: { ...context, ...parts } })
  return { ...(machine.getPersistedSnapshot(snapshot) as object), children }
}

const valueAt = (place: string): StateValue =>
  place
    .split('.')
    .reduceRight<StateValue | undefined>(
      (inner, name) => (inner === undefined ? name : { [name]: inner }),
      undefined,
    ) ?? place

const child = (name: string, snapshot: object): Children => ({ [name]: { snapshot, src: name, syncSnapshot: true } })

/** The input of a machine, and what is changed in its context. */
type Place = readonly [input: object, parts: object]

/** The root, and the step that has left the user to the machine, around it: `around` says how that one stands. */
function storedAround(step: string, children: Children, [input, parts]: Place) {
  if (step === 'otpEnrolment') {
    return stored(onboardingMachine, 'mfa', {}, {}, child('mfa', stored(mfaMachine, 'enrolling', {}, {}, children)))
  }
  if (step === 'whitelistChange') {
    const outer = stored(ipWhitelistMachine, 'changing', input, parts, children)
    return stored(onboardingMachine, 'ipWhitelist', {}, {}, child('ipWhitelist', outer))
  }
  return stored(onboardingMachine, step, {}, {}, children)
}

/** A flow that stands in a state of a step, not started: what is sent within it is noted, and nothing comes of it. */
function flowIn(step: string, value: string, input: object, parts: object, around: Place = [{}, {}]) {
  const sent: Event[] = []
  const machine = machines[step as keyof typeof machines].machine
  const children = child(step, stored(machine, value, input, parts))
  const snapshot = storedAround(step, children, around)
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
  tell() {},
  draw() {},
})

/** All actions of a screen, wherever in it they are. */
function actionsIn(part: unknown): readonly Action[] {
  if (typeof part !== 'object' || part === null) return []
  return 'owner' in part && 'event' in part ? [part as Action] : Object.values(part).flatMap(actionsIn)
}

/** Without what only the user knows. */
function bare({ code: _code, force: _force, reason: _reason, value: _value, values: _values, ...rest }: Event) {
  return JSON.stringify(rest)
}

const comesOf = (event: Event, action: Action) =>
  bare(event) === bare(action.event) && (action.event.value ?? event.value) === event.value

/** Two actions that come to the same, of which one is offered. */
function isSaidOtherwise({ event: { type } }: Action, screen: Screen): boolean {
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
const elsewhere = { ...here, clientIp: '192.0.2.77' }
const others = ['s1', 's2', 's2'].map((sessionId) => ({ sessionId, clientIp: '192.0.2.1', isCurrent: false }))

const factors = [true, false].map((isEnabled) => ({ methods: [{ method: 'OTP', isEnabled, isPrimary: true }] }))
const otpSetup = { secret: seal('ABCDEFGH'), qrCodeUri: seal('otpauth://'), issuer: 'I', accountName: 'A' }

/** The whitelist with a draft that was edited. */
function edited(enabled: boolean, entries: readonly string[], added: readonly string[]) {
  const loaded = { whitelist: { enabled, entries }, sessions: [here] }
  const actor = createActor(ipWhitelistMachine, { input: { loaded } }).start()
  for (const value of added) actor.send({ type: 'entry.add', value })
  const { draft, assessment, rowsMade } = actor.getSnapshot().context
  actor.stop()
  return { input: { loaded }, parts: { draft, assessment, rowsMade, confirmBy: 60_000 } }
}

/** A change from one list to another, in force until a time, or until the user decides; and the editor around it. */
function changing({ enabled, added = [], confirmBy = 60_000, sessions = [here] }: Changing) {
  const whitelist = { enabled, entries: ['203.0.113.10'] }
  const { input, parts } = edited(enabled, whitelist.entries, added)
  const change = changeTo({ ...whitelist, entries: ['198.51.100.7'] }, whitelist)
  const unconfirmedChange = { before: change.former, after: whitelist, confirmBy }
  return [
    { whitelist, wish: whitelist, sessions },
    { change: { ...change, sentEntries: whitelist.entries, readBack: whitelist }, confirmBy },
    [input, { ...parts, unconfirmedChange }],
  ] as const satisfies Setting
}

interface Changing {
  readonly enabled: boolean
  readonly added?: readonly string[]
  readonly confirmBy?: number | null
  readonly sessions?: readonly Session[]
}

type Setting = readonly [input: object, parts: object, around?: Place]

/** For each machine, settings that differ in what is offered. */
const machines = {
  invitations: {
    machine: invitationsMachine,
    settings: [
      [{ loaded: { invitations } }, {}],
      [{ loaded: { invitations: [] } }, {}],
    ],
  },
  mfa: { machine: mfaMachine, settings: factors.map((loaded): Setting => [{ loaded }, {}]) },
  otpEnrolment: {
    machine: otpEnrolmentMachine,
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
    ].map(({ input, parts }): Setting => [input, parts]),
  },
  whitelistChange: {
    machine: whitelistChangeMachine,
    settings: [
      changing({ enabled: true }),
      changing({ enabled: true, added: ['192.0.2.2'], confirmBy: null }),
      changing({ enabled: false, added: ['192.0.2.2'] }),
    ],
  },
  sessions: {
    machine: sessionsMachine,
    settings: [
      [{ loaded: { sessions: [here, ...others] } }, { termination: { scope: 'others' } }],
      [{ loaded: { sessions: [here, ...others] } }, { termination: { scope: 'one', sessionId: 's1' } }],
      [{ loaded: { sessions: [here] } }, { termination: { scope: 'others' } }],
    ],
  },
  workspace: {
    machine: workspaceMachine,
    settings: [[{ loaded: { workspaces } }, {}]],
  },
} as const satisfies Readonly<
  Record<string, { readonly machine: AnyStateMachine; readonly settings: readonly Setting[] }>
>

/** The flow in this state, in each setting and by each policy. */
function flowsIn(step: keyof typeof machines, value: string): readonly Flow[] {
  const route = step === 'workspace' ? { route: value === 'routed' ? { to: 'noWorkspace' } : null } : {}
  const settings: readonly Setting[] = machines[step].settings
  return settings.flatMap(([input, parts, [outerInput, outerParts] = [{}, {}]]) =>
    ['offer', 'require'].map((policy) =>
      flowIn(step, value, { ...input, policy }, { ...parts, ...route, failure }, [
        { ...outerInput, policy },
        { ...outerParts, isRevisable: value === 'confirming.deciding.awaiting' },
      ]),
    ),
  )
}

const names = Object.keys(machines) as (keyof typeof machines)[]

describe.each(names)('the screens of %s', (name) => {
  const states = waitingStates(machines[name].machine)

  it('exist for states that fail and wait', () => {
    const names = [...states.keys()].map((place) => place.split('.').at(-1))
    expect(names).toEqual(expect.arrayContaining(['failed', 'coolingDown']))
  })

  it.each([...states.keys()])('offer all that %s takes, and nothing else', async (state) => {
    const offered = new Set<string>()
    for (const flow of flowsIn(name, state)) {
      for (const { type } of await eventsSent(flow)) offered.add(type)
    }
    offered.delete('onboarding.cancel')
    // Both read the list again.
    if (offered.has('inbox.refresh') || offered.has('sessions.refresh')) offered.add('retry')
    expect([...offered].sort()).toEqual([...offeredOf(states.get(state) ?? new Set())].sort())
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
      expect(view.lines.join(' ')).toContain('The portal asks to wait before the next try.')
    }
  })
})

const linesIn = (step: keyof typeof machines, state: string, input: object, parts: object = {}) =>
  flowIn(step, state, input, parts).view.lines

describe('a screen', () => {
  it('says how an invitation stands, how long it is open, and why it cannot be accepted', () => {
    expect(linesIn('invitations', 'inbox', { loaded: { invitations } })).toEqual([
      'One                 by Ada            Open, 3 h 0 min left',
      'Two                 by Ada            Open, 3 h 0 min left',
      'Accept Two: This invitation cannot be acted on any more. Read the inbox again.',
      'Three               by Ada            Handled elsewhere',
    ])
    expect(linesIn('invitations', 'inbox', { loaded: { invitations: [] } })).toEqual(['There are no invitations.'])
  })

  it('counts the codes that the portal refused', () => {
    const lines = linesIn('otpEnrolment', 'awaitingCode', {}, { otpSetup, refusedCodes: 3 })
    expect(lines).toContain('Codes that the portal refused: 3. After five in five minutes it makes you wait.')
  })

  it('judges each line of the whitelist, and says why it cannot be turned on', () => {
    const { input, parts } = edited(false, [], ['192.0.2.1', '198.51.100.7/24', 'nonsense'])
    expect(linesIn('ipWhitelist', 'editing', input, parts)).toEqual([
      'Off: sign-in from any address.',
      '192.0.2.1',
      '  A single address.',
      '198.51.100.7/24 → 198.51.100.0/24',
      '  Not the start of its range: the whole range is saved.',
      'nonsense',
      '  Not an address or a range. Correct or remove it.',
      'The list on screen is not saved.',
      'Your address, 203.0.113.10, is not in the list, so it would lock you out. Add it.',
      'Turn on: The list has an entry that is not an address or a range. Correct or remove it; nothing was saved.',
    ])
    const unknown = linesIn('ipWhitelist', 'editing', { loaded: { whitelist: { enabled: false, entries: [] } } })
    expect(unknown).toContain('Add my address: From which address you are signed in is not known.')
  })

  it('says why an enforced list cannot be saved, and of a wish not to save it', () => {
    const { input, parts } = edited(true, ['203.0.113.10'], ['nonsense'])
    const { view } = flowIn('ipWhitelist', 'editing', input, parts)
    expect(view.lines.at(-1)).toMatch(/^Save: The list has an entry that is not an address/)
    expect(view.ways.map(({ label }) => label)).toContain('Continue without saving')
  })

  it('judges an entry while it is typed, and before it is added where it may be unwise', async () => {
    const { input, parts } = edited(false, ['192.0.2.1'], [])
    const flow = flowIn('ipWhitelist', 'editing', input, parts)
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
      'Not an address or a range. Correct or remove it.',
      'nonsense: Not an address or a range. Correct or remove it.',
      'taken',
      '192.0.2.1: In the list already; it is saved once.',
      'taken',
      '10.0.0.1: A private address, which nobody comes from over the internet.',
    ])
    expect(flow.sent).toEqual([
      { type: 'entry.add', value: '203.0.113.9' },
      { type: 'entry.add', value: '10.0.0.1' },
    ])
  })

  it('says how long a change can be kept, what holds the user there, and has the editor below it', () => {
    const [input, parts, [outerInput, outerParts]] = changing({ enabled: true, added: ['192.0.2.2'] })
    const required = { policy: 'require' }
    const { view, screen } = flowIn(
      'whitelistChange',
      'confirming.deciding.awaiting',
      { ...input, ...required },
      parts,
      [
        { ...outerInput, ...required },
        { ...outerParts, isRevisable: true },
      ],
    )
    expect((screen as IpWhitelistScreen).question?.kind).toBe('keep')
    expect(view.lines[0]).toBe('Keep this change?')
    expect(view.lines[2]).toMatch(/^1 min 0 s left, until [\d:]+\.$/)
    expect(view.lines).toContain('The list on screen is not saved.')
    expect(view.lines.at(-1)).toBe('The whitelist change is not confirmed yet. Keep it or undo it first.')
    expect(view.ways.map(({ key }) => key)).toEqual([
      'confirm',
      'cancel',
      'add',
      'replace',
      'save',
      'reset',
      'remove row-1',
      'remove row-2',
      'disable',
      'cancelOnboarding',
    ])
  })

  it('asks without a time where a change is not undone by itself, and lets it be as it is', () => {
    const [input, parts, around] = changing({ enabled: true, confirmBy: null })
    const { view } = flowIn('whitelistChange', 'confirming.deciding.awaiting', input, parts, around)
    expect(view.lines.slice(0, 2)).toEqual([
      'Keep this change?',
      'It stays in force until you keep it, undo it, or save another list.',
    ])
    expect(view.lines.join(' ')).not.toContain(' left')
    expect(view.ways.map(({ label }) => label)).toContain('Continue, leave the change as it is')
  })

  it('puts the answer first that does no harm to a key that was pressed twice', () => {
    const sessions = [here, ...others]
    const termination = { scope: 'others' }
    for (const flow of [
      flowIn('mfa', 'confirmingRevoke', { loaded: factors[0] }, {}),
      flowIn('whitelistChange', 'confirmingRisk', ...changing({ enabled: true })),
      flowIn('whitelistChange', 'confirming.deciding.confirmingRisk', ...changing({ enabled: true })),
      flowIn('whitelistChange', 'undoing.confirmingRisk', ...changing({ enabled: true })),
      flowIn('whitelistChange', 'confirming.deciding.awaiting', ...changing({ enabled: true, sessions: [elsewhere] })),
      flowIn('sessions', 'confirming', { loaded: { sessions } }, { termination }),
    ]) {
      expect(flow.view.ways.slice(0, 2).map(({ key }) => key)).toEqual(['cancel', 'confirm'])
    }
  })

  it('marks the session in use, and says which one cannot be ended alone', () => {
    const sessions = [here, { ...here, isCurrent: false, sessionId: 's2' }, ...others]
    const lines = linesIn('sessions', 'list', { loaded: { sessions } })
    expect(lines[1]).toBe('  203.0.113.10, this one')
    expect(lines.filter((line) => line.startsWith('Cannot be ended alone: More than one session'))).toHaveLength(3)
  })

  it('says which workspace is the default one, which cannot be, and which cannot be entered', () => {
    const route = { to: 'workspace', workspaceBizId: 'w1', reason: 'default' }
    expect(linesIn('workspace', 'routed', { loaded: { workspaces } }, { route })).toEqual([
      'One                       w1  Default',
      'Two                       w2',
      'Three                     w3',
      'Three: This workspace cannot be the default one. It can still be entered.',
      'Four                      w4',
      'Four: This workspace cannot be entered. Choose another one.',
      'The way leads to workspace One (w1): it is the default one.',
    ])
  })

  it('says that a required step has to be completed', () => {
    expect(linesIn('mfa', 'overview', { loaded: factors[1], policy: 'require' })).toContain(
      'This step has to be completed before going on.',
    )
  })

  it('is there where a step broke down, with a way to leave it out unless it is required', () => {
    for (const [policy, keys] of [
      ['offer', ['retry', 'skip', 'cancelOnboarding']],
      ['require', ['retry', 'cancelOnboarding']],
    ] as const) {
      const snapshot = stored(onboardingMachine, 'failed', { policy: { invitations: policy } }, { failure })
      const flow = createActor(onboardingMachine, { snapshot: snapshot as never })
      expect(activeStep(flow.getSnapshot())).toBeNull()
      const view = viewOf({ flow, look })
      expect(view?.ways.map(({ key }) => key)).toEqual(keys)
      expect(view?.lines[0]).toBe('This step broke down: Invitations.')
    }
  })

  it('is not there while the flow is at work', () => {
    const flow = createActor(onboardingMachine, { input: {} })
    expect(viewOf({ flow, look })).toBeNull()
  })
})
