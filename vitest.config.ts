import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^postlogin$/, replacement: source('./src/index.ts') },
      { find: /^postlogin\/inspect$/, replacement: source('./src/inspect/index.ts') },
      { find: /^postlogin\/testing$/, replacement: source('./src/testing/index.ts') },
    ],
  },
  test: { include: ['test/**/*.test.ts'], typecheck: { enabled: false } },
})
