import { createMachines, type Route } from 'postlogin'
import type { AnyActorRef } from 'xstate'
import { isSecurityPage, type Start } from '../shared/host.ts'
import { keptFlow } from '../shared/kept.ts'
import { mount } from '../vanilla/portal.ts'
import { mountSecurity } from '../vanilla/security.ts'
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

const app = document.querySelector('#app') ?? document.body
const subject = await signIn()
const machines = createMachines(createBetterAuthApi({ origin: location.origin, askPassword }))
const kept = <Name extends 'onboarding' | 'securityCenter'>(name: Name) =>
  keptFlow(machines[name], { key: `better-auth, ${name} of ${account}`, subject, whenDone: () => {} })

async function showOnboarding() {
  const { snapshot, keep } = await kept('onboarding')
  mount(app, {
    logic: machines.onboarding,
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
}

if (isSecurityPage) mountSecurity(app, { machines, ...(await kept('securityCenter')) })
else await showOnboarding()
