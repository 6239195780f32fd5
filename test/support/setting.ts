import { createMachines, createPortalApi, type Failure, type Machines, type PortalApiOptions } from 'postlogin'
import { createFakePortal, type FakePortalOptions, settled } from 'postlogin/testing'
import { onTestFinished } from 'vitest'
import { type AnyActorRef, createActor } from 'xstate'
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
   * Nothing that is still at work is silent for so long, in ms of real time: what then hangs is let run into its time-out. The
   * first key pair of a process takes a while.
   */
  readonly quietMs?: number
}

/** Made while the user reads, at a moment that no test cares about. */
const handshake: ReadonlySet<unknown> = new Set(['getChannelKey', 'openChannel', 'closeChannel'])

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

  /** Until the promise is settled; the quick retries' waits pass meanwhile, and time-outs where nothing else moves. */
  async function patiently<Result>(promise: Promise<Result>): Promise<Result> {
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
  const rest = (actor: AnyActorRef) => patiently(settled(actor))

  /** Until no wait is left that ends by itself: the clock moves to the end of each. */
  async function waitOut(actor: AnyActorRef) {
    for (;;) {
      await rest(actor)
      const waiting = coolingDown(actor)
      if (waiting === undefined) return actor.getSnapshot()
      await clock.advance(Math.max(1, (waiting.context.failure?.retryAt ?? 0) - clock.now()))
    }
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

  return { clock, portal, api, machines, patiently, rest, waitOut, start, tell, requestsSince }
}

/** The machine that cools down, of this one and those below. */
function coolingDown(actor: AnyActorRef): Waiting | undefined {
  const snapshot = actor.getSnapshot() as Waiting
  if (snapshot.status !== 'active' || snapshot.hasTag === undefined) return undefined
  if (snapshot.hasTag('coolingDown')) return snapshot
  const children = Object.values(snapshot.children ?? {}) as AnyActorRef[]
  return children.map(coolingDown).find((waiting) => waiting !== undefined)
}

interface Waiting {
  readonly status: string
  readonly context: { readonly failure: Failure | null }
  readonly children?: object
  hasTag?(tag: string): boolean
}

// The channel's key pair is made once for a process and takes a while on a busy machine: here, where nothing waits for it.
const { fetch, account } = createFakePortal()
const { ok: isWarm } = await fetch('https://portal.example/web/v1/secure-channel/public-key', {
  headers: {
    'Content-Type': 'application/json',
    'X-PORTAL-ACCESS-CODE': account.portalAccessCode,
    'X-Client-Hash': account.clientHash ?? '',
    'X-Request-Id': crypto.randomUUID(),
  },
})
if (!isWarm) throw new Error('The key pair was not made: the portal refused to show the key')

export type Setting = ReturnType<typeof createSetting>
type ActorOf<Name extends keyof Machines> = ReturnType<typeof createActor<Machines[Name]>>
