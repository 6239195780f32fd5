import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { listen } from './listen.ts'

/** Some processes that do the same, behind one port that leads to each of them in turn. */
export interface Workers {
  readonly url: string
  /** The ids of their processes. */
  pids(): readonly number[]
  /** Takes a worker away without a warning, by its own process id. */
  kill(worker: number): Promise<void>
  /** Starts one in its place. */
  restart(worker: number): Promise<void>
  close(): Promise<void>
}

export interface WorkersOptions {
  readonly count: number
  /** The program's module, from the examples' folder. */
  readonly module: string
  readonly node?: string
  /** The build that they are of, by the folder of its repository; default: this one. */
  readonly build?: string | undefined
  /** What `workerSettings` gives there. */
  readonly settings: object
}

interface Worker {
  readonly child: ChildProcess
  readonly port: number
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** @throws Error where a worker ends before it is ready. */
export async function startWorkers({
  count,
  module,
  node = process.execPath,
  build = ROOT,
  settings,
}: WorkersOptions): Promise<Workers> {
  const running = new Map<number, Worker>()
  const sockets = new Set<Socket>()
  let turn = 0

  async function start(index: number) {
    const child = spawn(node, ['--import', 'tsx', `examples/${module}`], {
      cwd: build,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        RESTATE_LOGGING: 'ERROR',
        WORKER_SETTINGS: JSON.stringify(settings),
      },
    })
    const lines = createInterface({ input: child.stdout })
    const [port] = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`The worker ${module} ended with ${code} before it was ready.`)
      }),
    ])
    running.set(index, { child, port: Number(port) })
  }

  async function kill(index: number) {
    const worker = running.get(index)
    if (worker === undefined) return
    running.delete(index)
    const ended = once(worker.child, 'exit')
    worker.child.kill('SIGKILL')
    await ended
  }

  const pids = () => [...running.values()].flatMap(({ child }) => child.pid ?? [])

  const balancer = createServer({ noDelay: true }, (socket) => {
    const worker = [...running.values()][turn++ % Math.max(1, running.size)]
    if (worker === undefined) return socket.destroy()
    const onward = connect({ port: worker.port, host: '127.0.0.1', noDelay: true })
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
    return socket
  })

  async function close() {
    await Promise.all([...running.keys()].map(kill))
    balancer.close()
    for (const socket of sockets) socket.destroy()
  }
  try {
    await Promise.all(Array.from({ length: count }, (_, index) => start(index)))
    return { url: `http://127.0.0.1:${await listen(balancer)}`, pids, kill, restart: start, close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}
