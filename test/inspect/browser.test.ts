/** The same in Chromium, through the browser inspector's messages to a page of another origin on this computer. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Browser, BrowserContext, Page as Tab } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { findLeaks, type Secrets } from '../support/leaks.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { createRandom, isComplete, sample, seed } from '../support/sampling.ts'
import type { Page, Play } from './page.ts'
import { faults } from './scene.ts'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Says that it is there, as the inspector's page does, and takes down what it is told. */
const INSPECTOR = `<!doctype html><script>
  addEventListener('message', ({ data, origin }) => received(location.origin, JSON.stringify(data), origin))
  const other = opener ?? parent
  other.postMessage({ type: '@statelyai.connected' }, '*')
</script>`

interface Message {
  /** Where it arrived. */
  readonly at: string
  readonly text: string
  readonly from: string
}

let browser: Browser
let context: BrowserContext
let tab: Tab
const servers: Server[] = []
let app = ''
let inspector = ''
let stranger = ''
let messages: Message[] = []
let printed: string[] = []

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [source('./page.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*'],
    inject: [source('./browser-stubs.ts')],
    alias: {
      vitest: source('./browser-stubs.ts'),
      postlogin: source('../../src/index.ts'),
      'postlogin/inspect': source('../../src/inspect/index.ts'),
      'postlogin/testing': source('../../src/testing/index.ts'),
    },
    logLevel: 'error',
  })
  const bundle = outputFiles[0]?.text ?? ''
  const html = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>'
  app = await serve({ '/': html, '/page.js': bundle })
  inspector = await serve({ '/': INSPECTOR })
  stranger = await serve({ '/': INSPECTOR })
  browser = await launchChromium()
  context = await browser.newContext()
  context.on('console', (message) => void printed.push(message.text()))
  context.on('weberror', (error) => void printed.push(String(error.error())))
  await context.exposeFunction('received', (at: string, text: string, from: string) => {
    messages.push({ at, text, from })
  })
  tab = await context.newPage()
  tab.setDefaultTimeout(PATIENCE_MS)
  // A page behind another one is hardly ever idle, and then is when an inspector sends.
  context.on('page', () => void tab.bringToFront())
})

afterAll(async () => {
  await browser?.close()
  for (const server of servers) server.close()
})

beforeEach(async () => {
  for (const other of context.pages()) if (other !== tab) await other.close()
  await tab.goto(app)
  await tab.waitForFunction(() => 'page' in globalThis)
  messages = []
  printed = []
})

async function play(options: Omit<Play, 'inspectorUrl'>) {
  const run = await tab.evaluate((play) => (globalThis as unknown as { page: Page }).page.play(play), {
    inspectorUrl: inspector,
    ...options,
  })
  const { texts, codes, keys } = run.secrets
  const secrets: Secrets = {
    texts: new Set(texts),
    codes: new Set(codes),
    keys: keys.map((key) => Uint8Array.from(key)),
  }
  const isLast = ({ text }: Message) =>
    text.includes(`"sessionId":"${run.actorIds.at(-1)}"`) && /"status":"(done|stopped)"/.test(text)
  await vi.waitUntil(() => messages.some(isLast), waiting)
  return { ...run, secrets, seen: messages.map(({ text }) => text).join('\n') }
}

const all = faults.map((_, rotation) => rotation)
const rotations = isComplete ? all : sample(all, 1, createRandom(seed))

test.each(rotations)('nothing leaks into a window, then an iframe (rotation %i)', async (rotation) => {
  const { outcome, secrets, seen } = await play({ rotation })
  expect(outcome).toMatchObject({ outcome: 'completed', otpEnabled: true, ipWhitelistEnabled: true })
  expect(messages.length).toBeGreaterThan(100)
  expect(messages.every(({ at, from }) => at === inspector && from === app)).toBe(true)
  expect(findLeaks(seen, secrets)).toEqual([])
  expect(findLeaks(printed.join('\n'), secrets)).toEqual([])
})

test('with the redaction off the same search finds them', async () => {
  const { secrets, seen } = await play({ dangerouslyInspectUnredacted: true })
  const leaks = findLeaks(seen, secrets)
  for (const form of ['plain', 'base64', 'hex', 'urlEncoded']) {
    expect(leaks.some((leak) => leak.endsWith(`(${form})`))).toBe(true)
  }
})

test('only the origin of the inspector gets to see anything', async () => {
  const opened = context.waitForEvent('page')
  const id = await tab.evaluate((url) => (globalThis as unknown as { page: Page }).page.start(url), inspector)
  const window = await opened
  const isActor = (text: string) => text.includes('"type":"@xstate.actor"') && text.includes(`"sessionId":"${id}"`)
  const timesShown = () => messages.filter(({ text }) => isActor(text)).length
  await vi.waitUntil(() => timesShown() > 0, waiting)

  // A page that the app itself has taken in asks for everything: nobody is shown anything anew.
  await tab.evaluate((src) => {
    const frame = document.createElement('iframe')
    const isLoaded = new Promise((resolve) => frame.addEventListener('load', resolve))
    frame.src = src
    document.body.append(frame)
    return isLoaded
  }, stranger)
  await tellSessions('session.terminate')
  await vi.waitUntil(() => isTold('session.terminate'), waiting)
  expect(timesShown()).toBe(1)

  // The inspector's window is led elsewhere, where it asks for everything.
  await window.goto(stranger)
  await tellSessions('sessions.refresh')
  await tellSessions('step.skip')

  // Back again, it gets what it has missed: so that was sent, or would have been.
  await window.goto(inspector)
  await vi.waitUntil(() => isTold('step.skip'), waiting)
  expect(isTold('sessions.refresh')).toBe(true)
  expect(seenBy(stranger)).toBe('')
})

test('after it was stopped nothing more is sent', async () => {
  await tab.evaluate((url) => (globalThis as unknown as { page: Page }).page.start(url), inspector)
  await tellSessions('sessions.refresh')
  await vi.waitUntil(() => isTold('sessions.refresh'), waiting)
  await tab.evaluate(() => (globalThis as unknown as { page: Page }).page.stop())
  await tellSessions('step.skip')
  await vi.waitUntil(() => seenBy(inspector).includes('@statelyai.disconnected'), waiting)
  expect(isTold('step.skip')).toBe(false)
})

const waiting = { timeout: PATIENCE_MS, interval: 5 }

const seenBy = (origin: string) =>
  messages
    .filter(({ at }) => at === origin)
    .map(({ text }) => text)
    .join('\n')

const isTold = (type: string) => seenBy(inspector).includes(`"event":{"type":"${type}"`)

/** Until its last message would have been sent, too: those go out when the browser is idle. */
const tellSessions = (type: string) =>
  tab.evaluate((type) => (globalThis as unknown as { page: Page }).page.perform(type), type)

async function serve(files: Readonly<Record<string, string>>): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const body = files[pathname]
    const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html'
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'Content-Type': type }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return `http://127.0.0.1:${address.port}`
}
