import { type AddressRange, isPrivate, rangeOf, unseenBits } from './ip-address.ts'
import type { ReadEntry } from './ip-notation.ts'

export const FAMILIES = ['4', '6'] as const
export type Family = (typeof FAMILIES)[number]
export const familyOf = ({ bits }: Pick<AddressRange, 'bits'>) => bits.charAt(0) as Family

/** A line of a list, as it was read; a text where only the portal can read it. One further down has a higher number. */
export interface Line {
  readonly number: number
  readonly read: ReadEntry | string
}

const rangesIn = ({ read }: Line): readonly AddressRange[] => (typeof read === 'string' ? [] : read.ranges)

const textIn = ({ read }: Line) => (typeof read === 'string' ? read : [])

/** A range with the line that names it. */
interface Place {
  readonly bits: string
  readonly range: AddressRange
  readonly line: Line
}

const placesOf = (line: Line): Place[] => rangesIn(line).map((range) => ({ bits: range.bits, range, line }))

/**
 * How the entries of a list relate to each other. Of a list with one line more or less it is made from that of the list before: what is
 * sorted is searched by halves, and only copied.
 */
export interface Survey {
  readonly lines: readonly Line[]
  /** Those of the lines that only the portal can read. */
  readonly texts: readonly string[]
  /** In the order of their bits, so that what lies within a range follows it; those of the same bits in the order of their lines. */
  readonly places: readonly Place[]
  /** How many different ranges there are. */
  readonly rangeCount: number
  /** The ranges that lie within no other, in the order of their bits. */
  readonly outer: readonly AddressRange[]
  readonly held: Readonly<Record<Family, Holding>>
}

/** What the outer ranges of a family come to. They do not overlap, so their sizes add up. */
interface Holding {
  /** How many addresses they hold that anybody can have. */
  readonly size: bigint
  /** How many of them are not private. */
  readonly publicCount: number
}

const NOTHING: Holding = { size: 0n, publicCount: 0 }
const EMPTY: Survey = {
  lines: [],
  texts: [],
  places: [],
  rangeCount: 0,
  outer: [],
  held: { '4': NOTHING, '6': NOTHING },
}

export function surveyOf(lines: readonly Line[]): Survey {
  const places = lines.flatMap(placesOf).sort((a, b) => (a.bits < b.bits ? -1 : a.bits > b.bits ? 1 : 0))
  const rangeCount = places.filter(({ bits }, at) => bits !== places[at - 1]?.bits).length
  return { ...withOuter(EMPTY, '', outermost(places)), lines, texts: lines.flatMap(textIn), places, rangeCount }
}

export const withLine = (survey: Survey, line: Line): Survey =>
  placesOf(line).reduce(withPlace, {
    ...survey,
    lines: [...survey.lines, line],
    texts: typeof line.read === 'string' ? [...survey.texts, line.read] : survey.texts,
  })

/** What the list would hold with one line more, which is not among its lines: enough to judge that one, and nothing is copied. */
export function holdingLine(survey: Survey, line: Line): Survey {
  const free = rangesIn(line).filter(({ bits }) => holderOf(survey, bits) === undefined)
  const held = heldWith(
    survey,
    free.flatMap(({ bits }) => within(survey.outer, bits)),
    free,
  )
  return { ...survey, held }
}

export const withoutLine = (survey: Survey, line: Line): Survey =>
  placesOf(line).reduce(withoutPlace, {
    ...survey,
    lines: replaced(survey.lines, positionOf(survey, line), 1, []),
    texts:
      typeof line.read === 'string' ? replaced(survey.texts, survey.texts.indexOf(line.read), 1, []) : survey.texts,
  })

/** Which line of the list it is, counted from 0. */
export const positionOf = ({ lines }: Survey, line: Line) => countOf(lines, ({ number }) => number < line.number)

/** The first line that names this range; undefined where none does. */
export function firstWith({ places }: Survey, bits: string): Line | undefined {
  const place = places[countOf(places, (one) => one.bits < bits)]
  return place?.bits === bits ? place.line : undefined
}

/** The outer range that holds this one, or is the same; undefined where none does. */
export const holderOf = ({ outer }: Pick<Survey, 'outer'>, bits: string): AddressRange | undefined => {
  const nearest = outer[countOf(outer, (one) => one.bits <= bits) - 1]
  return nearest !== undefined && bits.startsWith(nearest.bits) ? nearest : undefined
}

/** Do the ranges of this family hold each address of it that anybody can have? */
export const isWhole = ({ held }: Survey, family: Family) => held[family].size === SEEN[family]

