import { fromStorage, loadMachines, toStorage } from 'postlogin'
import type { AnyActorRef, AnyStateMachine, SnapshotFrom } from 'xstate'
import { inspected } from './inspection.ts'

/** A flow that outlives a reload, in this tab. */
export interface Kept<Machine extends AnyStateMachine> {
  /** Where the user was before a reload; undefined for a fresh start. */
  readonly snapshot: SnapshotFrom<Machine> | undefined
  /** Stores the flow for a reload until it is done. Returns a function that stops this. */
  keep(flow: AnyActorRef): () => void
}

/** Under the `key`, for this account. `whenDone` is called once the flow has come to its end. */
export async function keptFlow<Machine extends AnyStateMachine>(
  machine: Machine,
  { key, subject, whenDone }: { readonly key: string; readonly subject: string; readonly whenDone: () => void },
): Promise<Kept<Machine>> {
  async function restored(): Promise<SnapshotFrom<Machine> | undefined> {
    const text = sessionStorage.getItem(key)
    if (text === null) return undefined
    await loadMachines()
    try {
      return fromStorage(machine, text, { subject })
    } catch {
      // Stored by another version or for another account: start over.
      return undefined
    }
  }

  return {
    snapshot: await restored(),
    keep(flow) {
      const { unsubscribe } = flow.subscribe({
        next({ status }) {
          if (status === 'active') sessionStorage.setItem(key, toStorage(flow, { subject }))
          else sessionStorage.removeItem(key)
          if (status === 'done') whenDone()
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
