import { createActorContext } from '@xstate/react'
import { onboardingMachine, screenOf, stepsOf } from 'postlogin'
import { useCallback, useMemo, useSyncExternalStore } from 'react'

/** The flow, for every component below its `Provider`. */
export const Flow = createActorContext(onboardingMachine)

/** Not `Flow.useSelector`, which throws the error of a flow that crashes: here that is a screen like the others. */
export function useScreen() {
  const flow = Flow.useActorRef()
  const subscribe = useCallback((look: () => void) => flow.subscribe({ next: look, error: look }).unsubscribe, [flow])
  const read = () => flow.getSnapshot()
  const snapshot = useSyncExternalStore(subscribe, read, read)
  return useMemo(() => ({ screen: screenOf(snapshot), steps: stepsOf(snapshot) }), [snapshot])
}
