import { type ClientCode, clientCodes, type Failure, type Route, type RouteReason, type StepName } from 'postlogin'

export const stepTitles: Readonly<Record<StepName, string>> = {
  invitations: 'Invitations',
  mfa: 'One-time code (OTP)',
  ipWhitelist: 'IP whitelist',
  sessions: 'Sessions',
  workspace: 'Workspace',
}

const kindTexts: Readonly<Record<Failure['kind'], string>> = {
  network: 'The portal could not be reached.',
  timeout: 'The portal did not answer in time.',
  unauthorized: 'The portal does not accept the access token (any more). Sign in again.',
  forbidden: 'The portal does not allow this.',
  notFound: 'The portal does not know what was asked for.',
  conflict: 'The portal refused, because something has changed meanwhile.',
  rateLimited: 'The portal asks to wait before the next try.',
  invalid: 'The portal did not accept this.',
  server: 'The portal had a fault of its own.',
  protocol: 'The reply was not what a portal sends. The base URL may be the wrong one.',
  secureChannel: 'The encrypted channel to the portal does not work.',
  config: 'The portal cannot be used with these settings.',
}

/** Where the portal's code says more than its kind. */
const codeTexts: ReadonlyMap<string, string> = new Map([
  ['ACCESS.MFA_REQUIRED', 'The portal wants another proof of who you are for this, which cannot be given here.'],
  [
    'ACCESS.RISK_CHALLENGE_REQUIRED',
    'The portal wants another proof of who you are for this, which cannot be given here.',
  ],
  ['AUTH.FINGERPRINT_MISMATCH', 'The client hash is not the one that the login used.'],
  ['WORKSPACE.INVITATION_EXPIRED', 'The invitation has expired.'],
  ['WORKSPACE.INVITATION_ALREADY_PROCESSED', 'The invitation was answered before.'],
])

/** What went wrong, in our words and never in the portal's; then what is known about a change that was under way. */
export function failureText(failure: Failure): string {
  const { code, effect, kind, requestId } = failure
  const isOurs = isClientCode(code)
  const text = isOurs
    ? clientCodes[code.slice('client.'.length) as keyof typeof clientCodes]
    : (codeTexts.get(code) ?? kindTexts[kind])
  const parts = [text]
  if (effect === 'unknown' && code !== 'client.ticketSpent') {
    parts.push('Whether the change took effect is not known.')
  }
  if (!isOurs) parts.push(`[${plain(code)}${requestId === null ? '' : `, request ${plain(requestId)}`}]`)
  return parts.join(' ')
}

const isClientCode = (code: string): code is ClientCode =>
  code.startsWith('client.') && Object.hasOwn(clientCodes, code.slice('client.'.length))

const reasons: Readonly<Record<RouteReason, string>> = {
  accepted: 'an invitation led there',
  default: 'it is the default one',
  only: 'it is the only one that can be entered',
  chosen: 'you chose it',
}

/** Where to go, in words; `names` gives a workspace's name where it is known. */
export function routeText(route: Route, names: ReadonlyMap<string, string>): string {
  if (route.to === 'noWorkspace') return 'no workspace: there is none to enter'
  if (route.to === 'unresolved') return 'not resolved: the portal itself has to decide'
  const name = names.get(route.workspaceBizId)
  const id = plain(route.workspaceBizId)
  return `workspace ${name === undefined ? id : `${plain(name)} (${id})`}: ${reasons[route.reason]}`
}

/** Text from outside, without what a terminal would obey or what turns the reading direction round. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')

/** As wide as a column, cut with an ellipsis or filled up. */
export function column(text: string, width: number): string {
  const characters = [...plain(text)]
  if (characters.length > width) return `${characters.slice(0, width - 1).join('')}…`
  return characters.join('') + ' '.repeat(width - characters.length)
}

/** In lines of no more than `width` characters, broken at spaces. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const dayAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** Such as `10:31:05`, or with the day where it is not within the next or last twelve hours. */
export const timeText = (at: number, now: number): string =>
  (Math.abs(at - now) < 12 * 3_600_000 ? clockTime : dayAndTime).format(at)

/** Such as `4 min 58 s`, rounded up to the second. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`
}
