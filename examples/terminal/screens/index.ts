import { type Screen, screenOf } from 'postlogin'
import * as words from '../../shared/words.ts'
import { placeOf } from '../place.ts'
import { timeText } from '../wording.ts'
import { invitationsContent } from './invitations.ts'
import { ipWhitelistContent } from './ip-whitelist.ts'
import { mfaContent } from './mfa.ts'
import { otpEnrollmentContent } from './otp-enrollment.ts'
import { type Content, isMeant, type Scene, type Way, way } from './screen.ts'
import { sessionsContent } from './sessions.ts'
import { workspaceContent } from './workspace.ts'

/** What is shown of a screen that waits for the user. */
export interface View {
  /** Machine and state, such as `invitations.inbox`. */
  readonly name: string
  readonly picture: readonly string[]
  readonly lines: readonly string[]
  readonly ways: readonly Way[]
}

type StepScreen = Extract<Screen, { finish: unknown }>

/** What the flow shows now; null while it is at work, or over. */
export function viewOf(scene: Scene): View | null {
  const snapshot = scene.flow.getSnapshot()
  const content = contentOf(screenOf(snapshot), scene)
  if (content === null) return null
  const { picture = [], lines, ways } = content
  return {
    name: placeOf(snapshot),
    picture,
    lines: lines.filter(isThere),
    ways: [...ways.filter(isThere), cancelWay(scene)],
  }
}

const isThere = <Part>(part: Part | null | false): part is Part => part !== null && part !== false && part !== ''

function contentOf(screen: Screen, scene: Scene): Content | null {
  if (screen.name === 'broken') return brokenContent(screen, scene)
  return 'finish' in screen && screen.status !== 'busy' ? stepContent(screen, scene) : null
}

/** The step's own content, and around it what every step has: failures, and how to go on. */
function stepContent(screen: StepScreen, scene: Scene): Content {
  const { aimHolds, cancelStepUp, failure, finish, name, retry, skip, status } = screen
  const { picture = [], lines, ways } = middleContent(screen, scene)
  const isUnsaved = name === 'ipWhitelist' && screen.isChanged
  const isDone = words.finishLook(screen) === 'primary'
  const goOn = way(scene, 'finish', isDone && isUnsaved ? 'Continue without saving' : words.finishText(screen), finish)
  const goOnFirst = isDone && !isUnsaved
  const blocked = cancelStepUp ? 'steppingUp' : finish.blocked
  return {
    picture,
    lines: [
      ...lines,
      words.unreadableText(screen),
      failure && words.messages.failureText(failure),
      status === 'coolingDown' && waitText(screen, scene),
      blocked && words.messages.blockedText(blocked),
    ],
    ways: [
      status === 'coolingDown' && waitWay(screen, scene),
      cancelStepUp && way(scene, 'cancelStepUp', 'Cancel', cancelStepUp),
      status !== 'resting' && way(scene, 'retry', 'Try again', retry),
      goOnFirst && goOn,
      ...ways,
      status === 'resting' && way(scene, 'refresh', 'Refresh', 'refresh' in screen ? screen.refresh : retry),
      !goOnFirst && goOn,
      // If the aim is reached, skipping is the same as continuing. But the route can always be left to the portal.
      (!aimHolds || name === 'workspace') && way(scene, 'skip', 'Skip this step', skip),
    ],
  }
}

/** A question stands alone, except that the list can still be edited while a change waits to be kept. */
function middleContent(screen: StepScreen, scene: Scene): Content {
  const question = questionContent(screen, scene)
  if (question === null) return ownContent(screen, scene)
  if (screen.name !== 'ipWhitelist' || screen.question?.kind !== 'keep') return question
  const own = ownContent(screen, scene)
  return { lines: [...question.lines, ...own.lines], ways: [...question.ways, ...own.ways] }
}

function ownContent(screen: StepScreen, scene: Scene): Content {
  switch (screen.name) {
    case 'invitations':
      return invitationsContent(screen, scene)
    case 'mfa':
      return mfaContent(screen, scene)
    case 'otpEnrollment':
      return otpEnrollmentContent(screen, scene)
    case 'ipWhitelist':
      return ipWhitelistContent(screen, scene)
    case 'sessions':
      return sessionsContent(screen, scene)
    case 'workspace':
      return workspaceContent(screen, scene)
  }
}

/** Null if there is no question. */
function questionContent(screen: StepScreen, scene: Scene): Content | null {
  if (!('question' in screen)) return null
  const { question } = screen
  const text = words.questionText(screen)
  if (question === null || text === null) return null
  const { endsAt } = text
  const now = scene.look.now()
  const ways = [
    way(scene, 'confirm', text.confirm, question.confirm),
    way(scene, 'cancel', text.cancel, question.cancel),
  ]
  return {
    lines: [
      text.title,
      text.text,
      endsAt !== null && `${words.timeLeft(endsAt, now)} left, until ${timeText(endsAt, now)}.`,
    ],
    // The harmless answer comes first, in case the key that led here was pressed twice.
    ways: text.confirmLook === 'primary' ? ways : ways.reverse(),
  }
}

function brokenContent({ failure, retry, skip, step }: Extract<Screen, { name: 'broken' }>, scene: Scene): Content {
  return {
    lines: [
      `${words.titles.broken}${step === null ? '' : `: ${words.stepTitles[step]}`}.`,
      failure && words.messages.failureText(failure),
      skip.blocked && words.messages.blockedText(skip.blocked),
    ],
    ways: [way(scene, 'retry', 'Try again', retry), way(scene, 'skip', 'Skip this step', skip)],
  }
}

/** With the time of day, because there is no countdown here. */
function waitText({ failure }: StepScreen, { look }: Scene): string {
  const retryAt = failure?.retryAt ?? null
  if (retryAt === null) return 'It continues automatically after a while.'
  const now = look.now()
  return `It continues automatically at ${timeText(retryAt, now)}, in ${words.timeLeft(retryAt, now)}.`
}

/** The wait ends by itself: the machine moves on and withdraws the question. */
const waitWay = (screen: StepScreen, scene: Scene): Way => ({
  key: 'wait',
  label: 'Wait for it',
  async take(ask) {
    const choices = [{ key: 'stop', label: 'Do something else' }]
    await ask.choose({ name: `${screen.name}.waiting`, message: waitText(screen, scene), choices })
  },
})

const cancelWay = ({ flow }: Scene): Way => ({
  key: 'cancelOnboarding',
  label: 'Do this later',
  async take(ask) {
    const { unconfirmedChange } = flow.getSnapshot().context
    const warning = unconfirmedChange === null ? '' : ' The whitelist change stays in force.'
    const message = `Cancel, and go on to the portal later?${warning}`
    if (await isMeant(ask, { name: 'onboarding.cancel', message, yes: 'Yes, cancel', no: 'No, back' })) {
      flow.send({ type: 'onboarding.cancel' })
    }
  },
})
