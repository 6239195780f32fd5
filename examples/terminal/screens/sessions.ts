import type { SessionsScreen } from 'postlogin'
import * as words from '../../shared/words.ts'
import { type Content, type Scene, way, whyNot } from './screen.ts'

export const sessionsContent = ({ rows, terminateOthers }: SessionsScreen, scene: Scene): Content => ({
  lines: rows.flatMap((row) => [
    words.sessionText(row),
    `  ${words.sessionDetails(row)}${row.isCurrent ? ', this one' : ''}`,
    whyNot('Cannot be ended alone', row.terminate),
  ]),
  ways: [
    way(scene, 'others', 'End all others', terminateOthers),
    ...rows.map((row) =>
      way(
        scene,
        `end ${row.sessionId}`,
        `End ${words.quoted(words.sessionText(row))} at ${words.addressText(row)}`,
        row.terminate,
      ),
    ),
  ],
})
