import type { IncomingMessage, ServerResponse } from 'node:http'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { organization, twoFactor } from 'better-auth/plugins'

/** Of everybody here. */
export const PASSWORD = 'correct horse battery staple'

export const emailOf = (account: string) => `${account}@example.com`

const DAY_MS = 86_400_000

const emptyTables = () => ({
  user: [],
  session: [],
  account: [],
  verification: [],
  organization: [],
  member: [],
  invitation: [],
  twoFactor: [],
})

interface ServerOptions {
  /** A SQLite database that is open and empty. Default: everything is kept in memory. */
  readonly database?: BetterAuthOptions['database']
  /** Does it limit how often somebody may ask, as it would in production? Default false. */
  readonly isLimited?: boolean
}

/** The organizations, each with an owner who invites everybody. */
const organizations = ['Acme Operations', 'Globex Treasury', 'Hooli Research', 'Initech Archive'] as const

export type Organization = (typeof organizations)[number]

/** How long an invitation is good for, in days; it has expired long ago where that is negative. */
const daysLeft: Readonly<Record<Organization, number>> = {
  'Acme Operations': 7,
  'Globex Treasury': 2,
  'Hooli Research': 2,
  'Initech Archive': -30,
}

/** A better-auth server with its organizations, and an account for whoever asks. */
export async function openServer({ database, isLimited = false }: ServerOptions = {}) {
  const auth = betterAuth({
    // Whatever port is free, but on this computer only.
    baseURL: { allowedHosts: ['127.0.0.1:*', 'localhost:*'], protocol: 'http', fallback: 'http://127.0.0.1' },
    secret: 'a secret of this demo, which protects nothing',
    database: database ?? memoryAdapter(emptyTables()),
    emailAndPassword: { enabled: true },
    plugins: [organization(), twoFactor({ issuer: 'Acme Portal' })],
    rateLimit: { enabled: isLimited },
    telemetry: { enabled: false },
  })
  if (database !== undefined) await (await getMigrations(auth.options)).runMigrations()
  const { adapter, internalAdapter } = await auth.$context

  async function signUp(name: string, isVerified = true) {
    const body = { name, email: emailOf(name), password: PASSWORD }
    const { response, headers } = await auth.api.signUpEmail({ body, returnHeaders: true })
    await internalAdapter.updateUser(response.user.id, { emailVerified: isVerified })
    const cookie = headers.getSetCookie().map((one) => one.split(';')[0])
    return { id: response.user.id, headers: new Headers({ cookie: cookie.join('; ') }) }
  }

  const owner = await signUp('noor')
  const ids = new Map<string, string>()
  for (const name of organizations) {
    const slug = name.toLowerCase().replace(' ', '-')
    const { id } = await auth.api.createOrganization({ body: { name, slug, userId: owner.id } })
    ids.set(name, id)
  }
  const organizationId = (name: Organization) => ids.get(name) ?? ''

  const invitationsOf = (account: string) =>
    adapter.findMany<{ id: string; organizationId: string; status: string }>({
      model: 'invitation',
      where: [{ field: 'email', value: emailOf(account) }],
    })

  return {
    /** Answers whatever is asked below `/api/auth/`. */
    handle: toNodeHandler(auth) as (request: IncomingMessage, response: ServerResponse) => Promise<void>,

    organizationId,

    /** A user whom all organizations have invited, and who is signed in on two other devices. */
    async open(account: string, { isVerified = true }: { readonly isVerified?: boolean } = {}): Promise<void> {
      const email = emailOf(account)
      const { id } = await signUp(account, isVerified)
      await internalAdapter.deleteUserSessions(id)
      for (const userAgent of ['Firefox on Windows', 'Safari on iPad']) {
        await internalAdapter.createSession(id, false, { userAgent })
      }
      for (const name of organizations) {
        const body = { email, role: 'member', organizationId: organizationId(name) } as const
        const invitation = await auth.api.createInvitation({ body, headers: owner.headers })
        const expiresAt = new Date(Date.now() + daysLeft[name] * DAY_MS)
        const where = [{ field: 'id', value: invitation.id }]
        await adapter.update({ model: 'invitation', where, update: { expiresAt } })
      }
    },

    /** The user has followed the link in the e-mail. */
    async verifyEmail(account: string): Promise<void> {
      const found = await internalAdapter.findUserByEmail(emailOf(account))
      await internalAdapter.updateUser(found?.user.id ?? '', { emailVerified: true })
    },

    /** The owner takes the invitation back. */
    async revokeInvitation(account: string, name: Organization): Promise<void> {
      const invitations = await invitationsOf(account)
      const invitation = invitations.find((one) => one.organizationId === organizationId(name))
      const body = { invitationId: invitation?.id ?? '' }
      await auth.api.cancelInvitation({ body, headers: owner.headers })
    },

    /** What the database holds of an account, secrets left out. */
    async read(account: string) {
      const found = await internalAdapter.findUserByEmail(emailOf(account))
      if (found === null) throw new Error(`There is no account ${account}`)
      const { id, ...user } = found.user
      const where = [{ field: 'userId', value: id }]
      const nameOf = (organizationId: string) =>
        [...ids].find(([, one]) => one === organizationId)?.[0] ?? organizationId
      const invitations = await invitationsOf(account)
      const members = await adapter.findMany<{ organizationId: string }>({ model: 'member', where })
      const sessions = await adapter.findMany<Record<string, unknown>>({ model: 'session', where })
      return {
        isTwoFactorOn: 'twoFactorEnabled' in user && user.twoFactorEnabled === true,
        invitations: Object.fromEntries(invitations.map((one) => [nameOf(one.organizationId), one.status])),
        memberships: members.map((one) => nameOf(one.organizationId)),
        sessions: sessions.map(({ userAgent, activeOrganizationId }) => ({
          userAgent,
          activeOrganization: typeof activeOrganizationId === 'string' ? nameOf(activeOrganizationId) : null,
        })),
      }
    },
  }
}

export type Server = Awaited<ReturnType<typeof openServer>>
