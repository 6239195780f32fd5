import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { env, getuid, platform } from 'node:process'

/** A program that tests run and that Debian packages. */
export interface DebianProgram {
  /** What its file may be called. */
  readonly names: readonly string[]
  /** Debian's name of its package. */
  readonly debianPackage: string
  /** The environment variable that says where it is. */
  readonly variable: string
  /** How to get it elsewhere than on Debian. */
  readonly elsewhere?: string
  /** Where it may be beside the folders of PATH: whole paths. */
  readonly alsoAt?: readonly string[]
}

/** Installing takes longer than any test. */
export const INSTALL_TIME_OUT_MS = 300_000

/** Not everybody has the administrator's folders on PATH. */
const ADMINISTRATORS = ['/usr/sbin', '/usr/local/sbin']

/** The path of the program: found, or installed where Debian's root asks for it. Throws what says how to get it. */
export function findOrInstall(program: DebianProgram): string {
  const path = find(program) ?? install(program)
  if (path === undefined) throw new Error(helpFor(program))
  return path
}

function find(program: DebianProgram): string | undefined {
  const { names, variable, alsoAt = [] } = program
  const named = env[variable]
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`There is no ${named}, which ${variable} names. ${helpFor(program)}`)
    return named
  }
  const folders = [...(env.PATH ?? '').split(delimiter), ...ADMINISTRATORS]
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [...places, ...alsoAt].find((path) => path !== '' && existsSync(path))
}

function install(program: DebianProgram): string | undefined {
  const mayInstall = platform === 'linux' && getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!mayInstall) return undefined
  const { names, debianPackage } = program
  try {
    // One at a time: test files run side by side.
    const isThere = names.map((name) => `command -v ${name}`).join(' || ')
    const script = `${isThere} || { apt-get update && apt-get install -y --no-install-recommends ${debianPackage}; }`
    execFileSync('flock', [join(tmpdir(), 'postlogin-install.lock'), 'sh', '-c', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  } catch (cause) {
    throw new Error(`${debianPackage} could not be installed. ${helpFor(program)}`, { cause })
  }
  return find(program)
}

const helpFor = ({ names, debianPackage, variable, elsewhere }: DebianProgram) =>
  `This test needs ${names[0]}. Install it ("apt-get install ${debianPackage}" as root on Debian${
    elsewhere === undefined ? '' : `, elsewhere "${elsewhere}"`
  }), or say where it is with ${variable}=/path/to/${names[0]}.`
