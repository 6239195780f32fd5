import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOrInstall, type Program } from '../support/debian.ts'

/** After so long without an answer a proxy says 504 for itself, in ms of real time. */
export const READ_TIME_OUT_MS = 400

/** A proxy on the loopback interface, in front of one server. */
export interface Proxy {
  readonly url: string
  close(): Promise<void>
}

interface Kind extends Program {
  /** The configuration; what it writes goes into `folder`. */
  configure(parts: { readonly port: number; readonly upstream: URL; readonly folder: string }): string
  /** How to run it in the foreground. */
  arguments(file: string, folder: string): readonly string[]
}

const nginx: Kind = {
  names: ['nginx'],
  variable: 'NGINX',
  debianPackage: 'nginx-light',
  elsewhere: 'https://nginx.org/en/download.html',
  configure: ({ port, upstream, folder }) => `
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log ${folder}/error.log;
    events { worker_connections 128; }
    http {
      access_log off;
      ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${folder}/${of};`).join(' ')}
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://${upstream.host};
          proxy_read_timeout ${READ_TIME_OUT_MS}ms;
        }
      }
    }`,
  arguments: (file, folder) => ['-p', folder, '-e', `${folder}/start.log`, '-c', file],
}

const haproxy: Kind = {
  names: ['haproxy'],
  variable: 'HAPROXY',
  debianPackage: 'haproxy',
  elsewhere: 'https://www.haproxy.org',
  configure: ({ port, upstream }) => `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server ${READ_TIME_OUT_MS}ms
frontend users
  bind 127.0.0.1:${port}
  default_backend portal
backend portal
  server portal ${upstream.host}
`,
  arguments: (file) => ['-db', '-q', '-f', file],
}

export const proxies = { nginx, haproxy }

/** Starts a proxy in the foreground, as a child that goes with this process. */
export async function startProxy(kind: Kind, upstream: string): Promise<Proxy> {
  const program = findOrInstall(kind)
  const folder = await mkdtemp(join(tmpdir(), `postlogin-${kind.names[0]}-`))
  const port = await freePort()
  const file = join(folder, 'configuration')
  await writeFile(file, kind.configure({ port, upstream: new URL(upstream), folder }))
  const child = spawn(program, kind.arguments(file, folder), { stdio: ['ignore', 'ignore', 'pipe'] })
  const goDownToo = () => void child.kill('SIGKILL')
  process.once('exit', goDownToo)
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = once(child, 'exit')
  let isOver = false
  ended.then(() => {
    isOver = true
  })
  while (!(await isListening(port))) {
    if (isOver) throw new Error(`${program} did not start:\n${said}`)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGKILL')
      await ended
      process.off('exit', goDownToo)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port is free')
  return address.port
}

/** Whether something takes connections there; a turn of the event loop later, where nothing does. */
async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
