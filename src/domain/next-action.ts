import type { AcceptedInvitation } from './invitations.ts'
import type { Route, Workspace } from './workspaces.ts'

/**
 * Where to go, by a fresh read of the workspaces and the invitations accepted in this visit, oldest first; null where the user
 * has to choose. The last acceptance decides (contract 7.2). Never a dead end: without a workspace to enter it says so.
 */
export function resolveRoute({
  workspaces,
  accepted,
}: {
  readonly workspaces: readonly Workspace[]
  readonly accepted: readonly AcceptedInvitation[]
}): Route | null {
  const last = accepted.at(-1)
  switch (last?.nextAction) {
    case 'ENTER_ACCEPTED_WORKSPACE':
      return isClosed(workspaces, last.workspaceBizId)
        ? routeByWorkspaces(workspaces)
        : enter(last.workspaceBizId, 'accepted')
    case 'ENTER_DEFAULT_WORKSPACE':
      return last.becameDefaultWorkspace && !isClosed(workspaces, last.workspaceBizId)
        ? enter(last.workspaceBizId, 'default')
        : routeByWorkspaces(workspaces)
    case 'CHOOSE_WORKSPACE':
      return workspaces.some(({ enterable }) => enterable) ? null : { to: 'noWorkspace' }
    default:
      return routeByWorkspaces(workspaces)
  }
}

/** What the portal's word alone allows, where the workspaces are not read or the chooser is skipped. */
export function routeWithoutWorkspaces(accepted: readonly AcceptedInvitation[]): Route {
  const last = accepted.at(-1)
  if (last?.nextAction === 'ENTER_ACCEPTED_WORKSPACE') return enter(last.workspaceBizId, 'accepted')
  if (last?.nextAction === 'ENTER_DEFAULT_WORKSPACE' && last.becameDefaultWorkspace) {
    return enter(last.workspaceBizId, 'default')
  }
  return { to: 'unresolved' }
}

/** The default workspace, else the only one, else the user's choice; of those that can be entered. */
function routeByWorkspaces(workspaces: readonly Workspace[]): Route | null {
  const open = workspaces.filter(({ enterable }) => enterable)
  const byDefault = open.find(({ isDefault }) => isDefault)
  if (byDefault !== undefined) return enter(byDefault.workspaceBizId, 'default')
  const [only, another] = open
  if (only === undefined) return { to: 'noWorkspace' }
  return another === undefined ? enter(only.workspaceBizId, 'only') : null
}

const enter = (workspaceBizId: string, reason: 'accepted' | 'default' | 'only'): Route => ({
  to: 'workspace',
  workspaceBizId,
  reason,
})

/** Listed as not enterable. One that is not listed is not closed: the list may lag behind the portal's word. */
const isClosed = (workspaces: readonly Workspace[], workspaceBizId: string) =>
  workspaces.some((workspace) => workspace.workspaceBizId === workspaceBizId && !workspace.enterable)
