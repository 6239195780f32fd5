import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPortals, type Portals } from '../../examples/demo/portals.ts'
import { siteConfig } from '../../examples/demo/site.ts'
import { launchChromium } from '../support/chromium.ts'
import { doubledWrites } from '../support/user.ts'
import { visit } from './visit.ts'

/** The development server, as `npm run demo` starts it: a page is written while it is looked at. */

let browser: Browser
let portals: Portals
let server: ViteDevServer
const cacheDir = mkdtempSync(join(tmpdir(), 'postlogin-dev-'))

beforeAll(async () => {
  browser = await launchChromium()
  portals = await openPortals()
  server = await createServer({
    ...siteConfig(portals, ['react']),
    cacheDir,
    // What is found late makes the page load again: here it is known.
    optimizeDeps: { entries: ['react/main.tsx'] },
    server: { host: '127.0.0.1', port: 5273 },
  })
  await server.listen()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await portals?.close()
  rmSync(cacheDir, { recursive: true, force: true })
})

test('a hot reload in the middle sends nothing twice, and the user stays where he is', async () => {
  const site = { url: server.resolvedUrls?.local[0] ?? '', portals, close: async () => {} }
  const user = await visit({ browser, site, frontEnd: 'react' })
  await user.click('Accept Acme Operations')
  await user.item('Acme Operations').getByText('Accepted').waitFor()
  await user.toEnrollment()
  const before = user.portal.requests.length

  const loadedAgain = user.page.waitForEvent('console', (message) => message.text().includes('[vite] hot updated'))
  const module = await server.environments.client.moduleGraph.getModuleByUrl('/react/page.tsx')
  if (module === undefined) throw new Error('The page has no module page.tsx')
  await server.environments.client.reloadModule(module)
  await loadedAgain

  await user.heading('Set up your authenticator app')
  await user.enterCode(await user.portal.authenticator.code())
  await user.heading('Two-step sign-in')
  await expect.poll(() => user.item('Authenticator app').getByText('On').count()).toBe(1)
  const writes = user.portal.requests
    .slice(before)
    .filter(({ method, operation }) => method === 'POST' && operation !== 'openChannel')
  expect(writes.map(({ operation }) => operation)).toEqual(['verifyOtp'])
  expect(doubledWrites(user.portal)).toEqual([])
})
