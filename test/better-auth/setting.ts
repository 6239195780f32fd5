import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { TOTP, URI } from 'otpauth'
import { createMachines, settled } from 'postlogin'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { type AnyActorRef, createActor, type InspectionEvent } from 'xstate'
import { createBetterAuthApi } from '../../examples/better-auth/portal-api.ts'
import { emailOf, openServer, PASSWORD, type Server } from '../../examples/better-auth/server.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { TestClock } from '../support/test-clock.ts'

/** A better-auth server on the loopback interface, for all tests of a file. */
export function serveBetterAuth(options: Parameters<typeof openServer>[0] = {}) {
  let server: Server
  let origin = ''
  const http = createServer((request, response) => void server.handle(request, response))
  beforeAll(async () => {
    server = await openServer(options)
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  })
  afterAll(() => void http.close())

  let accounts = 0

  /** A new account, signed in, in a browser of its own that shows a page of the server's origin. */
  async function openAccount({ isVerified = true, passwords = [PASSWORD] as readonly (string | null)[] } = {}) {
    const account = `user-${++accounts}`
    await server.open(account, { isVerified })
    const browser = createBrowser(origin)
    await browser.ask('/sign-in/email', { email: emailOf(account), password: PASSWORD })

    /** What the user answers when asked for the password, and how it was asked. */
    const answers = [...passwords]
    const questions: { readonly wasWrong: boolean }[] = []
    const clock = new TestClock(Date.now())
    const api = createBetterAuthApi({
      origin,
      fetch: browser.fetch,
      async askPassword({ wasWrong }) {
        questions.push({ wasWrong })
        return answers.shift() ?? null
      },
    })
    const machines = createMachines(api, { clock })
    /** Everything that an inspector saw. */
    const inspected: InspectionEvent[] = []

    async function start<Name extends 'onboarding' | 'invitations' | 'mfa' | 'sessions'>(name: Name, input?: object) {
      const inspect = (event: InspectionEvent) => inspected.push(event)
      const actor = createActor(machines[name], { input, inspect } as never).start()
      onTestFinished(() => void actor.stop())
      await rest(actor)
      return actor as ReturnType<typeof createActor<(typeof machines)[Name]>>
    }

    return {
      account,
      api,
      browser,
      clock,
      questions,
      inspected,
      start,
      read: () => server.read(account),
      revokeInvitation: (name: Parameters<Server['revokeInvitation']>[1]) => server.revokeInvitation(account, name),
      verifyEmail: () => server.verifyEmail(account),
      /** The same cookie, in another tab. */
      otherTab: createBetterAuthApi({ origin, fetch: browser.fetch, askPassword: async () => PASSWORD }),
    }
  }

  return { openAccount, organizationId: (name: Parameters<Server['organizationId']>[0]) => server.organizationId(name) }
}

export const rest = (actor: AnyActorRef) => settled(actor, { timeoutMs: PATIENCE_MS })

/** Sends an event and waits until the machine rests again. */
export async function perform<Actor extends AnyActorRef>(actor: Actor, event: Parameters<Actor['send']>[0]) {
  actor.send(event)
  await rest(actor)
  return actor.getSnapshot() as ReturnType<Actor['getSnapshot']>
}

/** What the phone shows that has scanned this. */
export function codeOf(uri: string): string {
  const totp = URI.parse(uri)
  if (!(totp instanceof TOTP)) throw new Error('Not for codes by time')
  return totp.generate()
}

/** What a browser does around `fetch`: it keeps the cookies, and says which page asks. */
function createBrowser(origin: string) {
  const cookies = new Map<string, string>()
  const replies: { readonly path: string; readonly body: unknown }[] = []
  let lost: string | null = null

  const send: typeof fetch = async (input, init) => {
    const path = String(input).slice(`${origin}/api/auth`.length)
    const headers = new Headers(init?.headers)
    headers.set('Origin', origin)
    headers.set('User-Agent', 'Chromium on Linux')
    headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(input, { ...init, headers })
    replies.push({ path, body: await response.clone().json() })
    if (path === lost) {
      lost = null
      throw new TypeError('fetch failed')
    }
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(/[=;]/)
      cookies.set(name, value)
    }
    return response
  }

  return {
    fetch: send,
    replies,
    async ask(path: string, body?: object) {
      const method = body && { method: 'POST', headers: { 'Content-Type': 'application/json' } }
      const response = await send(`${origin}/api/auth${path}`, {
        ...method,
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: await response.json() }
    },
    /** The server does it, and its reply to the next request of this path gets lost on the way, its cookie too. */
    loseReply(path: string) {
      lost = path
    },
  }
}
