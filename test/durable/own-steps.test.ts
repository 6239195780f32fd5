/** A step of a host's own, from text to text: the terms of service of the example pages. */
import { PortalError } from 'postlogin'
import { createDurableHost, type DurableHost, type MaskedScreen, revealScreen } from 'postlogin/durable'
import { expect, onTestFinished, test } from 'vitest'
import { acceptTerms, createTermsMachine, type TermsStep, termsText } from '../../examples/shared/terms.ts'
import { createSetting } from '../support/setting.ts'

type Named<Name> = Extract<MaskedScreen<TermsStep>, { readonly name: Name }>

const TEXT = 'Be kind.'

/** Terms that one user is to accept, and hosts that are lost and replaced on the way. */
function createScene() {
  const setting = createSetting()
  const { api, clock, whileTimePasses } = setting
  const accepted: string[] = []
  const service = {
    read: async () => ({ version: 2, text: TEXT, isAccepted: accepted.length > 0 }),
    accept: async (version: number, { requestId }: { readonly requestId: string }) =>
      void accepted.push(`${version} by ${requestId}`),
  }
  const start = () =>
    createDurableHost({
      api: () => api,
      clock,
      steps: (_, hold) => ({ terms: createTermsMachine({ ...service, accept: hold(service.accept) }, { clock }) }),
      input: { order: ['terms', 'sessions'], policy: { terms: 'require', sessions: 'show' } },
    })
  const hosts = [start()]
  onTestFinished(() => whileTimePasses(Promise.all(hosts.map((host) => host.close()))).then(() => {}))
  const lose = () => void hosts.push(start())
  const step = (...args: Parameters<DurableHost<TermsStep>['step']>) =>
    whileTimePasses((hosts.at(-1) ?? start()).step(...args))
  return { step, lose, accepted, service, clock }
}

type Scene = ReturnType<typeof createScene>

async function begun({ step }: Scene) {
  const hop = await step('maya', null)
  return { ...hop, screen: termsIn(hop.screen) }
}

function termsIn(screen: MaskedScreen<TermsStep>): Named<'custom'> {
  expect(screen).toMatchObject({ name: 'custom', step: 'terms' })
  return screen as Named<'custom'>
}

test('is shown as JSON, with the context of its machine in the place of the actor', async () => {
  const hop = await begun(createScene())
  expect(hop).toMatchObject({ mustStore: false, wakeAt: null, output: null })
  expect(hop.screen.context.terms).toEqual({ version: 2, text: TEXT, isAccepted: false })
  expect(hop.screen).not.toHaveProperty('actor')
  expect(JSON.parse(JSON.stringify(hop))).toEqual(hop)
})

test('in the process itself, it can be looked at as a page does', async () => {
  const { step } = createScene()
  const screen = revealScreen(await step('maya', null))
  expect(screen.name === 'custom' && termsText(screen)).toBe(TEXT)
})

test('an event of its own is taken, its write leaves once it is stored, and the flow goes on to the end', async () => {
  const scene = createScene()
  const { step, accepted } = scene
  const { text, screen } = await begun(scene)
  const announced = await step('maya', text, JSON.parse(JSON.stringify(acceptTerms(screen))))
  expect(announced).toMatchObject({ taken: true, mustStore: true, screen: { step: 'terms', status: 'busy' } })
  expect(accepted).toEqual([])
  const next = await step('maya', announced.text)
  expect(accepted).toHaveLength(1)
  expect(next.screen.name).toBe('sessions')
  const ended = await step('maya', next.text, (next.screen as Named<'sessions'>).finish)
  expect(ended.output).toMatchObject({ outcome: 'completed', skippedSteps: [] })
})

test('each hop in another process comes to the same', async () => {
  const scene = createScene()
  const { step, lose, accepted } = scene
  const { text, screen } = await begun(scene)
  lose()
  expect(await step('maya', text)).toMatchObject({ text, screen: { step: 'terms' } })
  const announced = await step('maya', text, acceptTerms(screen))
  expect((await step('maya', announced.text)).screen.name).toBe('sessions')
  expect(accepted).toHaveLength(1)
})

test('what is sent to its actor past the host comes to nothing: the next hop goes on from the text', async () => {
  const scene = createScene()
  const hop = await scene.step('maya', null)
  const shown = revealScreen(hop)
  if (shown.name !== 'custom') throw new Error(`${shown.name} is no step of the host`)
  shown.actor.send({ type: 'terms.accept' })
  expect(await scene.step('maya', hop.text)).toMatchObject({ text: hop.text, mustStore: false })
  expect(scene.accepted).toEqual([])
})

test('the process is lost before its write has left: it waits until that cannot land, and the user accepts once more', async () => {
  const scene = createScene()
  const { step, lose, accepted, clock } = scene
  const { text, screen } = await begun(scene)
  const announced = await step('maya', text, acceptTerms(screen))
  lose()
  const waiting = await step('maya', announced.text)
  expect(termsIn(waiting.screen)).toMatchObject({ status: 'coolingDown', failure: { retryAt: waiting.wakeAt } })
  await clock.advance((waiting.wakeAt ?? 0) - clock.now())
  const later = await step('maya', waiting.text)
  expect(accepted).toEqual([])
  expect(termsIn(later.screen)).toMatchObject({ status: 'resting', failure: { code: 'client.notDone' } })
  const again = await step('maya', later.text, acceptTerms(termsIn(later.screen)))
  expect((await step('maya', again.text)).screen.name).toBe('sessions')
  expect(accepted).toHaveLength(1)
})

test('the process is lost once its write was carried out: that is read back, and not done again', async () => {
  const scene = createScene()
  const { step, lose, accepted, service } = scene
  const { text, screen } = await begun(scene)
  const announced = await step('maya', text, acceptTerms(screen))
  await service.accept(2, { requestId: 'of the process that was lost' })
  lose()
  expect((await step('maya', announced.text)).screen.name).toBe('sessions')
  expect(accepted).toHaveLength(1)
})

test.each([
  ['leaves it before it may be left', 'step.finish'],
  ['its machine does not know', 'terms.burn'],
  ['only XState tells a machine', 'xstate.done.actor.0.terms.accepting'],
])('an event that %s is not taken', async (_, type) => {
  const scene = createScene()
  const { text, screen } = await begun(scene)
  expect(await scene.step('maya', text, { owner: 'terms', event: { type } })).toMatchObject({
    taken: false,
    text,
    screen,
  })
  expect(scene.accepted).toEqual([])
})

test('an event of its own is not taken once the flow has moved on', async () => {
  const scene = createScene()
  const { step } = scene
  const { text, screen } = await begun(scene)
  const announced = await step('maya', text, acceptTerms(screen))
  const next = await step('maya', announced.text)
  expect(await step('maya', next.text, acceptTerms(screen))).toMatchObject({ taken: false, text: next.text })
})

test('what is no step is refused by the first hop, and what gives none when the host is made', async () => {
  const { api } = createSetting()
  const host = createDurableHost({ api: () => api, steps: () => ({ terms: {} as never }) })
  await expect(host.step('maya', null)).rejects.toMatchObject({
    failure: { code: 'client.option', field: 'steps.terms' },
  })
  const create = () => createDurableHost({ api: () => api, steps: {} as never })
  expect(create).toThrow(PortalError)
  expect(create).toThrow('createDurableHost: steps: must')
})
