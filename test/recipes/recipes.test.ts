import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pages, type Sample, samplesOf } from '../../scripts/samples.ts'
import { findChromium } from '../support/chromium.ts'

/**
 * The app of docs/getting-started.md and the recipes of docs/testing.md: each file as it stands there, in a project of its own that has
 * installed the packed file, which `npm run build` made. Everything else is what `host/package-lock.json` says, from npm.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const host = fileURLToPath(new URL('host', import.meta.url))
const app = mkdtempSync(join(tmpdir(), 'postlogin-recipes-'))

const quiet: NodeJS.ProcessEnv = { ...env, DO_NOT_TRACK: '1', STORYBOOK_DISABLE_TELEMETRY: '1' }
const run = (command: string, args: readonly string[], cwd = app) =>
  execFileSync(command, args, { cwd, env: quiet, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const runTool = (tool: string, ...args: readonly string[]) => run(join(app, 'node_modules/.bin', tool), args)

interface File extends Sample {
  readonly file: string
}

const filesOf = (page: string) => samplesOf(page).filter((sample): sample is File => sample.file !== null)

function write(files: readonly File[]) {
  for (const { file, code } of files) {
    mkdirSync(dirname(join(app, file)), { recursive: true })
    writeFileSync(join(app, file), code)
  }
}

/** What a later step of a page writes anew. */
const isReplaced = ({ file }: File, index: number, files: readonly File[]) =>
  files.slice(0, index).some((earlier) => earlier.file === file)

const gettingStarted = filesOf('docs/getting-started.md')
const recipes = filesOf('docs/testing.md')

beforeAll(() => {
  cpSync(host, app, { recursive: true })
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--silent', '--pack-destination', app], root))
  const flags = ['--silent', '--no-audit', '--no-fund', '--ignore-scripts']
  run('npm', ['ci', ...flags])
  run('npm', ['install', '--no-save', '--engine-strict', ...flags, join(app, packed.filename)])
})
afterAll(() => rmSync(app, { recursive: true, force: true }))

test('no other page has files', () => {
  const others = pages.filter((page) => !['docs/getting-started.md', 'docs/testing.md'].includes(page))
  expect(others.flatMap(filesOf)).toEqual([])
})

test('the app has what the pages install, and nothing else', () => {
  const commands = [...gettingStartedAndTesting().matchAll(/^npm install (?:--save-dev )?([^&\n]+)/gm)]
  const told = commands.flatMap(([, names = '']) => names.trim().split(' '))
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(host, 'package.json'), 'utf8'))
  expect(told.sort()).toEqual(['postlogin', ...Object.keys({ ...dependencies, ...devDependencies })].sort())
})

const gettingStartedAndTesting = () =>
  ['docs/getting-started.md', 'docs/testing.md'].map((page) => readFileSync(join(root, page), 'utf8')).join('\n')

/** With the Chromium of this computer. */
function runPlaywright(spec: string) {
  quiet.CHROMIUM = findChromium()
  return runTool('playwright', 'test', spec, '--reporter=line')
}

describe('getting started', () => {
  test('the page compiles, and takes a user through the whole flow in Chromium', () => {
    write(gettingStarted.filter((...one) => !isReplaced(...one)))
    write(recipes.filter(({ file }) => file === 'playwright.config.ts'))
    runTool('tsc')
    expect(runPlaywright('getting-started')).toContain('1 passed')
  })
})

describe('recipes', () => {
  beforeAll(() => write([...gettingStarted, ...recipes]))

  test('compile', () => {
    expect(runTool('tsc')).toBe('')
  })

  test('for Vitest and MSW, and the stories as tests', () => {
    const report = JSON.parse(runTool('vitest', 'run', '--dir', 'src', '--reporter=json'))
    const files: { name: string; assertionResults: { status: string }[] }[] = report.testResults
    const statuses = files.map(({ name, assertionResults }) => [
      name.slice(app.length + 1),
      assertionResults.map(({ status }) => status),
    ])
    expect(Object.fromEntries(statuses)).toEqual({
      'src/onboarding.test.tsx': ['passed'],
      'src/main.test.tsx': ['passed'],
      'src/stories.test.tsx': Array(6).fill('passed'),
    })
  })

  test('for Playwright', () => {
    expect(runPlaywright('onboarding')).toContain('1 passed')
  })

  test('for Storybook: it builds, with a story for each screen', () => {
    runTool('storybook', 'build', '--quiet', '--disable-telemetry', '-o', 'stories')
    const { entries } = JSON.parse(readFileSync(join(app, 'stories/index.json'), 'utf8'))
    expect(Object.keys(entries)).toEqual(
      ['inbox', 'factors', 'authenticator-app', 'whitelist', 'sessions', 'workspaces'].map(
        (name) => `onboarding--${name}`,
      ),
    )
  })
})
