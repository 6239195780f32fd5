import { createMachines, createPortalApi, fromStorage, loadMachines, type Machines, toStorage } from 'postlogin'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { inspected } from './inspection.ts'

type Onboarding = Machines['onboarding']

/** What the host gives the user interface. */
export interface Host {
  /** The account. Another account gets another flow, never this one with another host. */
  readonly subject: string
  readonly machines: Machines
  /** Where the user was before a reload; undefined for a fresh start. */
  readonly snapshot: SnapshotFrom<Onboarding> | undefined
  /** Stores the flow for a reload until it is done. Returns a function that stops this. */
  keep(flow: ActorRefFrom<Onboarding>): () => void
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

const ask = async <Answer>(action: string): Promise<Answer> => {
  const response = await fetch(`/host/${account}/${action}`, { method: 'POST' })
  // By the status, the adapter tells an ended session from a host that is down.
  if (!response.ok) throw Object.assign(new Error(`The host refused: ${action}`), { status: response.status })
  return response.json()
}

export async function openHost(): Promise<Host> {
  const { baseUrl, portalAccessCode, clientHash, subject, ...login } = await ask<Login>('login')
  const api = createPortalApi({
    baseUrl,
    portalAccessCode,
    clientHash,
    accessToken: () => login.accessToken,
    refreshAccessToken: async () => (await ask<{ accessToken: string }>('refresh')).accessToken,
  })
  const machines = createMachines(api)
  const key = `onboarding of ${account}`

  async function restored(): Promise<SnapshotFrom<Onboarding> | undefined> {
    const text = sessionStorage.getItem(key)
    if (text === null) return undefined
    await loadMachines()
    try {
      return fromStorage(machines.onboarding, text, { subject })
    } catch {
      // Stored by another version or for another account: start over.
      return undefined
    }
  }

  return {
    subject,
    machines,
    snapshot: await restored(),
    keep(flow) {
      const { unsubscribe } = flow.subscribe({
        next({ status }) {
          if (status === 'active') sessionStorage.setItem(key, toStorage(flow, { subject }))
          else sessionStorage.removeItem(key)
          if (status === 'done') void api.close()
        },
        // A crashed flow is not resumed. Without this, XState would report the error as unhandled although it is on screen.
        error: () => sessionStorage.removeItem(key),
      })
      const stopWatching = inspected(flow)
      return () => {
        unsubscribe()
        stopWatching()
      }
    },
  }
}
