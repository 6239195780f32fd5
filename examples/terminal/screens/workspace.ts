import type { WorkspaceScreen } from 'postlogin'
import { column, routeText } from '../wording.ts'
import { type Content, type Scene, way, whyNot } from './screen.ts'

export function workspaceContent({ rows, route, status }: WorkspaceScreen, scene: Scene): Content {
  const names = new Map(rows.map(({ workspaceBizId, workspaceName }) => [workspaceBizId, workspaceName]))
  return {
    lines: [
      ...rows.flatMap(({ workspaceBizId, workspaceName, isDefault, chooseAsDefault }) => [
        `${column(workspaceName, 24)}  ${workspaceBizId}${isDefault ? '  Default' : ''}`,
        whyNot(workspaceName, chooseAsDefault),
      ]),
      route === null
        ? status === 'resting' && 'Which one do you want to enter?'
        : `The way leads to ${routeText(route, names)}.`,
    ],
    ways: rows.flatMap(({ workspaceBizId: id, workspaceName: name, choose, chooseAsDefault }) => [
      way(scene, `choose ${id}`, `Enter ${name}`, choose),
      way(scene, `chooseAsDefault ${id}`, `Enter ${name}, and make it my default`, chooseAsDefault),
    ]),
  }
}
