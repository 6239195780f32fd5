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
import { currentAddress, otherSessions, type Session, sessionAddresses } from './sessions.ts'

/** A whitelist being edited, judged as a whole after every change. */
export interface WhitelistDraft {
  readonly draft: readonly DraftRow[]
  readonly assessment: Assessment
  /** Entries of the list as it was read that nobody here can read. */
  readonly unreadable: readonly string[]
  /** Where the user's other sessions come from, as far as that can be read. */
  readonly otherAddresses: readonly string[]
  /** Makes the next row's id; ids are never used again. */
  readonly rowsMade: number
}

type Lines = readonly { readonly id: string; readonly value: string }[]

/** What a draft is judged by, from one change to the next. */
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
export const withSessions = (draft: WhitelistDraft, sessions: readonly Session[]): WhitelistDraft =>
  on(draft, {
    ...groundOf(draft),
    currentAddress: currentAddress(sessions),
    otherAddresses: sessionAddresses(otherSessions(sessions)),
  })

/** The same lines, judged again if that could come to anything else. */
const on = (draft: WhitelistDraft, ground: Ground): WhitelistDraft =>
  JSON.stringify(ground) === JSON.stringify(groundOf(draft)) ? draft : judged(draft.draft, draft.rowsMade, ground)

/**
 * What a line that is being typed would be found to be, were it added now. Adds nothing. With the assessment of those rows it knows
 * where the user is.
 */
export const previewEntry = (
  draft: readonly DraftRow[],
  value: string,
  { currentAddress }: Pick<Assessment, 'currentAddress'> = { currentAddress: null },
): Pick<DraftRow, 'verdict' | 'normalized'> => {
  const unreadable = draft.filter(({ verdict }) => verdict === 'unreadable').map((row) => row.value)
  const rows = judgeEntries([...draft, { id: '', value }], { unreadable, currentAddress })
  const { verdict = 'notAnAddress', normalized = null } = rows.at(-1) ?? {}
  return { verdict, normalized }
}

/** Does the draft say anything else than the whitelist as it was read? */
export const isDraftChanged = (draft: readonly DraftRow[], whitelist: IpWhitelist): boolean =>
  !sameEntries(
    draft.flatMap((row) => (row.normalized === null ? row.value : entriesOf(row))),
    whitelist.entries,
  )
