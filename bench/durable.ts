/** `npm run bench:durable`: what flows on a server cost, stored and live, side by side in one run. See README.md. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { act, createMachines, createPortalApi, screenOf, settled, toStorage } from 'postlogin'
import { createDurableHost, type DurableHost } from 'postlogin/durable'
import { createFakePortal } from 'postlogin/testing'
import { type AnyActorRef, createActor } from 'xstate'
import type { Engine } from '../examples/durable/flows.ts'
import { onboard, openPortals } from '../examples/durable/onboard.ts'
import { newcomer } from '../examples/durable/users.ts'
import { openRestate } from '../examples/restate/engine.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    idle: { type: 'string', default: '10000' },
    // One part alone.
    measure: { type: 'string' },
  },
})
const rounds = Number(options.rounds)
const idle = Number(options.idle)
const AT_ONCE = 20
/** Many more, so that two workers wait less for something to do. */
const CROWD = 120
/** They load and compile what all others have then. */
const WARM_ROUNDS = 5
const WARM_CROWDS = 3
const FLOWS_PER_PORTAL = 100
/** One process compiles and collects otherwise than the next, by several percent of all that it does. */
const PROCESSES = 3
const policy = { invitations: 'require', mfa: 'require', ipWhitelist: 'require', sessions: 'require' } as const

type Portals = Awaited<ReturnType<typeof openPortals>>

function apiOf({ settings, portal }: Portals, user: string) {
  const { portalUrl, ...credentials } = settings
  return createPortalApi({
    baseUrl: `${portalUrl}/${user}`,
    ...credentials,
    accessToken: () => portal(user).account.accessToken,
    warmUp: false,
  })
}

