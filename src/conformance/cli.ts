#!/usr/bin/env node
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { PortalError } from '../domain/failure.ts'
import { help, readArguments, UsageError } from './arguments.ts'
import { type ConformanceResult, checkConformance } from './check-conformance.ts'
import { conformanceTable } from './table.ts'

/** By what a check comes to; as the page and `--help` have it. */
const EXIT_CODES: Readonly<Record<ConformanceResult, number>> = {
  nothingDiffers: 0,
  differs: 1,
  notChecked: 2,
  notAnswered: 3,
}

/** The command `postlogin`; its exit code, 130 after Ctrl-C. */
async function main(): Promise<number> {
  try {
    const given = readArguments(process.argv.slice(2))
    if (given.mode === 'help') {
      process.stdout.write(`${help}\n`)
      return 0
    }
    const token = process.env.POSTLOGIN_TOKEN?.trim() || (await askForToken())
    if (token === null) return 130
    const report = await checkConformance({ ...given.options, accessToken: () => token })
    process.stdout.write(given.isJson ? `${JSON.stringify(report, null, 2)}\n` : conformanceTable(report, given))
    return EXIT_CODES[report.result]
  } catch (thrown) {
    if (!(thrown instanceof UsageError || thrown instanceof PortalError)) throw thrown
    process.stderr.write(`${thrown.message}\n`)
    return 2
  }
}

/** What is typed is not shown. Null: Ctrl-C, or the end of the input. */
async function askForToken(): Promise<string | null> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY === true })
  // Only now: what is typed from here on is not shown.
  process.stderr.write('Access token: ')
  try {
    return await new Promise((resolve) => {
      terminal.once('line', (line) => resolve(line.trim()))
      terminal.once('SIGINT', () => resolve(null))
      terminal.once('close', () => resolve(null))
    })
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}

// What reads the output may close it early (`postlogin … | head`).
process.stdout.on('error', () => process.exit(1))

const exitCode = await main()
// Does not wait for requests that hang; what was printed is flushed first.
process.stdout.write('', () => process.exit(exitCode))
