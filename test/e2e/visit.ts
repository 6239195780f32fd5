import axe from 'axe-core'
import type { Browser, Page, Request } from 'playwright-core'
import type { FakePortalOptions } from 'postlogin/testing'
import { expect, onTestFinished } from 'vitest'
import { demoPortal } from '../../examples/demo/portals.ts'
import type { FrontEnd } from '../../examples/demo/site.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import type { Site } from './site.ts'

let visits = 0

const ISOLATES = '[\\u2068\\u2069]*'

/** Names of the portal's are isolated, which is neither seen nor heard. */
function saying(text: string | RegExp): RegExp {
  if (typeof text !== 'string') return text
  const signs = [...text].map((sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`)
  return new RegExp(ISOLATES + signs.join(ISOLATES) + ISOLATES, 'u')
}

const exactly = (name: string | RegExp) =>
  typeof name === 'string' ? new RegExp(`^${saying(name).source}$`, 'u') : name

export const bare = (text: string | null) => text?.replace(/[\u2068\u2069]/g, '') ?? null

/** A user with an account of his own, who has the page before him. */
export async function visit(
  { browser, site, frontEnd }: { readonly browser: Browser; readonly site: Site; readonly frontEnd: FrontEnd },
  {
    portal: options = demoPortal(),
    width = 1000,
    language,
    missing,
    page: pageName,
    step,
    invitation,
  }: {
    readonly portal?: FakePortalOptions
    readonly width?: number
    /** Asked for in the address; otherwise the browser's, English. */
    readonly language?: string
    /** The files of the page that do not arrive, until `context.unroute(missing)`. */
    readonly missing?: RegExp
    /** The page beside the onboarding. */
    readonly page?: 'security'
    /** A step of the host's own, before the others. */
    readonly step?: 'terms'
    /** The invitation that the link in an e-mail names. */
    readonly invitation?: string
  } = {},
) {
  const account = `${frontEnd}-${++visits}`
  const portal = site.portals.open(account, options)
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  if (missing !== undefined) await context.route(missing, (route) => route.abort())
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (message) => {
    // The browser itself logs each reply of 400 and more; those are meant.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text())
  })
  onTestFinished(async () => {
    await context.close()
    expect(problems).toEqual([])
  })
  const underWay = new Set<Request>()
  page.on('request', (request) => underWay.add(request))
  page.on('requestfinished', (request) => underWay.delete(request))
  page.on('requestfailed', (request) => underWay.delete(request))
  await page.clock.install()
  const query = new URLSearchParams({ account })
  if (pageName !== undefined) query.set('page', pageName)
  if (step !== undefined) query.set('step', step)
  if (invitation !== undefined) query.set('invitation', invitation)
  if (language !== undefined) query.set('lang', language)
  await page.goto(`${site.url}${frontEnd}/?${query}`)
  await page.locator('main:not(.loading) h1').waitFor()
  // The steps to come are read ahead. A fault that a test sets from here on is met by what its user does.
  await expect.poll(() => underWay.size).toBe(0)

  const button = (name: string | RegExp) => page.getByRole('button', { name: exactly(name) })
  const idle = () => page.locator('main[aria-busy="false"]').waitFor()
  const user = {
    page,
    context,
    portal,
    button,
    idle,
    heading: (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor(),
    /** Clicks, and waits until nothing is under way any more. */
    async click(name: string | RegExp) {
      await button(name).click()
      await idle()
    },
    /** Clicks, and waits for the next screen. */
    async go(name: string | RegExp, heading: string) {
      await button(name).click()
      await user.heading(heading)
      await idle()
    },
    item: (title: string | RegExp) =>
      page.locator('.list li').filter({ has: page.getByRole('heading', { name: saying(title) }) }),
    say: (text: string | RegExp) => page.locator('main').getByText(saying(text)).first().waitFor(),
    status: async () => bare(await page.locator('#status').textContent()),
    focused: async () => bare(await page.evaluate(() => document.activeElement?.textContent ?? null)),
    /** The page's clock jumps that far, and stands: no time is up while a busy computer still looks for the words. */
    async stopClock(ms = 1_000) {
      await page.clock.pauseAt((await page.evaluate(() => Date.now())) + ms)
    },
    async enterCode(code: string) {
      await page.getByLabel('Code from the app').fill(code)
      await user.click('Verify')
    },
    async toMfa() {
      await user.go('Continue, leave the rest open', 'Two-step sign-in')
    },
    async toEnrollment() {
      await user.toMfa()
      await user.go('Set up the app', 'Set up your authenticator app')
      await page.getByRole('img', { name: 'QR code' }).waitFor()
    },
    async toWhitelist() {
      await user.toMfa()
      await user.go('Continue without it', 'IP whitelist')
    },
    /** Up to where the change has to be kept. */
    async enableWhitelist() {
      await user.toWhitelist()
      await user.click(/^Add my address/)
      await user.click('Turn on')
      await page.getByRole('heading', { name: 'Keep this change?' }).waitFor()
    },
    async toSessions() {
      await user.toWhitelist()
      await user.go('Continue without it', 'Where you are signed in')
    },
  }
  return user
}

export type User = Awaited<ReturnType<typeof visit>>

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds against the screen, in both themes. */
export async function flaws(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
    const { violations } = await page.evaluate(
      (values) => (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly: { type: 'tag', values } }),
      RULES,
    )
    found.push(
      ...violations.map(({ id, nodes }) => `${colorScheme}: ${id} at ${nodes.map(({ target }) => target).join('; ')}`),
    )
  }
  return found
}
