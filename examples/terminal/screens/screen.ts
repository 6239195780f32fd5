import { type Action, act, type Blocked } from 'postlogin'
import { labels, messages } from '../../shared/words.ts'
import type { ChoiceQuestion, TextQuestion } from '../answers.ts'
import type { FlowSnapshot } from '../place.ts'

/** The actor that runs the onboarding, or the security page. */
export interface Flow {
  getSnapshot(): FlowSnapshot
  send(event: never): void
}

/** The flow, and where it is shown. */
export interface Scene {
  readonly flow: Flow
  readonly look: Look
}

export interface Look {
  now(): number
  /** The lines of a QR code, or of a placeholder where nobody could scan one. */
  qrCode(text: string): readonly string[]
}

/** What a screen shows while it waits for the user, and what can be chosen on it; null and false are left out. */
export interface Content {
  /** Comes before the lines and is drawn unchanged. */
  readonly picture?: readonly string[]
  readonly lines: readonly (string | null | false)[]
  readonly ways: readonly (Way | null | false)[]
}

/** One choice on a screen. Taking it may ask for input first; it ends with an action, or with something to read. */
export interface Way {
  readonly key: string
  readonly label: string
  take(ask: Ask): void | Promise<void>
}

/** How a way asks for input. */
export interface Ask {
  choose(question: ChoiceQuestion): Promise<string>
  text(question: TextQuestion): Promise<string>
  show(lines: readonly string[]): void
  draw(lines: readonly string[]): void
  /** Ends a flow that has no end of its own. */
  leave(): void
}

/** The way to an action; null where that is blocked. */
export const way = ({ flow }: Scene, key: string, label: string, action: Action): Way | null =>
  askingWay(key, label, action, () => void act(flow, action))

/** The same for an action that needs input: `take` asks for it, then acts. */
export const askingWay = (
  key: string,
  label: string,
  { blocked }: Pick<Action, 'blocked'>,
  take: Way['take'],
): Way | null => (blocked === null ? { key, label, take } : null)

/** Asks for confirmation. No comes first, in case a key was pressed twice. */
export async function isMeant(
  ask: Ask,
  {
    name,
    message,
    yes,
    no = labels.back,
  }: Omit<ChoiceQuestion, 'choices'> & { readonly yes: string; readonly no?: string },
): Promise<boolean> {
  const choices = [
    { key: 'no', label: no },
    { key: 'yes', label: yes },
  ]
  return (await ask.choose({ name, message, choices })) === 'yes'
}

/** Reasons that the rest of the screen shows, or that nobody looks for. */
const evident: readonly (Blocked | null)[] = [
  null,
  'busy',
  'steppingUp',
  'failed',
  'rateLimited',
  'questionOpen',
  'unchanged',
  'alreadyOn',
  'alreadyOff',
  'alreadyDefault',
  'addressCovered',
  'lockout',
  'sessionCurrent',
]

/** Why a choice that the user may expect is missing; null if it is there, or if the reason is evident. */
export const whyNot = (what: string, { blocked }: Pick<Action, 'blocked'>): string | null =>
  blocked === null || evident.includes(blocked) ? null : `${what}: ${messages.blockedText(blocked)}`
