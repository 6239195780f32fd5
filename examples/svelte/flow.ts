import type { Machines } from 'postlogin'
import { createContext } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import type { Actor } from 'xstate'

/** The flow, for the actions of a screen: `act(flow, screen.finish)`. */
export const [getFlow, setFlow] = createContext<Actor<Machines['onboarding']>>()

const eachSecond = createSubscriber((update) => {
  const timer = setInterval(update, 1000)
  return () => clearInterval(timer)
})

/** Epoch ms, updated each second. */
export function now(): number {
  eachSecond()
  return Date.now()
}
