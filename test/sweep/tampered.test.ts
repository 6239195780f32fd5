/**
 * Stored texts, changed at random: whatever is in them is either refused, or a flow that starts, shows something and comes to rest. What
 * nobody touched is always taken.
 *
 * `npm test` takes a sample, by a seed that is printed; `npm run test:sweep` takes more.
 */
import fc from 'fast-check'
import { act, fromStorage, type OnboardingMachine, PortalError, screenOf, toStorage, withSteps } from 'postlogin'
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import { createTermsMachine, type TermsService } from '../../examples/shared/terms.ts'
import { isComplete, seed } from '../support/sampling.ts'
import { createSetting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'
import { carryThrough, eagerPolicy } from '../support/user.ts'

const RUNS = isComplete ? 3_000 : 300
const subject = { subject: 'maya@example.com' }

/** In turns of the event loop; what takes longer hangs. */
const PATIENCE = 500

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Place = { readonly holder: Json[] | { [key: string]: Json }; readonly key: string }

/** The host's own server. */
function createTermsService(): TermsService {
  let isAccepted = false
  return {
    read: async () => ({ version: 3, text: 'Be kind.', isAccepted }),
    async accept() {
      isAccepted = true
    },
  }
}

function createTamperSetting() {
  const setting = createSetting({ portal: { secureChannel: 'off' } })
  const withTerms = withSteps(setting.machines.onboarding, { terms: createTermsMachine(createTermsService()) })
  return { ...setting, onboarding: setting.machines.onboarding, withTerms }
}
type Flow = 'onboarding' | 'withTerms'

/** Every text that a host stores on the way through a whole onboarding. */
async function storedTexts() {
  const setting = createTamperSetting()
  const flow = createActor(setting.onboarding, { input: { policy: eagerPolicy } })
  const texts = [toStorage(flow, subject)]
  flow.subscribe(() => texts.push(toStorage(flow, subject)))
  await carryThrough(setting, flow.start())
  return texts
}

/** The same where a step of the host's own is between two of ours. */
async function storedTextsWithTerms() {
  const { withTerms, rest } = createTamperSetting()
  const flow = createActor(withTerms, {
    input: { order: ['sessions', 'terms', 'workspace'], policy: { terms: 'require' } },
  })
  const texts = [toStorage(flow, subject)]
  flow.subscribe(() => texts.push(toStorage(flow, subject)))
  flow.start()
  await rest(flow)
  const sessions = screenOf(flow.getSnapshot())
  if (sessions.name === 'sessions') act(flow, sessions.skip)
  await rest(flow)
  const terms = screenOf(flow.getSnapshot())
  if (terms.name !== 'custom') throw new Error(`On screen is ${terms.name}`)
  terms.actor.send({ type: 'terms.accept' })
  await rest(flow)
  return texts
}

const texts = { onboarding: await storedTexts(), withTerms: await storedTextsWithTerms() }

/** Starts what was restored, and waits until it needs the user. */
async function goOn(name: Flow, text: string) {
  const { clock, [name]: machine } = createTamperSetting()
  const onboarding = machine as OnboardingMachine
  const snapshot = fromStorage(onboarding, text, subject)
  const flow = createActor(onboarding, { snapshot })
  const screen = () => screenOf(flow.getSnapshot())
  const isBusy = () => {
    const now = screen()
    return now.name === 'loading' || ('status' in now && now.status === 'busy')
  }
  flow.subscribe({ next: () => void screen(), error: () => undefined })
  flow.start()
  for (let turns = 0; turns < PATIENCE && isBusy(); turns++) {
    await turn()
    await clock.passShortWaits(2_000)
  }
  const end = screen()
  const hangs = isBusy()
  flow.stop()
  return hangs ? `hangs at ${JSON.stringify(flow.getSnapshot().value)}, ${end.name}` : end.name
}

test.each([
  ['onboarding', 40],
  ['withTerms', 10],
] as const)('a text that nobody touched is always taken: %s', async (name, count) => {
  for (const text of texts[name]) expect(['crashed', 'broken']).not.toContain(await goOn(name, text))
  expect(texts[name].length).toBeGreaterThan(count)
})

function placesIn(value: Json): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value
  return Object.entries(value).flatMap(([key, part]) => [{ holder, key }, ...placesIn(part)])
}

