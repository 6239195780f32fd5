import { type Failure, outcomeIsOpen, wasRefused } from './failure.ts'
import { type IpWhitelist, judgeLockout, sameEntries } from './ip-whitelist.ts'

/** A change of the whitelist, from the wish until it is kept, undone or given up. */
export interface WhitelistChange {
  /** As the user saw it when asking: what an undo puts back. */
  readonly before: IpWhitelist
  readonly after: IpWhitelist
  /** Was it sent, in whole or in part? From then on it may be in force. */
  readonly isSent: boolean
  /** Has the undo been sent? From then on a mixture of before and after is our own doing. */
  readonly isUndoSent: boolean
  /** The user goes on although the portal did not say from which address. */
  readonly isRiskAccepted: boolean
}

/** A change that may be in force although the user never confirmed it: the host should say so before the next sign-in. */
export interface UnconfirmedChange {
  readonly before: IpWhitelist
  readonly after: IpWhitelist
  /** Epoch ms; null where the confirmation window was not open yet. */
  readonly confirmBy: number | null
}

export const changeTo = (before: IpWhitelist, after: IpWhitelist): WhitelistChange => ({
  before,
  after,
  isSent: false,
  isUndoSent: false,
  isRiskAccepted: false,
})

export const sameWhitelist = (a: IpWhitelist, b: IpWhitelist) =>
  a.enabled === b.enabled && sameEntries(a.entries, b.entries)

/** Nobody could sign in any more. */
export const emptiesEnforcedList = ({ after }: WhitelistChange) => after.enabled && after.entries.length === 0

/** The list that would be in force does not let the current address in. */
export const locksOut = ({ after }: WhitelistChange, currentAddress: string | null) =>
  after.enabled && judgeLockout(after.entries, currentAddress) === 'notCovered'

/** Whether it locks the user out cannot be told, for want of an address that can be read, and the user has not taken that upon himself. */
export const isRiskOpen = ({ after, isRiskAccepted }: WhitelistChange, currentAddress: string | null) =>
  after.enabled && judgeLockout(after.entries, currentAddress) === 'unknown' && !isRiskAccepted

export const needsReplacing = ({ before, after }: WhitelistChange) => !sameEntries(before.entries, after.entries)

export const needsEnabling = ({ before, after }: WhitelistChange) => after.enabled && !before.enabled

/** The change, where the portal has said in which form it keeps the entries. */
export const withSavedEntries = (change: WhitelistChange, { entries }: IpWhitelist): WhitelistChange => ({
  ...change,
  after: { ...change.after, entries },
})

/** The list as the portal says it has saved it may be enabled: it has entries, and lets the current address in as far as is known. */
export const mayBeEnabledAs = (change: WhitelistChange, saved: IpWhitelist, currentAddress: string | null): boolean => {
  const kept = withSavedEntries(change, saved)
  return needsEnabling(kept) && !emptiesEnforcedList(kept) && !locksOut(kept, currentAddress)
}

/**
 * A lockout would show at the next login only, so a change of what is enforced has to be confirmed. Where someone else changed the
 * entries meanwhile, the switch is still ours, unless nobody can tell who turned it on.
 */
export const needsConfirmation = ({ before, after }: WhitelistChange, now: IpWhitelist, failure: Failure | null) =>
  after.enabled && now.enabled && (sameWhitelist(now, after) || (failure === null && !before.enabled))

/** What an undo puts back: entries that someone else wrote meanwhile are left as they are. */
export const confirmable = (change: WhitelistChange, now: IpWhitelist): WhitelistChange => ({
  ...change,
  before: sameWhitelist(now, change.after) ? change.before : { ...change.before, entries: now.entries },
  after: now,
})

/** The list was saved, the switch is still as before. */
export const isHalfDone = ({ before, after }: WhitelistChange, now: IpWhitelist) =>
  now.enabled === before.enabled && sameEntries(now.entries, after.entries)

/** Is what is in force now our own doing, so that the undo overwrites nobody's work? */
export function isOurs({ before, after, isUndoSent }: WhitelistChange, now: IpWhitelist): boolean {
  if (sameWhitelist(now, after)) return true
  return isUndoSent && now.enabled === before.enabled && sameEntries(now.entries, after.entries)
}

export const undoNeedsDisabling = ({ before }: WhitelistChange, now: IpWhitelist) => now.enabled && !before.enabled

export const undoNeedsReplacing = ({ before }: WhitelistChange, now: IpWhitelist) =>
  !sameEntries(now.entries, before.entries)

interface WhitelistState {
  readonly isRead: boolean
  readonly whitelist: IpWhitelist
  readonly change: WhitelistChange | null
  readonly failure: Failure | null
}

/** Is it enforced? Null before it was read, and while nobody knows what came of a change. */
export const isEnforced = ({ isRead, whitelist, change, failure }: WhitelistState): boolean | null =>
  !isRead || (change?.isSent && outcomeIsOpen(failure)) ? null : whitelist.enabled

/** How long to wait before a change that is not settled is seen to once more, by how often that was done, in ms. */
const WAITS_MS = [5_000, 15_000, 45_000, 120_000, 300_000, 900_000]

/**
 * When a change that may be in force is seen to once more without the user, who may not be there; null where that is pointless, or
 * was done often enough.
 */
export function seeToAgainIn(failure: Failure | null, tries: number): number | null {
  const isPointless = wasRefused(failure) || failure?.kind === 'config'
  return isPointless ? null : (WAITS_MS[tries] ?? null)
}

/** What has to be reported when the flow is left now. */
export const unconfirmedChange = (context: {
  readonly change: WhitelistChange | null
  readonly confirmBy: number | null
}): UnconfirmedChange | null =>
  context.change?.isSent && context.change.after.enabled
    ? { before: context.change.before, after: context.change.after, confirmBy: context.confirmBy }
    : null
