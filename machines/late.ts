import type { AnyActor, AnyActorLogic, AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'
import { loadPart } from '../src/domain/load-part.ts'
import type { StepName } from '../src/domain/policy.ts'
import { loadingMachine } from './loading.ts'
import { checkSlots, fromRun } from './slots.ts'
import { type Slots, withSlots } from './with-slots.ts'

/** A chart in a file of its own, which a bundler can make a chunk of. */
export interface LateChart<Machine extends AnyStateMachine> {
  /** The id of its machine. */
  readonly name: string
  /** The machine; null until it was loaded. */
  readonly machine: Machine | null
  /** @throws PortalError `client.loadFailed` */
  load(): Promise<void>
}

export function lateChart<Machine extends AnyStateMachine>(
  name: string,
  importMachine: () => Promise<Machine>,
): LateChart<Machine> {
  let machine: Machine | null = null
  let loading: Promise<void> | null = null
  async function load() {
    try {
      machine = await loadPart(importMachine)
    } finally {
      loading = null
    }
  }
  return {
    name,
    get machine() {
      return machine
    },
    async load() {
      if (machine !== null) return
      loading ??= load()
      await loading
    },
  }
}

const charts = new WeakMap<AnyActorLogic, LateChart<AnyStateMachine>>()

/** Is it a late machine whose chart is still to be loaded? */
export const isUnloaded = (logic: AnyActorLogic): boolean => charts.get(logic)?.machine === null

/** Is it what a late machine is until its chart is loaded? */
export const isStandIn = ({ id }: AnyStateMachine): boolean => id === loadingMachine.id

/** The id of the machine, or of the one that it stands in for while that is loaded. */
export const nameOf = (machine: AnyStateMachine): string => charts.get(machine)?.name ?? machine.id

/**
 * A machine that looks like the one of its chart, and is that one as soon as the chart is loaded. An actor that starts
 * before is a `loadingMachine` until then, and goes on as the machine itself.
 */
export function late<Machine extends AnyStateMachine>(
  chart: LateChart<Machine>,
  bind: (machine: Machine) => Machine = (machine) => machine,
): Machine {
  let bound: Machine | null = null
  const itself = () => {
    const { machine } = chart
    bound ??= machine && bind(machine)
    return bound
  }
  let loading: typeof loadingMachine | null = null
  const untilLoaded = () => {
    if (loading === null) {
      loading = withSlots(loadingMachine, { actors: { loadChart: fromRun<void, undefined>(() => chart.load()) } })
      charts.set(loading, chart)
    }
    return loading
  }

  const own = {
    transition(snapshot: AnyMachineSnapshot, event: EventObject, scope: AnyActorScope) {
      const next = snapshot.machine.transition(snapshot, event, scope)
      const isReady = snapshot.machine === loading && next.matches('ready')
      return isReady ? itself()?.getInitialSnapshot(scope, next.context.input) : next
    },
    provide(slots: Slots<Machine>) {
      checkSlots(slots.actors)
      return late(chart, (machine) => bind(machine).provide(slots) as Machine)
    },
  }
  const lateMachine = new Proxy(loadingMachine, {
    get: (_, key) => Reflect.get(Object.hasOwn(own, key) ? own : (itself() ?? untilLoaded()), key),
  }) as unknown as Machine
  charts.set(lateMachine, chart)
  return lateMachine
}

/** The input of the slot `loadSteps`. */
export interface LoadStepsInput {
  readonly steps: readonly StepName[]
}

/** Loads the machines in these slots of the machine that invokes it, and resolves with their names. What is not late is there. */
export const loadSteps = fromRun<readonly StepName[], LoadStepsInput>(async ({ input, self }) => {
  const { logic } = self._parent as AnyActor
  const { actors } = (logic as AnyStateMachine).implementations
  await Promise.all(input.steps.map((step) => charts.get(actors[step] as AnyActorLogic)?.load()))
  return input.steps
})
