import type { ScreenFrom, SecurityCard, SecurityCenterMachine, SecurityCenterScreen } from 'postlogin'
import { renderSVG } from 'uqr'
import type { SnapshotFrom } from 'xstate'
import type { PageScreen } from './terms.ts'
import { announcement, direction, leftToKeepText, locale, questionText, security, titles } from './words.ts'

/** Everything that can be on screen of the security page. */
export type SecurityPageScreen = ScreenFrom<SnapshotFrom<SecurityCenterMachine>>

/** Is something under way, for `aria-busy`? Not in a card that is closed. */
export const isBusy = (screen: PageScreen | null): boolean =>
  screen !== null && (screen.name === 'loading' || ('status' in screen && screen.status === 'busy'))

/** What the security page shows instead of its cards: like the onboarding, which has no end by the name of `finished`. */
export const withoutCards = (screen: Exclude<SecurityPageScreen, SecurityCenterScreen>) =>
  screen.name === 'finished'
    ? ({ name: 'signedOut', output: { ...screen.output, acceptedInvitations: [] } } as const)
    : screen

let last: PageScreen | null = null
let warnings: ReturnType<typeof setTimeout>[] = []

/**
 * Call it with each new screen. Tells screen readers what has changed: not each second of a countdown, only that it is about to
 * end.
 */
export function showProgress(screen: PageScreen): void {
  if (last === screen) return
  if (last === null) begin()
  else say(announcement(last, screen))
  last = screen
  document.title = `${titles[screen.name]} · SlaunchX`
  warnings.forEach(clearTimeout)
  const endsAt = ('question' in screen && questionText(screen)?.endsAt) || null
  warnings = endsAt === null ? [] : [30_000, 10_000].flatMap((before) => warn(endsAt, before))
}

let lastCards: SecurityCenterScreen['cards'] | null = null

/** The same of the security page. */
export function showSecurity(screen: SecurityPageScreen): void {
  if (screen.name === 'securityCenter') showCards(screen)
  else showProgress(withoutCards(screen))
}

/** What has changed in a card that was open before. */
function showCards({ cards }: SecurityCenterScreen): void {
  if (lastCards === cards) return
  if (lastCards === null) begin()
  else for (const name of cardNames) say(changeIn(lastCards[name], cards[name]))
  lastCards = cards
  document.title = `${security.title} · SlaunchX`
}

const cardNames: readonly (keyof SecurityCenterScreen['cards'])[] = ['mfa', 'ipWhitelist', 'sessions', 'invitations']

const changeIn = (before: SecurityCard | undefined, after: SecurityCard | undefined) =>
  !before?.screen || !after?.screen ? '' : announcement(before.screen, after.screen)

function begin(): void {
  Object.assign(document.documentElement, { lang: locale, dir: direction })
  watchFocus()
}

let heading: HTMLElement | null = null
let asked: readonly HTMLElement[] = []
let focused: Element | null = null

/**
 * Moves the focus to what is new: the question on screen, otherwise the heading. Also if the focused element is gone. Nothing
 * moves before the user has interacted with the page.
 */
function followFocus(): void {
  const target = newest()
  const isLost = focused !== null && !focused.isConnected
  if (target === heading && !isLost) return
  heading = target
  focused = null
  if (navigator.userActivation.hasBeenActive) target?.focus()
}

/** Of several questions, the one that was not there before. */
function newest(): HTMLElement | null {
  const before = asked
  asked = [...document.querySelectorAll<HTMLElement>('[id^="question"]')]
  const isThere = heading !== null && asked.includes(heading)
  return (
    asked.find((question) => !before.includes(question)) ??
    (isThere ? heading : (asked[0] ?? document.querySelector('h1')))
  )
}

function watchFocus(): void {
  // What is on screen already, as after a reload, is not new.
  heading = newest()
  document.addEventListener('focusin', ({ target }) => {
    focused = target as Element
  })
  new MutationObserver(followFocus).observe(document.body, { childList: true, subtree: true })
}

function warn(endsAt: number, before: number) {
  const wait = endsAt - before - Date.now()
  return wait < 0 ? [] : [setTimeout(() => say(leftToKeepText(endsAt, Date.now())), wait)]
}

/** The live region is in the page from the start; screen readers would ignore a new one. */
function say(text: string): void {
  const status = document.getElementById('status')
  if (status !== null && text !== '') status.textContent = text
}

/** For an `img`: black on white in both themes, because cameras cannot read it otherwise. */
export const qrCode = (uri: string) => `data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { border: 2 }))}`

/** False if the browser does not allow it: the text is on screen and can be selected. */
export const copyText = (text: string): Promise<boolean> =>
  navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
