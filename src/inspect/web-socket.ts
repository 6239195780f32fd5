import type { StatelyActorEvent, StatelyInspectionEvent } from '@statelyai/inspect'
import { KEPT_EVENTS } from './attach.ts'
import { withheld } from './serialize.ts'

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000

/** A connection that held this long was a good one: the next wait is short again. Else a server that hangs up at once would be asked on and on. */
const STEADY_MS = 5_000

/** What the inspector sends by. */
export interface WebSocketAdapter {
  start(): void
  send(event: StatelyInspectionEvent): void
  /** Ends the connection, and the attempts at one. */
  stop(): void
}

/**
 * To an inspector server, connected again whenever the connection ends, however it does. A server that was started anew knows
 * nothing: each connection begins with the actors as they are now, then comes what was missed (no more than `KEPT_EVENTS`).
 */
export function createWebSocketAdapter(url: string): WebSocketAdapter {
  const actors = createRegister()
  const missed: StatelyInspectionEvent[] = []
  let socket: Socket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitMs = FIRST_WAIT_MS
  let openedAt = Number.POSITIVE_INFINITY
  let isStopped = false

  async function connect() {
    const SocketClass = await loadSocketClass()
    if (isStopped) return
    socket = new SocketClass(url)
    socket.addEventListener('open', greet)
    socket.addEventListener('close', connectLater)
    // A close follows. Without this, Node would take it for unhandled.
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

  const start = () => void connect().catch(connectLater)
  const transmit = (event: StatelyInspectionEvent) => socket?.send(textOf(event))

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

/** The actors that the inspector has to know to place an event, each as it was last seen. */
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
      // Of those that have ended only the root is still looked at.
      if (snapshot.status !== 'active' && actor.parentId !== undefined) actors.delete(sessionId)
      else actors.set(sessionId, { ...actor, snapshot })
    },
  }
}

function textOf(event: StatelyInspectionEvent): string {
  try {
    return JSON.stringify(event)
  } catch {
    return JSON.stringify(withheld(event))
  }
}

/** What is used of a `WebSocket`. */
interface Socket {
  readonly readyState: number
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
  send(text: string): void
  close(): void
}

const OPEN = 1

/** Node has one of its own from version 22 on. */
const loadSocketClass = async (): Promise<new (url: string) => Socket> =>
  globalThis.WebSocket ?? (await import('ws')).WebSocket
