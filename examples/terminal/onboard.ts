import { createMachines, type OnboardingOutput, type OnboardingPolicy, type PortalApi } from 'postlogin'
import { createActor } from 'xstate'
import { messages, titles } from '../shared/words.ts'
import { Interrupted } from './answers.ts'
import { drive, type Host } from './drive.ts'
import { unconfirmedText } from './narrate.ts'

/** How a run ended: the exit code, and a sentence where it is not 0. */
export interface Ending {
  readonly exitCode: number
  readonly problem: string | null
}

/** One onboarding over an adapter; what both modes have in common. */
export async function onboard(
  api: PortalApi,
  policy: Partial<OnboardingPolicy>,
  host: Host,
): Promise<Ending & { readonly output: OnboardingOutput | null }> {
  const root = createActor(createMachines(api).onboarding, { input: { policy } })
  const warn = ({ unconfirmedChange }: Pick<OnboardingOutput, 'unconfirmedChange'>) => {
    if (unconfirmedChange !== null) host.narrator.note('warning', unconfirmedText(unconfirmedChange, host.look.now()))
  }
  try {
    const output = await drive(root, host)
    host.narrator.end(output)
    warn(output)
    return { ...endingOf(output), output }
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown
    warn(root.getSnapshot().context)
    return { exitCode: 130, problem: 'Interrupted; nothing more was sent.', output: null }
  }
}

function endingOf(output: OnboardingOutput): Ending {
  switch (output.outcome) {
    case 'completed':
      return { exitCode: 0, problem: null }
    case 'signedOut':
      return {
        exitCode: 1,
        problem: output.failure === null ? `${titles.signedOut}.` : messages.failureText(output.failure),
      }
    case 'cancelled':
      return { exitCode: 1, problem: 'The onboarding was cancelled.' }
  }
}

/** Ends the channel; not waited for long, since the user is through. */
export async function closeSoon(api: PortalApi, waitMs = 1_000): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
  })
  await Promise.race([api.close(), patience])
  clearTimeout(timer)
}
