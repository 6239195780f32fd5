import { readRange } from './ip-address.ts'
import { isNoClient, readEntry } from './ip-notation.ts'
import { type DraftRow, judgeEntries } from './ip-whitelist.ts'

/**
 * Splits pasted text into whitelist entries, each with its verdict and with what would be saved of it. They are judged
 * as one list. Text that is no entry stays in the result as one that cannot be saved, so nothing is lost unseen. The
 * rules:
 *
 * - An entry ends at the end of the line, at a comma, a semicolon or a tab; at a space only where everything between
 *   the spaces is an entry.
 * - `#` and `//` start a comment, and so does `;` at the start of a line. Any other `;` starts one unless something
 *   behind it on that line is an entry or is shaped like one; then it stands between entries.
 * - Invisible characters drop out, and so do the quotes and brackets around an entry, bullets, the dot behind it, and
 *   `allow` and `deny all` of nginx and Apache. Any other word makes the entry one that cannot be saved.
 * - A mask belongs to the address before it, whatever stands between the two.
 * - Of a geofeed (RFC 8805: `prefix,country,region,city,`) the first column counts. Of JSON, even an excerpt, only
 *   those texts count that are entries.
 *
 * @example
 * ```ts
 * splitEntries('203.0.113.10, 198.51.100.0/24 # office').map(({ normalized }) => normalized) // => ['203.0.113.10', '198.51.100.0/24']
 * splitEntries('somewhere')[0] // => { value: 'somewhere', normalized: null, verdict: 'notAnAddress' }
 * ```
 */
export function splitEntries(text: string): readonly Omit<DraftRow, 'id'>[] {
  const visible = text.replace(/\p{Cf}/gu, '').replaceAll('\\/', '/')
  const values = JSON_OBJECT.test(visible) ? readJson(visible) : visible.split(LINE_END).flatMap(readLine)
  return judgeEntries(values.map((value) => ({ id: '', value }))).map(({ id: _, ...entry }) => entry)
}

/** The first word is a key. */
const JSON_OBJECT = /^[\s[{,]*"[^"\r\n]*"\s*:/
/** With the colon after it, if it is a key. */
const JSON_TEXT = /"((?:[^"\\\r\n]|\\.)*)(?:"(\s*:)?)?/g

function readJson(text: string): string[] {
  const texts = [...text.matchAll(JSON_TEXT)].flatMap(([, said = '', colon]) => (colon === undefined ? said : []))
  return texts.flatMap(readLine).filter((value) => isEntry(value) && !isNoClient(value))
}

const LINE_END = /[\n\v\f\r\u0085\u2028\u2029]/
const COMMENT = /^\s*;|#|(?<!:)\/\//
/** Here and below, also as typed on Arabic, Chinese, and Japanese keyboards. */
const COMMA = /[,،，、]/
const SEMICOLON = /[;；؛]/
const SEPARATOR = /[\t,،，、;；؛]/

function readLine(line: string): string[] {
  const [said = ''] = line.split(COMMENT, 1)
  const [first = '', ...rest] = said.split(SEMICOLON)
  const listed = rest.some(isMeantAsEntry) ? said : first
  const place = geofeedPlace(listed)
  return place === null ? withMasks(listed.split(SEPARATOR).flatMap(readField)) : [place]
}

const isMeantAsEntry = (text: string) =>
  readField(text).some((value) => isEntry(value) || SHAPED_LIKE_ENTRY.test(value))

/** Only characters of addresses, with a dot or a colon among them. */
const SHAPED_LIKE_ENTRY = /^[\da-f]*[.:][\da-f.:/*-]*$/i

/** The prefix of a line of a geofeed; null for any other line. */
function geofeedPlace(line: string): string | null {
  const [place = '', country = '', region = '', ...rest] = line.split(COMMA, GEOFEED_COLUMNS + 1).map(bare)
  const isGeofeed = COUNTRY.test(country) && REGION.test(region) && rest.length < 3
  return isGeofeed && readRange(place) !== null && rest.every((column) => entryIn(column) === null) ? place : null
}

const GEOFEED_COLUMNS = 5
const COUNTRY = /^[a-z]{2}$/i
const REGION = /^(?:[a-z]{2}-[a-z\d]{1,3})?$/i

/** The text between two separators: usually one entry or none. */
function readField(field: string): string[] {
  const text = bare(field)
  // A list of who may sign in implies that everybody else may not.
  if (text === '' || DENY_ALL.test(text)) return []
  const entry = entryIn(text)
  if (entry !== null) return [entry]
  const words = text.replace(ALLOWING, '').split(' ').map(entryIn)
  return words.every((word): word is string => word !== null && !isNoClient(word)) ? words : [text]
}

const isEntry = (text: string) => readEntry(text).notation !== 'notAnAddress'

/** The entry in a text, without what surrounds it; null if it is no entry. */
function entryIn(text: string): string | null {
  const entry = bare(text)
    .replace(ALLOWING, '')
    .replace(AFTER_WITH_DOTS, '')
    .replace(/ ?\/ ?/, '/')
  return isEntry(entry) ? entry : null
}

const BULLET = /^[-*•‣◦·–—] /
/** Brackets are dropped like quotes, except those before a port. */
const BEFORE = /^(?!\[[^\]]*\]:)[ "'`´＂＇\p{Ps}\p{Pe}\p{Pi}\p{Pf}]+/u
const AFTER = /(?<![ "'`´＂＇\p{Ps}\p{Pe}\p{Pi}\p{Pf}])[ "'`´＂＇\p{Ps}\p{Pe}\p{Pi}\p{Pf}]+$/u
const AFTER_WITH_DOTS = /(?<![. "'`´＂＇\p{Ps}\p{Pe}\p{Pi}\p{Pf}])[. "'`´＂＇\p{Ps}\p{Pe}\p{Pi}\p{Pf}]+$/u
const ALLOWING = /^(?:allow(?: from)?|require ip) /i
const DENY_ALL = /^deny (?:from )?all$/i

const bare = (text: string) =>
  text.replace(/\s+/g, ' ').trim().replace(BULLET, '').replace(BEFORE, '').replace(AFTER, '')

/** The values, with each mask joined to the address before it. */
function withMasks(values: readonly string[]): string[] {
  const found: string[] = []
  for (const value of values) {
    const address = isNoClient(value) ? found.pop() : undefined
    found.push(address === undefined ? value : `${address} ${value}`)
  }
  return found
}
