/** The WebSocket inspector, whose server comes and goes. */
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { inspectOverWebSocket, type StatelyInspectionEvent } from 'postlogin/inspect'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { createActor, setup } from 'xstate'

/** A user interface that is open or not, with a dialog in it. */
const dialog = setup({}).createMachine({ id: 'dialog', initial: 'open', states: { open: {} } })
const machine = setup({
  types: { events: {} as { type: 'host.count' } | { type: 'dialog.open' } | { type: 'dialog.close' } },
  actors: { dialog },
}).createMachine({
  id: 'host',
  on: { 'host.count': {} },
  initial: 'plain',
  states: {
    plain: { on: { 'dialog.open': 'asking' } },
    asking: { invoke: { src: 'dialog', id: 'dialog' }, on: { 'dialog.close': 'plain' } },
  },
})

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** The time of the test goes on by itself, as fast as the sockets do. */
async function until(check: () => unknown): Promise<void> {
  while (!check()) {
    await vi.advanceTimersByTimeAsync(50)
    await new Promise(setImmediate)
  }
}

/** Such as a connection that a proxy cuts off, or one in which something else is spoken all of a sudden. */
const rawSocketOf = (connection: WebSocket): Socket => Reflect.get(connection, '_socket')

async function openServer(port = 0) {
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  await once(server, 'listening')
  /** What arrived, by connection. */
  const connections: StatelyInspectionEvent[][] = []
  let last: WebSocket | undefined
  server.on('connection', (connection) => {
    const events: StatelyInspectionEvent[] = []
    connections.push(events)
    last = connection
    connection.on('message', (frame) => void events.push(JSON.parse(String(frame))))
    connection.on('error', () => {})
  })
  const close = async (code = 1001) => {
    for (const connection of server.clients) connection.close(code)
    if (server.address() === null) return
    server.close()
    await once(server, 'close')
  }
  onTestFinished(() => close())
  return {
    connections,
    close,
    port: (server.address() as AddressInfo).port,
    /** The connection that is open now. */
    connection() {
      if (last === undefined) throw new Error('Nobody has connected')
      return last
    },
    /** Until the connection of that number has begun, and the actor has been told of in it. */
    greeted: (number: number) => until(() => connections[number]?.length),
  }
}

function watch(port: number) {
  const actor = createActor(machine).start()
  const inspection = inspectOverWebSocket(actor, { url: `ws://127.0.0.1:${port}` })
  onTestFinished(() => {
    inspection.stop()
    actor.stop()
  })
  return { actor, inspection }
}

const eventsIn = (events: readonly StatelyInspectionEvent[] | undefined, type: string) =>
  (events ?? []).filter((event) => event.type === '@xstate.event' && event.event.type === type)

const namesIn = (events: readonly StatelyInspectionEvent[] | undefined) =>
  (events ?? []).flatMap((event) => (event.type === '@xstate.actor' ? [event.name] : []))

describe('connects again after its server', () => {
  test.each([
    ['has closed the connection', (connection: WebSocket) => connection.close(1000)],
    ['has gone away', (connection: WebSocket) => connection.close(1001)],
    ['has broken down', (connection: WebSocket) => connection.close(1011)],
    ['asks to try again later', (connection: WebSocket) => connection.close(1013)],
    ['has closed it without a reason', (connection: WebSocket) => connection.close()],
    ['was cut off', (connection: WebSocket) => connection.terminate()],
    ['was reset', (connection: WebSocket) => void rawSocketOf(connection).resetAndDestroy()],
    ['has sent what is no frame', (connection: WebSocket) => void rawSocketOf(connection).write('HTTP/1.1 502')],
  ])('%s', async (_, end) => {
    const server = await openServer()
    const { actor } = watch(server.port)
    await server.greeted(0)
    end(server.connection())
    await server.greeted(1)
    actor.send({ type: 'host.count' })
    await until(() => eventsIn(server.connections[1], 'host.count').length === 1)
    expect(namesIn(server.connections[1])).toEqual(['host'])
  })

  test('was started anew, which takes a while', async () => {
    const server = await openServer()
    watch(server.port)
    await server.greeted(0)
    await server.close()
    await vi.advanceTimersByTimeAsync(60_000)
    const anew = await openServer(server.port)
    await anew.greeted(0)
    expect(namesIn(anew.connections[0])).toEqual(['host'])
  })

  test('was not there yet', async () => {
    const server = await openServer()
    await server.close()
    watch(server.port)
    await vi.advanceTimersByTimeAsync(60_000)
    const late = await openServer(server.port)
    await late.greeted(0)
    expect(namesIn(late.connections[0])).toEqual(['host'])
  })
})

