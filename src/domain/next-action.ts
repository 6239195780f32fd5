import type { AcceptedInvitation } from './invitations.ts'
import type { Route, Workspace } from './workspaces.ts'

/**
 * Where to go, by a fresh read of the workspaces and the invitations accepted in this visit, oldest first; null where the user
 * has to choose. The last acceptance decides (docs/contract.md#accept). Never a dead end: without a workspace to enter it says so, or, where the one
 * to enter may be in a row that nobody could read, leaves it to the host (`unresolved`).
 */
export function resolveRoute({
  workspaces,
  unreadableRows = 0,
  accepted,
}: {
  readonly workspaces: readonly Workspace[]
  /** How many rows of that list could not be read. */
  readonly unreadableRows?: number
  readonly accepted: readonly AcceptedInvitation[]
}): Route | null {
  const last = accepted.at(-1)
  const byAcceptance = last === undefined ? null : routeByAcceptance(last)
  if (byAcceptance !== null && !isClosed(workspaces, byAcceptance.workspaceBizId)) return byAcceptance
  const open = workspaces.filter(({ enterable }) => enterable)
  if (open.length === 0) return unreadableRows > 0 ? { to: 'unresolved' } : { to: 'noWorkspace' }
  return last?.nextAction === 'CHOOSE_WORKSPACE' ? null : routeByWorkspaces(open)
}

/** The route by the portal's `nextAction` alone, if the workspaces are not read or the chooser is skipped. */
export function routeWithoutWorkspaces(accepted: readonly AcceptedInvitation[]): Route {
  const last = accepted.at(-1)
  return (last === undefined ? null : routeByAcceptance(last)) ?? { to: 'unresolved' }
}

/** The workspace that an acceptance leads to; null if it leads to none, or if the portal does not name it. */
function routeByAcceptance({ nextAction, workspaceBizId, becameDefaultWorkspace }: AcceptedInvitation) {
  if (workspaceBizId === null) return null
  if (nextAction === 'ENTER_ACCEPTED_WORKSPACE') return enter(workspaceBizId, 'accepted')
  return nextAction === 'ENTER_DEFAULT_WORKSPACE' && becameDefaultWorkspace ? enter(workspaceBizId, 'default') : null
}

/** Among those that can be entered: the default, otherwise the only one, otherwise null, so the user chooses. */
function routeByWorkspaces(open: readonly Workspace[]): Route | null {
  const byDefault = open.find(({ isDefault }) => isDefault)
  if (byDefault !== undefined) return enter(byDefault.workspaceBizId, 'default')
  const [only, another] = open
  return only === undefined || another !== undefined ? null : enter(only.workspaceBizId, 'only')
}

const enter = (workspaceBizId: string, reason: 'accepted' | 'default' | 'only') =>
  ({ to: 'workspace', workspaceBizId, reason }) satisfies Route

/** Listed as not enterable. A workspace that is not listed is not closed: the list may lag behind. */
const isClosed = (workspaces: readonly Workspace[], workspaceBizId: string) =>
  workspaces.some((workspace) => workspace.workspaceBizId === workspaceBizId && !workspace.enterable)
