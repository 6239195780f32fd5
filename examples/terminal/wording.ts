import type { Route, RouteReason } from 'postlogin'

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
  const { workspaceBizId: id } = route
  return `workspace ${name === undefined ? id : `${name} (${id})`}: ${reasons[route.reason]}`
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

/** Such as `10:31:05`, or with the day where it is not within the next or last twelve hours; a time that no calendar has is `never`. */
export function timeText(at: number, now: number): string {
  if (Number.isNaN(new Date(at).getTime())) return 'never'
  return (Math.abs(at - now) < 12 * 3_600_000 ? clockTime : dayAndTime).format(at)
}
