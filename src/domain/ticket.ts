import { randomUuid } from './uuid.ts'

/**
 * The right to send one write once. A write that is started again (a restored snapshot, a framework that stops and starts an
 * actor) holds a ticket that is spent, or a copy of one that this process never issued: it must not be sent.
 */
export interface Ticket {
  /** The `X-Request-Id` of this intent, the same on every repeat of it. */
  readonly requestId: string
}

const unspent = new WeakSet<Ticket>()

export function issueTicket(): Ticket {
  const ticket: Ticket = Object.freeze({ requestId: randomUuid() })
  unspent.add(ticket)
  return ticket
}

/** True the first time, for a ticket issued in this process; false ever after and for any copy. */
export function spendTicket(ticket: Ticket | null | undefined): boolean {
  return ticket != null && unspent.delete(ticket)
}
