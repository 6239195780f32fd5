/** One worker: serves the flows of the table over HTTP on a loopback port, which it prints. */
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import pg from 'pg'
import type { DurableAction } from 'postlogin/durable'
import { createWorkerHost, type Shown, type WorkerSettings, workerSettings } from '../durable/host.ts'
import { listen } from '../durable/listen.ts'
import { serdeFor } from '../durable/serde.ts'
import { createFlows, MISDIRECTED, OtherBuild } from './flows.ts'
import type { PostgresServer } from './server.ts'

/** What a client sends. */
export interface Call {
  readonly to: 'begin' | 'act' | 'read'
  readonly subject: string
  readonly accessToken?: string
  readonly action?: DurableAction
}

const settings = workerSettings<WorkerSettings & Pick<PostgresServer, 'connection'> & { readonly build: string }>()
const pool = new pg.Pool({ ...settings.connection, max: 20 })
// One that is lost while nobody uses it is replaced by the next hop's.
pool.on('error', () => {})
const flows = createFlows(pool, {
  host: createWorkerHost(settings),
  serde: serdeFor(settings.secret),
  build: settings.build,
})

function answer({ to, subject, accessToken = '', action }: Call): Promise<Shown> {
  if (to === 'begin') return flows.begin(subject, accessToken)
  return to === 'act' ? flows.act(subject, action) : flows.read(subject)
}

const server = createServer((request, response) => {
  json(request)
    .then((call) => answer(call as Call))
    .then(
      (shown) => response.end(JSON.stringify(shown)),
      (thrown: unknown) => {
        response.statusCode = thrown instanceof OtherBuild ? MISDIRECTED : 500
        response.end(thrown instanceof Error ? thrown.message : String(thrown))
      },
    )
})
console.log(await listen(server))
await flows.watch()
