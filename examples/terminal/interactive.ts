import {
  createPortalApi,
  type Failure,
  gatedPolicy,
  type OnboardingPolicy,
  type PortalApi,
  PortalError,
} from 'postlogin'
import { Interrupted } from './answers.ts'
import type { PortalArguments } from './arguments.ts'
import type { Host } from './drive.ts'
import { closeSoon, type Ending, lookAfterSecurity, onboard } from './onboard.ts'

/** Goes through the steps, or the security page, of a real portal, with whoever answers. */
export async function interactive(
  { baseUrl, portalCode, clientHash, secureChannel, flow, policy }: PortalArguments,
  {
    token,
    host,
    checkTerminal,
  }: { readonly token: string; readonly host: Host; readonly checkTerminal: () => string | null },
): Promise<Ending> {
  let api: PortalApi
  try {
    api = createPortalApi({
      baseUrl,
      portalAccessCode: portalCode,
      clientHash,
      secureChannel,
      accessToken: () => token,
    })
  } catch (thrown) {
    if (thrown instanceof PortalError) return { exitCode: 2, problem: thrown.message }
    throw thrown
  }
  try {
    const problem = (await whyUnusable(api, host.signal)) ?? checkTerminal()
    if (problem !== null) return { exitCode: 1, problem }
    return await (flow === 'security' ? lookAfterSecurity(api, host) : onboard(api, policies[policy], host))
  } catch (thrown) {
    if (thrown instanceof Interrupted || host.signal.aborted)
      return { exitCode: 130, problem: 'Interrupted; nothing was sent.' }
    throw thrown
  } finally {
    await closeSoon(api)
  }
}

const show = { invitations: 'show', mfa: 'show', ipWhitelist: 'show', sessions: 'show', workspace: 'show' } as const

const policies: Readonly<Record<PortalArguments['policy'], Partial<OnboardingPolicy>>> = {
  offer: {},
  show,
  gated: gatedPolicy,
}

/** Failures that every step would run into without a remedy, in one sentence each. */
const hopeless: { readonly [Kind in Failure['kind']]?: string } = {
  network: 'The portal could not be reached: check the base URL and the connection.',
  timeout: 'The portal did not answer in time: check the base URL, or try again later.',
  unauthorized: 'The portal does not accept the access token: sign in again to get a new one.',
  forbidden: 'The portal refuses access: the portal code or the client hash may be the wrong one.',
  notFound: 'There is no such portal at this base URL: its context path may be missing.',
  protocol: 'What answers at this base URL is not such a portal.',
  config: 'The portal cannot be used with these options.',
}

/** Sends a small request first, to see whether the portal responds and lets us in. Returns a sentence if not. */
async function whyUnusable(api: PortalApi, signal: AbortSignal): Promise<string | null> {
  try {
    await api.listMfaMethods(undefined, { signal })
    return null
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof PortalError)) throw thrown
    return hopeless[thrown.failure.kind] ?? null
  }
}
