import {
  createFakePortal,
  type FakePortal,
  type FakePortalOptions,
  fakeWorkspace,
  type PortalOperation,
  servePortal,
} from 'postlogin/testing'
import { linkedInvitation } from './linked-invitation.ts'

/** The fake portals of the demo, one for each account name, on the loopback interface. */
export interface Portals {
  /** The account's portal; made on first use. */
  get(account: string): FakePortal
  /** Replaces the account's portal; the browser does not notice. */
  open(account: string, options?: FakePortalOptions): FakePortal
  /** The URL of the account's portal: the account is its context path. */
  baseUrl(account: string): string
  close(): Promise<void>
}

/** `latencyMs`: how long each reply takes, in real time, so that there is something to see. */
export async function openPortals({ latencyMs = 0 }: { readonly latencyMs?: number } = {}): Promise<Portals> {
  const portals = new Map<string, FakePortal>()
  const open = (account: string, options: FakePortalOptions = demoPortal()) => {
    const portal = createFakePortal(options)
    portals.set(account, portal)
    return portal
  }
  const get = (account: string) => portals.get(account) ?? open(account)
  const accountIn = (url: string) => new URL(url).pathname.split('/')[1] ?? ''
  const server = await servePortal({ fetch: async (input) => get(accountIn(urlOf(input))).fetch(input) }, { latencyMs })
  return { get, open, baseUrl: (account) => `${server.url}/${account}`, close: server.close }
}

const urlOf = (input: RequestInfo | URL) => (input instanceof Request ? input.url : String(input))

const MINUTE_MS = 60_000

/** Something to do in every step; one invitation about to expire, and one expired. */
export function demoPortal(now = Date.now()): FakePortalOptions {
  return {
    sessionAddress: 'request',
    account: {
      invitations: [
        { workspaceName: 'Acme Operations', workspaceBizId: 'WS_ACME_001', expiresAt: now + 7 * 24 * 60 * MINUTE_MS },
        {
          invitationBizId: linkedInvitation,
          workspaceName: 'Globex Treasury',
          workspaceBizId: 'WS_GLOBEX_002',
          inviterName: 'Bo Lindqvist',
          expiresAt: now + 5 * MINUTE_MS,
          nextAction: 'CHOOSE_WORKSPACE',
        },
        {
          workspaceName: 'Initech Archive',
          workspaceBizId: 'WS_INITECH_003',
          inviterName: 'Cleo Marsh',
          expiresAt: now - MINUTE_MS,
        },
      ],
    },
  }
}

/** More proof of who the user is: what it goes by is up to the portal and the host's server. */
export const proof = { header: 'X-Mfa-Token', token: 'it-is-me' } as const

/** What is demanded more proof for, once it is: every change. */
const changes: readonly PortalOperation[] = [
  'acceptInvitation',
  'declineInvitation',
  'setupOtp',
  'verifyOtp',
  'revokeOtp',
  'replaceIpWhitelist',
  'enableIpWhitelist',
  'disableIpWhitelist',
  'terminateSession',
  'terminateOtherSessions',
  'setDefaultWorkspace',
]

/** The mishaps that the panel offers. */
export const mishaps = {
  loseReply: (portal: FakePortal) => void portal.fault(isWrite, 'loseReply'),
  loseRequest: (portal: FakePortal) => void portal.fault(isWrite, 'loseRequest'),
  /** A read is retried automatically, so three in a row have to fail. */
  breakDown: (portal: FakePortal) => void portal.fault(isUsed, { status: 503 }, { times: 3 }),
  rateLimit: (portal: FakePortal) => void portal.fault(isUsed, { retryAfter: 15 }),
  demandProof: (portal: FakePortal) => portal.configure({ stepUp: { operations: changes, ...proof } }),
  expireSetup(portal: FakePortal) {
    portal.update(({ otpSetup }) => {
      if (otpSetup !== null) otpSetup.expiresAt = portal.now() - 1
    })
  },
  acceptElsewhere(portal: FakePortal) {
    portal.update((account) => {
      const invitation = account.invitations.find(({ status }) => status === 'PENDING')
      if (invitation === undefined) return
      invitation.status = 'ACCEPTED'
      invitation.acceptedAt = portal.now()
      const { workspaceBizId, workspaceName } = invitation
      account.workspaces.push(fakeWorkspace({ workspaceBizId, workspaceName, createdAt: portal.now() }))
    })
  },
  changeWhitelistElsewhere(portal: FakePortal) {
    portal.update(({ ipWhitelist }) => void ipWhitelist.entries.push(`198.51.100.${ipWhitelist.entries.length + 1}`))
  },
  changeAddress(portal: FakePortal) {
    portal.update((account) => {
      account.address = account.address === '203.0.113.10' ? '192.0.2.55' : '203.0.113.10'
    })
  },
  /** It is renewed without anybody noticing. */
  expireToken(portal: FakePortal) {
    portal.update((account) => {
      account.accessTokenExpiresAt = portal.now() - 1
    })
  },
  endSession(portal: FakePortal) {
    portal.update((account) => {
      account.sessions = account.sessions.filter(({ isCurrent }) => !isCurrent)
    })
  },
} satisfies Record<string, (portal: FakePortal) => void>

export type Mishap = keyof typeof mishaps

/** Requests that the user notices: not the channel's handshake, which is repeated automatically. */
const isUsed = ({ path }: { readonly path: string }) => !path.includes('secure-channel')
const isWrite = (request: { readonly method: string; readonly path: string }) =>
  request.method === 'POST' && isUsed(request)
