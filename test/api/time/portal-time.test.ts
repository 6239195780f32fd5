import fc from 'fast-check'
import { createFakePortal } from 'postlogin/testing'
import { describe, expect, it } from 'vitest'
import { createPortalApi } from '../../../src/api/index.ts'
import { createPortalTime, portalStamp } from '../../../src/api/time/portal-time.ts'
import { dialectValues } from '../../../src/testing/behavior.ts'
import { TestClock } from '../../support/test-clock.ts'
import { createSetting, failureOf, NOON, refusal, type StubReply, success } from '../stub-portal.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
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
  ])('learned from %s', async (_, reply, expected) => {
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
            const at = resolutionMs === 0 ? written : Math.floor(written / 1000) * 1000
            const timestamp = { at, resolutionMs }
            time.learn({ sentAt: NOON, receivedAt: NOON + out + back, timestamp, date: null })
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
          const timestamp = { at: NOON + out, resolutionMs: 0 as const }
          time.learn({ sentAt: NOON, receivedAt: NOON + out + back, timestamp, date: null })
        }
        expect(time.offset()).toBe(0)
      }),
    )
  })
})

const withBoth = (timestamp: unknown, date: number, headers: Record<string, string> = {}): StubReply => ({
  ...withTimestamp(timestamp),
  headers: { Date: new Date(date).toUTCString(), ...headers },
})

describe('a timestamp', () => {
  it.each<[string, (at: number) => unknown]>([
    ['in seconds', (at) => at / 1000],
    ['in seconds with a fraction', (at) => at / 1000 + 0.001],
    ['in microseconds', (at) => at * 1e3],
    ['in nanoseconds', (at) => at * 1e6],
    ['in digits of a string', String],
    ['in ISO 8601', (at) => new Date(at).toISOString()],
  ])('%s is the time that it means, with a Date or without', async (_, written) => {
    for (const away of [0, HOUR_MS, -3 * DAY_MS]) {
      const at = NOON + away
      for (const reply of [withTimestamp(written(at)), withBoth(written(at), at)]) {
        expect(Math.abs((await offsetAfter(reply)) - away)).toBeLessThanOrEqual(500)
      }
    }
  })

  it.each<[string, unknown]>([
    ['stale by days', NOON - 3 * DAY_MS],
    ['in the zone of another continent', NOON + 8 * HOUR_MS],
    ['in a zone of half an hour', NOON - HOUR_MS / 2],
    ['ahead by years', NOON + 4_000 * DAY_MS],
    ['of the first day of .NET', -62_135_596_800_000],
    ['of 1970', 1],
    ['of 9e15', 9e15],
    ['no number', 'today'],
    ['a list', [2026, 11, 24, 12, 0]],
  ])('%s is not believed against the Date', async (_, timestamp) => {
    expect(await offsetAfter(withBoth(timestamp, NOON))).toBe(0)
    // Nor where the host's clock is wrong as well.
    expect(await offsetAfter(withBoth(timestamp, NOON + 5 * DAY_MS))).toBe(5 * DAY_MS + 500)
  })

  it('is believed against the Date of a server whose clock is off, where the host’s bears it out', async () => {
    for (const date of [NOON - 3 * DAY_MS, NOON + HOUR_MS]) {
      expect(await offsetAfter(withBoth(NOON + 60_000, date))).toBe(60_000)
    }
  })

  it('is the finer of two that agree', async () => {
    expect(await offsetAfter(withBoth(NOON + HOUR_MS + 7, NOON + HOUR_MS + 60_000))).toBe(HOUR_MS + 7)
  })

  it('is all that a page of another origin sees: a host’s clock that is off by days is put right', async () => {
    expect(await offsetAfter(withTimestamp(NOON + 3 * DAY_MS))).toBe(3 * DAY_MS)
  })

  it('that no clock could show leaves what was known', async () => {
    expect(await offsetAfter(withDate(NOON + HOUR_MS), withTimestamp(-62_135_596_800_000))).toBe(HOUR_MS + 500)
  })
})

describe('a timestamp that stands still', () => {
  const staleReply = withTimestamp(NOON - 3 * DAY_MS)

  async function offsets(...replies: StubReply[]) {
    const { api, clock } = createSetting(replies)
    const learned: number[] = []
    for (const _ of replies) {
      await api.listSessions()
      learned.push(api.clockOffset())
      await clock.advance(10_000)
    }
    return learned
  }

  it('is found out by the second reply, and what came of it is forgotten', async () => {
    expect(await offsets(staleReply, staleReply, staleReply)).toEqual([-3 * DAY_MS, 0, 0])
  })

  it('does not undo what another reply taught', async () => {
    const live = (seconds: number) => withTimestamp(NOON + HOUR_MS + seconds * 1000)
    expect(await offsets(staleReply, live(10), staleReply, live(30))).toEqual([-3 * DAY_MS, HOUR_MS, HOUR_MS, HOUR_MS])
  })

  it('is found out between two that take turns', async () => {
    const other = withTimestamp(NOON - 5 * DAY_MS)
    const last = (await offsets(staleReply, other, staleReply, other, staleReply, other)).slice(3)
    expect(last).toEqual([0, 0, 0])
  })

  it('leaves the word to the Date', async () => {
    const at = (seconds: number) => withBoth(NOON, NOON + HOUR_MS + seconds * 1000)
    expect(await offsets(at(0), at(10), at(20))).toEqual([0, HOUR_MS + 500, HOUR_MS + 500])
  })

  it('is not what one is that two replies of the same moment share', async () => {
    const reply = withTimestamp(NOON + HOUR_MS)
    expect(await offsetAfter(reply, reply, reply)).toBe(HOUR_MS)
  })
})

