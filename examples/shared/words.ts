import {
  type Action,
  type Assessment,
  type BackupCodes,
  createMessages,
  type Invitation,
  type InvitationRow,
  type InvitationStanding,
  type InvitationsScreen,
  type IpWhitelist,
  type IpWhitelistScreen,
  isolated,
  type MfaMethod,
  type OtpSetup,
  type Route,
  type RouteReason,
  type Screen,
  type Session,
  type SessionRow,
  type StepName,
  type StepStatus,
  splitEntries,
  type WhitelistRow,
} from 'postlogin'

/** The library's texts without the time of day: a countdown is shown beside them. */
export const messages = createMessages({ detail: { retryAt: '' } })

const QUOTED_CHARACTERS = 60

/** A name from the portal inside a text or label of ours. A very long one is cut: its row shows it in full. */
export function quoted(name: string): string {
  const characters = [...name]
  const isLong = characters.length > QUOTED_CHARACTERS
  return isolated(isLong ? `${characters.slice(0, QUOTED_CHARACTERS).join('')}…` : name)
}

export const titles: Readonly<Record<Screen['name'], string>> = {
  loading: 'One moment',
  invitations: 'Your invitations',
  mfa: 'Two-step sign-in',
  otpEnrollment: 'Set up your authenticator app',
  ipWhitelist: 'IP whitelist',
  sessions: 'Where you are signed in',
  workspace: 'Choose your workspace',
  broken: 'This step is not working',
  crashed: 'This page is not working',
  completed: 'You are all set',
  signedOut: 'You are signed out',
  cancelled: 'To be continued',
}

export const leads: Readonly<Record<Screen['name'], string>> = {
  loading: 'Loading your account.',
  invitations: 'Join the workspaces you were invited to, or decline.',
  mfa: 'With a code from your phone, a stolen password is not enough to sign in.',
  otpEnrollment: 'Scan the QR code with an authenticator app, then enter the six digits it shows.',
  ipWhitelist: 'Allow sign-in only from these addresses.',
  sessions: 'End the sessions that you do not recognize or no longer need.',
  workspace: 'You belong to more than one. Where do you want to go?',
  broken: 'You can try it again.',
  crashed: 'Reload it. If that does not help, contact support.',
  completed: 'Everything is in place.',
  signedOut: 'Sign in again to continue.',
  cancelled: 'You can finish the rest at any time.',
}

/** The security page, for after the onboarding. */
export const security = {
  title: 'Security',
  lead: 'How you sign in, from where, and where you are signed in. Open what you want to look at or change.',
  link: 'Security settings',
  open: 'Open',
  close: 'Close',
}

export const stepTitles: Readonly<Record<StepName, string>> = {
  invitations: 'Invitations',
  mfa: 'Two-step sign-in',
  ipWhitelist: 'IP whitelist',
  sessions: 'Sessions',
  workspace: 'Workspace',
}

export const stepStatuses: Readonly<Record<StepStatus, string>> = {
  current: 'current',
  done: 'done',
  open: 'left open',
  skipped: 'skipped',
  upcoming: 'to come',
}

export const standings: Readonly<Record<InvitationStanding, string>> = {
  open: 'Open',
  accepted: 'Accepted',
  declined: 'Declined',
  cancelled: 'Withdrawn',
  expired: 'Expired',
  handled: 'Handled elsewhere',
  refused: 'Refused by the portal',
  unknown: 'Not open',
}

const methods: Readonly<Record<string, string>> = {
  EMAIL: 'Code by email',
  OTP: 'Authenticator app',
  BACKUP_CODE: 'Backup codes',
}

export const methodText = ({ method }: MfaMethod) => methods[method] ?? isolated(method)

/** The label of `finish`, which depends on what is left open. */
export function finishText(screen: Extract<Screen, { finish: unknown }>): string {
  if (screen.name === 'ipWhitelist' && screen.unconfirmedChange !== null) return finishChangeText(screen)
  if (screen.aimHolds) return 'Continue'
  if (screen.name === 'workspace') return 'Continue without choosing'
  return screen.name === 'invitations' || screen.name === 'sessions'
    ? 'Continue, leave the rest open'
    : 'Continue without it'
}

