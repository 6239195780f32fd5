/** One worker: serves the flows to Restate on a loopback port, which it prints. */
import { createServer } from 'node:http2'
import { createEndpointHandler } from '@restatedev/restate-sdk'
import { createWorkerHost, type WorkerSettings, workerSettings } from '../durable/host.ts'
import { listen } from '../durable/listen.ts'
import { serdeFor } from '../durable/serde.ts'
import { createFlow } from './flow.ts'

const settings = workerSettings<WorkerSettings & { readonly retentionMs?: number }>()
const flow = createFlow(createWorkerHost(settings), {
  serde: serdeFor(settings.secret),
  retentionMs: settings.retentionMs ?? 0,
})
console.log(await listen(createServer(createEndpointHandler({ services: [flow] }))))
