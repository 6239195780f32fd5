import { type Answers, Interrupted } from './answers.ts'
import { type Arguments, help, readArguments, UsageError } from './arguments.ts'
import { interactive } from './interactive.ts'
import { createNarrator } from './narrate.ts'
import type { Ending } from './onboard.ts'
import { promptAnswers } from './prompts.ts'
import { drawQrCode } from './qr-code.ts'
import { scripted } from './scripted.ts'

const NO_TERMINAL =
  'There is no terminal to ask questions in: run this in one, or without options for the scripted onboarding.'

const hasTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
const hasColour = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb'

async function run(given: Exclude<Arguments, { mode: 'help' }>, signal: AbortSignal): Promise<Ending> {
  const narrator = createNarrator((line) => console.log(line), hasColour)
  if (given.mode === 'scripted') return scripted({ narrator, signal })

  const environmentToken = (process.env.POSTLOGIN_TOKEN ?? '').trim()
  if (environmentToken === '' && !hasTerminal) return { exitCode: 1, problem: NO_TERMINAL }
  const token = environmentToken === '' ? await askForToken(promptAnswers, signal) : environmentToken
  if (problemWithToken(token) !== null)
    return { exitCode: 2, problem: 'POSTLOGIN_TOKEN does not hold an access token.' }
  const look = { now: () => Date.now(), qrCode: (text: string) => drawQrCode(text, hasColour) }
  return interactive(given, {
    token,
    host: { answers: promptAnswers, narrator, look, signal },
    checkTerminal: () => (hasTerminal ? null : NO_TERMINAL),
  })
}

const problemWithToken = (text: string) =>
  /^[\x21-\x7e]+$/.test(text.trim()) ? null : 'That is not an access token: it is one word of plain characters.'

const askForToken = async (answers: Answers, signal: AbortSignal) =>
  (
    await answers.text(
      { name: 'token', message: 'Access token:', isSecret: true, problemWith: problemWithToken },
      signal,
    )
  ).trim()

async function main(): Promise<Ending> {
  const interruption = new AbortController()
  const interrupt = () => interruption.abort(new Interrupted())
  process.once('SIGINT', interrupt)
  try {
    const given = readArguments(process.argv.slice(2))
    if (given.mode === 'help') {
      console.log(help)
      return { exitCode: 0, problem: null }
    }
    return await run(given, interruption.signal)
  } catch (thrown) {
    if (thrown instanceof UsageError) return { exitCode: 2, problem: thrown.message }
    if (thrown instanceof Interrupted) return { exitCode: 130, problem: 'Interrupted; nothing was sent.' }
    return { exitCode: 1, problem: thrown instanceof Error ? thrown.message : 'Something unforeseen went wrong.' }
  } finally {
    process.off('SIGINT', interrupt)
  }
}

// Whoever reads the output may have heard enough (`npm start | head`).
process.stdout.on('error', () => process.exit(1))

const { exitCode, problem } = await main()
if (problem !== null) console.error(problem)
// Not waiting for what a portal that hangs keeps open; what was printed is on its way first.
process.stdout.write('', () => process.exit(exitCode))
