import type { WorkspaceScreen } from 'postlogin'
import { labels, leads, named, quoted, workspaceText } from '../../shared/words.ts'
import { column, routeText } from '../wording.ts'
import { type Content, type Scene, way, whyNot } from './screen.ts'

export function workspaceContent({ rows, route, status }: WorkspaceScreen, scene: Scene): Content {
  const names = new Map(rows.map((row) => [row.workspaceBizId, workspaceText(row)]))
  return {
    lines: [
      ...rows.flatMap((row) => [
        `${column(workspaceText(row), 24)}  ${row.workspaceBizId}${row.isDefault ? `  ${labels.default}` : ''}`,
        row.chooseAsDefault && whyNot(quoted(workspaceText(row)), row.chooseAsDefault),
      ]),
      route === null ? status === 'resting' && leads.workspace : routeText(route, names),
    ],
    ways: rows.flatMap((row) => [
      way(scene, `choose ${row.workspaceBizId}`, named.enter(quoted(workspaceText(row))), row.choose),
      row.chooseAsDefault &&
        way(
          scene,
          `chooseAsDefault ${row.workspaceBizId}`,
          named.makeDefault(quoted(workspaceText(row))),
          row.chooseAsDefault,
        ),
    ]),
  }
}
