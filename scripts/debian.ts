import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { env, getuid, platform } from 'node:process'

/** A program that a test or an example needs beside Node. */
export interface Program {
  /** What it may be called; what serves best comes first. */
  readonly names: readonly string[]
  /** The environment variable that may say where it is. */
  readonly variable: string
  /** Debian's package of it. */
  readonly debianPackage: string
  /** Where else it may be. */
  readonly places?: readonly string[]
  /** How to get it elsewhere than on Debian. */
  readonly elsewhere: string
}

/** Not in everybody's PATH. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin']

/** Held by who installs: test files run side by side, and a program can be found before all that it needs is there. */
const INSTALLING = join(tmpdir(), 'postlogin-apt-get.lock')

/** The program that the variable names, or that is found; else it is installed where Debian's root asks for it. */
export function findOrInstall(program: Program): string {
  if (existsSync(INSTALLING)) execFileSync('flock', [INSTALLING, 'true'])
  return find(program) ?? install(program)
}

const helpOn = ({ names, variable, debianPackage, elsewhere }: Program) =>
  `This needs ${names[0]}. Install it ("apt-get install ${debianPackage}" as root on Debian, elsewhere ${elsewhere}), or say where it is with ${variable}=/path/to/${names[0]}.`

function find(program: Program): string | undefined {
  const { names, variable, places = [] } = program
  const given = env[variable]
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`There is no ${given}, which ${variable} names. ${helpOn(program)}`)
    return given
  }
  const folders = [...(env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS]
  const candidates = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places]
  return candidates.find((path) => path !== '' && existsSync(path))
}

function install(program: Program): string {
  const { names, debianPackage } = program
  const mayInstall = platform === 'linux' && getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (mayInstall) {
    try {
      const script = `command -v ${names[0]} || { apt-get update && apt-get install -y --no-install-recommends ${debianPackage}; }`
      execFileSync('flock', [INSTALLING, 'sh', '-c', script], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    } catch (cause) {
      throw new Error(`${names[0]} could not be installed. ${helpOn(program)}`, { cause })
    }
  }
  const found = find(program)
  if (found === undefined) throw new Error(helpOn(program))
  return found
}
