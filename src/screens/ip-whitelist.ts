import type { SnapshotFrom } from 'xstate'
import type { ipWhitelistMachine } from '../../machines/index.ts'
import {
  type Assessment,
  type DraftRow,
  entriesToSend,
  hasInvalidEntry,
  type IpWhitelist,
} from '../domain/ip-whitelist.ts'
import { changeTo, emptiesEnforcedList, locksOut } from '../domain/whitelist-change.ts'
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
  readonly notice: 'changedElsewhere' | 'changeUndone' | null
  readonly question: WhitelistQuestion | null
  readonly add: Action<{ readonly value: string }>
  /** The address that the portal sees the user come from. */
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
    aimHolds: whitelist.enabled,
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
      blocked: blocked ?? saveBlocked(snapshot, whitelist.enabled) ?? (isChanged ? null : 'unchanged'),
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

function addressBlocked({ currentAddress, lockout }: Assessment): Blocked | null {
  if (currentAddress === null) return 'addressUnknown'
  return lockout === 'covered' ? 'addressCovered' : null
}

/** What the list would be refused for if it were in force with the switch at `enabled`; before it is read afresh. */
function saveBlocked({ context }: Snapshot, enabled: boolean): Blocked | null {
  const { assessment, draft, whitelist } = context
  if (hasInvalidEntry(draft)) return 'entriesInvalid'
  const change = changeTo(whitelist, { enabled, entries: entriesToSend(draft) })
  if (emptiesEnforcedList(change)) return whitelist.enabled ? 'emptyEnforced' : 'entriesMissing'
  return locksOut(change, assessment.currentAddress) ? 'lockout' : null
}

const enableBlocked = (snapshot: Snapshot, isChanged: boolean): Blocked | null =>
  snapshot.context.whitelist.enabled && !isChanged ? 'alreadyOn' : saveBlocked(snapshot, true)
