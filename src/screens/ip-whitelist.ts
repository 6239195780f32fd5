import type { SnapshotFrom } from 'xstate'
import type { IpWhitelistContext, ipWhitelistMachine } from '../../machines/index.ts'
import {
  type Assessment,
  type DraftRow,
  entriesToSend,
  hasInvalidEntry,
  type IpWhitelist,
} from '../domain/ip-whitelist.ts'
import {
  changeTo,
  emptiesEnforcedList,
  isEnforced,
  locksOut,
  type UnconfirmedChange,
  unconfirmedChange,
} from '../domain/whitelist-change.ts'
import { isDraftChanged } from '../domain/whitelist-draft.ts'
import { type Action, type Blocked, blockedOnScreen } from './action.ts'
import { type Question, type StepScreen, stepScreen } from './step-screen.ts'

/** The editor of the IP whitelist. */
export interface IpWhitelistScreen extends StepScreen<'ipWhitelist'> {
  /** Has it been read at all? Else that it is off says nothing. */
  readonly isRead: boolean
  /** As it is in force. */
  readonly whitelist: IpWhitelist
  readonly rows: readonly WhitelistRow[]
  readonly assessment: Assessment
  /** Is there anything to save? */
  readonly isChanged: boolean
  readonly notice: IpWhitelistContext['notice']
  readonly question: WhitelistQuestion | null
  /**
   * A change that may be in force although nobody confirmed it: what the `question` is about; when `failed` or `coolingDown`, what
   * `retry` puts back, or reads back.
   */
  readonly unconfirmedChange: UnconfirmedChange | null
  readonly add: Action<{ readonly value: string }>
  /** The address that the portal sees the user come from; not where it is masked. */
  readonly addCurrentAddress: Action
  readonly replace: Action<{ readonly values: readonly string[] }>
  readonly reset: Action
  readonly save: Action
  /** Saves a changed list first. */
  readonly enable: Action
  readonly disable: Action
}

export interface WhitelistRow extends DraftRow {
  readonly remove: Action
}

export type WhitelistQuestion =
  /** Whether the list locks the user out is not known: go on all the same? */
  | Question<'risk'>
  /** The change is in force until `confirmBy` (epoch ms): keep it? To cancel undoes it, and so do `finish` and `skip`. */
  | (Question<'keep'> & { readonly confirmBy: number | null })

type Snapshot = SnapshotFrom<typeof ipWhitelistMachine>

export function ipWhitelistScreen(snapshot: Snapshot): IpWhitelistScreen {
  const { assessment, draft, isRead, notice, policy, whitelist } = snapshot.context
  const question = questionOf(snapshot)
  const isKeepRequired = question?.kind === 'keep' && policy === 'require'
  const screen = stepScreen('ipWhitelist', snapshot, {
    aimHolds: isEnforced(snapshot.context) === true,
    leaveBlocked: isKeepRequired ? 'unconfirmed' : null,
  })
  const blocked = blockedOnScreen(screen.status, question !== null)
  const isChanged = isDraftChanged(draft, whitelist)
  const { currentAddress } = assessment
  return {
    ...screen,
    isRead,
    whitelist,
    rows: draft.map((row) => ({
      ...row,
      remove: { owner: 'ipWhitelist', event: { type: 'entry.remove', id: row.id }, blocked },
    })),
    assessment,
    isChanged,
    notice,
    question,
    unconfirmedChange: unconfirmedChange(snapshot.context),
    add: { owner: 'ipWhitelist', event: { type: 'entry.add' }, blocked },
    addCurrentAddress: {
      owner: 'ipWhitelist',
      event: { type: 'entry.add', value: currentAddress ?? '' },
      blocked: blocked ?? addressBlocked(assessment),
    },
    replace: { owner: 'ipWhitelist', event: { type: 'entries.replace' }, blocked },
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
  }
}

function questionOf(snapshot: Snapshot): WhitelistQuestion | null {
  if (snapshot.matches('confirmingRisk')) {
    return {
      kind: 'risk',
      confirm: { owner: 'ipWhitelist', event: { type: 'risk.accept' }, blocked: null },
      cancel: { owner: 'ipWhitelist', event: { type: 'risk.decline' }, blocked: null },
    }
  }
  if (snapshot.matches('awaitingConfirmation')) {
    return {
      kind: 'keep',
      confirmBy: snapshot.context.confirmBy,
      confirm: { owner: 'ipWhitelist', event: { type: 'change.keep' }, blocked: null },
      cancel: { owner: 'ipWhitelist', event: { type: 'change.undo' }, blocked: null },
    }
  }
  return null
}

/** `unknown` as well where the portal names an address that nobody can read: it could not be saved. */
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
  const { draft, whitelist } = snapshot.context
  if (whitelist.enabled && !isChanged) return 'alreadyOn'
  return hasInvalidEntry(draft)
    ? 'entriesInvalid'
    : changeBlocked(snapshot, true, whitelist.enabled ? 'emptyEnforced' : 'entriesMissing')
}

/** What the draft would be refused for if it were in force with the switch at `enabled`; before it is read afresh. */
function changeBlocked({ context }: Snapshot, enabled: boolean, ifEmpty: Blocked): Blocked | null {
  const { assessment, draft, whitelist } = context
  const change = changeTo(whitelist, { enabled, entries: entriesToSend(draft) })
  if (emptiesEnforcedList(change)) return ifEmpty
  return locksOut(change, assessment.currentAddress) ? 'lockout' : null
}
