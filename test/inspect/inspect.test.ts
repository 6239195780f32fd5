import { fileURLToPath } from 'node:url'
import { createInspector } from '@statelyai/inspect'
import { build } from 'esbuild'
import { seal } from 'postlogin'
import {
  inspectInBrowser,
  inspectOverWebSocket,
  inspectWith,
  type RedactionOptions,
  type StatelyInspectionEvent,
} from 'postlogin/inspect'
import { expect, onTestFinished, test, vi } from 'vitest'
import { assign, createActor, fromPromise, setup } from 'xstate'
import { PATIENCE_MS } from '../support/patience.ts'
import { createSetting } from '../support/setting.ts'

const waiting = { timeout: PATIENCE_MS }

/** A machine of a host, with a secret in each place that an inspector shows. */
const machine = setup({
  types: { events: {} as { type: string } & Record<string, unknown> },
  actors: {
    ask: fromPromise(async ({ input }: { input: unknown }) => ({ given: input, secret: seal('output-secret-1') })),
  },
}).createMachine({
  id: 'host',
  description: 'static-secret-1',
  context: { note: 'static-secret-1', got: null as unknown },
  invoke: {
    id: 'ask',
    src: 'ask',
    input: { note: 'input-secret-1' },
    onDone: { actions: assign({ got: ({ event }) => event.output }) },
  },
  on: { 'host.finish': '.over' },
  initial: 'on',
  states: { on: {}, over: { type: 'final' } },
  output: ({ context }) => context.got,
})

const listed = () => ['static-secret-1', 'input-secret-1', null, undefined, 'event-secret-1']

async function watch(options: RedactionOptions, event: Record<string, unknown> = {}) {
  const events: StatelyInspectionEvent[] = []
  const actor = createActor(machine)
  const inspection = inspectWith(actor, (sent) => void events.push(sent), options)
  onTestFinished(() => inspection.stop())
  actor.start()
  await vi.waitUntil(() => actor.getSnapshot().context.got !== null, waiting)
  actor.send({ type: 'host.note', ...event })
  actor.send({ type: 'host.finish' })
  const isLast = (sent: StatelyInspectionEvent) =>
    sent.sessionId === actor.sessionId && sent.type === '@xstate.snapshot'
  await vi.waitUntil(() => events.filter(isLast).length >= 4, waiting)
  return { events, text: JSON.stringify(events) }
}

test('definition, context, input, output and events are without what the host lists and what is sealed', async () => {
  const { text } = await watch({ secrets: listed }, { note: 'event-secret-1', again: 'the output-secret-1' })
  expect(text).not.toMatch(/(static|input|output|event)-secret-1/)
  expect(text).toContain('[redacted]')
  expect(text).toContain('host.note')
})

test('with the redaction off all of that is there', async () => {
  const { text } = await watch({ dangerouslyInspectUnredacted: true }, { note: 'event-secret-1' })
  for (const secret of ['static-secret-1', 'input-secret-1', 'event-secret-1']) expect(text).toContain(secret)
})

test('a redactor of one’s own comes on top: what it brings back in is taken out again', async () => {
  const { text } = await watch({
    secrets: listed,
    redact: (event) => ({ ...event, name: 'static-secret-1', mine: 'masked by me', accessToken: 'abc' }) as never,
  })
  expect(text).toContain('masked by me')
  expect(text).not.toContain('static-secret-1')
  expect(text).not.toContain('"abc"')
})

test('where a redactor fails, or gives nothing back, nothing is told', async () => {
  const failing = await watch({
    redact: () => {
      throw new Error('no')
    },
  })
  const silent = await watch({ redact: () => undefined as never })
  const listless = await watch({
    secrets: () => {
      throw new Error('no')
    },
  })
  for (const { events, text } of [failing, silent, listless]) {
    expect(text).not.toMatch(/secret-1|host\.note/)
    expect(text).toContain('withheld')
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['@xstate.actor', '@xstate.event', '@xstate.snapshot']),
    )
  }
})

