import { activeStep, fromStorage, type Invitation, screenOf, toStorage } from 'postlogin'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ActorRefFrom, createActor, setup } from 'xstate'
import { createSetting } from './support/setting.ts'
import { carryThrough, eagerPolicy } from './support/user.ts'

const subject = 'maya@example.com'

async function stored() {
  const setting = createSetting()
  const actor = await setting.start('onboarding')
  return { ...setting, text: toStorage(actor, { subject }) }
}

test('what is stored is plain JSON, bound to its subject', async () => {
  const { text, machines } = await stored()
  expect(JSON.parse(text)).toMatchObject({ machine: 'onboarding', subject })
  expect(fromStorage(machines.onboarding, text, { subject })).toMatchObject({
    value: { flow: { steps: 'invitations' } },
  })
})

describe('refused, with a clear error', () => {
  const refused = (work: () => unknown) => {
    try {
      work()
    } catch (thrown) {
      return thrown
    }
    return 'not refused'
  }

  test('another account', async () => {
    const { text, machines } = await stored()
    expect(refused(() => fromStorage(machines.onboarding, text, { subject: 'bo' }))).toMatchObject({
      name: 'PortalError',
      failure: { code: 'client.storageSubject' },
    })
  })

  test('another machine', async () => {
    const { text, machines } = await stored()
    expect(refused(() => fromStorage(machines.sessions, text, { subject }))).toMatchObject({
      failure: { code: 'client.storageMachine' },
    })
  })

  test.each(['format', 'shape'])('another version, by its %s', async (field) => {
    const { text, machines } = await stored()
    const older = JSON.stringify({ ...JSON.parse(text), [field]: 'older' })
    expect(refused(() => fromStorage(machines.onboarding, older, { subject }))).toMatchObject({
      failure: { code: 'client.storageVersion' },
    })
  })

  test.each(['', '{', 'null', '[]', '{"snapshot":null}', '"text"'])('text that is not ours: %s', async (text) => {
    const { machines } = createSetting()
    expect(refused(() => fromStorage(machines.onboarding, text, { subject }))).toMatchObject({
      failure: { code: 'client.storageText' },
    })
  })

  const atStart = { flow: { reads: 'reading', workspaces: 'reading', steps: 'reading' } }

  test.each<[string, unknown]>([
    ['a number', 5],
    ['nothing', {}],
    ['an unknown state', { status: 'active', value: 'nowhere', context: {}, children: {} }],
    ['no context', { status: 'active', value: atStart, children: {} }],
    ['no children', { status: 'active', value: atStart, context: {} }],
    ['no status', { value: atStart, context: {}, children: {} }],
  ])('a snapshot that was tampered with: %s', async (_, snapshot) => {
    const { text, machines } = await stored()
    const tampered = JSON.stringify({ ...JSON.parse(text), snapshot })
    expect(refused(() => fromStorage(machines.onboarding, tampered, { subject }))).toMatchObject({
      failure: { code: 'client.storageText' },
    })
  })

  type Stored = ReturnType<typeof JSON.parse>

  test.each<[string, (snapshot: Stored) => void]>([
    ['a field of the context is missing', ({ context }) => delete context.order],
    ['a time that no Date can hold', ({ children }) => inbox(children).invitations.push({ ...row, expiresAt: 9e99 })],
    ['a time that was not a number', ({ children }) => Object.assign(inbox(children), { expirySeen: null })],
    ['a linked invitation that is no id', ({ context }) => Object.assign(context, { linkedBizId: 5 })],
    ['a linked invitation without an id', ({ children }) => Object.assign(inbox(children), { linkedBizId: '' })],
    ['a notice that there is not', ({ children }) => Object.assign(inbox(children), { notice: 'moonPhase' })],
    ['a policy that there is not', ({ context }) => Object.assign(context.policy, { mfa: 'never' })],
    [
      'a row without its id',
      ({ children }) => inbox(children).invitations.push({ ...row, invitationBizId: undefined }),
    ],
    ['a list that is none', ({ context }) => Object.assign(context.reads, { sessions: { value: {} } })],
    ['a state whose step is not there', (snapshot) => Object.assign(snapshot.value.flow, { steps: 'mfa' })],
    ['a step that is gone', ({ children }) => delete children.invitations],
    ['a step that no state invokes', ({ children }) => Object.assign(children, { mfa: children.invitations })],
    ['a step in the place of another', ({ children }) => Object.assign(children.invitations, { src: 'mfa' })],
    ['a step that is over', ({ children }) => Object.assign(children.invitations.snapshot, { status: 'done' })],
    ['a step that nobody watches', ({ children }) => Object.assign(children.invitations, { syncSnapshot: false })],
    [
      'a step in a state that it does not have',
      ({ children }) => Object.assign(children.invitations.snapshot, { value: { atRest: 'list' } }),
    ],
    ['a flow that is said to have ended', (snapshot) => Object.assign(snapshot, { status: 'done' })],
    ['a flow that was stopped', (snapshot) => Object.assign(snapshot, { status: 'stopped' })],
    ['a history that is none', (snapshot) => Object.assign(snapshot, { historyValue: { mfa: 5 } })],
    [
      'a deadline at no time',
      ({ children }) =>
        Object.assign(children.invitations.snapshot.children['invitations.expiry'].snapshot.input, { at: 'noon' }),
    ],
    [
      'a detectRestore that does not tell of the reload',
      ({ children }) => Object.assign(children['onboarding.detectRestore'].snapshot, { status: 'done' }),
    ],
  ])('%s', async (_, change) => {
    const { text, machines } = await stored()
    const tampered = JSON.parse(text)
    change(tampered.snapshot)
    expect(refused(() => fromStorage(machines.onboarding, JSON.stringify(tampered), { subject }))).toMatchObject({
      failure: { code: 'client.storageText' },
    })
  })

  const inbox = (children: Stored) => children.invitations.snapshot.context
  const row: Invitation = {
    invitationBizId: 'a1b2c3d4-e5f6-4890-abcd-ef1234567890',
    workspaceBizId: 'WS_ACME_001',
    workspaceName: 'Acme Operations',
    inviterName: 'Ada Quist',
    status: 'PENDING',
    expiresAt: null,
    canAccept: true,
  }

  test('nothing, where a row that is right was put in: it is read again anyway', async () => {
    const { text, machines } = await stored()
    const tampered = JSON.parse(text)
    inbox(tampered.snapshot.children).invitations.push(row)
    expect(fromStorage(machines.onboarding, JSON.stringify(tampered), { subject })).toMatchObject({ status: 'active' })
  })

  test('a missing subject', async () => {
    const { machines, text } = await stored()
    expect(refused(() => fromStorage(machines.onboarding, text, { subject: '' }))).toMatchObject({
      failure: { code: 'client.input', field: 'subject' },
    })
  })
})

