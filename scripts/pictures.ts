import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { openSite } from '../test/e2e/site.ts'
import { launchChromium } from '../test/support/chromium.ts'

/** Takes the README's pictures, one of each step. */

const FOLDER = fileURLToPath(new URL('../examples/pictures/', import.meta.url))

mkdirSync(FOLDER, { recursive: true })
const browser = await launchChromium()
const site = await openSite(['vanilla'])
const page = await browser.newPage({ viewport: { width: 720, height: 560 } })

const click = async (name: string | RegExp) => {
  await page.getByRole('button', { name, exact: true }).click()
  await page.locator('main[aria-busy="false"]').waitFor()
}
const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor()
/** As people see it who have just come: nothing has the focus. */
const take = async (name: string) => {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await page.screenshot({ path: `${FOLDER}${name}.png`, fullPage: true, animations: 'disabled' })
}

async function wholeWay(page: Page) {
  const { authenticator, update } = site.portals.get('maya')
  update(({ workspaces, invitations }) => {
    // So that the chooser is shown as well.
    for (const workspace of workspaces) workspace.isDefault = false
    for (const invitation of invitations) invitation.nextAction = 'CHOOSE_WORKSPACE'
  })
  await page.goto(`${site.url}vanilla/`)
  await heading('Your invitations')
  // The name stands between marks that keep its reading direction to itself.
  await click(/^Accept .*Acme Operations/)
  await take('invitations')
  await click('Continue, leave the rest open')
  await click('Set up the app')
  await page.getByRole('img', { name: 'QR code' }).waitFor()
  await page.getByLabel('Code from the app').fill(await authenticator.code({ skewMs: -150_000 }))
  await click('Verify')
  await take('otp-enrollment')
  await page.getByLabel('Code from the app').fill(await authenticator.code())
  await click('Verify')
  await heading('Two-step sign-in')
  await take('mfa')
  await click('Continue')
  for (const entry of ['198.51.100.0/24', '203.0.113.77/29']) {
    await page.getByLabel('Address or range').fill(entry)
    await click('Add')
  }
  await click(/^Add my address/)
  await click('Turn on')
  await heading('Keep this change?')
  await take('ip-whitelist')
  await click('Keep it')
  await click('Continue')
  await heading('Where you are signed in')
  await take('sessions')
  await click('Continue, leave the rest open')
  await heading('Choose your workspace')
  await take('workspace')
}

try {
  await wholeWay(page)
} finally {
  await browser.close()
  await site.close()
}
