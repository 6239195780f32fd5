import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOrInstall, type Program } from '../../scripts/debian.ts'

/** A proxy on the loopback interface, in front of a portal. */
export interface Proxy {
  readonly url: string
  close(): Promise<void>
}

/** How long a proxy waits for the portal before it answers 504 in its place, in ms; longer than a busy computer pauses. */
export const READ_TIME_OUT_MS = 3_000

/** Somebody else may take a port between its being found free and its being taken. */
const ATTEMPTS = 5

interface ProxyKind {
  readonly program: Program
  /** The command line after the program, with the configuration and the folder that it stands in. */
  command(configuration: string, folder: string): readonly string[]
  configure(port: number, portal: URL): string
}

/** Each as its manual sets it up, but for the timeout. No TLS: that is not what is looked at. */
const kinds = {
  nginx: {
    program: {
      names: ['nginx'],
      variable: 'NGINX',
      debianPackage: 'nginx-light',
      elsewhere: 'https://nginx.org/en/download.html',
    },
    command: (configuration, folder) => ['-p', folder, '-e', 'stderr', '-c', configuration],
    configure: (port, portal) => `
      daemon off;
      worker_processes 1;
      pid nginx.pid;
      error_log stderr error;
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`).join(' ')}
        server {
          listen 127.0.0.1:${port};
          location / {
            proxy_pass http://${portal.host};
            proxy_read_timeout ${READ_TIME_OUT_MS}ms;
          }
        }
      }`,
  },
  haproxy: {
    program: {
      names: ['haproxy'],
      variable: 'HAPROXY',
      debianPackage: 'haproxy',
      elsewhere: 'https://www.haproxy.org',
    },
    command: (configuration) => ['-db', '-f', configuration],
    configure: (port, portal) => `
      defaults
        mode http
        timeout connect 10s
        timeout client 1m
        timeout server ${READ_TIME_OUT_MS}ms
      frontend public
        bind 127.0.0.1:${port}
        default_backend portal
      backend portal
        server portal ${portal.host}
`,
  },
} satisfies Readonly<Record<string, ProxyKind>>

export type ProxyName = keyof typeof kinds
export const proxyNames = Object.keys(kinds) as ProxyName[]

/** Makes sure that the programs are there, which may take as long as installing them does. */
export function prepareProxies(): void {
  for (const { program } of Object.values(kinds)) findOrInstall(program)
}

/** A real proxy, started in the foreground, in front of the portal at this address. */
export async function openProxy(name: ProxyName, portalUrl: string): Promise<Proxy> {
  const kind: ProxyKind = kinds[name]
  const path = findOrInstall(kind.program)
  for (let attempt = 1; ; attempt++) {
    const folder = mkdtempSync(join(tmpdir(), `postlogin-${name}-`))
    const port = await freePort()
    const configuration = join(folder, `${name}.conf`)
    writeFileSync(configuration, kind.configure(port, new URL(portalUrl)))
    const child = start(folder, [path, ...kind.command(configuration, folder)])
    const exited = once(child, 'exit')
    const log = logOf(child)
    const close = async () => {
      child.stdin?.end()
      await exited
    }
    if (await listens(port, child)) return { url: `http://127.0.0.1:${port}`, close }
    await close()
    if (attempt === ATTEMPTS) throw new Error(`${name} did not start:\n${log()}`)
  }
}

/** The proxy, and the folder, last no longer than the pipe that its shell reads from: a test that is killed takes them along. */
const LEASH = `
  folder=$1
  shift
  exec 3<&0
  "$@" 3<&- &
  proxy=$!
  { read -r _ <&3; kill "$proxy"; } 2>&- &
  exec 3<&-
  wait "$proxy"
  rm -rf "$folder"`

const start = (folder: string, command: readonly string[]) =>
  spawn('sh', ['-c', LEASH, 'sh', folder, ...command], { stdio: ['pipe', 'pipe', 'pipe'] })

function logOf({ stdout, stderr }: ChildProcess): () => string {
  let text = ''
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  return () => text
}

/** A port that nobody listens on right now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return address.port
}

/** Until the port takes connections; false where the child ends before. */
async function listens(port: number, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    if (await takesConnections(port)) return true
  }
  return false
}

const takesConnections = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const report = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => report(true)).once('error', () => report(false))
  })