/** What `finish` does to a change that nobody has confirmed. */
function finishChangeText({ question }: IpWhitelistScreen): string {
  if (question?.kind === 'risk')
    return question.about === 'keep' ? 'Undo the change and continue' : 'Back to the change'
  return question !== null && question.confirmBy !== null
    ? 'Undo the change and continue'
    : 'Continue, leave the change as it is'
}

type Questioned = Extract<Screen, { question: unknown }>

/** The question on screen and its two answers; null if there is none. */
export function questionText(screen: Questioned): QuestionText | null {
  const { question } = screen
  switch (question?.kind) {
    case 'revoke':
      return {
        title: 'Turn the authenticator app off?',
        text: 'Your account is less secure without it. To turn it on again, you have to set up the app again.',
        endsAt: null,
        confirm: 'Turn it off',
        cancel: 'Keep it on',
        confirmLook: 'danger',
        cancelLook: 'plain',
      }
    case 'risk':
      return {
        ...riskTexts[question.about],
        text: `${messages.lockoutText({ lockout: 'unknown', currentAddress: addressOn(screen) })} ${listText('The list', question.list)}`,
        endsAt: question.about === 'undo' ? null : deadlineOn(screen),
        cancel: 'Back',
        confirmLook: 'danger',
        cancelLook: 'plain',
      }
    case 'keep': {
      const isHarmful = question.lockout === 'notCovered'
      return {
        title: isHarmful ? 'This change would lock you out' : 'Keep this change?',
        text: keepText(screen, question),
        endsAt: question.confirmBy,
        confirm: 'Keep it',
        cancel: 'Undo it',
        confirmLook: isHarmful ? 'plain' : 'primary',
        cancelLook: isHarmful ? 'primary' : 'plain',
      }
    }
    case 'terminate':
      return {
        title: question.scope === 'one' ? 'End this session?' : 'End all other sessions?',
        text: question.sessions.map((session) => quoted(sessionText(session))).join('; '),
        endsAt: null,
        confirm: 'End',
        cancel: 'Back',
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

/** By what the user would accept the risk for. */
const riskTexts = {
  change: { title: 'Save a list that may lock you out?', confirm: 'Take the risk' },
  keep: { title: 'Keep a list that may lock you out?', confirm: 'Take the risk, keep it' },
  undo: { title: 'Go back to a list that may lock you out?', confirm: 'Take the risk, undo it' },
}

/** While a risk is being confirmed, an earlier change may still wait to be kept. */
const deadlineOn = (screen: Questioned) =>
  screen.name === 'ipWhitelist' ? (screen.unconfirmedChange?.confirmBy ?? null) : null

const addressOn = (screen: Questioned) => (screen.name === 'ipWhitelist' ? screen.assessment.currentAddress : null)

type KeepQuestion = Extract<IpWhitelistScreen['question'], { kind: 'keep' }>

function keepText(screen: Questioned, { confirmBy, list, lockout }: KeepQuestion) {
  const text = confirmBy === null ? askedTexts[lockout] : timedTexts[lockout]
  const isShownBelow = screen.name === 'ipWhitelist' && !screen.isChanged
  return isShownBelow ? text : `${text} ${listText('In force', list)}`
}

const timedTexts = {
  covered:
    'It is in force. If it locks you out, you will notice only at your next sign-in. So it will be undone unless you keep it.',
  notCovered:
    'It is in force, and your next sign-in would be refused. Undo it, or add your address below and save. Otherwise it will be undone.',
  unknown:
    'It is in force, and it is not known whether it will let you in next time. It will be undone unless you keep it.',
}

/** For a change that is not undone automatically. */
const askedTexts = {
  covered: 'It stays in force until you keep it, undo it, or save another list.',
  notCovered: 'It stays in force, and your next sign-in would be refused. Add your address below and save.',
  unknown:
    'It stays in force, and it is not known whether it will let you in next time. Keep it, or save another list.',
}

const SHOWN_ENTRIES = 5

/** Such as `In force: 203.0.113.10, 198.51.100.0/24.` */
function listText(what: string, { entries }: IpWhitelist): string {
  if (entries.length === 0) return `${what}: an empty list.`
  return `${what}: ${someOf(entries.map(quoted))}.`
}

const someOf = (entries: readonly string[]) =>
  entries.length > SHOWN_ENTRIES
    ? `${entries.slice(0, SHOWN_ENTRIES).join(', ')}, and ${entries.length - SHOWN_ENTRIES} more`
    : entries.join(', ')

export const declineText = {
  title: (invitation: Invitation) => `Decline ${quoted(workspaceText(invitation))}?`,
  label: 'This is final. You can give a reason:',
  confirm: 'Decline it',
  cancel: 'Back',
}

export const setupText = ({ issuer, accountName }: OtpSetup) =>
  `No camera? Enter this key in the app, as ${quoted(issuer)}, ${quoted(accountName)}:`

export const setupLostText =
  'The QR code is not shown again after a reload. If you have scanned it, enter the code from the app. Otherwise start again.'

export const refusedCodesText = (count: number) =>
  `Codes refused by the portal: ${count}. After five within five minutes you have to wait.`

export const entryHint = 'For example 203.0.113.10 or 198.51.100.0/24.'

/** An entry of the whitelist, and what is saved where that differs. */
export function entryText({ value, normalized }: Pick<WhitelistRow, 'value' | 'normalized'>): string {
  const typed = isolated(value)
  return normalized === null || normalized === value ? typed : `${typed} → ${someOf(normalized.split(', '))}`
}

export const pasteHint = 'One entry per line, or separated by commas. Comments are ignored.'

/** How many entries a pasted list has. */
export function pasteText(text: string): string {
  const entries = splitEntries(text)
  const refused = entries.filter(({ normalized }) => normalized === null).length
  return `Entries: ${entries.length}${refused > 0 ? `, ${refused} of which cannot be saved` : ''}.`
}

export const unconfirmedText =
  'A whitelist change is in force that nobody has confirmed. Check it before you sign in again.'

/** `finish` stands out once the step's aim is reached. */
export const finishLook = (screen: Extract<Screen, { finish: unknown }>) =>
  screen.aimHolds && screen.status === 'resting' && !isAsked(screen) ? 'primary' : 'plain'

/** While there is a question, a failure is shown beside it, where the user is looking, not in the footer. */
export const isAsked = (screen: Screen) => 'question' in screen && screen.question !== null

/** A workspace has no name if it was deleted, or if the portal gives only its id. */
export function workspaceText({
  workspaceName,
  workspaceBizId,
}: Pick<Invitation, 'workspaceName' | 'workspaceBizId'>): string {
  const name = workspaceName || workspaceBizId
  return name ? isolated(name) : 'A workspace without a name'
}

/** How many rows could not be read; '' for none. */
export const unreadableText = (screen: Screen) =>
  'unreadableRows' in screen ? messages.unreadableRowsText(screen.unreadableRows) : ''

/** The inbox was read, and it is empty. */
export const isInboxEmpty = ({ isRead, rows, unreadableRows }: InvitationsScreen) =>
  isRead && rows.length === 0 && unreadableRows === 0

/** Who sent the invitation, and why the portal refuses it, if it does. */
export const invitedBy = ({ inviterName, refusal }: InvitationRow) =>
  [`${inviterName ? isolated(inviterName) : 'Somebody'} invited you`, refusal && messages.failureText(refusal)]
    .filter(Boolean)
    .join('. ')

/** Such as `iPhone - Safari 17, Porto, Portugal`. */
export const sessionText = ({ deviceInfo, location }: Session) =>
  [deviceInfo, location].flatMap((part) => (part === undefined ? [] : isolated(part))).join(', ') || 'Unknown device'

/** Such as `4 min 58 s`, or `3 days`. */
export function timeLeft(at: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((at - now) / 1000))
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)]
  if (days >= 2) return `${days} days`
  if (hours >= 1) return `${hours} h ${minutes % 60} min`
  return minutes >= 1 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}

