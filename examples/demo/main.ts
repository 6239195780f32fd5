import { createServer } from 'vite'
import { openPortals } from './portals.ts'
import { siteConfig } from './site.ts'

/** `npm run demo` and `npm run inspect`: serves the pages, the panel, and the charts on this computer. */
const page = process.argv[2] ?? 'demo'
const portals = await openPortals({ latencyMs: 250 })
const server = await createServer({
  ...siteConfig(portals),
  server: { host: '127.0.0.1', port: 5173, open: false },
})
await server.listen()
console.log(`Open ${server.resolvedUrls?.local[0] ?? ''}${page}/`)

process.once('SIGINT', async () => {
  await server.close()
  await portals.close()
})
