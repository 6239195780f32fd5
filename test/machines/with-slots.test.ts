import { createMachines } from 'postlogin'
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import type { Machines } from '../../src/services.ts'
import { createSetting } from '../support/setting.ts'

const names = Object.keys(createSetting().machines) as (keyof Machines)[]

test.each(names)('the states of `%s` are built once, however often it is bound', (name) => {
  const { api, machines } = createSetting()
  expect(createMachines(api)[name].root).toBe(machines[name].root)
})

test.each(names)('`%s` can be asked what any machine of XState’s can', (name) => {
  const machine = createSetting().machines[name]
  const rebuilt = machine.provide({})
  expect(rebuilt.root).not.toBe(machine.root)
  expect(JSON.stringify(machine)).toBe(JSON.stringify(rebuilt))
  expect(machine.events).toEqual(rebuilt.events)
  expect(Object.keys(machine.states)).toEqual(Object.keys(rebuilt.states))
  expect(machine.getStateNodeById(name)).toBe(machine.root)
})

test('two flows side by side each call their own portal', async () => {
  const [mine, hers] = [createSetting(), createSetting()]
  hers.portal.update((account) => {
    account.sessions = account.sessions.filter(({ isCurrent }) => isCurrent)
  })
  const [here, there] = [createActor(mine.machines.sessions).start(), createActor(hers.machines.sessions).start()]
  await Promise.all([mine.rest(here), hers.rest(there)])
  expect(here.getSnapshot().context.sessions).toHaveLength(mine.portal.account.sessions.length)
  expect(there.getSnapshot().context.sessions).toHaveLength(1)
})