const strange: readonly Json[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  9e15,
  9e99,
  -9e99,
  '',
  'x',
  '9e99',
  'constructor',
  '__proto__',
  [],
  {},
  [null],
  [[]],
  { value: 1 },
]

type Change =
  | { readonly kind: 'delete' | 'rename' | 'shorten' | 'repeat'; readonly at: number }
  | { readonly kind: 'replace'; readonly at: number; readonly by: Json }
  | { readonly kind: 'swap' | 'copy'; readonly at: number; readonly with: number }

const anywhere = fc.nat()
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('delete' as const, 'rename' as const, 'shorten' as const, 'repeat' as const),
    at: anywhere,
  }),
  fc.record({ kind: fc.constant('replace' as const), at: anywhere, by: fc.constantFrom(...strange) }),
  fc.record({ kind: fc.constantFrom('swap' as const, 'copy' as const), at: anywhere, with: anywhere }),
)

const read = ({ holder, key }: Place): Json => (holder as { [key: string]: Json })[key] ?? null
function write({ holder, key }: Place, value: Json) {
  ;(holder as { [key: string]: Json })[key] = value
}
function remove({ holder, key }: Place) {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

/** Changes one place of what is stored beside the version, the machine and the subject, which are refused by themselves. */
function tamper(text: string, change: Change): string {
  const stored = JSON.parse(text) as { snapshot: Json }
  const places = placesIn(stored.snapshot)
  const place = (index: number) => places[index % places.length] as Place
  const target = place(change.at)
  const value = read(target)
  switch (change.kind) {
    case 'delete':
      remove(target)
      break
    case 'rename':
      remove(target)
      write({ ...target, key: `${target.key}2` }, value)
      break
    case 'shorten':
      write(target, Array.isArray(value) ? value.slice(1) : typeof value === 'string' ? value.slice(1) : null)
      break
    case 'repeat':
      write(
        target,
        Array.isArray(value) ? [...value, ...value] : typeof value === 'string' ? value + value : [value, value],
      )
      break
    case 'replace':
      write(target, change.by)
      break
    case 'copy':
      write(target, structuredClone(read(place(change.with))))
      break
    case 'swap': {
      const other = place(change.with)
      const theirs = structuredClone(read(other))
      write(other, structuredClone(value))
      write(target, theirs)
    }
  }
  return JSON.stringify(stored)
}

const isRefusal = (thrown: unknown) => thrown instanceof PortalError && thrown.failure.code === 'client.storageText'

const flows: readonly Flow[] = ['onboarding', 'withTerms']

test.each(flows)(
  `${RUNS} texts that were changed at random (seed ${seed}): %s`,
  { timeout: 30 * 60_000 },
  async (name) => {
    const tally = { refused: 0, wentOn: 0 }
    const anyTampered = fc.tuple(fc.constantFrom(...texts[name]), fc.array(anyChange, { minLength: 1, maxLength: 3 }))
    await fc.assert(
      fc.asyncProperty(anyTampered, async ([text, changes]) => {
        const tampered = changes.reduce(tamper, text)
        let end: string
        try {
          end = await goOn(name, tampered)
        } catch (thrown) {
          if (!isRefusal(thrown)) throw thrown
          tally.refused++
          return
        }
        tally.wentOn++
        if (end === 'crashed' || end === 'broken' || end.startsWith('hangs'))
          throw new Error(`${end}: ${JSON.stringify(changes)} ${JSON.parse(text).snapshot.value}`)
      }),
      { seed, numRuns: RUNS },
    )
    process.stdout.write(`tampered (${name}, seed ${seed}): ${tally.refused} refused, ${tally.wentOn} went on\n`)
    expect(Math.min(tally.refused, tally.wentOn)).toBeGreaterThan(0)
  },
)
