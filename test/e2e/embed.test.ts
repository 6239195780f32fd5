import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { CHROMIUM_TIME_OUT_MS, launchChromium } from '../support/chromium.ts'
import { bundle, type Embedding, embeddings, sampleOf } from './embedding.ts'

/** The README's shortest pages, each as it stands there, in a browser, in front of a fake portal. */

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
}, CHROMIUM_TIME_OUT_MS)

afterAll(() => browser?.close())

describe.each(Object.keys(embeddings))('%s', (title) => {
  const embedding = embeddings[title] as Embedding
  const sample = sampleOf(title)

  test('is at most 15 lines', () => {
    expect(sample.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(15)
  })

  test('runs as written', { timeout: 60_000 }, async () => {
    const around = `const root = document.querySelector('#root')\n${embedding.mount}`
    const code = await bundle(embedding, { sample, around })
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
