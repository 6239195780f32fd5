/**
 * What `main.ts` measures in a process of its own: `node figures.mjs NAME` prints one sample as JSON. Beside the time of the library stands
 * that of what it is compared with, taken by turns.
 */
import process, { argv, cpuUsage } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import {
  activeStep,
  createMachines,
  fromStorage,
  type PortalApi,
  previewEntry,
  type StepName,
  screenOf,
  splitEntries,
  toStorage,
} from 'postlogin'
import { createActor } from 'xstate'
import {
  byHand,
  type Channel,
  connect,
  firstScreen,
  firstScreenByHand,
  nextScreen,
  type Opened,
  openPortal,
  throughMachines,
} from './journey.ts'

/** In ms, where nothing else is said; `beside` is what it is compared with. */
export interface Sample {
  readonly value: number
  readonly beside?: number
}

/** The CPU time of this process so far, in ms, its threads included: other processes count little in it. */
const cpuTime = () => {
  const { user, system } = cpuUsage()
  return (user + system) / 1000
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Medians of so many runs, by turns; as many again go before them, until the engine has optimized what it will. */
async function byTurns(runs: number, ours: () => Promise<number>, other: () => Promise<number>): Promise<Sample> {
  const values: number[] = []
  const besides: number[] = []
  for (let run = 0; run < 2 * runs; run += 1) {
    const value = await ours()
    const beside = await other()
    if (run < runs) continue
    values.push(value)
    besides.push(beside)
  }
  return { value: median(values), beside: median(besides) }
}

const timed = async (run: () => unknown, now = cpuTime) => {
  const start = now()
  await run()
  return now() - start
}

/** Until the screen; what goes on behind it is over before anything else begins. */
async function untilScreen(start: (opened: Opened) => Promise<() => Promise<void>>) {
  const opened = openPortal('off')
  let end = async () => {}
  const time = await timed(async () => {
    end = await start(opened)
  })
  await wait(2)
  await end()
  return time
}

/** The portal is there before the journey begins. */
function timedJourney(take: (opened: Opened) => Promise<void>, channel: Channel, latencyMs = 0) {
  const opened = openPortal(channel, latencyMs)
  return timed(() => take(opened), latencyMs > 0 ? () => performance.now() : cpuTime)
}

const onboarding = (channel: Channel) =>
  byTurns(
    40,
    () => timedJourney(throughMachines, channel),
    () => timedJourney(byHand, channel),
  )

/** A flow that shows one step, whose rows the portal has so many of. */
async function flowAt(step: StepName, reads: Partial<PortalApi>) {
  const { onboarding } = createMachines({ ...connect(openPortal('off')), ...reads })
  const flow = createActor(onboarding, { input: { order: [step], policy: { [step]: 'show' } } }).start()
  await nextScreen(flow)
  return flow
}

const addresses = (count: number) =>
  Array.from({ length: count }, (_, at) => `${1 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.7`)

const whitelistOf = (count: number): Partial<PortalApi> => ({
  getIpWhitelist: async () => ({ enabled: false, entries: addresses(count) }),
})

const TYPED = '198.51.100.7'

/** A key, in the editor of a whitelist of so many entries; what else belongs to it is not timed. */
async function editorOf(count: number) {
  const flow = await flowAt('ipWhitelist', whitelistOf(count))
  const step = activeStep(flow.getSnapshot())
  if (step?.name !== 'ipWhitelist') throw new Error('The flow is not at the whitelist')
  const { actor } = step
  const draft = () => actor.getSnapshot().context.draft
  const add = () => actor.send({ type: 'entry.add', value: TYPED })
  const remove = () => actor.send({ type: 'entry.remove', id: draft().at(-1)?.id ?? '' })
  return {
    previewed: () => timed(() => previewEntry(draft(), TYPED)),
    async added() {
      const time = await timed(add)
      remove()
      return time
    },
    async removed() {
      add()
      return timed(remove)
    },
  }
}

/** One key in a list of 10,000 entries, beside the same key in one of 100. */
async function typed(key: 'previewed' | 'added' | 'removed'): Promise<Sample> {
  const long = await editorOf(10_000)
  const short = await editorOf(100)
  return byTurns(20, long[key], short[key])
}

/** What a portal sends that has so many rows, in the text of its reply. */
const replyOf = (rows: readonly object[]) => JSON.stringify({ code: '2000', data: rows })

const sessionRows = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    sessionId: `SESS...${at}`,
    clientIp: '203.0.113.10',
    isCurrent: at === 0,
    deviceInfo: 'Firefox on Linux',
    lastActiveAt: '2026-01-01T00:00:00.000Z',
  }))

