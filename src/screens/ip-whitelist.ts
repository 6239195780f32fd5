import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { IpWhitelistContext, ipWhitelistMachine, whitelistChangeMachine } from '../../machines/index.ts'
import {
  type Assessment,
  type DraftRow,
  hasInvalidEntry,
  holdsEntry,
  type IpWhitelist,
  judgeLockout,
  likeDraft,
  ownNetwork,
} from '../domain/ip-whitelist.ts'
import type { Policy } from '../domain/policy.ts'
import { isEnforced, type UnconfirmedChange, undoneTo } from '../domain/whitelist-change.ts'
import { isDraftChanged } from '../domain/whitelist-draft.ts'
import { type Action, type Blocked, blockedOnScreen, statusOf } from './action.ts'
import { type Question, type StepScreen, stepScreen } from './step-screen.ts'

/** The editor of the IP whitelist, and the question whether to keep a change. */
export interface IpWhitelistScreen extends StepScreen<'ipWhitelist'> {
  /** Was the whitelist read? If not, that it is off means nothing. */
  readonly isRead: boolean
  /** The list in force, as the portal showed it last. */
  readonly whitelist: IpWhitelist
  /** The rows of the draft. */
  readonly rows: readonly WhitelistRow[]
  /** What the draft would do if it were in force. */
  readonly assessment: Assessment
  /** Is there anything to save? */
  readonly isChanged: boolean
  /** What became of the last change, for `noticeText`; null if there is nothing to tell. */
  readonly notice: IpWhitelistContext['notice']
  /** What the user is asked; null if nothing is. */
  readonly question: WhitelistQuestion | null
  /**
   * A change that may be in force though nobody confirmed it: the one that `question` is about, or, when `failed` or
   * `coolingDown`, the one that `retry` puts back or reads back.
   */
  readonly unconfirmedChange: UnconfirmedChange | null
  /** Adds an entry to the draft, like `paste` and `replace`: nothing is sent before `save` or `enable`. */
  readonly add: Action<{ readonly value: string }>
  /**
   * Adds the user's IPv6 network (/64), which stays the same longer than the address does: offer it first. Null for a
   * user without one.
   */
  readonly addCurrentNetwork: Action | null
  /** Adds the address that the portal sees the user come from. Blocked where that is not known. */
  readonly addCurrentAddress: Action
  /** Replaces all entries of the draft. */
  readonly replace: Action<{ readonly values: readonly string[] }>
  /** Adds the entries of pasted text; `splitEntries` tells how it is read. */
  readonly paste: Action<{ readonly text: string }>
  /** Puts the draft back to the list in force. */
  readonly reset: Action
  /** Sends the draft, and leaves the switch as it is. */
  readonly save: Action
  /** Enforces the list. Saves a changed draft first. */
  readonly enable: Action
  /** Stops enforcing the list, and leaves its entries alone. */
  readonly disable: Action
}

/** A row of the draft, with the action that removes it. */
export interface WhitelistRow extends DraftRow {
  readonly remove: Action
}

/** What the user has to decide about a change. */
export type WhitelistQuestion =
  /**
   * It is not known whether `list` would lock the user out. `change`: put it in force anyway? `keep`: leave it in force?
   * `undo`: put the former list back in force? `cancel` goes back. So do `finish` and `skip` while a change waits to be kept,
   * except that they undo it if the question is `keep`.
   */
  | (Question<'risk'> & { readonly about: 'change' | 'keep' | 'undo'; readonly list: IpWhitelist })
  /**
   * `list` is in force until `confirmBy` (epoch ms): keep it? `cancel` undoes the change, and so do `finish` and `skip`. If
   * `confirmBy` is null, it stays in force until the user decides, and `finish` and `skip` leave it. The list can still be
   * edited; saving replaces this change with another.
   */
  | (Question<'keep'> & {
      readonly list: IpWhitelist
      /** Does it let the current address in, as last read? If not, keeping it is refused. */
      readonly lockout: Assessment['lockout']
      readonly confirmBy: number | null
    })

type Snapshot = SnapshotFrom<typeof ipWhitelistMachine>
type ChangeSnapshot = SnapshotFrom<typeof whitelistChangeMachine>

