import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPortalTime } from '../../src/api/portal-time.ts'
import { TestClock } from '../support/test-clock.ts'
import { createSetting, failureOf, NOON, refusal, type StubReply, success } from './stub-portal.ts'

const HOUR_MS = 3_600_000
const withTimestamp = (timestamp: unknown, data: unknown = []) => ({ json: { code: '2000', timestamp, data } })
const withDate = (at: number): StubReply => ({ ...success([]), headers: { Date: new Date(at).toUTCString() } })

const offsetAfter = async (...replies: StubReply[]) => {
  const { api } = createSetting(replies)
  for (const _ of replies) await api.listSessions().catch(() => {})
  return api.clockOffset()
}

describe('the offset', () => {
  it.each<[string, StubReply, number]>([
    ['nothing', success([]), 0],
    ['a timestamp an hour ahead', withTimestamp(NOON + HOUR_MS), HOUR_MS],
    ['a timestamp an hour behind', withTimestamp(NOON - HOUR_MS), -HOUR_MS],
    ['a timestamp less than a second off', withTimestamp(NOON + 900), 0],
    ['a timestamp that is none', withTimestamp('2026'), 0],
    ['a timestamp before all time', withTimestamp(-1), 0],
    ['a date an hour ahead', withDate(NOON + HOUR_MS), HOUR_MS + 500],
    ['a date a second off', withDate(NOON - 1_000), 0],
    ['a date that is none', { ...success([]), headers: { Date: 'today' } }, 0],
    ['a date that only a lenient reader takes for one', { ...success([]), headers: { Date: 'foo 5' } }, 0],
    [
      'a timestamp rather than a date',
      { ...withTimestamp(NOON + HOUR_MS), headers: { Date: new Date(0).toUTCString() } },
      HOUR_MS,
    ],
    ['the date of a stranger', { text: '<html>', headers: { Date: new Date(0).toUTCString() } }, 0],
    ['a refusal', refusal(403, 'X', { timestamp: NOON + HOUR_MS }), HOUR_MS],
    ['no content', { status: 204, headers: { Date: new Date(NOON + HOUR_MS).toUTCString() } }, HOUR_MS + 500],
  ])('learnt from %s', async (_, reply, expected) => {
    expect(await offsetAfter(reply)).toBe(expected)
  })

  it('stays where it differs by little from read to read', async () => {
    expect(await offsetAfter(withTimestamp(NOON + HOUR_MS), withTimestamp(NOON + HOUR_MS + 900))).toBe(HOUR_MS)
    expect(await offsetAfter(withTimestamp(NOON + HOUR_MS), withDate(NOON + HOUR_MS - 999))).toBe(HOUR_MS)
    expect(await offsetAfter(withTimestamp(NOON + 1_100), withTimestamp(NOON + 900))).toBe(1_100)
  })

  it('follows a clock that is put right', async () => {
    expect(await offsetAfter(withTimestamp(NOON + HOUR_MS), withTimestamp(NOON + 10))).toBe(0)
    expect(await offsetAfter(withTimestamp(NOON + HOUR_MS), withTimestamp(NOON + 2 * HOUR_MS))).toBe(2 * HOUR_MS)
  })

  it('is not made of latency', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ out: fc.nat(20_000), back: fc.nat(20_000) }), { minLength: 1 }),
        fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }),
        fc.constantFrom(0 as const, 1_000 as const),
        (exchanges, actual, resolutionMs) => {
          const time = createPortalTime(new TestClock(NOON))
          for (const { out, back } of exchanges) {
            const written = NOON + out + actual
            const portalTime = resolutionMs === 0 ? written : Math.floor(written / 1000) * 1000
            time.learn({ sentAt: NOON, receivedAt: NOON + out + back, portalTime, resolutionMs })
            // Never further off than the longest exchange explains.
            const longest = Math.max(...exchanges.map((exchange) => exchange.out + exchange.back))
            expect(Math.abs(time.offset() - actual)).toBeLessThanOrEqual(longest + 1_500 + resolutionMs)
          }
        },
      ),
    )
  })

  it('stays 0 for a clock that is right, however slow the portal is', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ out: fc.nat(30_000), back: fc.nat(30_000) })), (exchanges) => {
        const time = createPortalTime(new TestClock(NOON))
        for (const { out, back } of exchanges) {
          time.learn({ sentAt: NOON, receivedAt: NOON + out + back, portalTime: NOON + out, resolutionMs: 0 })
        }
        expect(time.offset()).toBe(0)
      }),
    )
  })
})

describe('times in results', () => {
  const row = {
    bizId: 'I',
    workspaceBizId: 'W',
    workspaceName: 'x',
    inviterName: 'x',
    invitationStatus: { code: 'PENDING' },
  }
  const invitations = (timestamp: number) =>
    withTimestamp(timestamp, [{ ...row, expiresAt: new Date(NOON + HOUR_MS + 60_000).toISOString() }])

  it('are on the host’s clock from the first reply on', async () => {
    const { api } = createSetting(invitations(NOON + HOUR_MS))
    expect(await api.listInvitations()).toMatchObject([
      { expiresAt: NOON + 60_000, status: 'PENDING', canAccept: true },
    ])
  })

  it('do not shift from read to read', async () => {
    const { api } = createSetting([0, 400, -700, 950].map((jitter) => invitations(NOON + HOUR_MS + jitter)))
    const times = new Set<number | null | undefined>()
    for (let i = 0; i < 4; i++) times.add((await api.listInvitations())[0]?.expiresAt)
    expect(times).toEqual(new Set([NOON + 60_000]))
  })

  it('decide what has expired by the portal’s clock', async () => {
    const { api } = createSetting(invitations(NOON + HOUR_MS + 60_000))
    expect(await api.listInvitations()).toMatchObject([{ status: 'EXPIRED', canAccept: false }])
  })

  it('learn from failures as well', async () => {
    const { api } = createSetting([refusal(404, 'X', { timestamp: NOON + HOUR_MS }), invitations(NOON + HOUR_MS)])
    await failureOf(api.listInvitations())
    expect(await api.listInvitations()).toMatchObject([{ expiresAt: NOON + 60_000 }])
  })
})
