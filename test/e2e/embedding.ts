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
  /** The file that the sample is written into. */
  readonly file: string
  readonly plugins: (onServer: boolean) => PluginOption
  /** Puts it on a page: `root` is the element, `api` the adapter. */
  readonly mount: string
  /** Makes HTML of it on a server; null where there is nothing for that. */
  readonly render: string | null
}

export const embeddings: Readonly<Record<string, Embedding>> = {
  React: {
    file: 'onboarding.tsx',
    plugins: () => react(),
    mount: `import { createElement, StrictMode } from 'react'
      import { createRoot } from 'react-dom/client'
      import { Onboarding } from './onboarding.tsx'
      createRoot(root).render(createElement(StrictMode, null, createElement(Onboarding, { api })))`,
    render: `import { createElement } from 'react'
      import { renderToString } from 'react-dom/server'
      import { Onboarding } from './onboarding.tsx'
      console.log(renderToString(createElement(Onboarding, { api })))`,
  },
  Vue: {
    file: 'Onboarding.vue',
    plugins: () => vue(),
    mount: `import { createApp } from 'vue'
      import Onboarding from './Onboarding.vue'
      createApp(Onboarding, { api }).mount(root)`,
    render: `import { createSSRApp } from 'vue'
      import { renderToString } from 'vue/server-renderer'
      import Onboarding from './Onboarding.vue'
      console.log(await renderToString(createSSRApp(Onboarding, { api })))`,
  },
  Svelte: {
    file: 'Onboarding.svelte',
    plugins: () => svelte({ configFile: false }),
    mount: `import { mount } from 'svelte'
      import Onboarding from './Onboarding.svelte'
      mount(Onboarding, { target: root, props: { api } })`,
    render: `import { render } from 'svelte/server'
      import Onboarding from './Onboarding.svelte'
      console.log(render(Onboarding, { props: { api } }).body)`,
  },
  Solid: {
    file: 'onboarding.tsx',
    plugins: (onServer) => solid({ ssr: onServer }),
    mount: `import { createComponent, render } from 'solid-js/web'
      import { Onboarding } from './onboarding.tsx'
      render(() => createComponent(Onboarding, { api }), root)`,
    render: `import { createComponent, renderToString } from 'solid-js/web'
      import { Onboarding } from './onboarding.tsx'
      console.log(renderToString(() => createComponent(Onboarding, { api })))`,
  },
  'Without a framework': {
    file: 'onboarding.ts',
    plugins: () => [],
    mount: `import { mount } from './onboarding.ts'
      mount(root, api)`,
    render: null,
  },
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

export function sampleOf(title: string): string {
  const [, sample] =
    new RegExp(`<summary><b>${title}</b></summary>\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(readme) ?? []
  if (sample === undefined) throw new Error(`The README has no sample for ${title}`)
  return sample
}

/** One script with everything in it: the sample, what a host writes around it, and a fake portal as `portal`. */
export async function bundle(
  { file, plugins }: Embedding,
  {
    sample,
    around,
    onServer = false,
  }: { readonly sample: string; readonly around: string; readonly onServer?: boolean },
): Promise<string> {
  // Inside the checkout, where the packages are found.
  const folder = mkdtempSync(join(fileURLToPath(new URL('.', import.meta.url)), '.embed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, file), sample)
  const main = `import { createPortalApi } from 'postlogin'
    import { createFakePortal } from 'postlogin/testing'
    const portal = createFakePortal()
    const { portalAccessCode, clientHash, accessToken } = portal.account
    const api = createPortalApi({
      baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch,
    })
    Object.assign(globalThis, { portal })
    ${around}`
  writeFileSync(join(folder, 'main.ts'), main)
  const { resolve } = siteConfig({} as never)
  const input = join(folder, 'main.ts')
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
