import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import type { FakePortal } from 'postlogin/testing'
import type { Connect, InlineConfig, Plugin } from 'vite'
import solid from 'vite-plugin-solid'
import type { Terms } from '../shared/terms.ts'
import { type Mishap, mishaps, type Portals, proof } from './portals.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The front ends that the portal page is written in. */
export const frontEnds = ['vanilla', 'react', 'vue', 'svelte', 'solid'] as const

export type FrontEnd = (typeof frontEnds)[number]

/** The library's own sources in the place of its package. */
export const sources = [
  { find: /^postlogin$/, replacement: here('../../src/index.ts') },
  { find: /^postlogin\/inspect$/, replacement: here('../../src/inspect/index.ts') },
  { find: /^postlogin\/testing$/, replacement: here('../../src/testing/index.ts') },
]

/**
 * All pages, with a stand-in for the host's own server; for Vite's `createServer`, `build`, and `preview`. `pages`: those to
 * build.
 */
export const siteConfig = (
  portals: Portals,
  pages: readonly string[] = ['demo', 'inspect', ...frontEnds],
): InlineConfig => ({
  configFile: false,
  root: here('..'),
  cacheDir: here('../../node_modules/.vite-site'),
  logLevel: 'warn',
  clearScreen: false,
  resolve: { alias: sources },
  plugins: [
    react({ include: /examples\/react\/.*\.tsx?$/ }),
    solid({ include: /examples\/solid\/.*\.tsx?$/, solid: { moduleName: here('../solid/web.ts') } }),
    vue(),
    svelte({ configFile: false }),
    hostServer(portals),
  ],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    rolldownOptions: {
      input: pages.map((page) => here(`../${page}/index.html`)),
    },
  },
})

/** The `trusted-types` policies that each front end needs to create HTML. */
const trustedTypes: Readonly<Record<FrontEnd, string>> = {
  vanilla: "'none'",
  react: "'none'",
  vue: 'vue',
  svelte: 'svelte-trusted-html',
  solid: 'solid-templates',
}

/** The strictest policy that works. Built pages are served with it; pages from the development server are not. */
export function securityPolicy(frontEnd: FrontEnd, portals: Portals): string {
  const { origin } = new URL(portals.baseUrl(''))
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // The QR code.
    'img-src data:',
    `connect-src 'self' ${origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypes[frontEnd]}`,
  ].join('; ')
}

/**
 * The host's own server, and the panel's switches: `/host/<account>/login`, `refresh`, `proof`, `phone`, `terms`,
 * `acceptTerms/<version>`, `mishaps/<name>` and `reset`.
 */
function hostServer(portals: Portals): Plugin {
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    const [, host, account, action, name] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/')
    if (host !== 'host' || account === undefined || action === undefined) return next()
    answer(portals, account, action, name, request)
      .then((body) => send(response, body === null ? 404 : 200, body))
      .catch((thrown: unknown) => send(response, 401, { message: String(thrown) }))
  }
  const secure: Connect.NextHandleFunction = (request, response, next) => {
    const frontEnd = frontEnds.find((name) => request.url?.startsWith(`/${name}/`))
    if (frontEnd !== undefined) response.setHeader('Content-Security-Policy', securityPolicy(frontEnd, portals))
    next()
  }
  return {
    name: 'postlogin-host',
    configureServer: ({ middlewares }) => void middlewares.use(serve),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(serve).use(secure),
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(body))
}

const terms: Omit<Terms, 'isAccepted'> = {
  version: 3,
  text: 'Use the portal for your own business only. Keep your codes to yourself. We keep a record of each sign-in.',
}

/** Whose user has accepted them. A new account starts anew. */
const accepted = new WeakSet<FakePortal>()

/** Null for an unknown name. Throws if the portal does not let the user in. */
async function answer(
  portals: Portals,
  account: string,
  action: string,
  name: string | undefined,
  { method }: IncomingMessage,
): Promise<unknown> {
  const portal = portals.get(account)
  const { portalAccessCode, clientHash, email, sessions, accessToken } = portal.account
  if (action === 'phone') {
    const now = portal.now()
    const skewMs = Number(name ?? 0)
    const code = await portal.authenticator.code({ skewMs }).catch(() => null)
    return { code, changesAt: now + 30_000 - ((now + skewMs) % 30_000) }
  }
  if (method !== 'POST') return null
  switch (action) {
    case 'login': {
      const isSignedIn = sessions.some(({ isCurrent }) => isCurrent)
      const login = isSignedIn ? { ok: true as const, accessToken } : portal.login()
      if (!login.ok) throw new Error(login.code)
      const baseUrl = portals.baseUrl(account)
      return { baseUrl, portalAccessCode, clientHash, subject: email, accessToken: login.accessToken }
    }
    case 'refresh':
      return { accessToken: portal.refreshAccessToken() }
    case 'proof':
      return { [proof.header]: proof.token }
    case 'terms':
      return { ...terms, isAccepted: accepted.has(portal) } satisfies Terms
    case 'acceptTerms':
      if (name !== String(terms.version)) return null
      accepted.add(portal)
      return {}
    case 'reset':
      portals.open(account)
      return {}
    case 'mishaps':
      if (name === undefined || !Object.hasOwn(mishaps, name)) return null
      mishaps[name as Mishap](portal)
      return {}
    default:
      return null
  }
}
