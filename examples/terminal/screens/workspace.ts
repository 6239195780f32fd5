import type { Workspace, WorkspaceEvent, workspaceMachine } from 'postlogin'
import type { SnapshotFrom } from 'xstate'
import { column, plain, routeText } from '../wording.ts'
import { failureLines, type Look, type Screen, stoppedScreen, type Way, waysOut } from './screen.ts'

export function workspaceScreen(
  snapshot: SnapshotFrom<typeof workspaceMachine>,
  send: (event: WorkspaceEvent) => void,
  look: Look,
): Screen {
  const view = { name: 'workspace', snapshot, send }
  const stopped = stoppedScreen(view, look)
  if (stopped !== null) return stopped

  const { workspaces, route } = snapshot.context
  const choices = workspaces.filter(({ enterable }) => enterable).map((workspace) => chooseWay(workspace, send))
  const refresh: Way = { key: 'refresh', label: 'Read the workspaces again', take: () => send({ type: 'retry' }) }
  const lines = [...workspaces.map(rowOf), ...failureLines(snapshot.context)]
  if (route === null) {
    return {
      name: 'workspace.choosing',
      lines: [...lines, 'Which one do you want to enter?'],
      ways: [...choices, refresh, ...waysOut(view, { isAimReached: false, finish: 'Go on without choosing' })],
    }
  }
  const names = new Map(workspaces.map(({ workspaceBizId, workspaceName }) => [workspaceBizId, workspaceName]))
  return {
    name: 'workspace.routed',
    lines: [...lines, `The way leads to ${routeText(route, names)}.`],
    ways: [
      { key: 'finish', label: 'Go there', take: () => send({ type: 'step.finish' }) },
      ...choices,
      refresh,
      { key: 'skip', label: 'Skip this step', take: () => send({ type: 'step.skip' }) },
    ],
  }
}

const rowOf = ({ defaultEligible, enterable, isDefault, workspaceBizId, workspaceName }: Workspace) => {
  const notes = [
    isDefault ? 'default' : '',
    enterable ? '' : 'cannot be entered',
    defaultEligible || isDefault ? '' : 'cannot be the default',
  ].filter((note) => note !== '')
  return `${column(workspaceName, 24)}  ${column(workspaceBizId, 16)}  ${notes.join(', ')}`.trimEnd()
}

function chooseWay(workspace: Workspace, send: (event: WorkspaceEvent) => void): Way {
  const { defaultEligible, isDefault, workspaceBizId } = workspace
  return {
    key: `choose ${workspaceBizId}`,
    label: `Enter ${plain(workspace.workspaceName)}`,
    async take(ask) {
      if (isDefault || !defaultEligible) return send({ type: 'workspace.choose', workspaceBizId })
      const answer = await ask.choose({
        name: 'workspace.makeDefault',
        message: 'Make it the default workspace as well?',
        choices: [
          { key: 'no', label: 'No' },
          { key: 'yes', label: 'Yes' },
        ],
      })
      send({ type: 'workspace.choose', workspaceBizId, makeDefault: answer === 'yes' })
    },
  }
}
