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

/** The library's texts, less the time of day: how long a wait still is, is shown beside them. */
export const messages = createMessages({ detail: { retryAt: '' } })

const QUOTED_CHARACTERS = 60

/** A name of the portal's in a text or a label of ours; only how it begins, where it is very long: the whole stands in its row. */
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
  broken: 'This step broke down',
  crashed: 'This page broke down',
  completed: 'You are all set',
  signedOut: 'You are signed out',
  cancelled: 'To be continued',
}

export const leads: Readonly<Record<Screen['name'], string>> = {
  loading: 'Your account is being read.',
  invitations: 'Join the workspaces that you were invited to, or decline.',
  mfa: 'With a code from your phone, a stolen password is not enough to get in.',
  otpEnrollment: 'Scan the QR code with an authenticator app, then type the six digits that it shows.',
  ipWhitelist: 'Allow signing in from these addresses only.',
  sessions: 'End the sessions that you do not know, or do not need any more.',
  workspace: 'You belong to more than one. Where do you want to go?',
  broken: 'It can be tried again.',
  crashed: 'Load it again. If that does not help, tell support.',
  completed: 'Everything is in place.',
  signedOut: 'Sign in again to go on.',
  cancelled: 'You can do the rest at any time.',
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
  EMAIL: 'Code by e-mail',
  OTP: 'Authenticator app',
  BACKUP_CODE: 'Backup codes',
}

export const methodText = ({ method }: MfaMethod) => methods[method] ?? isolated(method)

/** What `finish` does, which depends on what it leaves behind. */
export function finishText(screen: Extract<Screen, { finish: unknown }>): string {
  if (screen.name === 'ipWhitelist' && screen.unconfirmedChange !== null) return finishChangeText(screen)
  if (screen.aimHolds) return 'Continue'
  if (screen.name === 'workspace') return 'Continue without choosing'
  return screen.name === 'invitations' || screen.name === 'sessions'
    ? 'Continue, leave the rest open'
    : 'Continue without it'
}

/** A change may be in force that nobody has confirmed. */
function finishChangeText({ question }: IpWhitelistScreen): string {
  if (question?.kind === 'risk')
    return question.about === 'keep' ? 'Undo the change and continue' : 'Back to the change'
  return question !== null && question.confirmBy !== null
    ? 'Undo the change and continue'
    : 'Continue, leave the change as it is'
}

type Questioned = Extract<Screen, { question: unknown }>

