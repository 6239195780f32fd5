import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { activeStep, createMachines, createPortalApi, settled } from 'postlogin'
import type { FakePortal, FakePortalOptions } from 'postlogin/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { inferredChoices } from '../../src/api/inferred-choices.ts'
import { createRandom, isComplete, sample, seed } from '../support/sampling.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { carryThrough, eagerPolicy } from '../support/user.ts'
import { dialects } from '../sweep/dialects.ts'
import { faults } from '../sweep/faults.ts'
import { type Deviation, document, FILE, watched } from './traffic.ts'

/**
 * docs/openapi.yaml, read by others: two validators of the format, one of the messages, and a server that is made of it.
 *
 * `npm run test:openapi` installs them, and runs it.
 */

const here = fileURLToPath(new URL('.', import.meta.url))
const file = fileURLToPath(FILE)
const run = (args: readonly string[]) => execFileSync(execPath, args, { cwd: here, encoding: 'utf8', env: quiet })
const quiet = {
  ...env,
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  DO_NOT_TRACK: '1',
  NO_COLOR: '1',
}

beforeAll(() => {
  const npm = env.npm_execpath
  if (npm === undefined) throw new Error('Run this by `npm run test:openapi`: the tests use that npm')
  run([npm, 'ci', '--silent', '--no-audit', '--no-fund', '--ignore-scripts'])
})

describe('an independent validator accepts the file', () => {
  test('Redocly, without a warning', () => {
    const lint = ['node_modules/@redocly/cli/bin/cli.js', 'lint', file, '--extends', 'recommended', '--format', 'json']
    const { totals } = JSON.parse(run(lint))
    expect(totals).toMatchObject({ errors: 0, warnings: 0 })
  })

  test('Scalar', () => {
    const code = `
      import { readFileSync } from 'node:fs'
      import { validate } from '@scalar/openapi-parser'
      const { valid, version, errors } = await validate(readFileSync(process.argv[1], 'utf8'))
      console.log(JSON.stringify({ valid, version, errors }))`
    const said = JSON.parse(run(['--input-type=module', '--eval', code, file]))
    expect(said).toEqual({ valid: true, version: '3.1', errors: [] })
  })
})

test('each inferred choice is marked, with its reason and its option', () => {
  const marks = new Map<string, unknown>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('x-inferred' in value)
      for (const mark of [value['x-inferred']].flat()) marks.set((mark as { id: string }).id, mark)
    Object.values(value).forEach(visit)
  }
  visit(document)
  const wanted = inferredChoices.map(({ id, what, reason, option }) => ({ id, what, reason, option }))
  expect(wanted.filter(({ id }) => !marks.has(id))).toEqual([])
  for (const mark of wanted) expect(marks.get(mark.id)).toEqual(mark)
})

type PortalFetch = FakePortal['fetch']

interface Strike {
  readonly request: number
  readonly fault: string
}

/** A complete onboarding, every message of it looked at. */
async function flow(
  portalOptions: FakePortalOptions,
  {
    strike = null,
    doctor = (fetch) => fetch,
  }: { strike?: Strike | null; doctor?: (fetch: PortalFetch) => PortalFetch } = {},
) {
  let token = 'stale'
  let watch: ReturnType<typeof watched> | null = null
  const setting = createSetting({
    quietMs: strike === null ? 3_000 : 200,
    portal: { secureChannel: 'off', ...portalOptions },
    api: {
      accessToken: () => token,
      refreshAccessToken: async () => {
        token = setting.portal.refreshAccessToken()
        return token
      },
      fetch: (input, init) => {
        watch ??= watched(doctor(setting.portal.fetch))
        return watch.fetch(input, init)
      },
    },
  })
  const { portal, machines, api } = setting
  let struckId: string | null = null
  let count = 0
  if (strike !== null) {
    portal.fault(({ headers }) => {
      const isStruck = count++ === strike.request
      if (isStruck) struckId = headers['x-request-id'] ?? null
      return isStruck
    }, faults[strike.fault] ?? 'hang')
  }
  const actor = createActor(machines.onboarding, { input: { policy: eagerPolicy } }).start()
  await carryThrough(setting, actor)
  await setting.whileTimePasses(api.close())
  await turn()
  const { deviations, seen } = watch ?? watched(portal.fetch)
  return { deviations, seen, struckId, output: actor.getSnapshot().output, requests: portal.requests.length }
}

