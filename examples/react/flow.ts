import { createActorContext } from '@xstate/react'
import { type MachineActor, onboardingMachine, screenOf, stepsOf, withSteps } from 'postlogin'
import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from 'react'
import type { Actor, AnyStateMachine } from 'xstate'
import { termsMachine } from '../shared/host.ts'

/** The flow, for every component below its `Provider`. */
export const Flow = createActorContext(withSteps(onboardingMachine, { terms: termsMachine }))

const Running = createContext<MachineActor | null>(null)

/** What the buttons below it act on: the flow, or the security page. */
export const ActsOn = Running.Provider

export function useMachine(): MachineActor {
  const machine = useContext(Running)
  if (machine === null) throw new Error('There is no machine to act on')
  return machine
}

/** Not `useSelector`, which throws the error of a machine that crashes: here that is a screen like the others. */
export function useSnapshotOf<Machine extends AnyStateMachine>(actor: Actor<Machine>) {
  const subscribe = useCallback((look: () => void) => actor.subscribe({ next: look, error: look }).unsubscribe, [actor])
  const read = () => actor.getSnapshot()
  return useSyncExternalStore(subscribe, read, read)
}

export function useScreen() {
  const snapshot = useSnapshotOf(Flow.useActorRef())
  return useMemo(() => ({ screen: screenOf(snapshot), steps: stepsOf(snapshot) }), [snapshot])
}
