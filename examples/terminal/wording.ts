import type { Route } from 'postlogin'
import * as words from '../shared/words.ts'
import { texts } from './words.ts'

/** Where to go, in words; `names` gives a workspace's name where it is known. */
export const routeText = (route: Route, names: ReadonlyMap<string, string>): string =>
  words.routeText(route, (id) => (names.has(id) ? `${names.get(id)} (${id})` : id))

/** Text from outside, without what a terminal would obey or what turns the reading direction round. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')

const WIDE =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Emoji_Presentation}\\u3000-\\u30ff\\uff01-\\uff60'
const wide = new RegExp(`[${WIDE}]`, 'u')
const narrow = /[\uff61-\uffdc]/u
const combining = /\p{M}/u

/** In columns of a terminal, where a character of Chinese or Japanese takes two, and an accent none. */
export const widthOf = (text: string): number => [...text].reduce((width, character) => width + columnsOf(character), 0)

function columnsOf(character: string): number {
  if (combining.test(character)) return 0
  return wide.test(character) && !narrow.test(character) ? 2 : 1
}

/** As wide as a column, cut with an ellipsis or filled up. */
export function column(text: string, width: number): string {
  const whole = plain(text)
  const shown = widthOf(whole) > width ? `${startOf(whole, width - 1)}…` : whole
  return shown + ' '.repeat(width - widthOf(shown))
}

/** As much of it as fits. */
function startOf(text: string, width: number): string {
  let start = ''
  for (const character of text) {
    if (widthOf(start + character) > width) break
    start += character
  }
  return start
}

/** A word, or a wide character with the punctuation that must not begin a line, and the spaces before it. */
const piece = new RegExp(`( *)([${WIDE}][、。，；：！？）」』”]*|[^ ${WIDE}]+[、。，；：！？）」』”]*)`, 'gu')

/** In lines of no more than `width` columns, broken at spaces and between wide characters. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const [, spaces = '', word = ''] of text.matchAll(piece)) {
    if (line === '') line = word
    else if (widthOf(line + spaces + word) <= width) line += spaces + word
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

const clockTime = new Intl.DateTimeFormat(words.locale, { timeStyle: 'medium' })
const dayAndTime = new Intl.DateTimeFormat(words.locale, { dateStyle: 'medium', timeStyle: 'short' })

/** The time, with the day where it is not within the next or last twelve hours; `never` for one that no calendar has. */
export function timeText(at: number, now: number): string {
  if (Number.isNaN(new Date(at).getTime())) return texts.never
  return (Math.abs(at - now) < 12 * 3_600_000 ? clockTime : dayAndTime).format(at)
}
