import {
  createPortalApi,
  type Failure,
  gatedPolicy,
  type OnboardingPolicy,
  type PortalApi,
  PortalError,
} from 'postlogin'
import { locale } from '../shared/words.ts'
import { Interrupted } from './answers.ts'
import type { PortalArguments } from './arguments.ts'
import type { Host } from './drive.ts'
import { closeSoon, type Ending, lookAfterSecurity, onboard } from './onboard.ts'
import { texts } from './words.ts'

/** Goes through the steps, or the security page, of a real portal, with whoever answers. */
export async function interactive(
  { baseUrl, portalCode, clientHash, secureChannel, flow, policy, invitation }: PortalArguments,
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
      locale,
      accessToken: () => token,
    })
  } catch (thrown) {
    if (thrown instanceof PortalError) return { exitCode: 2, problem: thrown.message }
    throw thrown
  }
  try {
    const problem = (await whyUnusable(api, host.signal)) ?? checkTerminal()
    if (problem !== null) return { exitCode: 1, problem }
    if (flow === 'security') return await lookAfterSecurity(api, host)
    return await onboard(api, { policy: policies[policy], invitationBizId: invitation ?? undefined }, host)
  } catch (thrown) {
    if (thrown instanceof Interrupted || host.signal.aborted) return { exitCode: 130, problem: texts.nothingSent }
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
const hopeless: { readonly [Kind in Failure['kind']]?: string } = texts.hopeless

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
