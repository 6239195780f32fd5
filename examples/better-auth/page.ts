import { createMachines, type Route } from 'postlogin'
import type { AnyActorRef } from 'xstate'
import type { Start } from '../shared/host.ts'
import { keptFlow } from '../shared/kept.ts'
import { mount } from '../vanilla/portal.ts'
import { askPassword } from './password.ts'
import { createBetterAuthApi } from './portal-api.ts'

/** The account. The demo has it in the address, and its password is no secret. */
const account = new URLSearchParams(location.search).get('account') ?? 'maya'

const ask = async (path: string, body?: object) => {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(`/api/auth${path}`, body && { method: 'POST', headers, body: JSON.stringify(body) })
  return response.json()
}

/** The account's id. Who is signed in already stays so. */
async function signIn(): Promise<string> {
  const email = `${account}@example.com`
  const signedIn = await ask('/get-session')
  if (signedIn?.user.email === email) return signedIn.user.id
  const { user } = await ask('/sign-in/email', { email, password: 'correct horse battery staple' })
  return user.id
}

/** Goes where the flow has led: into an organization, by making it the active one. */
const enter = (route: Route) =>
  route.to === 'workspace' && ask('/organization/set-active', { organizationId: route.workspaceBizId })

const subject = await signIn()
const api = createBetterAuthApi({ origin: location.origin, askPassword })
const { onboarding } = createMachines(api)
const { snapshot, keep } = await keptFlow(onboarding, { key: `better-auth of ${account}`, subject, whenDone: () => {} })

mount(document.querySelector('#app') ?? document.body, {
  logic: onboarding,
  options: {
    input: { order: ['invitations', 'mfa', 'sessions', 'workspace'] },
    ...(snapshot !== undefined && { snapshot }),
  },
  keep(flow: AnyActorRef) {
    flow.subscribe({
      complete() {
        const { output } = flow.getSnapshot()
        if (output.outcome === 'completed') void enter(output.route)
      },
    })
    return keep(flow)
  },
} as Start & { readonly keep: typeof keep })
