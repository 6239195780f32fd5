import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^postlogin$/, replacement: source('./src/index.ts') },
      { find: /^postlogin\/inspect$/, replacement: source('./src/inspect/index.ts') },
      { find: /^postlogin\/testing$/, replacement: source('./src/testing/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // A hung test is to be told from a busy machine: no outcome depends on this.
    testTimeout: 60_000,
    // `npm run test:e2e` sets it, to run all that needs a browser or a bundler; else one page is walked, so that it stays quick.
    exclude: [
      ...configDefaults.exclude,
      ...(env.E2E === undefined ? ['test/e2e/{demo,embed,hot-reload,inspect,server-rendering}.test.ts'] : []),
      // So does `npm run test:proxy`, which needs an nginx and a haproxy.
      ...(env.PROXY === undefined ? ['test/proxy/**'] : []),
    ],
    typecheck: { enabled: false },
  },
})
