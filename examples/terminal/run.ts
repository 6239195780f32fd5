import type { Answers } from './answers.ts'
import type { Arguments } from './arguments.ts'
import { createNarrator } from './narrate.ts'
import type { Ending } from './onboard.ts'

const NO_TERMINAL =
  'There is no terminal to ask questions in: run this in one, or without options for the scripted onboarding.'

/** The mode asked for, in this process's terminal and with its environment. */
export async function run(given: Exclude<Arguments, { mode: 'help' }>, signal: AbortSignal): Promise<Ending> {
  const { env, stdin, stdout } = process
  const hasColor = stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  const narrator = createNarrator((line) => console.log(line), hasColor)
  if (given.mode === 'scripted') {
    const { scripted } = await import('./scripted.ts')
    return scripted({ flow: given.flow, narrator, signal })
  }

  const hasTerminal = stdin.isTTY === true && stdout.isTTY === true
  const tokenGiven = (env.POSTLOGIN_TOKEN ?? '').trim()
  if (tokenGiven === '' && !hasTerminal) return { exitCode: 1, problem: NO_TERMINAL }
  if (tokenGiven !== '' && !isToken(tokenGiven)) {
    return { exitCode: 2, problem: 'POSTLOGIN_TOKEN does not hold an access token.' }
  }
  const { promptAnswers: answers } = await import('./prompts.ts')
  const token = tokenGiven === '' ? await askForToken(answers, signal) : tokenGiven
  const { interactive } = await import('./interactive.ts')
  const { drawQrCode } = await import('./qr-code.ts')
  const look = { now: () => Date.now(), qrCode: (text: string) => drawQrCode(text, hasColor) }
  return interactive(given, {
    token,
    host: { answers, narrator, look, signal },
    checkTerminal: () => (hasTerminal ? null : NO_TERMINAL),
  })
}

/** What fits into a header: one word of printable ASCII. */
const isToken = (text: string) => /^[\x21-\x7e]+$/.test(text)

async function askForToken(answers: Answers, signal: AbortSignal): Promise<string> {
  const text = await answers.text(
    {
      name: 'token',
      message: 'Access token:',
      isSecret: true,
      problemWith: (typed) => (isToken(typed.trim()) ? null : 'An access token is one word of plain characters.'),
    },
    signal,
  )
  return text.trim()
}
