/** The examples' words, held against what then happens. */
import fc from 'fast-check'
import { createMessages, germanMessages, isolated } from 'postlogin'
import { describe, expect, test } from 'vitest'
import {
  finishText,
  questionText,
  sessionDetails,
  timeLeft,
  waitText,
  workspaceText,
} from '../../examples/shared/words.ts'
import { timeText } from '../../examples/terminal/wording.ts'
import { failure } from '../../src/domain/failure.ts'
import { play, scenes, type Visitor } from './scenes.ts'

/** What may come of it where a change is in force once “Continue” is clicked; to put it back may need an answer first. */
const endsFor: Readonly<Record<string, readonly string[]>> = {
  'Undo the change and continue': ['left, put back', 'asked'],
  'Continue, leave the change as it is': ['left, as it is'],
  'Back to the change': ['asked'],
}

function endOf({ flow, screen }: Visitor) {
  const shown = screen()
  if (shown.name === 'ipWhitelist') return shown.question === null ? 'stuck' : 'asked'
  return flow.getSnapshot().context.unconfirmedChange === null ? 'left, put back' : 'left, as it is'
}

describe.each(Object.entries(scenes))('%s', (_, scene) => {
  test('has a button to go on that says what becomes of a change', async () => {
    const visitor = await play(scene)
    const shown = visitor.screen()
    if (shown.name !== 'ipWhitelist' || shown.unconfirmedChange === null || shown.finish.blocked !== null) return
    await visitor.click(shown.finish)
    expect(endsFor[finishText(shown)]).toContain(endOf(visitor))
  })
})

describe('a question about the whitelist', () => {
  const asked = async (name: string) => {
    const { on } = await play(scenes[name] ?? { input: {} })
    return questionText(on('ipWhitelist'))
  }

  test.each([
    ['the question whether the risk is taken', 'Save a list that may lock you out?'],
    ['the question whether the change is kept', 'Keep this change?'],
    ['the question whether a change is kept that does not let the user in', 'This change would lock you out'],
    ['the question whether a change is kept from where nobody knows', 'Keep a list that may lock you out?'],
    ['the question whether a change is undone from where nobody knows', 'Go back to a list that may lock you out?'],
  ])('%s is put as “%s”', async (scene, title) => {
    expect((await asked(scene))?.title).toBe(title)
  })

  test('has the time on it for as long as a change is undone by itself', async () => {
    const timed = [
      'the question whether the change is kept',
      'the question whether a change is kept from where nobody knows',
      'another list in the place of a change, from where nobody knows',
    ]
    for (const scene of timed) expect((await asked(scene))?.endsAt, scene).toEqual(expect.any(Number))
    const untimed = [
      'the question whether the risk is taken',
      'the question whether a change is undone from where nobody knows',
      'a change that is not undone by itself, for that would lock the user out',
    ]
    for (const scene of untimed) expect((await asked(scene))?.endsAt, scene).toBeNull()
  })

  test('makes that answer stand out which does no harm', async () => {
    const looks = async (name: string) => {
      const text = await asked(name)
      return [text?.confirmLook, text?.cancelLook]
    }
    expect(await looks('the question whether the change is kept')).toEqual(['primary', 'plain'])
    expect(await looks('the question whether a change is kept that does not let the user in')).toEqual([
      'plain',
      'primary',
    ])
    expect(await looks('the question whether the risk is taken')).toEqual(['danger', 'plain'])
  })

  test('names the list that it is about, and of a long one the beginning', async () => {
    const theList = `${isolated('203.0.113.10')}, ${isolated('198.51.100.0/24')}`
    const { on, click } = await play(
      scenes['the question whether a change is kept from where nobody knows'] ?? { input: {} },
    )
    expect(questionText(on('ipWhitelist'))?.text).toContain(`The list: ${theList}.`)
    await click(on('ipWhitelist').question?.cancel ?? on('ipWhitelist').retry)
    await click(on('ipWhitelist').replace, { values: Array.from({ length: 7 }, (_, i) => `192.0.2.${i}`) })
    expect(questionText(on('ipWhitelist'))?.text).toContain(`In force: ${theList}.`)
    await click(on('ipWhitelist').save)
    expect(questionText(on('ipWhitelist'))?.text).toContain(`${isolated('192.0.2.4')}, and 2 more.`)
  })
})

describe('a number that is no time', () => {
  const numbers = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.constantFrom(0, -1, 8.64e15, 8.64e15 + 1, 9e15, -9e15, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE),
  )

  test('breaks no text: whatever number is given, each has something to say', () => {
    const texts = [createMessages(), createMessages({}, germanMessages)]
    const session = {
      sessionId: 'S',
      clientIp: null,
      isCurrent: false,
      isPending: false,
      isQueued: false,
      dequeue: null,
      isNotEnded: false,
    }
    const terminate = { owner: 'sessions', event: { type: 'session.terminate' }, blocked: null } as const
    fc.assert(
      fc.property(numbers, numbers, (at, now) => {
        for (const { failureText, hintText } of texts) {
          for (const effect of ['none', 'done', 'unknown'] as const) {
            expect(failureText(failure({ kind: 'rateLimited', code: 'X', retryAt: at, effect }))).not.toMatch(/NaN/)
          }
          expect(hintText({ kind: 'skewed', offsetMs: at })).not.toBe('')
        }
        expect(sessionDetails({ ...session, terminate, lastActiveAt: at })).toMatch(/^an unknown address/)
        expect(timeText(at, now)).not.toBe('')
        expect(timeLeft(at, now)).not.toBe('')
        expect(waitText(at, now)).not.toBe('')
      }),
      { numRuns: 1000 },
    )
  })
})

describe('what cannot be read', () => {
  test.each([
    [0, '', ''],
    [1, 'This list has one row that could not be read and is not shown.', 'In dieser Liste fehlt ein Eintrag, der'],
    [2, 'This list has 2 rows that could not be read and are not shown.', 'In dieser Liste fehlen 2 Einträge, die'],
  ])('is counted, in the singular and the plural: %i', (count, english, german) => {
    expect(createMessages().unreadableRowsText(count)).toContain(english)
    expect(createMessages({}, germanMessages).unreadableRowsText(count)).toContain(german)
    if (count === 0) expect(createMessages().unreadableRowsText(count)).toBe('')
  })

  test.each([
    ['Acme', 'WS_1', isolated('Acme')],
    ['', 'WS_1', isolated('WS_1')],
    ['', null, 'A workspace without a name'],
  ])('a workspace named %j, with the id %j, is “%s”', (workspaceName, workspaceBizId, text) => {
    expect(workspaceText({ workspaceName, workspaceBizId })).toBe(text)
  })
})
