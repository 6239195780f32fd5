/**
 * Whole flows on real engines, whose workers are killed on the way.
 *
 * `npm run test:durable` runs it; Restate comes from npm, PostgreSQL is found, or installed where Debian's root asks for it.
 * `DURABLE=complete` runs as many flows as a night has time for.
 */
import { spawn } from 'node:child_process'
import { env } from 'node:process'
import type { DurableAction, MaskedScreen } from 'postlogin/durable'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Engine, EngineOptions } from '../../../examples/durable/flows.ts'
import type { Shown } from '../../../examples/durable/host.ts'
import { onboard, openPortals } from '../../../examples/durable/onboard.ts'
import { newcomer } from '../../../examples/durable/users.ts'
import { openPostgres } from '../../../examples/postgres/engine.ts'
import { openRestate } from '../../../examples/restate/engine.ts'
import { writeOperations } from '../../../src/domain/portal-api.ts'
import { createRandom, seed } from '../../support/sampling.ts'
import { accountOf, doubledWrites } from '../../support/user.ts'
import { buildWithOtherCharts } from './next-build.ts'

const isComplete = env.DURABLE === 'complete'

const engines = [
  { name: 'Restate', open: openRestate, flows: isComplete ? 1_000 : 30, kills: isComplete ? 10 : 5 },
  { name: 'PostgreSQL', open: openPostgres, flows: isComplete ? 200 : 30, kills: isComplete ? 10 : 5 },
] as const

const TEN_MINUTES = 600_000
const HOUR = 3_600_000

/** How many users are there at once. */
const AT_ONCE = 20
/** How many things each does at least. */
const ACTS = 8
/** Within this, what was due is done once there is a worker again. */
const SOON_MS = 5_000

const completed = {
  outcome: 'completed',
  route: { to: 'workspace', workspaceBizId: 'WS_ACME_001' },
  acceptedInvitations: [{ workspaceBizId: 'WS_ACME_001' }],
  otpEnabled: true,
  ipWhitelistEnabled: true,
  sessionsTerminated: 2,
  unconfirmedChange: null,
}

const account = {
  invitations: [
    { workspaceBizId: 'WS_ACME_001', status: 'ACCEPTED' },
    { workspaceBizId: 'WS_GLOBEX_002', status: 'DECLINED' },
  ],
  isOtpOn: true,
  ipWhitelist: { enabled: true, entries: ['203.0.113.10'] },
}

interface SceneOptions extends Partial<EngineOptions> {
  readonly around?: Parameters<typeof openPortals>[0]
}

async function openScene(open: (options: EngineOptions) => Promise<Engine>, { around, ...options }: SceneOptions = {}) {
  const portals = await openPortals(around)
  onTestFinished(portals.close)
  const engine = await open({ ...portals.settings, secret: 'a secret of the workers', ...options })
  onTestFinished(engine.close)
  return { engine, portal: portals.portal }
}

/** Keeps a processor busy, as other programs do. */
function makeLoad() {
  const load = spawn(process.execPath, ['-e', 'for (;;);'])
  onTestFinished(() => void load.kill('SIGKILL'))
}

