import { Interrupted } from './answers.ts'
import { help, readArguments, UsageError } from './arguments.ts'
import type { Ending } from './onboard.ts'

async function main(): Promise<Ending> {
  const interruption = new AbortController()
  const interrupt = () => interruption.abort(new Interrupted())
  // Only the first: a second Ctrl-C ends the process at once.
  process.once('SIGINT', interrupt)
  try {
    const given = readArguments(process.argv.slice(2))
    if (given.mode === 'help') {
      console.log(help)
      return { exitCode: 0, problem: null }
    }
    // Loaded only now, so that a wrong option is reported at once, and in the language that was settled.
    const { settleLanguage } = await import('./language.ts')
    settleLanguage(given.lang, process.env)
    const { run } = await import('./run.ts')
    return await run(given, interruption.signal)
  } catch (thrown) {
    if (thrown instanceof UsageError) return { exitCode: 2, problem: thrown.message }
    if (thrown instanceof Interrupted) return { exitCode: 130, problem: (await import('./words.ts')).texts.nothingSent }
    return { exitCode: 1, problem: thrown instanceof Error ? thrown.message : 'Something unexpected went wrong.' }
  } finally {
    process.off('SIGINT', interrupt)
  }
}

// The reader of the output may close it early (`npm start | head`).
process.stdout.on('error', () => process.exit(1))

const { exitCode, problem } = await main()
if (problem !== null) console.error(problem)
// Does not wait for requests that hang; what was printed is flushed first.
process.stdout.write('', () => process.exit(exitCode))
