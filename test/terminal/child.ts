import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const command = ['--import', 'tsx', 'examples/terminal/main.ts'] as const

export interface Finished {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The example as its user starts it, but for npm. */
export const runMain = (
  options: readonly string[],
  environment?: Readonly<Record<string, string>>,
  interruptAfter?: Promise<void>,
) => runProgram([...command, ...options], environment, interruptAfter)

/** Node with these arguments; its input is no terminal. `interruptAfter`: then it gets Ctrl-C's signal. */
export function runProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  interruptAfter?: Promise<void>,
): Promise<Finished> {
  const { POSTLOGIN_TOKEN: _, LC_MESSAGES: __, ...inherited } = process.env
  const child = spawn(process.execPath, [...words], {
    cwd: root,
    env: { ...inherited, LC_ALL: 'C', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  interruptAfter?.then(() => child.kill('SIGINT'))
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}
