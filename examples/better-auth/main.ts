import { createServer } from 'vite'
import { openDatabase } from './database.ts'
import { openServer } from './server.ts'
import { siteConfig } from './site.ts'

/** `npm run demo:better-auth`: serves the page and a better-auth server, on one origin of this computer. */
const server = await openServer({ database: openDatabase() })
await server.open('maya')

/** Takes an invitation back while the user is reading it, as happens. */
let isRevoked = false
const handle: typeof server.handle = async (request, response) => {
  await server.handle(request, response)
  if (isRevoked || !request.url?.includes('/list-user-invitations')) return
  isRevoked = true
  await server.revokeInvitation('maya', 'Hooli Research')
}

const site = await createServer({
  ...siteConfig({ handle }),
  server: { host: '127.0.0.1', port: 5174, open: false },
})
await site.listen()
console.log(`Open ${site.resolvedUrls?.local[0] ?? ''}better-auth/`)

process.once('SIGINT', () => void site.close())
