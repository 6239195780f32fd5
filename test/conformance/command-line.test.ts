import { spawn } from 'node:child_process'
import { createFakePortal, type FakePortalOptions, servePortal } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { inferredChoices } from '../../src/api/inferred-choices.ts'
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
  test('shows a table of at most 80 columns, and says with 0 that nothing differs in what was seen', async () => {
    const { words, POSTLOGIN_TOKEN } = await serve()
    const { exitCode, stdout, stderr } = await run(words, { POSTLOGIN_TOKEN })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^Choices that hold\n {2}locale-if-unstated\n {6}English was asked for, and answered\n/)
    expect(stdout).toContain('\n  10 shown by writes: run it again with --allow-writes\n')
    expect(stdout).toContain('\nIn the form of a text, a is any letter and 9 is any digit.\n')
    expect(stdout.split('\n').slice(-4).join('\n')).toBe(
      '\nNothing differs in what was seen: 8 of 52 choices. --allow-writes shows 10 more.\nThe envelope of the secure channel was not checked.\n',
    )
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test('with --verbose it says what each choice is, seen or not', async () => {
    const { words, POSTLOGIN_TOKEN } = await serve()
    const { stdout } = await run([...words, '--verbose'], { POSTLOGIN_TOKEN })
    const text = stdout.replace(/\s+/g, ' ')
    expect(inferredChoices.filter(({ id, what }) => !text.includes(id) || !text.includes(what))).toEqual([])
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test('says with 1 that it differs, names what does, and the options that fit', async () => {
    const { words, POSTLOGIN_TOKEN } = await serve({ secureChannel: 'json', dialect: { dates: 'list' } })
    const { exitCode, stdout } = await run([...words, '--allow-writes'], { POSTLOGIN_TOKEN })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('Deviations from the documentation\n  listSessions.lastActiveAt\n')
    expect(stdout).toContain("These options of createPortalApi fit\n  secureChannel: 'json'\n")
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'The portal differs: 2 deviations from the documentation, 1 option of yours. Seen: 18 of 52 choices.',
    )
  })

  test('says first what it removed', async () => {
    const { words, POSTLOGIN_TOKEN } = await serve({
      account: { ipWhitelist: { enabled: true, entries: ['203.0.113.0/24', '2001:db8::/32'] } },
      storesEntries: (sent) => sent.filter((entry) => !entry.includes(':')),
    })
    const { exitCode, stdout } = await run([...words, '--allow-writes'], { POSTLOGIN_TOKEN })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^This run removed 1 whitelist entry\n/)
  })

  test('says with 3 that an operation was not answered, which is no pass', async () => {
    const { portal, words, POSTLOGIN_TOKEN } = await serve()
    portal.fault('listInvitations', { status: 403 }, { times: Number.POSITIVE_INFINITY })
    const { exitCode, stdout } = await run(words, { POSTLOGIN_TOKEN })
    expect(exitCode).toBe(3)
    expect(stdout).toContain('Not answered\n  listInvitations\n      403 ACCESS.PERMISSION_DENIED\n')
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      ' 1 operation was not answered: nothing is known of it. Nothing differs in what was seen: ',
    )
  })

  test('with --json it writes the report, in which there is no secret', async () => {
    const { words, POSTLOGIN_TOKEN } = await serve()
    const { exitCode, stdout } = await run([...words, '--json'], { POSTLOGIN_TOKEN })
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'nothingDiffers',
      problem: null,
      deviations: [],
      outcomes: { listMfaMethods: 'answered' },
    })
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
    expect(screen).toContain('Nothing differs in what was seen')
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
    [
      [
        ...['conformance', '--base-url', 'https://portal.example', '--portal-code', 'P', '--client-hash', 'none'],
        ...['--path', 'foo=/a'],
      ],
      /^createPortalApi: paths\.foo: is not an operation; these are: listMfaMethods, .*openChannel.*\n$/,
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
