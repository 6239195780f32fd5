import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Engine, EngineOptions, Flows } from '../durable/flows.ts'
import type { Shown } from '../durable/host.ts'
import { startWorkers, type Workers } from '../durable/workers.ts'
import { MISDIRECTED, TABLE } from './flows.ts'
import { startPostgres } from './server.ts'
import type { Call } from './worker.ts'

/** How often the end of a flow is asked for, in ms. */
const ASK_MS = 200

/** The flows in one table of PostgreSQL: its server, and workers that share it. */
export async function openPostgres({ workers: count = 2, ...settings }: EngineOptions): Promise<Engine> {
  const server = await startPostgres()
  const { connection } = server
  const pool = new pg.Pool(connection)
  // A connection may still be closing when the server ends.
  pool.on('error', () => {})
  const closeServer = () => pool.end().then(server.close)
  try {
    await pool.query(TABLE)
    async function start(folder?: string) {
      const name = `build ${builds.length}`
      const own = { ...settings, connection, build: name }
      builds.push({
        name,
        ...(await startWorkers({ count, module: 'postgres/worker.ts', build: folder, settings: own })),
      })
    }
    /** The latest last. */
    const builds: (Workers & { readonly name: string })[] = []
    await start()
    const latest = () => builds.at(-1) as (typeof builds)[number]
    /** What is announced is done by those who announced it. */
    const handOver = (from: string, to: string) =>
      pool.query('update flows set build = $2 where build = $1 and not announced', [from, to])
    const isLeft = async (build: string) =>
      (await pool.query('select 1 from flows where build = $1 limit 1', [build])).rowCount !== 0
    return {
      flows: connectFlows(() => builds.map(({ url }) => url).reverse()),
      workers: count,
      pids: () => latest().pids(),
      kill: (worker) => latest().kill(worker),
      restart: (worker) => latest().restart(worker),
      release: start,
      async retire() {
        for (const { name, close } of builds.slice(0, -1)) {
          for (await handOver(name, latest().name); await isLeft(name); await handOver(name, latest().name)) {
            await pause(ASK_MS)
          }
          builds.shift()
          await close()
        }
      },
      async leftovers() {
        const { rows } = await pool.query(
          'select subject, wake_at from flows where output is null or wake_at is not null',
        )
        return rows.map((row) => JSON.stringify(row))
      },
      async stored(subject) {
        const { rows } = await pool.query('select text from flows where subject = $1', [subject])
        return rows[0]?.text ?? null
      },
      async dump() {
        const { rows } = await pool.query('select flows::text from flows')
        return rows.map((row) => row.flows).join('\n')
      },
      close: () => Promise.all(builds.map(({ close }) => close())).then(closeServer),
    }
  } catch (thrown) {
    await closeServer()
    throw thrown
  }
}

/** `urls`: of the builds, the latest first. */
function connectFlows(urls: () => readonly string[]): Flows {
  async function call(body: Call): Promise<Shown> {
    let answer = ''
    for (const url of urls()) {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
      answer = await response.text()
      if (response.ok) return JSON.parse(answer)
      if (response.status !== MISDIRECTED) break
    }
    throw new Error(answer)
  }
  return {
    begin: (subject, accessToken) => call({ to: 'begin', subject, accessToken }),
    act: (subject, action) => call({ to: 'act', subject, action }),
    screen: (subject) => call({ to: 'read', subject }),
    async output(subject) {
      for (;;) {
        const { output } = await call({ to: 'read', subject })
        if (output !== null) return output
        await pause(ASK_MS)
      }
    },
  }
}
