import { createMachines, type Failure, type OnboardingInput, type OnboardingOutput, type PortalApi } from 'postlogin'
import { createActor } from 'xstate'
import { messages, titles } from '../shared/words.ts'
import { Interrupted } from './answers.ts'
import { drive, type Host, type Root } from './drive.ts'
import { unconfirmedText } from './narrate.ts'
import { texts } from './words.ts'

/** How a run ended: the exit code, and a sentence where it is not 0. */
export interface Ending {
  readonly exitCode: number
  readonly problem: string | null
}

/** One onboarding over an adapter; what both modes have in common. */
export async function onboard(
  api: PortalApi,
  input: OnboardingInput,
  host: Host,
): Promise<Ending & { readonly output: OnboardingOutput | null }> {
  const root = createActor(createMachines(api).onboarding, { input })
  const interruption = await goThrough(root, host)
  const { output = null } = root.getSnapshot()
  if (output !== null) host.narrator.end(output)
  warn(root, host)
  return { ...(interruption ?? endingOf(output)), output }
}

/** The security page over an adapter, until the user leaves it. */
export async function lookAfterSecurity(api: PortalApi, host: Host): Promise<Ending> {
  const center = createActor(createMachines(api).securityCenter)
  const interruption = await goThrough(center, host)
  const { output } = center.getSnapshot()
  warn(center, host)
  return interruption ?? (output === undefined ? { exitCode: 0, problem: null } : signedOut(output))
}

/** Null, or the ending where the user broke it off. */
async function goThrough(root: Root, host: Host): Promise<Ending | null> {
  try {
    await drive(root, host)
    return null
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown
    return { exitCode: 130, problem: texts.nothingMoreSent }
  }
}

function warn(root: Root, { narrator, look }: Host): void {
  const { unconfirmedChange } = root.getSnapshot().context
  if (unconfirmedChange !== null) narrator.note('warning', unconfirmedText(unconfirmedChange, look.now()))
}

function endingOf(output: OnboardingOutput | null): Ending {
  switch (output?.outcome) {
    case 'completed':
      return { exitCode: 0, problem: null }
    case 'signedOut':
      return signedOut(output)
    default:
      return { exitCode: 1, problem: texts.cancelled }
  }
}

const signedOut = ({ failure }: { readonly failure: Failure | null }): Ending => ({
  exitCode: 1,
  problem: failure === null ? titles.signedOut : messages.failureText(failure),
})

/** Ends the channel; not waited for long, since the user is through. */
export async function closeSoon(api: PortalApi, waitMs = 1_000): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
  })
  await Promise.race([api.close(), patience])
  clearTimeout(timer)
}