export function ipWhitelistScreen(snapshot: Snapshot): IpWhitelistScreen {
  const { assessment, draft, isRead, isRevisable, policy, unconfirmedChange, whitelist } = snapshot.context
  const actor = snapshot.children.whitelistChange as ActorRefFrom<typeof whitelistChangeMachine> | undefined
  const change = actor?.getSnapshot()
  const question = change === undefined ? null : questionOf(change)
  const { failure, notice } = change?.context ?? snapshot.context
  const screen = stepScreen('ipWhitelist', change ?? snapshot, {
    aimHolds: isEnforced({ isRead, whitelist, failure }) === true,
    owner: change === undefined ? 'ipWhitelist' : 'whitelistChange',
    leaveBlocked: leaveBlockedBy(question, policy),
  })
  const blocked = isRevisable ? null : blockedOnScreen(screen, question !== null)
  const isChanged = isDraftChanged(draft, whitelist)
  const { currentAddress } = assessment
  const network = ownNetwork(currentAddress)
  return {
    isRead,
    whitelist,
    rows: likeDraft(
      draft.map((row) => ({
        remove: { owner: 'ipWhitelist', event: { type: 'entry.remove', id: row.id }, blocked },
        ...row,
      })),
      draft,
    ),
    assessment,
    isChanged,
    notice,
    question,
    unconfirmedChange,
    add: { owner: 'ipWhitelist', event: { type: 'entry.add' }, blocked },
    addCurrentNetwork:
      network === null
        ? null
        : {
            owner: 'ipWhitelist',
            event: { type: 'entry.add', value: network },
            blocked: blocked ?? (holdsEntry(draft, network) ? 'addressCovered' : null),
          },
    addCurrentAddress: {
      owner: 'ipWhitelist',
      event: { type: 'entry.add', value: currentAddress ?? '' },
      blocked: blocked ?? addressBlocked(assessment),
    },
    replace: { owner: 'ipWhitelist', event: { type: 'entries.replace' }, blocked },
    paste: { owner: 'ipWhitelist', event: { type: 'entries.paste' }, blocked },
    reset: {
      owner: 'ipWhitelist',
      event: { type: 'draft.reset' },
      blocked: blocked ?? (isChanged ? null : 'unchanged'),
    },
    save: {
      owner: 'ipWhitelist',
      event: { type: 'whitelist.save' },
      blocked: blocked ?? saveBlocked(snapshot, isChanged),
    },
    enable: {
      owner: 'ipWhitelist',
      event: { type: 'whitelist.enable' },
      blocked: blocked ?? enableBlocked(snapshot, isChanged),
    },
    disable: {
      owner: 'ipWhitelist',
      event: { type: 'whitelist.disable' },
      blocked: blocked ?? (whitelist.enabled ? null : 'alreadyOff'),
    },
    ...screen,
    // While a change waits, the editor may have refused another one.
    failure: snapshot.context.failure ?? failure,
  }
}

export const leaveBlockedBy = (question: WhitelistQuestion | null, policy: Policy): Blocked | null =>
  question?.kind === 'keep' && policy === 'require' ? 'unconfirmed' : null

export function questionOf(snapshot: ChangeSnapshot): WhitelistQuestion | null {
  const { addresses, change, confirmBy, isHidden, whitelist } = snapshot.context
  const risk = (about: 'change' | 'keep' | 'undo', list: IpWhitelist): WhitelistQuestion => ({
    kind: 'risk',
    about,
    list,
    confirm: { owner: 'whitelistChange', event: { type: 'risk.accept' }, blocked: null },
    cancel: { owner: 'whitelistChange', event: { type: 'risk.decline' }, blocked: null },
  })
  if (snapshot.matches({ making: 'confirmingRisk' })) return risk('change', change.after)
  if (snapshot.matches({ confirming: { deciding: 'confirmingRisk' } })) return risk('keep', whitelist)
  if (snapshot.matches({ undoing: 'confirmingRisk' })) {
    return risk('undo', undoneTo(change, isHidden ? null : whitelist))
  }
  if (!snapshot.matches('confirming')) return null
  // It stays on screen while the answer is processed.
  const blocked = statusOf(snapshot) === 'busy' ? 'busy' : null
  return {
    kind: 'keep',
    list: whitelist,
    lockout: judgeLockout(whitelist.entries, addresses.current),
    confirmBy,
    confirm: { owner: 'whitelistChange', event: { type: 'change.keep' }, blocked },
    cancel: { owner: 'whitelistChange', event: { type: 'change.undo' }, blocked },
  }
}

/** Also blocks an address that cannot be read: it could not be saved. */
function addressBlocked({ lockout }: Assessment): Blocked | null {
  if (lockout === 'unknown') return 'addressUnknown'
  return lockout === 'covered' ? 'addressCovered' : null
}

function saveBlocked(snapshot: Snapshot, isChanged: boolean): Blocked | null {
  const { draft, whitelist } = snapshot.context
  if (hasInvalidEntry(draft)) return 'entriesInvalid'
  return isChanged ? changeBlocked(snapshot, whitelist.enabled, 'emptyEnforced') : 'unchanged'
}

function enableBlocked(snapshot: Snapshot, isChanged: boolean): Blocked | null {
  const { assessment, draft, whitelist } = snapshot.context
  if (whitelist.enabled && !isChanged) return 'alreadyOn'
  if (hasInvalidEntry(draft)) return 'entriesInvalid'
  const ifEmpty = whitelist.enabled ? 'emptyEnforced' : 'entriesMissing'
  return assessment.validCount > 0 ? changeBlocked(snapshot, true, ifEmpty) : ifEmpty
}

/** Why the draft would be refused with the switch at `enabled`, by what was read last. */
function changeBlocked({ context }: Snapshot, enabled: boolean, ifEmpty: Blocked): Blocked | null {
  const { assessment, draft } = context
  if (!enabled) return null
  if (draft.length === 0) return ifEmpty
  return assessment.lockout === 'notCovered' ? 'lockout' : null
}
