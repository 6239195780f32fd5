import {
  createDurableHost,
  type DurableAction,
  type DurableHost,
  type DurableHostOptions,
  type Hop,
} from 'postlogin/durable'
import type { User } from '../../examples/durable/users.ts'
import type { Setting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

const SUBJECT = 'maya'

/** Nobody needs so many; a flow that does comes to no end. */
const PATIENCE = 80

/** When the process is lost, seen from a write that is announced. */
export const losses = [
  'before it is stored',
  'once it is stored',
  'once the portal has done it',
  'once it is answered',
] as const
export type Loss = (typeof losses)[number]

export interface EngineOptions extends Partial<DurableHostOptions> {
  /** Each action comes to another process. */
  readonly isForgetful?: boolean
  /** The process is lost once, at the announcement with this number. */
  readonly loss?: { readonly at: number; readonly when: Loss }
}

/** An engine in a few lines: it keeps one text, and calls the host again when it is to. */
export function createEngine(
  { api, clock, portal, whileTimePasses }: Pick<Setting, 'api' | 'clock' | 'portal' | 'whileTimePasses'>,
  { isForgetful = false, loss, ...options }: EngineOptions = {},
) {
  let stored: string | null = null
  let announced = 0
  const start = () => createDurableHost({ api: () => api, clock, ...options })
  const hosts = [start()]
  const hostNow = () => hosts.at(-1) as DurableHost

  /** The process is lost, with all that it knew; another one takes over. */
  function lose() {
    hosts.push(start())
  }

  const step = (action?: DurableAction | null, signal?: AbortSignal) =>
    whileTimePasses(hostNow().step(SUBJECT, stored, action, { signal }))

  async function advance(action?: DurableAction | null): Promise<Hop> {
    if (isForgetful) lose()
    let hop = await step(action)
    while (hop.mustStore) {
      const lost = announced++ === loss?.at ? loss.when : null
      if (lost === 'before it is stored') {
        lose()
        hop = await step(action)
      } else {
        stored = hop.text
        hop = lost === null ? await step() : await losing(lost)
      }
    }
    stored = hop.text
    return hop
  }

  async function losing(when: Loss): Promise<Hop> {
    if (when === 'once the portal has done it') await untilCarriedOut()
    if (when === 'once it is answered') await step()
    lose()
    return step()
  }

  /** The reply does not come. */
  async function untilCarriedOut() {
    const dying = new AbortController()
    const before = portal.requests.length
    const isDone = () => portal.requests.slice(before).some(({ method, processed }) => method === 'POST' && processed)
    portal.fault(({ method }) => method === 'POST', 'hangReply')
    const hop = step(undefined, dying.signal).catch(() => {})
    while (!isDone()) await turn()
    dying.abort()
    await hop
  }

  /** Until the flow has ended: the user acts on what is on screen, or waits until it is time. */
  async function carryThrough(user: User) {
    const hops = [await advance()]
    for (let hop = hops[0] as Hop; hop.output === null; hop = hops.at(-1) as Hop) {
      if (hops.length > PATIENCE) throw new Error(`The flow comes to no end: ${JSON.stringify(hop.screen)}`)
      const action = await user(hop.screen, portal)
      if (action === null) await clock.advance(Math.max(0, (hop.wakeAt ?? 0) - clock.now()))
      hops.push(await advance(action))
    }
    return { output: hops.at(-1)?.output, hops }
  }

  /** The processes end, those that were lost as well. */
  const close = () => whileTimePasses(Promise.all(hosts.map((host) => host.close())))

  return { advance, carryThrough, lose, close, stored: () => stored }
}
