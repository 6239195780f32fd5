import { act, createMachines, type Machines, type PortalApi, type Screen, screenOf } from 'postlogin'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ActorRefFrom, createActor } from 'xstate'
import { createSetting } from '../support/setting.ts'
import { only } from './visitor.ts'

/** A screen is made on every change, so it looks at each row of a long list a few times, and not once for every other row. */

/** Counts what is read of these rows. */
function counted<Row extends object>(rows: readonly Row[], onRead: () => void): Row[] {
  const get = (row: Row, key: string | symbol) => {
    onRead()
    return Reflect.get(row, key)
  }
  const ownKeys = (row: Row) => {
    onRead()
    return Reflect.ownKeys(row)
  }
  return rows.map((row) => new Proxy(row, { get, ownKeys }))
}

type Flow = ActorRefFrom<Machines['onboarding']>

interface List {
  readonly step: Parameters<typeof only>[0]
  readonly read: (rows: number, onRead: () => void) => Partial<PortalApi>
  readonly go?: (flow: Flow, screen: Screen) => void
}

const ids = (rows: number) => Array.from({ length: rows }, (_, index) => `row ${index}`)

const listSessions: List['read'] = (rows, onRead) => ({
  listSessions: async () =>
    counted(
      ids(rows).map((sessionId, index) => ({ sessionId, clientIp: '203.0.113.10', isCurrent: index === 0 })),
      onRead,
    ),
  terminateOtherSessions: () => new Promise(() => undefined),
})

const lists: Readonly<Record<string, List>> = {
  sessions: { step: 'sessions', read: listSessions },
  'sessions that are being ended': {
    step: 'sessions',
    read: listSessions,
    go(flow, screen) {
      if (screen.name === 'sessions') act(flow, screen.terminateOthers)
      const asked = screenOf(flow.getSnapshot())
      if (asked.name === 'sessions' && asked.question !== null) act(flow, asked.question.confirm)
    },
  },
  invitations: {
    step: 'invitations',
    read: (rows, onRead) => ({
      listInvitations: async () =>
        counted(
          ids(rows).map((invitationBizId) => ({
            invitationBizId,
            workspaceBizId: invitationBizId,
            workspaceName: '',
            inviterName: '',
            status: 'PENDING',
            expiresAt: null,
            canAccept: true,
          })),
          onRead,
        ),
    }),
  },
  workspaces: {
    step: 'workspace',
    read: (rows, onRead) => ({
      listWorkspaces: async () =>
        counted(
          ids(rows).map((workspaceBizId) => ({
            workspaceBizId,
            workspaceName: '',
            isDefault: false,
            enterable: true,
            defaultEligible: true,
          })),
          onRead,
        ),
    }),
  },
}

describe.each(Object.entries(lists))('%s', (_, { step, read, go }) => {
  async function readsOfOneScreen(rows: number) {
    let reads = 0
    const { api, clock, rest } = createSetting({ portal: { secureChannel: 'off' } })
    const own = { ...api, ...read(rows, () => reads++) }
    const flow = createActor(createMachines(own, { clock }).onboarding, { input: only(step) }).start()
    onTestFinished(() => void flow.stop())
    await rest(flow)
    go?.(flow, screenOf(flow.getSnapshot()))
    reads = 0
    expect(screenOf(flow.getSnapshot())).toMatchObject({ rows: { length: rows } })
    return reads
  }

  test('a list ten times as long is read ten times as often', async () => {
    const [short, long] = [await readsOfOneScreen(50), await readsOfOneScreen(500)]
    expect(short).toBeGreaterThanOrEqual(50)
    expect(long).toBeLessThanOrEqual(10 * short)
  })
})
