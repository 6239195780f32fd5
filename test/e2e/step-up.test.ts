import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mishaps } from '../../examples/demo/portals.ts'
import { launchChromium } from '../support/chromium.ts'
import { openSite, pages, type Site } from './site.ts'
import { flaws, visit } from './visit.ts'

/** The portal demands more proof for a change: the page says so, and the host asks its user. */

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

const asks = 'The portal requires another proof of identity. Give it first, or cancel.'
const declined = 'Try again, and give it when you are asked.'

describe.each(pages)('more proof in %s', (frontEnd) => {
  /** An invitation is accepted by the keys alone, and the portal wants more proof. */
  async function asked(options: Parameters<typeof visit>[1] = {}) {
    const user = await visit({ browser, site, frontEnd }, options)
    const { page, portal, button, focused, say, status } = user
    mishaps.demandProof(portal)
    const press = async (name: RegExp) => {
      await button(name).focus()
      await page.keyboard.press('Enter')
    }
    const dialog = page.getByRole('dialog', { name: 'Is it really you?' })
    await press(/^Accept .*Acme Operations/)
    await dialog.waitFor()
    await expect.poll(focused).toBe('Is it really you?')
    await say(asks)
    await expect.poll(status).toBe(asks)
    return { ...user, press, dialog }
  }

  test('is asked for: the page says so, other rows wait in line, and once it is given the changes are made', async () => {
    const { page, portal, press, dialog, item, focused } = await asked()
    expect(await flaws(page)).toEqual([])
    await press(/^Accept .*Globex Treasury/)
    await item('Globex Treasury').getByText('Next in line').waitFor()
    expect(portal.processed('acceptInvitation')).toBe(0)
    for (const workspace of ['Acme Operations', 'Globex Treasury']) {
      await dialog.getByRole('heading').focus()
      await page.keyboard.press('Tab')
      expect(await focused()).toBe('Yes, it is me')
      await page.keyboard.press('Enter')
      await item(workspace).getByText('Accepted', { exact: true }).waitFor()
    }
    await dialog.waitFor({ state: 'detached' })
    expect(portal.processed('acceptInvitation')).toBe(2)
    expect(await page.getByRole('main').getByText(asks).count()).toBe(0)
  })

  test.each(['in the page', 'in the dialog', 'by Escape'])(
    'is given up %s: nothing took effect, the page says what to do, and it can be done',
    async (how) => {
      const { page, portal, press, dialog, say, focused, item } = await asked()
      if (how === 'by Escape') await page.keyboard.press('Escape')
      else {
        const from = how === 'in the page' ? page.getByRole('main') : dialog
        await from.getByRole('button', { name: 'Cancel', exact: true }).focus()
        await page.keyboard.press('Enter')
      }
      await dialog.waitFor({ state: 'detached' })
      await say(declined)
      expect(await flaws(page)).toEqual([])
      await expect.poll(focused).toBe('Your invitations')
      expect(portal.processed('acceptInvitation')).toBe(0)
      expect(portal.account.invitations[0]?.status).toBe('PENDING')
      await press(/^Accept .*Acme Operations/)
      await dialog.getByRole('button', { name: 'Yes, it is me' }).click()
      await item('Acme Operations').getByText('Accepted', { exact: true }).waitFor()
    },
  )

  test('is asked for in a card of the security page, beside the others, and fits a narrow screen', async () => {
    const user = await visit({ browser, site, frontEnd }, { page: 'security', width: 320 })
    const { page, portal, click } = user
    const card = (title: string) => page.getByRole('region', { name: title, exact: true })
    await click('Open Sessions')
    await click('Open IP whitelist')
    mishaps.demandProof(portal)
    await click('End all others')
    await card('Sessions').getByRole('button', { name: 'End', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Is it really you?' })
    await dialog.waitFor()
    await card('Sessions').getByText(asks).waitFor()
    expect(await card('IP whitelist').getByText(asks).count()).toBe(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    expect(await flaws(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Yes, it is me' }).click()
    await expect.poll(() => portal.account.sessions.length).toBe(1)
    await card('Sessions').getByText(asks).waitFor({ state: 'detached' })
  })
})
