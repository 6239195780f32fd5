import { spawn } from 'node:child_process'
import { createFakePortal, type FakePortalOptions, servePortal } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { root, runProgram } from '../terminal/child.ts'

/** `postlogin conformance` as its user starts it, but for npx. */

const command = ['--import', 'tsx', 'src/conformance/cli.ts']

const run = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runProgram([...command, ...words], environment)

async function serve(options?: FakePortalOptions) {
  const portal = createFakePortal(options)
  const server = await servePortal(portal)
  onTestFinished(() => server.close())
  const words = [
    'conformance',
    '--base-url',
    server.url,
    '--portal-code',
    'SYSTEM_PORTAL',
    '--client-hash',
    'client-hash-0001',
  ]
  return { portal, words, POSTLOGIN_TOKEN: portal.account.accessToken }
}

describe('postlogin conformance', () => {
  test('shows a table of at most 80 columns, and says with 0 that the portal conforms', async () => {
    const { words, POSTLOGIN_TOKEN } = await serve()
    const { exitCode, stdout, stderr } = await run(words, { POSTLOGIN_TOKEN })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^Holds\n {2}locale-if-unstated\n {6}English was asked for, and answered\n/)
    expect(stdout).toMatch(/\nThe portal conforms\. \d+ choices hold, 0 differ, \d+ were not seen; 0 deviations\.\n$/)
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test('says with 1 that it differs, names what does, and the options that fit', async () => {
    const { words, POSTLOGIN_TOKEN } = await serve({ secureChannel: 'json', dialect: { dates: 'list' } })
    const { exitCode, stdout } = await run([...words, '--allow-writes'], { POSTLOGIN_TOKEN })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('Otherwise than documented\n  listSessions.lastActiveAt\n')
    expect(stdout).toContain("These options of createPortalApi fit\n  secureChannel: 'json'\n")
    expect(stdout).toContain('The portal differs.')
  })

  test('names what was not answered, of which it says nothing else', async () => {
    const { portal, words, POSTLOGIN_TOKEN } = await serve()
    portal.fault('listInvitations', { status: 403 })
    const { exitCode, stdout } = await run(words, { POSTLOGIN_TOKEN })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Not answered\n  listInvitations\n      403 ACCESS.PERMISSION_DENIED\n')
  })

  test('with --json it writes the report, in which there is no secret', async () => {
    const { words, POSTLOGIN_TOKEN } = await serve()
    const { exitCode, stdout } = await run([...words, '--json'], { POSTLOGIN_TOKEN })
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ conforms: true, problem: null, deviations: [] })
    expect(stdout).not.toContain(POSTLOGIN_TOKEN)
    expect(stdout).not.toContain('client-hash-0001')
  })

  test('says with 2 that nothing could be checked, and why', async () => {
    const { words } = await serve()
    const { exitCode, stdout } = await run(words, { POSTLOGIN_TOKEN: 'access-token-stale' })
    expect(exitCode).toBe(2)
    expect(stdout).toBe(
      'Nothing could be checked.\n\n  The portal does not take the access token (401 4010). Sign in again, and use\n  the new one.\n',
    )
  })

  test('asks for the token at a terminal, and does not show it', async () => {
    const { words, POSTLOGIN_TOKEN } = await serve()
    const line = [process.execPath, ...command, ...words].map((word) => `'${word}'`).join(' ')
    const { POSTLOGIN_TOKEN: _, ...inherited } = process.env
    const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: root, env: inherited })
    let screen = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (!screen.includes('Access token:') && (screen + text).includes('Access token:')) {
        child.stdin.write(`${POSTLOGIN_TOKEN}\r`)
      }
      screen += text
    })
    const exitCode = await new Promise((resolve) => child.once('close', resolve))
    expect(exitCode).toBe(0)
    expect(screen).toContain('The portal conforms.')
    expect(screen).not.toContain(POSTLOGIN_TOKEN)
  })

  test.each([
    [['conformance'], /^--client-hash is missing: .*\.\n$/],
    [['conform'], /^There is no command of that name: conformance is the only one\.\n$/],
    [['conformance', '--token', 'access-token-0001'], /^The token is not taken from the command line, .*\.\n$/],
    [['conformance', '--what'], /^There is no option --what; --help lists those there are\.\n$/],
    [['conformance', '--base-url'], /^An option lacks its value, .*\.\n$/],
    [
      ['conformance', '--base-url', 'portal', '--portal-code', 'P', '--client-hash', 'none'],
      /^createPortalApi: baseUrl: .*\n$/,
    ],
  ])('%j is wrong usage: one sentence, and 2', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await run(words, { POSTLOGIN_TOKEN: 'access-token-0001' })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toContain('access-token-0001')
  })

  test('explains itself', async () => {
    const { exitCode, stdout } = await run(['--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Usage: postlogin conformance /)
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})
