import { createFakePortal, type FakePortal, type FakePortalOptions, servePortal } from 'postlogin/testing'
import { onTestFinished } from 'vitest'
import type { Answers } from '../../examples/terminal/answers.ts'
import type { PortalArguments } from '../../examples/terminal/arguments.ts'
import { interactive } from '../../examples/terminal/interactive.ts'
import { createNarrator } from '../../examples/terminal/narrate.ts'
import type { Ending } from '../../examples/terminal/onboard.ts'
import { type Line, scriptAnswers } from '../../examples/terminal/script.ts'

export interface Run {
  readonly portal: FakePortal
  readonly ending: Ending
  /** All that was printed. */
  readonly printed: string
}

interface RunOptions {
  readonly account?: FakePortalOptions['account']
  readonly portal?: FakePortal
  readonly flow?: PortalArguments['flow']
  readonly policy?: PortalArguments['policy']
  readonly token?: string
  readonly signal?: AbortSignal
  readonly options?: Partial<PortalArguments>
  /** What answers, given what was printed so far. */
  readonly answers: (portal: FakePortal, printed: () => string) => Answers
}

/** The interactive mode against the fake portal over HTTP, with a simulated user in the place of the prompts. */
export async function runInteractive({
  account,
  portal = createFakePortal(account === undefined ? {} : { account }),
  flow = 'onboarding',
  policy = 'offer',
  token = portal.account.accessToken,
  signal = new AbortController().signal,
  options,
  answers,
}: RunOptions): Promise<Run> {
  const server = await servePortal(portal)
  onTestFinished(() => server.close())
  const lines: string[] = []
  const printed = () => lines.join('\n')
  const ending = await interactive(
    {
      baseUrl: `${server.url}/prometheus`,
      portalCode: 'SYSTEM_PORTAL',
      clientHash: 'client-hash-0001',
      secureChannel: 'binary',
      flow,
      policy,
      invitation: null,
      ...options,
    },
    {
      token,
      host: {
        answers: answers(portal, printed),
        narrator: createNarrator((line) => lines.push(line), false),
        look: { now: () => Date.now(), qrCode: () => ['(QR code)'] },
        signal,
      },
      checkTerminal: () => null,
    },
  )
  return { portal, ending, printed: printed() }
}

/** Questions and answers, written down as `['mfa.atRest.overview', 'finish']`; an answer to a text question may be computed. */
export type Conversation = readonly (readonly [at: string, answer: string | (() => string | Promise<string>)])[]

/** A user who answers by the conversation; which of its answers are texts is told by the questions' names. */
export function conversation(said: Conversation): Answers {
  const script = said.map(
    ([at, answer]): Line =>
      textQuestions.includes(at)
        ? { at, type: async () => (typeof answer === 'string' ? answer : answer()) }
        : { at, choose: String(answer) },
  )
  return scriptAnswers(script, () => {})
}

const textQuestions = [
  'invitations.reason',
  'otpEnrollment.code',
  'ipWhitelist.entry',
  'ipWhitelist.list',
  'ipWhitelist.entries',
]
