import type { Browser } from 'playwright-core'
import type { FakePortal } from 'postlogin/testing'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { CHROMIUM_TIME_OUT_MS, launchChromium } from '../support/chromium.ts'
import { bundle, type Embedding, embeddings, sampleOf } from './embedding.ts'

/** The README's shortest pages, each as it stands there, in a browser, in front of a fake portal. */

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
}, CHROMIUM_TIME_OUT_MS)

afterAll(() => browser?.close())

interface Person {
  readonly portal: FakePortal
  readonly requests: ReadonlySet<Request>
}

type People = { readonly maya: Person; readonly noor: Person; readonly show: (account: Person) => void }

const accept = /^Accept .*Acme Operations/

describe.each(Object.keys(embeddings))('%s', (title) => {
  const embedding = embeddings[title] as Embedding
  const sample = sampleOf(title)

  /** The sample on a page, shown to Maya. What is called with `people` runs there. */
  async function open() {
    const around = `const root = document.querySelector('#root')\n${embedding.mount}
      Object.assign(globalThis, { people: { maya, noor, show } })
      show(maya)`
    const code = await bundle(embedding, { sample, around })
    const page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    const problems: string[] = []
    page.on('pageerror', ({ message }) => problems.push(message))
    onTestFinished(async () => {
      await page.close()
      expect(problems).toEqual([])
    })
    // A secure context, which the channel's cryptography wants.
    await page.route('http://localhost/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id="root"></div>' }),
    )
    await page.clock.install()
    await page.goto('http://localhost/')
    await page.addScriptTag({ content: code, type: 'module' })
    await page.waitForFunction(() => 'people' in globalThis)
    const people = await page.evaluateHandle((): People => Reflect.get(globalThis, 'people'))
    return {
      page,
      people,
      button: (name: string | RegExp) => page.getByRole('button', { name }),
      /** What the portal of that name has heard, and what it still may. */
      heard: (name: 'maya' | 'noor') =>
        people.evaluate((all, name) => {
          const { portal, requests } = all[name]
          return {
            invitation: portal.account.invitations[0]?.status,
            requests: portal.requests.length,
            underWay: [...requests].filter(({ signal }) => !signal.aborted).length,
          }
        }, name),
    }
  }

  test('is at most 15 lines', () => {
    for (const code of Object.values(sample)) {
      expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(15)
    }
  })

  test('runs as written', { timeout: 60_000 }, async () => {
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

  describe('when another account takes its place, a click accepts for that one, and the former portal hears nothing more', {
    timeout: 60_000,
  }, () => {
    async function takeOver({ page, people, button, heard }: Awaited<ReturnType<typeof open>>) {
      const { requests } = await heard('maya')
      await people.evaluate(({ noor, show }) => show(noor))
      await expect.poll(() => heard('noor')).toMatchObject({ requests: expect.toSatisfy((count) => count > 0) })
      await button(accept).click()
      await button(accept).waitFor({ state: 'detached' })
      // Whatever is tried again later.
      await page.clock.fastForward(60_000)
      expect(await heard('noor')).toMatchObject({ invitation: 'ACCEPTED' })
      expect(await heard('maya')).toEqual({ invitation: 'PENDING', requests, underWay: 0 })
    }

    test('while it rests', async () => {
      const sides = await open()
      await sides.button(accept).waitFor()
      await expect.poll(() => sides.heard('maya')).toMatchObject({ underWay: 0 })
      await takeOver(sides)
    })

    test('while an accept is under way, which is aborted', async () => {
      const sides = await open()
      await sides.people.evaluate(({ maya: { portal } }) => void portal.fault('acceptInvitation', 'hang'))
      await sides.button(accept).click()
      await expect.poll(() => sides.heard('maya')).toMatchObject({ underWay: 1 })
      await takeOver(sides)
    })

    test('while it waits to look again at what came of an accept', async () => {
      const sides = await open()
      await sides.people.evaluate(({ maya: { portal } }) => void portal.fault('acceptInvitation', 'loseRequest'))
      await sides.button(accept).click()
      await sides.button(accept).waitFor({ state: 'detached' })
      await expect.poll(() => sides.heard('maya')).toMatchObject({ underWay: 0 })
      await takeOver(sides)
    })
  })
})
