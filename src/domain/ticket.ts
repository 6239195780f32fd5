import { randomUuid } from './uuid.ts'

/**
 * Permits one write to be sent once. A write that starts again (from a restored snapshot, or because a framework stops
 * and starts an actor) holds a spent ticket, or a copy of one, and is not sent.
 */
export interface Ticket {
  /** The `X-Request-Id` of the write, the same on every attempt. */
  readonly requestId: string
}

const unspent = new WeakSet<Ticket>()

/**
 * A ticket for one write, for the input of an actor that `fromWrite` made. Issue it in the `input` of the invoke.
 *
 * @example
 * ```ts
 * const input = () => ({ version: 3, ticket: issueTicket() })
 * input().ticket.requestId.length // => 36
 * ```
 */
export function issueTicket(): Ticket {
  const ticket: Ticket = Object.freeze({ requestId: randomUuid() })
  unspent.add(ticket)
  return ticket
}

/** True the first time, for a ticket issued in this process; false ever after and for any copy. */
export function spendTicket(ticket: Ticket | null | undefined): boolean {
  return ticket != null && unspent.delete(ticket)
}