export const waitText = (at: number, now: number) => `It continues automatically in ${timeLeft(at, now)}.`

/** The text and the look of a badge. */
export const onOff = (isOn: boolean): [string, string] => (isOn ? ['On', 'good'] : ['Off', 'plain'])

export const unsavedText = ' The list below is not saved.'

export const addMineText = ({ currentAddress }: Assessment) =>
  currentAddress === null ? 'Add my address' : `Add my address, ${currentAddress}`

export const addNetworkText = ({ event }: Action) => `Add my network, ${event.value}`

const dayAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** Such as `198.51.100.24, last active 24 Nov 2026, 12:20`. */
export const sessionDetails = (session: SessionRow) =>
  [
    addressText(session),
    session.lastActiveAt !== undefined &&
      isTime(session.lastActiveAt) &&
      `last active ${dayAndTime.format(session.lastActiveAt)}`,
    session.isNotEnded && 'still listed, although the portal said it ended',
  ]
    .filter(Boolean)
    .join(', ')

export const addressText = ({ clientIp }: Session) => (clientIp === null ? 'an unknown address' : isolated(clientIp))

/** A host's own API may return a number that is not a valid date. */
const isTime = (at: number) => !Number.isNaN(new Date(at).getTime())

/** The key in groups of four, for typing it into an app. */
export const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ')

