import type { Clock } from '../../domain/clock.ts'
import { isOfOurDays, type Stamp } from './wire-time.ts'

/** When the portal wrote a reply, as it says itself, and when the host sent the request and got the reply (epoch ms). */
export interface TimeSample {
  readonly sentAt: number
  readonly receivedAt: number
  /** Of the envelope: the application's own clock. Null: none. */
  readonly timestamp: Stamp | null
  /** Of the `Date` header, which a page of another origin sees only where the portal exposes it. Null: none. */
  readonly date: Stamp | null
}

/** The portal's clock against the host's. */
export interface PortalTime {
  /** How far the portal's clock is ahead of the host's, in ms; 0 until a reply showed it. */
  offset(): number
  /** A time of the portal's on the host's clock. */
  toHost(portalTime: number): number
  /** Now, on the host's clock. */
  now(): number
  learn(sample: TimeSample): void
}

/** A difference below this is taken for latency: a row's times must not shift with each read. */
const NOTICEABLE_MS = 1_000
/** A clock in whole seconds cannot tell less. */
const NOTICEABLE_BY_SECONDS_MS = 1_500

/** Clocks that are kept at all agree within this. A time zone taken for another is off by more. */
const KEPT_WITHIN_MS = 5 * 60_000

/**
 * Whose word counts where a reply has both. The timestamp, as the application that judges the codes made it, if one other clock bears it
 * out: the `Date`, or the host's. Else the `Date`: every server has to send it, while a timestamp may come out of a cache, or in a zone
 * of its own. With one of them alone, that one: the host's clock may be off by days.
 */
export function portalStamp({ timestamp, date, receivedAt }: Omit<TimeSample, 'sentAt'>): Stamp | null {
  if (timestamp === null || date === null) return timestamp ?? date
  const isBorneOut = [date.at, receivedAt].some((at) => Math.abs(timestamp.at - at) <= KEPT_WITHIN_MS)
  return isBorneOut ? timestamp : date
}

/** Null for what no clock shows: 1970, the first day of .NET, 9999. */
const sane = (stamp: Stamp | null) => (stamp !== null && isOfOurDays(stamp.at) ? stamp : null)

/** How many timestamps are remembered, to know one again that does not go on. */
const REMEMBERED = 32

/** Starts with the clocks taken to agree. */
export function createPortalTime(clock: Clock): PortalTime {
  let offset = 0
  /** The timestamp that the offset was learned from. */
  let source: number | null = null
  /** When each timestamp came first. */
  const firstSeen = new Map<number, number>()

  /** Has it been in a reply that was there before this one was asked for? A clock would have gone on. */
  function standsStill({ at }: Stamp, { sentAt, receivedAt }: TimeSample): boolean {
    const seenAt = firstSeen.get(at) ?? receivedAt
    firstSeen.delete(at)
    firstSeen.set(at, seenAt)
    for (const oldest of firstSeen.keys()) {
      if (firstSeen.size <= REMEMBERED) break
      firstSeen.delete(oldest)
    }
    return sentAt - seenAt > NOTICEABLE_MS
  }

  return {
    offset: () => offset,
    toHost: (portalTime) => portalTime - offset,
    now: () => clock.now(),
    learn(sample) {
      const { sentAt, receivedAt } = sample
      const isFrozen = sample.timestamp !== null && standsStill(sample.timestamp, sample)
      const timestamp = isFrozen ? null : sane(sample.timestamp)
      const stamp = portalStamp({ timestamp, date: sane(sample.date), receivedAt })
      if (stamp === null) {
        // Nothing was learned from what is no clock.
        if (isFrozen && source === sample.timestamp?.at) offset = 0
        return
      }
      // The reply was written between sending and receiving, so the offset lies in between. One that does is kept.
      const least = stamp.at - receivedAt
      const most = stamp.at + stamp.resolutionMs - sentAt
      if (offset >= least && offset <= most) return
      const likely = Math.round((least + most) / 2)
      const noticeable = stamp.resolutionMs === 0 ? NOTICEABLE_MS : NOTICEABLE_BY_SECONDS_MS
      if (Math.abs(likely - offset) <= noticeable) return
      offset = Math.abs(likely) <= noticeable ? 0 : likely
      source = stamp === timestamp ? stamp.at : null
    },
  }
}