const named = (deviations: readonly Deviation[]) =>
  [...new Set(deviations.map(({ operation, message }) => `${operation} ${message}`))].sort()

const LISTS = ['listInvitations reply', 'listMfaMethods reply', 'listSessions reply', 'listWorkspaces reply']

/** What these portals answer to these is not documented, and the file does not pretend that it is. */
const undocumentedDialects: Readonly<Record<string, readonly string[]>> = {
  'dialect.rows: besideStrays': LISTS,
  'dialect.dates: list': ['listInvitations reply', 'listMfaMethods reply', 'listSessions reply'],
  'dialect.dates: empty': ['listInvitations reply', 'listMfaMethods reply', 'listSessions reply'],
  'dialect.staleToken: 302': ['getIpWhitelist reply', ...LISTS],
}

/** Whatever answers here is no portal, or one that broke. */
const undocumentedFaults = ['malformed', 'wrong shape', 'HTTP 502, not JSON', 'HTTP 200, a captive portal']

/** These are about the channel, so it is on; what it encrypts is an envelope. */
const isOfChannel = (name: string) => /publicKey|channel|sealed/.test(name)

describe('every message of a complete onboarding is as the file says', () => {
  test.each(['off', 'binary', 'json'] as const)('with the secure channel %s', async (secureChannel) => {
    const { deviations, seen, output } = await flow({ secureChannel })
    expect(deviations).toEqual([])
    expect(output).toMatchObject({ outcome: 'completed' })
    expect([...seen]).toEqual(expect.arrayContaining(['verifyOtp request', 'verifyOtp reply', ...LISTS]))
    expect(seen.has('openChannel request')).toBe(secureChannel !== 'off')
  })

  test.each(Object.entries(dialects))('at a portal with %s', async (name, portalOptions) => {
    const { deviations } = await flow({ secureChannel: isOfChannel(name) ? 'json' : 'off', ...portalOptions })
    expect(named(deviations), JSON.stringify(deviations[0])).toEqual(undocumentedDialects[name] ?? [])
  })

  test(`struck by a fault, but for the reply of what is no portal (seed ${seed})`, {
    timeout: 30 * 60_000,
  }, async () => {
    const { requests } = await flow({})
    const all = Array.from({ length: requests }, (_, request) =>
      Object.keys(faults).map((fault): Strike => ({ request, fault })),
    ).flat()
    const strange: unknown[] = []
    for (const strike of isComplete ? all : sample(all, FAULT_SAMPLE, createRandom(seed))) {
      const { deviations, struckId } = await flow({}, { strike })
      const isExpected = ({ requestId, message }: Deviation) =>
        undocumentedFaults.includes(strike.fault) && message === 'reply' && requestId === struckId
      strange.push(
        ...deviations.filter((deviation) => !isExpected(deviation)).map((deviation) => ({ strike, deviation })),
      )
    }
    expect(strange).toEqual([])
  })
})

/** Enough to meet each fault once or twice. */
const FAULT_SAMPLE = 40

