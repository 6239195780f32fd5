import { createMachines, createPortalApi, type PortalApiOptions, settled } from 'postlogin'
import { createFakePortal, type FakePortalOptions } from 'postlogin/testing'
import type { AnyActorRef } from 'xstate'
import { createDriver } from './driver.ts'
import './key-pair.ts'
import { PATIENCE_MS } from './patience.ts'
import { TestClock, turn } from './test-clock.ts'

/** The start of a TOTP step, so that a code stays good for a while. */
export const NOON = Date.UTC(2026, 10, 24, 12)

/** Longer than the quick retries of a read take together, shorter than anything that a user waits for. */
const SHORT_WAITS_MS = 2_000

/** The adapter's own default. */
export const REQUEST_TIME_OUT_MS = 10_000

export interface SettingOptions {
  readonly portal?: FakePortalOptions
  readonly api?: Partial<PortalApiOptions>
  /**
   * Nothing that is still at work is silent for so long, in ms of real time: what then hangs is let run into its timeout. The
   * first key pair of a process takes a while.
   */
  readonly quietMs?: number
}

/** One fake portal, the real adapter and the real machines on one clock. */
export function createSetting({
  portal: portalOptions = {},
  api: apiOptions = {},
  quietMs = 3_000,
}: SettingOptions = {}) {
  const clock = new TestClock(NOON)
  const portal = createFakePortal({ clock, ...portalOptions })
  const { portalAccessCode, clientHash } = portal.account
  const api = createPortalApi({
    baseUrl: 'https://portal.example/prometheus',
    portalAccessCode,
    clientHash,
    accessToken: () => portal.account.accessToken,
    secureChannel: portalOptions.secureChannel ?? 'binary',
    fetch: portal.fetch,
    clock,
    ...apiOptions,
  })
  const machines = createMachines(api, { clock })

  /** Until the promise is settled; the quick retries' waits pass meanwhile, and timeouts where nothing else moves. */
  async function whileTimePasses<Result>(promise: Promise<Result>): Promise<Result> {
    let isOver = false
    const settle = () => {
      isOver = true
    }
    promise.then(settle, settle)
    let quietSince = performance.now()
    let sent = portal.requests.length
    while (!isOver) {
      await turn()
      await clock.passShortWaits(SHORT_WAITS_MS)
      if (portal.requests.length !== sent) {
        sent = portal.requests.length
        quietSince = performance.now()
      } else if (performance.now() - quietSince > quietMs) {
        await clock.passShortWaits(REQUEST_TIME_OUT_MS + 1)
        quietSince = performance.now()
      }
    }
    return promise
  }

  /** Until nothing is busy any more. */
  const rest = (actor: AnyActorRef) => whileTimePasses(settled(actor, { timeoutMs: PATIENCE_MS }))

  return { clock, portal, api, machines, whileTimePasses, rest, ...createDriver({ portal, machines, clock, rest }) }
}

export type Setting = ReturnType<typeof createSetting>
