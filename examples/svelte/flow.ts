import type { Machines } from 'postlogin'
import { createContext } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import type { Actor } from 'xstate'

/** What the actions of a screen are for: `act(flow, screen.finish)`. */
export const [getFlow, setFlow] = createContext<Actor<Machines['onboarding']>>()

const eachSecond = createSubscriber((update) => {
  const timer = setInterval(update, 1000)
  return () => clearInterval(timer)
})

/** Epoch ms; what shows it is drawn again each second. */
export function now(): number {
  eachSecond()
  return Date.now()
}
