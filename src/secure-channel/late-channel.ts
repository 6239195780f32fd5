import { loadPart } from '../domain/load-part.ts'
import { untilAborted } from '../domain/until-aborted.ts'
import type { SecureChannel } from './secure-channel.ts'

/**
 * A channel whose code is loaded when it is first needed. A load that failed is tried again by the next who needs it; its session
 * rejects with `client.loadFailed`, so that nothing is sent in plain instead.
 */
export function createLateChannel(importChannel: () => Promise<SecureChannel>): SecureChannel {
  let channel: SecureChannel | null = null
  let loading: Promise<SecureChannel> | null = null
  let open = new AbortController()
  /** All who wait for it until it is closed: one listener, however many there are. */
  let waiting: Promise<SecureChannel> | null = null

  async function load(): Promise<SecureChannel> {
    try {
      channel = await loadPart(importChannel, 'secureChannel')
      return channel
    } finally {
      loading = null
      waiting = null
    }
  }

  /** Nobody gets a channel that was closed while they waited for it: nobody would close the session. */
  async function whenLoaded(signal?: AbortSignal): Promise<SecureChannel> {
    if (channel !== null) return channel
    const { signal: closed } = open
    loading ??= load()
    waiting ??= untilAborted(loading, closed)
    const late = await untilAborted(waiting, signal)
    closed.throwIfAborted()
    return late
  }

  return {
    session: async (signal) => (await whenLoaded(signal)).session(signal),

    forget(session) {
      channel?.forget(session)
    },

    warmUp() {
      // A failure is ignored here: the request that needs the channel tries again and reports it.
      whenLoaded()
        .then((late) => late.warmUp?.())
        .catch(() => {})
    },

    async close() {
      open.abort()
      open = new AbortController()
      waiting = null
      await channel?.close()
    },
  }
}
