import { isInOwnNetwork, isPrivate, rangeOf, readRange, unseenBits } from '../../src/domain/ip-address.ts'
import { readEntry } from '../../src/domain/ip-notation.ts'
import type { Assessment, DraftRow, EntryVerdict } from '../../src/domain/ip-whitelist.ts'

/** What a list is judged by, beside its lines. */
interface Ground {
  readonly unreadable: readonly string[]
  readonly currentAddress: string | null
  readonly otherAddresses: readonly string[]
}

const WIDTHS: Readonly<Record<string, number>> = { '4': 32, '6': 128 }
const familyOf = (bits: string) => bits.charAt(0)
const outermost = (bits: readonly string[]) =>
  [...new Set(bits)].filter((one) => !bits.some((other) => other !== one && one.startsWith(other)))
const publicFamilies = (bits: readonly string[]) =>
  new Set(bits.filter((one) => !isPrivate(rangeOf(one))).map(familyOf))
const bitsOf = (text: string) => readRange(text)?.bits ?? []

/**
 * The rules as they are written down: each line is held against each other one. What the draft does not go through again must come to
 * the same.
 */
export function judgedPlainly(
  lines: readonly { readonly id: string; readonly value: string }[],
  { unreadable, currentAddress, otherAddresses }: Ground,
): { readonly draft: readonly DraftRow[]; readonly assessment: Assessment } {
  const read = lines.map((line) => {
    const stored = unreadable.findLast((entry) => entry.trim() === line.value.trim())
    return { ...line, ...(stored === undefined ? readEntry(line.value) : { notation: null, ranges: [], stored }) }
  })
  const listed = read.flatMap(({ ranges }) => ranges.map(({ bits }) => bits))
  const outer = outermost(listed)
  const isHeld = (family: string) =>
    outermost([...outer, ...unseenBits])
      .filter((bits) => familyOf(bits) === family)
      .reduce((size, bits) => size + 2n ** BigInt((WIDTHS[family] ?? 0) - bits.length + 1), 0n) ===
    2n ** BigInt(WIDTHS[family] ?? 0)
  const whole = Object.keys(WIDTHS).filter(isHeld)
  const own = currentAddress === null ? null : readRange(currentAddress)
  const verdictOn = (at: number): EntryVerdict => {
    const { notation, ranges = [] } = read[at] ?? {}
    if (notation === null || notation === undefined) return 'unreadable'
    if (ranges.length === 0) return notation
    const earlier = read.slice(0, at).flatMap((line) => line.ranges.map(({ bits }) => bits))
    if (ranges.some(({ bits }) => bits.length === 1)) return 'everything'
    if (ranges.every(({ bits }) => earlier.includes(bits))) return 'duplicate'
    if (ranges.every(({ bits }) => earlier.includes(bits) || !outer.includes(bits))) return 'covered'
    if (ranges.some((range) => whole.includes(familyOf(range.bits)) && !isPrivate(range))) return 'everything'
    if (own !== null && isInOwnNetwork(own) && ranges.every(({ bits }) => bits === own.bits)) return 'temporary'
    if (notation !== 'address' && notation !== 'range') return notation
    return ranges.every(isPrivate) ? 'private' : notation
  }
  const draft = read.map(({ id, value, ranges, ...line }, at) => ({
    id,
    value,
    normalized: 'stored' in line ? line.stored : ranges.map(({ normalized }) => normalized).join(', ') || null,
    verdict: verdictOn(at),
  }))
  const verdicts = draft.map(({ verdict }) => verdict)
  const families = publicFamilies(listed)
  const isOtherUsed = [...publicFamilies(otherAddresses.flatMap(bitsOf))].some((family) => !families.has(family))
  const isKnown = own !== null && !isPrivate(own)
  return {
    draft,
    assessment: {
      lockout: !isKnown ? 'unknown' : listed.some((bits) => own.bits.startsWith(bits)) ? 'covered' : 'notCovered',
      currentAddress,
      validCount: new Set(listed).size,
      warnings: [
        ...(verdicts.includes('temporary') ? (['temporaryAddress'] as const) : []),
        ...(families.size === 1 && isOtherUsed ? (['otherFamily'] as const) : []),
        ...(verdicts.includes('everything') ? (['everybody'] as const) : []),
      ],
      problems: draft.flatMap(({ id, verdict }) =>
        verdict === 'address' || verdict === 'range' ? [] : { id, verdict },
      ),
    },
  }
}
