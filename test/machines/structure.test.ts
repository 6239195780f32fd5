import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, type AnyStateNode, createMachine } from 'xstate'
import * as exported from '../../machines/index.ts'
import { contexts } from '../../src/stored/contexts.ts'

/** What holds of every chart by the rules of their style, read off the machines themselves. A failure names the offenders. */

const machines: readonly AnyStateMachine[] = Object.values(exported)
const named = machines.map((machine) => [machine.id, machine] as const)
const steps = named.filter(([id]) => id !== 'onboarding' && id !== 'securityCenter')

const STATUS_TAGS = ['busy', 'resting', 'failed', 'coolingDown', 'steppingUp', 'delegating']

const toArray = <Item>(items: Item | readonly Item[] | undefined): readonly Item[] =>
  items === undefined ? [] : Array.isArray(items) ? (items as readonly Item[]) : [items as Item]

const statesOf = (state: AnyStateNode): AnyStateNode[] => [state, ...Object.values(state.states).flatMap(statesOf)]
const allStates = (machine: AnyStateMachine) => statesOf(machine.root)

const transitionsOf = (state: AnyStateNode) => [...[...state.transitions.values()].flat(), ...(state.always ?? [])]
const handlersOf = (state: AnyStateNode, event: string) => state.transitions.get(event) ?? []
/** The state that answers an event which comes in this one: itself, or the nearest that it is in or beside. */
const answering = (state: AnyStateNode, event: string): AnyStateNode | undefined =>
  [state, ...regionsBeside(state)].find((one) => handlersOf(one, event).length > 0) ??
  (state.parent && answering(state.parent, event))

const regionsBeside = ({ parent }: AnyStateNode): AnyStateNode[] =>
  parent?.type === 'parallel' ? Object.values(parent.states) : []

const isTransient = (state: AnyStateNode) => (state.always ?? []).some(({ guard }) => guard === undefined)
const isLasting = (state: AnyStateNode) => state.type === 'atomic' && !isTransient(state)
const ownTags = (state: AnyStateNode): readonly string[] => state.tags
const tagsOf = (state: AnyStateNode): readonly string[] => [
  ...(state.parent === undefined ? [] : tagsOf(state.parent)),
  ...ownTags(state),
]
const lastingStatesTagged = (machine: AnyStateMachine, tag: string) =>
  allStates(machine).filter((state) => isLasting(state) && tagsOf(state).includes(tag))

const typeOf = (reference: unknown) =>
  typeof reference === 'string' ? reference : (reference as { type: string }).type

/** Everything that a state runs, by the place where it is named. */
const actionsOf = (state: AnyStateNode): readonly unknown[] => [
  ...state.entry,
  ...state.exit,
  ...transitionsOf(state).flatMap(({ actions }) => actions),
  ...toArray(state.initial?.actions),
]
const guardsOf = (state: AnyStateNode): readonly unknown[] =>
  transitionsOf(state).flatMap(({ guard }) => (guard === undefined ? [] : [guard]))

/** A name, or a name with plain parameters. */
const isNamed = (reference: unknown) => {
  if (typeof reference === 'string') return true
  if (typeof reference !== 'object' || reference === null) return false
  const { type, params = {}, ...rest } = reference as { type?: unknown; params?: unknown }
  const isPlain = JSON.stringify(params) !== undefined && !Object.values(params as object).some(isFunction)
  return typeof type === 'string' && isPlain && Object.keys(rest).length === 0
}
const isFunction = (value: unknown) => typeof value === 'function'

const isMachine = (logic: unknown): logic is AnyStateMachine =>
  typeof logic === 'object' && logic !== null && 'root' in logic
const invokesMachine = (state: AnyStateNode) =>
  state.invoke.some(({ src }) =>
    isMachine((state.machine.implementations.actors as Record<string, unknown>)[String(src)]),
  )

test('there are nine machines', () => {
  expect(machines.map(({ id }) => id).sort()).toEqual([
    'invitations',
    'ipWhitelist',
    'mfa',
    'onboarding',
    'otpEnrollment',
    'securityCenter',
    'sessions',
    'whitelistChange',
    'workspace',
  ])
})

test('no two invokes of all the machines share an id', () => {
  const ids = machines.flatMap(allStates).flatMap((state) => state.invoke.map(({ id }) => id))
  const shared = ids.filter((id, index) => ids.indexOf(id) !== index)
  expect(shared, `all ids:\n${[...ids].sort().join('\n')}\n`).toEqual([])
})

