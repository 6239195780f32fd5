import { createMachines, fromStorage, screenOf, stepsOf, toStorage } from 'postlogin'
import { bench, describe } from 'vitest'
import { createActor } from 'xstate'
import { connect, nextScreen, startFlow } from './journey.ts'

const { api } = connect('off')
const machine = createMachines(api).onboarding
const flow = startFlow(api)
await nextScreen(flow)
const snapshot = flow.getSnapshot()
const account = { subject: 'ACCOUNT_001' }
const stored = toStorage(flow, account)

describe('what a host does on each change', () => {
  bench('XState’s own persisted snapshot, as text', () => {
    JSON.stringify(flow.getPersistedSnapshot())
  })
  bench('toStorage', () => {
    toStorage(flow, account)
  })
  bench('screenOf and stepsOf', () => {
    screenOf(snapshot)
    stepsOf(snapshot)
  })
})

describe('what a reload costs, the reads apart', () => {
  bench('start afresh', () => {
    createActor(machine).start().stop()
  })
  bench('restore, and start', () => {
    createActor(machine, { snapshot: fromStorage(machine, stored, account) })
      .start()
      .stop()
  })
})
