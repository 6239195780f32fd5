import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFakePortal } from 'postlogin/testing'
import { expect, it, onTestFinished } from 'vitest'
import { createPortalApi } from '../../../src/api/index.ts'
import type { PortalApi } from '../../../src/domain/portal-api.ts'
import { turn } from '../../support/test-clock.ts'
import { createSetting, failureOf, hang, success, validOptions } from '../stub-portal.ts'

const MANY = 50
const many = <Result>(make: () => Promise<Result>) => Promise.all(Array.from({ length: MANY }, make))

/** What Node warns of from now on. */
function watchWarnings(): string[] {
  const warnings: string[] = []
  const onWarning = ({ name }: Error) => warnings.push(name)
  process.on('warning', onWarning)
  onTestFinished(() => void process.off('warning', onWarning))
  return warnings
}

async function overLoopback(): Promise<Required<PortalApi>> {
  const server = createServer((_, outgoing) => {
    outgoing.setHeader('Content-Type', 'application/json')
    outgoing.end(JSON.stringify(success([]).json))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return createPortalApi({ ...validOptions, baseUrl: `http://127.0.0.1:${port}`, secureChannel: 'off' })
}

function atTheFakePortal(): Required<PortalApi> {
  const portal = createFakePortal()
  const { portalAccessCode, clientHash, accessToken } = portal.account
  const baseUrl = 'https://portal.example/prometheus'
  return createPortalApi({
    baseUrl,
    portalAccessCode,
    clientHash,
    accessToken: () => accessToken,
    fetch: portal.fetch,
  })
}

it.each<[string, () => Required<PortalApi> | Promise<Required<PortalApi>>]>([
  ['over loopback HTTP', overLoopback],
  ['at the fake portal', atTheFakePortal],
])('Node warns of no leak, however many calls share one signal: %s', async (_, create) => {
  const api = await create()
  const warnings = watchWarnings()
  const { signal } = new AbortController()
  await many(() => api.listSessions(undefined, { signal }))
  for (let i = 0; i < MANY; i++) await api.listSessions(undefined, { signal })
  await many(() => api.enableIpWhitelist(undefined, { signal }))
  await turn()
  expect(warnings).toEqual([])
})

it('Node warns of none while they wait for one token, or for their next try', async () => {
  const warnings = watchWarnings()
  const controller = new AbortController()
  const { signal } = controller
  const waiting = createSetting([], { accessToken: () => new Promise(() => {}) })
  const retrying = createSetting(new TypeError('fetch failed'))
  const calls = [waiting, retrying].map(({ api }) => many(() => failureOf(api.listSessions(undefined, { signal }))))
  for (let i = 0; i < 10; i++) await turn()
  expect(retrying.clock.pending).toBe(MANY)
  controller.abort()
  for (const failures of await Promise.all(calls)) {
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['client.aborted']))
  }
  expect(warnings).toEqual([])
})

it('aborting ends every call that shares the signal', async () => {
  const { api, sent } = createSetting(hang)
  const controller = new AbortController()
  const calls = many(() => failureOf(api.listSessions(undefined, { signal: controller.signal })))
  while (sent.length < MANY) await turn()
  controller.abort()
  expect(new Set((await calls).map(({ code }) => code))).toEqual(new Set(['client.aborted']))
  expect(sent.every(({ request }) => request.signal.aborted)).toBe(true)
})
