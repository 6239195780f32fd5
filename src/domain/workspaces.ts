import { clientFailure, type Failure } from './failure.ts'

/** A workspace that the account belongs to. */
export interface Workspace {
  /** The id, for `workspace.choose`. */
  readonly workspaceBizId: string
  readonly workspaceName: string
  readonly isDefault: boolean
  /** Can it be entered now? */
  readonly enterable: boolean
  /** Can it be made the default? */
  readonly defaultEligible: boolean
}

/**
 * Where to take the user after the flow: into a workspace; to the page for users without one (`noWorkspace`); or, where
 * the workspaces could not be read or none was chosen (`unresolved`), to wherever the portal decides.
 */
export type Route =
  | { readonly to: 'workspace'; readonly workspaceBizId: string; readonly reason: RouteReason }
  | { readonly to: 'noWorkspace' }
  | { readonly to: 'unresolved' }

/**
 * Why this workspace: an accepted invitation leads there, it is the account's default, it is the only one that can be
 * entered, or the user chose it.
 */
export type RouteReason = 'accepted' | 'default' | 'only' | 'chosen'

/** The workspace that the user chose. */
export interface WorkspaceChoice {
  readonly workspaceBizId: string
  /** Make it the account's default as well? Default false. */
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
