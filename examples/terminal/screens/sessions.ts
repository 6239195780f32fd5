import type { SessionsScreen } from 'postlogin'
import * as words from '../../shared/words.ts'
import { type Content, type Scene, way, whyNot } from './screen.ts'

export const sessionsContent = (
  { rows, notice, terminateOthers, dequeueOthers }: SessionsScreen,
  scene: Scene,
): Content => ({
  lines: [
    notice && words.messages.noticeText(notice),
    ...rows.flatMap((row) => [
      words.sessionText(row),
      `  ${words.sessionDetails(row)}${row.isCurrent ? ', this one' : ''}`,
      whyNot('Cannot be ended alone', row.terminate),
    ]),
  ],
  ways: [
    way(scene, 'others', 'End all others', terminateOthers),
    dequeueOthers && way(scene, 'dequeue others', words.labels.takeBackOthers, dequeueOthers),
    ...rows.map(
      (row) =>
        row.dequeue &&
        way(scene, `dequeue ${row.sessionId}`, words.named.takeBack(words.quoted(words.sessionText(row))), row.dequeue),
    ),
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
