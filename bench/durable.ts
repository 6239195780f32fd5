/** `npm run bench:durable`: what flows on a server cost, stored and live, side by side in one run. See README.md. */
import { randomBytes } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { act, createMachines, createPortalApi, screenOf, settled } from 'postlogin'
import { createDurableHost, type DurableHost } from 'postlogin/durable'
import { createFakePortal } from 'postlogin/testing'
import { type AnyActorRef, createActor } from 'xstate'
import { onboard, openPortals } from '../examples/durable/onboard.ts'
import { newcomer } from '../examples/durable/users.ts'
import { openRestate } from '../examples/restate/engine.ts'

const { values: options } = parseArgs({
  options: { users: { type: 'string', default: '100' }, idle: { type: 'string', default: '10000' } },
})
const users = Number(options.users)
const idle = Number(options.idle)
const AT_ONCE = 20
const FLOWS_PER_PORTAL = 100
const policy = { invitations: 'require', mfa: 'require', ipWhitelist: 'require', sessions: 'require' } as const

type Portals = Awaited<ReturnType<typeof openPortals>>

/** Onboardings per second. */
async function pace(name: string, one: (user: string) => Promise<unknown>) {
  const waiting = Array.from({ length: users }, (_, index) => `${name}-${index}`)
  const begun = performance.now()
  async function comeOneByOne() {
    for (let user = waiting.pop(); user !== undefined; user = waiting.pop()) await one(user)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, comeOneByOne))
  return (users / (performance.now() - begun)) * 1_000
}

function apiOf({ settings, portal }: Portals, user: string) {
  const { portalUrl, ...credentials } = settings
  return createPortalApi({
    baseUrl: `${portalUrl}/${user}`,
    ...credentials,
    accessToken: () => portal(user).account.accessToken,
  })
}

/** The same user, of an actor that lives until the flow has ended. */
async function onboardLive(portals: Portals, user: string) {
  const api = apiOf(portals, user)
  const actor = createActor(createMachines(api).onboarding, { input: { policy } }).start()
  for (;;) {
    await settled(actor)
    const snapshot = actor.getSnapshot()
    if (snapshot.status !== 'active') break
    const action = await newcomer(JSON.parse(JSON.stringify(screenOf(snapshot))), portals.portal(user))
    if (action !== null) act(actor, action as Parameters<typeof act>[1], action.more ?? {})
  }
  await api.close()
}

/** The same, from text to text in this process. */
async function onboardStored(portals: Portals, user: string, host: DurableHost) {
  let hop = await host.step(user, null)
  while (hop.output === null) {
    const action = await newcomer(hop.screen, portals.portal(user))
    hop = await host.step(user, hop.text, action)
    while (hop.mustStore) hop = await host.step(user, hop.text)
  }
}

async function speed() {
  const portals = await openPortals()
  const host = createDurableHost({ api: (user) => apiOf(portals, user), input: { policy } })
  const engine = await openRestate({ ...portals.settings, secret: randomBytes(32).toString('base64') })
  try {
    // The first ones load what all others have then.
    await onboardLive(portals, 'first-live')
    await onboard(engine.flows, 'first-restate', portals.portal('first-restate'))
    const live = await pace('live', (user) => onboardLive(portals, user))
    const stored = await pace('stored', (user) => onboardStored(portals, user, host))
    const restate = await pace('restate', (user) => onboard(engine.flows, user, portals.portal(user)))
    return { live, stored, restate }
  } finally {
    await engine.close()
    await host.close()
    await portals.close()
  }
}

async function heap() {
  for (let round = 0; round < 3; round++) {
    await turn()
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

/** Bytes for each of `idle` flows at their first screen: in memory, put aside by the host, and as a text. */
async function memory() {
  // A portal remembers all requests: another one takes over now and then, so that these do not count.
  let portal = createFakePortal()
  const { portalAccessCode, clientHash, accessToken } = portal.account
  const replacePortal = (index: number) => {
    if (index % FLOWS_PER_PORTAL === 0) portal = createFakePortal()
  }
  const api = () =>
    createPortalApi({
      baseUrl: 'https://portal.example',
      portalAccessCode,
      clientHash,
      accessToken: () => accessToken,
      fetch: (...request) => portal.fetch(...request),
    })
  const host = createDurableHost({ api, maxLive: 0, input: { policy } })
  const first = await host.step('first', null)
  let before = await heap()
  for (let index = 0; index < idle; index++) {
    replacePortal(index)
    await host.step(`user-${index}`, null)
  }
  replacePortal(0)
  const evicted = ((await heap()) - before) / idle
  await host.close()

  before = await heap()
  const live: AnyActorRef[] = []
  for (let index = 0; index < idle; index++) {
    const actor = createActor(createMachines(api()).onboarding, { input: { policy } }).start()
    await settled(actor)
    live.push(actor)
    replacePortal(index)
  }
  replacePortal(0)
  const each = ((await heap()) - before) / idle
  for (const actor of live) actor.stop()
  return { evicted, live: each, text: Buffer.byteLength(first.text) }
}

if (globalThis.gc === undefined) throw new Error('Run it as `npm run bench:durable`, which lets it collect garbage.')
const { live, stored, restate } = await speed()
const bytes = await memory()
const kB = (value: number) => `${(value / 1_000).toFixed(1)} kB`
process.stdout.write(`Onboardings per second, ${users} users, ${AT_ONCE} at once
  live actors in one process     ${live.toFixed(1)}
  from text to text, one process ${stored.toFixed(1)}   (${(stored / live).toFixed(2)} of live)
  Restate, two workers           ${restate.toFixed(1)}   (${(restate / live).toFixed(2)} of live)
Each of ${idle} idle flows
  live, heap                     ${kB(bytes.live)}
  put aside, heap                ${kB(bytes.evicted)}
  stored, text                   ${kB(bytes.text)}
`)
process.exit()
