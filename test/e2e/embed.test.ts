import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import type { Browser } from 'playwright-core'
import { build, type PluginOption } from 'vite'
import solid from 'vite-plugin-solid'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { siteConfig } from '../../examples/demo/site.ts'
import { CHROMIUM_TIME_OUT_MS, launchChromium } from '../support/chromium.ts'

/** The README's shortest pages, each as it stands there, in a browser, in front of a fake portal. */
interface Embedding {
  /** The file that the sample is written into. */
  readonly file: string
  readonly plugins: () => PluginOption
  /** What a host writes around it. */
  readonly mount: string
}

const embeddings: Readonly<Record<string, Embedding>> = {
  React: {
    file: 'onboarding.tsx',
    plugins: () => react(),
    mount: `import { createElement, StrictMode } from 'react'
      import { createRoot } from 'react-dom/client'
      import { Onboarding } from './onboarding.tsx'
      createRoot(root).render(createElement(StrictMode, null, createElement(Onboarding, { api })))`,
  },
  Vue: {
    file: 'Onboarding.vue',
    plugins: () => vue(),
    mount: `import { createApp } from 'vue'
      import Onboarding from './Onboarding.vue'
      createApp(Onboarding, { api }).mount(root)`,
  },
  Svelte: {
    file: 'Onboarding.svelte',
    plugins: () => svelte({ configFile: false }),
    mount: `import { mount } from 'svelte'
      import Onboarding from './Onboarding.svelte'
      mount(Onboarding, { target: root, props: { api } })`,
  },
  Solid: {
    file: 'onboarding.tsx',
    plugins: () => solid(),
    mount: `import { createComponent, render } from 'solid-js/web'
      import { Onboarding } from './onboarding.tsx'
      render(() => createComponent(Onboarding, { api }), root)`,
  },
  'Without a framework': {
    file: 'onboarding.ts',
    plugins: () => [],
    mount: `import { mount } from './onboarding.ts'
      mount(root, api)`,
  },
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

function sampleOf(title: string): string {
  const [, sample] =
    new RegExp(`<summary><b>${title}</b></summary>\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(readme) ?? []
  if (sample === undefined) throw new Error(`The README has no sample for ${title}`)
  return sample
}

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
}, CHROMIUM_TIME_OUT_MS)

afterAll(() => browser?.close())

/** One script with everything in it. */
async function bundle({ file, plugins, mount }: Embedding, sample: string): Promise<string> {
  // Inside the checkout, where the packages are found.
  const folder = mkdtempSync(join(fileURLToPath(new URL('.', import.meta.url)), '.embed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), sample)
  const main = `import { createPortalApi } from 'postlogin'
    import { createFakePortal } from 'postlogin/testing'
    const portal = createFakePortal()
    const { portalAccessCode, clientHash, accessToken } = portal.account
    const api = createPortalApi({
      baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch,
    })
    const root = document.querySelector('#root')
    Object.assign(globalThis, { portal })
    ${mount}`
  writeFileSync(join(folder, 'main.ts'), main)
  const { resolve } = siteConfig({} as never)
  const result = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: resolve ?? {},
    plugins: [plugins()],
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: join(folder, 'main.ts'), output: { codeSplitting: false } },
    },
  })
  const [{ output } = { output: [] }] = Array.isArray(result) ? result : 'output' in result ? [result] : []
  const code = output.find(({ type }) => type === 'chunk')
  return code?.type === 'chunk' ? code.code : ''
}

describe.each(Object.keys(embeddings))('%s', (title) => {
  const embedding = embeddings[title] as Embedding
  const sample = sampleOf(title)

  test('is at most 15 lines', () => {
    expect(sample.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(15)
  })

  test('runs as written', { timeout: 60_000 }, async () => {
    const code = await bundle(embedding, sample)
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    const problems: string[] = []
    page.on('pageerror', ({ message }) => problems.push(message))
    // A secure context, which the channel's cryptography wants.
    await page.route('http://localhost/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id="root"></div>' }),
    )
    await page.goto('http://localhost/')
    await page.addScriptTag({ content: code, type: 'module' })
    await page.getByRole('button', { name: 'Accept Acme Operations' }).click()
    await page.getByRole('button', { name: 'Accept Acme Operations' }).waitFor({ state: 'detached' })
    for (const next of ['mfa', 'ipWhitelist', 'sessions', 'completed']) {
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('heading', { name: next }).waitFor()
    }
    const accepted = await page.evaluate(() => {
      const { portal } = globalThis as unknown as { portal: import('postlogin/testing').FakePortal }
      return [portal.account.invitations[0]?.status, portal.processed('acceptInvitation')]
    })
    expect(accepted).toEqual(['ACCEPTED', 1])
    expect(problems).toEqual([])
  })
})