test('a flow that is under way is shown with all its actors, from any of them', async () => {
  const { start } = createSetting()
  const mfa = await start('mfa', { policy: 'show' })
  mfa.send({ type: 'otp.enrol' })
  const enrollment = mfa.getSnapshot().children.otpEnrollment
  if (enrollment === undefined) throw new Error('There is no enrollment')
  const names: unknown[] = []
  const inspection = inspectWith(enrollment, (event) => void (event.type === '@xstate.actor' && names.push(event.name)))
  await vi.waitUntil(() => names.length >= 4, waiting)
  expect(names).toEqual(expect.arrayContaining(['mfa', 'mfa.detectRestore', 'otpEnrollment', 'otpEnrollment.setUp']))
  inspection.stop()
})

test('events have the form that the Stately inspector reads: that of its own package', async () => {
  const actor = createActor(machine).start()
  const told: { type: string }[] = []
  const inspector = createInspector({ send: (event) => void told.push(event) })
  inspector.inspect.next?.({ type: '@xstate.actor', actorRef: actor, rootId: actor.sessionId })
  actor.system.inspect(inspector.inspect)
  const events: { type: string }[] = []
  inspectWith(actor, (event) => void events.push(event), { dangerouslyInspectUnredacted: true })
  await vi.waitUntil(() => actor.getSnapshot().context.got !== null, waiting)
  actor.send({ type: 'host.finish' })
  await vi.waitUntil(() => JSON.stringify([events.at(-1), told.at(-1)]).split('"status":"done"').length > 2, waiting)
  const plain = ({ createdAt, definition, ...event }: { createdAt?: string; definition?: string; type: string }) => ({
    ...JSON.parse(JSON.stringify(event)),
    definition: definition === undefined ? null : JSON.parse(definition),
  })
  // Ours begins with all actors that there are.
  const isChild = ({ type }: { type: string }, at: number) => at > 0 && type === '@xstate.actor'
  expect(events.filter((event, at) => !isChild(event, at)).map(plain)).toEqual(told.map(plain))
})

test('with the redaction off too, what is sent is plain JSON, whatever a host sends its machine', async () => {
  const odd = { count: 7n, act: function act() {}, deep: JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`) }
  const { events } = await watch({ dangerouslyInspectUnredacted: true }, Object.assign(odd, { self: odd }))
  const sent = events.find((event) => event.type === '@xstate.event' && event.event.type === 'host.note')
  expect(sent).toMatchObject({ event: { count: '7', act: { type: 'act' }, self: { self: '[circular]' } } })
  expect(JSON.stringify(sent)).toContain('[too deep]')
  expect(structuredClone(events)).toEqual(events)
})

test('after stop() nothing more is sent', async () => {
  const actor = createActor(machine).start()
  const seen: string[] = []
  inspectWith(actor, ({ type }) => void seen.push(type)).stop()
  const other = inspectWith(actor, ({ type }) => void seen.push(`other ${type}`))
  actor.send({ type: 'host.note' })
  await vi.waitUntil(() => seen.includes('other @xstate.event'), waiting)
  other.stop()
  expect(seen.filter((type) => !type.startsWith('other'))).toEqual([])
})

test('in Node there is no browser to inspect in', () => {
  expect(() => inspectInBrowser(createActor(machine))).toThrow(/window: there is none here/)
})

test('where there is no WebSocket, and no ws, that is said', () => {
  onTestFinished(() => void vi.unstubAllGlobals())
  vi.stubGlobal('WebSocket', undefined)
  vi.stubGlobal('process', { env: {} })
  expect(() => inspectOverWebSocket(createActor(machine))).toThrow(/WebSocket: there is none here; install ws/)
})

test('costs nothing when absent: what does not import it does not contain it', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { metafile } = await build({
    entryPoints: ['src/index.ts', 'src/testing/index.ts'],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'nowhere',
    format: 'esm',
    external: ['node:*'],
    logLevel: 'error',
  })
  const inputs = Object.keys(metafile.inputs)
  expect(inputs).toContain('src/index.ts')
  expect(inputs.filter((path) => /inspect/.test(path.replace('node_modules/xstate', '')))).toEqual([])
})
