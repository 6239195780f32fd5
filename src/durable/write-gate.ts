import { type PortalApi, type RequestOptions, writeOperations } from '../domain/portal-api.ts'
import type { WriteGate } from '../settled.ts'

/** An api whose writes are kept back until they may leave. */
export interface GatedApi<Api extends PortalApi = PortalApi> extends WriteGate {
  /** The api behind the gate: for `createMachines`. */
  readonly api: Api
  /** The same for a write of a service of your own, such as `fromWrite` takes. */
  readonly hold: Hold
  /** Lets the writes leave that are kept back now. Those to come are kept back again. */
  open(): void
}

/** Keeps a write back until it may leave. */
export type Hold = <Argument, Scope extends RequestOptions, Result>(
  write: (argument: Argument, scope: Scope) => Promise<Result>,
) => (argument: Argument, scope: Scope) => Promise<Result>

type Method = (input: object | undefined, options: RequestOptions) => Promise<unknown>

/**
 * Makes a closed gate for the writes of an api; reads pass. With `settled`, a flow can be stopped right before it changes
 * anything, which is how `createDurableHost` stores what is about to be written before it is.
 *
 * @example
 * ```ts
 * const gate = createWriteGate(api)
 * const inbox = createActor(createMachines(gate.api).invitations).start()
 * await settled(inbox, { gate })
 * const { invitationBizId } = inbox.getSnapshot().context.invitations[0]!
 * inbox.send({ type: 'invitation.accept', invitationBizId })
 * await settled(inbox, { gate }) // => 'wantsToWrite'
 * gate.open()
 * await settled(inbox, { gate }) // => 'rests'
 * ```
 */
export function createWriteGate<Api extends PortalApi>(api: Api): GatedApi<Api> {
  const held = new Set<() => void>()
  const listeners = new Set<() => void>()
  let underWay = 0

  function notify() {
    for (const listener of listeners) listener()
  }
  function count(change: 1 | -1) {
    underWay += change
    notify()
  }

  /** Until the gate opens; then it is under way. A write that nobody waits for any more never leaves. */
  const passage = (signal: AbortSignal | null | undefined) =>
    new Promise<void>((resolve, reject) => {
      const leave = () => {
        held.delete(leave)
        signal?.removeEventListener('abort', giveUp)
        count(1)
        resolve()
      }
      const giveUp = () => {
        held.delete(leave)
        notify()
        reject(signal?.reason)
      }
      signal?.throwIfAborted()
      signal?.addEventListener('abort', giveUp, { once: true })
      held.add(leave)
      notify()
    })

  /** Sends what is counted as under way already. */
  async function send<Argument, Scope extends RequestOptions, Result>(
    method: (argument: Argument, scope: Scope) => Promise<Result>,
    argument: Argument,
    scope: Scope,
  ) {
    let isDemanded = false
    const onStepUp = (isAsked: boolean) => {
      if (isAsked !== isDemanded) count(isAsked ? -1 : 1)
      isDemanded = isAsked
      scope.onStepUp?.(isAsked)
    }
    try {
      return await method(argument, { ...scope, onStepUp })
    } finally {
      if (!isDemanded) count(-1)
    }
  }

  const hold: Hold = (write) => async (argument, scope) => {
    await passage(scope.signal)
    return send(write, argument, scope)
  }

  const writes: readonly PropertyKey[] = writeOperations
  const ownParts: readonly PropertyKey[] = ['close', 'clockOffset']
  const gated = new Proxy(api, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      const method: Method = member.bind(target)
      if (ownParts.includes(name)) return method
      const write = hold(method)
      return async (input: object | undefined, options: RequestOptions = {}) => {
        if (writes.includes(name)) return write(input, options)
        count(1)
        return send(method, input, options)
      }
    },
  })

  return {
    api: gated,
    hold,
    get underWay() {
      return underWay
    },
    get held() {
      return held.size
    },
    open() {
      for (const leave of [...held]) leave()
    },
    subscribe(listener) {
      listeners.add(listener)
      return { unsubscribe: () => void listeners.delete(listener) }
    },
  }
}
