import type { Clock } from '../domain/clock.ts'

/** When the portal wrote a reply, as it says itself, and when the host sent the request and got the reply (epoch ms). */
interface TimeSample {
  readonly sentAt: number
  readonly receivedAt: number
  readonly portalTime: number
  /** How much later than `portalTime` it may have been: the `Date` header drops the fraction of its second. */
  readonly resolutionMs: 0 | 1000
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
/** The `Date` header cannot tell less. */
const NOTICEABLE_BY_DATE_MS = 1_500

/** Starts with the clocks taken to agree. */
export function createPortalTime(clock: Clock): PortalTime {
  let offset = 0

  return {
    offset: () => offset,
    toHost: (portalTime) => portalTime - offset,
    now: () => clock.now(),
    learn({ sentAt, receivedAt, portalTime, resolutionMs }) {
      // The reply was written between sending and receiving, so the offset lies in between. One that does is kept.
      const least = portalTime - receivedAt
      const most = portalTime + resolutionMs - sentAt
      if (offset >= least && offset <= most) return
      const likely = Math.round((least + most) / 2)
      const noticeable = resolutionMs === 0 ? NOTICEABLE_MS : NOTICEABLE_BY_DATE_MS
      if (Math.abs(likely - offset) <= noticeable) return
      offset = Math.abs(likely) <= noticeable ? 0 : likely
    },
  }
}
