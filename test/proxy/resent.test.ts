/**
 * A POST that arrives twice without anyone sending it twice: Chromium sends it again when a kept connection breaks after the portal has
 * read it, and shows the second reply only. Through a real socket, and through what a real nginx and a real haproxy make of it.
 *
 * `npm run test:proxy` runs it; the programs are found, or installed where Debian's root asks for it.
 */
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import type { createMachines, createPortalApi, Machines, settled } from 'postlogin'
import { type AccountOverrides, createFakePortal, type PortalOperation, servePortal } from 'postlogin/testing'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ActorRefFrom, createActor } from 'xstate'
import { launchChromium } from '../support/chromium.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { openProxy, prepareProxies, proxyNames } from './proxies.ts'

declare const library: {
  readonly createMachines: typeof createMachines
  readonly createPortalApi: typeof createPortalApi
  readonly createActor: typeof createActor
  readonly settled: typeof settled
}
/** Of the page's. */
declare const actor: ActorRefFrom<Machines['sessions']>

const acme = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'

/** What the page runs. */
const script = async () => {
  const source = `
    export { createMachines, createPortalApi, settled } from './src/index.ts'
    export { createActor } from 'xstate'`
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    format: 'iife',
    globalName: 'library',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

let browser: Browser
let code: string

beforeAll(async () => {
  prepareProxies()
  browser = await launchChromium()
  code = await script()
})

afterAll(() => browser?.close())

interface Wish {
  readonly step: 'invitations' | 'mfa' | 'sessions' | 'workspace'
  readonly write: PortalOperation
  readonly account: AccountOverrides
  readonly events: readonly object[]
  /** What the user is told in the end. */
  readonly told: object
}

const wishes: readonly Wish[] = [
  {
    step: 'invitations',
    write: 'acceptInvitation',
    account: {},
    events: [{ type: 'invitation.accept', invitationBizId: acme }],
    told: { acceptedInvitations: [{ invitationBizId: acme }] },
  },
  {
    step: 'invitations',
    write: 'declineInvitation',
    account: { invitations: [{ invitationBizId: acme }] },
    events: [{ type: 'invitation.decline', invitationBizId: acme }],
    told: { invitations: [{ status: 'DECLINED' }] },
  },
  {
    step: 'mfa',
    write: 'revokeOtp',
    account: { mfaMethods: [{ method: 'OTP', isEnabled: true }] },
    events: [{ type: 'otp.revoke' }, { type: 'revoke.confirm' }],
    told: { isRevoking: false },
  },
  {
    step: 'sessions',
    write: 'terminateSession',
    account: {},
    events: [{ type: 'session.terminate', sessionId: 'SESS...R_001' }, { type: 'termination.confirm' }],
    told: { sessionsTerminated: 1 },
  },
  {
    step: 'sessions',
    write: 'terminateOtherSessions',
    account: {},
    events: [{ type: 'sessions.terminateOthers' }, { type: 'termination.confirm' }],
    told: { sessionsTerminated: 2 },
  },
]

/** nginx answers 502 in the place of the connection that broke, so that nobody sends anything again. */
const arrivals = { 'no proxy': 2, haproxy: 2, nginx: 1 } as const
const ways = ['no proxy', ...proxyNames] as const

describe.each(ways)('Chromium, %s in between', (way) => {
  test.each(wishes)('$write', async ({ step, write, account, events, told }) => {
    // One connection for everything, which is kept: the channel would open another.
    const portal = createFakePortal({ account, secureChannel: 'off' })
    const server = await servePortal(portal, { keepAlive: true })
    onTestFinished(() => server.close())
    const proxy = way === 'no proxy' ? null : await openProxy(way, server.url)
    onTestFinished(() => proxy?.close())
    const baseUrl = proxy?.url ?? server.url
    const context = await browser.newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await page.route('**/page', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }))
    await page.goto(`${baseUrl}/page`)
    await page.addScriptTag({ content: code })

    const { accessToken, clientHash, portalAccessCode } = portal.account
    await page.evaluate(
      async ({ accessToken, step, timeoutMs, ...options }) => {
        const { createActor, createMachines, createPortalApi, settled } = library
        const machines = createMachines(
          createPortalApi({ ...options, secureChannel: 'off', accessToken: () => accessToken }),
        )
        const actor = createActor(machines[step] as Machines['sessions']).start()
        await settled(actor, { timeoutMs })
        Object.assign(globalThis, { actor })
      },
      { baseUrl, accessToken, clientHash, portalAccessCode, step, timeoutMs: PATIENCE_MS },
    )
    portal.fault(write, 'loseReply')
    const seen = await page.evaluate(
      async ({ events, timeoutMs }) => {
        for (const event of events) actor.send(event as never)
        await library.settled(actor, { timeoutMs })
        return JSON.parse(JSON.stringify(actor.getSnapshot().context))
      },
      { events, timeoutMs: PATIENCE_MS },
    )

    const sent = portal.requests.filter(({ operation }) => operation === write)
    expect(sent).toHaveLength(arrivals[way])
    expect(new Set(sent.map(({ headers }) => headers['x-request-id'])).size).toBe(1)
    expect(sent[0]).toMatchObject({ processed: true })
    expect(seen).toMatchObject({ failure: null, ...told })
  })
})
