import { fromStorage, screenOf, toStorage } from 'postlogin'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createActor, setup } from 'xstate'
import { createSetting } from './support/setting.ts'

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
    [
      'a time that no Date can hold',
      ({ children }) => Object.assign(inbox(children).invitations[0], { expiresAt: 9e99 }),
    ],
    ['a time that was not a number', ({ children }) => Object.assign(inbox(children), { expirySeen: null })],
    ['a policy that there is not', ({ context }) => Object.assign(context.policy, { mfa: 'never' })],
    ['a row without its id', ({ children }) => delete inbox(children).invitations[0].invitationBizId],
    ['a list that is none', ({ context }) => Object.assign(context.reads.sessions, { value: {} })],
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

  test('a missing subject', async () => {
    const { machines, text } = await stored()
    expect(refused(() => fromStorage(machines.onboarding, text, { subject: '' }))).toMatchObject({
      failure: { code: 'client.input', field: 'subject' },
    })
  })
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
])('a read that is %s, and told nothing, is made again', async (_, change) => {
  const { machines, rest } = createSetting()
  const flow = createActor(machines.onboarding).start()
  const tampered = JSON.parse(toStorage(flow, { subject }))
  flow.stop()
  change(tampered.snapshot.children)
  const snapshot = fromStorage(machines.onboarding, JSON.stringify(tampered), { subject })
  const restored = createActor(machines.onboarding, { snapshot }).start()
  onTestFinished(() => void restored.stop())
  await rest(restored)
  expect(screenOf(restored.getSnapshot())).toMatchObject({ name: 'invitations', status: 'resting' })
})
