import type { FailureKind } from '../../domain/failure.ts'
import type { Operation } from '../../domain/portal-api.ts'

/** What a request does: the method of `PortalApi`, or one of the secure channel's own requests. */
export type TracedOperation = Operation | 'getChannelKey' | 'openChannel' | 'closeChannel'

/** One request that was sent and what came of it. Nothing in it is secret or names a person: no body, no header, no id of the portal's. */
export interface RequestTrace {
  readonly operation: TracedOperation
  readonly method: 'GET' | 'POST'
  /** Without the base URL and with the names of ids in place of them: `/web/v1/system/workspaces/{workspaceBizId}/default`. */
  readonly pathTemplate: string
  /** Null where no whole reply came. */
  readonly status: number | null
  /** Epoch ms, the host's clock. */
  readonly startedAt: number
  /** Until the whole reply was understood, or given up. */
  readonly durationMs: number
  /** 1, and one more each time that the same request is repeated: on a lost connection, with a new token or channel session. */
  readonly attempt: number
  /** The `X-Request-Id`, the same in all attempts. */
  readonly requestId: string
  /** Null: it succeeded. `aborted`: the caller gave it up, so it says nothing about the portal. */
  readonly failureKind: FailureKind | 'aborted' | null
}

/** Hears of each request when it ends. What it throws or rejects with is dropped. */
export type TraceHook = (trace: RequestTrace) => void

/** Whatever the hook does, the request goes on. */
export function emitTrace(hook: TraceHook | null, trace: RequestTrace): void {
  if (hook === null) return
  // One that is async rejects instead of throwing; here both are the same.
  const heard = (async () => hook(trace))()
  heard.catch(() => {})
}
