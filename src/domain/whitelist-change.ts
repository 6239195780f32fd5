import { type Consent, isConsentTo } from './consent.ts'
import { type Failure, hasUnknownOutcome, lacksProof, wasRefused } from './failure.ts'
import { entriesWithin, type IpWhitelist, judgeLockout, sameEntries } from './ip-whitelist.ts'

/** A change of the whitelist, from the moment it is asked for until it no longer has to be confirmed. */
export interface WhitelistChange {
  /** The last list that is confirmed: an undo goes back to it. */
  readonly former: IpWhitelist
  /** The list as the portal showed it before this write. */
  readonly before: IpWhitelist
  /** The list as requested; once saved, with its entries as the portal stores them. */
  readonly after: IpWhitelist
  /** Was it requested while an earlier change was in force, unconfirmed? */
  readonly isRevision: boolean
  /** Was the switch turned on since `former`, or may it have been? */
  readonly isSwitchSent: boolean
  /** The entries that were sent since `former`; null for none. */
  readonly sentEntries: readonly string[] | null
  /** What was in force when the last write was read back; null until then. */
  readonly readBack: IpWhitelist | null
}

/** A change that may be in force though the user never confirmed it: say so before the next sign-in. */
export interface UnconfirmedChange {
  /** The list before the change. */
  readonly before: IpWhitelist
  /** The list that may be in force now. */
  readonly after: IpWhitelist
  /** Keep it before this time (epoch ms), or it is undone; null where nothing is undone without the user. */
  readonly confirmBy: number | null
}

export const changeTo = (before: IpWhitelist, after: IpWhitelist): WhitelistChange => ({
  former: before,
  before,
  after,
  isRevision: false,
  isSwitchSent: false,
  sentEntries: null,
  readBack: null,
})

/** Another wish while the first is in force unconfirmed: an undo still goes back to the list before both. */
export const revisedTo = (change: WhitelistChange, before: IpWhitelist, after: IpWhitelist): WhitelistChange => ({
  ...change,
  before,
  after,
  isRevision: true,
})

/** Have entries or the switch been sent, so that something of ours may be in force? */
export const isSent = ({ isSwitchSent, sentEntries }: WhitelistChange) => isSwitchSent || sentEntries !== null

export const withEntriesSent = (change: WhitelistChange): WhitelistChange => ({
  ...change,
  sentEntries: [...new Set([...(change.sentEntries ?? []), ...change.after.entries])],
})

export const withSwitchSent = (change: WhitelistChange): WhitelistChange => ({ ...change, isSwitchSent: true })

/** The entries did not leave after all. Those of a wish before, which is in force, did. */
export const withEntriesUnsent = (change: WhitelistChange): WhitelistChange =>
  change.isRevision ? change : { ...change, sentEntries: null }

/** The same of the switch. */
export const withSwitchUnsent = (change: WhitelistChange): WhitelistChange =>
  change.isRevision ? change : { ...change, isSwitchSent: false }

/** The change, where the portal has said in which form it keeps the entries. */
export const withSavedEntries = (change: WhitelistChange, { entries }: IpWhitelist): WhitelistChange =>
  withEntriesSent({ ...change, after: { ...change.after, entries } })

export const sameWhitelist = (a: IpWhitelist, b: IpWhitelist) =>
  a.enabled === b.enabled && sameEntries(a.entries, b.entries)

/** In force, nobody could sign in any more. */
export const emptiesEnforcedList = ({ enabled, entries }: IpWhitelist) => enabled && entries.length === 0

/** In force, it does not let the current address in. */
export const locksOut = ({ enabled, entries }: IpWhitelist, currentAddress: string | null) =>
  enabled && judgeLockout(entries, currentAddress) === 'notCovered'

/** In force, it does not let the user in for all that is known, and no risk that is accepted makes up for that. */
export const mustNotBeInForce = (whitelist: IpWhitelist, currentAddress: string | null) =>
  emptiesEnforcedList(whitelist) || locksOut(whitelist, currentAddress)

/** In force, it may lock the user out: there is no address that can be read, and the user has not taken that risk for this list. */
export const isRiskOpen = ({ enabled, entries }: IpWhitelist, currentAddress: string | null, consent: Consent | null) =>
  enabled && judgeLockout(entries, currentAddress) === 'unknown' && !isConsentTo(consent, entries)

/** In force, it lets the user in for all that is known, or the user has taken the risk. */
export const mayBeInForce = (whitelist: IpWhitelist, currentAddress: string | null, consent: Consent | null) =>
  !mustNotBeInForce(whitelist, currentAddress) && !isRiskOpen(whitelist, currentAddress, consent)

export const needsReplacing = ({ before, after }: WhitelistChange) => !sameEntries(before.entries, after.entries)

