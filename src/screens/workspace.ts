import type { SnapshotFrom } from 'xstate'
import type { workspaceMachine } from '../../machines/index.ts'
import { lacks } from '../../machines/slots.ts'
import { choicesAmong, type choiceVerdict, type Route, type Workspace } from '../domain/workspaces.ts'
import { type Action, type Blocked, blockedOnScreen, isAtWork } from './action.ts'
import { type StepScreen, stepScreen } from './step-screen.ts'

/** The workspace chooser. */
export interface WorkspaceScreen extends StepScreen<'workspace'> {
  /** Were the workspaces read? */
  readonly isRead: boolean
  readonly rows: readonly WorkspaceRow[]
  /** How many more rows cannot be read; `unreadableRowsText` says it. */
  readonly unreadableRows: number
  /** Where `finish` leads; null as long as the user has to choose. */
  readonly route: Route | null
}

/** A workspace of the account, with its actions. */
export interface WorkspaceRow extends Workspace {
  /** Is it being made the default? */
  readonly isPending: boolean
  /** Enters it. */
  readonly choose: Action
  /** Makes it the account's default, and enters it; null where the portal has no default. */
  readonly chooseAsDefault: Action | null
}

const verdicts: Readonly<Record<ReturnType<typeof choiceVerdict>, Blocked | null>> = {
  enterable: null,
  newDefault: null,
  /** A row on screen is listed. */
  unknown: null,
  closed: 'workspaceClosed',
  notEligible: 'workspaceNotEligible',
}

export function workspaceScreen(snapshot: SnapshotFrom<typeof workspaceMachine>): WorkspaceScreen {
  const { isRead, newDefault, route, unreadableRows, workspaces } = snapshot.context
  const screen = stepScreen('workspace', snapshot, { aimHolds: route !== null })
  const blocked = blockedOnScreen(screen, false)
  const verdictOn = choicesAmong(workspaces)
  const hasDefault = !lacks(snapshot.machine, 'setDefaultWorkspace')
  return {
    isRead,
    rows: workspaces.map((workspace): WorkspaceRow => {
      const { workspaceBizId, isDefault } = workspace
      const verdict = (makeDefault: boolean) => verdicts[verdictOn({ workspaceBizId, makeDefault })]
      return {
        isPending: isAtWork(screen.status) && newDefault === workspaceBizId,
        choose: {
          owner: 'workspace',
          event: { type: 'workspace.choose', workspaceBizId },
          blocked: blocked ?? verdict(false),
        },
        chooseAsDefault: hasDefault
          ? {
              owner: 'workspace',
              event: { type: 'workspace.choose', workspaceBizId, makeDefault: true },
              blocked: blocked ?? verdict(true) ?? (isDefault ? 'alreadyDefault' : null),
            }
          : null,
        ...workspace,
      }
    }),
    unreadableRows,
    route,
    ...screen,
  }
}