/** The lines whose relation to others is not what it was when this line was not there, or was there still. */
export function linesTouched(before: Survey, after: Survey, line: Line): readonly Line[] {
  const families = FAMILIES.filter((family) => isWhole(before, family) !== isWhole(after, family))
  if (families.length > 0) return after.lines
  const ranges = rangesIn(line).flatMap(({ bits }) => [
    { bits },
    ...within(before.outer, bits),
    ...within(after.outer, bits),
  ])
  return [...new Set(ranges.flatMap(({ bits }) => firstWith(after, bits) ?? []))]
}

function withPlace(survey: Survey, place: Place): Survey {
  const { bits, range } = place
  const at = countOf(survey.places, (one) => one.bits <= bits)
  const places = replaced(survey.places, at, 0, [place])
  if (survey.places[at - 1]?.bits === bits) return { ...survey, places }
  const found = { ...survey, places, rangeCount: survey.rangeCount + 1 }
  return holderOf(survey, bits) === undefined ? withOuter(found, bits, [range]) : found
}

function withoutPlace(survey: Survey, { bits, line }: Place): Survey {
  const at = countOf(survey.places, (one) => one.bits < bits || (one.bits === bits && one.line.number < line.number))
  const found = { ...survey, places: replaced(survey.places, at, 1, []) }
  if (firstWith(found, bits) !== undefined) return found
  const rest = { ...found, rangeCount: survey.rangeCount - 1 }
  return holderOf(survey, bits)?.bits === bits ? withOuter(rest, bits, outermost(within(found.places, bits))) : rest
}

/** With these in the place of the outer ranges within `bits`. */
function withOuter(survey: Survey, bits: string, ranges: readonly AddressRange[]): Survey {
  const former = within(survey.outer, bits)
  const at = countOf(survey.outer, (one) => one.bits < bits)
  return {
    ...survey,
    outer: replaced(survey.outer, at, former.length, ranges),
    held: heldWith(survey, former, ranges),
  }
}

/** What is held once these outer ranges stand in the place of the former ones. */
function heldWith({ held }: Survey, former: readonly AddressRange[], ranges: readonly AddressRange[]): Survey['held'] {
  const tallies = { '4': { ...held['4'] }, '6': { ...held['6'] } }
  const tally = (range: AddressRange, sign: 1 | -1) => {
    const ofFamily = tallies[familyOf(range)]
    ofFamily.size += BigInt(sign) * seenSize(range.bits)
    ofFamily.publicCount += isPrivate(range) ? 0 : sign
  }
  for (const range of former) tally(range, -1)
  for (const range of ranges) tally(range, 1)
  return tallies
}

/** Those that lie within no other one. In the order of their bits, the others follow the widest that holds them. */
function outermost(places: readonly Pick<Place, 'bits' | 'range'>[]): AddressRange[] {
  const found: AddressRange[] = []
  for (const { bits, range } of places) {
    const widest = found.at(-1)
    if (widest === undefined || !bits.startsWith(widest.bits)) found.push(range)
  }
  return found
}

const UNSEEN = outermost([...unseenBits].sort().map((bits) => ({ bits, range: rangeOf(bits) })))
const WIDTHS: Readonly<Record<Family, number>> = { '4': 32, '6': 128 }

/** How many addresses of a range anybody can have. */
function seenSize(bits: string): bigint {
  if (holderOf({ outer: UNSEEN }, bits) !== undefined) return 0n
  return within(UNSEEN, bits).reduce((size, unseen) => size - sizeOf(unseen), sizeOf({ bits }))
}

const sizeOf = (range: Pick<AddressRange, 'bits'>) => 1n << BigInt(WIDTHS[familyOf(range)] - (range.bits.length - 1))

const SEEN: Readonly<Record<Family, bigint>> = { '4': seenSize('4'), '6': seenSize('6') }

/** Those that lie within these bits or are the same, of a list in the order of their bits. */
function within<Item extends { readonly bits: string }>(items: readonly Item[], bits: string): readonly Item[] {
  const start = countOf(items, (one) => one.bits < bits)
  const end = countOf(items, (one) => one.bits < bits || one.bits.startsWith(bits))
  return items.slice(start, end)
}

/** How many are before, in a list that begins with those. Searched by halves. */
function countOf<Item>(items: readonly Item[], isBefore: (item: Item) => boolean): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(items[middle] as Item)) low = middle + 1
    else high = middle
  }
  return low
}

/** A copy with `more` in the place of so many. */
export const replaced = <Item>(
  items: readonly Item[],
  at: number,
  count: number,
  more: readonly Item[],
): readonly Item[] => items.slice(0, at).concat(more, items.slice(at + count))
