import {
  type Action,
  type Assessment,
  type BackupCodes,
  createMessages,
  type Invitation,
  type InvitationRow,
  type InvitationsScreen,
  type IpWhitelist,
  type IpWhitelistScreen,
  isolated,
  type MfaMethod,
  type OtpSetup,
  type Route,
  type Screen,
  type Sealed,
  type Session,
  type SessionRow,
  splitEntries,
  type WhitelistRow,
} from 'postlogin'
import { loadTexts } from './language.ts'
import type { PageScreen } from './terms.ts'

/** Loaded before anything else of a page runs, so that its parts take the words as they take constants. */
const { words, messages: texts } = await loadTexts()

export const { locale, direction, titles, leads, stepTitles, stepStatuses, standings, labels, named, proof, security } =
  words
export const {
  entryHint,
  pasteHint,
  setupLost: setupLostText,
  saveCodes: saveCodesText,
  unconfirmed: unconfirmedText,
  unsaved: unsavedText,
  andWhy,
  comma,
  lists,
  sessionsEnded,
} = words

/** The library's texts without the time of day: a countdown is shown beside them. */
export const messages = createMessages({ detail: { retryAt: '' } }, texts)

const number = new Intl.NumberFormat(locale)

export const numberText = (count: number) => number.format(count)

const QUOTED_CHARACTERS = 60

/** A name from the portal inside a text or label of ours. A very long one is cut: its row shows it in full. */
export function quoted(name: string): string {
  const characters = [...name]
  const isLong = characters.length > QUOTED_CHARACTERS
  return isolated(isLong ? `${characters.slice(0, QUOTED_CHARACTERS).join('')}…` : name)
}

const methods: Readonly<Record<string, string>> = words.methods

export const methodText = ({ method }: MfaMethod) => methods[method] ?? isolated(method)

/** What a screen is for; of backup codes, how they came. */
export const leadText = (screen: PageScreen) =>
  screen.name === 'otpEnrollment' && screen.backupCodes !== null ? words.appIsOn : words.leads[screen.name]

/** One on each line, for copying. */
export const codesText = (codes: readonly Sealed[]) => codes.map((code) => code.reveal()).join('\n')

/** The label of `finish`, which depends on what is left open. */
export function finishText(screen: Extract<Screen, { finish: unknown }>): string {
  if (screen.name === 'ipWhitelist' && screen.unconfirmedChange !== null) return finishChangeText(screen)
  if (screen.aimHolds) return words.finish.done
  if (screen.name === 'workspace') return words.finish.withoutChoosing
  return screen.name === 'invitations' || screen.name === 'sessions' ? words.finish.leaveOpen : words.finish.withoutIt
}

/** What `finish` does to a change that nobody has confirmed. */
function finishChangeText({ question }: IpWhitelistScreen): string {
  if (question?.kind === 'risk') return question.about === 'keep' ? words.finish.undo : words.finish.back
  return question !== null && question.confirmBy !== null ? words.finish.undo : words.finish.leaveChange
}

type Questioned = Extract<Screen, { question: unknown }>

/** The question on screen and its two answers; null if there is none. */
export function questionText(screen: Questioned): QuestionText | null {
  const { question } = screen
  switch (question?.kind) {
    case 'revoke':
      return {
        ...words.revoke,
        endsAt: null,
        confirmLook: 'danger',
        cancelLook: 'plain',
      }
    case 'risk':
      return {
        ...words.risk[question.about],
        text: `${messages.lockoutText({ lockout: 'unknown', currentAddress: addressOn(screen) })} ${listText(words.lists.asked, question.list)}`,
        endsAt: question.about === 'undo' ? null : deadlineOn(screen),
        cancel: labels.back,
        confirmLook: 'danger',
        cancelLook: 'plain',
      }
    case 'keep': {
      const isHarmful = question.lockout === 'notCovered'
      return {
        title: isHarmful ? words.keep.harmful : words.keep.title,
        text: keepText(screen, question),
        endsAt: question.confirmBy,
        confirm: words.keep.confirm,
        cancel: words.keep.cancel,
        confirmLook: isHarmful ? 'plain' : 'primary',
        cancelLook: isHarmful ? 'primary' : 'plain',
      }
    }
    case 'terminate':
      return {
        title: question.scope === 'one' ? words.terminate.one : words.terminate.others,
        text: question.sessions.map((session) => quoted(sessionText(session))).join('; '),
        endsAt: null,
        confirm: words.terminate.confirm,
        cancel: labels.back,
        confirmLook: 'danger',
        cancelLook: 'plain',
      }
    default:
      return null
  }
}

