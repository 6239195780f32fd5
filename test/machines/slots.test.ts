import { describe, expect, onTestFinished, test } from 'vitest'
import { type AnyActorRef, type AnyStateMachine, createActor, waitFor } from 'xstate'
import * as exported from '../../machines/index.ts'
import type { Failure } from '../../src/domain/failure.ts'

const machines: readonly AnyStateMachine[] = Object.values(exported)
/** Those that ask for something by themselves. */
const steps = machines
  .filter(({ id }) => !['onboarding', 'whitelistChange', 'securityCenter'].includes(id))
  .map((machine) => [machine.id, machine] as const)

describe('an actor slot used while empty', () => {
  interface Resting {
    readonly status: string
    readonly context: { readonly failure: Failure | null }
    readonly children: Readonly<Record<string, AnyActorRef | undefined>>
    hasTag(tag: string): boolean
  }

  /** Starts a bare machine; resolves with the snapshot of the machine that has failed, or rests with a failure. */
  async function failureOfBare(machine: AnyStateMachine, step?: string) {
    const errors: unknown[] = []
    const actor = createActor(machine)
    actor.subscribe({ error: (error) => errors.push(error) })
    actor.start()
    onTestFinished(() => void actor.stop())
    const look = (snapshot: unknown) =>
      (step === undefined ? snapshot : (snapshot as Resting).children[step]?.getSnapshot()) as Resting | undefined
    const isThere = (snapshot: unknown) => {
      const resting = look(snapshot)
      return resting !== undefined && ['failed', 'resting'].some((tag) => resting.hasTag(tag))
    }
    const snapshot = look(await waitFor(actor, isThere))
    expect(errors).toEqual([])
    expect(snapshot?.status).toBe('active')
    return snapshot?.context.failure
  }

  const slotEmpty = { kind: 'config', code: 'client.slotEmpty', field: expect.stringMatching(/^(list|get|setup)/) }

  test.each(steps)('fails the bare %s with `client.slotEmpty`', async (_id, machine) => {
    expect(await failureOfBare(machine)).toMatchObject(slotEmpty)
  })

  test('interrupts the bare whitelistChange with `client.slotEmpty`', async () => {
    const whitelist = { enabled: false, entries: [] }
    const wish = { enabled: false, entries: ['203.0.113.10'] }
    const actor = createActor(exported.whitelistChangeMachine, { input: { whitelist, wish } }).start()
    const { output } = await waitFor(actor, ({ status }) => status === 'done')
    expect(output).toMatchObject({ outcome: 'interrupted', failure: slotEmpty })
  })

  test('fails the first step of the bare onboarding with `client.slotEmpty`', async () => {
    expect(await failureOfBare(exported.onboardingMachine, 'invitations')).toMatchObject(slotEmpty)
  })
})
