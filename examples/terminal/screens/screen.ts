import type { StatusTag, StepContext, StepEvent } from 'postlogin'
import type { ChoiceQuestion, TextQuestion } from '../answers.ts'
import { durationText, failureText, timeText } from '../wording.ts'

/** What there is to see of a machine that waits, and all ways on that it offers. */
export interface Screen {
  /** Machine and state, such as `invitations.inbox`. */
  readonly name: string
  readonly lines: readonly string[]
  readonly ways: readonly Way[]
}

/** A way on. Taking it may ask for more first; it ends with an event to the machine, or with something to read. */
export interface Way {
  readonly key: string
  readonly label: string
  take(ask: Ask): void | Promise<void>
}

/** How a way asks for more. */
export interface Ask {
  choose(question: ChoiceQuestion): Promise<string>
  text(question: TextQuestion): Promise<string>
  tell(lines: readonly string[]): void
}

/** What a screen needs to know of where it is shown. */
export interface Look {
  now(): number
  /** The lines of a QR code, or of what stands for it where nobody could scan one. */
  qrCode(text: string): readonly string[]
}

/** The part of a step's machine that is alike in all of them. */
export interface StepView {
  readonly name: string
  readonly snapshot: {
    readonly context: StepContext
    hasTag(tag: StatusTag): boolean
    can(event: StepEvent): boolean
  }
  send(event: StepEvent): void
}

export const failureLines = ({ failure }: StepContext): readonly string[] =>
  failure === null ? [] : [failureText(failure)]

/** The ways out of a step that waits for the user: none but its aim where it is required. */
export function waysOut(
  { snapshot, send }: StepView,
  { isAimReached, finish }: { readonly isAimReached: boolean; readonly finish: string },
): readonly Way[] {
  if (snapshot.context.policy === 'require' && !isAimReached) return []
  const goOn = { key: 'finish', label: finish, take: () => send({ type: 'step.finish' }) }
  return isAimReached
    ? [goOn]
    : [goOn, { key: 'skip', label: 'Skip this step', take: () => send({ type: 'step.skip' }) }]
}

/** The screen of a machine that failed or has to wait; null where it does neither. `more`: its own ways beside the common ones. */
export function stoppedScreen(view: StepView, look: Look, more: readonly Way[] = []): Screen | null {
  const { snapshot, name, send } = view
  const isCoolingDown = snapshot.hasTag('coolingDown')
  if (!isCoolingDown && !snapshot.hasTag('failed')) return null
  const { failure } = snapshot.context
  const retryAt = failure?.retryAt ?? null
  const ways: Way[] = []
  if (isCoolingDown) ways.push(waitWay(name, retryAt, look))
  ways.push({
    key: 'retry',
    label: isCoolingDown ? 'Try again now all the same' : 'Try again',
    take: () => send({ type: 'retry' }),
  })
  ways.push(...more)
  if (snapshot.can({ type: 'step.finish' })) {
    ways.push({ key: 'finish', label: 'Go on with the next step', take: () => send({ type: 'step.finish' }) })
  }
  if (snapshot.can({ type: 'step.skip' })) {
    ways.push({ key: 'skip', label: 'Skip this step', take: () => send({ type: 'step.skip' }) })
  }
  return {
    name: `${name}.${isCoolingDown ? 'coolingDown' : 'failed'}`,
    lines: [...failureLines(snapshot.context), ...(isCoolingDown ? [waitText(retryAt, look)] : [])],
    ways,
  }
}

const waitText = (retryAt: number | null, look: Look) => {
  if (retryAt === null) return 'It goes on by itself after a while.'
  const now = look.now()
  return `It goes on by itself at ${timeText(retryAt, now)}, in ${durationText(retryAt - now)}.`
}

/** The wait ends by itself: the machine moves on and withdraws the question. */
const waitWay = (name: string, retryAt: number | null, look: Look): Way => ({
  key: 'wait',
  label: 'Wait for it',
  async take(ask) {
    await ask.choose({
      name: `${name}.waiting`,
      message: waitText(retryAt, look),
      choices: [{ key: 'stop', label: 'Do something else' }],
    })
  },
})
