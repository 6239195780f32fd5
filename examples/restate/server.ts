import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../durable/listen.ts'
import { findRestateServer } from '../durable/programs.ts'

/** A Restate server on loopback ports, with a folder of its own. */
export interface RestateServer {
  /** Where flows are called. */
  readonly ingressUrl: string
  /** Makes the workers behind this URL known: what begins is called there. Resolves with their id. */
  register(url: string): Promise<string>
  /** The rows of a query on the engine's tables. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

const START_MS = 120_000
const ASK_AGAIN_MS = 100

/** @throws Error where it does not start, with the end of its log. */
export async function startRestate(): Promise<RestateServer> {
  const program = findRestateServer()
  const folder = mkdtempSync(join(tmpdir(), 'postlogin-restate-'))
  const [node, ingress, admin] = [await freePort(), await freePort(), await freePort()]
  const log = join(folder, 'log')
  const output = openSync(log, 'w')
  const server = spawn(program, ['--listen-mode', 'tcp', '--no-logo', '--node-name', 'postlogin'], {
    stdio: ['ignore', output, output],
    env: {
      PATH: process.env.PATH,
      RESTATE_BASE_DIR: folder,
      RESTATE_BIND_IP: '127.0.0.1',
      RESTATE_ADVERTISED_HOST: '127.0.0.1',
      RESTATE_BIND_PORT: `${node}`,
      RESTATE_INGRESS__BIND_PORT: `${ingress}`,
      RESTATE_ADMIN__BIND_PORT: `${admin}`,
      RESTATE_DISABLE_TELEMETRY: 'true',
      // Sized for an example. Each call has a connection of its own, so that any worker gets it.
      RESTATE_DEFAULT_NUM_PARTITIONS: '2',
      RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: '256 MiB',
      RESTATE_WORKER__INVOKER__HTTP2_STREAMS_PER_CONNECTION_LIMIT: '1',
      // Workers may be gone for as long as they like.
      RESTATE_DEFAULT_RETRY_POLICY__MAX_ATTEMPTS: 'unlimited',
    },
  })
  const adminUrl = `http://127.0.0.1:${admin}`
  const ingressUrl = `http://127.0.0.1:${ingress}`
  async function close() {
    await end(server)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilHealthy(server, [`${adminUrl}/health`, `${ingressUrl}/restate/health`])
  } catch (cause) {
    const tail = readFileSync(log, 'utf8').slice(-2_000)
    await close()
    throw new Error(`Restate's server did not start. Its log ends with:\n${tail}`, { cause })
  }

  async function post(path: string, body: object) {
    const response = await fetch(`${adminUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`Restate's ${path} answered ${response.status}: ${await response.text()}`)
    return response.json() as Promise<{ readonly id?: string; readonly rows?: readonly Record<string, unknown>[] }>
  }
  return {
    ingressUrl,
    register: async (uri) => (await post('/deployments', { uri })).id ?? '',
    query: async (sql) => (await post('/query', { query: sql })).rows ?? [],
    close,
  }
}

async function untilHealthy(server: ChildProcess, urls: readonly string[]) {
  const latest = Date.now() + START_MS
  const isHealthy = (url: string) =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await Promise.all(urls.map(isHealthy))).every(Boolean)) {
    if (server.exitCode !== null) throw new Error(`It ended with ${server.exitCode}`)
    if (Date.now() > latest) throw new Error(`It was not healthy after ${START_MS} ms`)
    await pause(ASK_AGAIN_MS)
  }
}

async function end(server: ChildProcess) {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
}