describe('a reply out of a cache', () => {
  it('teaches nothing: it says when it was written, not what time it is', async () => {
    const old = withBoth(NOON - 3 * DAY_MS, NOON - 3 * DAY_MS, { Age: '259200' })
    expect(await offsetAfter(old)).toBe(0)
    expect(await offsetAfter(withTimestamp(NOON + HOUR_MS), old)).toBe(HOUR_MS)
  })

  it('is not one that was fetched just now', async () => {
    expect(await offsetAfter(withBoth(NOON + HOUR_MS, NOON + HOUR_MS, { Age: '0' }))).toBe(HOUR_MS)
  })
})

describe('whose word counts', () => {
  const at = fc.integer({ min: NOON - 1_000 * DAY_MS, max: NOON + 1_000 * DAY_MS })
  const stamp = at.map((at) => ({ at, resolutionMs: 0 as const }))
  const close = (a: number, b: number) => Math.abs(a - b) <= 5 * 60_000

  it('is one of the two, and the only one where there is one', () => {
    fc.assert(
      fc.property(fc.option(stamp), fc.option(stamp), at, (timestamp, date, receivedAt) => {
        const chosen = portalStamp({ timestamp, date, receivedAt })
        expect([timestamp, date]).toContain(chosen)
        if (timestamp === null || date === null) expect(chosen).toBe(timestamp ?? date)
      }),
    )
  })

  it('is never the timestamp’s against both other clocks, and always with one of them', () => {
    const near = fc.integer({ min: -10 * 60_000, max: 10 * 60_000 })
    fc.assert(
      fc.property(stamp, fc.oneof(at, near), fc.oneof(at, near), (timestamp, toDate, toHost) => {
        const date = { at: timestamp.at + toDate, resolutionMs: 1000 as const }
        const receivedAt = timestamp.at + toHost
        const isBorneOut = close(timestamp.at, date.at) || close(timestamp.at, receivedAt)
        expect(portalStamp({ timestamp, date, receivedAt })).toBe(isBorneOut ? timestamp : date)
      }),
    )
  })
})

describe('a portal whose clock goes', () => {
  it('is never taken for one that stands still, however replies overlap', () => {
    const exchange = fc.record({
      pause: fc.integer({ min: -5_000, max: 5_000 }),
      out: fc.nat(9_000),
      back: fc.nat(9_000),
    })
    fc.assert(
      fc.property(fc.array(exchange, { minLength: 1 }), fc.constantFrom(1, 1_000), (exchanges, unit) => {
        const time = createPortalTime(new TestClock(NOON))
        let sentAt = NOON
        for (const { pause, out, back } of exchanges) {
          sentAt += pause
          const at = Math.floor((sentAt + out) / unit) * unit + 3 * DAY_MS
          const timestamp = { at, resolutionMs: unit === 1 ? (0 as const) : (1000 as const) }
          time.learn({ sentAt, receivedAt: sentAt + out + back, timestamp, date: null })
          expect(time.offset()).not.toBe(0)
        }
      }),
    )
  })
})

describe('the fake portal’s clock', () => {
  it.each(dialectValues.timestamp)(
    'is learned from timestamps of the kind %s, the host’s three days off',
    async (kind) => {
      const clock = new TestClock(NOON)
      const portalClock = new TestClock(NOON - 3 * DAY_MS)
      const portal = createFakePortal({ clock: portalClock, dialect: { timestamp: kind } })
      const { portalAccessCode, clientHash, accessToken } = portal.account
      const baseUrl = 'https://portal.example'
      const parts = {
        baseUrl,
        portalAccessCode,
        clientHash,
        accessToken: () => accessToken,
        fetch: portal.fetch,
        clock,
      }
      const api = createPortalApi(parts)
      for (let i = 0; i < 3; i++) {
        await api.listSessions()
        expect(Math.abs(api.clockOffset() + 3 * DAY_MS)).toBeLessThanOrEqual(1_000)
        for (const each of [clock, portalClock]) await each.advance(60_000)
      }
    },
  )
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
