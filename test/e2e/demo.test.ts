import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { openSite, type Site } from './site.ts'
import { flaws } from './visit.ts'

/** The page of `npm run demo`: a portal page, and beside it what can go wrong. */

let browser: Browser
let site: Site

beforeAll(async () => {
  browser = await launchChromium()
  site = await openSite(['demo', 'vanilla', 'svelte'])
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

async function openDemo(account: string) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(PATIENCE_MS)
  onTestFinished(() => page.close())
  await page.goto(`${site.url}demo/?account=${account}`)
  const portalPage = page.frameLocator('#page')
  await portalPage.getByRole('heading', { name: 'Your invitations' }).waitFor()
  return { page, portalPage, portal: site.portals.get(account) }
}

test('lets a mishap happen to the page, and says so', async () => {
  const { page, portalPage, portal } = await openDemo('demo-mishap')
  await page.getByRole('button', { name: 'Another tab accepts an invitation' }).click()
  await expect.poll(() => page.locator('#status').textContent()).toBe('Done: Another tab accepts an invitation')
  expect(portal.account.invitations[0]?.status).toBe('ACCEPTED')
  await portalPage.getByRole('button', { name: 'Refresh' }).click()
  await portalPage.getByText('Accepted', { exact: true }).waitFor()
})

test('has the portal demand more proof, which the page asks its user for', async () => {
  const { page, portalPage, portal } = await openDemo('demo-proof')
  await page.getByRole('button', { name: 'Demand more proof for each change' }).click()
  await expect.poll(() => page.locator('#status').textContent()).toBe('Done: Demand more proof for each change')
  await portalPage.getByRole('button', { name: /^Accept .*Acme Operations/ }).click()
  await portalPage.getByRole('dialog').getByRole('button', { name: 'Yes, it is me' }).click()
  await portalPage.getByText('Accepted', { exact: true }).waitFor()
  expect(portal.account.invitations[0]?.status).toBe('ACCEPTED')
})

test('shows the phone, its clock askew as one likes', async () => {
  const { page, portalPage, portal } = await openDemo('demo-phone')
  await portalPage.getByRole('button', { name: /^Continue/ }).click()
  await portalPage.getByRole('button', { name: 'Set up the app' }).click()
  await portalPage.getByRole('img', { name: 'QR code' }).waitFor()
  await page.getByLabel('Its clock is right').fill('-120')
  await page.getByText('Its clock is 120 s behind').waitFor()
  const code = page.getByLabel('Code on the phone')
  await expect.poll(() => code.textContent()).toMatch(/^\d{3} \d{3}$/)
  await portalPage.getByLabel('Code from the app').fill((await code.textContent()) ?? '')
  await portalPage.getByRole('button', { name: 'Verify' }).click()
  await portalPage.getByText(/clock of your phone is about .* behind/).waitFor()
  expect(portal.processed('verifyOtp')).toBe(0)
})

test('goes on in another framework where the user was, and starts over when asked to', async () => {
  const { page, portalPage, portal } = await openDemo('demo-switch')
  await portalPage.getByRole('button', { name: /^Continue/ }).click()
  await portalPage.getByRole('heading', { name: 'Two-step sign-in' }).waitFor()
  await page.getByRole('button', { name: 'Svelte' }).click()
  // The page before it shows the same.
  await expect.poll(() => page.frame({ url: /svelte/ })).not.toBeNull()
  await portalPage.getByRole('heading', { name: 'Two-step sign-in' }).waitFor()
  await page.getByRole('button', { name: 'Start over with a new account' }).click()
  await portalPage.getByRole('heading', { name: 'Your invitations' }).waitFor()
  expect(site.portals.get('demo-switch')).not.toBe(portal)
})

test('has no flaw that axe finds, in either theme', async () => {
  const { page } = await openDemo('demo-axe')
  expect(await flaws(page)).toEqual([])
})
