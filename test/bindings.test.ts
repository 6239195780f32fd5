/** The bindings of Vue and Svelte stop an actor before they tell its component that it goes: what is stored then goes on all the same. */

import { useActorRef as useInSvelte } from '@xstate/svelte'
import { useActorRef as useInVue } from '@xstate/vue'
import { fromStorage, type Machines, screenOf, toStorage } from 'postlogin'
import { onDestroy } from 'svelte'
import { render } from 'svelte/server'
import { expect, onTestFinished, test } from 'vitest'
import { createRenderer, defineComponent, onUnmounted } from 'vue'
import { type ActorRefFrom, createActor } from 'xstate'
import { createSetting, type Setting } from './support/setting.ts'

type Flow = ActorRefFrom<Machines['onboarding']>

const subject = { subject: 'maya' }

/** The flow of a component that is gone, and what that stored. */
interface Left {
  flow?: Flow
  stored?: string
}

async function goOn({ machines, rest }: Setting, { flow, stored = '' }: Left) {
  expect(flow?.getSnapshot().status).toBe('stopped')
  const restored = createActor(machines.onboarding, { snapshot: fromStorage(machines.onboarding, stored, subject) })
  onTestFinished(() => void restored.stop())
  await rest(restored.start())
  return screenOf(restored.getSnapshot())
}

const inbox = { name: 'invitations', status: 'resting', rows: [{ standing: 'open' }, { standing: 'open' }] }

/** Vue without a document: nothing is drawn, but components come and go. */
const { createApp } = createRenderer<object, object>({
  createElement: () => ({}),
  createText: () => ({}),
  createComment: () => ({}),
  insert: () => undefined,
  remove: () => undefined,
  patchProp: () => undefined,
  setText: () => undefined,
  setElementText: () => undefined,
  parentNode: () => null,
  nextSibling: () => null,
})

test('a flow that a component of Vue’s stores in onUnmounted goes on', async () => {
  const setting = createSetting()
  const left: Left = {}
  const page = defineComponent(() => {
    const flow = useInVue(setting.machines.onboarding)
    left.flow = flow
    onUnmounted(() => {
      left.stored = toStorage(flow, subject)
    })
    return () => null
  })
  const app = createApp(page)
  app.mount({})
  if (left.flow !== undefined) await setting.rest(left.flow)
  app.unmount()
  expect(await goOn(setting, left)).toMatchObject(inbox)
})

test('a flow that a component of Svelte’s stores in onDestroy goes on', async () => {
  const setting = createSetting()
  const left: Left = {}
  /** As Svelte compiles it for a server, where a component is destroyed as soon as it is drawn. */
  const page = (renderer: { component(body: () => void): void }) =>
    renderer.component(() => {
      const flow = useInSvelte(setting.machines.onboarding)
      left.flow = flow
      onDestroy(() => {
        left.stored = toStorage(flow, subject)
      })
    })
  expect(render(page as never, { props: {} }).body).toContain('<!--')
  expect(await goOn(setting, left)).toMatchObject(inbox)
})