describe.each(named)('%s', (id, machine) => {
  const states = allStates(machine)
  const pathsOf = (offenders: readonly AnyStateNode[]) => offenders.map(({ id }) => id)

  test('every invoke has an id of its own choosing', () => {
    const nameless = states.filter(({ config }) =>
      toArray(config.invoke).some((invoke) => typeof (invoke as { id?: unknown }).id !== 'string'),
    )
    expect(pathsOf(nameless)).toEqual([])
  })

  test('every invoke says what becomes of an error', () => {
    const careless = states.flatMap((state) =>
      state.invoke
        .filter(({ id }) => handlersOf(state, `xstate.error.actor.${id}`).length === 0)
        .map(({ id }) => `${state.id}: ${id}`),
    )
    expect(careless).toEqual([])
  })

  test('the last answer to an error has no guard: none is left unheard', () => {
    const leaky = states.flatMap((state) =>
      state.invoke
        .filter(({ id }) => handlersOf(state, `xstate.error.actor.${id}`).every(({ guard }) => guard !== undefined))
        .map(({ id }) => `${state.id}: ${id}`),
    )
    expect(leaky).toEqual([])
  })

  test('every state that lasts has exactly one status tag', () => {
    const offenders = states
      .filter(isLasting)
      .filter((state) => !isBesideStatus(state))
      .filter((state) => tagsOf(state).length !== 1 || !STATUS_TAGS.includes(tagsOf(state)[0] ?? ''))
    expect(offenders.map((state) => `${state.id}: ${tagsOf(state).join(', ') || 'none'}`)).toEqual([])
  })

  test('a parallel state has the tag itself, or one of its regions has all of them, so that they cannot disagree', () => {
    const offenders = states.filter(
      (state) =>
        state.type === 'parallel' &&
        !hasStatusEach(state) &&
        !isBesideStatus(state) &&
        ownTags(state).length + Object.values(state.states).filter((region) => hasTags(region)).length !== 1,
    )
    expect(pathsOf(offenders)).toEqual([])
  })

  test('transient and final states have no tag', () => {
    const offenders = states.filter((state) =>
      isTransient(state) ? tagsOf(state).length > 0 : state.type === 'final' && ownTags(state).length > 0,
    )
    expect(pathsOf(offenders)).toEqual([])
  })

  test('a state is tagged `delegating` when it invokes a machine, and only then', () => {
    const offenders = states.filter((state) => invokesMachine(state) !== ownTags(state).includes('delegating'))
    expect(pathsOf(offenders)).toEqual([])
  })

  test('nothing is delayed by `after`', () => {
    expect(pathsOf(states.filter((state) => state.after.length > 0))).toEqual([])
  })

  test('guards and actions are names, never functions', () => {
    const offenders = states.filter((state) => ![...guardsOf(state), ...actionsOf(state)].every(isNamed))
    expect(pathsOf(offenders)).toEqual([])
  })

  test.each(['guards', 'actions', 'actors'] as const)('the %s that it names are the ones that it has', (kind) => {
    const used = states.flatMap((state) => {
      if (kind === 'actors') return state.invoke.map(({ src }) => ({ name: String(src), path: state.id }))
      const references = kind === 'guards' ? guardsOf(state) : actionsOf(state)
      return references.map((reference) => ({ name: typeOf(reference), path: state.id }))
    })
    const declared = Object.keys(machine.implementations[kind] as object)
    const missing = used.filter(({ name }) => !declared.includes(name)).map(({ name, path }) => `${path}: ${name}`)
    const unused = declared.filter((name) => !used.some((use) => use.name === name))
    expect({ missing, unused }).toEqual({ missing: [], unused: [] })
  })

  test('the chart survives JSON', () => {
    const copy = createMachine(JSON.parse(JSON.stringify(machine.config)))
    expect(outline(copy)).toEqual(outline(machine))
  })

  test('no state is a dead end', () => {
    const isLeft = (state: AnyStateNode): boolean =>
      transitionsOf(state).some(({ target }) => target?.some((next) => next !== state)) ||
      (state.parent !== undefined && state.parent !== machine.root && isLeft(state.parent))
    expect(pathsOf(states.filter((state) => state.type === 'atomic' && !isLeft(state)))).toEqual([])
  })

  const waysOut = id === 'securityCenter' ? ['card.open', 'card.close'] : ['retry', 'step.finish', 'step.skip']

  test.each(['failed', 'coolingDown'])('what is `%s` can be tried again and left', (tag) => {
    const offenders = lastingStatesTagged(machine, tag).flatMap((state) =>
      waysOut.filter((event) => answering(state, event) === undefined).map((event) => `${state.id}: ${event}`),
    )
    expect(offenders).toEqual([])
  })
})

/** The cards of the security center are independent of one another: each has a status of its own. */
const hasStatusEach = ({ id }: AnyStateNode) => id === 'securityCenter.cards'
const hasTags = (state: AnyStateNode) => statesOf(state).some((one) => ownTags(one).length > 0)
/** In a region without tags: another one says the status. */
const isBesideStatus = (state: AnyStateNode): boolean =>
  regionsBeside(state).some((region) => region !== state && hasTags(region) && !hasTags(state)) ||
  (state.parent !== undefined && isBesideStatus(state.parent))

