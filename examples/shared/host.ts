import {
  createMachines,
  createPortalApi,
  type Machines,
  type OnboardingMachineWith,
  PortalError,
  withSteps,
} from 'postlogin'
import type { ActorOptions } from 'xstate'
import { type Kept, keptFlow } from './kept.ts'
import { isConfirmed } from './proof.ts'
import { createTermsMachine, type Terms, type TermsStep } from './terms.ts'

/** The machine that a page runs. */
type PageMachine = 'onboarding' | 'withTerms' | 'securityCenter'

type OnboardingWithTerms = OnboardingMachineWith<TermsStep>

interface PageMachines extends Machines {
  /** The onboarding with a step of our own. */
  readonly withTerms: OnboardingWithTerms
}

/** What the host gives the user interface. */
export interface Host<Name extends PageMachine = 'onboarding' | 'withTerms'> extends Kept<PageMachines[Name]> {
  /** The account. Another account gets another flow, never this one with another host. */
  readonly subject: string
  readonly machines: PageMachines
}

interface Login {
  readonly baseUrl: string
  readonly portalAccessCode: string
  readonly clientHash: string | null
  readonly subject: string
  readonly accessToken: string
}

/** The account. The demo has it in the address; a real host would use a cookie. */
const account = new URLSearchParams(location.search).get('account') ?? 'maya'

const ask = async <Answer>(action: string, more: RequestInit = {}): Promise<Answer> => {
  const response = await fetch(`/host/${account}/${action}`, { ...more, method: 'POST' })
  // By the status, the adapter tells an ended session from a host that is down.
  if (!response.ok) throw Object.assign(new Error(`The host refused: ${action}`), { status: response.status })
  return response.json()
}

/** Does the address ask for the security page, for after the onboarding? */
export const isSecurityPage = new URLSearchParams(location.search).get('page') === 'security'

/** The address of that page, for the same account. */
export function securityAddress(): string {
  const address = new URL(location.href)
  address.searchParams.set('page', 'security')
  return address.href
}

/** Does the address ask for the terms of service, as a step of our own before the others? */
const isTermsStep = new URLSearchParams(location.search).get('step') === 'terms'

/** The invitation that the link in an e-mail has led to. */
const invitationBizId = new URLSearchParams(location.search).get('invitation') || undefined

/** Asks our own server, not the portal. */
export const termsMachine = createTermsMachine({
  read: ({ signal }) => ask<Terms>('terms', { signal }),
  accept: (version, { signal, requestId }) =>
    ask<void>(`acceptTerms/${version}`, { signal, headers: { 'X-Request-Id': requestId } }).catch(rejectAsRefused),
})

/** Our server has refused, so nothing was done. Of anything else the machine does not know whether it was. */
function rejectAsRefused(thrown: { readonly status?: number }): never {
  const { status = 0 } = thrown
  if (status < 400 || status >= 500) throw thrown
  throw new PortalError({ kind: status === 401 ? 'unauthorized' : 'invalid', code: `TERMS.${status}`, status })
}

export const openOnboarding = (): Promise<Host> =>
  openHost<'onboarding' | 'withTerms'>(isTermsStep ? 'withTerms' : 'onboarding')

/** What a page runs. */
export interface Start {
  readonly logic: OnboardingWithTerms
  readonly options: ActorOptions<OnboardingWithTerms>
}

/** The flow of a page. Its type has our own step; unless the address asks for it, that is never shown. */
export const startOf = ({ machines, snapshot }: Pick<Host, 'machines' | 'snapshot'>) =>
  ({
    logic: isTermsStep ? machines.withTerms : machines.onboarding,
    options: {
      input: { invitationBizId, ...(isTermsStep && { policy: { terms: 'require' } }) },
      ...(snapshot !== undefined && { snapshot }),
    },
  }) as Start

export async function openHost<Name extends PageMachine>(name: Name): Promise<Host<Name>> {
  const { baseUrl, portalAccessCode, clientHash, subject, ...login } = await ask<Login>('login')
  const api = createPortalApi({
    baseUrl,
    portalAccessCode,
    clientHash,
    accessToken: () => login.accessToken,
    refreshAccessToken: async () => (await ask<{ accessToken: string }>('refresh')).accessToken,
    stepUp: async ({ signal }) =>
      (await isConfirmed(signal)) ? ask<Record<string, string>>('proof', { signal }) : null,
  })
  const ours = createMachines(api)
  const machines: PageMachines = { ...ours, withTerms: withSteps(ours.onboarding, { terms: termsMachine }) }
  const kept = await keptFlow(machines[name], {
    key: `${name} of ${account}`,
    subject,
    whenDone: () => void api.close(),
  })
  return { subject, machines, ...kept }
}
