import { type Browser, chromium } from 'playwright-core'
import { findOrInstall } from '../../scripts/debian.ts'
import { PATIENCE_MS } from './patience.ts'

/** No sandbox for root, and nothing that calls home. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Debian's, Playwright's own, or the one that `CHROMIUM` names; installed where Debian's root asks for it. The shell opens a page in half
 * the time: the browser draws a window around each, though nobody sees it.
 */
export const findChromium = (): string =>
  findOrInstall({
    names: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    variable: 'CHROMIUM',
    debianPackage: 'chromium-headless-shell',
    places: [chromium.executablePath()],
    elsewhere: '"npx playwright-core install chromium"',
  })

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), headless: true, args: ARGUMENTS, timeout: 5 * PATIENCE_MS })
}
