import { expect, test } from '@playwright/test'

test('the page takes a user through the whole flow, and says where to go', async ({ page }) => {
  const printed = []
  page.on('console', (message) => printed.push(message.text()))
  await page.goto('/')
  await page.getByRole('button', { name: 'Accept' }).first().click()
  for (const name of ['invitations', 'mfa', 'ipWhitelist', 'sessions']) {
    await page.getByRole('heading', { name }).waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  await page.getByRole('heading', { name: 'completed' }).waitFor()
  expect(printed.join()).toContain('"route":{"to":"workspace"')
})
