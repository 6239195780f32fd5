import { setTimeout as pause } from 'node:timers/promises'
import { createFakePortal, createFakePortals, type FakePortal, servePortal } from 'postlogin/testing'
import type { Flows } from './flows.ts'
import type { Shown } from './host.ts'
import { newcomer } from './users.ts'

/** Fake portals of many accounts behind one server on the loopback interface; `around` sees each request come and go. */
export async function openPortals(around = (answer: () => Promise<Response>, _requestId: string | null) => answer()) {
  const portals = createFakePortals((account) => createFakePortal({ account: { accessToken: `token-of-${account}` } }))
  const server = await servePortal({
    fetch(input, init) {
      const request = new Request(input, init)
      return around(() => portals.fetch(request), request.headers.get('X-Request-Id'))
    },
  })
  const { portalAccessCode, clientHash } = createFakePortal().account
  return {
    portal: portals.portal,
    settings: { portalUrl: server.url, portalAccessCode, clientHash },
    close: server.close,
  }
}

/** How often a user looks whether something has changed, in ms. */
const LOOK_MS = 250

/** What happens on the way. */
export interface Onboarding {
  /** After each thing that the user did. */
  onAct?(shown: Shown): void
}

/** The user signs in, and does what is still to do, until the flow has ended. Where a worker is lost, the user looks and tries again. */
export async function onboard(flows: Flows, subject: string, portal: FakePortal, { onAct }: Onboarding = {}) {
  const look = () => pause(LOOK_MS).then(() => untilAnswered(() => flows.screen(subject)))
  let shown = await untilAnswered(() => flows.begin(subject, portal.account.accessToken))
  while (shown.output === null) {
    const action = await newcomer(shown.screen, portal)
    shown = await (action === null ? look() : flows.act(subject, action).then(noted, look))
  }
  return shown.output

  function noted(now: Shown) {
    onAct?.(now)
    return now
  }
}

async function untilAnswered<Value>(call: () => Promise<Value>): Promise<Value> {
  for (let tries = 0; ; tries++) {
    try {
      return await call()
    } catch (thrown) {
      if (tries === 200) throw thrown
      await pause(LOOK_MS)
    }
  }
}
