/** `npm run bench:durable`: what flows on a server cost, stored and live, side by side in one run. See README.md. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { act, createMachines, createPortalApi, screenOf, settled, toStorage } from 'postlogin'
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
const ROUNDS = 30
const FLOWS_PER_PORTAL = 100
const policy = { invitations: 'require', mfa: 'require', ipWhitelist: 'require', sessions: 'require' } as const

type Portals = Awaited<ReturnType<typeof openPortals>>

/** Onboardings per second. */
async function pace(name: string, one: (user: string) => Promise<unknown>, count = users) {
  const waiting = Array.from({ length: count }, (_, index) => `${name}-${index}`)
  const begun = performance.now()
  async function comeOneByOne() {
    for (let user = waiting.pop(); user !== undefined; user = waiting.pop()) await one(user)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, comeOneByOne))
  return (count / (performance.now() - begun)) * 1_000
}

function apiOf({ settings, portal }: Portals, user: string) {
  const { portalUrl, ...credentials } = settings
  return createPortalApi({
    baseUrl: `${portalUrl}/${user}`,
    ...credentials,
    accessToken: () => portal(user).account.accessToken,
    warmUp: false,
  })
}

/**
 * The same user, of an actor that lives until the flow has ended. Stored: as the host does, a text is made at each rest and compared before
 * each action, but no write is announced.
 */
async function onboardLive(portals: Portals, user: string, isStored = false) {
  const api = apiOf(portals, user)
  const actor = createActor(createMachines(api).onboarding, { input: { policy } }).start()
  const textNow = () => (isStored ? toStorage(actor, { subject: user, singleWriter: true }) : null)
  for (;;) {
    await settled(actor)
    const snapshot = actor.getSnapshot()
    const text = textNow()
    if (snapshot.status !== 'active') break
    const action = await newcomer(JSON.parse(JSON.stringify(screenOf(snapshot))), portals.portal(user))
    if (text !== textNow()) throw new Error('It has moved by itself.')
    if (action !== null) act(actor, action as Parameters<typeof act>[1], action.more ?? {})
  }
  await api.close()
}

/** The same, from text to text in this process; the host may be another one for each action. */
async function onboardStored(portals: Portals, user: string, hostNow: () => DurableHost) {
  let hop = await hostNow().step(user, null)
  while (hop.output === null) {
    const action = await newcomer(hop.screen, portals.portal(user))
    const host = hostNow()
    hop = await host.step(user, hop.text, action)
    while (hop.mustStore) hop = await host.step(user, hop.text)
  }
}

const hostOf = (portals: Portals) => createDurableHost({ api: (user) => apiOf(portals, user), input: { policy } })

/**
 * Processor time of the whole process with something, by the same without it, over all rounds. They are short and many, and each way is the
 * first in half of them: the computer is not equally fast for a minute, and garbage grows.
 */
async function extraCost(ways: Record<'without' | 'with', (user: string) => Promise<unknown>>) {
  const spent = { without: 0, with: 0 }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
      const begun = process.cpuUsage()
      await pace(`${name}-${round}`, ways[name], AT_ONCE)
      const { user, system } = process.cpuUsage(begun)
      // The first round loads what all others have then.
      if (round > 0) spent[name] += user + system
    }
  }
  return spent.with / spent.without
}

/** What announcing costs. */
async function announcing() {
  const portals = await openPortals()
  const host = hostOf(portals)
  const ratio = await extraCost({
    without: (user) => onboardLive(portals, user, true),
    with: (user) => onboardStored(portals, user, () => host),
  })
  await host.close()
  await portals.close()
  return ratio
}

/** What it costs that an action finds the flow at another host half of the time. */
async function moving() {
  const portals = await openPortals()
  const hosts = [hostOf(portals), hostOf(portals)] as const
  const ratio = await extraCost({
    without: (user) => onboardStored(portals, user, () => hosts[0]),
    with: (user) => onboardStored(portals, user, () => hosts[Math.random() < 0.5 ? 0 : 1]),
  })
  await Promise.all(hosts.map((host) => host.close()))
  await portals.close()
  return ratio
}

