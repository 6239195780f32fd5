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

/** Not `fromActorRef`, which passes over what only a child machine has changed, and over what a flow broke down with. */
export const createScreen = (flow: Flow): Accessor<ReturnType<typeof look>> =>
  from((set) => {
    const next = () => set(look(flow))
    return flow.subscribe({ next, error: next }).unsubscribe
  }, look(flow))
