import type { Fetch } from '../api/index.ts'
import type { TracedOperation, TraceHook } from '../api/transport/trace.ts'

/** A reply as it came, once for each attempt. */
export interface Observation {
  readonly operation: TracedOperation
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Did the request name a session of the secure channel? */
  readonly namesSession: boolean
}

/** Sees every reply that the adapter gets. What is observed stays here: a report quotes forms and codes, never a value. */
export interface Observer {
  readonly fetch: Fetch
  readonly onRequest: TraceHook
  readonly observations: readonly Observation[]
}

/** `fetch` says what came, `onRequest` what for: one after the other for each request. */
export function createObserver(fetch: Fetch): Observer {
  const observations: Observation[] = []
  const unnamed = new Map<string, Omit<Observation, 'operation'>>()
  return {
    observations,
    async fetch(input, init) {
      const headers = input instanceof Request ? input.headers : new Headers(init?.headers)
      const response = await fetch(input, init)
      const bytes = new Uint8Array(await response.clone().arrayBuffer())
      unnamed.set(headers.get('X-Request-Id') ?? '', {
        status: response.status,
        headers: response.headers,
        bytes,
        namesSession: headers.has('X-Secure-Channel-Session-Id'),
      })
      return response
    },
    onRequest({ operation, requestId }) {
      const reply = unnamed.get(requestId)
      unnamed.delete(requestId)
      if (reply !== undefined) observations.push({ operation, ...reply })
    },
  }
}
