import type { PortalOperation } from '../endpoints/routes.ts'
import { type OpenRequest, type PortalRequest, snapshot } from '../http/requests.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { checkFault } from './fault-schema.ts'

/** What goes wrong with a request. */
export type Fault =
  /** It never arrives, and the caller sees a network error. */
  | 'loseRequest'
  /** It is processed, and then the caller sees a network error. */
  | 'loseReply'
  /** It is processed; the reply is not JSON. */
  | 'malformed'
  /** It is processed; the reply is JSON of another shape. */
  | 'wrongShape'
  /** It is processed; the reply that was to be encrypted is sent plain. */
  | 'unencrypted'
  /** It is carried out twice, and the second reply returned: a client, or a proxy, has sent it again by itself. */
  | 'resent'
  /** It is not processed and never answered, until the caller gives up. */
  | 'hang'
  /** It is processed and never answered, until the caller gives up. */
  | 'hangReply'
  /**
   * It is processed; the reply's headers and half of its body come, the rest does not, until the caller gives up. Of a reply without
   * a body nothing comes.
   */
  | 'stallBody'
  | StatusFault
  | DelayFault
  | LateFault
  | RateLimitFault

/** It is answered with this status, and not processed unless `process` says so. */
export interface StatusFault {
  readonly status: number
  /** Default: the usual code of that status. With a status below 300 this makes a refusal that comes as a success. */
  readonly code?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is, instead of the envelope. */
  readonly body?: string
  /** Process it first, then answer like this all the same. Default false. */
  readonly process?: boolean
}

/** It takes this long on the clock, in ms: before it is answered (default), or before it is even processed. */
export interface DelayFault {
  /** In ms on the clock. */
  readonly delayMs: number
  readonly before?: 'processing' | 'reply'
}

/**
 * It is processed so long after it arrived, in ms on the clock, although nobody waits for it any more: a proxy has answered at once
 * with the status of `answer`, the connection was `lost`, or the caller gave up on a portal that `never` answers.
 */
export interface LateFault {
  /** How long after its arrival it is processed, in ms on the clock. */
  readonly landsAfterMs: number
  readonly answer: number | 'lost' | 'never'
}

/** It is not processed and answered with 429. A number is in seconds; a text is sent as it is. */
export interface RateLimitFault {
  readonly retryAfter: number | string
}

/** Which requests a fault hits: those of an operation, those that fit a pattern, or whatever a function says. */
export type FaultMatch = PortalOperation | RequestPattern | ((request: PortalRequest) => boolean)

/** At least one of its parts has to be there. */
export interface RequestPattern {
  /** In capitals. */
  readonly method?: string
  /** From `/web/v1/` on. */
  readonly path?: string | RegExp
}

/** How often a fault strikes. */
export interface FaultOptions {
  /** How many requests are hit. Default 1; `Infinity` for all until the fault is removed. */
  readonly times?: number
}

interface Armed {
  readonly match: FaultMatch
  readonly fault: Fault
  left: number
}

/** The faults that are yet to strike, oldest first. */
export class Faults {
  readonly #armed: Armed[] = []
  readonly #operations: ReadonlySet<string>

  /** `operations`: those that this portal has. */
  constructor(operations: Iterable<PortalOperation>) {
    this.#operations = new Set(operations)
  }

  /** Returns what removes it again. Throws a `TypeError` on what is no fault or no match. */
  add(match: FaultMatch, fault: Fault, options: FaultOptions): () => void {
    checkFault(match, fault, options, this.#operations)
    const entry = { match, fault: withoutUndefined(fault), left: options.times ?? 1 }
    this.#armed.push(entry)
    return () => this.#remove(entry)
  }

  /** The fault that strikes this request, if any; it is used up by that. */
  take(request: OpenRequest): Fault | null {
    const entry = this.#armed.find(({ match }) => hits(match, request))
    if (entry === undefined) return null
    entry.left -= 1
    if (entry.left <= 0) this.#remove(entry)
    return entry.fault
  }

  #remove(entry: Armed): void {
    const index = this.#armed.indexOf(entry)
    if (index >= 0) this.#armed.splice(index, 1)
  }
}

/** Is this one of the requests that are meant? */
export function hits(match: FaultMatch, request: OpenRequest): boolean {
  if (typeof match === 'string') return match === request.operation
  if (typeof match === 'function') return match(snapshot(request))
  const { method, path } = match
  if (method !== undefined && method !== request.method) return false
  if (path === undefined) return true
  // Unlike `test`, `search` begins at the start each time, global patterns included.
  return typeof path === 'string' ? path === request.path : request.path.search(path) >= 0
}

/** The fault as the kind with details that it is, if it is one. */
export function detailsOf(fault: Fault | null): {
  readonly imposedStatus: StatusFault | null
  readonly lateness: DelayFault | null
  readonly lateLanding: LateFault | null
  readonly rateLimit: RateLimitFault | null
} {
  const none = { imposedStatus: null, lateness: null, lateLanding: null, rateLimit: null }
  if (fault === null || typeof fault === 'string') return none
  if ('status' in fault) return { ...none, imposedStatus: fault }
  if ('landsAfterMs' in fault) return { ...none, lateLanding: fault }
  return 'delayMs' in fault ? { ...none, lateness: fault } : { ...none, rateLimit: fault }
}

/** What the portal usually says with a status. */
export function usualCode(status: number): string {
  const codes: Readonly<Record<number, string>> = {
    401: '4010',
    403: 'ACCESS.PERMISSION_DENIED',
    429: 'AUTH.TOO_MANY_ATTEMPTS',
  }
  return codes[status] ?? (status < 500 ? '4000' : '5000')
}

/** A value of another shape than the one that was due. */
export function misshape(data: unknown): unknown {
  if (typeof data === 'number') return 'many'
  return { nonsense: true }
}
