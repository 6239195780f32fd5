import { connect } from '@restatedev/restate-sdk-clients'
import type { Engine, EngineOptions, Flows } from '../durable/flows.ts'
import { findNode } from '../durable/programs.ts'
import { serdeFor } from '../durable/serde.ts'
import { startWorkers } from '../durable/workers.ts'
import type { Flow } from './flow.ts'
import { startRestate } from './server.ts'

/** The flows in Restate: its server, and workers that it calls. */
export async function openRestate({ workers: count = 2, ...settings }: EngineOptions): Promise<Engine> {
  const node = findNode()
  const server = await startRestate()
  try {
    const workers = await startWorkers({ count, module: 'restate/worker.ts', node, settings })
    const close = () => workers.close().then(server.close)
    try {
      await server.register(workers.url)
    } catch (thrown) {
      await workers.close()
      throw thrown
    }
    return {
      flows: connectFlows(server.ingressUrl, settings.secret),
      workers: count,
      kill: workers.kill,
      restart: workers.restart,
      leftovers: async () => (await server.query(UNFINISHED)).map((row) => JSON.stringify(row)),
      async stored(subject) {
        const where = `service_name = 'flow' AND service_key = '${subject}' AND key = 'text'`
        const [row] = await server.query(`SELECT value_utf8 FROM state WHERE ${where}`)
        return row === undefined ? null : JSON.parse(String(row.value_utf8))
      },
      async dump() {
        const tables = await Promise.all(TABLES.map(server.query))
        return tables.flat().flatMap(Object.values).join('\n')
      },
      close,
    }
  } catch (thrown) {
    await server.close()
    throw thrown
  }
}

/** Deadlines to come are scheduled; all else should be over. */
const UNFINISHED =
  "SELECT id, target, status, retry_count, last_failure FROM sys_invocation WHERE status NOT IN ('completed', 'scheduled')"

const TABLES = ['SELECT * FROM sys_journal', 'SELECT * FROM state', 'SELECT * FROM sys_invocation']

function connectFlows(url: string, secret: string | null): Flows {
  const ingress = connect({ url, serde: serdeFor(secret) })
  const flow = (subject: string) => ingress.objectClient<Flow>({ name: 'flow' }, subject)
  return {
    begin: async (subject, accessToken) => flow(subject).begin(accessToken),
    act: async (subject, action) => flow(subject).act(action),
    screen: async (subject) => flow(subject).screen(),
    output: async (subject) => flow(subject).output(),
  }
}