const reasons: Readonly<Record<RouteReason, string>> = {
  accepted: 'which you were invited to',
  default: 'your default one',
  only: 'the only one you can enter',
  chosen: 'as you chose',
}

export function routeText(route: Route): string {
  if (route.to === 'workspace') return `Next: workspace ${quoted(route.workspaceBizId)}, ${reasons[route.reason]}.`
  return route.to === 'noWorkspace' ? 'There is no workspace you can enter.' : 'Next: the portal decides where to go.'
}

/** What has just changed, for screen readers; '' if nothing is worth saying. */
export function announcement(before: Screen, after: Screen): string {
  if (before.name !== after.name) return ''
  if (before.name === 'invitations' && after.name === 'invitations') {
    const changed = after.rows.find(
      ({ invitationBizId, standing }) =>
        before.rows.find((row) => row.invitationBizId === invitationBizId)?.standing !== standing,
    )
    if (changed !== undefined) return `${quoted(workspaceText(changed))}: ${standings[changed.standing]}`
  }
  if (before.name === 'mfa' && after.name === 'mfa') {
    if (before.isOtpEnabled !== after.isOtpEnabled)
      return `The authenticator app is ${after.isOtpEnabled ? 'on' : 'off'}.`
    if (before.backupCodes !== after.backupCodes && after.backupCodes !== null)
      return backupCodesText(after.backupCodes)
  }
  if (before.name === 'sessions' && after.name === 'sessions' && before.rows.length > after.rows.length) {
    return `${before.rows.length - after.rows.length} sessions ended.`
  }
  if (before.name === 'ipWhitelist' && after.name === 'ipWhitelist') {
    const isSettled = before.unconfirmedChange !== null && after.unconfirmedChange === null
    if (isSettled && after.whitelist.enabled && after.notice === null && after.failure === null)
      return 'The change is kept.'
    if (before.whitelist.enabled !== after.whitelist.enabled)
      return `The whitelist is ${after.whitelist.enabled ? 'on' : 'off'}.`
  }
  return ''
}

export const backupCodesText = ({ remainingCount, totalCount }: BackupCodes) =>
  `${totalCount === null ? remainingCount : `${remainingCount} of ${totalCount}`} backup codes are left.`
