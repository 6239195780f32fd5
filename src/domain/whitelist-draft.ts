import {
  type Assessment,
  assessDraft,
  type DraftRow,
  type IpWhitelist,
  judgeEntries,
  sameEntries,
} from './ip-whitelist.ts'

/** A whitelist being edited, judged as a whole after every change. */
export interface WhitelistDraft {
  readonly draft: readonly DraftRow[]
  readonly assessment: Assessment
  /** Makes the next row's id; ids are never used again. */
  readonly rowsMade: number
}

type Lines = readonly { readonly id: string; readonly value: string }[]

const judged = (lines: Lines, rowsMade: number, currentAddress: string | null): WhitelistDraft => {
  const draft = judgeEntries(lines)
  return { draft, rowsMade, assessment: assessDraft(draft, currentAddress) }
}

const numbered = (values: readonly string[], rowsMade: number): Lines =>
  values.map((value, index) => ({ id: `row-${rowsMade + index + 1}`, value }))

export const emptyDraft: WhitelistDraft = judged([], 0, null)

export const withEntries = ({ rowsMade, assessment }: WhitelistDraft, values: readonly string[]): WhitelistDraft =>
  judged(numbered(values, rowsMade), rowsMade + values.length, assessment.currentAddress)

export const withEntry = ({ draft, rowsMade, assessment }: WhitelistDraft, value: string): WhitelistDraft =>
  judged([...draft, ...numbered([value], rowsMade)], rowsMade + 1, assessment.currentAddress)

export const withoutEntry = ({ draft, rowsMade, assessment }: WhitelistDraft, id: string): WhitelistDraft =>
  judged(
    draft.filter((row) => row.id !== id),
    rowsMade,
    assessment.currentAddress,
  )

export const withCurrentAddress = ({ draft, rowsMade }: WhitelistDraft, address: string | null): WhitelistDraft =>
  judged(draft, rowsMade, address)

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
