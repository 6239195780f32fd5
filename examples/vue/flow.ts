import type { MachineActor } from 'postlogin'
import { type InjectionKey, inject, onUnmounted, provide, type Ref, ref } from 'vue'

const key: InjectionKey<MachineActor> = Symbol('flow')

export const provideFlow = (flow: MachineActor) => provide(key, flow)

/** The flow or the security page, for the actions of a screen: `act(flow, screen.finish)`. */
export function useFlow(): MachineActor {
  const flow = inject(key)
  if (flow === undefined) throw new Error('There is no flow above this component')
  return flow
}

/** Epoch ms, updated each second for countdowns. */
export function useNow(): Ref<number> {
  const now = ref(Date.now())
  const timer = setInterval(() => {
    now.value = Date.now()
  }, 1000)
  onUnmounted(() => clearInterval(timer))
  return now
}
