import { type Machines, screenOf, stepsOf } from 'postlogin'
import { type Accessor, createContext, from, useContext } from 'solid-js'
import type { ActorRefFrom } from 'xstate'

type Flow = ActorRefFrom<Machines['onboarding']>

const FlowContext = createContext<Flow>()

/** The flow, for every component below it. */
export const FlowProvider = FlowContext.Provider

export function useFlow(): Flow {
  const flow = useContext(FlowContext)
  if (flow === undefined) throw new Error('There is no FlowProvider around this component')
  return flow
}

const look = (flow: Flow) => ({ screen: screenOf(flow.getSnapshot()), steps: stepsOf(flow.getSnapshot()) })

/** Not `fromActorRef`, which ignores changes in a child machine and the error of a flow that crashes. */
export const createScreen = (flow: Flow): Accessor<ReturnType<typeof look>> =>
  from((set) => {
    const next = () => set(look(flow))
    return flow.subscribe({ next, error: next }).unsubscribe
  }, look(flow))
