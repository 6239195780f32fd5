import { createMachines, createPortalApi, settled } from 'postlogin'
import {
  type AccountOverrides,
  createFakePortal,
  type Fault,
  type PortalOperation,
  servePortal,
} from 'postlogin/testing'
import { onTestFinished } from 'vitest'
import type { AnyActorRef } from 'xstate'
import { createDriver } from '../support/driver.ts'
import '../support/key-pair.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { openProxy, type ProxyName, READ_TIME_OUT_MS } from './proxies.ts'
import { SkippingClock } from './skipping-clock.ts'

/** How long after the proxy's answer a late request is carried out, in ms of real time. */
const LATE_BY_MS = 700

/** Slower than the proxy waits, which then answers 504; the portal knows nothing of that and goes on. */
const late: Fault = { landsAfterMs: READ_TIME_OUT_MS + LATE_BY_MS, answer: 'never' }

/** What came back for a request: an HTTP status, or null where the connection broke. */
interface Answer {
  readonly operation: string
  readonly status: number | null
}

/** One fake portal over HTTP, a real proxy in front of it, and the real adapter and the real machines on this side of both. */
export async function openProxied(name: ProxyName, account: AccountOverrides = {}) {
  const portal = createFakePortal({ account })
  const server = await servePortal(portal)
  onTestFinished(() => server.close())
  const proxy = await openProxy(name, server.url)
  onTestFinished(() => proxy.close())

  const clock = new SkippingClock()
  const answers: Answer[] = []
  const { portalAccessCode, clientHash } = portal.account
  const api = createPortalApi({
    baseUrl: `${proxy.url}/prometheus`,
    portalAccessCode,
    clientHash,
    accessToken: () => portal.account.accessToken,
    timeoutMs: PATIENCE_MS,
    clock,
    onRequest: ({ operation, status }) => void answers.push({ operation, status }),
  })
  onTestFinished(() => api.close())

  const landings: Promise<void>[] = []
  /** The next request for this is carried out after the proxy has given up. */
  function delay(operation: PortalOperation) {
    portal.fault((request) => {
      if (request.operation !== operation) return false
      landings.push(new Promise((resolve) => void portal.interject(operation, () => resolve(), { when: 'after' })))
      return true
    }, late)
  }

  const stage = {
    portal,
    machines: createMachines(api, { clock }),
    rest: (actor: AnyActorRef) => settled(actor, { timeoutMs: PATIENCE_MS }),
    clock: {
      now: clock.now,
      // The portal is late by the real time, which is sat out; what the machines wait for it beyond that is skipped.
      async advance(ms: number) {
        await Promise.all(landings)
        clock.skip(ms)
      },
    },
  }
  return { ...stage, ...createDriver(stage), answers, delay }
}
