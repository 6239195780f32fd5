import type { WorkspaceScreen } from 'postlogin'
import { quoted, workspaceText } from '../../shared/words.ts'
import { column, routeText } from '../wording.ts'
import { type Content, type Scene, way, whyNot } from './screen.ts'

export function workspaceContent({ rows, route, status }: WorkspaceScreen, scene: Scene): Content {
  const names = new Map(rows.map((row) => [row.workspaceBizId, workspaceText(row)]))
  return {
    lines: [
      ...rows.flatMap((row) => [
        `${column(workspaceText(row), 24)}  ${row.workspaceBizId}${row.isDefault ? '  Default' : ''}`,
        whyNot(quoted(workspaceText(row)), row.chooseAsDefault),
      ]),
      route === null
        ? status === 'resting' && 'Which one do you want to enter?'
        : `The way leads to ${routeText(route, names)}.`,
    ],
    ways: rows.flatMap((row) => [
      way(scene, `choose ${row.workspaceBizId}`, `Enter ${quoted(workspaceText(row))}`, row.choose),
      way(
        scene,
        `chooseAsDefault ${row.workspaceBizId}`,
        `Enter ${quoted(workspaceText(row))}, and make it my default`,
        row.chooseAsDefault,
      ),
    ]),
  }
}
