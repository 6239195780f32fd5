import { terminationBody } from './inferred.ts'
import type { LateReader, ReplyReader } from './reply/replies.ts'
import * as replies from './reply/replies.ts'
import type { TracedOperation } from './transport/trace.ts'

/** One operation of the portal: a row of the table in docs/contract.md. */
export interface Endpoint<Input, Result> {
  readonly operation: TracedOperation
  readonly method: 'GET' | 'POST'
  /** `{name}` stands for the input's field of that name, percent-encoded. */
  readonly path: string
  /** `public`: asked without a token. */
  readonly access: 'signedIn' | 'public'
  /** `encrypted`: its body goes through the secure channel. `session`: no body, but the session's header. `none`: neither (docs/contract.md#channel-use). */
  readonly channel: 'encrypted' | 'session' | 'none'
  /** What is sent as JSON; undefined: no body. */
  readonly body: (input: Input) => object | undefined
  /** The documented window of the rate limit, in ms; null: none is stated. */
  readonly rateWindowMs: number | null
  readonly reply: ReplyReader<Result> | LateReader<Result>
}

const noBody = () => undefined

/** Reads may be repeated at once when the connection or the portal falters; nothing else may. */
export const mayRetryQuickly = ({ method }: Endpoint<never, unknown>) => method === 'GET'

/** May a change follow that goes through the channel? Those are all of the security center (docs/contract.md#channel-use). */
export const mayLeadToChannel = ({ path }: Endpoint<never, unknown>) => path.startsWith(SECURITY)

/** Does it change something, so that its failure may have an effect? */
export const isWrite = ({ method }: Endpoint<never, unknown>) => method !== 'GET'

const read = <Result>(
  operation: TracedOperation,
  path: string,
  reply: ReplyReader<Result>,
): Endpoint<unknown, Result> => ({
  operation,
  method: 'GET',
  path,
  access: 'signedIn',
  channel: 'none',
  body: noBody,
  rateWindowMs: null,
  reply,
})

const write = <Input, Result>(
  operation: TracedOperation,
  path: string,
  channel: Endpoint<Input, Result>['channel'],
  reply: Endpoint<Input, Result>['reply'],
  more: { readonly body?: (input: Input) => object | undefined; readonly rateWindowMs?: number } = {},
): Endpoint<Input, Result> => ({
  operation,
  method: 'POST',
  path,
  access: 'signedIn',
  channel,
  body: more.body ?? noBody,
  rateWindowMs: more.rateWindowMs ?? null,
  reply,
})

const SECURITY = '/web/v1/system/security'
const INVITATIONS = '/web/v1/system/profile/invitations'
const WORKSPACES = '/web/v1/system/workspaces'
const CHANNEL = '/web/v1/secure-channel'

/** 5 requests per 300 s (docs/contract.md#rate-limits). */
const FIVE_IN_FIVE_MINUTES = { rateWindowMs: 300_000 }

/**
 * `[I]` beside a line: its path is inferred. `session` is `[I]` throughout: pages disagree on which requests name the session
 * (docs/contract.md#channel-use).
 */
export const endpoints = {
  // 4. MFA
  listMfaMethods: read('listMfaMethods', `${SECURITY}/mfa`, replies.mfaMethods),
  setupOtp: write('setupOtp', `${SECURITY}/mfa/otp/setup`, 'session', replies.otpSetup, FIVE_IN_FIVE_MINUTES),
  verifyOtp: write('verifyOtp', `${SECURITY}/mfa/otp/verify`, 'encrypted', replies.nothing, {
    ...FIVE_IN_FIVE_MINUTES,
    body: ({ code }: { readonly code: string }) => ({ code }),
  }),
  revokeOtp: write('revokeOtp', `${SECURITY}/mfa/otp/revoke`, 'session', replies.nothing, FIVE_IN_FIVE_MINUTES), // [I]
  getBackupCodeStatus: read('getBackupCodeStatus', `${SECURITY}/mfa/backup-codes`, replies.backupCodes), // [I]

  // 5. IP whitelist
  getIpWhitelist: read('getIpWhitelist', `${SECURITY}/ip-whitelist`, replies.ipWhitelist),
  replaceIpWhitelist: write('replaceIpWhitelist', `${SECURITY}/ip-whitelist`, 'encrypted', replies.ipWhitelist, {
    body: ({ entries }: { readonly entries: readonly unknown[] }) => ({ entries }),
  }),
  // [I] No body; whatever comes back is dropped, and the state read again (docs/contract.md#whitelist-switch).
  enableIpWhitelist: write('enableIpWhitelist', `${SECURITY}/ip-whitelist/enable`, 'session', replies.nothing),
  disableIpWhitelist: write('disableIpWhitelist', `${SECURITY}/ip-whitelist/disable`, 'session', replies.nothing), // [I]

  // 6. Sessions
  listSessions: read('listSessions', `${SECURITY}/sessions`, replies.sessions),
  // [I] Encrypted, as it is a mutation of the security center with a body.
  terminateSession: write('terminateSession', `${SECURITY}/sessions/terminate`, 'encrypted', replies.nothing, {
    body: ({ sessionId }: { readonly sessionId: string }) => terminationBody(sessionId),
  }),
  terminateOtherSessions: write(
    'terminateOtherSessions',
    `${SECURITY}/sessions/terminate-all`,
    'session',
    replies.terminatedCount,
  ),

  // 7. Invitations
  listInvitations: read('listInvitations', INVITATIONS, replies.invitations),
  acceptInvitation: write('acceptInvitation', `${INVITATIONS}/{invitationBizId}/accept`, 'none', replies.acceptance),
  declineInvitation: write('declineInvitation', `${INVITATIONS}/{invitationBizId}/decline`, 'none', replies.nothing, {
    body: ({ reason }: { readonly reason?: string }) =>
      reason === undefined || reason === '' ? undefined : { reason },
  }),

  // 8. Workspaces
  listWorkspaces: read('listWorkspaces', `${WORKSPACES}/mine`, replies.workspaces),
  setDefaultWorkspace: write('setDefaultWorkspace', `${WORKSPACES}/{workspaceBizId}/default`, 'none', replies.nothing), // [I]
} as const

/** docs/contract.md#secure-channel: the channel's own endpoints, which need no token. */
export const channelEndpoints = {
  getChannelKey: { ...read('getChannelKey', `${CHANNEL}/public-key`, replies.publicKey), access: 'public' },
  openChannel: {
    ...write('openChannel', `${CHANNEL}/session`, 'none', replies.channelSession, {
      body: (keys: { readonly keyId: string; readonly encReqKey: string; readonly encRespKey: string }) => keys,
    }),
    access: 'public',
  },
  closeChannel: { ...write('closeChannel', `${CHANNEL}/session/close`, 'none', replies.nothing), access: 'public' },
} as const

/** The path with the input's fields filled in. */
export const fillPath = (path: string, input: object): string => {
  const fields: ReadonlyMap<string, unknown> = new Map(Object.entries(input))
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields.get(name))))
}
