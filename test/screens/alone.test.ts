/** A machine that runs without `onboarding`: what it shows, what can be done there, how it is stored and inspected. */

import { type Action, act, activeStep, fromStorage, type Machines, screenOf, stepsOf, toStorage } from 'postlogin'
import { inspectWith } from 'postlogin/inspect'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createActor, waitFor } from 'xstate'
import { late, lateChart } from '../../machines/late.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { createSetting } from '../support/setting.ts'
import { clickablesOf, HERE } from './visitor.ts'

const subject = 'maya'
const off = { enabled: false, entries: [] }

/** Each machine but the root, and what it starts with. */
const machines = {
  invitations: { policy: 'show' },
  mfa: { policy: 'show' },
  otpEnrollment: { policy: 'show' },
  ipWhitelist: { policy: 'show' },
  whitelistChange: { policy: 'show', whitelist: off, wish: { enabled: true, entries: [HERE] } },
  sessions: { policy: 'show' },
  workspace: { policy: 'show' },
} as const satisfies Partial<Record<keyof Machines, object>>

type Name = keyof typeof machines
const names = Object.keys(machines) as Name[]

async function alone<One extends Name>(name: One, input: object = machines[name]) {
  const setting = createSetting({ portal: { secureChannel: 'off' } })
  const actor = await setting.start(name, input)
  const screen = () => screenOf(actor.getSnapshot())
  const click = async <More extends object | undefined>(
    action: Action<More>,
    ...more: More extends undefined ? [] : [More]
  ) => {
    const isDone = act<More>(actor, action, ...more)
    await setting.rest(actor)
    return isDone
  }
  return { ...setting, actor, screen, click }
}

/** What is on screen, which has to be this one. */
function shown<Screen extends { readonly name: string }, Name extends Screen['name']>(screen: Screen, name: Name) {
  if (screen.name !== name) throw new Error(`On screen is ${screen.name}, not ${name}`)
  return screen as Extract<Screen, { readonly name: Name }>
}

describe.each(names)('%s', (name) => {
  test('has its screen, at rest', async () => {
    const { screen } = await alone(name)
    expect(screen()).toMatchObject({ name, status: 'resting' })
  })

  test('has no flow that could be cancelled', async () => {
    const { actor, screen } = await alone(name)
    const { cancelFlow } = screen() as { readonly cancelFlow: Action }
    expect(cancelFlow.blocked).toBe('noFlow')
    expect(act(actor, cancelFlow)).toBe(false)
  })

  test('has actions that itself takes, or the machine inside it', async () => {
    const { screen } = await alone(name)
    const owners = clickablesOf(screen()).map(({ action }) => action.owner)
    expect(new Set(owners)).toEqual(new Set([name, 'onboarding']))
  })

  test('is one step of a stepper, which is over once it is left', async () => {
    const { actor, screen, click } = await alone(name)
    const step = name === 'otpEnrollment' ? 'mfa' : name === 'whitelistChange' ? 'ipWhitelist' : name
    expect(stepsOf(actor.getSnapshot())).toEqual([{ name: step, status: 'current' }])
    const { skip } = screen() as { readonly skip: Action }
    expect(await click(skip)).toBe(true)
    expect(stepsOf(actor.getSnapshot())).toEqual([{ name: step, status: 'skipped' }])
  })

  test('is finished by being left, and then does nothing more', async () => {
    const { actor, screen, click } = await alone(name)
    const { skip } = screen() as { readonly skip: Action }
    await click(skip)
    expect(screen()).toEqual({ name: 'finished', output: actor.getSnapshot().output })
    expect(act(actor, skip)).toBe(false)
  })

  test('is stored and restored', async () => {
    const { actor, machines, screen, rest } = await alone(name)
    const text = toStorage(actor, { subject })
    const before = screen()
    actor.stop()
    const snapshot = fromStorage(machines[name], text, { subject })
    const again = createActor(machines[name], { snapshot } as never).start()
    onTestFinished(() => void again.stop())
    await rest(again)
    expect(screenOf(again.getSnapshot())).toMatchObject({ name: before.name, status: 'resting' })
  })

  test('is inspected', async () => {
    const { actor } = await alone(name)
    const seen: unknown[] = []
    const inspection = inspectWith(actor, (event) => void (event.type === '@xstate.actor' && seen.push(event.name)))
    onTestFinished(() => inspection.stop())
    await vi.waitUntil(() => seen.length > 0, { timeout: PATIENCE_MS })
    expect(seen).toContain(name)
  })

  test('that was stopped says so', async () => {
    const { actor, screen } = await alone(name)
    actor.stop()
    expect(screen()).toMatchObject({ name: 'crashed', failure: { code: 'client.stopped' } })
  })
})

