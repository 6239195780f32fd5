import { activeStep, createMachines, type PortalApi, previewEntry, screenOf, splitEntries } from 'postlogin'
import { settled } from 'postlogin/testing'
import { bench, describe } from 'vitest'
import { createActor } from 'xstate'
import { connect, nextScreen } from './journey.ts'

/** A flow at its sessions, of which the account has so many. */
async function atSessions(count: number) {
  const { api } = connect('off')
  const listSessions = async () =>
    Array.from({ length: count }, (_, index) => ({
      sessionId: `SESS...${index}`,
      clientIp: '203.0.113.10',
      isCurrent: index === 0,
    }))
  const { onboarding } = createMachines({ ...api, listSessions })
  const flow = createActor(onboarding, { input: { order: ['sessions'], policy: { sessions: 'show' } } }).start()
  await settled(flow)
  return flow.getSnapshot()
}

const few = await atSessions(500)
const many = await atSessions(5_000)

describe('what a screen costs, by how long its list is: one pass, so ten times as much for ten times as many', () => {
  bench('500 sessions', () => void screenOf(few))
  bench('5,000 sessions', () => void screenOf(many))
})

const listed = (count: number): Partial<PortalApi> => {
  const ids = Array.from({ length: count }, (_, index) => `ID...${index}`)
  const sessions = ids.map((sessionId, index) => ({ sessionId, clientIp: '203.0.113.10', isCurrent: index === 0 }))
  const invitations = ids.map((id) => ({
    invitationBizId: id,
    workspaceBizId: id,
    workspaceName: 'Northwind',
    inviterName: 'Kim',
    status: 'PENDING',
    expiresAt: null,
    canAccept: true,
  }))
  const workspaces = ids.map((workspaceBizId, index) => ({
    workspaceBizId,
    workspaceName: 'Northwind',
    isDefault: index === 0,
    enterable: true,
    defaultEligible: true,
  }))
  return {
    listSessions: async () => sessions,
    listInvitations: async () => invitations,
    listWorkspaces: async () => workspaces,
  }
}

const steps = ['sessions', 'invitations', 'workspace'] as const

describe.each(steps)('what %s cost from the read to the screen, by how many they are', (step) => {
  for (const count of [500, 5_000]) {
    const { onboarding } = createMachines({ ...connect('off').api, ...listed(count) })
    bench(`${count} rows`, async () => {
      const flow = createActor(onboarding, { input: { order: [step], policy: { [step]: 'show' } } }).start()
      await nextScreen(flow)
      flow.stop()
    })
  }
})

const pasted = (length: number) =>
  Array.from({ length }, (_, at) => `${1 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.7`).join('\n')
const short = pasted(2_000)
const long = pasted(20_000)

describe('what a pasted list costs to read and judge: no entry is compared with each other one', () => {
  bench('2,000 lines', () => void splitEntries(short))
  bench('20,000 lines', () => void splitEntries(long))
})

/** A flow at the editor of a whitelist of so many entries, which the account has. */
async function atWhitelist(count: number) {
  const { api } = connect('off')
  const entries = pasted(count).split('\n')
  const getIpWhitelist = async () => ({ enabled: false, entries })
  const { onboarding } = createMachines({ ...api, getIpWhitelist })
  const flow = createActor(onboarding, { input: { order: ['ipWhitelist'], policy: { ipWhitelist: 'show' } } }).start()
  await settled(flow)
  const step = activeStep(flow.getSnapshot())
  if (step?.name !== 'ipWhitelist') throw new Error('The flow is not at the whitelist')
  return { flow, editor: step.actor }
}

const { flow: shortFlow, editor: shortEditor } = await atWhitelist(100)
const { flow: longFlow, editor: longEditor } = await atWhitelist(10_000)
const rowsOf = (editor: typeof longEditor) => editor.getSnapshot().context.draft
const add = (editor: typeof longEditor) => editor.send({ type: 'entry.add', value: '198.51.100.7' })
const remove = (editor: typeof longEditor) => editor.send({ type: 'entry.remove', id: rowsOf(editor).at(-1)?.id ?? '' })

describe('what a key costs that is typed in a whitelist: less than 5 times as much in a list that is 100 times as long', () => {
  bench('previewed, beside 100 entries', () => void previewEntry(rowsOf(shortEditor), '198.51.100.7'))
  bench('previewed, beside 10,000 entries', () => void previewEntry(rowsOf(longEditor), '198.51.100.7'))
})

describe('what an entry costs that is added and removed again: less than 5 times as much in a list that is 100 times as long', () => {
  bench('100 entries', () => {
    add(shortEditor)
    remove(shortEditor)
  })
  bench('10,000 entries', () => {
    add(longEditor)
    remove(longEditor)
  })
})

const shortEditing = shortFlow.getSnapshot()
const longEditing = longFlow.getSnapshot()

describe('what the screen of a whitelist costs: 100 times as much for 100 times as many entries', () => {
  bench('100 entries', () => void screenOf(shortEditing))
  bench('10,000 entries', () => void screenOf(longEditing))
})
