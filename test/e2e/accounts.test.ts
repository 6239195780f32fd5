import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import type { FrontEnd } from '../../examples/demo/site.ts'
import { launchChromium } from '../support/chromium.ts'
import { type Embedding, embeddings } from './embedding.ts'
import { pages } from './site.ts'
import { describeTakeover, openEmbedded } from './two-accounts.ts'

/** The pages, in a host that signs in one account after the other without loading the page again. */

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})

afterAll(() => browser?.close())

/** Each built as the README's sample of that name is, and how a host shows it. */
const shown: Readonly<Record<FrontEnd, readonly [like: string, mount: string]>> = {
  vanilla: [
    'Without a framework',
    `import { startOf } from '../../../examples/shared/host.ts'
    import { mount } from '../../../examples/vanilla/portal.ts'
    let leave = () => {}
    function show(account) {
      leave()
      const host = hostOf(account)
      leave = mount(root, { ...startOf(host), keep: host.keep })
    }`,
  ],
  react: [
    'React',
    `import { createElement, StrictMode } from 'react'
    import { createRoot } from 'react-dom/client'
    import { Portal } from '../../../examples/react/page.tsx'
    const page = createRoot(root)
    const show = (account) => page.render(createElement(StrictMode, null, createElement(Portal, hostOf(account))))`,
  ],
  vue: [
    'Vue',
    `import { createApp, h, shallowRef } from 'vue'
    import App from '../../../examples/vue/App.vue'
    const host = shallowRef(hostOf(maya))
    createApp(() => h(App, { host: host.value })).mount(root)
    const show = (account) => { host.value = hostOf(account) }`,
  ],
  svelte: [
    'Svelte',
    `import { mount } from 'svelte'
    import App from '../../../examples/svelte/App.svelte'
    let host = $state.raw(hostOf(maya))
    mount(App, { target: root, props: { get host() { return host } } })
    const show = (account) => { host = hostOf(account) }`,
  ],
  solid: [
    'Solid',
    `import { createSignal } from 'solid-js'
    import { createComponent, render } from 'solid-js/web'
    import { Portal } from '../../../examples/solid/page.tsx'
    const [host, setHost] = createSignal(hostOf(maya))
    render(() => createComponent(Portal, { get host() { return host() } }), root)
    const show = (account) => setHost(hostOf(account))`,
  ],
}

const hostOf = `import { createMachines } from 'postlogin'
  const hostOf = ({ subject, api }) => ({ subject, machines: createMachines(api), snapshot: undefined, keep: () => () => {} })`

describe.each(pages)('the page in %s', (frontEnd) => {
  const [like, mount] = shown[frontEnd]
  const embedding: Embedding = { ...(embeddings[like] as Embedding), mount: `${hostOf}\n${mount}` }
  describeTakeover(() => openEmbedded(browser, embedding, {}))
})
