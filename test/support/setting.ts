import { createMachines, createPortalApi, type Machines, type PortalApiOptions } from 'postlogin'
import { createFakePortal, type FakePortalOptions, settled } from 'postlogin/testing'
import { onTestFinished } from 'vitest'
import { type AnyActorRef, createActor } from 'xstate'
import { TestClock, turn } from './test-clock.ts'

/** The start of a TOTP step, so that a code stays good for a while. */
export const NOON = Date.UTC(2026, 10, 24, 12)

/** Longer than the quick retries of a read take together, shorter than anything that a user waits for. */
const SHORT_WAITS_MS = 2_000

export interface SettingOptions {
  readonly portal?: FakePortalOptions
  readonly api?: Partial<PortalApiOptions>
}

/** Made while the user reads, at a moment that no test cares about. */
const handshake: ReadonlySet<unknown> = new Set(['getChannelKey', 'openChannel', 'closeChannel'])

/** One fake portal, the real adapter and the real machines on one clock. */
export function createSetting({ portal: portalOptions = {}, api: apiOptions = {} }: SettingOptions = {}) {
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

  /** Until nothing is busy any more; the quick retries' waits pass meanwhile. */
  async function rest(actor: AnyActorRef) {
    let isOver = false
    const whenSettled = settled(actor).finally(() => {
      isOver = true
    })
    // Heard below: without this, a rejection that comes before would count as unhandled.
    whenSettled.catch(() => undefined)
    while (!isOver) {
      await turn()
      await clock.passShortWaits(SHORT_WAITS_MS)
    }
    await whenSettled
  }

  /** Starts one of the machines and waits until it rests. */
  async function start<Name extends keyof Machines>(name: Name, input?: object) {
    const actor = createActor(machines[name], { input } as never).start() as ActorOf<Name>
    onTestFinished(() => void actor.stop())
    await rest(actor)
    return actor
  }

  /** Sends an event and waits until the machine rests again. */
  async function tell<Actor extends AnyActorRef>(actor: Actor, event: Parameters<Actor['send']>[0]) {
    actor.send(event)
    await rest(actor)
    return actor.getSnapshot() as ReturnType<Actor['getSnapshot']>
  }

  /** The operations that arrived at the portal since the last call, the channel's handshake apart. */
  let seen = 0
  function requestsSince() {
    const requests = portal.requests.slice(seen)
    seen = portal.requests.length
    return requests.map(({ operation }) => operation).filter((operation) => !handshake.has(operation))
  }

  return { clock, portal, api, machines, rest, start, tell, requestsSince }
}

export type Setting = ReturnType<typeof createSetting>
type ActorOf<Name extends keyof Machines> = ReturnType<typeof createActor<Machines[Name]>>
