import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AnyStateNode } from 'xstate'
import * as machines from '../../machines/index.ts'
import { renderMachines } from '../../scripts/diagrams.ts'

const committed = readFileSync(new URL('../../machines/README.md', import.meta.url), 'utf8')

test('machines/README.md is what the machines say; if not: npm run diagrams', () => {
  expect(committed).toBe(renderMachines())
})

describe.each(Object.values(machines).map((machine) => [machine.id, machine] as const))(
  'the part on %s',
  (id, machine) => {
    const part = committed.split(/^## /m).find((text) => text.startsWith(`${id}\n`)) ?? ''

    test('names every state in its table', () => {
      const statesOf = (state: AnyStateNode): AnyStateNode[] => [
        state,
        ...Object.values(state.states).flatMap(statesOf),
      ]
      const paths = statesOf(machine.root)
        .slice(1)
        .map(({ path }) => path.join('.'))
      expect(paths.filter((path) => !part.includes(`\n| \`${path}\` |`))).toEqual([])
    })

    test('names every event in its table', () => {
      const events = machine.events.filter((event) => !event.startsWith('xstate.'))
      expect(events.filter((event) => !part.includes(`\n| \`${event}\` |`))).toEqual([])
    })

    test('draws every state but ends: itself, or the one around it where states side by side share a status', () => {
      const isOpen = ({ type, tags }: AnyStateNode) => type === 'compound' || (type === 'parallel' && tags.length === 0)
      const boxesIn = (state: AnyStateNode): AnyStateNode[] =>
        isOpen(state) ? Object.values(state.states).flatMap(boxesIn) : state.type === 'final' ? [] : [state]
      const boxes = boxesIn(machine.root).map(({ path }) => path.join('_'))
      expect(boxes.filter((box) => !part.includes(`" as ${box}\n`))).toEqual([])
    })

    test('draws no arrow between boxes that it does not have', () => {
      const pictures = [...part.matchAll(/```mermaid\n(.*?)```/gs)].map(([, picture]) => picture ?? '')
      expect(pictures.length).toBeGreaterThanOrEqual(2)
      const loose = pictures.flatMap((picture) => {
        const boxes = [...picture.matchAll(/^ {2}state ".*" as (\w+)$/gm)].map(([, box]) => box)
        return [...picture.matchAll(/^ {2}(\w+) --> (\w+)/gm)]
          .filter(([, from, to]) => !boxes.includes(from) || !boxes.includes(to))
          .map(([arrow]) => arrow)
      })
      expect(loose).toEqual([])
    })
  },
)
