import { describe, expect, test } from 'vitest'
import { issueTicket, spendTicket, type Ticket } from '../../src/domain/ticket.ts'

describe('a ticket', () => {
  test('is spent once', () => {
    const ticket = issueTicket()
    expect(spendTicket(ticket)).toBe(true)
    expect(spendTicket(ticket)).toBe(false)
    expect(spendTicket(ticket)).toBe(false)
  })

  test('does not spend another one', () => {
    const [first, second] = [issueTicket(), issueTicket()]
    expect(spendTicket(first)).toBe(true)
    expect(spendTicket(second)).toBe(true)
  })

  test.each<[string, (ticket: Ticket) => Ticket]>([
    ['a spread copy', (ticket) => ({ ...ticket })],
    ['a clone', (ticket) => structuredClone(ticket)],
    ['what came back from storage', (ticket) => JSON.parse(JSON.stringify(ticket))],
    ['one that inherits from it', (ticket) => Object.create(ticket)],
  ])('%s is refused, and leaves it unspent', (_, copy) => {
    const ticket = issueTicket()
    expect(copy(ticket).requestId).toBe(ticket.requestId)
    expect(spendTicket(copy(ticket))).toBe(false)
    expect(spendTicket(ticket)).toBe(true)
  })

  test.each([[null], [undefined], ['ticket'], [{}]])('%j is no ticket', (value) => {
    expect(spendTicket(value as Ticket | null | undefined)).toBe(false)
  })

  test('has a request id of its own, a UUID that cannot be changed', () => {
    const ticket = issueTicket()
    expect(ticket.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(issueTicket().requestId).not.toBe(ticket.requestId)
    expect(() => Object.assign(ticket, { requestId: 'another' })).toThrow(TypeError)
  })
})
