import type { Operation } from '../../domain/portal-api.ts'
import type { Call, Result, SignedInCall, World } from '../world.ts'
import { completeLogin, initiateLogin, logout, refreshToken } from './authentication.ts'
import { acceptInvitation, declineInvitation, listInvitations } from './invitations.ts'
import { getIpWhitelist, replaceIpWhitelist, switchIpWhitelist } from './ip-whitelist.ts'
import { getBackupCodeStatus, listMfaMethods, revokeOtp, setupOtp, switchMethod, verifyOtp } from './mfa.ts'
import { listSessions, terminateOtherSessions, terminateSession } from './sessions.ts'
import { listWorkspaces, setDefaultWorkspace } from './workspaces.ts'

/** The methods of `PortalApi` by their names, and what the portal offers beside them. */
export type PortalOperation =
  | Operation
  | 'enableMfaMethod'
  | 'disableMfaMethod'
  | 'initiateLogin'
  | 'completeLogin'
  | 'refreshToken'
  | 'logout'
  | 'getChannelKey'
  | 'openChannel'
  | 'closeChannel'

/**
 * What an endpoint wants of the secure channel (docs/contract.md#channel-use). `encrypted`: its body must be. `header`: it may name a channel
 * session, which must then be a live one. `none`: nothing.
 */
export type ChannelNeed = 'encrypted' | 'header' | 'none'

interface RouteBase {
  readonly operation: PortalOperation
  readonly method: 'GET' | 'POST'
  /** From `/web/v1/` on, with `{name}` for parameters. */
  readonly path: string
  readonly channel: ChannelNeed
}

export type Route = RouteBase &
  (
    | { readonly access: 'public'; handle(world: World, call: Call): Result | Promise<Result> }
    | { readonly access: 'signedIn'; handle(world: World, call: SignedInCall): Result | Promise<Result> }
  )

const SECURITY = '/web/v1/system/security'
const INVITATIONS = '/web/v1/system/profile/invitations'
const WORKSPACES = '/web/v1/system/workspaces'
const AUTH = '/web/v1/system/auth'

type Handler = (world: World, call: SignedInCall) => Result | Promise<Result>

const read = (operation: PortalOperation, path: string, handle: Handler): Route => ({
  operation,
  method: 'GET',
  path,
  channel: 'none',
  access: 'signedIn',
  handle,
})

const write = (operation: PortalOperation, path: string, channel: ChannelNeed, handle: Handler): Route => ({
  operation,
  method: 'POST',
  path,
  channel,
  access: 'signedIn',
  handle,
})

const signIn = (
  operation: PortalOperation,
  path: string,
  handle: (world: World, call: Call) => Result | Promise<Result>,
): Route => ({
  operation,
  method: 'POST',
  path,
  channel: 'encrypted',
  access: 'public',
  handle,
})

/** All but the secure channel's own endpoints. */
export const portalRoutes: readonly Route[] = [
  read('listMfaMethods', `${SECURITY}/mfa`, listMfaMethods),
  write('setupOtp', `${SECURITY}/mfa/otp/setup`, 'header', setupOtp),
  write('verifyOtp', `${SECURITY}/mfa/otp/verify`, 'encrypted', verifyOtp),
  write('revokeOtp', `${SECURITY}/mfa/otp/revoke`, 'header', revokeOtp),
  write('enableMfaMethod', `${SECURITY}/mfa/{method}/enable`, 'header', switchMethod(true)),
  write('disableMfaMethod', `${SECURITY}/mfa/{method}/disable`, 'header', switchMethod(false)),
  read('getBackupCodeStatus', `${SECURITY}/mfa/backup-codes`, getBackupCodeStatus),
  read('getIpWhitelist', `${SECURITY}/ip-whitelist`, getIpWhitelist),
  write('replaceIpWhitelist', `${SECURITY}/ip-whitelist`, 'encrypted', replaceIpWhitelist),
  write('enableIpWhitelist', `${SECURITY}/ip-whitelist/enable`, 'header', switchIpWhitelist(true)),
  write('disableIpWhitelist', `${SECURITY}/ip-whitelist/disable`, 'header', switchIpWhitelist(false)),
  read('listSessions', `${SECURITY}/sessions`, listSessions),
  write('terminateSession', `${SECURITY}/sessions/terminate`, 'encrypted', terminateSession),
  write('terminateOtherSessions', `${SECURITY}/sessions/terminate-all`, 'header', terminateOtherSessions),
  read('listInvitations', INVITATIONS, listInvitations),
  write('acceptInvitation', `${INVITATIONS}/{invitationBizId}/accept`, 'none', acceptInvitation),
  write('declineInvitation', `${INVITATIONS}/{invitationBizId}/decline`, 'none', declineInvitation),
  read('listWorkspaces', `${WORKSPACES}/mine`, listWorkspaces),
  write('setDefaultWorkspace', `${WORKSPACES}/{workspaceBizId}/default`, 'none', setDefaultWorkspace),
  signIn('initiateLogin', `${AUTH}/login/initiate`, initiateLogin),
  signIn('completeLogin', `${AUTH}/login/complete`, completeLogin),
  signIn('refreshToken', `${AUTH}/token/refresh`, refreshToken),
  write('logout', `${AUTH}/logout`, 'none', logout),
]

/** The path without its context path: from `/web/v1/` on, or all of it. */
export function pathOf(url: URL): string {
  const start = url.pathname.indexOf('/web/v1/')
  return start < 0 ? url.pathname : url.pathname.slice(start)
}

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** The endpoint at this path. `otherMethod`: there is one, but not for this method. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match | 'otherMethod' | null {
  let otherMethod = false
  for (const route of routes) {
    const params = matchPath(route.path, path)
    if (params === null) continue
    if (route.method === method) return { route, params }
    otherMethod = true
  }
  return otherMethod ? 'otherMethod' : null
}

function matchPath(template: string, path: string): Record<string, string> | null {
  const found = new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(path)
  if (found === null) return null
  const params: Record<string, string> = {}
  for (const [name, segment] of Object.entries(found.groups ?? {})) {
    const value = decodeSegment(segment)
    if (value === null) return null
    params[name] = value
  }
  return params
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
