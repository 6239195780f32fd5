import type { SessionsScreen } from 'postlogin'
import * as words from '../../shared/words.ts'
import { texts } from '../words.ts'
import { type Content, type Scene, way, whyNot } from './screen.ts'

export const sessionsContent = (
  { rows, notice, terminateOthers, dequeueOthers }: SessionsScreen,
  scene: Scene,
): Content => ({
  lines: [
    notice && words.messages.noticeText(notice),
    ...rows.flatMap((row) => [
      words.sessionText(row),
      `  ${words.sessionDetails(row)}${row.isCurrent ? words.comma + words.labels.thisOne : ''}`,
      whyNot(texts.notAlone, row.terminate),
    ]),
  ],
  ways: [
    way(scene, 'others', words.labels.endOthers, terminateOthers),
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
        words.named.end(words.quoted(words.sessionText(row)) + words.comma + words.addressText(row)),
        row.terminate,
      ),
    ),
  ],
})
