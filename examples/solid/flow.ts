import { type MachineActor, type Machines, type OnboardingMachineWith, screenOf, stepsOf } from 'postlogin'
import { type Accessor, createContext, from, useContext } from 'solid-js'
import type { ActorRefFrom, AnyActorRef } from 'xstate'
import type { TermsStep } from '../shared/terms.ts'

type Flow = ActorRefFrom<OnboardingMachineWith<TermsStep>>

const RunningContext = createContext<MachineActor>()

/** The flow or the security page, for every component below it. */
export const FlowProvider = RunningContext.Provider

export function useFlow(): MachineActor {
  const flow = useContext(RunningContext)
  if (flow === undefined) throw new Error('There is no FlowProvider around this component')
  return flow
}

const look = (flow: Flow) => ({ screen: screenOf(flow.getSnapshot()), steps: stepsOf(flow.getSnapshot()) })

/** Not `fromActorRef`, which ignores changes in a child machine and the error of a machine that crashes. */
const createLook = <Look extends object>(machine: AnyActorRef, look: () => Look): Accessor<Look> =>
  from<Look>((set) => {
    const next = () => set(() => look())
    return machine.subscribe({ next, error: next }).unsubscribe
  }, look())

export const createScreen = (flow: Flow) => createLook(flow, () => look(flow))

export const createSecurityScreen = (center: ActorRefFrom<Machines['securityCenter']>) =>
  createLook(center, () => screenOf(center.getSnapshot()))
