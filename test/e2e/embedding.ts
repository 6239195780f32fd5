import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { build, type PluginOption } from 'vite'
import solid from 'vite-plugin-solid'
import { onTestFinished } from 'vitest'
import { siteConfig } from '../../examples/demo/site.ts'

/** One of the README's shortest pages, and what a host writes around it. */
export interface Embedding {
  readonly plugins: (onServer: boolean) => PluginOption
  /** Puts it on a page: `root` is the element; defines `show(account)`, for one account after the other. */
  readonly mount: string
  /** Makes HTML of it on a server, for the account `maya`; null where there is nothing for that. */
  readonly render: string | null
}

export const embeddings: Readonly<Record<string, Embedding>> = {
  React: {
    plugins: () => react(),
    mount: `import { createElement, StrictMode } from 'react'
      import { createRoot } from 'react-dom/client'
      import { Onboarding } from './onboarding.tsx'
      const page = createRoot(root)
      const show = (account) => page.render(createElement(StrictMode, null, createElement(Onboarding, { account })))`,
    render: `import { createElement } from 'react'
      import { renderToString } from 'react-dom/server'
      import { Onboarding } from './onboarding.tsx'
      console.log(renderToString(createElement(Onboarding, { account: maya })))`,
  },
  Vue: {
    plugins: () => vue(),
    mount: `import { createApp, h, shallowRef } from 'vue'
      import Onboarding from './Onboarding.vue'
      const account = shallowRef(maya)
      createApp(() => h(Onboarding, { account: account.value })).mount(root)
      const show = (next) => { account.value = next }`,
    render: `import { createSSRApp } from 'vue'
      import { renderToString } from 'vue/server-renderer'
      import Onboarding from './Onboarding.vue'
      console.log(await renderToString(createSSRApp(Onboarding, { account: maya })))`,
  },
  Svelte: {
    plugins: () => svelte({ configFile: false }),
    mount: `import { mount } from 'svelte'
      import Onboarding from './Onboarding.svelte'
      let account = $state.raw(maya)
      mount(Onboarding, { target: root, props: { get account() { return account } } })
      const show = (next) => { account = next }`,
    render: `import { render } from 'svelte/server'
      import Onboarding from './Onboarding.svelte'
      console.log(render(Onboarding, { props: { account: maya } }).body)`,
  },
  Solid: {
    plugins: (onServer) => solid({ ssr: onServer }),
    mount: `import { createSignal } from 'solid-js'
      import { createComponent, render } from 'solid-js/web'
      import { Onboarding } from './onboarding.tsx'
      const [account, setAccount] = createSignal(maya)
      render(() => createComponent(Onboarding, { get account() { return account() } }), root)
      const show = setAccount`,
    render: `import { createComponent, renderToString } from 'solid-js/web'
      import { Onboarding } from './onboarding.tsx'
      console.log(renderToString(() => createComponent(Onboarding, { account: maya })))`,
  },
  'Without a framework': {
    plugins: () => [],
    mount: `import { mount } from './onboarding.ts'
      let leave = () => {}
      function show(account) {
        leave()
        leave = mount(root, account)
      }`,
    render: null,
  },
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** What a sample consists of, by the names of its files. */
export type Sample = Readonly<Record<string, string>>

export function sampleOf(title: string): Sample {
  const [, , folded = ''] = readme.split(new RegExp(`(<summary><b>${title}</b></summary>)`))
  const [text = ''] = folded.split('</details>')
  const files = [...text.matchAll(/```\w+ (\S+)\n([\s\S]*?)```/g)].map(([, name = '', code = '']) => [name, code])
  if (files.length === 0) throw new Error(`The README has no sample for ${title}`)
  return Object.fromEntries(files)
}

/** What runs before: two people, each with a portal and what their login made. `requests`: those that are under way. */
const people = `import { createPortalApi } from 'postlogin'
  import { createFakePortal } from 'postlogin/testing'
  function signIn(subject) {
    const portal = createFakePortal()
    const { portalAccessCode, clientHash, accessToken } = portal.account
    const requests = new Set()
    const api = createPortalApi({
      baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken,
      async fetch(input, init) {
        const request = new Request(input, init)
        requests.add(request)
        try {
          return await portal.fetch(request)
        } finally {
          requests.delete(request)
        }
      },
    })
    return { subject, api, portal, requests }
  }
  const [maya, noor] = ['maya', 'noor'].map(signIn)`

/** One script with everything in it: the sample, what a host writes `around` it, and the people `maya` and `noor`. */
export async function bundle(
  { plugins }: Embedding,
  {
    sample,
    around,
    onServer = false,
  }: { readonly sample: Sample; readonly around: string; readonly onServer?: boolean },
): Promise<string> {
  // Inside the checkout, where the packages are found.
  const folder = mkdtempSync(join(fileURLToPath(new URL('.', import.meta.url)), '.embed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  // So named for Svelte, which keeps its state in files of that name only.
  const main = 'main.svelte.ts'
  for (const [name, code] of Object.entries({ ...sample, [main]: `${people}\n${around}` })) {
    writeFileSync(join(folder, name), code)
  }
  const { resolve } = siteConfig({} as never)
  const input = join(folder, main)
  const result = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: resolve ?? {},
    plugins: [plugins(onServer)],
    ...(onServer ? { ssr: { noExternal: true } } : {}),
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      ...(onServer ? { ssr: true } : {}),
      rolldownOptions: { input, output: { codeSplitting: false } },
    },
  })
  const [{ output } = { output: [] }] = Array.isArray(result) ? result : 'output' in result ? [result] : []
  const code = output.find(({ type }) => type === 'chunk')
  if (code?.type !== 'chunk') throw new Error('Nothing was built')
  return code.code
}
