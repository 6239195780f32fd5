import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type FrontEnd, securityPolicy } from '../../examples/demo/site.ts'
import { launchChromium } from '../support/chromium.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { openSite, pages, type Site } from './site.ts'

/** Each page under the strictest Content-Security-Policy that it works with, as `openSite` serves it. */

let browser: Browser
let site: Site

beforeAll(async () => {
  browser = await launchChromium()
  site = await openSite(pages)
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

/** The page, and what the browser reports of it, such as `trusted-types: svelte-trusted-html`. */
async function openPage(
  frontEnd: FrontEnd,
  account: string,
  prepare: (page: Page) => Promise<unknown> = async () => {},
) {
  const page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  onTestFinished(() => page.close())
  const violations: string[] = []
  await page.exposeFunction('report', (violation: string) => void violations.push(violation))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      Reflect.get(globalThis, 'report')(`${effectiveDirective}: ${sample || blockedURI}`)
    })
  })
  await prepare(page)
  const response = await page.goto(`${site.url}${frontEnd}/?account=${account}`)
  return { page, violations, header: response?.headers()['content-security-policy'] }
}

describe.each(pages)('the page in %s', (frontEnd) => {
  test('works under a strict Content-Security-Policy, and violates nothing of it', async () => {
    const account = `${frontEnd}-strict`
    const { page, violations, header } = await openPage(frontEnd, account)
    expect(header).toBe(securityPolicy(frontEnd, site.portals))
    expect(header).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /)
    expect(header).toContain("require-trusted-types-for 'script'; trusted-types ")
    const button = (name: string | RegExp) => page.getByRole('button', { name })
    await button(/^Accept .*Acme Operations/).click()
    await page.locator('.list li', { hasText: 'Acme Operations' }).getByText('Accepted').waitFor()
    await button('Continue').click()
    await button('Set up the app').click()
    const qrCode = page.getByRole('img', { name: 'QR code' })
    await qrCode.waitFor()
    expect(
      await qrCode.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    ).toBeGreaterThan(0)
    await button('Back').click()
    await button('Continue').click()
    await page.getByLabel('Address or range').fill('198.51.100.0/24')
    await button('Add').first().click()
    await page.getByRole('heading', { name: '198.51.100.0/24' }).waitFor()
    expect(site.portals.get(account).account.invitations[0]?.status).toBe('ACCEPTED')
    expect(violations).toEqual([])
  })

  test('is refused a script, a style and HTML that slip in', async () => {
    const { page, violations } = await openPage(frontEnd, `${frontEnd}-attacked`)
    await page.getByRole('heading', { level: 1, name: 'Your invitations' }).waitFor()
    const slipped = await page.evaluate(async () => {
      const script = Object.assign(document.createElement('script'), { type: 'module' })
      script.append('globalThis.slipped = true')
      document.body.append(script)
      document.body.append(Object.assign(document.createElement('style'), { textContent: 'body { display: none }' }))
      try {
        document.body.innerHTML = '<img src="x" onerror="globalThis.slipped = true">'
      } catch {
        return Reflect.get(globalThis, 'slipped') ?? false
      }
      return true
    })
    expect(slipped).toBe(false)
    await expect
      .poll(() => new Set(violations.map((violation) => violation.split(':')[0])))
      .toEqual(new Set(['require-trusted-types-for', 'style-src-elem']))
  })
})

/** What they need, as the table in docs/embedding.md says. */
const needed = { vue: 'vue', svelte: 'svelte-trusted-html', solid: 'solid-templates' }

describe.each(pages.filter((frontEnd) => frontEnd in needed))('the page in %s', (frontEnd) => {
  const policy = needed[frontEnd as keyof typeof needed]

  test(`needs the policy “${policy}”: without it, that is what is reported`, async () => {
    const { page, violations } = await openPage(frontEnd, `${frontEnd}-stricter`, (opened) =>
      opened.route(`**/${frontEnd}/?*`, async (route) => {
        const response = await route.fetch()
        const header = securityPolicy(frontEnd, site.portals).replace(`trusted-types ${policy}`, "trusted-types 'none'")
        await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': header } })
      }),
    )
    await expect.poll(() => violations).toContain(`trusted-types: ${policy}`)
    await page.waitForLoadState('networkidle')
    // Vue catches the refusal, and makes no HTML here.
    expect(await page.locator('h1').count()).toBe(frontEnd === 'vue' ? 1 : 0)
  })
})
