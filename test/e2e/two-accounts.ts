import type { Browser } from 'playwright-core'
import type { FakePortal } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { PATIENCE_MS } from '../support/patience.ts'
import { bundle, type Embedding, type Sample } from './embedding.ts'

interface Person {
  readonly portal: FakePortal
  readonly requests: ReadonlySet<Request>
}

type People = { readonly maya: Person; readonly noor: Person; readonly show: (account: Person) => void }

/** What both have an invitation to. */
export const accept = /^Accept .*Acme Operations/

/** A page with this embedding and its sample, shown to Maya. What is called with `people` runs there. */
export async function openEmbedded(browser: Browser, embedding: Embedding, sample: Sample) {
  const around = `const root = document.querySelector('#root')\n${embedding.mount}
    Object.assign(globalThis, { people: { maya, noor, show } })
    show(maya)`
  const code = await bundle(embedding, { sample, around })
  const page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
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

export type Embedded = Awaited<ReturnType<typeof openEmbedded>>

/** The tests that a page is bound to its account. */
export function describeTakeover(open: () => Promise<Embedded>): void {
  describe('when another account takes its place, a click accepts for that one, and the former portal hears nothing more', () => {
    async function takeOver({ page, people, button, heard }: Embedded) {
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
      const looks = () =>
        sides.people.evaluate(
          ({ maya: { portal } }) => portal.requests.filter(({ operation }) => operation === 'listInvitations').length,
        )
      await sides.button(accept).waitFor()
      const before = await looks()
      await sides.button(accept).click()
      await expect.poll(looks).toBeGreaterThan(before)
      await expect.poll(() => sides.heard('maya')).toMatchObject({ underWay: 0 })
      await takeOver(sides)
    })
  })
}