export const needsEnabling = ({ before, after }: WhitelistChange) => after.enabled && !before.enabled

/** The list was saved, and shows that it lets the user in once it is enabled as well. */
export const mayBeEnabled = (
  change: WhitelistChange,
  now: IpWhitelist,
  currentAddress: string | null,
  consent: Consent | null,
) =>
  needsReplacing(change) &&
  needsEnabling(change) &&
  !change.isSwitchSent &&
  isHalfDone(change, now) &&
  mayBeInForce({ ...now, enabled: true }, currentAddress, consent)

/** The portal refused all that was sent of it. */
export const wasRefusedAsAWhole = (change: WhitelistChange, failure: Failure | null) =>
  wasRefused(failure) && !change.isRevision && !(needsReplacing(change) && change.isSwitchSent)

/** It turns the switch off and leaves the entries alone, which locks nobody out. */
export const onlyDisables = ({ before, after }: WhitelistChange) =>
  before.enabled && !after.enabled && sameEntries(before.entries, after.entries)

/** Does what was sent last show? Then it will not land any more. */
export const hasLanded = (change: WhitelistChange, now: IpWhitelist) =>
  change.isSwitchSent || !needsReplacing(change)
    ? sameWhitelist(now, change.after)
    : sameEntries(now.entries, change.after.entries)

/** The list was saved, the switch is still as before. */
export const isHalfDone = ({ before, after }: WhitelistChange, now: IpWhitelist) =>
  now.enabled === before.enabled && sameEntries(now.entries, after.entries)

/**
 * A lockout would show at the next login only, so what is in force has to be confirmed as soon as a write of ours may be part of
 * it, whatever was asked: the portal may have kept something else, and someone else may have been at it.
 */
export const needsConfirmation = (change: WhitelistChange, now: IpWhitelist) =>
  now.enabled && (change.isRevision || !onlyDisables(change))

/**
 * What an undo leaves in force: the former list, and what others made of it meanwhile. Our entries go, those of the former list that
 * our write lost come back, and the switch that we turned on is turned off. `now` is null where the portal does not show the list.
 */
export function undoneTo(change: WhitelistChange, now: IpWhitelist | null): IpWhitelist {
  const { former, sentEntries, isSwitchSent, readBack } = change
  if (now === null) return former
  const isNow = entriesWithin(now.entries)
  const wasReadBack = entriesWithin((readBack ?? now).entries)
  const isFormer = entriesWithin(former.entries)
  const isOurs = entriesWithin(sentEntries ?? [])
  return {
    enabled: now.enabled && (former.enabled || !isSwitchSent),
    entries: [
      ...former.entries.filter((entry) => isNow(entry) || !wasReadBack(entry)),
      ...now.entries.filter((entry) => !isFormer(entry) && !isOurs(entry)),
    ],
  }
}

/** Is nothing of ours left that an undo could put back? */
export const isUndone = (change: WhitelistChange, now: IpWhitelist) => sameWhitelist(now, undoneTo(change, now))

/** What an undo writes: first of all the switch, so that nobody is locked out. */
export const undoNeedsDisabling = (change: WhitelistChange, now: IpWhitelist | null) =>
  now === null ? change.isSwitchSent && !change.former.enabled : now.enabled && !undoneTo(change, now).enabled

export const undoNeedsReplacing = (change: WhitelistChange, now: IpWhitelist | null) =>
  now === null ? change.sentEntries !== null : !sameEntries(now.entries, undoneTo(change, now).entries)

interface WhitelistState {
  readonly isRead: boolean
  readonly whitelist: IpWhitelist
  readonly failure: Failure | null
}

/** Is it enforced? Null before it was read, and while nobody knows what came of a change. */
export const isEnforced = ({ isRead, whitelist, failure }: WhitelistState): boolean | null =>
  !isRead || hasUnknownOutcome(failure) ? null : whitelist.enabled

/** How long to wait before an unsettled change is read again, in ms, by how often it was read before. */
const WAITS_MS = [5_000, 15_000, 45_000, 120_000, 300_000, 900_000]

/**
 * When a change that may be in force is seen to once more without the user, who may not be there; null where that is pointless, or
 * was done often enough.
 */
export function unattendedRetryWait(failure: Failure | null, tries: number): number | null {
  const isPointless = (wasRefused(failure) && !lacksProof(failure)) || failure?.kind === 'config'
  return isPointless ? null : (WAITS_MS[tries] ?? null)
}

/** What has to be reported when the flow is left now. */
export const unconfirmedChange = ({
  change,
  confirmBy,
}: {
  readonly change: WhitelistChange
  readonly confirmBy: number | null
}): UnconfirmedChange | null =>
  isSent(change) ? { before: change.former, after: change.readBack ?? change.after, confirmBy } : null
