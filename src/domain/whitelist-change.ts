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

/** A lockout would show at the next login only, so a change of what is enforced has to be confirmed. */
export const needsConfirmation = ({ after }: WhitelistChange) => after.enabled

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

/** What has to be reported when the flow is left now. */
export const unconfirmedChange = (context: {
  readonly change: WhitelistChange | null
  readonly confirmBy: number | null
}): UnconfirmedChange | null =>
  context.change?.isSent && context.change.after.enabled
    ? { before: context.change.before, after: context.change.after, confirmBy: context.confirmBy }
    : null
