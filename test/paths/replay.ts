import type { Clock } from '../../src/domain/clock.ts'
import { byItself, type MachineCases } from './event-case.ts'
import { createStage } from './scene.ts'
import type { Path } from './walk.ts'

/** Why nothing outside can bring this path about; null where something can. */
export const obstacleTo = ({ steps }: Path): string | null =>
  steps.map(({ event }) => event.provoke).find((provoke) => typeof provoke === 'string') ?? null

/** A subset of the paths that goes over all edges that they go over together: the longest first. */
export function covering(paths: readonly Path[]): readonly Path[] {
  const covered = new Set<string>()
  return [...paths]
    .sort((a, b) => b.steps.length - a.steps.length)
    .filter(({ edges }) => {
      const isNew = edges.some((edge) => !covered.has(edge))
      for (const edge of edges) covered.add(edge)
      return isNew
    })
}

export const titleOf = ({ input, steps }: Path) =>
  [JSON.stringify(input) ?? 'no input', ...steps.map(({ event }) => event.name)].join(' > ')

/** Snapshots of a child machine come when they come, and change nothing of where a machine is. */
const isOrdered = (edge: string) => !edge.includes('xstate.snapshot.')

/** Brings the path about at a real actor. Gives what was to be, and what was, as far as the path goes. */
export async function replay({ name }: MachineCases, path: Path) {
  const events = path.steps.map(({ event }) => event)
  /** What comes by itself leaves no time to break anything before the next. */
  const brokenFor = (step: number): keyof Clock | null => {
    const event = events[step]
    return event?.onBrokenClock ?? (event?.provoke === byItself ? brokenFor(step + 1) : null)
  }
  const stage = createStage(name, path.input, brokenFor(0))
  for (const [step, { event, provoke }] of events.entries()) {
    if (typeof provoke === 'string') throw new Error(provoke)
    stage.breakClock(brokenFor(step + 1))
    await provoke(stage)
    await stage.arrival(event.type)
  }
  const expected = { values: path.values, edges: path.edges.filter(isOrdered) }
  return {
    expected,
    seen: {
      values: stage.values.slice(0, expected.values.length),
      edges: stage.edges.filter(isOrdered).slice(0, expected.edges.length),
    },
    edges: stage.edges,
  }
}
