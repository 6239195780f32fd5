import { createMachines, screenOf, splitEntries } from 'postlogin'
import { settled } from 'postlogin/testing'
import { bench, describe } from 'vitest'
import { createActor } from 'xstate'
import { connect } from './journey.ts'

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

const pasted = (length: number) =>
  Array.from({ length }, (_, at) => `${1 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.7`).join('\n')
const short = pasted(2_000)
const long = pasted(20_000)

describe('what a pasted list costs to read and judge: no entry is compared with each other one', () => {
  bench('2,000 lines', () => void splitEntries(short))
  bench('20,000 lines', () => void splitEntries(long))
})