/** What is asked, and the two answers; null where nothing is. */
export function questionText(screen: Questioned): QuestionText | null {
  const { question } = screen
  switch (question?.kind) {
    case 'revoke':
      return {
        title: 'Turn the authenticator app off?',
        text: 'Your account is less safe without it, and the app has to be set up anew to turn it on again.',
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
  /** Until when (epoch ms) there is an answer to give; null for ever. */
  readonly endsAt: number | null
  /** The answer to be taken stands out, and so does one that may do harm. */
  readonly confirmLook: 'primary' | 'danger' | 'plain'
  readonly cancelLook: 'primary' | 'plain'
}

/** What `Take the risk` would do. */
const riskTexts = {
  change: { title: 'Save a list that may lock you out?', confirm: 'Take the risk' },
  keep: { title: 'Keep a list that may lock you out?', confirm: 'Take the risk, keep it' },
  undo: { title: 'Go back to a list that may lock you out?', confirm: 'Take the risk, undo it' },
}

/** While a risk is asked about, a change before it may wait to be kept. */
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
    'It is in force. If it locks you out, that shows at the next sign-in only; so it is undone unless you keep it.',
  notCovered:
    'It is in force, and your next sign-in would be refused. Undo it, or add your address below and save; else it is undone.',
  unknown: 'It is in force, and nobody can tell whether it lets you in the next time. It is undone unless you keep it.',
}

/** Where it is not undone by itself. */
const askedTexts = {
  covered: 'It stays in force until you keep it, undo it, or save another list.',
  notCovered: 'It stays in force, and your next sign-in would be refused. Add your address below and save.',
  unknown:
    'It stays in force, and nobody can tell whether it lets you in the next time. Keep it, or save another list.',
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
  label: 'That is final. You may say why:',
  confirm: 'Decline it',
  cancel: 'Back',
}

export const setupText = ({ issuer, accountName }: OtpSetup) =>
  `No camera? Type this key into the app, as ${quoted(issuer)}, ${quoted(accountName)}:`

export const setupLostText =
  'The QR code is not shown again after a reload. If the app has it, type its code; else start again.'

export const refusedCodesText = (count: number) =>
  `Codes that the portal refused: ${count}. After five in five minutes it makes you wait.`

export const entryHint = 'Such as 203.0.113.10 or 198.51.100.0/24.'

/** What a line of the whitelist is, and what is saved of it where that is something else. */
export function entryText({ value, normalized }: Pick<WhitelistRow, 'value' | 'normalized'>): string {
  const typed = isolated(value)
  return normalized === null || normalized === value ? typed : `${typed} → ${someOf(normalized.split(', '))}`
}

export const pasteHint = 'One entry a line, or with commas between. Comments are left out.'

/** What a pasted list comes to. */
export function pasteText(text: string): string {
  const entries = splitEntries(text)
  const refused = entries.filter(({ normalized }) => normalized === null).length
  return `Entries: ${entries.length}${refused > 0 ? `, of which ${refused} cannot be saved` : ''}.`
}

export const unconfirmedText =
  'A change of the whitelist is in force that nobody has confirmed. Look at it before you sign in again.'

/** Is it what the user came for? Then it stands out. */
export const finishLook = (screen: Extract<Screen, { finish: unknown }>) =>
  screen.aimHolds && screen.status === 'resting' && !isAsked(screen) ? 'primary' : 'plain'

/** Is there a question? Then a failure stands beside it, where the user looks, and not at the foot. */
export const isAsked = (screen: Screen) => 'question' in screen && screen.question !== null

/** A workspace without a name: one that was deleted, or one that the portal tells only the id of. */
export function workspaceText({
  workspaceName,
  workspaceBizId,
}: Pick<Invitation, 'workspaceName' | 'workspaceBizId'>): string {
  const name = workspaceName || workspaceBizId
  return name ? isolated(name) : 'A workspace without a name'
}

/** Rows that nobody could read are not passed over in silence; '' for none. */
export const unreadableText = (screen: Screen) =>
  'unreadableRows' in screen ? messages.unreadableRowsText(screen.unreadableRows) : ''

/** Was the inbox read, and is there nothing in it? */
export const isInboxEmpty = ({ isRead, rows, unreadableRows }: InvitationsScreen) =>
  isRead && rows.length === 0 && unreadableRows === 0

/** And why nothing can be done with the invitation, where the portal refuses it. */
export const invitedBy = ({ inviterName, refusal }: InvitationRow) =>
  [`${inviterName ? isolated(inviterName) : 'Somebody'} invited you`, refusal && messages.failureText(refusal)]
    .filter(Boolean)
    .join('. ')

/** Such as `iPhone - Safari 17, Porto, Portugal`. */
export const sessionText = ({ deviceInfo, location }: Session) =>
  [deviceInfo, location].flatMap((part) => (part === undefined ? [] : isolated(part))).join(', ') || 'Unknown device'

/** Such as `4 min 58 s`; in days where there are many. */
export function timeLeft(at: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((at - now) / 1000))
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)]
  if (days >= 2) return `${days} days`
  if (hours >= 1) return `${hours} h ${minutes % 60} min`
  return minutes >= 1 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}

export const waitText = (at: number, now: number) => `It goes on by itself in ${timeLeft(at, now)}.`

/** The word and the look. */
export const onOff = (isOn: boolean): [string, string] => (isOn ? ['On', 'good'] : ['Off', 'plain'])

export const unsavedText = ' The list below is not saved.'

export const addMineText = ({ currentAddress }: Assessment) =>
  currentAddress === null ? 'Add my address' : `Add my address, ${currentAddress}`

export const addNetworkText = ({ event }: Action) => `Add my network, ${event.value}`

const dayAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** Such as `198.51.100.24, last active 24 Nov 2026, 12:20`; of one that the portal did not end, that as well. */
export const sessionDetails = (session: SessionRow) =>
  [
    addressText(session),
    session.lastActiveAt !== undefined &&
      isTime(session.lastActiveAt) &&
      `last active ${dayAndTime.format(session.lastActiveAt)}`,
    session.isNotEnded && 'not ended, although the portal said so',
  ]
    .filter(Boolean)
    .join(', ')

export const addressText = ({ clientIp }: Session) => (clientIp === null ? 'an unknown address' : isolated(clientIp))

/** An api of the host's own may give what no calendar has. */
const isTime = (at: number) => !Number.isNaN(new Date(at).getTime())

/** The key as it is typed into an app by hand. */
export const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ')

const reasons: Readonly<Record<RouteReason, string>> = {
  accepted: 'which you were invited to',
  default: 'your default one',
  only: 'the only one that you can enter',
  chosen: 'as you chose',
}

export function routeText(route: Route): string {
  if (route.to === 'workspace') return `Next: workspace ${quoted(route.workspaceBizId)}, ${reasons[route.reason]}.`
  return route.to === 'noWorkspace'
    ? 'There is no workspace that you can enter.'
    : 'Next: the portal decides where to go.'
}

/** What has just come of it, for those who do not see the screen change; '' for nothing to say. */
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