const invitationRows = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    bizId: `INVITATION-${at}`,
    workspaceBizId: `WS_${at}`,
    workspaceName: 'Northwind',
    inviterName: 'Kim',
    invitationStatus: { code: 'PENDING' },
    expiresAt: '2036-01-01T00:00:00.000Z',
    canAccept: true,
  }))

const workspaceRows = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    workspaceBizId: `WS_${at}`,
    workspaceName: 'Northwind',
    isDefault: at === 0,
    enterable: true,
    defaultEligible: true,
  }))

const rowsOf = { sessions: sessionRows, invitations: invitationRows, workspace: workspaceRows }

/** From the start of the flow to the screen of one step, per row, in µs. */
async function perRow(step: keyof typeof rowsOf, count: number) {
  const reply = replyOf(rowsOf[step](count))
  const opened = openPortal('off')
  const fetch = async () => new Response(reply)
  const api = connect({ ...opened, connection: { ...opened.connection, fetch } })
  const { onboarding } = createMachines(api)
  return async () => {
    const flow = createActor(onboarding, { input: { order: [step], policy: { [step]: 'show' } } })
    const time = await timed(async () => {
      flow.start()
      await nextScreen(flow)
    })
    flow.stop()
    return (time * 1000) / count
  }
}

const rows = async (step: keyof typeof rowsOf) => byTurns(15, await perRow(step, 5_000), await perRow(step, 500))

/** Per entry, in µs. */
async function perEntryOnScreen(count: number) {
  const snapshot = (await flowAt('ipWhitelist', whitelistOf(count))).getSnapshot()
  return async () => ((await timed(() => screenOf(snapshot))) * 1000) / count
}

/** Per line, in µs. */
function perPastedLine(count: number) {
  const text = addresses(count).join('\n')
  return async () => ((await timed(() => splitEntries(text))) * 1000) / count
}

const account = { subject: 'ACCOUNT_001' }

const figures = {
  firstScreen: () =>
    byTurns(
      60,
      () => untilScreen(firstScreen),
      () => untilScreen(firstScreenByHand),
    ),
  onboarding: () => onboarding('off'),
  onboardingInChannel: () => onboarding('binary'),
  onboardingFromAfar: () =>
    byTurns(
      2,
      () => timedJourney(throughMachines, 'binary', 40),
      () => timedJourney(byHand, 'binary', 40),
    ),
  createMachinesCold: async () => {
    const api = connect(openPortal('off'))
    return { value: await timed(() => createMachines(api).onboarding) }
  },
  createMachinesWarm: async () => {
    const api = connect(openPortal('off'))
    const create = () => timed(() => createMachines(api).onboarding)
    return { value: (await byTurns(200, create, create)).value }
  },
  keyPreviewed: () => typed('previewed'),
  keyAdded: () => typed('added'),
  keyRemoved: () => typed('removed'),
  sessionRows: () => rows('sessions'),
  invitationRows: () => rows('invitations'),
  workspaceRows: () => rows('workspace'),
  whitelistScreen: async () => byTurns(20, await perEntryOnScreen(10_000), await perEntryOnScreen(100)),
  pastedList: () => byTurns(10, perPastedLine(20_000), perPastedLine(2_000)),
  storing: async () => {
    const flow = await flowAt('invitations', {})
    return byTurns(
      200,
      () => timed(() => toStorage(flow, account)),
      () => timed(() => JSON.stringify(flow.getPersistedSnapshot())),
    )
  },
  restoring: async () => {
    const { onboarding } = createMachines(connect(openPortal('off')))
    const text = toStorage(createActor(onboarding).start(), account)
    const restore = () => createActor(onboarding, { snapshot: fromStorage(onboarding, text, account) })
    return byTurns(
      200,
      () => timed(() => restore().start().stop()),
      () => timed(() => createActor(onboarding).start().stop()),
    )
  },
  /** The longest text that a rest of the journey is stored as, in bytes. */
  storedText: async () => {
    let value = 0
    await throughMachines(openPortal('off'), (flow) => {
      const { length } = new TextEncoder().encode(toStorage(flow, account))
      value = Math.max(value, length)
    })
    return { value }
  },
} satisfies Record<string, () => Promise<Sample>>

export type FigureName = keyof typeof figures

const name = argv[2] as FigureName
process.stdout.write(JSON.stringify(await figures[name]()))
// A flow at rest still waits, for instance for an invitation to expire.
process.exit()
