import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { type Embedding, embeddings, sampleOf } from './embedding.ts'
import { accept, describeTakeover, openEmbedded } from './two-accounts.ts'

/** The README's shortest pages, each as it stands there, in a browser, in front of a fake portal. */

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})

afterAll(() => browser?.close())

describe.each(Object.keys(embeddings))('%s', (title) => {
  const embedding = embeddings[title] as Embedding
  const sample = sampleOf(title)

  const open = () => openEmbedded(browser, embedding, sample)

  test('is at most 15 lines', () => {
    for (const code of Object.values(sample)) {
      expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(15)
    }
  })

  test('runs as written', async () => {
    const { page, people, button } = await open()
    await button(accept).click()
    await button(accept).waitFor({ state: 'detached' })
    for (const next of ['mfa', 'ipWhitelist', 'sessions', 'completed']) {
      await button('Continue').click()
      await page.getByRole('heading', { name: next }).waitFor()
    }
    const accepted = await people.evaluate(({ maya: { portal } }) => [
      portal.account.invitations[0]?.status,
      portal.processed('acceptInvitation'),
    ])
    expect(accepted).toEqual(['ACCEPTED', 1])
  })

  describeTakeover(open)
})