/** The same user, of an actor that lives until the flow has ended. Stored: as the host does, a text is made at each rest, but no write is announced. */
async function onboardLive(portals: Portals, user: string, isStored = false) {
  const api = apiOf(portals, user)
  const actor = createActor(createMachines(api).onboarding, { input: { policy } }).start()
  for (;;) {
    await settled(actor)
    const snapshot = actor.getSnapshot()
    if (isStored) toStorage(actor, { subject: user, singleWriter: true })
    if (snapshot.status !== 'active') break
    const action = await newcomer(JSON.parse(JSON.stringify(screenOf(snapshot))), portals.portal(user))
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

interface Spent {
  /** Ms. */
  readonly time: number
  /** Processor time, ms. */
  readonly processor: number
}

/**
 * What a flow takes in each of these ways. The rounds are short, many, and in turn, each way the first in half of them: the computer is
 * not equally fast for a minute, and garbage grows.
 */
async function inTurn<Name extends string>(
  ways: Record<Name, (user: string) => Promise<unknown>>,
  processorTimeOf: (name: Name) => number = ownProcessorTime,
  { counted = rounds, warm = WARM_ROUNDS, atOnce = AT_ONCE } = {},
): Promise<Record<Name, Spent>> {
  const names = Object.keys(ways) as Name[]
  const spent = Object.fromEntries(names.map((name) => [name, { time: 0, processor: 0 }])) as Record<Name, Spent>
  for (let round = -warm; round < counted; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const [time, processor] = [performance.now(), processorTimeOf(name)]
      await Promise.all(Array.from({ length: atOnce }, (_, index) => ways[name](`${name}-${round}-${index}`)))
      if (round < 0) continue
      const flows = counted * atOnce
      spent[name] = {
        time: spent[name].time + (performance.now() - time) / flows,
        processor: spent[name].processor + (processorTimeOf(name) - processor) / flows,
      }
    }
  }
  return spent
}

function ownProcessorTime() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Processor time of a process so far, in ms; Linux tells it in hundredths of a second. */
function processorTime(pid: number) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** What announcing costs. */
async function announcing() {
  const portals = await openPortals()
  const host = hostOf(portals)
  const spent = await inTurn({
    without: (user) => onboardLive(portals, user, true),
    with: (user) => onboardStored(portals, user, () => host),
  })
  await host.close()
  await portals.close()
  return spent.with.processor / spent.without.processor
}

/** What it costs that an action finds the flow at another host half of the time. */
async function moving() {
  const portals = await openPortals()
  const hosts = [hostOf(portals), hostOf(portals)] as const
  const spent = await inTurn({
    without: (user) => onboardStored(portals, user, () => hosts[0]),
    with: (user) => onboardStored(portals, user, () => hosts[Math.random() < 0.5 ? 0 : 1]),
  })
  await Promise.all(hosts.map((host) => host.close()))
  await portals.close()
  return spent.with.processor / spent.without.processor
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

const openEngine = (portals: Portals, workers: number) =>
  openRestate({ ...portals.settings, workers, secret: randomBytes(32).toString('base64') })

const onboardOn = (portals: Portals, { flows }: Engine, user: string) => onboard(flows, user, portals.portal(user))

const processorTimeOfAll = (pids: readonly number[]) => pids.reduce((total, pid) => total + processorTime(pid), 0)

/** Onboarding live, from text to text, and on Restate with one worker and with two. The processor time is that of the workers. */
async function speed() {
  const portals = await openPortals()
  const host = hostOf(portals)
  const [alone, two] = [await openEngine(portals, 1), await openEngine(portals, 2)]
  const pids = { live: [process.pid], stored: [process.pid], oneWorker: alone.pids(), twoWorkers: two.pids() }
  try {
    return await inTurn(
      {
        live: (user) => onboardLive(portals, user),
        stored: (user) => onboardStored(portals, user, () => host),
        oneWorker: (user) => onboardOn(portals, alone, user),
        twoWorkers: (user) => onboardOn(portals, two, user),
      },
      (name) => processorTimeOfAll(pids[name]),
    )
  } finally {
    await Promise.all([alone.close(), two.close()])
    await host.close()
    await portals.close()
  }
}

/** On Restate with one worker and with two, with many users at once. The processor time is that of the workers. */
async function crowded() {
  const portals = await openPortals()
  const engines = { oneWorker: await openEngine(portals, 1), twoWorkers: await openEngine(portals, 2) }
  try {
    return await inTurn(
      {
        oneWorker: (user) => onboardOn(portals, engines.oneWorker, user),
        twoWorkers: (user) => onboardOn(portals, engines.twoWorkers, user),
      },
      (name) => processorTimeOfAll(engines[name].pids()),
      { counted: Math.ceil(rounds / 10), warm: WARM_CROWDS, atOnce: CROWD },
    )
  } finally {
    await Promise.all([engines.oneWorker.close(), engines.twoWorkers.close()])
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

/** In processes of their own, one after the other; the least first. */
function inProcesses(measure: 'announcing' | 'moving'): readonly number[] {
  const [program] = process.argv.slice(1) as [string]
  const each = Array.from({ length: PROCESSES }, () =>
    Number(
      execFileSync(
        process.execPath,
        [...process.execArgv, program, '--measure', measure, '--rounds', `${Math.ceil(rounds / 3)}`],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
      ),
    ),
  )
  return each.sort((a, b) => a - b)
}

const measures = { announcing, moving, crowded }

const isMeasure = (name: string): name is keyof typeof measures => Object.hasOwn(measures, name)

async function report() {
  const paces = await speed()
  const crowd = await crowded()
  const announced = inProcesses('announcing')
  const moved = inProcesses('moving')
  const sent = await requests()
  const bytes = await memory()
  const percent = (ratio: number | undefined) => `${(((ratio ?? Number.NaN) - 1) * 100).toFixed(1)} %`
  const spread = (ratios: readonly number[]) =>
    `${percent(ratios[Math.floor(PROCESSES / 2)])} more   (${percent(ratios[0])} to ${percent(ratios.at(-1))})`
  const per = (part: number, whole: number) => (part / whole).toFixed(2)
  const withoutChannel = ({ all, channel }: Counts) => all - channel
  const kB = (value: number) => `${(value / 1_000).toFixed(1)} kB`
  const pace = ({ time }: Spent) => `${(1_000 / time).toFixed(1).padStart(4)}   (${per(paces.live.time, time)} of live)`
  const { oneWorker, twoWorkers } = paces
  const processors = ({ oneWorker, twoWorkers }: Record<'oneWorker' | 'twoWorkers', Spent>) =>
    `one worker ${oneWorker.processor.toFixed(0)} ms, two ${twoWorkers.processor.toFixed(0)} ms   (${per(twoWorkers.processor, oneWorker.processor)} of one)`
  return `${rounds} rounds of ${AT_ONCE} users at once, in turn
Onboardings per second
  live actors in one process     ${pace(paces.live)}
  from text to text, one process ${pace(paces.stored)}
  Restate, one worker            ${pace(oneWorker)}
  Restate, two                   ${pace(twoWorkers)}
Processor time of the workers for each flow on Restate
  ${AT_ONCE} users at once               ${processors(paces)}
  ${CROWD} at once                    ${processors(crowd)}
Processor time of the whole process, the median of ${PROCESSES}
  announcing writes, beside not  ${spread(announced)}
  two hosts in turn, beside one  ${spread(moved)}
Requests for each flow, and what opens secure channels
  live actors in one process     ${withoutChannel(sent.live)} + ${sent.live.channel}
  each action in another process ${withoutChannel(sent.elsewhere)} + ${sent.elsewhere.channel}   (${per(sent.elsewhere.all, sent.live.all)} of live; ${per(withoutChannel(sent.elsewhere), withoutChannel(sent.live))} without channels)
Each of ${idle} idle flows
  live, heap                     ${kB(bytes.live)}
  put aside, heap                ${kB(bytes.evicted)}
  stored, text                   ${kB(bytes.text)}`
}

if (globalThis.gc === undefined) throw new Error('Run it as `npm run bench:durable`, which lets it collect garbage.')
const { measure } = options
if (measure !== undefined && !isMeasure(measure))
  throw new Error(`There is no ${measure}, only ${Object.keys(measures)}.`)
process.stdout.write(`${measure === undefined ? await report() : JSON.stringify(await measures[measure]())}\n`)
process.exit()
