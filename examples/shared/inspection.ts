import type { StatelyInspectionEvent } from 'postlogin/inspect'
import type { AnyActorRef } from 'xstate'

/** Between a page with a flow and the page with its charts, in the same browser; redacted before it gets here. */
export const openChannel = () => new BroadcastChannel('postlogin inspection')

/** From the flow's page: all so far, when it starts or is asked to; then each as it happens. */
export interface Told {
  readonly page: string
  readonly isAnew: boolean
  readonly events: readonly StatelyInspectionEvent[]
}

/** From the charts. `openStately` wants to come of a click, for a window is opened. */
export type Wish = 'publishAnew' | 'openStately'

/** With `?inspect` in the address, whoever shows the charts is told what happens. Returns what ends that. */
export function inspected(flow: AnyActorRef): () => void {
  if (!new URLSearchParams(location.search).has('inspect')) return () => {}
  const inspection = import('postlogin/inspect').then(({ inspectInBrowser, inspectWith }) => {
    hurry()
    const page = crypto.randomUUID()
    const channel = openChannel()
    // All of them: a flow is short.
    const kept: StatelyInspectionEvent[] = []
    const publish = (message: Omit<Told, 'page'>) => channel.postMessage({ page, ...message } satisfies Told)
    channel.onmessage = ({ data }: MessageEvent<Wish | Told>) => {
      if (data === 'publishAnew') publish({ isAnew: true, events: kept })
      if (data === 'openStately') inspections.push(inspectInBrowser(flow))
    }
    publish({ isAnew: true, events: [] })
    const send = (event: StatelyInspectionEvent) => {
      kept.push(event)
      publish({ isAnew: false, events: [event] })
    }
    const inspections = [inspectWith(flow, send)]
    return () => {
      for (const { stop } of inspections) stop()
      channel.close()
    }
  })
  return () => void inspection.then((stop) => stop())
}

/** The inspector sends when the browser is idle. That may take long while charts are drawn, so the wait is limited. */
function hurry(): void {
  const whenIdle = window.requestIdleCallback.bind(window)
  window.requestIdleCallback = (callback, options) => whenIdle(callback, { timeout: 100, ...options })
}