test('the enrollment inside the factors is at work there, and takes its actions', async () => {
  const { actor, screen, click } = await alone('mfa')
  expect(activeStep(actor.getSnapshot())).toBeNull()
  await click(shown(screen(), 'mfa').enroll)
  expect(activeStep(actor.getSnapshot())?.name).toBe('otpEnrollment')
  const { cancel } = shown(screen(), 'otpEnrollment')
  expect([await click(cancel), act(actor, cancel)]).toEqual([true, false])
  expect(screen()).toMatchObject({ name: 'mfa', status: 'resting' })
})

test('OTP is set up by the factors alone', async () => {
  const { portal, screen, click } = await alone('mfa')
  await click(shown(screen(), 'mfa').enroll)
  await click(shown(screen(), 'otpEnrollment').submit, { code: await portal.authenticator.code() })
  expect(shown(screen(), 'mfa').isOtpEnabled).toBe(true)
})

test('a whitelist change inside the editor is kept, and the list can be edited meanwhile', async () => {
  const { actor, portal, screen, click } = await alone('ipWhitelist')
  await click(shown(screen(), 'ipWhitelist').add, { value: HERE })
  await click(shown(screen(), 'ipWhitelist').enable)
  expect(activeStep(actor.getSnapshot())?.name).toBe('whitelistChange')
  expect(await click(shown(screen(), 'ipWhitelist').add, { value: '198.51.100.0/24' })).toBe(true)
  const { question } = shown(screen(), 'ipWhitelist')
  if (question === null) throw new Error('A question was expected')
  await click(question.confirm)
  expect(portal.account.ipWhitelist).toEqual({ enabled: true, entries: [HERE] })
  expect(shown(screen(), 'ipWhitelist').isChanged).toBe(true)
})

test('a change alone asks to be kept, and tells what it would put in force', async () => {
  const { portal, screen, click } = await alone('whitelistChange')
  const { wish, question } = shown(screen(), 'whitelistChange')
  expect(wish).toEqual({ enabled: true, entries: [HERE] })
  expect(question?.kind).toBe('keep')
  if (question !== null) await click(question.confirm)
  expect(portal.account.ipWhitelist.enabled).toBe(true)
  expect(shown(screen(), 'finished').output).toMatchObject({ outcome: 'kept' })
})

test('a change alone that is required holds the user until it is kept', async () => {
  const { screen } = await alone('whitelistChange', { ...machines.whitelistChange, policy: 'require' })
  expect(shown(screen(), 'whitelistChange').finish.blocked).toBe('unconfirmed')
})

test('an input that is wrong crashes it, with the field', () => {
  const { machines } = createSetting()
  const actor = createActor(machines.sessions, { input: { policy: 'never' } as never })
  actor.subscribe({ error: () => undefined })
  expect(screenOf(actor.getSnapshot())).toMatchObject({
    name: 'crashed',
    failure: { code: 'client.input', field: 'policy' },
  })
})

