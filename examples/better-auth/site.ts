import { fileURLToPath } from 'node:url'
import type { Connect, InlineConfig, Plugin } from 'vite'
import { sources } from '../demo/site.ts'
import type { Server } from './server.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The page and the server, on one origin; for Vite's `createServer`, `build`, and `preview`. */
export const siteConfig = (server: Pick<Server, 'handle'>): InlineConfig => ({
  configFile: false,
  root: here('..'),
  cacheDir: here('../../node_modules/.vite-better-auth'),
  logLevel: 'warn',
  clearScreen: false,
  resolve: { alias: sources },
  plugins: [betterAuth(server)],
  build: { target: 'es2022', emptyOutDir: true, rolldownOptions: { input: here('index.html') } },
})

function betterAuth({ handle }: Pick<Server, 'handle'>): Plugin {
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    if (request.url?.startsWith('/api/auth/')) void handle(request, response)
    else next()
  }
  return {
    name: 'better-auth',
    configureServer: ({ middlewares }) => void middlewares.use(serve),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(serve),
  }
}
