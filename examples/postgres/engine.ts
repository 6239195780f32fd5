import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Engine, EngineOptions, Flows } from '../durable/flows.ts'
import type { Shown } from '../durable/host.ts'
import { startWorkers } from '../durable/workers.ts'
import { TABLE } from './flows.ts'
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
    const workers = await startWorkers({ count, module: 'postgres/worker.ts', settings: { ...settings, connection } })
    return {
      flows: connectFlows(workers.url),
      workers: count,
      kill: workers.kill,
      restart: workers.restart,
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
      close: () => workers.close().then(closeServer),
    }
  } catch (thrown) {
    await closeServer()
    throw thrown
  }
}

function connectFlows(url: string): Flows {
  async function call(body: Call): Promise<Shown> {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    const answer = await response.text()
    if (!response.ok) throw new Error(answer)
    return JSON.parse(answer)
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