describe('a machine that comes late', () => {
  /** One whose chart comes when the test says so. */
  function held(input: object = {}) {
    const setting = createSetting({ portal: { secureChannel: 'off' } })
    const { sessions } = setting.machines
    let settle = { come: () => {}, fail: () => {} }
    const chart = lateChart(
      'sessions',
      () =>
        new Promise<typeof sessions>((resolve, reject) => {
          settle = { come: () => resolve(sessions), fail: () => reject(new TypeError('Failed to fetch')) }
        }),
    )
    const machine = late(chart)
    const actor = createActor(machine, { input } as never).start()
    onTestFinished(() => void actor.stop())
    const screen = () => screenOf(actor.getSnapshot())
    const failed = () => waitFor(actor, (snapshot) => snapshot.hasTag('failed'))
    return { ...setting, machine, actor, screen, failed, come: () => settle.come(), fail: () => settle.fail() }
  }

  test('is loading until it is there', async () => {
    const { actor, screen, come, rest } = held()
    expect(screen()).toMatchObject({ name: 'loading', cancelFlow: { blocked: 'noFlow' } })
    expect(stepsOf(actor.getSnapshot())).toEqual([{ name: 'sessions', status: 'current' }])
    come()
    await waitFor(actor, (snapshot) => snapshot.matches({ working: 'reading' }))
    await rest(actor)
    expect(screen()).toMatchObject({ name: 'sessions', status: 'resting' })
  })

  test('is broken where it could not be loaded, until `retry`', async () => {
    const { actor, screen, come, fail, failed, rest } = held()
    fail()
    await failed()
    const broken = shown(screen(), 'broken')
    expect(broken).toMatchObject({ step: 'sessions', failure: { code: 'client.loadFailed' }, retry: { blocked: null } })
    expect(act(actor, broken.retry)).toBe(true)
    expect(screen().name).toBe('loading')
    come()
    await waitFor(actor, (snapshot) => snapshot.matches({ working: 'reading' }))
    await rest(actor)
    expect(screen().name).toBe('sessions')
  })

  test.each([
    ['offer', null],
    ['require', 'stepRequired'],
  ] as const)('that could not be loaded is left under `%s`: blocked by %s', async (policy, blocked) => {
    const { actor, screen, fail, failed } = held({ policy })
    fail()
    await failed()
    const { skip } = shown(screen(), 'broken')
    expect(skip.blocked).toBe(blocked)
    expect(act(actor, skip)).toBe(blocked === null)
    expect(screen().name).toBe(blocked === null ? 'finished' : 'broken')
  })

  test('stored while it is on its way, begins where it is restored, with the input that it had', async () => {
    const { actor, machine, screen, come, rest, requestsSince } = held({ policy: 'require' })
    const text = toStorage(actor, { subject })
    expect(JSON.parse(text).machine).toBe('sessions')
    expect(() => fromStorage(machine, text, { subject })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'client.notLoaded' }) }),
    )
    come()
    await waitFor(actor, (snapshot) => snapshot.matches({ working: 'reading' }))
    await rest(actor)
    requestsSince()
    const again = createActor(machine, { snapshot: fromStorage(machine, text, { subject }) }).start()
    onTestFinished(() => void again.stop())
    await rest(again)
    expect(screen()).toMatchObject({ name: 'sessions', policy: 'require' })
    expect(screenOf(again.getSnapshot())).toMatchObject({ name: 'sessions', policy: 'require', status: 'resting' })
    expect(requestsSince()).toEqual(['listSessions'])
  })

  test.each([
    ['a policy that there is not', (input: { policy?: unknown }) => void Object.assign(input, { policy: 'never' })],
    [
      'a list that is none',
      (input: object) => void Object.assign(input, { initialData: { sessions: [{ sessionId: 5 }] } }),
    ],
  ])('stored so, and tampered with: %s', async (_, change) => {
    const { actor, machines } = held({ policy: 'show' })
    const stored = JSON.parse(toStorage(actor, { subject }))
    change(stored.snapshot.context.input)
    expect(() => fromStorage(machines.sessions, JSON.stringify(stored), { subject })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'client.storageText' }) }),
    )
  })

  test('stored so, does not begin as another machine', () => {
    const { actor, machines } = held()
    const text = toStorage(actor, { subject })
    expect(() => fromStorage(machines.mfa, text, { subject })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'client.storageMachine' }) }),
    )
  })
})