/** The chart as data: what Studio and the diagrams see. */
const outline = (machine: AnyStateMachine) =>
  allStates(machine).map((state) => ({
    id: state.id,
    type: state.type,
    tags: state.tags,
    description: state.description,
    initial: state.initial?.target?.map(({ id }) => id),
    entry: state.entry,
    exit: state.exit,
    invokes: state.invoke.map(({ id, src }) => ({ id, src })),
    transitions: transitionsOf(state).map(({ eventType, target, guard, actions, reenter, description }) => ({
      eventType,
      target: target?.map(({ id }) => id),
      guard,
      actions,
      reenter,
      description,
    })),
  }))

describe.each(steps)('the step %s', (_id, machine) => {
  test('has a state that is `failed` and one that is `coolingDown`', () => {
    for (const tag of ['failed', 'coolingDown']) {
      expect(lastingStatesTagged(machine, tag).map(({ key }) => key)).toEqual([tag])
    }
  })

  test('has an answer of its own to being started again, wherever it waits for the user', () => {
    const deaf = ['resting', 'failed']
      .flatMap((tag) => lastingStatesTagged(machine, tag))
      .filter((state) => [undefined, machine.root].includes(answering(state, 'restored')))
      .map(({ id }) => id)
    expect(deaf).toEqual([])
  })
})

test.each(named)('%s hears when it is started again, in every state that lasts', (_id, machine) => {
  const deaf = allStates(machine).filter((state) => isLasting(state) && answering(state, 'restored') === undefined)
  expect(deaf.map(({ id }) => id)).toEqual([])
})

test('each machine names the schema of its context, and there is one for each', () => {
  expect(machines.map(({ schemas }) => schemas)).toEqual(machines.map(({ id }) => ({ context: id })))
  expect(Object.keys(contexts).sort()).toEqual(machines.map(({ id }) => id).sort())
})

test.each(named)('%s invokes `detectRestore` at its root', (_id, machine) => {
  expect(machine.root.invoke.map(({ src }) => src)).toContain('detectRestore')
})

describe('the source', () => {
  const folder = new URL('../../machines/', import.meta.url)
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ts.createSourceFile(file, readFileSync(new URL(file, folder), 'utf8'), ts.ScriptTarget.Latest, true))

  const find = (node: ts.Node, isWanted: (node: ts.Node) => boolean): ts.Node[] =>
    isWanted(node) ? [node, ...childrenOf(node, isWanted)] : childrenOf(node, isWanted)
  const childrenOf = (node: ts.Node, isWanted: (node: ts.Node) => boolean) => {
    const found: ts.Node[] = []
    ts.forEachChild(node, (child) => void found.push(...find(child, isWanted)))
    return found
  }
  const callsOf = (source: ts.SourceFile, name: string) =>
    find(source, (node) => {
      if (!ts.isCallExpression(node)) return false
      const { expression } = node
      return (ts.isPropertyAccessExpression(expression) ? expression.name : expression).getText() === name
    }) as ts.CallExpression[]
  const place = (node: ts.Node) => {
    const source = node.getSourceFile()
    const { line } = source.getLineAndCharacterOfPosition(node.getStart())
    return `machines/${source.fileName}:${line + 1}: ${node.getText().split('\n')[0]}`
  }

  /** What is not a plain literal, functions of `context`, `input` and `output` excepted. */
  const foreignIn = (node: ts.Node, key = ''): ts.Node[] => {
    if (ts.isObjectLiteralExpression(node)) {
      return node.properties.flatMap((property) =>
        ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name)
          ? foreignIn(property.initializer, property.name.text)
          : [property],
      )
    }
    if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((element) => foreignIn(element))
    if (ts.isArrowFunction(node)) return ['context', 'input', 'output'].includes(key) ? [] : [node]
    const isPlain =
      ts.isStringLiteral(node) ||
      ts.isNumericLiteral(node) ||
      node.kind === ts.SyntaxKind.TrueKeyword ||
      node.kind === ts.SyntaxKind.FalseKeyword ||
      node.kind === ts.SyntaxKind.NullKeyword
    return isPlain ? [] : [node]
  }

  const charts = sources.filter((source) => callsOf(source, 'createMachine').length > 0)

  test('has one machine to a file', () => {
    const counts = charts.map((source) => `${source.fileName}: ${callsOf(source, 'createMachine').length}`)
    expect(counts).toEqual(
      [
        'invitations',
        'ip-whitelist',
        'loading',
        'mfa',
        'onboarding',
        'otp-enrollment',
        'security-center',
        'sessions',
        'whitelist-change',
        'workspace',
      ].map((name) => `${name}.ts: 1`),
    )
  })

  test.each(charts.map((source) => [source.fileName, source] as const))(
    '%s is `setup({…}).createMachine({…})`, one literal without spread, identifier or helper call',
    (_file, source) => {
      const [call] = callsOf(source, 'createMachine')
      const receiver = call && ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : undefined
      expect(receiver && ts.isCallExpression(receiver) && receiver.expression.getText()).toBe('setup')
      expect(call?.arguments.map(({ kind }) => ts.SyntaxKind[kind])).toEqual(['ObjectLiteralExpression'])
      expect(call?.arguments.flatMap((literal) => foreignIn(literal)).map(place)).toEqual([])
    },
  )
})