interface QuestionText {
  readonly title: string
  readonly text: string
  readonly confirm: string
  readonly cancel: string
  /** When the question is withdrawn (epoch ms); null for never. */
  readonly endsAt: number | null
  /** The recommended answer stands out, and so does a risky one. */
  readonly confirmLook: 'primary' | 'danger' | 'plain'
  readonly cancelLook: 'primary' | 'plain'
}

/** While a risk is being confirmed, an earlier change may still wait to be kept. */
const deadlineOn = (screen: Questioned) =>
  screen.name === 'ipWhitelist' ? (screen.unconfirmedChange?.confirmBy ?? null) : null

const addressOn = (screen: Questioned) => (screen.name === 'ipWhitelist' ? screen.assessment.currentAddress : null)

type KeepQuestion = Extract<IpWhitelistScreen['question'], { kind: 'keep' }>

function keepText(screen: Questioned, { confirmBy, list, lockout }: KeepQuestion) {
  const text = confirmBy === null ? words.keepAsked[lockout] : words.keepTimed[lockout]
  const isShownBelow = screen.name === 'ipWhitelist' && !screen.isChanged
  return isShownBelow ? text : `${text} ${listText(words.lists.inForce, list)}`
}

const SHOWN_ENTRIES = 5

/** Such as `In force: 203.0.113.10, 198.51.100.0/24.` */
const listText = (sentence: (entries: string) => string, { entries }: IpWhitelist): string =>
  sentence(entries.length === 0 ? words.lists.empty : someOf(entries.map(quoted)))

const someOf = (entries: readonly string[]) =>
  entries.length > SHOWN_ENTRIES
    ? new Intl.ListFormat(locale).format([
        ...entries.slice(0, SHOWN_ENTRIES),
        words.lists.more(entries.length - SHOWN_ENTRIES),
      ])
    : entries.join(', ')

export const declineText = {
  ...words.declined,
  title: (invitation: Invitation) => words.declined.title(quoted(workspaceText(invitation))),
  cancel: labels.back,
}

export const setupText = ({ issuer, accountName }: OtpSetup) => words.setup(quoted(issuer), quoted(accountName))

export const refusedCodesText = words.refusedCodes

/** An entry of the whitelist, and what is saved where that differs. */
export function entryText({ value, normalized }: Pick<WhitelistRow, 'value' | 'normalized'>): string {
  const typed = isolated(value)
  return normalized === null || normalized === value ? typed : `${typed} → ${someOf(normalized.split(', '))}`
}

/** How many entries a pasted list has. */
export function pasteText(text: string): string {
  const entries = splitEntries(text)
  const refused = entries.filter(({ normalized }) => normalized === null).length
  return words.pasted(number.format(entries.length), refused > 0 ? number.format(refused) : null)
}

/** `finish` stands out once the step's aim is reached. */
export const finishLook = (screen: Extract<Screen, { finish: unknown }>) =>
  screen.aimHolds && screen.status === 'resting' && !isAsked(screen) ? 'primary' : 'plain'

/** While there is a question, a failure is shown beside it, where the user is looking, not in the footer. */
export const isAsked = (screen: PageScreen) => 'question' in screen && screen.question !== null

/** A workspace has no name if it was deleted, or if the portal gives only its id. */
export function workspaceText({
  workspaceName,
  workspaceBizId,
}: Pick<Invitation, 'workspaceName' | 'workspaceBizId'>): string {
  const name = workspaceName || workspaceBizId
  return name ? isolated(name) : words.noName
}

/** How many rows could not be read; '' for none. */
export const unreadableText = (screen: PageScreen) =>
  'unreadableRows' in screen ? messages.unreadableRowsText(screen.unreadableRows) : ''

/** The inbox was read, and it is empty. */
export const isInboxEmpty = ({ isRead, rows, unreadableRows }: InvitationsScreen) =>
  isRead && rows.length === 0 && unreadableRows === 0

/** The one that a link has led to, as long as it is shown alone; otherwise all of them. */
export const shownInvitations = ({ linked, rows }: InvitationsScreen) => (linked === null ? rows : [linked])

/** Who sent the invitation, and why the portal refuses it, if it does. */
export function invitedBy({ inviterName, refusal }: InvitationRow): string {
  const text = words.invitedBy(inviterName ? isolated(inviterName) : null)
  return refusal === null ? text : words.andWhy(text, messages.failureText(refusal))
}

