import { createMachines, createPortalApi, fromStorage, type Machines, toStorage } from 'postlogin'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { inspected } from './inspection.ts'

type Onboarding = Machines['onboarding']

/** What a page of a host gives its user interface. */
export interface Host {
  /** Whose flow it is. Another account's is another flow, never this one with another host. */
  readonly subject: string
  readonly machines: Machines
  /** Where the user was before the page was loaded again; undefined for a fresh start. */
  readonly snapshot: SnapshotFrom<Onboarding> | undefined
  /** Keeps the flow over a reload, until it is over. Returns what ends that. */
  keep(flow: ActorRefFrom<Onboarding>): () => void
}

interface Login {
  readonly baseUrl: string
  readonly portalAccessCode: string
  readonly clientHash: string | null
  readonly subject: string
  readonly accessToken: string
}

/** Whose page it is; for the demo that stands in the address, a real one has a cookie. */
const account = new URLSearchParams(location.search).get('account') ?? 'maya'

const ask = async <Answer>(action: string): Promise<Answer> => {
  const response = await fetch(`/host/${account}/${action}`, { method: 'POST' })
  // The status tells the adapter a session that is over from a host that is down.
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

  function restored(): SnapshotFrom<Onboarding> | undefined {
    try {
      const text = sessionStorage.getItem(key)
      return text === null ? undefined : fromStorage(machines.onboarding, text, { subject })
    } catch {
      // Another version's or another account's: a fresh start.
      return undefined
    }
  }

  return {
    subject,
    machines,
    snapshot: restored(),
    keep(flow) {
      const { unsubscribe } = flow.subscribe({
        next({ status }) {
          if (status === 'active') sessionStorage.setItem(key, toStorage(flow, { subject }))
          else sessionStorage.removeItem(key)
          if (status === 'done') void api.close()
        },
        // What broke down is not gone on with. Without this XState would report it as unhandled, although it is on screen.
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