describe('a step with other states', () => {
  const other = setup({}).createMachine({ id: 'sessions', initial: 'elsewhere', states: { elsewhere: {} } })

  test('is another version where it is at work', async () => {
    const setting = createSetting()
    const text = toStorage(await setting.start('onboarding', { order: ['sessions'] }), { subject })
    const replaced = setting.machines.onboarding.provide({ actors: { sessions: other as never } })
    expect(() => fromStorage(replaced, text, { subject })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'client.storageVersion' }) }),
    )
  })

  test('does not matter before the user gets to it', async () => {
    const { text, machines } = await stored()
    const replaced = machines.onboarding.provide({ actors: { sessions: other as never } })
    expect(fromStorage(replaced, text, { subject })).toMatchObject({ status: 'active' })
  })
})

describe('a text is short', () => {
  const show = { invitations: 'show', mfa: 'show', ipWhitelist: 'show', sessions: 'show', workspace: 'show' } as const
  const require = { ...eagerPolicy, workspace: 'require' } as const
  const entries = ['198.51.100.0/24', '192.0.2.7', '2001:db8::/48']

  test.each([
    ['each step offered', {}, []],
    ['each step shown', show, entries],
    ['each step required', require, entries],
  ])('at most 4 kB at any moment of a journey with %s', async (_, policy, listed) => {
    const account = { ipWhitelist: { enabled: false, entries: listed } }
    const setting = createSetting({ portal: { secureChannel: 'off', account } })
    const flow = createActor(setting.machines.onboarding, { input: { policy } })
    const sizes: Record<string, number> = {}
    flow.subscribe((snapshot) => {
      sizes[`${activeStep(snapshot)?.name} ${Object.keys(sizes).length}`] = toStorage(flow, { subject }).length
    })
    await carryThrough(setting, flow.start())
    expect(Object.keys(sizes).length).toBeGreaterThan(40)
    expect(Object.entries(sizes).filter(([, size]) => size > 4_000)).toEqual([])
  })

  const manySessions = Array.from({ length: 2_000 }, (_, index) => ({
    sessionId: `SESS...${index}`,
    isCurrent: index === 0,
  }))
  const manyInvitations = Array.from({ length: 2_000 }, (_, index) => ({ invitationBizId: `INVITATION_${index}` }))

  test.each([
    ['sessions', { sessions: manySessions }],
    ['invitations', { invitations: manyInvitations }],
    ['mfa', { sessions: manySessions, invitations: manyInvitations }],
    ['ipWhitelist', { sessions: manySessions, invitations: manyInvitations }],
  ] as const)('at rest in %s with 2,000 rows as well: they are read again', async (step, account) => {
    const { start, rest, machines } = createSetting({ portal: { secureChannel: 'off', account } })
    const flow = await start('onboarding', { order: [step], policy: show })
    const text = toStorage(flow, { subject })
    expect(text.length).toBeLessThan(4_000)
    const shown = screenOf(flow.getSnapshot())
    expect(shown).toMatchObject({ name: step, status: 'resting' })
    flow.stop()
    const snapshot = fromStorage(machines.onboarding, text, { subject })
    const restored = createActor(machines.onboarding, { snapshot }).start()
    onTestFinished(() => void restored.stop())
    expect(screenOf(restored.getSnapshot())).toMatchObject({ name: step, status: 'busy' })
    await rest(restored)
    expect(screenOf(restored.getSnapshot())).toEqual(shown)
  })
})

