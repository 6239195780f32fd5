import type { Failure, Machines } from 'postlogin'
import type { FakePortal } from 'postlogin/testing'
import { onTestFinished } from 'vitest'
import { type AnyActorRef, createActor } from 'xstate'

/** A portal, machines bound to it, and how time passes between the two. */
export interface Stage {
  readonly portal: FakePortal
  readonly machines: Machines
  /** `advance`: lets `ms` pass that nobody wants to sit out. */
  readonly clock: { now(): number; advance(ms: number): Promise<void> }
  /** Until nothing is busy any more. */
  rest(actor: AnyActorRef): Promise<unknown>
}

/** Made while the user reads, at a moment that no test cares about. */
const handshake: ReadonlySet<unknown> = new Set(['getChannelKey', 'openChannel', 'closeChannel'])

/** What tests do on a stage, one thing after the other. */
export function createDriver({ portal, machines, clock, rest }: Stage) {
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
  async function perform<Actor extends AnyActorRef>(actor: Actor, event: Parameters<Actor['send']>[0]) {
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

  return { waitOut, start, perform, requestsSince }
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

type ActorOf<Name extends keyof Machines> = ReturnType<typeof createActor<Machines[Name]>>