test('a server that was started anew is told of each actor as it is now, then of what it missed, once', async () => {
  const server = await openServer()
  const { actor } = watch(server.port)
  actor.send({ type: 'dialog.open' })
  await until(() => namesIn(server.connections[0]).includes('dialog'))
  await until(() => eventsIn(server.connections[0], 'dialog.open').length === 1)
  await server.close()
  actor.send({ type: 'host.count' })
  const anew = await openServer(server.port)
  await until(() => eventsIn(anew.connections[0], 'host.count').length === 1)
  actor.send({ type: 'dialog.close' })
  await until(() => eventsIn(anew.connections[0], 'dialog.close').length === 1)
  const events = anew.connections[0] ?? []
  expect(namesIn(events)).toEqual(['host', 'dialog'])
  expect(events[0]).toMatchObject({ type: '@xstate.actor', snapshot: { value: 'asking' } })
  expect(eventsIn(events, 'dialog.open')).toEqual([])
  expect(eventsIn(events, 'host.count')).toHaveLength(1)
})

test('of what has ended nothing is told again, but for the actor that is watched', async () => {
  const server = await openServer()
  const { actor } = watch(server.port)
  actor.send({ type: 'dialog.open' })
  actor.send({ type: 'dialog.close' })
  actor.stop()
  const isLast = ({ type, sessionId, ...event }: StatelyInspectionEvent) =>
    sessionId === actor.sessionId && 'snapshot' in event && event.snapshot.status === 'stopped'
  await until(() => server.connections[0]?.some(isLast))
  server.connection().terminate()
  await server.greeted(1)
  expect(namesIn(server.connections[1])).toEqual(['host'])
})

test('of what it misses only so much is kept, but never an actor lost', async () => {
  const server = await openServer()
  await server.close()
  const { actor } = watch(server.port)
  actor.send({ type: 'dialog.open' })
  for (let count = 0; count < 600; count++) actor.send({ type: 'host.count' })
  await vi.advanceTimersByTimeAsync(1)
  const late = await openServer(server.port)
  await until(() => late.connections.length === 1)
  actor.send({ type: 'dialog.close' })
  await until(() => eventsIn(late.connections[0], 'dialog.close').length === 1)
  expect(namesIn(late.connections[0])).toEqual(['host', 'dialog'])
  expect(late.connections[0]?.length).toBeLessThan(1_100)
})

test('a server that hangs up at once is asked less and less often; one that held is asked again soon', async () => {
  const server = await openServer()
  watch(server.port)
  const waits: number[] = []
  async function hangUp() {
    await server.greeted(server.connections.length - 1)
    server.connection().terminate()
    const begun = performance.now()
    const { length } = server.connections
    await until(() => server.connections.length > length)
    waits.push(performance.now() - begun)
  }
  await server.greeted(0)
  for (let times = 0; times < 4; times++) await hangUp()
  await server.greeted(4)
  await vi.advanceTimersByTimeAsync(10_000)
  await hangUp()
  const [first = 0, , , fourth = 0, afterwards = 0] = waits
  expect(fourth).toBeGreaterThan(4 * first)
  expect(afterwards).toBeLessThan(fourth / 2)
})

describe('stop() ends it for good, and leaves no timer', () => {
  const noMore = async (server: Awaited<ReturnType<typeof openServer>>) => {
    const { length } = server.connections
    await vi.advanceTimersByTimeAsync(60_000)
    expect(vi.getTimerCount()).toBe(0)
    expect(server.connections).toHaveLength(length)
  }

  test('while it is connected', async () => {
    const server = await openServer()
    const { inspection } = watch(server.port)
    await server.greeted(0)
    const ended = once(server.connection(), 'close')
    inspection.stop()
    await ended
    await noMore(server)
  })

  test('while it waits to connect again', async () => {
    const server = await openServer()
    const { inspection } = watch(server.port)
    await server.greeted(0)
    server.connection().terminate()
    while (vi.getTimerCount() === 0) await new Promise(setImmediate)
    inspection.stop()
    expect(vi.getTimerCount()).toBe(0)
    await noMore(server)
  })

  test('while it connects', async () => {
    const server = await openServer()
    const { inspection } = watch(server.port)
    inspection.stop()
    await noMore(server)
  })
})

test.each(['http://localhost:8080', 'localhost:8080', 'ws://', 'ws://localhost:8080/#here', ''])(
  'an address that no WebSocket takes is refused at once: “%s”',
  (url) => {
    expect(() => inspectOverWebSocket(createActor(machine), { url })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'client.option', field: 'url' }) }),
    )
  },
)

test('what cannot become JSON is withheld, and the flow goes on', async () => {
  const server = await openServer()
  const actor = createActor(machine).start()
  const inspection = inspectOverWebSocket(actor, {
    url: `ws://127.0.0.1:${server.port}`,
    dangerouslyInspectUnredacted: true,
  })
  onTestFinished(() => inspection.stop())
  await server.greeted(0)
  const unreadable = () => {
    throw new Error('no')
  }
  actor.send(Object.assign({ type: 'host.count' as const }, { toJSON: unreadable }))
  actor.send({ type: 'host.count' })
  await until(() => eventsIn(server.connections[0], 'host.count').length === 1)
  expect(JSON.stringify(server.connections[0])).toContain('withheld')
})
