import {
  type Assessment,
  assessDraft,
  type DraftRow,
  type IpWhitelist,
  judgeEntries,
  sameEntries,
  unreadableEntries,
} from './ip-whitelist.ts'
import { currentAddress, type Session, sessionAddresses } from './sessions.ts'

/** A whitelist being edited, judged as a whole after every change. */
export interface WhitelistDraft {
  readonly draft: readonly DraftRow[]
  readonly assessment: Assessment
  /** Entries of the list as it was read that nobody here can read. */
  readonly unreadable: readonly string[]
  /** The addresses of the user's sessions, as far as they can be read. */
  readonly ownAddresses: readonly string[]
  /** Makes the next row's id; ids are never used again. */
  readonly rowsMade: number
}

type Lines = readonly { readonly id: string; readonly value: string }[]

/** What a draft is judged by, from one change to the next. */
interface Ground extends Pick<WhitelistDraft, 'unreadable' | 'ownAddresses'> {
  readonly currentAddress: string | null
}

const groundOf = ({ assessment, unreadable, ownAddresses }: WhitelistDraft): Ground => ({
  currentAddress: assessment.currentAddress,
  unreadable,
  ownAddresses,
})

const judged = (
  lines: Lines,
  rowsMade: number,
  { currentAddress, unreadable, ownAddresses }: Ground,
): WhitelistDraft => {
  const draft = judgeEntries(lines, { unreadable, currentAddress })
  return { draft, rowsMade, unreadable, ownAddresses, assessment: assessDraft(draft, currentAddress, ownAddresses) }
}

const numbered = (values: readonly string[], rowsMade: number): Lines =>
  values.map((value, index) => ({ id: `row-${rowsMade + index + 1}`, value }))

export const emptyDraft: WhitelistDraft = judged([], 0, { currentAddress: null, unreadable: [], ownAddresses: [] })

export const withEntries = (draft: WhitelistDraft, values: readonly string[]): WhitelistDraft =>
  judged(numbered(values, draft.rowsMade), draft.rowsMade + values.length, groundOf(draft))

export const withEntry = (draft: WhitelistDraft, value: string): WhitelistDraft =>
  judged([...draft.draft, ...numbered([value], draft.rowsMade)], draft.rowsMade + 1, groundOf(draft))

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
    ownAddresses: sessionAddresses(sessions),
  })

/** The same lines, judged again if that could come to anything else. */
const on = (draft: WhitelistDraft, ground: Ground): WhitelistDraft =>
  JSON.stringify(ground) === JSON.stringify(groundOf(draft)) ? draft : judged(draft.draft, draft.rowsMade, ground)

/** What a line that is being typed would be found to be, were it added now. Adds nothing. */
export const previewEntry = (draft: readonly DraftRow[], value: string): Pick<DraftRow, 'verdict' | 'normalised'> => {
  const { verdict = 'notAnAddress', normalised = null } = judgeEntries([...draft, { id: '', value }]).at(-1) ?? {}
  return { verdict, normalised }
}

/** Does the draft say anything else than the whitelist as it was read? */
export const isDraftChanged = (draft: readonly DraftRow[], whitelist: IpWhitelist): boolean =>
  !sameEntries(
    draft.map(({ value }) => value),
    whitelist.entries,
  )