describe.each(engines)('$name', ({ open, flows, kills }) => {
  test(
    `all flows are completed, whatever workers are killed, and each write is done once (SEED=${seed})`,
    async () => {
      const random = createRandom(seed)
      const { engine, portal } = await openScene(open)
      if (isComplete) makeLoad()
      const fatal = new Set(
        Array.from({ length: kills }, (_, kill) => Math.ceil(((kill + random()) / kills) * flows * ACTS)),
      )
      let acts = 0
      const losses: Promise<void>[] = []
      async function lose(worker: number) {
        await engine.kill(worker)
        await engine.restart(worker)
      }
      const onAct = () => {
        if (fatal.has(++acts)) losses.push((losses.at(-1) ?? Promise.resolve()).then(() => lose(losses.length % 2)))
      }

      const users = Array.from({ length: flows }, (_, index) => `user-${index}`)
      const waiting = [...users]
      const outputs = new Map<string, unknown>()
      async function comeOneByOne() {
        for (let user = waiting.pop(); user !== undefined; user = waiting.pop()) {
          outputs.set(user, await onboard(engine.flows, user, portal(user), { onAct }))
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, comeOneByOne))
      await Promise.all(losses)

      expect(losses).toHaveLength(kills)
      for (const user of users) {
        expect(outputs.get(user)).toMatchObject(completed)
        expect(accountOf(portal(user))).toMatchObject(account)
        expect(doubledWrites(portal(user))).toEqual([])
      }
      await expect.poll(engine.leftovers).toEqual([])
    },
    TEN_MINUTES * (isComplete ? 6 : 1),
  )

  test('when a write arrives at the portal, the text that announces it is in the tables', async () => {
    const resting: (string | null)[] = []
    const announced: (string | null)[] = []
    const { engine, portal } = await openScene(open, {
      secret: null,
      async around(answer, requestId) {
        const stored = await engine.stored('maya')
        const response = await answer()
        const writes: readonly unknown[] = writeOperations
        const arrived = portal('maya').requests.find(({ headers }) => headers['x-request-id'] === requestId)
        if (writes.includes(arrived?.operation)) announced.push(stored)
        return response
      },
    })
    async function act(subject: string, action: DurableAction) {
      resting.push(await engine.stored(subject))
      return engine.flows.act(subject, action)
    }
    const output = engine.flows
      .begin('maya', portal('maya').account.accessToken)
      .then(() => engine.flows.output('maya'))
    await onboard({ ...engine.flows, act }, 'maya', portal('maya'))
    expect(await output).toMatchObject(completed)
    expect(await engine.flows.output('maya')).toEqual(await output)
    expect(announced).toHaveLength(7)
    expect(new Set(announced).size).toBe(7)
    expect(announced.filter((text) => text === null || resting.includes(text))).toEqual([])
  })

  test('a change whose time to be kept has passed without a worker is undone soon after there is one', async () => {
    const { engine, portal } = await openScene(open, { workers: 1, confirmWithinMs: SOON_MS })
    const maya = portal('maya')
    let shown = await engine.flows.begin('maya', maya.account.accessToken)
    while (!('question' in shown.screen && shown.screen.question?.kind === 'keep')) {
      const action = await newcomer(shown.screen, maya)
      shown = await engine.flows.act('maya', action ?? expect.fail('nobody has to wait here'))
    }
    expect(maya.account.ipWhitelist.enabled).toBe(true)
    await engine.kill(0)
    await new Promise((resolve) => setTimeout(resolve, SOON_MS))
    expect(maya.account.ipWhitelist.enabled).toBe(true)
    await engine.restart(0)
    await expect.poll(() => maya.account.ipWhitelist.enabled, { timeout: SOON_MS }).toBe(false)
    await expect
      .poll(() => engine.flows.screen('maya'))
      .toMatchObject({ screen: { question: null, unconfirmedChange: null } })
  })

  test('a rolling release strands no flow: the former workers finish theirs, or it begins afresh, and says why', async () => {
    let verified = () => {}
    const isVerified = new Promise<void>((resolve) => (verified = resolve))
    const { engine, portal } = await openScene(open, {
      workers: 1,
      confirmWithinMs: HOUR,
      async around(answer, requestId) {
        const response = await answer()
        const isHeld = portal('held').requests.some(
          ({ headers, operation }) => operation === 'verifyOtp' && headers['x-request-id'] === requestId,
        )
        if (isHeld) await isVerified
        return response
      },
    })
    const refusals = new Map<string, string | null>()
    const noting = (call: Promise<Shown>, subject: string) =>
      call.then((shown) => {
        refusals.set(subject, refusals.get(subject) ?? shown.refused)
        return shown
      })
    const begin = (subject: string) => noting(engine.flows.begin(subject, portal(subject).account.accessToken), subject)
    const act = (subject: string, action: DurableAction) => noting(engine.flows.act(subject, action), subject)
    const finish = (subject: string) => onboard({ ...engine.flows, begin, act }, subject, portal(subject))
    /** Until the user is there. */
    async function goTo(subject: string, isThere: (screen: MaskedScreen) => boolean) {
      let { screen } = await begin(subject)
      while (!isThere(screen)) {
        const action = await newcomer(screen, portal(subject))
        screen = (await act(subject, action ?? expect.fail('nobody has to wait here'))).screen
      }
      return screen
    }
    const isSetUp = (screen: MaskedScreen) => screen.name === 'otpEnrollment' && screen.isSetUp
    const isAskedToKeep = (screen: MaskedScreen) => 'question' in screen && screen.question?.kind === 'keep'

    await goTo('inbox', ({ name }) => name === 'invitations')
    await goTo('phone', isSetUp)
    await goTo('list', isAskedToKeep)
    const code = await newcomer(await goTo('held', isSetUp), portal('held'))
    const underWay = act('held', code ?? expect.fail('the code is to be sent'))
    await expect.poll(() => portal('held').processed('verifyOtp')).toBe(1)

    await engine.release(buildWithOtherCharts())
    verified()
    expect((await underWay).refused).toBeNull()
    expect(await finish('late')).toMatchObject(completed)
    expect(await finish('inbox')).toMatchObject(completed)
    expect(Object.fromEntries(refusals)).toMatchObject({ late: null, inbox: null, held: null })
    await engine.retire()
    for (const user of ['phone', 'list', 'held']) {
      expect(await finish(user)).toMatchObject({
        ...completed,
        unconfirmedChange: user === 'list' ? { before: { enabled: false }, after: account.ipWhitelist } : null,
      })
      expect(accountOf(portal(user))).toMatchObject(account)
      expect(doubledWrites(portal(user))).toEqual([])
    }
    const refused = 'client.storageVersion'
    expect(Object.fromEntries(refusals)).toEqual({
      late: null,
      inbox: null,
      phone: refused,
      list: refused,
      held: refused,
    })
    await expect.poll(engine.leftovers).toEqual([])
  })

  describe('secrets', () => {
    /** Where a secret was found in all that the engine has kept of a flow. */
    async function findSecrets(secret: string | null) {
      const { engine, portal } = await openScene(open, { workers: 1, secret, retentionMs: HOUR })
      const maya = portal('maya')
      const secrets = new Map<string, Set<string>>([['token', new Set([maya.account.accessToken])]])
      const note = (name: string, value: string) => secrets.set(name, (secrets.get(name) ?? new Set()).add(value))
      async function act(subject: string, action: DurableAction) {
        const { code } = { code: null, ...action.more }
        if (code !== null) note('code', JSON.stringify({ code }).slice(1, -1))
        const shown = await engine.flows.act(subject, action)
        if (shown.otpSetup !== null) {
          note('TOTP secret', shown.otpSetup.secret)
          note('URI', shown.otpSetup.qrCodeUri)
        }
        return shown
      }
      await onboard({ ...engine.flows, act }, 'maya', maya)
      const dump = await engine.dump()
      const isKept = (value: string) => dump.includes(value) || dump.includes(Buffer.from(value).toString('hex'))
      expect([...secrets.keys()].sort()).toEqual(['TOTP secret', 'URI', 'code', 'token'])
      expect(dump).toContain('maya')
      return [...secrets]
        .filter(([, values]) => [...values].some(isKept))
        .map(([name]) => name)
        .sort()
    }

    test('none is found in its tables', async () => {
      expect(await findSecrets('a secret of the workers')).toEqual([])
    })

    test('in plain they would be', async () => {
      // PostgreSQL keeps no arguments and results.
      expect(await findSecrets(null)).toEqual(
        open === openRestate ? ['TOTP secret', 'URI', 'code', 'token'] : ['token'],
      )
    })
  })
})
