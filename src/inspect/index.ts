/**
 * `postlogin/inspect`: shows a flow in the Stately inspector, without its secrets. Works on any actor, before and after it was started.
 *
 * @module postlogin/inspect
 */
import type { AnyActorRef } from 'xstate'
import { clientFailure, PortalError } from '../domain/failure.ts'
import { attach, type Inspection, KEPT_EVENTS } from './attach.ts'
import { createRedaction, type RedactionOptions } from './serialize.ts'
import type { StatelyInspectionEvent } from './stately.ts'
import { createWebSocketAdapter, findSocketClass } from './web-socket.ts'

export type { Inspection } from './attach.ts'
export type { RedactionOptions } from './serialize.ts'
export type {
  StatelyActorEvent,
  StatelyEventEvent,
  StatelyInspectionEvent,
  StatelySnapshot,
  StatelySnapshotEvent,
} from './stately.ts'

/** The options of `inspectInBrowser`. */
export interface BrowserInspectionOptions extends RedactionOptions {
  /** The inspector's page; default: https://stately.ai/inspect. Only its origin receives events. */
  readonly url?: string
  /** Shows it in this frame. Default: a new window, which browsers open only after a click. */
  readonly iframe?: Frame
}

/** `HTMLIFrameElement`, which is not known where a project has no DOM types. */
type Frame = typeof globalThis extends { HTMLIFrameElement: { prototype: infer Element } } ? Element : never

/** The options of `inspectOverWebSocket`. */
export interface WebSocketInspectionOptions extends RedactionOptions {
  /** Default: `ws://localhost:8080`, where `createInspectorServer()` of `@statelyai/inspect/server` listens. */
  readonly url?: string
}

/**
 * Shows the flow in an inspector that runs in its own window, or in an iframe.
 *
 * @throws PortalError `client.option`, of kind `config`, where there is no window or `url` has no origin; `field` names
 * which.
 *
 * @example
 * ```ts
 * const inspection = inspectInBrowser(flow, { secrets: () => [accessToken, portalAccessCode] })
 * flow.start()
 * inspection.stop()
 * ```
 */
export function inspectInBrowser(actor: AnyActorRef, options: BrowserInspectionOptions = {}): Inspection {
  const { url = 'https://stately.ai/inspect', iframe = null } = options
  if (typeof window === 'undefined') refuse('window', 'there is none here; use inspectOverWebSocket')
  const here = window
  const origin = originOf(url, here.location.href)
  const redaction = createRedaction(options)
  const kept: StatelyInspectionEvent[] = []
  let isConnected = false

  const opened = iframe === null ? here.open(url, 'xstateinspector') : null
  iframe?.setAttribute('src', url)
  const target = () => iframe?.contentWindow ?? opened
  const post = (event: StatelyInspectionEvent | { readonly type: '@statelyai.disconnected' }) =>
    target()?.postMessage(event, origin)
  const listen = ({ data, origin: from, source }: MessageEvent) => {
    if (data?.type !== '@statelyai.connected' || from !== origin || source !== target()) return
    isConnected = true
    kept.forEach(post)
  }
  const send = (event: StatelyInspectionEvent) => {
    kept.push(event)
    if (kept.length > KEPT_EVENTS) kept.shift()
    if (isConnected) post(event)
  }
  here.addEventListener('message', listen)
  const { stop } = attach(actor, send, redaction)
  return {
    stop() {
      stop()
      here.removeEventListener('message', listen)
      isConnected = false
      post({ type: '@statelyai.disconnected' })
    },
  }
}

/**
 * Shows the flow in an inspector server: from Node, from a phone, from a test. While no server answers, and whenever
 * the connection ends, it tries again until `stop()`.
 *
 * @throws PortalError `client.option`, of kind `config`, where `url` is not the URL of a WebSocket, or where there is no
 * WebSocket: Node 20 has none, and takes that of `ws`. `field` names which.
 *
 * @example
 * ```ts
 * const inspection = inspectOverWebSocket(flow, { url: 'ws://localhost:8080' })
 * flow.start()
 * inspection.stop()
 * ```
 */
export function inspectOverWebSocket(actor: AnyActorRef, options: WebSocketInspectionOptions = {}): Inspection {
  const { url = 'ws://localhost:8080' } = options
  if (!isWebSocketUrl(url)) refuse('url', 'must begin with ws:// or wss://, and hold no fragment')
  const redaction = createRedaction(options)
  const SocketClass =
    findSocketClass() ?? refuse('WebSocket', 'there is none here; install ws, or use Node 22 or later')
  const adapter = createWebSocketAdapter(url, SocketClass)
  adapter.start()
  const { stop } = attach(actor, adapter.send, redaction)
  return {
    stop() {
      stop()
      adapter.stop()
    },
  }
}

/**
 * Passes the inspected events to a function of yours: for a view of your own, for a log, for a test.
 *
 * @example
 * ```ts
 * const seen: string[] = []
 * const inspection = inspectWith(flow, ({ type }) => void seen.push(type))
 * flow.start()
 * await settled(flow)
 * inspection.stop()
 * seen.includes('@xstate.snapshot') // => true
 * ```
 */
export function inspectWith(
  actor: AnyActorRef,
  send: (event: StatelyInspectionEvent) => void,
  options: RedactionOptions = {},
): Inspection {
  return attach(actor, send, createRedaction(options))
}

const isWebSocketUrl = (url: string) => /^wss?:[^#]+$/i.test(url) && URL.canParse(url)

function originOf(url: string, base: string): string {
  const { origin } = URL.canParse(url, base) ? new URL(url, base) : { origin: 'null' }
  return origin === 'null'
    ? refuse('url', 'must be http or https, so that only its origin gets to see anything')
    : origin
}

function refuse(option: string, problem: string): never {
  throw new PortalError(
    clientFailure('option', 'config', { field: option }),
    `postlogin/inspect: ${option}: ${problem}`,
  )
}