/** Such as `iPhone - Safari 17, Porto, Portugal`. */
export const sessionText = ({ deviceInfo, location }: Session) =>
  [deviceInfo, location].flatMap((part) => (part === undefined ? [] : isolated(part))).join(words.comma) ||
  words.unknownDevice

/** Such as `4 min, 58 sec`, or `3 days`. */
export function timeLeft(at: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((at - now) / 1000))
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)]
  if (days >= 2) return durationText(['day', days])
  if (hours >= 1) return durationText(['hour', hours], ['minute', minutes % 60])
  return minutes >= 1 ? durationText(['minute', minutes], ['second', seconds % 60]) : durationText(['second', seconds])
}

const durationText = (...parts: readonly (readonly [unit: string, count: number])[]) =>
  new Intl.ListFormat(locale, { type: 'unit', style: 'short' }).format(
    parts.map(([unit, count]) => new Intl.NumberFormat(locale, { style: 'unit', unit }).format(count)),
  )

/** Such as `4 min, 58 sec left`. */
export const leftText = (at: number, now: number) => words.left(timeLeft(at, now))

export const leftToKeepText = (at: number, now: number) => words.leftToKeep(timeLeft(at, now))

export const waitText = (at: number, now: number) => words.wait(timeLeft(at, now))

/** The text and the look of a badge. */
export const onOff = (isOn: boolean): [string, string] => (isOn ? [words.on, 'good'] : [words.off, 'plain'])

export const addMineText = ({ currentAddress }: Assessment) => words.addMine(currentAddress)

export const addNetworkText = ({ event }: Action) => words.addNetwork(String(event.value))

const dayAndTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })

/** Such as `198.51.100.24, last active Nov 24, 2026, 12:20 PM`. */
export const sessionDetails = (session: SessionRow) =>
  [
    addressText(session),
    session.lastActiveAt !== undefined &&
      isTime(session.lastActiveAt) &&
      words.lastActive(dayAndTime.format(session.lastActiveAt)),
    session.isNotEnded && words.notEnded,
  ]
    .filter(Boolean)
    .join(words.comma)

export const addressText = ({ clientIp }: Session) => (clientIp === null ? words.unknownAddress : isolated(clientIp))

/** A host's own API may return a number that is not a valid date. */
const isTime = (at: number) => !Number.isNaN(new Date(at).getTime())

/** The key in groups of four, for typing it into an app. */
export const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ')

/** `named` gives the name of a workspace, where it is known. */
export function routeText(route: Route, named = (workspaceBizId: string) => workspaceBizId): string {
  if (route.to === 'workspace') return words.route(quoted(named(route.workspaceBizId)), words.reasons[route.reason])
  return route.to === 'noWorkspace' ? words.noWorkspace : words.unresolved
}

/** What has just changed, for screen readers; '' if nothing is worth saying. */
export function announcement(before: PageScreen, after: PageScreen): string {
  if (before.name !== after.name) return ''
  const wasAsked = 'status' in before && before.status === 'steppingUp'
  if ('status' in after && after.status === 'steppingUp' && !wasAsked) return messages.blockedText('steppingUp')
  if (before.name === 'invitations' && after.name === 'invitations') {
    if (before.notice !== after.notice && after.notice !== null) return messages.noticeText(after.notice)
    const changed = after.rows.find(
      ({ invitationBizId, standing }) =>
        before.rows.find((row) => row.invitationBizId === invitationBizId)?.standing !== standing,
    )
    if (changed !== undefined) return `${quoted(workspaceText(changed))}: ${standings[changed.standing]}`
  }
  if (before.name === 'mfa' && after.name === 'mfa') {
    if (before.isOtpEnabled !== after.isOtpEnabled) return after.isOtpEnabled ? words.appIsOn : words.appIsOff
    if (before.backupCodes !== after.backupCodes && after.backupCodes !== null)
      return backupCodesText(after.backupCodes)
  }
  if (before.name === 'sessions' && after.name === 'sessions' && before.rows.length > after.rows.length) {
    return words.sessionsEnded(before.rows.length - after.rows.length)
  }
  if (before.name === 'ipWhitelist' && after.name === 'ipWhitelist') {
    const isSettled = before.unconfirmedChange !== null && after.unconfirmedChange === null
    if (isSettled && after.whitelist.enabled && after.notice === null && after.failure === null) return words.kept
    if (before.whitelist.enabled !== after.whitelist.enabled)
      return after.whitelist.enabled ? words.whitelistIsOn : words.whitelistIsOff
  }
  return ''
}

export const backupCodesText = ({ remainingCount, totalCount }: BackupCodes) =>
  words.backupCodes(remainingCount, totalCount)
