import { clientFailure, type Failure } from './failure.ts'

/** A workspace that the account belongs to. */
export interface Workspace {
  readonly workspaceBizId: string
  readonly workspaceName: string
  readonly isDefault: boolean
  /** May it be entered now? */
  readonly enterable: boolean
  /** May it be made the default? */
  readonly defaultEligible: boolean
}

/** Where the host goes from here. */
export type Route =
  | { readonly to: 'workspace'; readonly workspaceBizId: string; readonly reason: RouteReason }
  | { readonly to: 'noWorkspace' }
  | { readonly to: 'unresolved' }

/** `accepted`: an invitation led there. `default`: the account's own. `only`: no other can be entered. `chosen`: by the user. */
export type RouteReason = 'accepted' | 'default' | 'only' | 'chosen'

/** What the user chose in the chooser. */
export interface WorkspaceChoice {
  readonly workspaceBizId: string
  readonly makeDefault?: boolean
}

type ChoiceVerdict = 'enterable' | 'newDefault' | 'unknown' | 'closed' | 'notEligible'

/** Asks what is to be done about a choice: `enterable` needs no change, `newDefault` makes it the default first; the rest is refused. */
export function choicesAmong(workspaces: readonly Workspace[]): (choice: WorkspaceChoice) => ChoiceVerdict {
  const listed = new Map<string, Workspace>()
  for (const workspace of workspaces) {
    if (!listed.has(workspace.workspaceBizId)) listed.set(workspace.workspaceBizId, workspace)
  }
  return ({ workspaceBizId, makeDefault }) => {
    const workspace = listed.get(workspaceBizId)
    if (workspace === undefined) return 'unknown'
    if (!workspace.enterable) return 'closed'
    if (makeDefault !== true || workspace.isDefault) return 'enterable'
    return workspace.defaultEligible ? 'newDefault' : 'notEligible'
  }
}

/** The same of a single one. */
export const choiceVerdict = (workspaces: readonly Workspace[], choice: WorkspaceChoice): ChoiceVerdict =>
  choicesAmong(workspaces)(choice)

/** Why the choice is refused. */
export function refuseChoice(workspaces: readonly Workspace[], choice: WorkspaceChoice): Failure {
  switch (choiceVerdict(workspaces, choice)) {
    case 'closed':
      return clientFailure('workspaceClosed', 'invalid', { field: 'workspaceBizId' })
    case 'notEligible':
      return clientFailure('workspaceNotEligible', 'invalid', { field: 'makeDefault' })
    default:
      return clientFailure('workspaceUnknown', 'invalid', { field: 'workspaceBizId' })
  }
}

/** Did the user choose this, and can it still be entered? Then what the portal would say does not matter any more. */
export const isChoiceOpen = (workspaces: readonly Workspace[], route: Route | null): boolean =>
  route?.to === 'workspace' &&
  route.reason === 'chosen' &&
  workspaces.some(({ workspaceBizId, enterable }) => workspaceBizId === route.workspaceBizId && enterable)

export const isDefaultWorkspace = (workspaces: readonly Workspace[], workspaceBizId: string | null) =>
  workspaces.some((workspace) => workspace.workspaceBizId === workspaceBizId && workspace.isDefault)
