import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPortal, mishaps } from '../../examples/demo/portals.ts'
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

const titles = ['Two-step sign-in', 'IP whitelist', 'Sessions', 'Invitations'] as const

describe.each(pages)('the security page in %s', (frontEnd) => {
  async function open(options: Parameters<typeof visit>[1] = {}) {
    const user = await visit({ browser, site, frontEnd }, { page: 'security', ...options })
    const card = (title: (typeof titles)[number]) => user.page.getByRole('region', { name: title, exact: true })
    const openAll = async () => {
      for (const title of titles) await user.click(`Open ${title}`)
    }
    return { ...user, card, openAll }
  }

  test('is reached from the end of the onboarding', async () => {
    const user = await visit({ browser, site, frontEnd })
    await user.toSessions()
    await user.go('Continue, leave the rest open', 'You are all set')
    await user.page.getByRole('link', { name: 'Security settings' }).click()
    await user.heading('Security')
  })

  test('opens its cards in any order, several at once, and reads a closed one not at all', async () => {
    const { card, click, portal } = await open()
    const reads = () => portal.requests.flatMap(({ operation }) => (operation?.startsWith('list') ? operation : []))
    expect(reads()).toEqual([])
    await click('Open Sessions')
    await click('Open Two-step sign-in')
    expect(new Set(reads())).toEqual(new Set(['listSessions', 'listMfaMethods']))
    await card('Sessions').getByRole('button', { name: 'End all others' }).waitFor()
    await card('Two-step sign-in').getByRole('button', { name: 'Set up the app' }).waitFor()
    await click('Close Sessions')
    expect(await card('Sessions').getByRole('listitem').count()).toBe(0)
    expect(await card('Two-step sign-in').getByRole('listitem').count()).toBeGreaterThan(0)
  })

  test('is used by the keys alone: the focus follows the question, and comes back', async () => {
    const { page, focused, idle, card, portal } = await open()
    await page.getByRole('button', { name: 'Open Sessions' }).focus()
    await page.keyboard.press('Enter')
    await idle()
    expect(await focused()).toBe('Close')
    await card('Sessions').getByRole('button', { name: 'End all others' }).focus()
    await page.keyboard.press('Enter')
    await card('Sessions').getByRole('heading', { name: /^End/ }).waitFor()
    await expect.poll(focused).toMatch(/^End/)
    await card('Sessions').getByRole('button', { name: 'End', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => portal.account.sessions.length).toBe(1)
    await idle()
    await expect.poll(() => page.evaluate(() => document.activeElement?.isConnected)).toBe(true)
  })

  test('sets up the app and keeps a whitelist in one go, each in its own card', async () => {
    const { page, card, click, openAll, portal } = await open()
    await openAll()
    await click('Set up the app')
    await card('IP whitelist')
      .getByRole('button', { name: /^Add my address/ })
      .click()
    await click('Turn on')
    await card('IP whitelist').getByRole('heading', { name: 'Keep this change?' }).waitFor()
    await page.getByLabel('Code from the app').fill(await portal.authenticator.code())
    await click('Verify')
    await card('IP whitelist').getByRole('heading', { name: 'Keep this change?' }).waitFor()
    await click('Keep it')
    await expect.poll(() => portal.account.ipWhitelist.enabled).toBe(true)
    expect(portal.account.mfaMethods.find(({ method }) => method === 'OTP')?.isEnabled).toBe(true)
  })

  test('has no flaw that axe finds with all cards open, in either theme', async () => {
    const { page, openAll, click } = await open()
    expect(await flaws(page)).toEqual([])
    await openAll()
    expect(await flaws(page)).toEqual([])
    await click('End all others')
    expect(await flaws(page)).toEqual([])
  })

  test('fits a narrow screen', async () => {
    const { page, openAll, click } = await open({ width: 320 })
    await openAll()
    await click('End all others')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  })

  test('comes back after a reload with the cards that were open', async () => {
    const { page, card, click, idle } = await open()
    await click('Open Sessions')
    await page.reload()
    await idle()
    await card('Sessions').getByRole('button', { name: 'End all others' }).waitFor()
    await page.getByRole('button', { name: 'Open IP whitelist' }).waitFor()
  })

  test('ends as a whole when the session has ended', async () => {
    const { page, click, heading, portal } = await open({ portal: demoPortal() })
    await click('Open Sessions')
    mishaps.endSession(portal)
    await page.getByRole('button', { name: 'Refresh' }).click()
    await heading('You are signed out')
  })
})