describe('what deviates is seen', () => {
  /** The portal, with the JSON of some replies changed. */
  const changing = (path: string, change: (json: { code: unknown; data: never }) => object) => (fetch: PortalFetch) =>
    (async (input, init) => {
      const request = new Request(input, init)
      const reply = await fetch(request)
      if (!request.url.endsWith(path) || reply.status !== 200) return reply
      return new Response(JSON.stringify(change(await reply.json())), reply)
    }) satisfies PortalFetch

  test.each<[string, string, (json: { code: unknown; data: never }) => object]>([
    ['a code that is a number', '/mfa', (json) => ({ ...json, code: Number(json.code) })],
    ['a list inside a page', '/mine', (json) => ({ ...json, data: { content: json.data } })],
    [
      'a flag in words of its own',
      '/sessions',
      (json) => ({ ...json, data: [{ sessionId: 'S_1', isCurrent: 'yes' }] }),
    ],
    ['a failure with the code of a success', '/invitations', (json) => ({ ...json, success: false })],
    ['a whitelist without its switch', '/ip-whitelist', (json) => ({ ...json, data: { entries: [] } })],
  ])('in a reply: %s', async (_, path, change) => {
    const { portal } = createSetting({ portal: { secureChannel: 'off' } })
    const { deviations, fetch } = watched(changing(path, change)(portal.fetch))
    const route = Object.keys(document.paths).find((one) => one.endsWith(path))
    const { portalAccessCode, clientHash, accessToken } = portal.account
    await fetch(`https://portal.example/prometheus${route}`, {
      headers: {
        'X-PORTAL-ACCESS-CODE': portalAccessCode,
        'X-Client-Hash': clientHash ?? '',
        'X-Request-Id': '0b9f8e64-33a5-4c2e-9f3a-6f4d1c2b7a10',
        'X-LOCALE': 'en',
        Authorization: `Bearer ${accessToken}`,
      },
    })
    await expect.poll(() => deviations).toMatchObject([{ message: 'reply' }])
  })

  test.each<[string, Record<string, string>, object, string]>([
    [
      'a property that nobody documents',
      {},
      { code: '123456', trustDevice: true },
      'must NOT have additional properties',
    ],
    ['a code of eight digits', {}, { code: '12345678' }, 'must match pattern'],
    ['no portal code', { 'X-PORTAL-ACCESS-CODE': '' }, { code: '123456' }, 'X-PORTAL-ACCESS-CODE'],
    ['a language of its own', { 'X-LOCALE': 'en-GB' }, { code: '123456' }, 'X-LOCALE'],
  ])('in a request: %s', async (_, headers, body, problem) => {
    const { portal } = createSetting({ portal: { secureChannel: 'off' } })
    const { deviations, fetch } = watched(portal.fetch)
    await fetch('https://portal.example/prometheus/web/v1/system/security/mfa/otp/verify', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-PORTAL-ACCESS-CODE': portal.account.portalAccessCode,
        'X-Request-Id': '0b9f8e64-33a5-4c2e-9f3a-6f4d1c2b7a10',
        'X-LOCALE': 'en',
        ...headers,
      },
      body: JSON.stringify(body),
    })
    expect(deviations).toMatchObject([{ message: 'request' }])
    expect(deviations[0]?.problems.join()).toContain(problem)
  })
})

describe('a server that Prism makes of the file', () => {
  let prism: ChildProcess | null = null
  let baseUrl = ''

  beforeAll(async () => {
    const port = await freePort()
    baseUrl = `http://127.0.0.1:${port}`
    const command = [
      'node_modules/@stoplight/prism-cli/dist/index.js',
      'mock',
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      file,
    ]
    prism = spawn(execPath, command, { cwd: here, env: quiet, stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise<void>((resolve, reject) => {
      // Read to the end: without a reader, it ends with the first line that it cannot write.
      prism?.stdout?.on('data', (said) => String(said).includes('Prism is listening') && resolve())
      prism?.once('exit', () => reject(new Error('Prism did not start')))
    })
  })
  afterAll(() => void prism?.kill())

  const apiOfPrism = () =>
    createPortalApi({
      baseUrl,
      portalAccessCode: 'SYSTEM-1',
      clientHash: 'f1e2d3c4',
      accessToken: () => 'token',
    })

  test('answers all that the adapter reads', async () => {
    const api = apiOfPrism()
    expect(await api.listMfaMethods()).toMatchObject([
      { method: 'EMAIL', isEnabled: true },
      { method: 'OTP', isEnabled: false },
    ])
    expect(await api.getBackupCodeStatus()).toEqual({ remainingCount: 8, totalCount: 10 })
    expect(await api.getIpWhitelist()).toEqual({ enabled: false, entries: ['203.0.113.10', '2001:db8::/48'] })
    expect(await api.listSessions()).toMatchObject([{ isCurrent: true }, { isCurrent: false }])
    expect(await api.listInvitations()).toMatchObject([{ workspaceName: 'Acme', status: 'PENDING', canAccept: true }])
    expect(await api.listWorkspaces()).toMatchObject([{ workspaceBizId: 'WS_HOME_001', isDefault: true }])
    await api.close()
  })

  test('brings a flow to its first screen', async () => {
    const api = apiOfPrism()
    const actor = createActor(createMachines(api).onboarding).start()
    await settled(actor)
    const step = activeStep(actor.getSnapshot())
    expect(step?.name).toBe('invitations')
    expect(step?.actor.getSnapshot().context).toMatchObject({ invitations: [{ workspaceName: 'Acme' }], failure: null })
    actor.stop()
    await api.close()
  })
})

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
