import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkedInvitation } from '../../examples/demo/linked-invitation.ts'
import { launchChromium } from '../support/chromium.ts'
import { openSite, pages, type Site } from './site.ts'
import { bare, flaws, visit } from './visit.ts'

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

const everyone = ['Acme Operations', 'Globex Treasury', 'Initech Archive']

describe.each(pages)('the link in an e-mail, followed to the page in %s', (frontEnd) => {
  async function follow(invitation = linkedInvitation, options: Parameters<typeof visit>[1] = {}) {
    const user = await visit({ browser, site, frontEnd }, { invitation, ...options })
    await user.heading('Your invitations')
    await user.idle()
    const shown = async () => (await user.page.locator('.list li').getByRole('heading').allTextContents()).map(bare)
    return { ...user, shown }
  }

  test('shows its invitation alone; once it is accepted, the rest', async () => {
    const { shown, click, button, portal } = await follow()
    expect(await shown()).toEqual(['Globex Treasury'])
    await click('Accept Globex Treasury')
    expect(portal.account.invitations[1]?.status).toBe('ACCEPTED')
    await expect.poll(shown).toEqual(everyone)
    expect(await button('Show all invitations').count()).toBe(0)
  })

  test('keeps to it over a reload', async () => {
    const { page, shown, heading, idle } = await follow()
    await page.reload()
    await heading('Your invitations')
    await idle()
    expect(await shown()).toEqual(['Globex Treasury'])
  })

  test('shows the rest by the keys alone, and the focus is not lost', async () => {
    const { page, button, focused, shown } = await follow()
    await button('Show all invitations').focus()
    await page.keyboard.press('Enter')
    await expect.poll(shown).toEqual(everyone)
    await expect.poll(focused).toBe('Your invitations')
  })

  test('says that the invitation is unknown, and shows the rest', async () => {
    const { shown, say } = await follow('nobody')
    await say('The invitation that the link names is not in your inbox.')
    expect(await shown()).toEqual(everyone)
  })

  test('has no flaw that axe finds, in either theme, and fits a narrow screen', async () => {
    const { page } = await follow(linkedInvitation, { width: 320 })
    expect(await flaws(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  })
})
