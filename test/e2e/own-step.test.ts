import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { openSite, pages, type Site } from './site.ts'
import { flaws, visit } from './visit.ts'

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

describe.each(pages)('the terms in %s', (frontEnd) => {
  async function open(options: Parameters<typeof visit>[1] = {}) {
    const user = await visit({ browser, site, frontEnd }, { step: 'terms', ...options })
    await user.heading('Terms of service')
    await user.idle()
    const steps = () => user.page.getByRole('navigation', { name: 'Steps' }).getByRole('listitem').allTextContents()
    return { ...user, steps }
  }

  test('come first, and once accepted the flow goes on', async () => {
    const { go, say, steps, page, heading } = await open()
    await say('Use the portal for your own business only.')
    expect(await steps()).toEqual([
      'Terms, current',
      'Invitations, to come',
      'Two-step sign-in, to come',
      'IP whitelist, to come',
      'Sessions, to come',
      'Workspace, to come',
    ])
    expect(await page.title()).toMatch(/^Terms of service/)
    await go('I accept', 'Your invitations')
    expect((await steps()).slice(0, 2)).toEqual(['Terms, done', 'Invitations, current'])
    await page.reload()
    await heading('Your invitations')
    expect((await steps())[0]).toBe('Terms, done')
  })

  test('are required: there is no way around them but to leave', async () => {
    const { button, go } = await open()
    expect(await button('Skip this step').count()).toBe(0)
    await go('Do this later', 'To be continued')
  })

  test('are there again after a reload in the middle, and are accepted then', async () => {
    const { page, heading, idle, go, steps } = await open()
    await page.reload()
    await heading('Terms of service')
    await idle()
    expect((await steps())[0]).toBe('Terms, current')
    await go('I accept', 'Your invitations')
  })

  test('are asked for no more once accepted', async () => {
    const { go, page, heading } = await open()
    await go('I accept', 'Your invitations')
    await page.evaluate(() => sessionStorage.clear())
    await page.reload()
    await heading('Your invitations')
  })

  test('say what went wrong, and can be accepted then', async () => {
    const { page, click, go } = await open()
    await page.route('**/acceptTerms/*', (route) => route.fulfill({ status: 404, body: '{}' }), { times: 1 })
    await click('I accept')
    await page.getByRole('alert').waitFor()
    await go('I accept', 'Your invitations')
  })

  test('are accepted by the keys alone: the focus follows to the next step', async () => {
    const { page, button, focused, heading } = await open()
    await button('I accept').focus()
    await page.keyboard.press('Enter')
    await heading('Your invitations')
    await expect.poll(focused).toBe('Your invitations')
  })

  test('have no flaw that axe finds, in either theme, and fit a narrow screen', async () => {
    const { page } = await open({ width: 320 })
    expect(await flaws(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  })

  test('are read in the user’s language', async () => {
    const user = await visit({ browser, site, frontEnd }, { step: 'terms', language: 'de' })
    await user.heading('Unsere Bedingungen')
    await user.go('Ich nehme an', 'Ihre Einladungen')
  })
})
