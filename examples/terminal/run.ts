import type { Answers } from './answers.ts'
import type { Arguments } from './arguments.ts'
import { createNarrator } from './narrate.ts'
import type { Ending } from './onboard.ts'
import { texts } from './words.ts'

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
  if (tokenGiven === '' && !hasTerminal) return { exitCode: 1, problem: texts.noTerminal }
  if (tokenGiven !== '' && !isToken(tokenGiven)) {
    return { exitCode: 2, problem: texts.notTokenInVariable }
  }
  const { promptAnswers: answers } = await import('./prompts.ts')
  const token = tokenGiven === '' ? await askForToken(answers, signal) : tokenGiven
  const { interactive } = await import('./interactive.ts')
  const { drawQrCode } = await import('./qr-code.ts')
  const look = { now: () => Date.now(), qrCode: (text: string) => drawQrCode(text, hasColor) }
  return interactive(given, {
    token,
    host: { answers, narrator, look, signal },
    checkTerminal: () => (hasTerminal ? null : texts.noTerminal),
  })
}

/** What fits into a header: one word of printable ASCII. */
const isToken = (text: string) => /^[\x21-\x7e]+$/.test(text)

async function askForToken(answers: Answers, signal: AbortSignal): Promise<string> {
  const text = await answers.text(
    {
      name: 'token',
      message: texts.token,
      isSecret: true,
      problemWith: (typed) => (isToken(typed.trim()) ? null : texts.notToken),
    },
    signal,
  )
  return text.trim()
}
