import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { build, preview } from 'vite'
import { openPortals, type Portals } from '../../examples/demo/portals.ts'
import { type FrontEnd, frontEnds, siteConfig } from '../../examples/demo/site.ts'

/** One suite for every way to write the page: `E2E=all`, or `E2E=vue,solid`; else the one without a framework. */
const { E2E = 'vanilla' } = env
export const pages: readonly FrontEnd[] = frontEnds.filter(
  (frontEnd) => E2E === 'all' || E2E.split(',').includes(frontEnd),
)

export interface Site {
  readonly url: string
  readonly portals: Portals
  close(): Promise<void>
}

/** The pages as a browser gets them, and their portals, on the loopback interface. */
export async function openSite(pages: readonly string[]): Promise<Site> {
  const portals = await openPortals()
  const outDir = mkdtempSync(join(tmpdir(), 'postlogin-site-'))
  const config = siteConfig(portals, pages)
  await build({
    ...config,
    // React's StrictMode stops and starts an actor in development only.
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: { ...config.build, outDir, minify: false },
  })
  const server = await preview({ ...config, build: { outDir }, preview: { host: '127.0.0.1', port: 4173 } })
  return {
    url: server.resolvedUrls?.local[0] ?? '',
    portals,
    async close() {
      await server.close()
      await portals.close()
      rmSync(outDir, { recursive: true, force: true })
    },
  }
}
