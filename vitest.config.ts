import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { NothingSkipped } from './test/support/nothing-skipped.ts'
import { PATIENCE_MS } from './test/support/patience.ts'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^postlogin$/, replacement: source('./src/index.ts') },
      { find: /^postlogin\/durable$/, replacement: source('./src/durable/index.ts') },
      { find: /^postlogin\/inspect$/, replacement: source('./src/inspect/index.ts') },
      { find: /^postlogin\/testing$/, replacement: source('./src/testing/index.ts') },
      // `npm run test:ky-2` sets it: the other major version that package.json allows.
      ...(env.KY === '2' ? [{ find: /^ky$/, replacement: 'ky-2' }] : []),
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/loaded-machines.ts'],
    // A test that is left out is a failure, whatever left it out.
    allowOnly: false,
    // `.ci/run` adds up the reports of its suites.
    reporters: ['default', new NothingSkipped(), ...(env.REPORT === undefined ? [] : ['json'])],
    outputFile: env.REPORT ?? {},
    // These tell what hangs from a busy computer; no outcome depends on them. A hook may have to install a browser first.
    testTimeout: 5 * PATIENCE_MS,
    hookTimeout: 10 * PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
    // `npm run test:e2e` sets it, to run all that needs a browser or a bundler; else one page is walked, so that it stays quick.
    exclude: [
      ...configDefaults.exclude,
      ...(env.E2E === undefined
        ? ['test/e2e/{better-auth,demo,embed,hot-reload,inspect,pictures,server-rendering}.test.ts']
        : []),
      // So does `npm run test:proxy`, which needs an nginx and a haproxy.
      ...(env.PROXY === undefined ? ['test/proxy/**'] : []),
      // `npm run test:consumers` installs hundreds of megabytes.
      ...(env.CONSUMERS === undefined ? ['test/consumers/**'] : []),
      // `npm run test:recipes` installs an app with Storybook and Playwright.
      ...(env.RECIPES === undefined ? ['test/recipes/**'] : []),
      // `npm run test:openapi` installs readers of docs/openapi.yaml.
      ...(env.OPENAPI === undefined ? ['test/openapi/**'] : []),
      // `npm run test:durable` needs a Restate and a PostgreSQL.
      ...(env.DURABLE === undefined ? ['test/durable/engines/**'] : []),
    ],
    typecheck: { enabled: false },
  },
})
