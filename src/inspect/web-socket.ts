import { KEPT_EVENTS } from './attach.ts'
import type { StatelyActorEvent, StatelyInspectionEvent } from './stately.ts'

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000

/** After a connection of this length the next wait is short again. A server that hangs up at once is thus not called in a tight loop. */
const STEADY_MS = 5_000

/** What the inspector sends by. */
export interface WebSocketAdapter {
  start(): void
  send(event: StatelyInspectionEvent): void
  /** Closes the connection and stops reconnecting. */
  stop(): void
}

/**
 * To an inspector server, connected again whenever the connection ends, however it does. A server that was started anew knows
 * nothing: each connection begins with the actors as they are now, then comes what was missed (no more than `KEPT_EVENTS`).
 */
export function createWebSocketAdapter(url: string, SocketClass: SocketClass): WebSocketAdapter {
  const actors = createRegister()
  const missed: StatelyInspectionEvent[] = []
  let socket: Socket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitMs = FIRST_WAIT_MS
  let openedAt = Number.POSITIVE_INFINITY
  let isStopped = false

  function connect() {
    socket = new SocketClass(url)
    socket.addEventListener('open', greet)
    socket.addEventListener('close', connectLater)
    // A close follows. Without this, Node would report the error as unhandled.
    socket.addEventListener('error', () => {})
  }

  function greet() {
    openedAt = performance.now()
    for (const actor of actors.all()) transmit(actor)
    for (const event of missed.splice(0)) report(event)
  }

  function connectLater() {
    if (isStopped) return
    socket = null
    if (performance.now() - openedAt >= STEADY_MS) waitMs = FIRST_WAIT_MS
    openedAt = Number.POSITIVE_INFINITY
    timer = setTimeout(start, waitMs)
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }

  function start() {
    try {
      connect()
    } catch {
      connectLater()
    }
  }

  const transmit = (event: StatelyInspectionEvent) => socket?.send(JSON.stringify(event))

  function report(event: StatelyInspectionEvent) {
    actors.learn(event)
    transmit(event)
  }

  return {
    start,
    send(event) {
      if (isStopped) return
      if (socket?.readyState === OPEN) return report(event)
      missed.push(event)
      if (missed.length > KEPT_EVENTS) missed.splice(0, 1).forEach(actors.learn)
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}

/** The actors that the inspector must know to assign an event, each as last seen. */
function createRegister() {
  const actors = new Map<string, StatelyActorEvent>()
  return {
    all: () => [...actors.values()],
    learn(event: StatelyInspectionEvent) {
      const { type, sessionId } = event
      if (type === '@xstate.actor') actors.set(sessionId, event)
      if (type !== '@xstate.snapshot') return
      const actor = actors.get(sessionId)
      if (actor === undefined) return
      const { snapshot } = event
      // Of actors that have ended, only the root is still of interest.
      if (snapshot.status !== 'active' && actor.parentId !== undefined) actors.delete(sessionId)
      else actors.set(sessionId, { ...actor, snapshot })
    },
  }
}

/** The part of `WebSocket` that is used. */
interface Socket {
  readonly readyState: number
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
  send(text: string): void
  close(): void
}

const OPEN = 1

type SocketClass = new (url: string) => Socket

/** The platform's; in Node 20, which has none, that of `ws`. Null where there is neither. */
export function findSocketClass(): SocketClass | null {
  if (globalThis.WebSocket !== undefined) return globalThis.WebSocket
  try {
    // Asked for, not imported, and not by names that bundlers see to: they would have to find it.
    const load = globalThis.process.getBuiltinModule('node:module').createRequire(import.meta.url)
    return load('ws').WebSocket
  } catch {
    return null
  }
}
