import {
  type Assessment,
  assessDraft,
  type DraftRow,
  entriesOf,
  type IpWhitelist,
  judgeEntries,
  judgeNext,
  normalForm,
  unreadableEntries,
  withoutRow,
  withRow,
} from './ip-whitelist.ts'
import { splitEntries } from './pasted-list.ts'
import type { SessionAddresses } from './session-addresses.ts'

/** A whitelist that is being edited, judged as a whole after every change. */
export interface WhitelistDraft {
  /** The rows of the editor. */
  readonly draft: readonly DraftRow[]
  /** What the draft would do if it were in force. */
  readonly assessment: Assessment
  /** The portal's entries that cannot be read here. They are sent back unchanged. */
  readonly unreadable: readonly string[]
  /** Where the user's other sessions come from, as far as that can be read. */
  readonly otherAddresses: readonly string[]
  /** How many rows were made so far. Numbers the next row, so that no ID is used twice. */
  readonly rowsMade: number
}

type Lines = readonly { readonly id: string; readonly value: string }[]

/** What a draft is judged by. It may change between edits. */
interface Ground extends Pick<WhitelistDraft, 'unreadable' | 'otherAddresses'> {
  readonly currentAddress: string | null
}

const groundOf = ({ assessment, unreadable, otherAddresses }: WhitelistDraft): Ground => ({
  currentAddress: assessment.currentAddress,
  unreadable,
  otherAddresses,
})

const judged = (lines: Lines, rowsMade: number, ground: Ground): WhitelistDraft =>
  assessed(judgeEntries(lines, ground), rowsMade, ground)

const assessed = (
  draft: readonly DraftRow[],
  rowsMade: number,
  { currentAddress, unreadable, otherAddresses }: Ground,
): WhitelistDraft => ({
  draft,
  rowsMade,
  unreadable,
  otherAddresses,
  assessment: assessDraft(draft, currentAddress, otherAddresses),
})

const rowId = (number: number) => `row-${number}`
const numbered = (values: readonly string[], rowsMade: number): Lines =>
  values.map((value, index) => ({ id: rowId(rowsMade + index + 1), value }))

export const emptyDraft: WhitelistDraft = judged([], 0, { currentAddress: null, unreadable: [], otherAddresses: [] })

export const withEntries = (draft: WhitelistDraft, values: readonly string[]): WhitelistDraft =>
  judged(numbered(values, draft.rowsMade), draft.rowsMade + values.length, groundOf(draft))

export function withEntry(draft: WhitelistDraft, value: string): WhitelistDraft {
  const ground = groundOf(draft)
  const rowsMade = draft.rowsMade + 1
  return assessed(withRow(draft.draft, { id: rowId(rowsMade), value }, ground), rowsMade, ground)
}

export function withoutEntry(draft: WhitelistDraft, id: string): WhitelistDraft {
  const ground = groundOf(draft)
  return assessed(withoutRow(draft.draft, id, ground), draft.rowsMade, ground)
}

/** A pasted list is added at the end. */
export function withPasted(draft: WhitelistDraft, text: string): WhitelistDraft {
  const values = splitEntries(text).map(({ value }) => value)
  const lines = [...draft.draft, ...numbered(values, draft.rowsMade)]
  return judged(lines, draft.rowsMade + values.length, groundOf(draft))
}

/** The same draft, now that the portal has listed these entries. */
export const beside = (draft: WhitelistDraft, { entries }: IpWhitelist): WhitelistDraft =>
  on(draft, { ...groundOf(draft), unreadable: unreadableEntries(entries) })

/** The same draft, now that the portal has told where the user is signed in from. */
export const withAddresses = (draft: WhitelistDraft, { current, others }: SessionAddresses): WhitelistDraft =>
  on(draft, { ...groundOf(draft), currentAddress: current, otherAddresses: others })

/** What the draft is judged by. */
export const addressesIn = ({ assessment, otherAddresses }: WhitelistDraft): SessionAddresses => ({
  current: assessment.currentAddress,
  others: otherAddresses,
})

/** The same rows, judged again if the result could differ. */
const on = (draft: WhitelistDraft, ground: Ground): WhitelistDraft =>
  JSON.stringify(ground) === JSON.stringify(groundOf(draft)) ? draft : judged(draft.draft, draft.rowsMade, ground)

/**
 * The verdict that a typed entry would get if it were added to the draft now. It adds nothing. Pass the draft's
 * assessment as well, so that it knows the user's address. What is found out about the rows is kept for the next key: pass
 * other rows in an array of their own.
 *
 * @example
 * ```ts
 * previewEntry([], '198.51.100.7/24') // => { verdict: 'hostBits', normalized: '198.51.100.0/24' }
 * ```
 */
export const previewEntry = (
  draft: readonly DraftRow[],
  value: string,
  assessment: Pick<Assessment, 'currentAddress'> = { currentAddress: null },
): Pick<DraftRow, 'verdict' | 'normalized'> => judgeNext(draft, value, assessment)

/** Does the draft say anything else than the whitelist as it was read? */
export function isDraftChanged(draft: readonly DraftRow[], { entries }: IpWhitelist): boolean {
  const drafted = new Set(draft.flatMap(entriesIn))
  // Most are listed as the draft has them, and need not be read for that.
  const listed = new Set(entries.map((entry) => (drafted.has(entry.trim()) ? entry.trim() : normalForm(entry))))
  return drafted.size !== listed.size || [...drafted].some((entry) => !listed.has(entry))
}

const entriesIn = (row: DraftRow) =>
  (row.normalized === null ? [row.value] : entriesOf(row)).map((entry) => entry.trim())
