import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { env, getuid, platform } from 'node:process'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

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

const HELP =
  'This test needs a Chromium. Install one ("apt-get install chromium" as root on Debian, elsewhere "npx playwright-core install chromium"), or say where it is with CHROMIUM=/path/to/chromium.'

/** Installing takes longer than any test. */
export const CHROMIUM_TIME_OUT_MS = 300_000

/** Debian's, Playwright's own, or the one that `CHROMIUM` names; installed where Debian's root asks for it. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium() ?? installChromium(), headless: true, args: ARGUMENTS })
}

function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = env
  if (CHROMIUM !== undefined) {
    if (!existsSync(CHROMIUM)) throw new Error(`There is no ${CHROMIUM}, which CHROMIUM names. ${HELP}`)
    return CHROMIUM
  }
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [...places, chromium.executablePath()].find((path) => path !== '' && existsSync(path))
}

function installChromium(): string {
  const mayInstall = platform === 'linux' && getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (mayInstall) {
    try {
      // One at a time: test files run side by side.
      const script = 'command -v chromium || { apt-get update && apt-get install -y --no-install-recommends chromium; }'
      execFileSync('flock', [join(tmpdir(), 'postlogin-chromium.lock'), 'sh', '-c', script], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    } catch (cause) {
      throw new Error(`Chromium could not be installed. ${HELP}`, { cause })
    }
  }
  const found = findChromium()
  if (found === undefined) throw new Error(HELP)
  return found
}