/** Requests to the portal for one flow, with and without those that open a channel. */
async function requests() {
  const portals = await openPortals()
  const hosts: DurableHost[] = []
  function another() {
    const host = hostOf(portals)
    hosts.push(host)
    return host
  }
  await onboardLive(portals, 'live')
  await onboardStored(portals, 'elsewhere', another)
  const [live, elsewhere] = ['live', 'elsewhere'].map((user) => {
    const sent = portals.portal(user).requests.map(({ operation }) => operation)
    const isOfChannel = (operation: unknown) => operation === 'getChannelKey' || operation === 'openChannel'
    const asked = sent.filter((operation) => operation !== 'closeChannel')
    return { all: asked.length, channel: asked.filter(isOfChannel).length }
  }) as [Counts, Counts]
  await Promise.all(hosts.map((host) => host.close()))
  await portals.close()
  return { live, elsewhere }
}

interface Counts {
  readonly all: number
  readonly channel: number
}

/** Processor time of a process so far, in ms; Linux tells it in hundredths of a second. */
function processorTime(pid: number) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Processor time of the workers for each flow, in ms, once each of them has had as many. */
async function workerTime(workers: number) {
  const portals = await openPortals()
  const engine = await openRestate({ ...portals.settings, workers, secret: randomBytes(32).toString('base64') })
  const spent = () => engine.pids().reduce((total, pid) => total + processorTime(pid), 0)
  const one = (user: string) => onboard(engine.flows, user, portals.portal(user))
  for (let round = 0; round < workers; round++) await pace(`warm-${round}`, one)
  const before = spent()
  await pace('measured', one)
  const each = (spent() - before) / users
  await engine.close()
  await portals.close()
  return each
}

async function speed() {
  const portals = await openPortals()
  const host = hostOf(portals)
  const engine = await openRestate({ ...portals.settings, secret: randomBytes(32).toString('base64') })
  try {
    // The first ones load what all others have then.
    await onboardLive(portals, 'first-live')
    await onboard(engine.flows, 'first-restate', portals.portal('first-restate'))
    const live = await pace('live', (user) => onboardLive(portals, user))
    const stored = await pace('stored', (user) => onboardStored(portals, user, () => host))
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
const announced = await announcing()
const moved = await moving()
const [oneWorker, twoWorkers] = [await workerTime(1), await workerTime(2)]
const sent = await requests()
const bytes = await memory()
const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`
const per = (part: number, whole: number) => (part / whole).toFixed(2)
const withoutChannel = ({ all, channel }: Counts) => all - channel
const kB = (value: number) => `${(value / 1_000).toFixed(1)} kB`
process.stdout.write(`Onboardings per second, ${users} users, ${AT_ONCE} at once
  live actors in one process     ${live.toFixed(1)}
  from text to text, one process ${stored.toFixed(1)}   (${(stored / live).toFixed(2)} of live)
  Restate, two workers           ${restate.toFixed(1)}   (${(restate / live).toFixed(2)} of live)
Processor time of the whole process, ${ROUNDS} rounds of ${AT_ONCE} users each
  announcing writes              ${percent(announced)} more than without
  each action at one of two hosts ${percent(moved)} more than all at one
Processor time of the workers for each flow on Restate
  one worker                     ${oneWorker.toFixed(0)} ms
  two                            ${twoWorkers.toFixed(0)} ms   (${per(twoWorkers, oneWorker)} of one)
Requests for each flow, and what opens secure channels
  live actors in one process     ${withoutChannel(sent.live)} + ${sent.live.channel}
  each action in another process ${withoutChannel(sent.elsewhere)} + ${sent.elsewhere.channel}   (${per(sent.elsewhere.all, sent.live.all)} of live; ${per(withoutChannel(sent.elsewhere), withoutChannel(sent.live))} without channels)
Each of ${idle} idle flows
  live, heap                     ${kB(bytes.live)}
  put aside, heap                ${kB(bytes.evicted)}
  stored, text                   ${kB(bytes.text)}
`)
process.exit()
