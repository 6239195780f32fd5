import type { MachineActor } from 'postlogin'
import { createContext } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'

/** The flow or the security page, for the actions of a screen: `act(flow, screen.finish)`. */
export const [getFlow, setFlow] = createContext<MachineActor>()

const eachSecond = createSubscriber((update) => {
  const timer = setInterval(update, 1000)
  return () => clearInterval(timer)
})

/** Epoch ms, updated each second. */
export function now(): number {
  eachSecond()
  return Date.now()
}
