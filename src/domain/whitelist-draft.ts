import {
  type Assessment,
  assessDraft,
  type DraftRow,
  entriesOf,
  type IpWhitelist,
  judgeEntries,
  sameEntries,
  unreadableEntries,
} from './ip-whitelist.ts'
import { splitEntries } from './pasted-list.ts'
import type { SessionAddresses } from './sessions.ts'

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

const judged = (
  lines: Lines,
  rowsMade: number,
  { currentAddress, unreadable, otherAddresses }: Ground,
): WhitelistDraft => {
  const draft = judgeEntries(lines, { unreadable, currentAddress })
  return { draft, rowsMade, unreadable, otherAddresses, assessment: assessDraft(draft, currentAddress, otherAddresses) }
}

const numbered = (values: readonly string[], rowsMade: number): Lines =>
  values.map((value, index) => ({ id: `row-${rowsMade + index + 1}`, value }))

export const emptyDraft: WhitelistDraft = judged([], 0, { currentAddress: null, unreadable: [], otherAddresses: [] })

export const withEntries = (draft: WhitelistDraft, values: readonly string[]): WhitelistDraft =>
  judged(numbered(values, draft.rowsMade), draft.rowsMade + values.length, groundOf(draft))

export const withEntry = (draft: WhitelistDraft, value: string): WhitelistDraft => withMore(draft, [value])

/** A pasted list is added at the end. */
export const withPasted = (draft: WhitelistDraft, text: string): WhitelistDraft =>
  withMore(
    draft,
    splitEntries(text).map(({ value }) => value),
  )

const withMore = (draft: WhitelistDraft, values: readonly string[]): WhitelistDraft =>
  judged([...draft.draft, ...numbered(values, draft.rowsMade)], draft.rowsMade + values.length, groundOf(draft))

export const withoutEntry = (draft: WhitelistDraft, id: string): WhitelistDraft =>
  judged(
    draft.draft.filter((row) => row.id !== id),
    draft.rowsMade,
    groundOf(draft),
  )

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
 * assessment as well, so that it knows the user's address.
 *
 * @example
 * ```ts
 * previewEntry([], '198.51.100.7/24') // => { verdict: 'hostBits', normalized: '198.51.100.0/24' }
 * ```
 */
export const previewEntry = (
  draft: readonly DraftRow[],
  value: string,
  { currentAddress }: Pick<Assessment, 'currentAddress'> = { currentAddress: null },
): Pick<DraftRow, 'verdict' | 'normalized'> => {
  const unreadable = draft.filter(({ verdict }) => verdict === 'unreadable').map((row) => row.value)
  const rows = judgeEntries([...draft, { id: '', value }], { unreadable, currentAddress })
  const { verdict, normalized } = rows.reduce((_, last) => last)
  return { verdict, normalized }
}

/** Does the draft say anything else than the whitelist as it was read? */
export const isDraftChanged = (draft: readonly DraftRow[], whitelist: IpWhitelist): boolean =>
  !sameEntries(
    draft.flatMap((row) => (row.normalized === null ? row.value : entriesOf(row))),
    whitelist.entries,
  )
