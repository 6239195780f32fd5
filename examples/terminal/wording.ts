import { createMessages, type Route, type RouteReason, type StepName } from 'postlogin'

export const stepTitles: Readonly<Record<StepName, string>> = {
  invitations: 'Invitations',
  mfa: 'One-time code (OTP)',
  ipWhitelist: 'IP whitelist',
  sessions: 'Sessions',
  workspace: 'Workspace',
}

/**
 * The library's texts, less what a screen shows anyway: how long a wait still is, and a state that is as it was. Who runs this is
 * likely the administrator that others would be sent to.
 */
export const { failureText } = createMessages({
  detail: { retryAt: '' },
  effect: { none: '' },
  kind: { forbidden: 'The portal does not allow this.' },
})

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