test.each([
  ['sessions', 'listSessions', { sessions: [{ isCurrent: true }] }],
  ['invitations', 'listInvitations', { invitations: [] }],
] as const)('%s that cannot be read again after a reload are not taken for clear', async (step, operation, account) => {
  const { start, rest, portal, machines } = createSetting({ portal: { account } })
  const policy = { invitations: 'show', sessions: 'show' }
  const flow = await start('onboarding', { order: [step], policy })
  expect(screenOf(flow.getSnapshot())).toMatchObject({ name: step, isRead: true, aimHolds: true })
  const text = toStorage(flow, { subject })
  flow.stop()
  portal.fault(operation, { status: 403 }, { times: 9 })
  const snapshot = fromStorage(machines.onboarding, text, { subject })
  const restored = createActor(machines.onboarding, { snapshot }).start()
  onTestFinished(() => void restored.stop())
  await rest(restored)
  const failed = { name: step, status: 'failed', isRead: false, aimHolds: false, rows: [] }
  expect(screenOf(restored.getSnapshot())).toMatchObject(failed)
})

test('what a flow ended with is not taken from a text', async () => {
  const { start, perform, machines } = createSetting()
  const flow = await start('sessions', { policy: 'show' })
  const { output } = await perform(flow, { type: 'step.finish' })
  const text = toStorage(flow, { subject })
  expect(fromStorage(machines.sessions, text, { subject }).output).toEqual(output)
  const tampered = JSON.parse(text)
  tampered.snapshot.output = { outcome: 'done', sessionsTerminated: 'all' }
  expect(fromStorage(machines.sessions, JSON.stringify(tampered), { subject }).output).toEqual(output)
})

test('a host’s machine keeps what it likes in its context, though it is called like one of ours', () => {
  const own = setup({ schemas: { context: {} } }).createMachine({ id: 'sessions', context: { sessions: 'none' } })
  const text = toStorage(createActor(own).start(), { subject })
  expect(fromStorage(own, text, { subject }).context).toEqual({ sessions: 'none' })
})

test('a flow inside a machine of the host’s is stored as it was when that one was stopped', async () => {
  const { machines, rest } = createSetting()
  const page = setup({ actors: { flow: machines.onboarding } }).createMachine({ invoke: { id: 'flow', src: 'flow' } })
  const host = createActor(page).start()
  const flow = host.getSnapshot().children.flow as ActorRefFrom<typeof machines.onboarding>
  await rest(flow)
  const text = toStorage(flow, { subject })
  host.stop()
  expect(toStorage(flow, { subject })).toBe(text)
})

test('a flow that broke down is not stored', async () => {
  const { machines } = createSetting()
  const flow = createActor(machines.onboarding, { input: { order: ['nowhere'] } } as never)
  flow.subscribe({ error: () => undefined })
  flow.start()
  expect(() => toStorage(flow, { subject })).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ code: 'client.stopped' }) }),
  )
})

test.each<[string, (reads: Record<string, { snapshot: object }>) => void]>([
  [
    'said to be over',
    ({ 'onboarding.readInvitations': read }) => Object.assign(read?.snapshot ?? {}, { status: 'done' }),
  ],
  ['not there', (reads) => delete reads['onboarding.readInvitations']],
])('a read that is %s, and told nothing, would be waited for in vain: the text is refused', (_, change) => {
  const { machines } = createSetting()
  const flow = createActor(machines.onboarding).start()
  const tampered = JSON.parse(toStorage(flow, { subject }))
  flow.stop()
  change(tampered.snapshot.children)
  expect(() => fromStorage(machines.onboarding, JSON.stringify(tampered), { subject })).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ code: 'client.storageText' }) }),
  )
})
