import { spawn, spawnSync } from 'node:child_process'
import { createFakePortal, servePortal } from 'postlogin/testing'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { command, root } from './child.ts'

/** `script` of util-linux gives a command a terminal of its own. */
beforeAll(() => {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' })
  if (!stdout?.includes('util-linux')) {
    throw new Error('This test needs `script` of util-linux, which every Debian has. Elsewhere, install util-linux.')
  }
})

/** The keys that are pressed when the text before them has appeared on screen. */
type Keys = readonly (readonly [seen: RegExp, keys: string | (() => Promise<string>)])[]

const ENTER = '\r'
const DOWN = '\u001b[B'
const CTRL_C = '\u0003'

/** Runs the example in a terminal of 80 columns, presses keys, and gives all that appeared and the exit code. */
async function atTerminal(baseUrl: string, environment: Readonly<Record<string, string>>, keys: Keys) {
  const options = ['--base-url', baseUrl, '--portal-code', 'SYSTEM_PORTAL', '--client-hash', 'client-hash-0001']
  const words = [process.execPath, ...command, ...options].map((word) => `'${word}'`).join(' ')
  const { POSTLOGIN_TOKEN: _, ...inherited } = process.env
  const child = spawn('script', ['-qec', `stty cols 80 rows 50; exec ${words}`, '/dev/null'], {
    cwd: root,
    env: { ...inherited, TERM: 'xterm', LC_ALL: 'C.UTF-8', ...environment },
  })
  onTestFinished(() => {
    child.kill()
  })
  let screen = ''
  let read = 0
  const left = [...keys]
  child.stdout.setEncoding('utf8').on('data', async (text: string) => {
    screen += text
    const [next] = left
    const match = next?.[0].exec(screen.slice(read))
    if (next === undefined || match == null) return
    left.shift()
    read = screen.length
    child.stdin.write(typeof next[1] === 'string' ? next[1] : await next[1]())
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { exitCode, screen, unpressed: left.map(([seen]) => String(seen)) }
}

async function serve() {
  const portal = createFakePortal({ account: { invitations: [], workspaces: [{ workspaceName: 'Only one' }] } })
  const server = await servePortal(portal)
  onTestFinished(() => server.close())
  return { portal, url: server.url }
}

// A menu is complete when its line of help has appeared.
const menu = (before: RegExp) => new RegExp(`${before.source}[^]*navigate[^]*select`)

describe('at a real terminal', () => {
  it('asks for the token without showing it, draws the QR code, and runs to the route', async () => {
    const { portal, url } = await serve()
    const { exitCode, screen, unpressed } = await atTerminal(url, {}, [
      [/Access token:/, `access-token-0001${ENTER}`],
      [menu(/2 of 5/), ENTER],
      [menu(/Scan the QR code/), ENTER],
      [/Six digits:/, async () => `${await portal.authenticator.code()}${ENTER}`],
      [menu(/mfa\.atRest\.overview/), ENTER],
      // Add the own address; turn the whitelist on, four further down.
      [menu(/3 of 5/), ENTER],
      [menu(/not saved/), `${DOWN}${DOWN}${DOWN}${ENTER}`],
      [menu(/deciding\.awaiting/), ENTER],
      [menu(/sign-in only from these/), ENTER],
      [menu(/4 of 5/), ENTER],
      [menu(/sessions\.atRest\.confirming/), `${DOWN}${ENTER}`],
      [menu(/sessions\.atRest\.list/), ENTER],
    ])
    expect(unpressed).toEqual([])
    expect(exitCode).toBe(0)
    expect(screen).toContain('Only one')
    expect(screen).toMatch(/█▀▄|▄▀█|█▄▀/)
    expect(screen).not.toContain('access-token-0001')
    expect(screen).not.toContain(portal.account.otpSecret ?? '')
    expect(portal.account).toMatchObject({ ipWhitelist: { enabled: true, entries: ['203.0.113.10'] } })
    expect(portal.account.sessions).toHaveLength(1)
  })

  it('stops on Ctrl-C with 130, and closes the channel', async () => {
    const { portal, url } = await serve()
    const { exitCode, screen } = await atTerminal(url, { POSTLOGIN_TOKEN: 'access-token-0001', NO_COLOR: '1' }, [
      [menu(/2 of 5/), ENTER],
      [menu(/Scan the QR code/), CTRL_C],
    ])
    expect(exitCode).toBe(130)
    expect(screen).toContain('Interrupted; nothing more was sent.')
    expect(portal.processed('closeChannel')).toBe(1)
    // The prompts move the cursor, but nothing is colored.
    expect(screen.split('\u001b[').filter((part) => /^\d[\d;]*m/.test(part))).toEqual([])
  })
})
