import { createServer } from 'node:net'
import { createFakePortal, servePortal } from 'postlogin/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Finished, runMain } from './child.ts'

const oneSentence = /^[A-Z-][^\n]*\.\n$/

const options = (baseUrl: string) => [
  '--base-url',
  baseUrl,
  '--portal-code',
  'SYSTEM_PORTAL',
  '--client-hash',
  'client-hash-0001',
]

describe('the scripted onboarding', () => {
  let finished: Finished
  beforeAll(async () => {
    finished = await runMain([])
  })

  it('ends well', () => {
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('prints all five steps with their states, requests and outcomes, in their order', () => {
    const order = [
      /^1 of 5 {2}Invitations$/m,
      /^ {2}state +invitations\.inbox$/m,
      /^ {2}answer +Accept Acme Operations$/m,
      /^ {2}request +POST \/system\/profile\/invitations\/a1b2c3d4…\/accept +200$/m,
      /^ {2}request +POST \/system\/profile\/invitations\/b2c3d4e5…\/decline +200$/m,
      /^ {2}outcome +done$/m,
      /^2 of 5 {2}Two-step sign-in$/m,
      /^ {2}request +POST \/system\/security\/mfa\/otp\/verify +204 encrypted$/m,
      /^ {2}outcome +done$/m,
      /^3 of 5 {2}IP whitelist$/m,
      /^ {2}request +POST \/system\/security\/ip-whitelist +200 encrypted$/m,
      /^ {2}state +whitelistChange\.confirming\.deciding\.awaiting$/m,
      /^ {2}answer +Keep it$/m,
      /^ {2}outcome +done$/m,
      /^4 of 5 {2}Sessions$/m,
      /^ {2}request +POST \/system\/security\/sessions\/terminate-all +200$/m,
      /^ {2}outcome +done$/m,
      /^5 of 5 {2}Workspace$/m,
      /^ {2}outcome +done$/m,
      /^You are all set$/m,
      /^ {2}route +Next: workspace Acme Operations \(WS_ACME_001\), which you were\n +invited to\.$/m,
      /^ {2}checked +the portal shows all of it, and lets the user sign in again$/m,
    ]
    let rest = finished.stdout
    for (const line of order) {
      const match = line.exec(rest)
      expect(match, `${line} in what is left:\n${rest}`).not.toBeNull()
      rest = rest.slice((match?.index ?? 0) + (match?.[0].length ?? 0))
    }
  })

  it('prints nothing secret', () => {
    expect(finished.stdout).not.toMatch(/access-token|refresh-token|bearer|otpauth/i)
    // An OTP secret, in one piece or in groups of four; a code; the channel's keys.
    expect(finished.stdout).not.toMatch(/[A-Z2-7]{16}|([A-Z2-7]{4} ){3}/)
    expect(finished.stdout).not.toMatch(/(?<!\d)\d{6}(?!\d)/)
    expect(finished.stdout).not.toMatch(/[A-Za-z0-9+/]{40}/)
  })

  it('of the security page ends well, too', async () => {
    const { exitCode, stdout, stderr } = await runMain(['security'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^ {2}checked +the portal shows all of it/m)
  })

  it('fits 80 columns and has no color where it is not shown in a terminal', () => {
    expect(finished.stdout).not.toContain('\u001b')
    expect(finished.stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([])
  })
})

describe('the command line', () => {
  it('has a help text of 80 columns that says where the token comes from', async () => {
    const { exitCode, stdout, stderr } = await runMain(['--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/POSTLOGIN_TOKEN/)
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  it.each([
    [['--nonsense'], /no option --nonsense/],
    [['--base-url'], /needs a value/],
    [['--base-url', 'https://portal.example.com'], /--portal-code is missing/],
    [options('nowhere'), /not a URL/],
    [options('http://portal.example.com'), /https/],
    [['--token', 'TOP-SECRET'], /process list/],
    [['TOP-SECRET'], /no argument of that name/],
    [['security', 'TOP-SECRET'], /no argument of that name/],
  ])('says in one sentence what is wrong, and ends with 2: %j', async (argv, sentence) => {
    const { exitCode, stdout, stderr } = await runMain(argv)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(sentence)
    expect(stderr).toMatch(oneSentence)
    expect(stdout).toBe('')
    expect(stderr).not.toContain('TOP-SECRET')
  })

  it('names the languages there are, where --lang fits none', async () => {
    const { exitCode, stdout, stderr } = await runMain(['--lang', 'fr'], { LC_ALL: 'de_DE.UTF-8' })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toBe('--lang fits none of the languages there are: en, zh, zh-Hant, ja, vi, de.\n')
  })

  it.each([
    [[], { LC_ALL: 'zh_HK.UTF-8', LANG: 'de_DE.UTF-8' }, '沒有可以提問的終端機'],
    [[], { LC_ALL: '', LC_MESSAGES: 'ja_JP.UTF-8', LANG: 'de_DE.UTF-8' }, '質問するための端末がありません'],
    [[], { LC_ALL: '', LANG: 'de_AT.UTF-8' }, 'Es gibt kein Terminal'],
    [[], { LC_ALL: '', LANG: 'fr_FR.UTF-8' }, 'There is no terminal'],
    [['--lang', 'vi'], { LC_ALL: 'ja_JP.UTF-8' }, 'Không có cửa sổ dòng lệnh'],
  ])('speaks the language asked for, or that of the system: %j %j', async (lang, environment, words) => {
    const { exitCode, stderr } = await runMain([...options('https://portal.example.com'), ...lang], environment)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(words)
  })

  it('wants a terminal to ask for the token in', async () => {
    const { exitCode, stdout, stderr } = await runMain(options('https://portal.example.com'))
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/^There is no terminal .*\.\n$/)
  })

  it('wants a terminal for the steps, although the token is there', async () => {
    const server = await servePortal(createFakePortal())
    try {
      const { exitCode, stdout, stderr } = await runMain(options(server.url), { POSTLOGIN_TOKEN: 'access-token-0001' })
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
      expect(stderr).toMatch(/^There is no terminal .*\.\n$/)
    } finally {
      await server.close()
    }
  })

  it('refuses a token that could not be sent, without showing it', async () => {
    const { exitCode, stderr } = await runMain(options('https://portal.example.com'), { POSTLOGIN_TOKEN: 'two words' })
    expect(exitCode).toBe(2)
    expect(stderr).toBe('POSTLOGIN_TOKEN does not hold an access token.\n')
  })

  it('says that the portal cannot be reached, and ends with 1', async () => {
    const { exitCode, stdout, stderr } = await runMain(options(`http://127.0.0.1:${await closedPort()}`), {
      POSTLOGIN_TOKEN: 'access-token-0001',
    })
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toBe('The portal could not be reached: check the base URL and the connection.\n')
  })

  it('stops on Ctrl-C while a portal does not answer, and ends with 130', async () => {
    const portal = createFakePortal()
    const server = await servePortal(portal)
    try {
      const asked = new Promise<void>((resolve) => {
        portal.fault(({ operation }) => {
          if (operation === 'listMfaMethods') resolve()
          return true
        }, 'hang')
      })
      const { exitCode, stderr } = await runMain(options(server.url), { POSTLOGIN_TOKEN: 'access-token-0001' }, asked)
      expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: 'Interrupted; nothing was sent.\n' })
    } finally {
      await server.close()
    }
  })
})

/** A port of this computer on which nobody listens: one that was free a moment ago. */
function closedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
