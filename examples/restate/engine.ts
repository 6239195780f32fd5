import { setTimeout as pause } from 'node:timers/promises'
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
    const start = async (build?: string) => {
      const workers = await startWorkers({ count, module: 'restate/worker.ts', node, build, settings })
      const id = await server.register(workers.url).catch((thrown: unknown) =>
        workers.close().then(() => {
          throw thrown
        }),
      )
      return { ...workers, id }
    }
    /** The latest last. */
    const builds = [await start()]
    const latest = () => builds.at(-1) as (typeof builds)[number]
    return {
      flows: connectFlows(server.ingressUrl, settings.secret),
      workers: count,
      pids: () => latest().pids(),
      kill: (worker) => latest().kill(worker),
      restart: (worker) => latest().restart(worker),
      release: async (build) => void builds.push(await start(build)),
      async retire() {
        for (const { id, close } of builds.splice(0, builds.length - 1)) {
          // A call belongs to those who began it, until it is over.
          while ((await server.query(callsOf(id))).length > 0) await pause(ASK_MS)
          await close()
        }
      },
      leftovers: async () => (await server.query(UNFINISHED)).map((row) => JSON.stringify(row)),
      async stored(subject) {
        const [run] = await server.query(latestRunOf(subject))
        if (run !== undefined) return textIn(Buffer.from(String(run.raw), 'hex').toString())
        const where = `service_name = 'flow' AND service_key = '${subject}' AND key = 'text'`
        const [row] = await server.query(`SELECT value_utf8 FROM state WHERE ${where}`)
        return row === undefined ? null : JSON.parse(String(row.value_utf8))
      },
      async dump() {
        const tables = await Promise.all(TABLES.map(server.query))
        return tables.flat().flatMap(Object.values).join('\n')
      },
      close: () => Promise.all(builds.map(({ close }) => close())).then(server.close),
    }
  } catch (thrown) {
    await server.close()
    throw thrown
  }
}

/** How often it is asked whether calls are over, in ms. */
const ASK_MS = 100

const callsOf = (deployment: string) =>
  `SELECT id FROM sys_invocation WHERE pinned_deployment_id = '${deployment}' AND status != 'completed'`

/** What the call at work has last come to. */
const latestRunOf = (subject: string) => `
  SELECT j.raw FROM sys_journal j JOIN sys_invocation i ON j.id = i.id
  WHERE i.target_service_key = '${subject}' AND i.status = 'running' AND j.entry_type = 'Notification: Run'
  ORDER BY j.index DESC LIMIT 1`

/** The entry is the JSON of a hop, with a few bytes before it. */
const textIn = (entry: string): string => JSON.parse(entry.slice(entry.indexOf('{"'), entry.lastIndexOf('}') + 1)).text

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
    async screen(subject) {
      const shown = await flow(subject).screen()
      if (shown === null) throw new Error(`${subject} has no flow`)
      return shown
    },
    output: async (subject) => flow(subject).output(),
  }
}
