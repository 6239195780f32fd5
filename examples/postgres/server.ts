import { execFile, execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getuid } from 'node:process'
import { promisify } from 'node:util'
import { findOrInstall } from '../../scripts/debian.ts'

/** A PostgreSQL of its own, reached by a socket in a folder that nobody else may enter. */
export interface PostgresServer {
  readonly connection: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
  }
  close(): Promise<void>
}

/** No port of the computer is taken: the number only names the socket. */
const PORT = 5432
const USER = 'postlogin'

const run = promisify(execFile)

/** Debian keeps its programs out of the PATH, by version. */
function debianPlaces(): string[] {
  const folder = '/usr/lib/postgresql'
  return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, 'bin', 'pg_ctl')) : []
}

const findPgCtl = () =>
  findOrInstall({
    names: ['pg_ctl'],
    variable: 'PG_CTL',
    debianPackage: 'postgresql',
    get places() {
      return debianPlaces()
    },
    elsewhere: 'https://www.postgresql.org/download/',
  })

/** PostgreSQL refuses to run as root: then it runs as Debian's user for it. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (getuid?.() !== 0) return {}
  const id = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** @throws Error where it is not to be had, or does not start. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = dirname(realpathSync(findPgCtl()))
  const user = unprivileged()
  const folder = mkdtempSync(join(tmpdir(), 'postlogin-postgres-'))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const call = (program: string, ...more: readonly string[]) =>
    run(join(programs, program), ['-D', data, ...more], { ...user, cwd: folder })
  async function close() {
    await call('pg_ctl', 'stop', '-m', 'fast', '-w')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await call('initdb', '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C')
    const options = `-k ${folder} -p ${PORT} -c listen_addresses= -c max_connections=100`
    await call('pg_ctl', 'start', '-w', '-l', join(folder, 'log'), '-o', options)
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`PostgreSQL did not start from ${programs}.`, { cause })
  }
  return { connection: { host: folder, port: PORT, user: USER, database: 'postgres' }, close }
}
