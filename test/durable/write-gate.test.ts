import { createMachines, settled } from 'postlogin'
import { createWriteGate } from 'postlogin/durable'
import { expect, onTestFinished, test } from 'vitest'
import { createActor } from 'xstate'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

function createScene() {
  const setting = createSetting()
  const gate = createWriteGate(setting.api)
  const machines = createMachines(gate.api, { clock: setting.clock })
  const rest = () => setting.whileTimePasses(settled(sessions, { gate }))
  const sessions = createActor(machines.sessions, { input: { policy: 'show' } }).start()
  onTestFinished(() => void sessions.stop())
  async function endOthers() {
    await rest()
    sessions.send({ type: 'sessions.terminateOthers' })
    sessions.send({ type: 'termination.confirm' })
    return rest()
  }
  return { ...setting, machines, gate, sessions, rest, endOthers }
}

test('reads pass; a write is kept back until the gate opens, and what comes next is kept back again', async () => {
  const { gate, portal, rest, endOthers } = createScene()
  expect(await endOthers()).toBe('wantsToWrite')
  expect(gate).toMatchObject({ held: 1, underWay: 0 })
  expect(portal.processed('terminateOtherSessions')).toBe(0)
  gate.open()
  expect(gate).toMatchObject({ held: 0, underWay: 1 })
  expect(await rest()).toBe('rests')
  expect(portal.processed('terminateOtherSessions')).toBe(1)
  expect(gate).toMatchObject({ held: 0, underWay: 0 })
  const later = gate.api.terminateOtherSessions()
  expect(gate).toMatchObject({ held: 1, underWay: 0 })
  gate.open()
  await later
})

test('a write that nobody waits for any more never leaves', async () => {
  const { gate, portal, sessions, endOthers } = createScene()
  await endOthers()
  sessions.stop()
  await turn()
  expect(gate).toMatchObject({ held: 0, underWay: 0 })
  gate.open()
  await turn()
  expect(portal.processed('terminateOtherSessions')).toBe(0)
})

test('a write whose caller is gone already does not even wait', async () => {
  const { gate } = createScene()
  const reason = new Error('gone')
  await expect(gate.api.terminateOtherSessions(undefined, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  expect(gate.held).toBe(0)
})

test('what fails is counted out as well', async () => {
  const { gate, portal, whileTimePasses } = createScene()
  portal.fault('listWorkspaces', { status: 403, code: 'ACCESS.FORBIDDEN' })
  await expect(whileTimePasses(gate.api.listWorkspaces())).rejects.toThrow()
  portal.fault('setDefaultWorkspace', { status: 403, code: 'ACCESS.FORBIDDEN' })
  const refused = gate.api.setDefaultWorkspace({ workspaceBizId: 'WS_LAB_001' })
  gate.open()
  await expect(whileTimePasses(refused)).rejects.toThrow()
  expect(gate.underWay).toBe(0)
})

test('the rest of the api is as it was', async () => {
  const { gate, api } = createScene()
  expect(gate.api.timeoutMs).toBe(api.timeoutMs)
  expect(gate.api.clockOffset?.()).toBe(api.clockOffset?.())
  await gate.api.close()
})

test('settled waits for reads in the background, where it knows the gate', async () => {
  const { portal, gate, machines, whileTimePasses } = createScene()
  portal.fault('listWorkspaces', { delayMs: 5_000 })
  const flow = createActor(machines.onboarding).start()
  onTestFinished(() => void flow.stop())
  await whileTimePasses(settled(flow, { gate }))
  expect(flow.getSnapshot().context.reads.workspaces).toBeDefined()
})
