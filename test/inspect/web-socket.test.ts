/** The whole flow with every failure, through the inspector's own WebSocket server on this computer. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInspectorServer } from '@statelyai/inspect/server'
import { inspectOverWebSocket, type WebSocketInspectionOptions } from 'postlogin/inspect'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import WebSocket from 'ws'
import { findLeaks } from '../support/leaks.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { createRandom, isComplete, sample, seed } from '../support/sampling.ts'
import { faults, onboard, type Run, revoke, type Watch } from './scene.ts'

let url = ''
let server: ReturnType<typeof createInspectorServer>
let onlooker: WebSocket
let frames: string[] = []
let printed: string[] = []

beforeAll(async () => {
  const port = await freePort()
  url = `ws://localhost:${port}`
  server = createInspectorServer({ port, autoOpen: false })
  onlooker = new WebSocket(url)
  onlooker.on('message', (frame) => void frames.push(String(frame)))
  await once(onlooker, 'open')
})

afterAll(() => {
  onlooker.close()
  server.stop()
})

beforeEach(() => {
  frames = []
  printed = []
  const print = (...values: unknown[]) => void printed.push(values.map(String).join(' '))
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const) {
    vi.spyOn(console, method).mockImplementation(print)
  }
})

afterEach(() => {
  vi.restoreAllMocks()
})

const watchWith =
  (options: WebSocketInspectionOptions): Watch =>
  (actor, secrets) => {
    const inspection = inspectOverWebSocket(actor, { url, secrets, ...options })
    onTestFinished(() => inspection.stop())
    return inspection
  }
const watch = watchWith({})

/** Until the last thing that the last actor shows has arrived. */
async function arrival({ actorIds }: Run): Promise<string> {
  const isLast = (frame: string) =>
    frame.includes(`"sessionId":"${actorIds.at(-1)}"`) && /"status":"(done|stopped)"/.test(frame)
  await vi.waitUntil(() => frames.some(isLast), { timeout: PATIENCE_MS, interval: 5 })
  return frames.join('\n')
}

const all = faults.map((_, rotation) => rotation)
const rotations = isComplete ? all : sample(all, 3, createRandom(seed))

test.each(rotations)('nothing leaks when everything fails (rotation %i)', async (rotation) => {
  const run = await onboard(watch, { rotation })
  const seen = await arrival(run)
  expect(run.outcome).toMatchObject({ outcome: 'completed', otpEnabled: true, ipWhitelistEnabled: true })
  expect(frames.length).toBeGreaterThan(100)
  expect(run.secrets.codes.size).toBeGreaterThan(1)
  expect(findLeaks(seen, run.secrets)).toEqual([])
  expect(findLeaks(printed.join('\n'), run.secrets)).toEqual([])
})

test('nothing leaks when OTP is revoked and the session ends', async () => {
  const run = await revoke(watch)
  const seen = await arrival(run)
  expect(run.outcome).toMatchObject({ outcome: 'signedOut' })
  expect(findLeaks(seen, run.secrets)).toEqual([])
  expect(findLeaks(printed.join('\n'), run.secrets)).toEqual([])
})

test('nothing leaks into storage, nor into the console', async () => {
  const run = await onboard(watch, { isCareless: false })
  expect(run.outcome).toMatchObject({ outcome: 'completed' })
  expect(run.stored.length).toBeGreaterThan(50)
  expect(run.secrets.codes.size).toBeGreaterThan(0)
  expect(findLeaks(run.stored.join('\n'), run.secrets)).toEqual([])
  expect(findLeaks(printed.join('\n'), run.secrets)).toEqual([])
  expect(findLeaks(await arrival(run), run.secrets)).toEqual([])
})

test('with the redaction off the same search finds them all', async () => {
  const run = await onboard(watchWith({ dangerouslyInspectUnredacted: true }), {})
  const leaks = findLeaks(await arrival(run), run.secrets)
  for (const form of ['plain', 'base64', 'hex', 'urlEncoded']) {
    expect(leaks.some((leak) => leak.endsWith(`(${form})`))).toBe(true)
  }
  const found = new Set(leaks.map((leak) => leak.replace(/ \(\w+\)$/, '')))
  for (const code of run.secrets.codes) expect(found).toContain(code)
})

test('an even careful host would leak the codes', async () => {
  const run = await onboard(watchWith({ dangerouslyInspectUnredacted: true }), { isCareless: false })
  const leaks = findLeaks(await arrival(run), run.secrets)
  expect(leaks).toEqual([...run.secrets.codes].map((code) => `${code} (plain)`))
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}
